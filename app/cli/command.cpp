// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "base/time.h"
#include "cli/terminal.h"
#include "keychain/keychain.h"
#include "workspace/playbookservice.h"

#include <cstdio>

#include <unistd.h>

namespace nightjar::cli {

std::unique_ptr<workspace::Workspace> openWorkspace(const Context &context, bool create, bool readOnly)
{
    auto opened =
        workspace::Workspace::open(context.workspaceFolder, {create, readOnly, {&keychain::open, &askPassphrase}});
    if (!opened) {
        failed(opened.error());
        return nullptr;
    }
    for (const Error &problem : (*opened)->problems()) {
        std::fprintf(stderr, "warning: %s\n", describe(problem).c_str());
    }
    return std::move(*opened);
}

PlaybookWatch::PlaybookWatch(workspace::Workspace &space, const Context &context)
    : m_space(space)
    , m_context(context)
{
    space.playbooks().start();
}

PlaybookWatch::~PlaybookWatch()
{
    m_space.playbooks().stop();
    // Being told to stop ends a follow; its last alerts are still looked at by the next start.
    if (!m_context.cancel.cancelled()) {
        if (const auto caughtUp = m_space.playbooks().catchUp(m_context.cancel); !caughtUp) {
            std::fprintf(stderr, "warning: playbooks: %s\n", describe(caughtUp.error()).c_str());
        }
    }
}

int failed(const Error &error)
{
    std::fprintf(stderr, "%s\n", describe(error).c_str());
    return kFailed;
}

int finish(const Context &context, int code)
{
    return context.cancel.cancelled() ? static_cast<int>(kInterrupted) : code;
}

bool printLine(std::string_view line)
{
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fputc('\n', stdout) != EOF;
}

bool showsProgress(const Context &context)
{
    return context.progress || isatty(STDERR_FILENO) == 1;
}

void printProgress(const std::string &text)
{
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
}

void endProgress(const Context &context)
{
    if (showsProgress(context)) {
        std::fprintf(stderr, "\r\033[K");
    }
}

Result<Timestamp> parseTimeArgument(const std::string &text)
{
    if (text.empty()) {
        return kNoTime;
    }
    if (const auto time = parseIsoTime(text)) {
        return *time;
    }
    if (const auto back = parseDuration(text.starts_with('-') ? text.substr(1) : text)) {
        return systemClock().now() - *back;
    }
    return fail("NJ-CLI-001", "\"" + text + "\" is no time", "It takes ISO 8601 or a duration back from now.",
                "For example 2026-03-12T08:00:00Z, 2026-03-12 or -24h.");
}

CLI::App *addVerb(CLI::App &parent, Context &context, const std::string &name, const std::string &help)
{
    CLI::App *verb = parent.add_subcommand(name, help);
    verb->add_option("-w,--workspace", context.workspaceFolder, "Folder of the workspace");
    verb->add_flag("--json", context.json, "Print the summary as one JSON object");
    verb->add_flag("--progress", context.progress, "Show progress even when stderr is no terminal");
    return verb;
}

} // namespace nightjar::cli
