// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/encodings.h"

#include "base/text.h"

#include <array>

namespace nightjar::sigma {

namespace {

char32_t nextCodePoint(std::string_view text, std::size_t &at)
{
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int extra = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t code = extra == 0 ? lead : lead & (0x3Fu >> extra);
    for (int i = 0; i < extra && at < text.size(); ++i) {
        code = (code << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
    }
    return code;
}

void addUnit(std::string &out, unsigned unit, bool bigEndian)
{
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xFFu);
    out += bigEndian ? high : low;
    out += bigEndian ? low : high;
}

} // namespace

std::string toUtf16(std::string_view utf8, Utf16 form)
{
    const std::string valid = repairUtf8(utf8);
    const bool bigEndian = form == Utf16::BigEndian;
    std::string out;
    if (form == Utf16::LittleEndianWithMark) {
        out = "\xFF\xFE";
    }
    for (std::size_t at = 0; at < valid.size();) {
        const char32_t code = nextCodePoint(valid, at);
        if (code < 0x10000) {
            addUnit(out, static_cast<unsigned>(code), bigEndian);
        } else {
            addUnit(out, static_cast<unsigned>(0xD800 + ((code - 0x10000) >> 10)), bigEndian);
            addUnit(out, static_cast<unsigned>(0xDC00 + ((code - 0x10000) & 0x3FF)), bigEndian);
        }
    }
    return out;
}

std::string base64AtOffset(std::string_view bytes, std::size_t offset)
{
    constexpr std::array<std::size_t, 3> kFront{0, 2, 3};
    constexpr std::array<std::size_t, 3> kBack{0, 3, 2};
    const std::string encoded = base64Encode(std::string(offset, '\0').append(bytes));
    const std::size_t front = kFront[offset];
    const std::size_t back = kBack[(bytes.size() + offset) % 3];
    return encoded.size() > front + back ? encoded.substr(front, encoded.size() - front - back) : std::string();
}

} // namespace nightjar::sigma
