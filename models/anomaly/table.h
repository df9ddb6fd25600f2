// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// Numbers in rows and columns, row after row.
class Table {
public:
    Table() = default;
    Table(std::size_t rows, std::size_t columns)
        : m_columns(columns)
        , m_values(rows * columns)
        , m_rows(rows)
    {
    }
    [[nodiscard]] std::size_t rows() const { return m_rows; }
    [[nodiscard]] std::size_t columns() const { return m_columns; }
    [[nodiscard]] std::span<double> row(std::size_t r) { return {m_values.data() + r * m_columns, m_columns}; }
    [[nodiscard]] std::span<const double> row(std::size_t r) const
    {
        return {m_values.data() + r * m_columns, m_columns};
    }
    [[nodiscard]] double &at(std::size_t r, std::size_t c) { return m_values[r * m_columns + c]; }
    [[nodiscard]] double at(std::size_t r, std::size_t c) const { return m_values[r * m_columns + c]; }
    [[nodiscard]] std::vector<double> column(std::size_t c) const;

private:
    std::size_t m_columns = 0;
    std::vector<double> m_values;
    std::size_t m_rows = 0;
};

/// Reads "name,name,…" and then one row a line. A cell that is no finite number becomes NaN; a short row is filled with
/// NaN, cells beyond the header are dropped; empty lines are skipped. Error NJ-ANOMALY-003: no header, or more than
/// 100 million cells.
Result<Table> readTable(std::string_view csv);

} // namespace nightjar::anomaly
