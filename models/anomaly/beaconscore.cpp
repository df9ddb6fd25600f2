// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconscore.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kBins = 64; ///< of intervals, three an octave from one second on

struct FeatureInfo {
    std::string_view name;
    double usual;  ///< median over harmless series
    double weight; ///< log-odds from 0 to 1
};
/// Weights of the behaviour: logistic regression without negative weights on the even rows of the development series;
/// those of the context (last but one and two) and the cap were chosen on the same half. `usual`: medians of its
/// harmless series. Features of weight 0 did not help there; they stay for the explanation.
constexpr std::array<FeatureInfo, kBeaconFeatures> kFeatures{{{"intervals at one period or its multiples", 0.43, 0.62},
                                                              {"evenness of the intervals", 0.48, 1.05},
                                                              {"few different lengths of interval", 0.39, 0},
                                                              {"active in every hour of its life", 0.33, 1.51},
                                                              {"active at night", 0.0, 0},
                                                              {"no long pause", 0.34, 2.27},
                                                              {"same amount sent each time", 0.70, 0},
                                                              {"same amount received each time", 0.45, 1.16},
                                                              {"requests of one exact size", 0.07, 1.33},
                                                              {"few other clients use the host", 0.36, 2.0},
                                                              {"host is new here", 0.20, 1.0},
                                                              {"even load over the hours", 0.05, 0}}};
constexpr std::size_t kRarity = 9;
constexpr std::size_t kNewness = 10;
constexpr double kBehaviourCap = 5.5; ///< beyond, harmless pollers are as regular as beacons
constexpr double kSlope = 1.9;        ///< severity 70 is passed by 3 % of the harmless half, 90 by 1 %
constexpr double kMiddle = 6.65;

double clamp01(double value)
{
    return std::clamp(value, 0.0, 1.0);
}

/// Standard deviation over mean of the values between two quantiles.
double trimmedVariation(std::vector<double> values, double low, double high)
{
    if (values.size() < 3) {
        return 1;
    }
    std::sort(values.begin(), values.end());
    const auto at = [&](double q) { return static_cast<std::size_t>(q * static_cast<double>(values.size() - 1)); };
    const std::size_t begin = at(low);
    const std::size_t end = at(high) + 1;
    double sum = 0;
    double squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    const double n = static_cast<double>(end - begin);
    const double mean = sum / n;
    return mean <= 0 ? 0 : std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean;
}

double medianOf(std::vector<double> values)
{
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::size_t binOf(double seconds)
{
    return static_cast<std::size_t>(std::clamp(std::log2(std::max(seconds, 1.0)) * 3, 0.0, kBins - 1.0));
}

/// Intervals after merging what is closer than a tenth of the median.
std::vector<double> intervalsOf(const std::vector<CheckIn> &checkIns)
{
    std::vector<double> raw;
    for (std::size_t i = 1; i < checkIns.size(); ++i) {
        raw.push_back(static_cast<double>(checkIns[i].second) - static_cast<double>(checkIns[i - 1].second));
    }
    const double least = std::max(5.0, medianOf(raw) / 10);
    std::vector<double> out;
    double open = 0;
    for (const double interval : raw) {
        open += interval;
        if (open >= least) {
            out.push_back(open);
            open = 0;
        }
    }
    return out;
}

/// The interval around which most lie.
double periodOf(const std::vector<double> &intervals)
{
    std::array<double, kBins> counts{};
    for (const double interval : intervals) {
        counts[binOf(interval)] += 1;
    }
    std::size_t best = 0;
    double most = -1;
    for (std::size_t i = 0; i + 1 < kBins; ++i) {
        if (counts[i] + counts[i + 1] > most) {
            most = counts[i] + counts[i + 1];
            best = i;
        }
    }
    std::vector<double> inside;
    for (const double interval : intervals) {
        const std::size_t bin = binOf(interval);
        if (bin == best || bin == best + 1) {
            inside.push_back(interval);
        }
    }
    return medianOf(std::move(inside));
}

double massAt(const std::vector<double> &intervals, double period)
{
    double inside = 0;
    for (const double interval : intervals) {
        const double times = std::clamp(std::round(interval / period), 1.0, 4.0);
        inside += std::abs(interval / period - times) <= 0.2 ? 1 : 0;
    }
    return inside / static_cast<double>(intervals.size());
}

/// Bits of the distribution over third-octave bins.
double entropyOf(const std::vector<double> &intervals)
{
    std::array<double, kBins> counts{};
    for (const double interval : intervals) {
        counts[binOf(interval)] += 1;
    }
    double bits = 0;
    for (const double count : counts) {
        const double share = count / static_cast<double>(intervals.size());
        bits -= count > 0 ? share * std::log2(share) : 0;
    }
    return bits;
}

/// Evenness of the counts of the hours from first to last.
double hourlyEvenness(const std::vector<CheckIn> &checkIns)
{
    const std::uint32_t first = checkIns.front().second / 3600;
    const std::size_t hours = std::min<std::size_t>(checkIns.back().second / 3600 - first + 1, 24 * 14);
    std::vector<double> counts(hours, 0);
    for (const CheckIn &one : checkIns) {
        const std::size_t hour = one.second / 3600 - first;
        if (hour < hours) {
            counts[hour] += 1;
        }
    }
    return 1 - clamp01(trimmedVariation(std::move(counts), 0, 1) / 2);
}

double nightShare(const std::vector<CheckIn> &checkIns)
{
    double night = 0;
    for (const CheckIn &one : checkIns) {
        const std::uint32_t hour = one.second / 3600 % 24;
        night += hour < 6 || hour >= 22 ? 1 : 0;
    }
    return clamp01(night / static_cast<double>(checkIns.size()) * 3);
}

std::vector<double> sizes(const std::vector<CheckIn> &checkIns, std::uint32_t CheckIn::*which)
{
    std::vector<double> out;
    out.reserve(checkIns.size());
    for (const CheckIn &one : checkIns) {
        out.push_back(static_cast<double>(one.*which));
    }
    return out;
}

double shareNearMedian(const std::vector<double> &values)
{
    const double median = medianOf(values);
    const auto near =
        std::count_if(values.begin(), values.end(), [&](double v) { return std::abs(v - median) <= 0.03 * median; });
    return median <= 0 ? 0 : static_cast<double>(near) / static_cast<double>(values.size());
}

void fillFeatures(const BeaconSeries &series, const std::vector<double> &intervals, BeaconScore &out)
{
    auto &f = out.features;
    const double span = std::max<double>(1, static_cast<double>(series.spanSeconds));
    const std::vector<double> sent = sizes(series.checkIns, &CheckIn::sent);
    f[0] = massAt(intervals, out.periodSeconds);
    f[1] = 1 - clamp01(trimmedVariation(intervals, 0.05, 0.9) / 1.5);
    f[2] = 1 - clamp01(entropyOf(intervals) / 5);
    f[3] =
        clamp01(static_cast<double>(series.activeHours) * std::max(3600.0, out.periodSeconds) / std::max(3600.0, span));
    f[4] = nightShare(series.checkIns);
    f[5] = 1 - clamp01(static_cast<double>(series.longestGap) / span * 2);
    f[6] = 1 - clamp01(trimmedVariation(sent, 0.1, 0.8));
    f[7] = 1 - clamp01(trimmedVariation(sizes(series.checkIns, &CheckIn::received), 0.1, 0.8));
    f[8] = shareNearMedian(sent);
    f[kRarity] = clamp01(-std::log10(std::max(series.prevalence, 0.002)) / 2.7);
    f[kNewness] = series.ageDays < 0 ? featureUsual(kNewness) : 1 - clamp01(std::log10(1 + series.ageDays) / 2.6);
    f[11] = hourlyEvenness(series.checkIns);
}

} // namespace

std::string_view featureName(std::size_t feature)
{
    return kFeatures[feature].name;
}

double featureUsual(std::size_t feature)
{
    return kFeatures[feature].usual;
}

void summarise(BeaconSeries &series)
{
    const auto &all = series.checkIns;
    series.count = static_cast<std::int64_t>(all.size());
    series.spanSeconds = all.empty() ? 0 : static_cast<std::int64_t>(all.back().second) - all.front().second;
    series.activeHours = all.empty() ? 0 : 1;
    series.longestGap = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
        series.activeHours += all[i].second / 3600 != all[i - 1].second / 3600 ? 1 : 0;
        series.longestGap = std::max(series.longestGap, static_cast<std::int64_t>(all[i].second) - all[i - 1].second);
    }
}

BeaconScore scoreBeacon(const BeaconSeries &series)
{
    BeaconScore out;
    if (series.checkIns.size() < 6) {
        return out;
    }
    const std::vector<double> intervals = intervalsOf(series.checkIns);
    if (intervals.size() < 5) {
        return out;
    }
    out.periodSeconds = periodOf(intervals);
    double deviation = 0;
    double counted = 0;
    for (const double interval : intervals) {
        if (interval < 1.5 * out.periodSeconds) {
            deviation += std::abs(interval - out.periodSeconds);
            counted += 1;
        }
    }
    out.jitter = counted > 0 ? deviation / counted / out.periodSeconds : 0;
    fillFeatures(series, intervals, out);
    double behaviour = 0;
    double context = 0;
    for (std::size_t i = 0; i < kBeaconFeatures; ++i) {
        out.points[i] = kFeatures[i].weight * (out.features[i] - kFeatures[i].usual);
        (i == kRarity || i == kNewness ? context : behaviour) += kFeatures[i].weight * out.features[i];
    }
    out.severity = 100 / (1 + std::exp(-kSlope * (std::min(behaviour, kBehaviourCap) + context - kMiddle)));
    return out;
}

} // namespace nightjar::anomaly
