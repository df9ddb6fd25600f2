// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/eventstore.h"
#include "store/sqlquery.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::store {

enum class SqlCompare : std::uint8_t { Equal, Less, LessOrEqual, Greater, GreaterOrEqual };

/// One condition of SQL on a field: the value of the row compared with any of `values`.
struct EventTest {
    std::string column;
    SqlCompare compare = SqlCompare::Equal;
    std::vector<SqlValue> values;
};

/// Conditions of SQL as the store can apply them. What it lets through is never too little; SQLite looks again.
/// Private to the store.
struct EventTests {
    TimeRange range;
    std::int64_t afterId = 0;
    std::vector<EventTest> tests;

    /// Narrows the range by a condition on `time` (ISO text as it is shown, or its beginning) or `epoch`.
    void addTime(SqlCompare compare, const SqlValue &value);
    void addId(SqlCompare compare, const SqlValue &value);

    [[nodiscard]] bool mayMatch(const BlockSummary &summary) const;
    [[nodiscard]] event::RowSet rows(const event::EventBlock &block) const;
};

} // namespace nightjar::store
