// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/table.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMostCells = 100'000'000;

/// The next line that holds something, without white space around it; `at` moves behind it.
std::string_view nextLine(std::string_view text, std::size_t &at)
{
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = trim(text.substr(at, end - at));
        at = end + 1;
        if (!line.empty()) {
            return line;
        }
    }
    return {};
}

} // namespace

std::vector<double> Table::column(std::size_t c) const
{
    std::vector<double> out(m_rows);
    for (std::size_t r = 0; r < m_rows; ++r) {
        out[r] = at(r, c);
    }
    return out;
}

Result<Table> readTable(std::string_view csv)
{
    std::size_t at = 0;
    std::vector<std::string> cells;
    const std::string_view header = nextLine(csv, at);
    if (header.empty()) {
        return fail("NJ-ANOMALY-003", "This is no table of numbers", "it has no header line",
                    "The first line names the columns, each further line holds one row.");
    }
    splitCsvRecord(header, ',', cells);
    const std::size_t columns = cells.size();
    std::size_t rows = 0;
    for (std::size_t look = at; !nextLine(csv, look).empty();) {
        ++rows;
    }
    if (rows > kMostCells / columns) {
        return fail("NJ-ANOMALY-003", "This table is too large", "it has more than 100 million cells",
                    "Score a sample of its rows, or fewer columns.");
    }
    Table table(rows, columns);
    for (std::size_t r = 0; r < rows; ++r) {
        splitCsvRecord(nextLine(csv, at), ',', cells);
        for (std::size_t c = 0; c < columns; ++c) {
            const double value = c < cells.size()
                                     ? parseNumber(trim(cells[c])).value_or(std::numeric_limits<double>::quiet_NaN())
                                     : std::numeric_limits<double>::quiet_NaN();
            table.at(r, c) = std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
        }
    }
    return table;
}

} // namespace nightjar::anomaly
