// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/series.h"

#include "base/text.h"
#include "base/time.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace nightjar::anomaly {

namespace {

constexpr double kGaugeAlert = 10;     ///< sum of tails
constexpr double kSeasonalAlert = 2.7; ///< deviations
constexpr double kAlertSeverity = 0.75;

/// 0 → 0, `alert` → 75, ever larger → 100; keeps the order.
double severityOf(double mark, double alert)
{
    const double half = alert * (1 - kAlertSeverity) / kAlertSeverity;
    return 100 * mark / (mark + half);
}

} // namespace

double SeriesDetector::push(std::int64_t localSeconds, double value)
{
    if (!std::isfinite(value)) {
        return 0;
    }
    constexpr double kLargest = 1e15; ///< sums of squares stay finite, differences exact
    value = std::clamp(value, -kLargest, kLargest);
    const std::int64_t step = m_rows == 0 ? 3600 : localSeconds - m_lastSeconds;
    m_repeats += step == 0 ? 1U : 0U; // the hour that a clock repeats in autumn
    const bool whole = value >= 0 && value == std::floor(value);
    m_hourly = m_hourly && whole && step >= 0 && step % 3600 == 0 && m_repeats <= 1 + m_rows / 2000;
    const double gauge = m_gauge.push(localSeconds, value);
    const double seasonal = m_hourly ? m_seasonal.push(localSeconds / 3600, value) : 0;
    m_lastSeconds = localSeconds;
    ++m_rows;
    return m_hourly ? severityOf(seasonal, kSeasonalAlert) : severityOf(gauge, kGaugeAlert);
}

Result<std::vector<double>> scoreSeriesTable(std::string_view csv)
{
    constexpr std::int64_t kUnknownStep = 300;
    std::vector<double> out;
    std::vector<std::string> cells;
    SeriesDetector detector;
    std::int64_t last = 0;
    bool header = true;
    for (std::size_t at = 0; at < csv.size();) {
        const std::size_t end = std::min(csv.find('\n', at), csv.size());
        const std::string_view row = trim(csv.substr(at, end - at));
        at = end + 1;
        if (row.empty()) {
            continue;
        }
        splitCsvRecord(row, ',', cells);
        cells.resize(std::max<std::size_t>(cells.size(), 2));
        if (header) {
            if (cells[1] != "value") {
                break;
            }
            header = false;
            continue;
        }
        const auto time = parseIsoTime(trim(cells[0]));
        last = time ? *time / kMicrosPerSecond : last + kUnknownStep;
        out.push_back(
            detector.push(last, parseNumber(trim(cells[1])).value_or(std::numeric_limits<double>::quiet_NaN())));
    }
    if (header) {
        return fail("NJ-ANOMALY-004", "This is no series", "the header is another one", "Columns: timestamp,value");
    }
    return out;
}

} // namespace nightjar::anomaly
