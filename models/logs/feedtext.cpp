// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedtext.h"

#include "base/text.h"

#include <array>
#include <utility>

namespace nightjar::logs {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 6> kTypographic = {{{"\xE2\x80\x9C", '"'},
                                                                            {"\xE2\x80\x9D", '"'},
                                                                            {"\xE2\x80\x9E", '"'},
                                                                            {"\xE2\x80\x98", '\''},
                                                                            {"\xE2\x80\x99", '\''},
                                                                            {"\xC2\xA0", ' '}}};

/// True when every quote inside is escaped, and braces or line ends are escaped twice: the text went through a JSON
/// writer once.
bool isJsonLiteral(std::string_view text, bool &enclosed)
{
    const std::string_view bare = trim(text);
    enclosed = bare.size() > 1 && bare.front() == '"' && bare.back() == '"';
    const std::string_view inner = enclosed ? bare.substr(1, bare.size() - 2) : bare;
    bool escapedQuote = false;
    bool doubled = false;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] == '"') {
            return false;
        }
        if (inner[i] == '\\') {
            const char next = i + 1 < inner.size() ? inner[i + 1] : '\0';
            escapedQuote = escapedQuote || next == '"';
            doubled = doubled || (next == '\\' && i + 2 < inner.size() &&
                                  std::string_view("{}tnr").find(inner[i + 2]) != std::string_view::npos);
            ++i;
        }
    }
    return doubled || (enclosed && escapedQuote);
}

} // namespace

FeedText::FeedText(std::string_view given)
    : m_given(given)
{
    straighten(m_given);
    unescapeOnce();
}

void FeedText::add(char c, std::size_t origin)
{
    m_bytes += c;
    m_origin.push_back(static_cast<std::uint32_t>(origin));
}

void FeedText::straighten(std::string_view given)
{
    std::size_t at = given.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    bool noted = false;
    while (at < given.size()) {
        std::size_t size = 1;
        char c = given[at];
        for (const auto &[from, to] : kTypographic) {
            if (given.substr(at).starts_with(from)) {
                size = from.size();
                c = to;
                if (!noted) {
                    m_notes.push_back({{}, "typographic quotes or blanks are read as plain ones; the portal does not"});
                    noted = true;
                }
                break;
            }
        }
        add(c, at);
        if (noted && m_notes.back().at.column == 1 && size > 1) {
            m_notes.back().at = position(m_bytes.size() - 1);
        }
        at += size;
    }
}

void FeedText::unescapeOnce()
{
    bool enclosed = false;
    if (!isJsonLiteral(m_bytes, enclosed)) {
        return;
    }
    const std::string bytes = std::move(m_bytes);
    const std::vector<std::uint32_t> origin = std::move(m_origin);
    m_bytes.clear();
    m_origin.clear();
    const std::size_t first = bytes.find_first_not_of(" \t\r\n") + (enclosed ? 1 : 0);
    const std::size_t end = bytes.find_last_not_of(" \t\r\n") + (enclosed ? 0 : 1);
    for (std::size_t i = first; i < end; ++i) {
        const char next = i + 1 < end ? bytes[i + 1] : '\0';
        const bool pair = bytes[i] == '\\' && std::string_view("\\\"/").find(next) != std::string_view::npos;
        i += pair && next != '\0' ? 1U : 0U;
        add(bytes[i], origin[i]);
    }
    m_notes.push_back({{}, "read as a JSON string: its escapes are taken off once"});
}

FeedPosition FeedText::position(std::size_t at) const
{
    const std::size_t end = at < m_origin.size() ? m_origin[at] : m_given.size();
    if (end < m_counted) {
        m_counted = 0;
        m_place = {};
    }
    for (; m_counted < end; ++m_counted) {
        if (m_given[m_counted] == '\n') {
            ++m_place.line;
            m_place.column = 1;
        } else if ((static_cast<unsigned char>(m_given[m_counted]) & 0xC0U) != 0x80U) {
            ++m_place.column;
        }
    }
    return m_place;
}

} // namespace nightjar::logs
