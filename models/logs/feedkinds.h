// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedlexer.h"

#include <cstdint>
#include <string>
#include <string_view>

/// What the values of a token look like: the anchors by which a record is taken apart where a delimiter also stands
/// inside values. Source of the kinds: facts/zscaler-logs.md §3.1, §5, §6.
namespace nightjar::logs {

enum class FeedKind : std::uint8_t {
    Integer,
    Decimal,
    Hex,
    Ip,
    Ctime,     ///< "Mon Oct 16 22:55:48 2023"
    IsoTime,   ///< "2019-05-30T08:20:42.230Z"
    MonthName, ///< three letters
    DayName,
    Word, ///< no blank: yes/no, method, zone, digest
    Host,
    Url,
    Agent,
    User,
    Enum, ///< a short phrase of a closed set
    Json,
    Text
};
std::string_view kindName(FeedKind kind);

/// How a feed writes the value.
enum class FeedEncoding : std::uint8_t {
    Plain,
    Percent,    ///< e-variant: bytes up to 0x20, from 0x7F and the escape characters as %HH
    Base64,     ///< b64-variant
    Obfuscated, ///< o-variant or %o: a number in place of the value
    JsonQuoted, ///< LSS %j: a JSON string with its quotes
    JsonEscaped ///< LSS %J: the inside of one
};
std::string_view encodingName(FeedEncoding encoding);

struct FeedMeaning {
    std::string field; ///< without the prefix of its encoded variant
    FeedKind kind = FeedKind::Text;
    FeedEncoding encoding = FeedEncoding::Plain;
    bool date = false; ///< a part of a time, or a time
    bool known = false;
};
FeedMeaning meaningOf(const FeedSpecifier &token);

enum class FeedFit : std::uint8_t { No, Placeholder, Yes };
/// How well a value fits a kind. "No" of a number is decisive; of the other kinds it is only unlikely.
FeedFit fits(FeedKind kind, std::string_view value);
/// True when a misfit means that the record is damaged or was taken apart wrongly.
constexpr bool isStrict(FeedKind kind)
{
    return kind == FeedKind::Integer || kind == FeedKind::Decimal || kind == FeedKind::Hex;
}
/// False when no sound value of the kind holds the character.
bool canHold(FeedKind kind, char c);
/// Length of the longest start of `text` that a value of the kind could be; for kinds without such a rule the whole
/// text.
std::size_t longestStart(FeedKind kind, std::string_view text);

} // namespace nightjar::logs
