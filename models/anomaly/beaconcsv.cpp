// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconscore.h"
#include "base/text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace nightjar::anomaly {

namespace {

std::uint32_t bounded(double value)
{
    return static_cast<std::uint32_t>(std::clamp(value, 0.0, 4'294'967'295.0));
}

std::vector<double> numbers(std::string_view list)
{
    std::vector<double> out;
    for (const std::string_view one : split(list, ';')) {
        if (const auto number = parseNumber(trim(one))) {
            out.push_back(*number);
        }
    }
    return out;
}

/// Connections within five seconds become one check-in.
std::vector<CheckIn> checkInsOf(const std::vector<double> &times, const std::vector<double> &sent,
                                const std::vector<double> &received)
{
    std::vector<CheckIn> all;
    for (std::size_t i = 0; i < times.size(); ++i) {
        all.push_back({bounded(times[i]), bounded(i < sent.size() ? sent[i] : 0),
                       bounded(i < received.size() ? received[i] : 0)});
    }
    std::stable_sort(all.begin(), all.end(), [](const CheckIn &a, const CheckIn &b) { return a.second < b.second; });
    std::vector<CheckIn> merged;
    for (const CheckIn &one : all) {
        if (merged.empty() || one.second - merged.back().second >= 5) {
            merged.push_back(one);
        } else {
            merged.back().sent = bounded(static_cast<double>(merged.back().sent) + one.sent);
            merged.back().received = bounded(static_cast<double>(merged.back().received) + one.received);
        }
    }
    return merged;
}

} // namespace

Result<std::vector<BeaconSeries>> readBeaconSeries(std::string_view csv)
{
    std::vector<BeaconSeries> out;
    std::vector<std::string> cells;
    std::uint64_t line = 0;
    for (std::size_t at = 0; at < csv.size();) {
        const std::size_t end = std::min(csv.find('\n', at), csv.size());
        const std::string_view row = trim(csv.substr(at, end - at));
        at = end + 1;
        ++line;
        splitCsvRecord(row, ',', cells);
        if (line == 1) {
            if (cells.size() < 6 || cells[3] != "timestamps") {
                return fail("NJ-ANOMALY-001", "This is no file of beacon series", "the header is another one",
                            "Columns: series,prevalence,first_seen_days,timestamps,bytes_sent,bytes_recv");
            }
            continue;
        }
        if (row.empty()) {
            continue;
        }
        cells.resize(std::max<std::size_t>(cells.size(), 6));
        BeaconSeries series;
        series.prevalence = parseNumber(cells[1]).value_or(1);
        series.ageDays = parseNumber(cells[2]).value_or(-1);
        series.checkIns = checkInsOf(numbers(cells[3]), numbers(cells[4]), numbers(cells[5]));
        summarise(series);
        out.push_back(std::move(series));
    }
    return out;
}

Result<std::vector<double>> scoreBeaconSeries(std::string_view csv)
{
    const auto all = readBeaconSeries(csv);
    if (!all) {
        return fail(all.error());
    }
    std::vector<double> out;
    for (const BeaconSeries &series : *all) {
        out.push_back(scoreBeacon(series).severity);
    }
    return out;
}

} // namespace nightjar::anomaly
