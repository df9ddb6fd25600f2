// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconscore.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr double kTolerance = 0.2;
constexpr int kMaxMultiple = 4;
constexpr std::size_t kHistogramBuckets = 40;

double median(std::vector<double> values)
{
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Third-octave bin of an interval.
int binOf(double seconds)
{
    return static_cast<int>(std::floor(3 * std::log2(std::max(1.0, seconds))));
}

/// Centre of the fullest pair of neighbouring third-octave bins, refined by the median of its members.
double mainInterval(const std::vector<double> &intervals)
{
    std::array<int, 80> bins{};
    for (const double interval : intervals) {
        ++bins[static_cast<std::size_t>(std::clamp(binOf(interval), 0, 78))];
    }
    std::size_t best = 0;
    for (std::size_t i = 0; i + 1 < bins.size(); ++i) {
        if (bins[i] + bins[i + 1] > bins[best] + bins[best + 1]) {
            best = i;
        }
    }
    std::vector<double> members;
    for (const double interval : intervals) {
        const auto bin = static_cast<std::size_t>(std::clamp(binOf(interval), 0, 78));
        if (bin == best || bin == best + 1) {
            members.push_back(interval);
        }
    }
    return median(std::move(members));
}

struct Timing {
    double period = 0;
    double mass = 0;   ///< share of intervals near the period or a multiple
    double jitter = 0; ///< seconds
};

Timing timingOf(const std::vector<double> &intervals)
{
    Timing timing;
    timing.period = mainInterval(intervals);
    if (timing.period <= 0) {
        return timing;
    }
    std::vector<double> deviations;
    for (const double interval : intervals) {
        const double calls = std::clamp(std::round(interval / timing.period), 1.0, double{kMaxMultiple});
        const double deviation = std::abs(interval / calls - timing.period);
        if (deviation <= kTolerance * timing.period) {
            deviations.push_back(deviation);
        }
    }
    timing.mass = static_cast<double>(deviations.size()) / static_cast<double>(intervals.size());
    timing.jitter = median(std::move(deviations));
    return timing;
}

struct Sizes {
    double typical = 0;
    double share = 0; ///< within 3 % of it
};

Sizes sizesOf(std::span<const std::uint32_t> sizes)
{
    Sizes result;
    result.typical = median(std::vector<double>(sizes.begin(), sizes.end()));
    const auto near = std::count_if(sizes.begin(), sizes.end(), [&](std::uint32_t size) {
        return std::abs(size - result.typical) <= 0.03 * result.typical;
    });
    result.share =
        sizes.empty() || result.typical <= 0 ? 0 : static_cast<double>(near) / static_cast<double>(sizes.size());
    return result;
}

/// Hours of the day (UTC) with a check-in, of those that the life span touches.
double dayCoverage(std::span<const std::uint32_t> beats)
{
    std::bitset<24> active;
    for (const std::uint32_t beat : beats) {
        active.set(beat / 3'600 % 24);
    }
    return static_cast<double>(active.count()) / 24.0;
}

std::string seconds(double value)
{
    return value < 120 ? fmt::format("{:.0f} s", value) : fmt::format("{:.1f} min", value / 60);
}

void fillHistogram(const std::vector<double> &intervals, double period, BeaconFinding &finding)
{
    finding.intervalBucketSeconds = std::max(1.0, std::ceil(period * 2 / kHistogramBuckets));
    finding.intervalCounts.assign(kHistogramBuckets, 0);
    for (const double interval : intervals) {
        const auto bucket = static_cast<std::size_t>(interval / finding.intervalBucketSeconds);
        if (bucket < kHistogramBuckets) {
            ++finding.intervalCounts[bucket];
        }
    }
}

double prevalencePoints(std::int64_t users)
{
    constexpr std::array<double, 4> kPoints{0, 27, 20, 12};
    return users < 4 ? kPoints[static_cast<std::size_t>(std::max<std::int64_t>(users, 1))] : 0;
}

} // namespace

void scoreBeacon(const BeaconEvidence &evidence, BeaconFinding &finding)
{
    std::vector<double> intervals;
    for (std::size_t i = 1; i < evidence.beats.size(); ++i) {
        intervals.push_back(static_cast<double>(evidence.beats[i] - evidence.beats[i - 1]));
    }
    finding.score = 0;
    finding.features.clear();
    if (intervals.size() < 6) {
        return;
    }
    const Timing timing = timingOf(intervals);
    finding.periodSeconds = timing.period;
    finding.jitterSeconds = timing.jitter;
    fillHistogram(intervals, timing.period, finding);
    if (timing.mass < 0.6 || timing.period < 5) {
        return;
    }
    const Sizes sizes = sizesOf(evidence.sizes);
    const double coverage = dayCoverage(evidence.beats);
    const double posts =
        evidence.count > 0 ? static_cast<double>(evidence.posts) / static_cast<double>(evidence.count) : 0;
    finding.features = {
        {"Interval regularity", fmt::format("{:.0f} % within {} ± 20 %", 100 * timing.mass, seconds(timing.period)),
         "≤ 40 %", 34 * std::clamp((timing.mass - 0.5) / 0.45, 0.0, 1.0)},
        {"Nobody else goes there", fmt::format("{} {}", evidence.users, evidence.users == 1 ? "user" : "users"),
         "≥ 4 users", prevalencePoints(evidence.users)},
        {"Runs through the day", fmt::format("{:.0f} of 24 hours", 24 * coverage), "≤ 10 of 24 hours",
         18 * std::clamp(coverage * 24.0 / 20.0, 0.0, 1.0)},
        {"Same size each time", fmt::format("{:.0f} B in {:.0f} %", sizes.typical, 100 * sizes.share), "≤ 20 %",
         14 * std::clamp((sizes.share - 0.2) / 0.6, 0.0, 1.0)},
        {"Sends data", fmt::format("{:.0f} % by POST or PUT", 100 * posts), "≤ 10 %", 7 * posts},
    };
    for (const Feature &feature : finding.features) {
        finding.score += feature.points;
    }
    std::stable_sort(finding.features.begin(), finding.features.end(),
                     [](const Feature &a, const Feature &b) { return a.points > b.points; });
}

} // namespace nightjar::anomaly
