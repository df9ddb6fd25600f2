// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedmatcher.h"

#include "logs/tokens.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMonthSlot = 4;
constexpr std::size_t kYearSlot = 5;

/// Exactly as JSON writes an integer; empty when the text is none. Ids of 64 bits stay exact.
std::string integerText(std::string_view value)
{
    value = trim(value);
    const bool minus = value.starts_with('-');
    std::string_view digits = minus ? value.substr(1) : value;
    if (digits.empty() || digits.size() > 20 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return {};
    }
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return (minus && digits != "0" ? "-" : "") + std::string(digits);
}

/// A decimal number as JSON wants it, without zeros in front; empty when the text is none.
std::string decimalText(std::string_view value)
{
    if (!parseNumber(value) || value.find_first_of("xXnNpP") != std::string_view::npos) {
        return {};
    }
    const bool minus = value.starts_with('-');
    std::string_view rest = value.starts_with('-') || value.starts_with('+') ? value.substr(1) : value;
    while (rest.size() > 1 && rest[0] == '0' && rest[1] >= '0' && rest[1] <= '9') {
        rest.remove_prefix(1);
    }
    const bool plain =
        !rest.empty() && rest.front() >= '0' && rest.front() <= '9' && rest.back() >= '0' && rest.back() <= '9';
    return plain ? (minus ? "-" : "") + std::string(rest) : std::string();
}

std::string numberText(const FeedToken &token, std::string_view value)
{
    switch (token.spec.conversion) {
    case 'd':
    case 'u':
        return token.spec.modifier.empty() || token.meaning.kind == FeedKind::Integer ? integerText(value)
                                                                                      : std::string();
    case 'f':
        return decimalText(value);
    default:
        return {};
    }
}

} // namespace

FeedClock::FeedClock(const FeedFormat &format, TimeZone zone)
    : m_reader(zone)
{
    for (std::size_t i = 0; i < format.tokens().size(); ++i) {
        const FeedToken &token = format.tokens()[i];
        const TokenMatch match = findToken(format.kind().type, token.meaning.field);
        const Use use = match.row != nullptr ? match.row->use : Use::Extra;
        switch (use) {
        case Use::Epoch:
            m_epochs.push_back(i);
            break;
        case Use::Time:
            m_times.push_back(i);
            break;
        case Use::Zone:
            m_zone = m_zone ? m_zone : std::optional(i);
            break;
        case Use::MonthName:
            m_parts.push_back({i, kMonthSlot, true});
            break;
        case Use::Second:
        case Use::Minute:
        case Use::Hour:
        case Use::Day:
        case Use::Month:
            m_parts.push_back({i, static_cast<std::size_t>(use) - static_cast<std::size_t>(Use::Second), false});
            break;
        case Use::Year:
            m_parts.push_back({i, kYearSlot, false});
            break;
        default:
            break;
        }
    }
}

Timestamp FeedClock::fromParts(FeedMatcher &matcher, std::string_view zone, Timestamp now)
{
    std::array<int, 6> parts{-1, -1, -1, -1, -1, -1};
    for (const Part &part : m_parts) {
        if (!matcher.has(part.token) || parts[part.slot] >= 0) {
            continue;
        }
        const std::string_view text = trim(matcher.clear(part.token));
        const auto number = part.name ? std::optional<std::int64_t>(monthNumber(text)) : parseInteger(text);
        if (number && *number >= (part.name ? 1 : 0) && *number <= 9'999) {
            parts[part.slot] = static_cast<int>(*number);
        }
    }
    return parts[kYearSlot] < 0 && now == kNoTime ? kNoTime : m_reader.fromParts(parts, zone, now);
}

Timestamp FeedClock::timeOf(FeedMatcher &matcher, Timestamp now)
{
    for (const std::size_t token : m_epochs) {
        const auto time = matcher.has(token) ? parseEpoch(trim(matcher.clear(token))) : std::nullopt;
        if (time && *time > 0) {
            return *time;
        }
    }
    const std::string zone(m_zone && matcher.has(*m_zone) ? matcher.clear(*m_zone) : std::string_view());
    for (const std::size_t token : m_times) {
        const std::string_view text = matcher.has(token) ? matcher.clear(token) : std::string_view();
        if (!saysNothing(text)) {
            if (const Timestamp time = m_reader.read(text, zone); time != kNoTime) {
                return time;
            }
        }
    }
    return m_parts.empty() ? kNoTime : fromParts(matcher, zone, now);
}

std::string feedRecordJson(FeedMatcher &matcher, FeedClock &clock, Timestamp now)
{
    std::string out = "{";
    const std::vector<FeedToken> &tokens = matcher.format().tokens();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const FeedToken &token = tokens[i];
        if (token.first != i) {
            continue;
        }
        // A repeated token counts the first time the record has it.
        std::size_t from = i;
        while (from < tokens.size() && !(tokens[from].first == i && matcher.has(from))) {
            ++from;
        }
        if (from == tokens.size()) {
            continue;
        }
        const std::string_view value = matcher.clear(from);
        out += out.size() > 1 ? "," : "";
        appendJsonQuoted(out, token.key);
        out += ':';
        const std::string number = numberText(token, value);
        if (number.empty()) {
            appendJsonQuoted(out, value);
        } else {
            out += number;
        }
    }
    const Timestamp time = clock.timeOf(matcher, now);
    if (time != kNoTime) {
        out += std::string(out.size() > 1 ? "," : "") + "\"@time\":\"" + formatIsoTime(time) + '"';
    }
    return out + '}';
}

} // namespace nightjar::logs
