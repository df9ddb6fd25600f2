// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "base/utf8.h"

#include <array>

/// Encodings of text: percent, Base64, hexadecimal, JSON strings.
namespace nightjar {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr int hexValue(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = asciiLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr std::array<int, 256> makeBase64Values()
{
    std::array<int, 256> values{};
    for (int &value : values) {
        value = -1;
    }
    for (std::size_t i = 0; i < kBase64Alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(kBase64Alphabet[i])] = static_cast<int>(i);
    }
    values[static_cast<std::uint8_t>('-')] = 62;
    values[static_cast<std::uint8_t>('_')] = 63;
    return values;
}

constexpr bool isPlainJson(char c)
{
    const auto byte = static_cast<std::uint8_t>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void appendEscapedUnit(std::string &out, std::uint32_t unit)
{
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) {
        out.push_back(kHexDigits[unit >> shift & 0xFU]);
    }
}

void appendJsonEscape(std::string &out, char32_t value)
{
    switch (value) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    if (value >= 0x10000) {
        appendEscapedUnit(out, 0xD800U + ((value - 0x10000U) >> 10U));
        appendEscapedUnit(out, 0xDC00U + ((value - 0x10000U) & 0x3FFU));
    } else {
        appendEscapedUnit(out, value);
    }
}

} // namespace

std::string percentDecode(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && text.size() - at > 2) {
            const int high = hexValue(text[at + 1]);
            const int low = hexValue(text[at + 2]);
            if (high >= 0 && low >= 0) {
                decoded.push_back(static_cast<char>(high * 16 + low));
                at += 2;
                continue;
            }
        }
        decoded.push_back(text[at]);
    }
    return decoded;
}

std::optional<std::string> base64Decode(std::string_view text)
{
    static constexpr std::array<int, 256> kValues = makeBase64Values();
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int held = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            continue;
        }
        if (c == '=') {
            ++padding;
            continue;
        }
        const int value = kValues[static_cast<std::uint8_t>(c)];
        if (value < 0 || padding != 0) {
            return std::nullopt;
        }
        ++digits;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU));
        }
    }
    const bool paddingFits = padding == 0 || (padding <= 2 && (digits + padding) % 4 == 0);
    if (digits % 4 == 1 || !paddingFits) {
        return std::nullopt;
    }
    return bytes;
}

std::string base64Encode(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    const auto byteAt = [bytes](std::size_t i) -> std::uint32_t {
        return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U;
    };
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::uint32_t group = byteAt(at) << 16U | byteAt(at + 1) << 8U | byteAt(at + 2);
        text.push_back(kBase64Alphabet[group >> 18U]);
        text.push_back(kBase64Alphabet[group >> 12U & 63U]);
        text.push_back(at + 1 < bytes.size() ? kBase64Alphabet[group >> 6U & 63U] : '=');
        text.push_back(at + 2 < bytes.size() ? kBase64Alphabet[group & 63U] : '=');
    }
    return text;
}

std::string hexEncode(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        text.push_back(kHexDigits[byte >> 4U]);
        text.push_back(kHexDigits[byte & 0xFU]);
    }
    return text;
}

void appendJsonQuoted(std::string &out, std::string_view text)
{
    out.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isPlainJson(text[end])) {
            ++end;
        }
        out.append(text, at, end - at);
        at = end;
        if (at == text.size()) {
            break;
        }
        const CodePoint point = codePointAt(text, at);
        if (!point.valid) {
            appendUtf8(out, 0xFFFD);
        } else if (point.value == '"' || point.value == '\\' || isInvisible(point.value)) {
            appendJsonEscape(out, point.value);
        } else {
            out.append(text, at, point.length);
        }
        at += point.length;
    }
    out.push_back('"');
}

std::string jsonQuote(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    appendJsonQuoted(out, text);
    return out;
}

} // namespace nightjar
