// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/rule.h"

#include "base/text.h"
#include "base/time.h"

#include <re2/re2.h>

#include <cmath>

namespace nightjar::sigma {

namespace {

bool comparesNumber(const Test &test, std::string_view text)
{
    const std::string_view trimmed = trim(text);
    if (test.integer) {
        if (const auto integer = parseInteger(trimmed)) {
            switch (test.op) {
            case Op::Greater:
                return *integer > *test.integer;
            case Op::GreaterEqual:
                return *integer >= *test.integer;
            case Op::Less:
                return *integer < *test.integer;
            default:
                return *integer <= *test.integer;
            }
        }
    }
    const auto number = parseNumber(trimmed);
    if (!number || std::isnan(*number)) {
        return false;
    }
    switch (test.op) {
    case Op::Greater:
        return *number > test.number;
    case Op::GreaterEqual:
        return *number >= test.number;
    case Op::Less:
        return *number < test.number;
    default:
        return *number <= test.number;
    }
}

std::optional<std::int64_t> digits(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size()) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

/// ISO 8601 week: the week of the year that holds the Thursday.
std::int64_t isoWeek(std::int64_t year, std::int64_t month, std::int64_t day)
{
    const std::int64_t days = daysFromCivil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7; // Monday 0; 1970-01-01 was a Thursday
    const std::int64_t thursday = days - weekday + 3;
    std::int64_t start = daysFromCivil(year, 1, 1);
    if (thursday < start) {
        start = daysFromCivil(year - 1, 1, 1);
    } else if (const std::int64_t next = daysFromCivil(year + 1, 1, 1); thursday >= next) {
        start = next;
    }
    return (thursday - start) / 7 + 1;
}

bool holdsTimePart(const Test &test, std::string_view text)
{
    text = trim(text);
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (!year || !month || !day || text[4] != '-' || text[7] != '-' || *month < 1 || *month > 12 || *day < 1 ||
        *day > 31) {
        return false;
    }
    switch (test.unit) {
    case TimeUnit::Year:
        return *year == test.integer;
    case TimeUnit::Month:
        return *month == test.integer;
    case TimeUnit::Day:
        return *day == test.integer;
    case TimeUnit::Week:
        return isoWeek(*year, *month, *day) == test.integer;
    case TimeUnit::Hour: {
        const auto hour = digits(text, 11, 2);
        return hour && *hour == test.integer;
    }
    case TimeUnit::Minute: {
        const auto minute = digits(text, 14, 2);
        return minute && *minute == test.integer;
    }
    }
    return false;
}

} // namespace

std::string Test::key() const
{
    std::string result{static_cast<char>('A' + static_cast<int>(op)), cased ? '1' : '0', truth ? '1' : '0',
                       static_cast<char>('A' + static_cast<int>(reference)),
                       static_cast<char>('A' + static_cast<int>(unit))};
    result += std::to_string(text.size()) + ':' + text;
    for (const Token &token : pattern) {
        result += static_cast<char>('A' + static_cast<int>(token.kind));
        result += std::to_string(token.text.size()) + ':' + token.text;
    }
    return result;
}

bool holds(const Test &test, std::string_view raw, std::string_view folded)
{
    const std::string_view value = test.cased ? raw : folded;
    switch (test.op) {
    case Op::Equals:
        return value == test.text;
    case Op::Contains:
        return value.find(test.text) != std::string_view::npos;
    case Op::StartsWith:
        return value.substr(0, test.text.size()) == test.text;
    case Op::EndsWith:
        return value.size() >= test.text.size() && value.substr(value.size() - test.text.size()) == test.text;
    case Op::Wildcard:
        return matchesPattern(test.pattern, value);
    case Op::Present:
        return true;
    case Op::Regex:
        return test.regex && re2::RE2::PartialMatch(re2::StringPiece(raw.data(), raw.size()), *test.regex);
    case Op::Cidr: {
        const auto address = IpAddress::parse(raw);
        return address && test.network.contains(*address);
    }
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::Less:
    case Op::LessEqual:
        return comparesNumber(test, raw);
    case Op::TimePart:
        return holdsTimePart(test, raw);
    case Op::Null:
    case Op::Exists:
    case Op::FieldRef:
        return false;
    }
    return false;
}

} // namespace nightjar::sigma
