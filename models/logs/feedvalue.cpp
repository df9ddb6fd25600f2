// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedvalue.h"

#include "base/text.h"

#include <optional>
#include <string>

namespace nightjar::logs {

namespace {

int hexDigit(char c)
{
    const char lower = asciiLower(c);
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<unsigned> fourHex(std::string_view text)
{
    if (text.size() < 4) {
        return std::nullopt;
    }
    unsigned value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const int digit = hexDigit(text[i]);
        if (digit < 0) {
            return std::nullopt;
        }
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
}

void appendUtf8(std::string &out, unsigned code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

/// "\uXXXX", surrogate pairs included; the bytes behind the "u" that were used, 0 when it is none.
std::size_t unicodeEscape(std::string_view behind, std::string &out)
{
    const auto first = fourHex(behind);
    if (!first) {
        return 0;
    }
    if (*first >= 0xD800 && *first < 0xDC00 && behind.size() >= 10 && behind.substr(4, 2) == "\\u") {
        const auto second = fourHex(behind.substr(6));
        if (second && *second >= 0xDC00 && *second < 0xE000) {
            appendUtf8(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
            return 10;
        }
    }
    appendUtf8(out, *first >= 0xD800 && *first < 0xE000 ? 0xFFFDU : *first);
    return 4;
}

/// RFC 8259 §7; empty when the text is no inside of a JSON string. With `cautious`, quotes without a backslash and the
/// rare \b and \f are taken as signs that the feed wrote the value as it was.
std::optional<std::string> jsonUnescaped(std::string_view text, bool cautious)
{
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && cautious) {
            return std::nullopt;
        }
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        const char kind = ++i < text.size() ? text[i] : '\0';
        const std::size_t at = kFrom.find(kind);
        if (kind == 'u') {
            const std::size_t used = unicodeEscape(text.substr(i + 1), out);
            if (used == 0) {
                return std::nullopt;
            }
            i += used;
        } else if (at == std::string_view::npos || kind == '\0' || (cautious && (kind == 'b' || kind == 'f'))) {
            return std::nullopt;
        } else {
            out += kTo[at];
        }
    }
    return out;
}

/// Every quote doubled, as RFC 4180 wants it: halved; else as it was.
std::string_view undoubled(std::string_view text, TextArena &arena)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '"') {
            if (i + 1 >= text.size() || text[i + 1] != '"') {
                return text;
            }
            ++i;
        }
    }
    return arena.copy(out);
}

/// "%2C" of the escape characters only.
std::string_view escapesPutBack(std::string_view text, std::string_view escape, TextArena &arena)
{
    std::string out;
    bool changed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const int high = hexDigit(text[i + 1]);
            const int low = hexDigit(text[i + 2]);
            const char c = static_cast<char>(high * 16 + low);
            if (high >= 0 && low >= 0 && escape.find(c) != std::string_view::npos) {
                out += c;
                i += 2;
                changed = true;
                continue;
            }
        }
        out += text[i];
    }
    return changed ? arena.copy(out) : text;
}

} // namespace

std::string_view withoutNotation(const FeedToken &token, FeedEnclosure enclosure, std::string_view raw,
                                 std::string_view escape, TextArena &arena)
{
    std::string_view value = raw;
    const FeedEncoding encoding = token.meaning.encoding;
    if (encoding == FeedEncoding::JsonQuoted || encoding == FeedEncoding::JsonEscaped) {
        if (value.size() > 1 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        if (value.find('\\') != std::string_view::npos) {
            const auto text = jsonUnescaped(value, false);
            value = text ? arena.copy(*text) : value;
        }
    } else if (enclosure == FeedEnclosure::JsonString && value.find('\\') != std::string_view::npos &&
               escape.find('\\') == std::string_view::npos) {
        const auto text = jsonUnescaped(value, true);
        value = text ? arena.copy(*text) : value;
    } else if (enclosure == FeedEnclosure::CsvQuotes && value.find("\"\"") != std::string_view::npos) {
        value = undoubled(value, arena);
    }
    return value;
}

std::string_view clearValue(const FeedToken &token, std::string_view value, std::string_view escape, TextArena &arena)
{
    switch (token.meaning.encoding) {
    case FeedEncoding::Percent:
        if (value.find('%') != std::string_view::npos) {
            const std::string text = percentDecode(value);
            return isValidUtf8(text) ? arena.copy(text) : value;
        }
        return value;
    case FeedEncoding::Base64: {
        const auto text = base64Decode(value);
        return text && isValidUtf8(*text) ? arena.copy(*text) : value;
    }
    default:
        return escape.empty() || value.find('%') == std::string_view::npos ? value
                                                                           : escapesPutBack(value, escape, arena);
    }
}

} // namespace nightjar::logs
