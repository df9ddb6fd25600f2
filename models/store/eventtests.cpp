// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/eventtests.h"

#include "base/text.h"
#include "store/rangetest.h"

#include <algorithm>
#include <cmath>

namespace nightjar::store {

namespace {

constexpr Timestamp kMicrosPerMilli = 1'000;

/// A text that compares with shown times as the times themselves do: a date, or a date and time with T, in UTC.
std::optional<Timestamp> comparableTime(const std::string &text)
{
    const bool shaped = text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
                        (text.size() == 10 || text[10] == 'T') && text.find('+') == std::string::npos &&
                        text.find('-', 8) == std::string::npos;
    if (!shaped || (text.size() > 10 && text.size() < 19)) {
        return std::nullopt;
    }
    const auto time = parseIsoTime(text.size() == 10 ? text + "T00:00:00Z" : text.back() == 'Z' ? text : text + "Z");
    return time ? std::optional(*time) : std::nullopt;
}

bool holds(SqlCompare compare, int order)
{
    switch (compare) {
    case SqlCompare::Equal:
        return order == 0;
    case SqlCompare::Less:
        return order < 0;
    case SqlCompare::LessOrEqual:
        return order <= 0;
    case SqlCompare::Greater:
        return order > 0;
    case SqlCompare::GreaterOrEqual:
        return order >= 0;
    }
    return true;
}

/// Order of a text entry against the value; nothing when SQLite compares them in a way of its own.
std::optional<int> textOrder(std::string_view entry, const SqlValue &value)
{
    const auto *text = std::get_if<std::string>(&value);
    return text != nullptr ? std::optional(entry.compare(*text)) : std::nullopt;
}

std::optional<int> integerOrder(std::int64_t entry, const SqlValue &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        return entry < *integer ? -1 : entry > *integer ? 1 : 0;
    }
    return std::nullopt;
}

/// Any of the values, where one that cannot be told lets everything through.
bool passes(const event::Column &column, std::size_t entry, const EventTest &test)
{
    return std::any_of(test.values.begin(), test.values.end(), [&](const SqlValue &value) {
        const auto order = column.kind() == event::Kind::Text ? textOrder(column.texts()[entry], value)
                                                              : integerOrder(column.integer(entry), value);
        return !order || holds(test.compare, *order);
    });
}

/// Members of a list are joined by this, so a value that holds it may be a list's.
bool mayBeList(const SqlValue &value)
{
    const auto *text = std::get_if<std::string>(&value);
    return text == nullptr || text->find(", ") != std::string::npos;
}

} // namespace

void EventTests::addTime(SqlCompare compare, const SqlValue &value)
{
    std::optional<Timestamp> time;
    if (const auto *text = std::get_if<std::string>(&value)) {
        time = comparableTime(*text);
    } else if (const auto *real = std::get_if<double>(&value); real != nullptr && std::abs(*real) < 1e11) {
        time = static_cast<Timestamp>(std::floor(*real * kMicrosPerSecond));
    } else if (const auto *integer = std::get_if<std::int64_t>(&value);
               integer != nullptr && std::abs(*integer) < 100'000'000'000) {
        time = *integer * kMicrosPerSecond;
    }
    if (!time) {
        return;
    }
    // Shown times are cut to milliseconds, so both ends are a millisecond wider than the condition.
    if (compare != SqlCompare::Less && compare != SqlCompare::LessOrEqual) {
        range.from = std::max(range.from, *time - kMicrosPerMilli);
    }
    if (compare != SqlCompare::Greater && compare != SqlCompare::GreaterOrEqual) {
        const Timestamp to = *time + 2 * kMicrosPerMilli;
        range.to = range.to == kNoTime ? to : std::min(range.to, to);
    }
}

void EventTests::addId(SqlCompare compare, const SqlValue &value)
{
    const auto *id = std::get_if<std::int64_t>(&value);
    if (id != nullptr && *id > 0 && compare != SqlCompare::Less && compare != SqlCompare::LessOrEqual) {
        afterId = std::max(afterId, compare == SqlCompare::Greater ? *id : *id - 1);
    }
}

bool EventTests::mayMatch(const BlockSummary &summary) const
{
    return std::all_of(tests.begin(), tests.end(), [&](const EventTest &test) {
        if (!summary.hasColumn(test.column)) {
            return false; // nothing compares with NULL
        }
        return test.compare != SqlCompare::Equal ||
               std::any_of(test.values.begin(), test.values.end(), [&](const SqlValue &value) {
                   return mayBeList(value) || summary.mayContain(test.column, std::get<std::string>(value));
               });
    });
}

event::RowSet EventTests::rows(const event::EventBlock &block) const
{
    event::RowSet rows(block.rows(), true);
    if (!isOpen(range)) {
        keepInRange(rows, block.times(), range);
    }
    for (const EventTest &test : tests) {
        const event::Column *column = block.column(test.column);
        if (column == nullptr) {
            return event::RowSet(block.rows());
        }
        if (column->hasLists()) {
            continue; // SQLite compares the joined text
        }
        std::vector<std::uint8_t> wanted(column->entries());
        for (std::size_t entry = 0; entry < wanted.size(); ++entry) {
            wanted[entry] = passes(*column, entry, test) ? 1 : 0;
        }
        rows &= column->rowsWhere(wanted);
    }
    return rows;
}

} // namespace nightjar::store
