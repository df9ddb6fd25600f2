// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"
#include "logs/record.h"

#include <string_view>

namespace nightjar::logs {

/// How the text around a value encloses it.
enum class FeedEnclosure : std::uint8_t { None, JsonString, CsvQuotes };

/// Takes off what the record's notation put around the value (JSON escapes where they are ones, doubled quotes of CSV);
/// the feed's own encoding stays. The result lives in `raw` or in `arena`.
std::string_view withoutNotation(const FeedToken &token, FeedEnclosure enclosure, std::string_view raw,
                                 std::string_view escape, TextArena &arena);

/// The clear value: e-variants percent-decoded once, b64-variants from base64, in the others only the feed's escape
/// characters put back. Text that does not decode to UTF-8 stays as it is.
std::string_view clearValue(const FeedToken &token, std::string_view value, std::string_view escape, TextArena &arena);

} // namespace nightjar::logs
