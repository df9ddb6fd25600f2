// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/outlier.h"

#include "anomaly/isolationforest.h"
#include "anomaly/random.h"
#include "anomaly/whiten.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace nightjar::anomaly {

namespace {

constexpr std::uint64_t kSeed = 20'260'501;
constexpr std::size_t kNeighbours = 20;
constexpr std::size_t kDraws = 100;
constexpr std::size_t kProjections = 200;
constexpr double kMostWork = 2e10; ///< multiplications of the sampled distances together

/// Mean over the draws of the distance to the nearest of a few random rows, the row itself left out.
std::vector<double> sampledDistance(const Table &table, Random random)
{
    const double perDraw = static_cast<double>(table.rows()) * static_cast<double>(table.columns()) * kNeighbours * 3;
    const auto draws = static_cast<std::size_t>(std::clamp(kMostWork / std::max(1.0, perDraw), 10.0, double{kDraws}));
    std::vector<double> out(table.rows(), 0.0);
    for (std::size_t draw = 0; draw < draws; ++draw) {
        const std::vector<std::size_t> sample = random.sample(table.rows(), kNeighbours);
        for (std::size_t r = 0; r < table.rows(); ++r) {
            const auto row = table.row(r);
            double nearest = std::numeric_limits<double>::infinity();
            for (const std::size_t other : sample) {
                if (other == r) {
                    continue;
                }
                const auto known = table.row(other);
                double square = 0;
                for (std::size_t c = 0; c < row.size(); ++c) {
                    square += (row[c] - known[c]) * (row[c] - known[c]);
                }
                nearest = std::min(nearest, square);
            }
            out[r] += std::isfinite(nearest) ? std::sqrt(nearest) : 0;
        }
    }
    return out;
}

std::vector<double> forestScores(const Table &table, Random random)
{
    const IsolationForest forest(table, random);
    std::vector<double> out(table.rows());
    for (std::size_t r = 0; r < table.rows(); ++r) {
        out[r] = forest.score(table.row(r));
    }
    return out;
}

/// Adds −ln of the histogram density of the projected rows.
void addHistogramScores(const std::vector<double> &projected, std::vector<double> &out)
{
    const auto [low, high] = std::minmax_element(projected.begin(), projected.end());
    const double from = *low;
    const double width = *high - *low;
    if (width <= 0) {
        return;
    }
    const double n = static_cast<double>(projected.size());
    const auto bins = static_cast<std::size_t>(std::clamp(std::sqrt(n), 10.0, 60.0));
    const auto binOf = [&](double v) {
        return std::min(bins - 1, static_cast<std::size_t>((v - from) / width * static_cast<double>(bins)));
    };
    std::vector<double> counts(bins, 0.0);
    for (const double v : projected) {
        counts[binOf(v)] += 1;
    }
    for (std::size_t r = 0; r < projected.size(); ++r) {
        out[r] -= std::log(counts[binOf(projected[r])] * static_cast<double>(bins) / n);
    }
}

std::vector<double> projectionScores(const Table &table, Random random)
{
    const auto used = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(table.columns()))));
    std::vector<double> out(table.rows(), 0.0);
    std::vector<double> projected(table.rows());
    for (std::size_t p = 0; p < kProjections; ++p) {
        const std::vector<std::size_t> columns = random.sample(table.columns(), used);
        std::fill(projected.begin(), projected.end(), 0.0);
        for (const std::size_t c : columns) {
            const double weight = random.normal();
            for (std::size_t r = 0; r < table.rows(); ++r) {
                projected[r] += weight * table.at(r, c);
            }
        }
        addHistogramScores(projected, out);
    }
    return out;
}

/// Adds −ln(1 − rank/(n+1)); equal values share their mean rank.
void addTails(const std::vector<double> &part, std::vector<double> &sum)
{
    std::vector<std::size_t> order(part.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return part[a] != part[b] ? part[a] < part[b] : a < b; });
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i + 1;
        while (end < order.size() && part[order[end]] == part[order[i]]) {
            ++end;
        }
        const double rank = static_cast<double>(i + 1 + end) / 2;
        for (; i < end; ++i) {
            sum[order[i]] -= std::log(1 - rank / static_cast<double>(part.size() + 1));
        }
    }
}

} // namespace

std::vector<double> scoreOutliers(const Table &table)
{
    std::vector<double> sum(table.rows(), 0.0);
    if (table.rows() < 3) {
        return sum;
    }
    const Table filled = fillMissing(table);
    const Table standard = standardise(filled);
    const Table robust = standardiseRobustly(filled);
    addTails(sampledDistance(standard, Random(kSeed)), sum);
    addTails(sampledDistance(robust, Random(kSeed + 1)), sum);
    addTails(sampledDistance(withoutCorrelations(robust), Random(kSeed + 2)), sum);
    addTails(forestScores(standard, Random(kSeed + 3)), sum);
    addTails(projectionScores(standard, Random(kSeed + 4)), sum);
    const double most = 5 * std::log(static_cast<double>(table.rows() + 1));
    for (double &value : sum) {
        value *= 100 / most;
    }
    return sum;
}

Result<std::vector<double>> scoreOutlierTable(std::string_view csv)
{
    const auto table = readTable(csv);
    if (!table) {
        return fail(table.error());
    }
    return scoreOutliers(*table);
}

} // namespace nightjar::anomaly
