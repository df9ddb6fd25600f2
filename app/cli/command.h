// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "workspace/workspace.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The command line: one file a group of verbs, each adds its verbs and what they run.
namespace nightjar::cli {

/// Exit codes of the contract.
enum Exit : int { kDone = 0, kRefused = 1, kWrongUse = 2, kFailed = 3, kInterrupted = 130 };

/// What all verbs share.
struct Context {
    std::filesystem::path workspaceFolder = workspace::defaultWorkspaceFolder();
    bool json = false;
    bool progress = false;
    CancelToken cancel;       ///< set by SIGINT and SIGTERM
    std::function<int()> run; ///< set by the chosen verb
};

/// Opens the workspace; on failure prints the error and returns null.
std::unique_ptr<workspace::Workspace> openWorkspace(const Context &context, bool create, bool readOnly);

/// While it lives, enabled playbooks run on a thread of their own; at its end what is due is carried out once more.
class PlaybookWatch {
public:
    PlaybookWatch(workspace::Workspace &space, const Context &context);
    ~PlaybookWatch();
    PlaybookWatch(const PlaybookWatch &) = delete;
    PlaybookWatch &operator=(const PlaybookWatch &) = delete;

private:
    workspace::Workspace &m_space;
    const Context &m_context;
};

/// Prints an error to stderr; the exit code of a failure.
int failed(const Error &error);
/// 130 when interrupted, else `code`.
int finish(const Context &context, int code);
/// One line to stdout; false when nobody reads any more.
bool printLine(std::string_view line);
/// Progress goes to stderr, on a terminal or with --progress.
bool showsProgress(const Context &context);
void printProgress(const std::string &text);
void endProgress(const Context &context);
/// A time of the command line: ISO 8601, or a duration back from now ("-24h", "7d"). kNoTime for empty text.
Result<Timestamp> parseTimeArgument(const std::string &text);

/// Adds -w, --json and --progress to a verb.
CLI::App *addVerb(CLI::App &parent, Context &context, const std::string &name, const std::string &help);

void addParse(CLI::App &app, Context &context);
void addImport(CLI::App &app, Context &context);
void addSearch(CLI::App &app, Context &context);
void addAlerts(CLI::App &app, Context &context);
void addIntel(CLI::App &app, Context &context);
void addPlaybook(CLI::App &app, Context &context);
void addRespond(CLI::App &app, Context &context);
/// `deny`, among the verbs of addRespond.
void addDeny(CLI::App &app, Context &context);
void addSimulator(CLI::App &app, Context &context);
void addConfig(CLI::App &app, Context &context);
void addSigma(CLI::App &app, Context &context);
void addScore(CLI::App &app, Context &context);
void addAnomaly(CLI::App &app, Context &context);
void addFeed(CLI::App &app, Context &context);
void addListen(CLI::App &app, Context &context);
void addSources(CLI::App &app, Context &context);
void addSecrets(CLI::App &app, Context &context);
/// `store` and `doctor`.
void addStore(CLI::App &app, Context &context);
void addSql(CLI::App &app, Context &context);
void addBench(CLI::App &app, Context &context);
/// Verbs under `zia` that connect and disconnect a tenant.
void addConnect(CLI::App &zia, Context &context);

} // namespace nightjar::cli
