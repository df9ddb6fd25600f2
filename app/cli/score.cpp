// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "anomaly/beaconscore.h"
#include "anomaly/domainmodel.h"
#include "anomaly/outlier.h"
#include "anomaly/series.h"
#include "base/files.h"
#include "workspace/engine.h"

#include <array>
#include <charconv>

namespace nightjar::cli {

namespace {

struct ScoreArguments {
    std::string detector;
    std::filesystem::path file;
};

Result<std::vector<double>> scores(const std::string &detector, std::string_view csv)
{
    if (detector == "timeseries") {
        return anomaly::scoreSeriesTable(csv);
    }
    if (detector == "outlier") {
        return anomaly::scoreOutlierTable(csv);
    }
    if (detector == "beacon") {
        return anomaly::scoreBeaconSeries(csv);
    }
    const auto model = anomaly::DomainModel::load(workspace::resourcesFolder() / "models" / "domains.model");
    if (!model) {
        return fail(model.error());
    }
    return anomaly::scoreDomainTable(*model, csv);
}

int runScore(Context &context, const ScoreArguments &arguments)
{
    constexpr std::uint64_t kMostBytes = 1U << 30U;
    const auto csv = readFile(arguments.file, kMostBytes);
    if (!csv) {
        return failed(csv.error());
    }
    const auto marks = scores(arguments.detector, *csv);
    if (!marks) {
        return failed(marks.error());
    }
    for (const double mark : *marks) {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), mark);
        if (!printLine({text.data(), static_cast<std::size_t>(end.ptr - text.data())})) {
            break;
        }
    }
    return finish(context, kDone);
}

} // namespace

void addScore(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<ScoreArguments>();
    CLI::App *score = app.add_subcommand(
        "score", "The anomaly engine on a CSV file: one number a data row, higher is more unusual; no workspace");
    score->add_option("--detector", arguments->detector, "What to look for")
        ->required()
        ->check(CLI::IsMember({"timeseries", "outlier", "dga", "beacon"}));
    score->add_option("input", arguments->file, "CSV file with a header line")->required();
    score->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runScore(context, *arguments); }; });
}

} // namespace nightjar::cli
