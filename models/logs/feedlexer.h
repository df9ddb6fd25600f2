// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The language in which an administrator writes what a feed sends: the NSS feed output format (ZIA) and the LSS log
/// stream content (ZPA). Source: facts/zscaler-logs.md §3.
namespace nightjar::logs {

/// In the format as it was given; both from 1, columns in characters.
struct FeedPosition {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

enum class FeedDialect : std::uint8_t { Nss, Lss };

/// One "%02d{name:modifier}".
struct FeedSpecifier {
    std::string name;
    std::string modifier;    ///< LSS only
    char conversion = 's';   ///< s d u x f, LSS also j J o; length letters are dropped
    bool zeroPadded = false; ///< "%02d"
    unsigned width = 0;
    FeedPosition at;
};

struct FeedPiece {
    enum class Kind : std::uint8_t { Literal, Token, Break };
    Kind kind = Kind::Literal;
    std::string text; ///< of a literal: what stands in the record
    FeedSpecifier token;
    FeedPosition at;
};

/// Something odd that did not hinder.
struct FeedNote {
    FeedPosition at;
    std::string text;
};

struct LexedFeed {
    FeedDialect dialect = FeedDialect::Nss;
    std::vector<FeedPiece> pieces; ///< neighbouring literals joined; none empty; no Break first or last
    std::vector<FeedNote> notes;
};

constexpr std::size_t kMaxFeedFormatBytes = 64U << 10U;
constexpr std::size_t kMaxFeedTokens = 1'024;

/// Splits a format into literals, tokens and line breaks (which, with the indentation behind them, are no part of the
/// record). Also takes a format copied with its JSON escapes, typographic quotes, a byte order mark. Errors with the
/// position: NJ-LOGS-030 too long or without any token, -031 a token is broken, -032 braces do not match.
Result<LexedFeed> lexFeed(std::string_view text);

} // namespace nightjar::logs
