// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconfeatures.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kBins = 64; ///< of intervals, three an octave from one second on

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

/// Where a quantile of ascending values lies.
double quantile(const std::vector<double> &sorted, double share)
{
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

/// Bits of the distribution of sizes over half octaves.
double sizeEntropy(const std::vector<double> &values)
{
    std::array<double, 64> counts{};
    for (const double value : values) {
        counts[static_cast<std::size_t>(std::clamp(std::log2(std::max(value, 1.0)) * 2, 0.0, 63.0))] += 1;
    }
    double bits = 0;
    for (const double count : counts) {
        const double share = count / static_cast<double>(values.size());
        bits -= count > 0 ? share * std::log2(share) : 0;
    }
    return bits;
}

double hourEntropy(const std::vector<CheckIn> &checkIns)
{
    std::array<double, 24> counts{};
    for (const CheckIn &one : checkIns) {
        counts[one.second / 3600 % 24] += 1;
    }
    double bits = 0;
    for (const double count : counts) {
        const double share = count / static_cast<double>(checkIns.size());
        bits -= count > 0 ? share * std::log2(share) : 0;
    }
    return bits;
}

double distinctShare(const std::vector<CheckIn> &checkIns)
{
    std::unordered_set<std::uint32_t> known;
    for (const CheckIn &one : checkIns) {
        known.insert(one.sent);
    }
    return static_cast<double>(known.size()) / static_cast<double>(checkIns.size());
}

/// Bytes received for each byte sent, on a scale of decades from 0.001 to 10,000.
double answerRatio(const std::vector<CheckIn> &checkIns)
{
    double sent = 1;
    double received = 1;
    for (const CheckIn &one : checkIns) {
        sent += one.sent;
        received += one.received;
    }
    return (std::clamp(std::log10(received / sent), -3.0, 4.0) + 3) / 7;
}

/// How the lengths of the intervals are spread and follow each other.
void fillIntervals(const std::vector<double> &intervals, std::array<double, kBeaconFeatures> &f)
{
    const double n = static_cast<double>(intervals.size());
    double sum = 0;
    double logSum = 0;
    for (const double interval : intervals) {
        sum += interval;
        logSum += std::log2(interval);
    }
    const double mean = logSum / n;
    double squares = 0;
    double products = 0;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        const double here = std::log2(intervals[i]) - mean;
        squares += here * here;
        products += i > 0 ? here * (std::log2(intervals[i - 1]) - mean) : 0;
    }
    std::vector<double> sorted = intervals;
    std::sort(sorted.begin(), sorted.end());
    double distance = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        distance = std::max(distance, std::abs(1 - std::exp(-sorted[i] / (sum / n)) - static_cast<double>(i + 1) / n));
    }
    const double median = sorted[sorted.size() / 2];
    f[12] = std::min(std::sqrt(squares / n), 4.0) / 4;
    f[13] = squares > 1e-9 ? products / squares : 0;
    f[14] = distance;
    f[18] = std::min(std::log2((quantile(sorted, 0.95) + 1) / (median + 1)), 6.0) / 6;
    f[19] = std::min(std::log2((median + 1) / (quantile(sorted, 0.05) + 1)), 6.0) / 6;
    f[23] = shareNearMedian(intervals);
}

void fillFeatures(const BeaconSeries &series, const std::vector<double> &intervals, BeaconShape &out)
{
    auto &f = out.features;
    const double span = std::max<double>(1, static_cast<double>(series.spanSeconds));
    const std::vector<double> sent = sizes(series.checkIns, &CheckIn::sent);
    const std::vector<double> received = sizes(series.checkIns, &CheckIn::received);
    f[0] = massAt(intervals, out.periodSeconds);
    f[1] = 1 - clamp01(trimmedVariation(intervals, 0.05, 0.9) / 1.5);
    f[2] = 1 - clamp01(entropyOf(intervals) / 5);
    f[3] =
        clamp01(static_cast<double>(series.activeHours) * std::max(3600.0, out.periodSeconds) / std::max(3600.0, span));
    f[4] = nightShare(series.checkIns);
    f[5] = 1 - clamp01(static_cast<double>(series.longestGap) / span * 2);
    f[6] = 1 - clamp01(trimmedVariation(sent, 0.1, 0.8));
    f[7] = 1 - clamp01(trimmedVariation(received, 0.1, 0.8));
    f[8] = shareNearMedian(sent);
    f[9] = clamp01(-std::log10(std::max(series.prevalence, 0.002)) / 2.7);
    f[10] = series.ageDays < 0 ? kUnknownNewness : 1 - clamp01(std::log10(1 + series.ageDays) / 2.6);
    f[11] = hourlyEvenness(series.checkIns);
    fillIntervals(intervals, f);
    f[15] = std::min(sizeEntropy(sent), 5.0) / 5;
    f[16] = std::min(sizeEntropy(received), 5.0) / 5;
    f[17] = distinctShare(series.checkIns);
    f[20] = answerRatio(series.checkIns);
    f[21] = hourEntropy(series.checkIns) / std::log2(24.0);
    f[22] = shareNearMedian(received);
}

} // namespace

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

std::optional<BeaconShape> shapeOf(const BeaconSeries &series)
{
    constexpr std::size_t kLeastCheckIns = 6;
    if (series.checkIns.size() < kLeastCheckIns) {
        return std::nullopt;
    }
    const std::vector<double> intervals = intervalsOf(series.checkIns);
    if (intervals.size() + 1 < kLeastCheckIns) {
        return std::nullopt;
    }
    BeaconShape out;
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
    return out;
}

} // namespace nightjar::anomaly
