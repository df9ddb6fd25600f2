// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "base/memory.h"

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

nightjar::CancelToken *interruptToken = nullptr;

extern "C" void onInterrupt(int)
{
    interruptToken->cancel();
}

void handleSignals(nightjar::CancelToken &token)
{
    interruptToken = &token;
    struct sigaction action = {};
    action.sa_handler = onInterrupt;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN); // a reader that went away is seen at the next write
}

} // namespace

int main(int argc, char **argv)
{
    using namespace nightjar::cli;
    nightjar::keepFreedMemory();
    Context context;
    handleSignals(context.cancel);
    CLI::App app{"Nightjar: Zscaler logs in, alerts out, blocks in one line", "nightjar-cli"};
    app.set_version_flag("--version", "nightjar-cli " NIGHTJAR_VERSION);
    app.require_subcommand(1);
    for (auto *add :
         {addParse, addImport, addSearch, addAlerts, addIntel, addRespond, addSimulator, addConfig, addFeed, addSigma,
          addScore, addAnomaly, addListen, addSources, addSecrets, addPlaybook, addStore, addSql, addBench}) {
        add(app, context);
    }
    try {
        app.parse(argc, argv);
        return context.run ? context.run() : kWrongUse;
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? kDone : kWrongUse;
    } catch (const std::exception &error) {
        return failed({"NJ-CLI-000", "The program met an unexpected problem", error.what(), {}, "Please report it."});
    }
}
