// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "workspace/feedservice.h"
#include "workspace/intelservice.h"

#include <CLI/CLI.hpp>

#include <memory>

/// What the verbs of `intel` share.
namespace nightjar::cli {

struct IntelArguments {
    std::vector<std::filesystem::path> paths;
    std::vector<std::string> values;
    std::string source, text, at, tlp, toIds = "keep", format = "auto", horizon = "7d";
    std::filesystem::path indicators, valuesFile;
    std::int64_t import = 0;
    std::size_t limit = 100'000;
    std::size_t places = 25'000;
    bool dryRun = false, explain = false, weak = false, force = false;
};

/// A summary as printed, and its invalid rows on stderr under the name of the delivery.
bool printSummary(const std::string &delivery, const workspace::IntelSummary &summary);
/// Stages on stderr, where progress is shown.
workspace::StageProgress stageProgress(const Context &context);

/// `intel import --dry-run`: what would be stored, without a workspace.
int runIntelPreview(Context &context, const IntelArguments &arguments);
/// `intel match`.
int runIntelMatch(Context &context, const IntelArguments &arguments);
/// `intel select`.
int runIntelSelect(Context &context, const IntelArguments &arguments);
/// Adds `intel export`.
void addIntelExport(CLI::App &verb, Context &context);
/// Adds `intel taxii` and `intel feed`.
void addIntelFeeds(CLI::App &verb, Context &context);

} // namespace nightjar::cli
