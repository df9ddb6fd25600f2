// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/normalise.h"

#include "base/address.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxKnownHosts = 65'536;

/// "%s{name}", "%02d{hh}": the feed printed the token itself.
bool isUnreplacedToken(std::string_view value)
{
    std::size_t i = 1;
    while (i < value.size() && ((value[i] >= '0' && value[i] <= '9') || value[i] == '.')) {
        ++i;
    }
    while (i < value.size() && value[i] >= 'a' && value[i] <= 'z') {
        ++i;
    }
    if (i + 2 >= value.size() || value[i] != '{' || value.back() != '}') {
        return false;
    }
    return std::all_of(value.begin() + static_cast<std::ptrdiff_t>(i) + 1, value.end() - 1, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// True when the text is a canonical domain as it stands: no work is needed.
bool isPlainDomain(std::string_view host)
{
    std::size_t label = 0;
    bool dot = false;
    for (const char c : host) {
        if (c == '.') {
            if (label == 0) {
                return false;
            }
            dot = true;
            label = 0;
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && label > 0) || c == '_') {
            if (++label > 63) {
                return false;
            }
        } else {
            return false;
        }
    }
    const char last = host.empty() ? '\0' : host.back();
    return dot && label >= 2 && last >= 'a' && last <= 'z' && host.size() <= 253 &&
           host.find("xn--") == std::string_view::npos;
}

std::string_view withoutPort(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || host.find(':') != colon) {
        return host;
    }
    const std::string_view port = host.substr(colon + 1);
    const bool digits =
        !port.empty() && std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? host.substr(0, colon) : host;
}

bool isBlankByte(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

bool saysNothing(std::string_view value)
{
    if (value.empty()) {
        return true;
    }
    const char first = asciiLower(value.front());
    const bool blank = isBlankByte(first);
    if (!blank && first != 'n' && first != 'u' && first != '%' && first != 't' && first != '-') {
        return false;
    }
    if (first == '%') {
        return isUnreplacedToken(value);
    }
    const std::string_view text = blank || isBlankByte(value.back()) ? trim(value) : value;
    if (text.empty() || text.size() > 24) {
        return text.empty();
    }
    if (text.size() == 4) {
        return equalsIgnoreCase(text, "none") || equalsIgnoreCase(text, "null");
    }
    switch (text.front()) {
    case '-':
        return text.size() == 1;
    case 'T':
        return text == "Thu Jan  1 00:00:00 1970" || text == "Thu Jan 01 00:00:00 1970" ||
               text == "Thu Jan 1 00:00:00 1970";
    case 't':
        return false;
    default:
        break;
    }
    static constexpr std::string_view kWords[] = {"na",          "n/a",          "unknown",
                                                  "unknown url", "unknown host", "notavailable"};
    return std::any_of(std::begin(kWords), std::end(kWords), [text](std::string_view word) {
        return text.size() == word.size() && equalsIgnoreCase(text, word);
    });
}

bool isZeroAddress(std::string_view value)
{
    return value == "0.0.0.0" || value == "::" || value == "0";
}

namespace {

constexpr auto kNoMailByte = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view(" $\"<>(),;:\\")) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}();

} // namespace

bool isMailAddress(std::string_view value)
{
    const std::size_t at = value.find('@');
    if (at == std::string_view::npos || at == 0 || value.size() > 254 ||
        value.find('@', at + 1) != std::string_view::npos) {
        return false;
    }
    const std::size_t dot = value.rfind('.');
    return dot != std::string_view::npos && dot > at + 1 && dot + 1 < value.size() &&
           std::none_of(value.begin(), value.end(), [](char c) { return kNoMailByte[static_cast<unsigned char>(c)]; });
}

Outcome outcomeOf(std::string_view action)
{
    if (action == "Allowed" || action == "Allow") {
        return Outcome::Allowed;
    }
    for (const std::string_view word : {"bloc", "drop", "reset", "deny", "denied", "quarantine"}) {
        if (findIgnoreCase(action, word) != std::string_view::npos) {
            return Outcome::Denied;
        }
    }
    return findIgnoreCase(action, "allow") != std::string_view::npos ? Outcome::Allowed : Outcome::Info;
}

std::string_view outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Denied:
        return "denied";
    case Outcome::Allowed:
        return "allowed";
    case Outcome::Info:
        return "info";
    case Outcome::None:
        break;
    }
    return {};
}

HostNames::Name HostNames::canonical(std::string_view host)
{
    if (isPlainDomain(host)) {
        return {host, false};
    }
    const auto found = m_known.find(std::string(host));
    if (found != m_known.end()) {
        return {found->second.text, found->second.address};
    }
    if (m_known.size() >= kMaxKnownHosts) {
        m_known.clear();
    }
    const std::string_view bare = withoutPort(trim(host));
    auto text = canonicalHost(bare);
    Known known{text ? *text : asciiLower(bare), text && IpAddress::parse(*text).has_value()};
    const auto placed = m_known.emplace(std::string(host), std::move(known)).first;
    return {placed->second.text, placed->second.address};
}

int monthNumber(std::string_view name)
{
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (name.size() < 3) {
        return 0;
    }
    const std::size_t at = kMonths.find(asciiLower(name.substr(0, 3)));
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

namespace {

/// Microseconds east of UTC: "GMT+02:00", "UTC-5", "+0530", the vendor's "GMT_06_00_BANGLADESH…" (its sign is lost:
/// east).
std::optional<std::int64_t> fixedOffset(std::string_view name)
{
    std::string_view rest = name;
    const bool named = rest.starts_with("GMT") || rest.starts_with("UTC");
    rest = named ? rest.substr(3) : rest;
    if (rest.empty() || (rest[0] != '+' && rest[0] != '-' && !(named && rest[0] == '_'))) {
        return std::nullopt;
    }
    const std::int64_t sign = rest[0] == '-' ? -1 : 1;
    std::int64_t digits = 0;
    int count = 0;
    for (const char c : rest.substr(1)) {
        if (c >= '0' && c <= '9' && count < 4) {
            digits = digits * 10 + (c - '0');
            ++count;
        } else if (c != ':' && !(c == '_' && count < 4)) {
            break;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    const std::int64_t minutes = count <= 2 ? digits * 60 : digits / 100 * 60 + digits % 100;
    return minutes > 14 * 60 ? std::nullopt : std::optional(sign * minutes * 60 * kMicrosPerSecond);
}

/// American zones by the short names that administrators type.
std::string_view zoneAlias(std::string_view name)
{
    constexpr std::pair<std::string_view, std::string_view> kAliases[] = {{"CT", "America/Chicago"},
                                                                          {"CST", "America/Chicago"},
                                                                          {"CDT", "America/Chicago"},
                                                                          {"ET", "America/New_York"},
                                                                          {"EDT", "America/New_York"},
                                                                          {"PT", "America/Los_Angeles"},
                                                                          {"PST", "America/Los_Angeles"},
                                                                          {"PDT", "America/Los_Angeles"},
                                                                          {"MT", "America/Denver"},
                                                                          {"MDT", "America/Denver"},
                                                                          {"Z", "UTC"}};
    for (const auto &[alias, zone] : kAliases) {
        if (alias == name) {
            return zone;
        }
    }
    return name;
}

/// Seconds of "hh:mm:ss" (a fraction is left out), -1 for other text.
int clockSeconds(std::string_view word)
{
    const std::vector<std::string_view> parts = split(word.substr(0, word.find('.')), ':');
    if (parts.size() != 3) {
        return -1;
    }
    int seconds = 0;
    constexpr int kLimits[] = {23, 59, 60};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto number = parts[i].size() <= 2 ? parseInteger(parts[i]) : std::nullopt;
        if (!number || *number < 0 || *number > kLimits[i]) {
            return -1;
        }
        seconds = seconds * 60 + static_cast<int>(*number);
    }
    return seconds;
}

/// A time that lacks its year, in the last year in which it is at most a day after `now` (clocks differ). `at` gives
/// the time in a year.
template <class At>
Timestamp latestYear(int month, int day, Timestamp now, At &&at)
{
    constexpr int kLeapYears = 8; ///< the most between two of them
    const int thisYear = static_cast<int>(parseInteger(formatIsoTime(now).substr(0, 4)).value_or(1970));
    for (int year = thisYear + 1; year >= thisYear - kLeapYears; --year) {
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (month == 2 && day == 29 && !leap) {
            continue;
        }
        if (const Timestamp time = at(year); time <= now + kMicrosPerDay) {
            return time;
        }
    }
    return kNoTime;
}

} // namespace

void TimeReader::selectZone(std::string_view zoneName)
{
    if (zoneName == m_recordZoneName) {
        return;
    }
    m_recordZoneName = std::string(zoneName);
    m_zone = m_feedZone;
    m_fixed = false;
    if (zoneName.empty()) {
        return;
    }
    if (const auto offset = fixedOffset(zoneName)) {
        m_offset = *offset;
        m_fixed = true;
    } else if (const auto named = TimeZone::named(zoneAlias(zoneName))) {
        m_zone = *named;
    }
}

Timestamp TimeReader::toUtc(std::int64_t localMicros) const
{
    return m_fixed ? localMicros - m_offset : m_zone.toUtc(localMicros);
}

/// Month, day, clock and year wherever they stand; other words are passed over, but a zone's name counts.
Timestamp TimeReader::fromWords(std::string_view text)
{
    int month = 0;
    int day = 0;
    int year = 0;
    int clock = -1;
    for (const std::string_view word : split(text, ' ')) {
        const bool digits = !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
        if (digits) {
            const int number = word.size() <= 4 ? static_cast<int>(parseInteger(word).value_or(0)) : 0;
            int &part = word.size() == 4 ? year : day;
            part = part == 0 && (word.size() == 4 || word.size() <= 2) ? number : part;
        } else if (word.find(':') != std::string_view::npos && clock < 0) {
            clock = clockSeconds(word);
        } else if (month == 0 && word.size() == 3) {
            month = monthNumber(word);
        } else if (clock >= 0 && (word.find('/') != std::string_view::npos || fixedOffset(word))) {
            selectZone(word);
        }
    }
    if (month == 0 || day < 1 || day > 31 || clock < 0) {
        return kNoTime;
    }
    const auto at = [&](int inYear) {
        const std::int64_t days = daysFromCivil(inYear, static_cast<unsigned>(month), static_cast<unsigned>(day));
        return toUtc((days * 86'400 + clock) * kMicrosPerSecond);
    };
    return year != 0 ? at(year) : latestYear(month, day, m_clock->now(), at);
}

Timestamp TimeReader::read(std::string_view text, std::string_view zoneName)
{
    if (text == m_lastText && zoneName == m_lastZone && !text.empty()) {
        return m_last;
    }
    std::string_view bare = trim(text);
    if (bare.starts_with('<') && bare.find('>') <= 4) {
        bare = trim(bare.substr(bare.find('>') + 1)); // a syslog priority in front of the line
    }
    if (bare.empty() || bare.size() > 64) {
        return kNoTime;
    }
    selectZone(zoneName);
    std::optional<Timestamp> time;
    if (bare.find_first_not_of("0123456789.") == std::string_view::npos) {
        time = parseEpoch(bare);
    } else if (bare.front() >= '0' && bare.front() <= '9') {
        std::string iso(bare);
        if (iso.size() > 10 && iso[10] == ',') {
            iso[10] = 'T';
        }
        const std::size_t blank = iso.rfind(' ');
        if (blank != std::string::npos && blank > 10) {
            selectZone(std::string_view(iso).substr(blank + 1));
            iso.resize(blank);
        }
        time = parseIsoTime(iso, m_zone);
        const bool zoned = iso.size() > 19 && iso.find_first_of("Z+-", 19) != std::string::npos;
        if (time && m_fixed && !zoned) {
            time = toUtc(m_zone.toLocal(*time));
        }
    } else {
        time = m_fixed ? std::nullopt : parseCtime(bare, m_zone);
        time = time ? *time : fromWords(bare);
    }
    m_lastText = std::string(text);
    m_lastZone = std::string(zoneName);
    m_last = time.value_or(kNoTime);
    return m_last;
}

Timestamp TimeReader::fromParts(const std::array<int, 6> &parts, std::string_view zoneName, Timestamp before)
{
    const auto [second, minute, hour, day, month, yearPart] = parts;
    if (minute < 0 || hour < 0 || day < 1 || month < 1 || minute > 59 || hour > 23 || day > 31 || month > 12 ||
        second > 60 || yearPart > 9999) {
        return kNoTime;
    }
    selectZone(zoneName);
    const std::int64_t clock = hour * 3'600 + minute * 60 + std::max(second, 0);
    const auto at = [&, monthPart = month, dayPart = day](int year) {
        const std::int64_t days = daysFromCivil(year, static_cast<unsigned>(monthPart), static_cast<unsigned>(dayPart));
        return toUtc((days * 86'400 + clock) * kMicrosPerSecond);
    };
    if (yearPart < 0) {
        return latestYear(month, day, before == kNoTime ? m_clock->now() : before, at);
    }
    return at(yearPart < 100 ? yearPart + 2000 : yearPart);
}

} // namespace nightjar::logs
