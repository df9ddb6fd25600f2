// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/gaugeseries.h"
#include "anomaly/seasonalseries.h"
#include "base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// One detector for any series: hourly whole numbers that are never negative (events, bytes, distinct things) are
/// judged by the clock (SeasonalSeries), everything else by its own past shapes (GaugeSeries). The choice is made anew
/// with each row from that and the rows before it. Thread: one owner.
class SeriesDetector {
public:
    /// `localSeconds`: wall-clock time since 1970. Severity 0–100; 75 is worth an alert. What is no finite number is 0
    /// and leaves no trace.
    double push(std::int64_t localSeconds, double value);

private:
    GaugeSeries m_gauge;
    SeasonalSeries m_seasonal;
    std::int64_t m_lastSeconds = 0;
    std::size_t m_rows = 0;
    std::size_t m_repeats = 0; ///< rows with the time of the one before
    bool m_hourly = true;      ///< so far: whole hours apart, whole numbers
};

/// Scores a CSV file "timestamp,value": a severity a data row, in order. A time that cannot be read is taken as five
/// minutes after the one before. Error NJ-ANOMALY-004: another header.
Result<std::vector<double>> scoreSeriesTable(std::string_view csv);

} // namespace nightjar::anomaly
