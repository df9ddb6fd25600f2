// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"
#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>

/// How outside text is shown and copied: defanged, with its invisible characters visible, as a CSV cell.
namespace nightjar {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Controls; soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian separator; zero-width and bidi
// marks; separators; joiners and isolates; byte-order mark, half-width filler, annotations; tags.
constexpr std::array<Range, 16> kInvisible{{{0x00, 0x1F},
                                            {0x7F, 0x9F},
                                            {0xAD, 0xAD},
                                            {0x34F, 0x34F},
                                            {0x61C, 0x61C},
                                            {0x115F, 0x1160},
                                            {0x17B4, 0x17B5},
                                            {0x180B, 0x180F},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0x3164, 0x3164},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFA0, 0xFFA0},
                                            {0xFFF9, 0xFFFB},
                                            {0xE0000, 0xE007F}}};

std::string hexNumber(std::uint32_t value, std::size_t digits)
{
    std::string text;
    while (value != 0 || text.size() < digits) {
        text.insert(text.begin(), "0123456789ABCDEF"[value & 0xFU]);
        value >>= 4U;
    }
    return text;
}

std::string dotsInBrackets(std::string_view host)
{
    std::string out;
    for (const char c : host) {
        if (c == '.') {
            out += "[.]";
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::string defangHost(std::string_view host)
{
    if (host.find('.') != std::string_view::npos) {
        return dotsInBrackets(host);
    }
    std::string out(host);
    if (const std::size_t colon = out.find(':'); colon != std::string::npos) {
        out.replace(colon, 1, "[:]"); // IPv6
    }
    return out;
}

std::string defangScheme(std::string_view scheme)
{
    if (startsWithIgnoreCase(scheme, "http")) {
        return "hxxp" + std::string(scheme.substr(4));
    }
    return equalsIgnoreCase(scheme, "ftp") ? "fxp" : std::string(scheme);
}

/// A name of several labels or an address in its usual spelling. Version numbers and hash values are none.
bool isHostText(std::string_view host)
{
    if (IpAddress::parse(host)) {
        return true;
    }
    return host.find('.') != std::string_view::npos && canonicalDomain(host).has_value();
}

std::string defangToken(std::string_view token, bool alone)
{
    const UrlParts parts = splitUrl(token);
    if (parts.host.empty() || (parts.scheme.empty() && (!alone || !isHostText(parts.host)))) {
        return std::string(token);
    }
    const auto hostAt = static_cast<std::size_t>(parts.host.data() - token.data());
    std::string head(token.substr(0, hostAt));
    if (!parts.scheme.empty()) {
        head = defangScheme(parts.scheme) + head.substr(parts.scheme.size());
    } else if (parts.hasUserInfo && head.ends_with('@')) {
        head.replace(head.size() - 1, 1, "[@]");
    }
    return head + defangHost(parts.host) + std::string(token.substr(hostAt + parts.host.size()));
}

bool startsFormula(std::string_view text)
{
    const CodePoint first = codePointAt(text, 0);
    constexpr std::array<char32_t, 12> kLeads{'=',  '+',    '-',    '@',    '\t',   '\r',
                                              '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20, 0x2212};
    return first.valid && std::find(kLeads.begin(), kLeads.end(), first.value) != kLeads.end();
}

} // namespace

bool isInvisible(char32_t value)
{
    const auto *const range = std::lower_bound(kInvisible.begin(), kInvisible.end(), value,
                                               [](const Range &r, char32_t v) { return r.last < v; });
    return range != kInvisible.end() && value >= range->first;
}

std::string defang(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r\n";
    const bool alone = trim(text).find_first_of(kBlanks) == std::string_view::npos;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = std::min(text.find_first_not_of(kBlanks, at), text.size());
        const std::size_t end = std::min(text.find_first_of(kBlanks, start), text.size());
        out.append(text, at, start - at);
        out += defangToken(text.substr(start, end - start), alone);
        at = end;
    }
    return out;
}

std::string visible(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        if (!point.valid) {
            out += "⟨0x" + hexNumber(static_cast<std::uint8_t>(text[at]), 2) + "⟩";
        } else if (isInvisible(point.value)) {
            out += "⟨U+" + hexNumber(point.value, 4) + "⟩";
        } else {
            out.append(text, at, point.length);
        }
        at += point.length;
    }
    return out;
}

std::string csvCell(std::string_view text)
{
    if (text.empty()) {
        return {};
    }
    std::string cell = startsFormula(text) ? "'" + std::string(text) : std::string(text);
    const bool edgeBlank = cell.front() == ' ' || cell.back() == ' ';
    if (!edgeBlank && cell.find_first_of("\",;\t\r\n") == std::string::npos) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char c : cell) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + '"';
}

bool splitCsvRecord(std::string_view record, char delimiter, std::vector<std::string> &fields, bool lenient)
{
    fields.clear();
    std::size_t at = 0;
    const auto skipBlanks = [&](std::size_t from) {
        while (lenient && from < record.size() && (record[from] == ' ' || record[from] == '\t') &&
               record[from] != delimiter) {
            ++from;
        }
        return from;
    };
    for (;;) {
        std::string &field = fields.emplace_back();
        if (const std::size_t quote = skipBlanks(at); quote < record.size() && record[quote] == '"') {
            at = quote + 1;
            for (;;) {
                const std::size_t end = record.find('"', at);
                if (end == std::string_view::npos) {
                    field.append(record.substr(at));
                    return false;
                }
                field.append(record.substr(at, end - at));
                at = end + 1;
                if (at >= record.size() || record[at] != '"') {
                    break;
                }
                field.push_back('"');
                ++at;
            }
            at = skipBlanks(at);
        }
        const std::size_t end = std::min(record.find(delimiter, at), record.size());
        field.append(record.substr(at, end - at)); // after a quoted part: text that should not be there, kept
        if (end == record.size()) {
            return true;
        }
        at = end + 1;
    }
}

} // namespace nightjar
