// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/tailscore.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace nightjar::anomaly {

/// Distance of the last `length` values to the most similar stretch of the past: small for whatever repeats itself.
/// L1 distance to the nearest earlier vector that starts at least `apart` rows before, among the last `kept`.
/// (k-nearest neighbours on lag vectors: Burnaev and Ishimtsev, arXiv 1608.04585.)
class LagDistance {
public:
    LagDistance(std::size_t length, std::size_t apart, std::size_t kept);
    /// Nothing until `length + apart` values are known.
    std::optional<double> push(double value);

private:
    std::size_t m_length, m_apart, m_kept;
    std::vector<double> m_values; ///< at most twice what is kept
};

/// Marks the rows of a measured series (a gauge, a rate, fine counts) as they come; knows nothing of the rows to come.
///
/// S = sum of six tails (tailscore.h; facts/anomaly.md §6): the distance from the mean of the last 100 values in their
/// standard deviations; the lag distances of the last 6, 16 and 40 values; that of 8 means of 4 values; that of the
/// last 6 residuals from the median of the same time of day over 14 days. After a mark the same is silent for
/// max(60, 5 % of the rows seen) rows, unless it grows by three tenths.
/// Memory: about 0.6 MB. Cost: about 0.1 ms a row. Thread: one owner.
class GaugeSeries {
public:
    /// `localSeconds`: wall-clock time of the row, `value`: finite. Returns S, or 0 while silent; 10 is worth an alert.
    double push(std::int64_t localSeconds, double value);

private:
    double fromMean(double value);
    double fromMeans(double value);
    double fromClock(std::int64_t localSeconds, double value);
    double emit(double sum);

    struct Slot {
        std::int64_t day;
        double value;
    };
    std::deque<double> m_recent;
    TailScore m_meanTail;
    std::array<LagDistance, 3> m_lags{LagDistance{6, 6, 3000}, LagDistance{16, 16, 3000}, LagDistance{40, 40, 3000}};
    std::array<TailScore, 3> m_lagTails;
    double m_partial = 0;
    std::size_t m_partialCount = 0;
    LagDistance m_meanLag{8, 4, 1500};
    TailScore m_meanLagTail;
    double m_heldMean = 0.3;
    std::vector<std::deque<Slot>> m_slots;
    std::int64_t m_slotSeconds = 0;
    std::int64_t m_lastSeconds = 0;
    LagDistance m_clockLag{6, 6, 3000};
    TailScore m_clockTail;
    std::size_t m_rows = 0;
    std::size_t m_lastEmission = 0;
    double m_lastEmitted = 0;
};

} // namespace nightjar::anomaly
