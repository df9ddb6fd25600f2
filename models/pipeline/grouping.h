// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "event/block.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::pipeline {

/// Values of one block's rows by field, as text; empty where a row has none. Thread: one owner.
class RowReader {
public:
    explicit RowReader(const event::EventBlock &block)
        : m_block(block)
    {
    }
    [[nodiscard]] std::string text(event::Field field, std::size_t row) const;
    /// The user, else the client address, else "unknown".
    [[nodiscard]] std::string who(std::size_t row) const;
    /// The destination's name, else its address.
    [[nodiscard]] std::string where(std::size_t row) const;
    [[nodiscard]] const event::EventBlock &block() const { return m_block; }

private:
    const event::EventBlock &m_block;
};

/// Rows of one finding and what they have in common.
class RowGroup {
public:
    /// Counts a row; the first 20 rows are copied as evidence, with the row as event id.
    void add(const RowReader &reader, std::size_t row);
    /// Fills events, times, evidence and observables.
    void fill(alerts::Finding &finding) const;
    [[nodiscard]] std::size_t rows() const { return m_rows; }
    [[nodiscard]] std::size_t firstRow() const { return m_firstRow; }
    /// The destination most rows go to; empty when none has one.
    [[nodiscard]] std::string mainDestination() const;

private:
    void count(const char *kind, std::string value);
    std::size_t m_rows = 0;
    std::size_t m_firstRow = 0;
    Timestamp m_first = kNoTime;
    Timestamp m_last = kNoTime;
    std::vector<alerts::Evidence> m_evidence;
    std::map<std::pair<std::string, std::string>, std::int64_t> m_observables;
};

/// "2026-03-12" of a time, for keys; "undated" without one.
std::string dayOf(Timestamp time);

} // namespace nightjar::pipeline
