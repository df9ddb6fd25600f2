// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// ASCII and UTF-8 helpers. Nothing here depends on the locale.
namespace nightjar {

constexpr char asciiLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
std::string asciiLower(std::string_view text);
bool equalsIgnoreCase(std::string_view left, std::string_view right);
/// Removes blanks, tabs and line ends from both ends.
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
bool startsWithIgnoreCase(std::string_view text, std::string_view prefix);
bool endsWithIgnoreCase(std::string_view text, std::string_view suffix);
/// Index of `needle` in `text`, ASCII case folded; npos when absent.
std::size_t findIgnoreCase(std::string_view text, std::string_view needle);

/// Unicode case folding (simple folding over the whole of UTF-8, plus ß → ss), no normalisation, no locale.
/// ASCII text takes a fast path. Invalid bytes stay.
std::string foldCase(std::string_view text);

bool isValidUtf8(std::string_view text);
/// Replaces every invalid byte by U+FFFD.
std::string repairUtf8(std::string_view text);

/// One pass of %HH decoding; a % without two hexadecimal digits stays.
std::string percentDecode(std::string_view text);
inline bool needsPercentDecode(std::string_view text)
{
    return text.find('%') != std::string_view::npos;
}

std::optional<std::string> base64Decode(std::string_view text);
std::string base64Encode(std::string_view bytes);
std::string hexEncode(std::string_view bytes);

std::optional<std::int64_t> parseInteger(std::string_view text); ///< whole text, decimal, optional minus
std::optional<double> parseNumber(std::string_view text);        ///< whole text, locale-free

/// A JSON string literal with quotes; invalid UTF-8 is repaired, control characters escaped.
std::string jsonQuote(std::string_view text);
void appendJsonQuoted(std::string &out, std::string_view text);

/// "hxxps://evil[.]example/a": the form in which indicators are shown and copied. Text without host stays as it is.
std::string defang(std::string_view text);

/// Visible form of outside text: C0/C1 controls, bidi marks, zero-width characters and line separators as ⟨U+202E⟩.
std::string visible(std::string_view text);

/// A CSV cell by RFC 4180 with formula injection neutralised (a leading = + - @ TAB CR or full-width form gets a ').
std::string csvCell(std::string_view text);

/// Constant-memory reader of one CSV record: fields with quotes, doubled quotes, embedded delimiters.
/// `lenient` also accepts blanks between delimiter and quote. Returns false when a quote is left open.
bool splitCsvRecord(std::string_view record, char delimiter, std::vector<std::string> &fields, bool lenient = true);

/// "1,234,567".
std::string groupThousands(std::int64_t value);

} // namespace nightjar
