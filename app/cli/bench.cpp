// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "workspace/benchmark.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <memory>

/// The benchmark: how fast this machine is with made-up records.
namespace nightjar::cli {

namespace {

struct BenchArguments {
    workspace::BenchmarkOptions options;
    std::filesystem::path folder;
};

/// The size that a bar is meant for.
bool hasSize(const workspace::BenchmarkRow &row, const workspace::BenchmarkOptions &options)
{
    return row.at.empty() || (row.at == "10 M events" && options.events >= 10'000'000) ||
           (row.at == "6 M indicators" && options.indicators >= 6'000'000);
}

std::string barOf(const workspace::BenchmarkRow &row)
{
    return row.target == 0 ? std::string()
                           : fmt::format("{} {:g}{}", row.atLeast ? "at least" : "at most", row.target,
                                         row.at.empty() ? "" : " at " + row.at);
}

void print(const Context &context, const workspace::BenchmarkRow &row, const workspace::BenchmarkOptions &options)
{
    const bool compared = row.target != 0 && hasSize(row, options);
    if (context.json) {
        nlohmann::ordered_json json{{"what", row.what}, {"value", row.value}, {"unit", row.unit}, {"bar", barOf(row)}};
        json["met"] = compared ? nlohmann::ordered_json(row.met()) : nlohmann::ordered_json();
        printLine(json.dump());
    } else {
        printLine(fmt::format("{:<46}{:>14.3f} {:<14}{:<34}{}", row.what, row.value, row.unit, barOf(row),
                              !compared   ? ""
                              : row.met() ? "met"
                                          : "missed"));
    }
}

int runBench(Context &context, const BenchArguments &arguments)
{
    std::filesystem::path folder = arguments.folder;
    if (folder.empty()) {
        std::string pattern = (std::filesystem::temp_directory_path() / "nightjar-bench-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            return failed({"NJ-CLI-044",
                           "The benchmark has no room",
                           "no folder could be made for it",
                           {},
                           "Name one with --folder."});
        }
        folder = pattern;
    }
    const auto done = workspace::runBenchmark(
        folder, arguments.options, [&](const workspace::BenchmarkRow &row) { print(context, row, arguments.options); },
        context.cancel);
    if (arguments.folder.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    return done ? static_cast<int>(kDone) : context.cancel.cancelled() ? kInterrupted : failed(done.error());
}

} // namespace

void addBench(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<BenchArguments>();
    CLI::App *bench = addVerb(app, context, "bench", "How fast this machine is, on made-up records");
    bench->add_option("--events", arguments->options.events, "Web records")->check(CLI::Range(10'000, 100'000'000));
    bench->add_option("--indicators", arguments->options.indicators, "Indicators")
        ->check(CLI::Range(1'000, 20'000'000));
    bench->add_option("--rounds", arguments->options.rounds, "Of each question; the median is told")
        ->check(CLI::Range(1, 100));
    bench->add_option("--folder", arguments->folder, "An empty folder to work in; it is kept");
    bench->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runBench(context, *arguments); }; });
}

} // namespace nightjar::cli
