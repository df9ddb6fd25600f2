// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/jsontext.h"

#include "logs/jsonend.h"

#include "base/text.h"

#include <optional>

namespace nightjar::logs {

namespace {

std::optional<unsigned> hex4(std::string_view text, std::size_t at)
{
    if (at + 4 > text.size()) {
        return std::nullopt;
    }
    unsigned value = 0;
    for (const char raw : text.substr(at, 4)) {
        const char c = asciiLower(raw);
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'a' || c > 'f')) {
            return std::nullopt;
        }
        value = value * 16 + static_cast<unsigned>(digit ? c - '0' : c - 'a' + 10);
    }
    return value;
}

char *putUtf8(char *to, unsigned code)
{
    const auto byte = [](unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    if (code < 0x80) {
        *to++ = byte(code);
    } else if (code < 0x800) {
        *to++ = byte(0xC0U | (code >> 6U));
        *to++ = byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        *to++ = byte(0xE0U | (code >> 12U));
        *to++ = byte(0x80U | ((code >> 6U) & 0x3FU));
        *to++ = byte(0x80U | (code & 0x3FU));
    } else {
        *to++ = byte(0xF0U | (code >> 18U));
        *to++ = byte(0x80U | ((code >> 12U) & 0x3FU));
        *to++ = byte(0x80U | ((code >> 6U) & 0x3FU));
        *to++ = byte(0x80U | (code & 0x3FU));
    }
    return to;
}

/// `i` stands on the u of \uXXXX and is moved to the last digit used.
unsigned surrogates(std::string_view text, std::size_t &i, unsigned first)
{
    i += 4;
    if (first < 0xD800 || first > 0xDFFF) {
        return first;
    }
    if (first < 0xDC00 && i + 2 < text.size() && text[i + 1] == '\\' && text[i + 2] == 'u') {
        const auto second = hex4(text, i + 3);
        if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
            i += 6;
            return 0x10000U + ((first - 0xD800U) << 10U) + (*second - 0xDC00U);
        }
    }
    return 0xFFFD;
}

} // namespace

std::string_view unescapeJson(std::string_view text, TextArena &arena)
{
    char *const begin = arena.allocate(text.size());
    char *to = begin;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            *to++ = text[i];
            continue;
        }
        const char c = text[++i];
        if (c == 'u') {
            const auto first = hex4(text, i + 1);
            if (first) {
                to = putUtf8(to, surrogates(text, i, *first));
                continue;
            }
        }
        constexpr std::string_view kNames = "\"\\/bfnrt";
        constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
        const std::size_t known = kNames.find(c);
        if (known == std::string_view::npos) {
            *to++ = '\\';
            *to++ = c;
        } else {
            *to++ = kBytes[known];
        }
    }
    return {begin, static_cast<std::size_t>(to - begin)};
}

std::size_t rawJsonEnd(std::string_view text, std::size_t at)
{
    constexpr std::size_t kMaxBytes = 64U << 10U;
    const std::string_view window = text.substr(0, at + kMaxBytes);
    std::size_t next = at;
    while (next < window.size() && (window[next] == '{' || window[next] == '[' || window[next] == ' ')) {
        ++next;
    }
    if (next == at || next >= window.size() || window[next] != '"') {
        return std::string_view::npos;
    }
    JsonEnd end;
    const bool whole = end.advance(window, at) == JsonEnd::Status::Complete;
    return whole && end.end() < window.size() && window[end.end()] == '"' ? end.end() : std::string_view::npos;
}

} // namespace nightjar::logs
