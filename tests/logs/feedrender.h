// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/text.h"
#include "logs/feedformat.h"

#include <map>
#include <string>
#include <string_view>

/// The other side of the feed: prints values as the vendor's formatter does, to be read back.
namespace nightjar::testsupport {

inline std::string percentOf(char c)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    return {'%', kHex[byte >> 4U], kHex[byte & 15U]};
}

inline std::string jsonString(std::string_view value)
{
    std::string out = "\"";
    for (const char c : value) {
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return out + '"';
}

inline std::string base64Of(std::string_view value)
{
    return base64Encode(value);
}

inline std::string renderValue(const logs::FeedToken &token, const std::string &value, std::string_view escape)
{
    std::string out;
    switch (token.meaning.encoding) {
    case logs::FeedEncoding::Base64:
        return base64Of(value);
    case logs::FeedEncoding::JsonQuoted:
        return jsonString(value);
    case logs::FeedEncoding::Percent:
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            const bool coded = byte <= 0x20 || byte >= 0x7F || c == '%' || escape.find(c) != std::string_view::npos;
            out += coded ? percentOf(c) : std::string(1, c);
        }
        return out;
    default:
        for (const char c : value) {
            out += escape.find(c) != std::string_view::npos ? percentOf(c) : std::string(1, c);
        }
        while (token.spec.zeroPadded && out.size() < token.spec.width) {
            out.insert(out.begin(), '0');
        }
        while (out.size() < token.spec.width) {
            out.insert(out.begin(), ' ');
        }
        return out;
    }
}

/// `values`: by token key.
inline std::string render(const logs::FeedFormat &format, const std::map<std::string, std::string> &values)
{
    const logs::FeedSequence &whole = format.variants().front();
    std::string out = whole.literals.front();
    for (std::size_t i = 0; i < whole.slots.size(); ++i) {
        const logs::FeedSlot &slot = whole.slots[i];
        for (std::size_t token = slot.first; token < slot.first + slot.count; ++token) {
            const logs::FeedToken &one = format.tokens()[token];
            out += renderValue(one, values.at(one.key), format.escape());
        }
        out += whole.literals[i + 1];
    }
    return out;
}

} // namespace nightjar::testsupport
