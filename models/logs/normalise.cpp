// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/normalise.h"

#include "base/address.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>

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

} // namespace

bool saysNothing(std::string_view value)
{
    if (value.empty()) {
        return true;
    }
    const char first = asciiLower(value.front());
    const bool blank = first == ' ' || first == '\t' || first == '\n' || first == '\r';
    if (!blank && first != 'n' && first != 'u' && first != '%' && first != 't' && first != '-') {
        return false;
    }
    if (first == '%') {
        return isUnreplacedToken(value);
    }
    const std::string_view text = trim(value);
    if (text.size() > 24) {
        return false;
    }
    if (text.empty()) {
        return true;
    }
    if (text.size() == 4) {
        return equalsIgnoreCase(text, "none") || equalsIgnoreCase(text, "null");
    }
    static constexpr std::string_view kWords[] = {"na",           "n/a",          "unknown", "unknown url",
                                                  "unknown host", "notavailable", "-"};
    for (const std::string_view word : kWords) {
        if (text.size() == word.size() && equalsIgnoreCase(text, word)) {
            return true;
        }
    }
    return text == "Thu Jan  1 00:00:00 1970" || text == "Thu Jan 01 00:00:00 1970" ||
           text == "Thu Jan 1 00:00:00 1970";
}

bool isZeroAddress(std::string_view value)
{
    return value == "0.0.0.0" || value == "::" || value == "0";
}

bool isMailAddress(std::string_view value)
{
    const std::size_t at = value.find('@');
    if (at == std::string_view::npos || at == 0 || value.size() > 254 ||
        value.find('@', at + 1) != std::string_view::npos) {
        return false;
    }
    const std::size_t dot = value.rfind('.');
    return dot != std::string_view::npos && dot > at + 1 && dot + 1 < value.size() &&
           value.find_first_of(" $\"<>(),;:\\") == std::string_view::npos;
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

const TimeZone &TimeReader::zone(std::string_view zoneName)
{
    if (zoneName.empty()) {
        return m_feedZone;
    }
    if (zoneName != m_recordZoneName) {
        const auto named = TimeZone::named(zoneName);
        m_recordZone = named ? *named : m_feedZone;
        m_recordZoneName = std::string(zoneName);
    }
    return m_recordZone;
}

Timestamp TimeReader::read(std::string_view text, std::string_view zoneName)
{
    if (text == m_lastText && zoneName == m_lastZone && !text.empty()) {
        return m_last;
    }
    const TimeZone &used = zone(zoneName);
    std::string_view bare = trim(text);
    if (bare.starts_with('<') && bare.find('>') <= 4) {
        bare = trim(bare.substr(bare.find('>') + 1)); // a syslog priority in front of the line
    }
    std::optional<Timestamp> time;
    if (bare.empty() || bare.size() > 64) {
        return kNoTime;
    }
    if (bare.find_first_not_of("0123456789.") == std::string_view::npos) {
        time = parseEpoch(bare);
    } else if (bare.front() >= '0' && bare.front() <= '9') {
        std::string iso(bare);
        if (iso.size() > 10 && iso[10] == ',') {
            iso[10] = 'T';
        }
        time = parseIsoTime(iso, used);
        const std::size_t blank = iso.rfind(' ');
        if (!time && blank != std::string::npos && blank > 10) {
            const auto named = TimeZone::named(iso.substr(blank + 1));
            time = named ? parseIsoTime(iso.substr(0, blank), *named) : std::nullopt;
        }
    } else {
        time = parseCtime(bare, used);
    }
    m_lastText = std::string(text);
    m_lastZone = std::string(zoneName);
    m_last = time.value_or(kNoTime);
    return m_last;
}

Timestamp TimeReader::fromParts(const std::array<int, 6> &parts, std::string_view zoneName)
{
    const auto [second, minute, hour, day, month, yearPart] = parts;
    if (minute < 0 || hour < 0 || day < 1 || month < 1 || yearPart < 0 || minute > 59 || hour > 23 || day > 31 ||
        month > 12 || second > 60 || yearPart > 9999) {
        return kNoTime;
    }
    const int year = yearPart < 100 ? yearPart + 2000 : yearPart;
    const std::int64_t seconds =
        daysFromCivil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * 86'400 + hour * 3'600 +
        minute * 60 + std::max(second, 0);
    return zone(zoneName).toUtc(seconds * kMicrosPerSecond);
}

} // namespace nightjar::logs
