// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nightjar {

/// One step through UTF-8: the code point, and how many bytes it takes. An invalid byte gives `valid` false and
/// length 1.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 1;
    bool valid = false;
};

/// The code point at `position`, which must be < text.size(). Overlong forms, surrogates and values above U+10FFFF are
/// invalid (RFC 3629).
inline CodePoint codePointAt(std::string_view text, std::size_t position)
{
    const auto byteAt = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const std::uint8_t first = byteAt(position);
    if (first < 0x80) {
        return {first, 1, true};
    }
    const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                               : (first & 0xF0U) == 0xE0       ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || text.size() - position < length) {
        return {first, 1, false};
    }
    char32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint8_t next = byteAt(position + i);
        if ((next & 0xC0U) != 0x80) {
            return {first, 1, false};
        }
        value = value << 6U | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) {
        return {first, 1, false};
    }
    return {value, length, true};
}

/// Appends `value` as UTF-8; it must be a scalar value.
inline void appendUtf8(std::string &out, char32_t value)
{
    const auto tail = [&out](char32_t bits) { out.push_back(static_cast<char>(0x80U | (bits & 0x3FU))); };
    if (value < 0x80) {
        out.push_back(static_cast<char>(value));
    } else if (value < 0x800) {
        out.push_back(static_cast<char>(0xC0U | value >> 6U));
        tail(value);
    } else if (value < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | value >> 12U));
        tail(value >> 6U);
        tail(value);
    } else {
        out.push_back(static_cast<char>(0xF0U | value >> 18U));
        tail(value >> 12U);
        tail(value >> 6U);
        tail(value);
    }
}

/// True when the text holds bytes below 0x80 only.
bool isAscii(std::string_view text);

/// Marks that do not show, or that change the order of what shows: C0 and C1 controls, bidi marks, zero-width
/// characters, line and paragraph separators, fillers, tags.
bool isInvisible(char32_t value);

} // namespace nightjar
