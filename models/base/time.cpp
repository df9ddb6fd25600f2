// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <chrono>

namespace nightjar {
namespace {

class MachineClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override
    {
        const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::microseconds>(sinceEpoch).count();
    }
};

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Walks over a short text; every step fails softly.
class Reader {
public:
    explicit Reader(std::string_view text)
        : m_text(text)
    {
    }

    [[nodiscard]] bool atEnd() const { return m_at == m_text.size(); }
    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    [[nodiscard]] std::string_view rest() const { return m_text.substr(m_at); }
    void advance(std::size_t count) { m_at += count; }

    bool take(char c)
    {
        if (peek() != c || atEnd()) {
            return false;
        }
        ++m_at;
        return true;
    }

    /// Between `least` and `most` digits.
    bool number(std::size_t least, std::size_t most, unsigned &value)
    {
        std::size_t count = 0;
        value = 0;
        while (count < most && isDigit(peek())) {
            value = value * 10 + static_cast<unsigned>(m_text[m_at++] - '0');
            ++count;
        }
        return count >= least;
    }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

constexpr bool isLeap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr unsigned daysIn(unsigned year, unsigned month)
{
    constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : kDays[month - 1];
}

struct Civil {
    unsigned year = 0;
    unsigned month = 1;
    unsigned day = 1;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    unsigned micros = 0;
};

/// Wall-clock microseconds; empty for a date or time of day that does not exist. A leap second rolls over.
std::optional<std::int64_t> toMicros(const Civil &civil)
{
    if (civil.year == 0 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
        civil.day > daysIn(civil.year, civil.month) || civil.hour > 23 || civil.minute > 59 || civil.second > 60) {
        return std::nullopt;
    }
    const std::int64_t seconds = daysFromCivil(civil.year, civil.month, civil.day) * 86'400 + civil.hour * 3600 +
                                 civil.minute * 60 + civil.second;
    return seconds * kMicrosPerSecond + civil.micros;
}

/// "HH:MM[:SS[.digits]]"
bool readClock(Reader &reader, Civil &civil)
{
    if (!reader.number(2, 2, civil.hour) || !reader.take(':') || !reader.number(2, 2, civil.minute)) {
        return false;
    }
    if (!reader.take(':')) {
        return true;
    }
    if (!reader.number(2, 2, civil.second)) {
        return false;
    }
    if (!reader.take('.') && !reader.take(',')) {
        return true;
    }
    unsigned scale = 100'000;
    int digits = 0;
    for (; isDigit(reader.peek()) && digits < 9; ++digits) {
        civil.micros += static_cast<unsigned>(reader.peek() - '0') * scale; // the scale is 0 beyond microseconds
        scale /= 10;
        reader.advance(1);
    }
    return digits > 0;
}

/// Offset of "Z", "UTC", "GMT", "+02:00", "-0530", "+02" in microseconds; `found` tells whether there is one.
bool readOffset(Reader &reader, bool &found, std::int64_t &offset)
{
    found = true;
    offset = 0;
    if (reader.take('Z') || reader.take('z')) {
        return true;
    }
    if (reader.rest().starts_with("UTC") || reader.rest().starts_with("GMT")) {
        reader.advance(3);
        return true;
    }
    const bool negative = reader.peek() == '-';
    if (!reader.take('+') && !reader.take('-')) {
        found = false;
        return true;
    }
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!reader.number(2, 2, hours) || hours > 23) {
        return false;
    }
    if ((reader.take(':') || !reader.atEnd()) && (!reader.number(2, 2, minutes) || minutes > 59)) {
        return false;
    }
    offset = (hours * 3600 + minutes * 60) * kMicrosPerSecond;
    if (negative) {
        offset = -offset;
    }
    return true;
}

unsigned monthOf(std::string_view name)
{
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (name.size() < 3) {
        return 0;
    }
    const std::array<char, 3> lower{asciiLower(name[0]), asciiLower(name[1]), asciiLower(name[2])};
    for (std::size_t i = 0; i < kMonths.size(); i += 3) {
        if (kMonths.substr(i, 3) == std::string_view(lower.data(), lower.size())) {
            return static_cast<unsigned>(i / 3 + 1);
        }
    }
    return 0;
}

void appendPadded(std::string &out, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    out.append(digits.size() < width ? width - digits.size() : 0, '0');
    out += digits;
}

std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

} // namespace

const Clock &systemClock()
{
    static const MachineClock kClock;
    return kClock;
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that start on 1 March.
std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floorDivide(year, 400);
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (static_cast<std::int64_t>(month) + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146'097 + dayOfEra - 719'468;
}

std::optional<Timestamp> parseIsoTime(std::string_view text, const TimeZone &zone)
{
    Reader reader(text);
    Civil civil;
    bool hasOffset = false;
    std::int64_t offset = 0;
    if (!reader.number(4, 4, civil.year) || !reader.take('-') || !reader.number(2, 2, civil.month) ||
        !reader.take('-') || !reader.number(2, 2, civil.day)) {
        return std::nullopt;
    }
    if (!reader.atEnd()) {
        if (!reader.take('T') && !reader.take(' ') && !reader.take('t') && !reader.take(',')) {
            return std::nullopt;
        }
        if (!readClock(reader, civil)) {
            return std::nullopt;
        }
        reader.take(' ');
        if (!readOffset(reader, hasOffset, offset) || !reader.atEnd()) {
            return std::nullopt;
        }
    }
    const std::optional<std::int64_t> micros = toMicros(civil);
    if (!micros) {
        return std::nullopt;
    }
    return hasOffset ? *micros - offset : zone.toUtc(*micros);
}

std::optional<Timestamp> parseCtime(std::string_view text, const TimeZone &zone)
{
    Reader reader(text);
    Civil civil;
    for (int i = 0; i < 3; ++i) {
        const char c = asciiLower(reader.peek());
        if (c < 'a' || c > 'z') {
            return std::nullopt;
        }
        reader.advance(1);
    }
    if (!reader.take(' ')) {
        return std::nullopt;
    }
    civil.month = monthOf(reader.rest());
    if (civil.month == 0) {
        return std::nullopt;
    }
    reader.advance(3);
    if (!reader.take(' ')) {
        return std::nullopt;
    }
    reader.take(' ');
    if (!reader.number(1, 2, civil.day) || !reader.take(' ')) {
        return std::nullopt;
    }
    if (!readClock(reader, civil) || !reader.take(' ') || !reader.number(4, 4, civil.year) || !reader.atEnd()) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> micros = toMicros(civil);
    if (!micros) {
        return std::nullopt;
    }
    return zone.toUtc(*micros);
}

std::optional<Timestamp> parseEpoch(std::string_view text)
{
    const std::size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (error != std::errc() || end != whole.data() + whole.size() || value >= 100'000'000'000'000'000U) {
        return std::nullopt;
    }
    if (value >= 100'000'000'000U) { // seconds of the year 5138: nobody writes those
        const bool millis = value < 100'000'000'000'000U;
        const auto time = static_cast<Timestamp>(value);
        return dot == std::string_view::npos ? std::optional(millis ? time * 1000 : time) : std::nullopt;
    }
    Timestamp micros = static_cast<Timestamp>(value) * kMicrosPerSecond;
    if (dot != std::string_view::npos) {
        Timestamp scale = kMicrosPerSecond / 10;
        const std::string_view fraction = text.substr(dot + 1);
        if (fraction.empty()) {
            return std::nullopt;
        }
        for (const char c : fraction) {
            if (!isDigit(c)) {
                return std::nullopt;
            }
            micros += (c - '0') * scale;
            scale /= 10;
        }
    }
    return micros;
}

std::string formatIsoTime(Timestamp time)
{
    if (time == kNoTime) {
        return {};
    }
    const std::int64_t days = floorDivide(time, kMicrosPerDay);
    const std::int64_t millis = (time % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay / 1000;
    const std::int64_t shifted = days + 719'468; // the inverse of daysFromCivil
    const std::int64_t era = floorDivide(shifted, 146'097);
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t monthFromMarch = (5 * dayOfYear + 2) / 153;
    const std::int64_t month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9);
    const std::int64_t year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    std::string out;
    out.reserve(24);
    if (year < 0) {
        out.push_back('-');
    }
    appendPadded(out, year < 0 ? -year : year, 4);
    out.push_back('-');
    appendPadded(out, month, 2);
    out.push_back('-');
    appendPadded(out, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
    out.push_back('T');
    appendPadded(out, millis / 3'600'000, 2);
    out.push_back(':');
    appendPadded(out, millis / 60'000 % 60, 2);
    out.push_back(':');
    appendPadded(out, millis / 1000 % 60, 2);
    out.push_back('.');
    appendPadded(out, millis % 1000, 3);
    out.push_back('Z');
    return out;
}

std::optional<std::int64_t> parseDuration(std::string_view text)
{
    struct Unit {
        std::string_view name;
        std::int64_t micros;
    };
    constexpr std::array<Unit, 6> kUnits{{{"w", 7 * kMicrosPerDay},
                                          {"d", kMicrosPerDay},
                                          {"h", 3600 * kMicrosPerSecond},
                                          {"m", 60 * kMicrosPerSecond},
                                          {"s", kMicrosPerSecond},
                                          {"ms", 1000}}};
    const std::size_t unitAt = text.find_first_not_of("0123456789");
    if (unitAt == 0 || unitAt == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> count = parseInteger(text.substr(0, unitAt));
    for (const Unit &unit : kUnits) {
        if (count && text.substr(unitAt) == unit.name) {
            const bool fits = *count <= std::numeric_limits<std::int64_t>::max() / unit.micros;
            return fits ? std::optional(*count * unit.micros) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace nightjar
