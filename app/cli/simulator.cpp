// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/summary.h"

#include "simulator/tenantserver.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

namespace nightjar::cli {

namespace {

struct SimulatorArguments {
    std::uint16_t port = 0;
    std::size_t quota = 25'000;
    std::vector<std::string> faults; ///< JSON objects or name=value
    std::filesystem::path file;
};

/// "edit_lock=2" → {"edit_lock":2}; JSON stays.
std::string faultJson(const std::string &fault)
{
    const std::size_t equals = fault.find('=');
    if (fault.starts_with('{') || equals == std::string::npos) {
        return fault.starts_with('{') ? fault : "{\"" + fault + "\":true}";
    }
    nlohmann::json value = nlohmann::json::parse(fault.substr(equals + 1), nullptr, false);
    if (value.is_discarded()) {
        value = fault.substr(equals + 1);
    }
    return nlohmann::json{{fault.substr(0, equals), value}}.dump();
}

int runSimulator(Context &context, const SimulatorArguments &arguments)
{
    simulator::ServerOptions options;
    options.port = arguments.port;
    options.tenant.quota = arguments.quota;
    options.tenant.persistFile = arguments.file;
    auto server = simulator::TenantServer::start(options);
    if (!server) {
        return failed(server.error());
    }
    for (const std::string &fault : arguments.faults) {
        if (auto set = (*server)->tenant().setFaults(faultJson(fault)); !set) {
            failed(set.error());
            return kWrongUse;
        }
    }
    printLine(nlohmann::ordered_json{{"url", (*server)->url()},
                                     {"user", options.tenant.user},
                                     {"password", options.tenant.password},
                                     {"api_key", options.tenant.apiKey},
                                     {"control", (*server)->controlUrl()},
                                     {"oneapi_url", (*server)->oneApiUrl()},
                                     {"token_url", (*server)->tokenUrl()},
                                     {"client_id", options.tenant.clientId},
                                     {"client_secret", options.tenant.clientSecret}}
                  .dump());
    std::fflush(stdout);
    while (!context.cancel.cancelled()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return kDone;
}

int runDemo(Context &context, std::uint64_t seed)
{
    const auto tell = [](const std::string &stage, double fraction) {
        printProgress(stage + "  " + std::to_string(static_cast<int>(fraction * 100)) + " %");
    };
    const auto made = workspace::makeDemo(
        context.workspaceFolder, seed,
        showsProgress(context) ? std::function<void(const std::string &, double)>(tell) : nullptr, context.cancel);
    endProgress(context);
    if (!made) {
        return failed(made.error());
    }
    if (context.json) {
        auto json = nlohmann::ordered_json::parse(importSummaryJson(made->imported));
        json["workspace"] = context.workspaceFolder.string();
        json["alerts"] = made->alerts;
        json["planted"] = made->planted;
        printLine(json.dump());
        return finish(context, kDone);
    }
    printLine(importSummaryText(made->imported));
    printLine(std::to_string(made->alerts) + " alerts in " + context.workspaceFolder.string() + ". Planted attacks:");
    for (const std::string &planted : made->planted) {
        printLine("  " + planted);
    }
    return finish(context, kDone);
}

} // namespace

void addSimulator(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<SimulatorArguments>();
    CLI::App *verb = app.add_subcommand("zia-sim", "The simulated tenant on loopback, until interrupted");
    verb->add_option("--port", arguments->port, "0 picks a free one");
    verb->add_option("--quota", arguments->quota, "Entries the deny list takes");
    verb->add_option("--fault", arguments->faults, "A fault as name=value or JSON, see the manual");
    verb->add_option("--file", arguments->file, "Keep the lists in this file");
    verb->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runSimulator(context, *arguments); }; });

    auto seed = std::make_shared<std::uint64_t>(1);
    CLI::App *demo = addVerb(app, context, "demo", "Make the demo workspace: made-up events with planted attacks");
    demo->add_option("--seed", *seed, "Other made-up events");
    demo->callback([&context, seed] { context.run = [&context, seed] { return runDemo(context, *seed); }; });
}

} // namespace nightjar::cli
