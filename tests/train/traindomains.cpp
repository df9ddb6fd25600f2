// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Trains resources/models/domains.model, the parameters of anomaly::DomainModel.
//
//   traindomains [--words FOLDER] fit NAMES.csv OUT.model      trains on everything
//   traindomains [--words FOLDER] folds NAMES.csv [SEED…]      five folds grouped by family for each seed: AUC and the
//                                                              share found at 1 % and 0.1 % of ordinary names
//
// NAMES.csv: "domain,label,family,kind" as shared/data/dga/train.csv of the project (sources and licences in the
// SOURCES.md beside it). FOLDER: word lists of Debian's package scowl 2020.12.07 (english-words.10 and .20), by default
// /usr/share/dict/scowl. Seeds are fixed: the same input gives the same bytes on the same machine.
#include "base/files.h"
#include "base/text.h"
#include "domaintrainer.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::train;

namespace {

constexpr std::uint64_t kSeed = 2026;
constexpr int kFolds = 5;

std::string contents(const std::filesystem::path &file)
{
    auto bytes = readFile(file, 1U << 30U);
    if (!bytes) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), bytes.error().reason.c_str());
        std::exit(3);
    }
    return std::move(*bytes);
}

std::vector<std::string> wordsOf(const std::filesystem::path &file)
{
    std::vector<std::string> out;
    const std::string text = contents(file);
    for (const std::string_view line : split(text, '\n')) {
        if (line.size() >= 2 && line.size() <= 11 &&
            std::all_of(line.begin(), line.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
            out.emplace_back(line);
        }
    }
    return out;
}

std::vector<NamedDomain> namesOf(const std::filesystem::path &file)
{
    std::vector<NamedDomain> out;
    const std::string text = contents(file);
    for (const std::string_view line : split(text, '\n')) {
        const auto cells = split(trim(line), ',');
        if (cells.size() >= 3 && (cells[1] == "0" || cells[1] == "1")) {
            out.push_back({std::string(cells[0]), cells[1] == "1", std::string(cells[2])});
        }
    }
    return out;
}

struct Scored {
    double score;
    bool generated;
};

void printRates(const char *what, std::vector<Scored> all)
{
    std::sort(all.begin(), all.end(), [](const Scored &a, const Scored &b) {
        return a.score != b.score ? a.score > b.score : a.generated < b.generated;
    });
    const double generated =
        static_cast<double>(std::count_if(all.begin(), all.end(), [](const Scored &s) { return s.generated; }));
    const double ordinary = static_cast<double>(all.size()) - generated;
    double found = 0, wrong = 0, area = 0, atPercent = 0, atThousandth = 0;
    for (const Scored &one : all) {
        (one.generated ? found : wrong) += 1;
        area += one.generated ? 0 : found;
        atPercent = wrong <= 0.01 * ordinary ? found / generated : atPercent;
        atThousandth = wrong <= 0.001 * ordinary ? found / generated : atThousandth;
    }
    std::printf("%s AUC %.4f TPR at 1 %% %.3f at 0.1 %% %.3f\n", what, area / generated / ordinary, atPercent,
                atThousandth);
}

std::vector<Scored> scoreFold(const anomaly::DomainTrainer &trainer, const std::vector<NamedDomain> &rows, int fold)
{
    std::vector<NamedDomain> known;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(known),
                 [&](const auto &row) { return row.fold != fold; });
    const anomaly::DomainModel model = trainer.fit(known);
    std::vector<Scored> out;
    for (const NamedDomain &row : rows) {
        if (row.fold == fold) {
            out.push_back({model.score(row.name).odds, row.generated});
        }
    }
    return out;
}

void runFolds(const anomaly::DomainTrainer &trainer, std::vector<NamedDomain> rows, std::uint64_t seed)
{
    anomaly::DomainTrainer::assignFolds(rows, kFolds, seed);
    std::vector<std::future<std::vector<Scored>>> running;
    std::vector<Scored> all;
    for (int fold = 0; fold < kFolds; ++fold) {
        running.push_back(std::async(std::launch::async, [&, fold] { return scoreFold(trainer, rows, fold); }));
    }
    for (auto &one : running) {
        const std::vector<Scored> scores = one.get();
        all.insert(all.end(), scores.begin(), scores.end());
    }
    printRates(("folds by family, seed " + std::to_string(seed)).c_str(), std::move(all));
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::filesystem::path folder = "/usr/share/dict/scowl";
    if (arguments.size() > 2 && arguments[0] == "--words") {
        folder = arguments[1];
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    if (arguments.size() < 2 || (arguments[0] == "fit" && arguments.size() != 3)) {
        std::fprintf(stderr, "traindomains [--words FOLDER] fit NAMES.csv OUT.model | folds NAMES.csv [SEED...]\n");
        return 2;
    }
    std::vector<std::string> words = wordsOf(folder / "english-words.10");
    const std::size_t common = words.size();
    const std::vector<std::string> rare = wordsOf(folder / "english-words.20");
    words.insert(words.end(), rare.begin(), rare.end());
    const anomaly::DomainTrainer trainer(std::move(words), common, kSeed);
    const std::vector<NamedDomain> rows = namesOf(arguments[1]);
    if (arguments[0] == "fit") {
        const anomaly::DomainModel model = trainer.fit(rows);
        const std::string bytes = anomaly::DomainTrainer::bytes(model);
        const auto written = writeFileAtomically(arguments[2], bytes);
        std::printf("%zu names, %zu bytes\n", rows.size(), bytes.size());
        return written ? 0 : 3;
    }
    arguments.resize(std::max<std::size_t>(arguments.size(), 3), "1");
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        runFolds(trainer, rows, static_cast<std::uint64_t>(parseInteger(arguments[i]).value_or(1)));
    }
    return 0;
}
