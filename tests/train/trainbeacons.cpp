// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// trainbeacons FOLDER > resources/models/beacon.inc: fits the additive model of anomaly/beaconscore on labelled series
// (FOLDER/series.csv and labels.csv: series,label,kind,...). Each feature becomes a line with bends at its quantiles,
// all go into one logistic regression; a series weighs 1/sqrt(series of its kind), both classes the same. Tells on
// stderr what it does for kinds that it has not seen: each kind left out in turn, and eight draws of four beacon kinds
// and three harmless ones left out with 30 % of the rest. No file or kind name is an input; seeds are fixed.
#include "anomaly/beaconfeatures.h"
#include "base/files.h"
#include "base/text.h"
#include "logistic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace nightjar;
using namespace nightjar::anomaly;

constexpr std::uint64_t kMostBytes = 1U << 30U;
constexpr std::size_t kKnots = 6;
constexpr double kWeight = 100; ///< of each class against the penalty of 1: chosen over 25–500, where little changes

struct Item {
    std::array<double, kBeaconFeatures> features{};
    bool beacon = false;
    std::string kind;
};
using Features = std::array<double, kBeaconFeatures>;
using Scored = std::vector<std::pair<double, bool>>;

struct Model {
    std::array<std::vector<double>, kBeaconFeatures> knots;
    std::vector<double> weights; ///< slope and bends of each feature, the bias last

    [[nodiscard]] std::vector<double> row(const Features &features) const
    {
        std::vector<double> out;
        for (std::size_t f = 0; f < features.size(); ++f) {
            out.push_back(features[f]);
            for (const double knot : knots[f]) {
                out.push_back(std::max(0.0, features[f] - knot));
            }
        }
        return out;
    }
    [[nodiscard]] double score(const Features &features) const
    {
        const std::vector<double> x = row(features);
        double sum = weights.back();
        for (std::size_t i = 0; i < x.size(); ++i) {
            sum += weights[i] * x[i];
        }
        return sum;
    }
};

Model fit(const std::vector<const Item *> &items)
{
    Model model;
    for (std::size_t f = 0; f < kBeaconFeatures; ++f) {
        std::vector<double> values;
        for (const Item *item : items) {
            values.push_back(item->features[f]);
        }
        std::sort(values.begin(), values.end());
        for (std::size_t k = 1; k <= kKnots; ++k) {
            const double knot = values[values.size() * k / (kKnots + 1)];
            if ((model.knots[f].empty() || knot > model.knots[f].back() + 1e-6) && knot < values.back() - 1e-6) {
                model.knots[f].push_back(knot);
            }
        }
    }
    std::map<std::string, double> ofKind;
    for (const Item *item : items) {
        ofKind[item->kind] += 1;
    }
    std::vector<std::vector<double>> rows;
    std::vector<bool> beacon;
    std::vector<double> weights;
    std::array<double, 2> sums{};
    for (const Item *item : items) {
        rows.push_back(model.row(item->features));
        beacon.push_back(item->beacon);
        weights.push_back(1 / std::sqrt(ofKind[item->kind]));
        sums[item->beacon ? 1 : 0] += weights.back();
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] *= kWeight / sums[beacon[i] ? 1 : 0];
    }
    model.weights = train::fitFigures(rows, beacon, weights);
    return model;
}

/// Fits on the items that are `in` and scores the others.
Scored scoreOthers(const std::vector<Item> &items, const std::function<bool(std::size_t)> &in)
{
    std::vector<const Item *> known;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (in(i)) {
            known.push_back(&items[i]);
        }
    }
    const Model model = fit(known);
    Scored out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!in(i)) {
            out.emplace_back(model.score(items[i].features), items[i].beacon);
        }
    }
    return out;
}

/// Area under the curve, and the beacons found at 1 % of the harmless.
std::pair<double, double> qualityOf(Scored scored)
{
    std::sort(scored.begin(), scored.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    const auto beacons =
        static_cast<double>(std::count_if(scored.begin(), scored.end(), [](const auto &one) { return one.second; }));
    const double harmless = static_cast<double>(scored.size()) - beacons;
    double area = 0;
    double found = 0;
    double alarms = 0;
    double atOne = 0;
    for (const auto &[score, beacon] : scored) {
        beacon ? ++found : ++alarms;
        area += beacon ? 0 : found;
        atOne = alarms <= harmless / 100 ? found / beacons : atOne;
    }
    return {area / beacons / harmless, atOne};
}

/// The score above which `share` of the harmless lie.
double harmlessQuantile(const Scored &scored, double share)
{
    std::vector<double> harmless;
    for (const auto &[score, beacon] : scored) {
        if (!beacon) {
            harmless.push_back(score);
        }
    }
    std::sort(harmless.begin(), harmless.end());
    return harmless[static_cast<std::size_t>((1 - share) * static_cast<double>(harmless.size() - 1))];
}

Scored leaveKindsOut(const std::vector<Item> &items)
{
    std::set<std::string> kinds;
    for (const Item &item : items) {
        kinds.insert(item.kind);
    }
    Scored all;
    for (const std::string &kind : kinds) {
        const Scored some = scoreOthers(items, [&](std::size_t i) { return items[i].kind != kind; });
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

/// Each half scored by a model of the other.
Scored leaveHalvesOut(const std::vector<Item> &items)
{
    Scored all;
    for (const std::size_t half : {0U, 1U}) {
        const Scored some = scoreOthers(items, [&](std::size_t i) { return i % 2 == half; });
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

void tellMixed(const std::vector<Item> &items)
{
    std::array<std::vector<std::string>, 2> kinds;
    for (const Item &item : items) {
        auto &list = kinds[item.beacon ? 1 : 0];
        if (std::find(list.begin(), list.end(), item.kind) == list.end()) {
            list.push_back(item.kind);
        }
    }
    std::mt19937_64 random(3);
    double area = 0;
    double atOne = 0;
    constexpr int kDraws = 8;
    for (int draw = 0; draw < kDraws; ++draw) {
        std::shuffle(kinds[0].begin(), kinds[0].end(), random);
        std::shuffle(kinds[1].begin(), kinds[1].end(), random);
        std::set<std::string> unseen(kinds[0].begin(), kinds[0].begin() + 3);
        unseen.insert(kinds[1].begin(), kinds[1].begin() + 4);
        std::vector<bool> known;
        for (const Item &item : items) {
            const bool drawn = random() % 10 < 3;
            known.push_back(!unseen.contains(item.kind) && !drawn);
        }
        const auto [a, t] = qualityOf(scoreOthers(items, [&](std::size_t i) { return known[i]; }));
        area += a / kDraws;
        atOne += t / kDraws;
    }
    std::fprintf(stderr, "some kinds unseen: AUC %.4f, found at 1 %% %.3f\n", area, atOne);
}

void write(const std::vector<Item> &items, const Model &model, const Scored &unseen)
{
    // Severity 70 is passed by 3 % of the harmless and 90 by 1 %, a third of the way from kinds that were trained on to
    // kinds that were not: a network has both, the first more often.
    const Scored seen = leaveHalvesOut(items);
    const double at70 = (2 * harmlessQuantile(seen, 0.03) + harmlessQuantile(unseen, 0.03)) / 3;
    const double at90 = (2 * harmlessQuantile(seen, 0.01) + harmlessQuantile(unseen, 0.01)) / 3;
    std::fprintf(stderr, "log-odds of 3 and 1 %% of the harmless: kinds seen %.2f %.2f, unseen %.2f %.2f\n",
                 harmlessQuantile(seen, 0.03), harmlessQuantile(seen, 0.01), harmlessQuantile(unseen, 0.03),
                 harmlessQuantile(unseen, 0.01));
    const double slope = (std::log(9.0) - std::log(7.0 / 3)) / (at90 - at70);
    std::printf("// Made by trainbeacons (tests/train) from %zu series; not to be edited.\n", items.size());
    std::printf("constexpr double kBeaconBias = %.5f;\n", model.weights.back());
    std::printf("constexpr double kBeaconSlope = %.5f;\n", slope);
    std::printf("constexpr double kBeaconMiddle = %.5f;\n", at70 - std::log(7.0 / 3) / slope);
    std::printf("constexpr std::array<Curve, kBeaconFeatures> kBeaconCurves{{\n");
    std::size_t weight = 0;
    for (std::size_t f = 0; f < kBeaconFeatures; ++f) {
        std::vector<double> harmless;
        for (const Item &item : items) {
            if (!item.beacon) {
                harmless.push_back(item.features[f]);
            }
        }
        std::nth_element(harmless.begin(), harmless.begin() + static_cast<std::ptrdiff_t>(harmless.size() / 2),
                         harmless.end());
        std::string knots;
        std::string bends;
        const double first = model.weights[weight++];
        for (std::size_t k = 0; k < kKnots; ++k) {
            const bool there = k < model.knots[f].size();
            char text[64];
            std::snprintf(text, sizeof text, "%s%.5f", k == 0 ? "" : ", ", there ? model.knots[f][k] : 2.0);
            knots += text;
            std::snprintf(text, sizeof text, "%s%.5f", k == 0 ? "" : ", ", there ? model.weights[weight++] : 0.0);
            bends += text;
        }
        std::printf("    {%.5f, %.5f, {%s}, {%s}},\n", harmless[harmless.size() / 2], first, knots.c_str(),
                    bends.c_str());
    }
    std::printf("}};\n");
}

} // namespace

int main(int argc, char **argv)
{
    const std::filesystem::path folder = argc == 2 ? argv[1] : ".";
    const auto csv = readFile(folder / "series.csv", kMostBytes);
    const auto labels = readFile(folder / "labels.csv", kMostBytes);
    const auto series = csv ? readBeaconSeries(*csv) : fail(csv.error());
    if (argc != 2 || !series || !labels) {
        std::fprintf(stderr, "usage: trainbeacons FOLDER (with series.csv and labels.csv)\n");
        return 2;
    }
    std::vector<Item> items;
    std::size_t line = 0;
    for (const std::string_view row : split(*labels, '\n')) {
        const auto cells = split(trim(row), ',');
        if (line++ == 0 || cells.size() < 3 || line - 2 >= series->size()) {
            continue;
        }
        if (const auto shape = shapeOf((*series)[line - 2])) {
            items.push_back({shape->features, cells[1] == "1", std::string(cells[2])});
        }
    }
    std::vector<const Item *> all;
    for (const Item &item : items) {
        all.push_back(&item);
    }
    const Scored unseen = leaveKindsOut(items);
    const auto [area, atOne] = qualityOf(unseen);
    std::fprintf(stderr, "each kind unseen: AUC %.4f, found at 1 %% %.3f\n", area, atOne);
    tellMixed(items);
    write(items, fit(all), unseen);
    return 0;
}
