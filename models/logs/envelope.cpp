// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/envelope.h"

#include "logs/normalise.h"

#include "base/address.h"
#include "base/text.h"

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxHeader = 512;

bool digitAt(std::string_view text, std::size_t at)
{
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

std::size_t skipDigits(std::string_view text, std::size_t at, std::size_t most)
{
    for (std::size_t count = 0; count < most && digitAt(text, at); ++count) {
        ++at;
    }
    return at;
}

/// End of "hh:mm:ss" at `at`, or `at`.
std::size_t clockEnd(std::string_view text, std::size_t at)
{
    const std::size_t hour = skipDigits(text, at, 2);
    if (hour == at || hour >= text.size() || text[hour] != ':') {
        return at;
    }
    const std::size_t minute = skipDigits(text, hour + 1, 2);
    if (minute != hour + 3 || minute >= text.size() || text[minute] != ':') {
        return at;
    }
    const std::size_t second = skipDigits(text, minute + 1, 2);
    return second == minute + 3 ? second : at;
}

/// End of "Oct  2 22:09:01" (a year may stand before or behind the clock), or `at`.
std::size_t bsdTimeEnd(std::string_view text, std::size_t at)
{
    if (monthNumber(text.substr(at, 3)) == 0 || text.size() < at + 12 || text[at + 3] != ' ') {
        return at;
    }
    std::size_t next = at + 4 + (text[at + 4] == ' ' ? 1U : 0U);
    const std::size_t day = skipDigits(text, next, 2);
    if (day == next || day >= text.size() || text[day] != ' ') {
        return at;
    }
    next = day + 1;
    if (const std::size_t year = skipDigits(text, next, 4);
        year == next + 4 && year < text.size() && text[year] == ' ') {
        next = year + 1;
    }
    const std::size_t end = clockEnd(text, next);
    if (end == next) {
        return at;
    }
    const std::size_t year = skipDigits(text, end + 1, 4);
    return end < text.size() && text[end] == ' ' && year == end + 5 && (year == text.size() || text[year] == ' ') ? year
                                                                                                                  : end;
}

/// End of "2023-08-28T15:43:59.123Z" up to the blank behind it, or `at`.
std::size_t isoTimeEnd(std::string_view text, std::size_t at)
{
    const bool date = skipDigits(text, at, 4) == at + 4 && text.size() > at + 19 && text[at + 4] == '-' &&
                      text[at + 7] == '-' && text[at + 10] == 'T';
    if (!date || clockEnd(text, at + 11) == at + 11) {
        return at;
    }
    const std::size_t blank = text.find(' ', at);
    return blank == std::string_view::npos || blank > at + 40 ? at : blank;
}

std::size_t skipBlanks(std::string_view text, std::size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\0')) {
        ++at;
    }
    return at;
}

/// "CEF:0" or "LEEF:1" at the start or behind something that is no letter.
std::size_t findMark(std::string_view head, std::string_view mark)
{
    for (std::size_t at = head.find(mark); at != std::string_view::npos; at = head.find(mark, at + 1)) {
        const bool fresh = at == 0 || head[at - 1] == ' ' || head[at - 1] == ':' || head[at - 1] == '\t' ||
                           static_cast<unsigned char>(head[at - 1]) >= 0x80;
        if (fresh && digitAt(head, at + mark.size())) {
            return at;
        }
    }
    return std::string_view::npos;
}

/// The vendor's alert: "[10.0.0.1] ZscalerNSS: text" or "[10.0.0.1] text" behind a BSD header.
bool isAlert(std::string_view text, const Envelope &envelope)
{
    if (envelope.time.empty()) {
        return false;
    }
    const std::string_view body = text.substr(skipBlanks(text, 0));
    constexpr std::string_view kName = "ZscalerNSS:";
    const std::size_t name = body.substr(0, 128).find(kName);
    if (name != std::string_view::npos) {
        return !trim(body.substr(name + kName.size())).empty();
    }
    const std::size_t close = body.substr(0, 64).find(']');
    return body.starts_with('[') && close != std::string_view::npos && IpAddress::parse(body.substr(1, close - 1)) &&
           !trim(body.substr(close + 1)).empty();
}

} // namespace

Envelope findEnvelope(std::string_view record)
{
    Envelope found;
    std::size_t at = skipBlanks(record, 0);
    const std::size_t count = skipDigits(record, at, 7);
    if (count > at && count + 1 < record.size() && record[count] == ' ' && record[count + 1] == '<') {
        at = count + 1;
    }
    if (at < record.size() && record[at] == '<') {
        const std::size_t end = skipDigits(record, at + 1, 3);
        if (end > at + 1 && end < record.size() && record[end] == '>') {
            found.priority = true;
            at = end + 1;
        }
    }
    if (found.priority && at + 1 < record.size() && record[at] == '1' && record[at + 1] == ' ') {
        at += 2;
    }
    const std::size_t begin = skipBlanks(record, at);
    std::size_t end = bsdTimeEnd(record, begin);
    end = end == begin ? isoTimeEnd(record, begin) : end;
    if (end != begin) {
        found.time = record.substr(begin, end - begin);
        at = end;
    }
    found.size = at;
    return found;
}

FoundPayload findPayload(std::string_view text, const Envelope &envelope)
{
    const std::string_view head = text.substr(0, kMaxHeader);
    if (const std::size_t at = findMark(head, "CEF:");
        at != std::string_view::npos && (at < 4 || head[at - 1] != 'E')) {
        return {Payload::Cef, at};
    }
    if (const std::size_t at = findMark(head, "LEEF:"); at != std::string_view::npos) {
        return {Payload::Leef, at};
    }
    const std::size_t caret = head.find("^^");
    const std::size_t equals = head.find('=');
    if (caret != std::string_view::npos && equals < caret && equals > 0) {
        const std::size_t blank = head.rfind(' ', equals);
        return {Payload::Caret, blank == std::string_view::npos ? 0 : blank + 1};
    }
    const std::size_t brace = head.find('{');
    if (brace != std::string_view::npos) {
        std::size_t quote = brace + 1;
        while (quote < text.size() && (text[quote] == ' ' || text[quote] == '\t')) {
            ++quote;
        }
        const bool object = quote < text.size() && text[quote] == '"';
        const bool headed = envelope.priority || !envelope.time.empty();
        if (object && (headed || trim(text).ends_with('}'))) {
            return {Payload::Json, brace};
        }
    }
    return {isAlert(text, envelope) ? Payload::Alert : Payload::Unknown, 0};
}

} // namespace nightjar::logs
