// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nightjar::anomaly {

/// Marks hourly counts or bytes of people and machines, who live by the clock; knows nothing of the hours to come.
///
/// With x = ln(1 + v) the usual value m of an hour is the median of that hour (twice) and its neighbours on the days
/// of its class (Monday–Friday or weekend) of six weeks, its spread s the pooled MAD of that sample and of all recent
/// residuals; a slow drift d follows growth. High: z = (x − m − d)/s, or the sum of three hours of it, where m is the
/// largest of the hour and its neighbours, so that a clock change alarms nobody. Low: only a collapse under the 5 %
/// quantile of all days for two hours, so that neither a holiday nor a gap of one hour alarms. (facts/anomaly.md §6,
/// "Seasonal counts and bytes".) 2.7 comes about once in four weeks by chance. Memory: 25 KB. Cost: about 20 µs an
/// hour. Thread: one owner.
class SeasonalSeries {
public:
    /// `localHour`: hours of the wall clock since 1970; hours that never come are gaps, hours of the past are marked 0
    /// and forgotten. `value`: finite, not negative. Returns the mark; 0 while too little is known.
    double push(std::int64_t localHour, double value);

private:
    struct Hour {
        std::int64_t number = -1; ///< of this place in the ring; negative: never
        float raw = 0;            ///< x
        float clean = 0;          ///< x without what was unusual
        float residual = 0;       ///< |x − m|
        bool known = false;       ///< a residual could be had
    };
    struct Usual {
        double median = 0, spread = 0;
        std::size_t count = 0;
    };
    [[nodiscard]] const Hour *at(std::int64_t localHour) const;
    [[nodiscard]] Usual usualAt(std::int64_t localHour) const;
    [[nodiscard]] double recentResidual(std::int64_t localHour) const;
    [[nodiscard]] double lowerBound(std::int64_t localHour) const;

    static constexpr std::size_t kHours = 43 * 24;
    std::vector<Hour> m_ring = std::vector<Hour>(kHours);
    std::int64_t m_last = -1;
    double m_drift = 0;
    std::array<double, 3> m_recent{}; ///< z of the last hours, clipped
    double m_lowBefore = 0;
};

} // namespace nightjar::anomaly
