// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/seasonalseries.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr std::int64_t kSampleDays = 42;
constexpr std::int64_t kResidualDays = 28;
constexpr std::size_t kLeastSample = 4;
constexpr double kMadOfNormal = 1.4826;
constexpr double kPriorHours = 12; ///< weight of the spread of all hours against that of one
constexpr double kLeastSpread = 0.15;
constexpr double kDriftRate = 0.01;
constexpr double kEmptyHour = 1.5; ///< usual x above which a zero is taken for a gap

bool isWeekend(std::int64_t day)
{
    const std::int64_t weekday = (day % 7 + 7) % 7; // day 0 was a Thursday
    return weekday == 2 || weekday == 3;
}

double medianOf(std::vector<double> &values)
{
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

const SeasonalSeries::Hour *SeasonalSeries::at(std::int64_t localHour) const
{
    const Hour &hour = m_ring[static_cast<std::size_t>(localHour) % kHours];
    return localHour >= 0 && hour.number == localHour ? &hour : nullptr;
}

SeasonalSeries::Usual SeasonalSeries::usualAt(std::int64_t localHour) const
{
    const bool weekend = isWeekend(localHour / 24);
    std::vector<double> sample;
    for (std::int64_t back = 1; back <= kSampleDays; ++back) {
        const std::int64_t same = localHour - back * 24;
        if (same < 0 || isWeekend(same / 24) != weekend) {
            continue;
        }
        for (const std::int64_t hour : {same, same, same - 1, same + 1}) {
            if (const Hour *known = at(hour)) {
                sample.push_back(known->clean);
            }
        }
    }
    Usual out;
    out.count = sample.size();
    out.median = medianOf(sample);
    for (double &value : sample) {
        value = std::abs(value - out.median);
    }
    out.spread = medianOf(sample) * kMadOfNormal;
    return out;
}

double SeasonalSeries::recentResidual(std::int64_t localHour) const
{
    std::vector<double> all;
    for (std::int64_t back = 1; back <= kResidualDays * 24; ++back) {
        if (const Hour *known = at(localHour - back); known != nullptr && known->known) {
            all.push_back(known->residual);
        }
    }
    return medianOf(all) * kMadOfNormal;
}

double SeasonalSeries::lowerBound(std::int64_t localHour) const
{
    std::vector<double> sample;
    std::size_t zeros = 0;
    for (std::int64_t back = 1; back <= kResidualDays; ++back) {
        for (std::int64_t hour = localHour - back * 24 - 1; hour <= localHour - back * 24 + 1; ++hour) {
            if (const Hour *known = at(hour)) {
                sample.push_back(known->raw);
                zeros += known->raw <= 0 ? 1U : 0U;
            }
        }
    }
    if (zeros * 10 < sample.size()) {
        std::erase_if(sample, [](double v) { return v <= 0; });
    }
    if (sample.size() < kLeastSample) {
        return 0;
    }
    std::sort(sample.begin(), sample.end());
    const double place = 0.05 * static_cast<double>(sample.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    return sample[low] + (place - static_cast<double>(low)) * (sample[low + 1] - sample[low]);
}

double SeasonalSeries::push(std::int64_t localHour, double value)
{
    if (localHour <= m_last || localHour < 0) {
        return 0;
    }
    const double x = std::log1p(value);
    Hour now{localHour, static_cast<float>(x), static_cast<float>(x), 0, false};
    double mark = 0;
    if (const Usual usual = usualAt(localHour); usual.count >= kLeastSample) {
        const double m = usual.median;
        const double n = static_cast<double>(usual.count);
        const double all = recentResidual(localHour);
        const double pooled =
            std::sqrt((n * usual.spread * usual.spread + kPriorHours * all * all) / (n + kPriorHours));
        const double s = std::max({kLeastSpread, 0.9 * std::exp(-m / 2), pooled});
        double largest = m;
        for (const std::int64_t hour : {localHour - 1, localHour + 1}) {
            const Usual other = usualAt(hour);
            largest = other.count >= kLeastSample ? std::max(largest, other.median) : largest;
        }
        const double z = (x - largest - m_drift) / s;
        std::rotate(m_recent.begin(), m_recent.begin() + 1, m_recent.end());
        m_recent.back() = std::clamp(z, -1.0, 3.0);
        const double together = (m_recent[0] + m_recent[1] + m_recent[2]) / std::sqrt(3.0);
        const double low = std::max(0.0, lowerBound(localHour) - x);
        mark = std::max({0.0, z, together, 2 * std::min(low, m_lowBefore)});
        m_lowBefore = low;
        const double r = x - m;
        const double clean = x <= 0 && m > kEmptyHour ? m : m + m_drift + std::clamp(r - m_drift, -3 * s, 3 * s);
        m_drift += kDriftRate * std::clamp(r - m_drift, -s, s);
        now.clean = static_cast<float>(clean);
        now.residual = static_cast<float>(std::abs(r));
        now.known = true;
    }
    m_ring[static_cast<std::size_t>(localHour) % kHours] = now;
    m_last = localHour;
    return mark;
}

} // namespace nightjar::anomaly
