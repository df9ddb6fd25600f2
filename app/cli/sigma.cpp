// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "sigma/ruleset.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <map>
#include <memory>

namespace nightjar::cli {

namespace {

const char *statusName(sigma::LoadVerdict::Status status)
{
    constexpr const char *kNames[] = {"ok", "needs_placeholder", "rejected"};
    return kNames[static_cast<std::size_t>(status)];
}

int runCheck(const std::vector<std::filesystem::path> &paths)
{
    const auto loaded = sigma::load(paths, sigma::FieldMapping::zscaler());
    std::map<std::string, int> totals;
    for (const sigma::LoadVerdict &verdict : loaded.verdicts) {
        ++totals[statusName(verdict.status)];
        printLine(nlohmann::ordered_json{{"file", verdict.file},
                                         {"status", statusName(verdict.status)},
                                         {"kind", verdict.kind},
                                         {"title", verdict.title},
                                         {"reason", verdict.reason},
                                         {"line", verdict.line},
                                         {"column", verdict.column}}
                      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
    for (const auto &[name, n] : totals) {
        std::fprintf(stderr, "%s: %d\n", name.c_str(), n);
    }
    return totals["rejected"] > 0 ? kRefused : kDone;
}

} // namespace

void addSigma(CLI::App &app, Context &context)
{
    auto paths = std::make_shared<std::vector<std::filesystem::path>>();
    CLI::App *sigma = app.add_subcommand("sigma", "Sigma rules");
    sigma->require_subcommand(1);
    CLI::App *check = addVerb(*sigma, context, "check", "Load every rule and tell what became of it");
    check->add_option("paths", *paths, "Files and folders")->required();
    check->callback([&context, paths] { context.run = [paths] { return runCheck(*paths); }; });
}

} // namespace nightjar::cli
