// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/lexer.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace nightjar::query {
namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool isLetter(char c)
{
    return asciiLower(c) >= 'a' && asciiLower(c) <= 'z';
}
bool isFieldCharacter(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

} // namespace

void Lexer::skipBlanks()
{
    while (!atEnd() && isBlank(peek())) {
        ++m_position;
    }
}

bool Lexer::take(char c)
{
    const bool here = peek() == c && !atEnd();
    m_position += here ? 1 : 0;
    return here;
}

bool Lexer::takeKeyword(std::string_view word)
{
    const std::string_view rest = m_text.substr(m_position);
    if (!startsWithIgnoreCase(rest, word)) {
        return false;
    }
    const char next = rest.size() > word.size() ? rest[word.size()] : ' ';
    const bool whole = isBlank(next) || next == '(' || next == ')' || next == '"';
    m_position += whole ? word.size() : 0;
    return whole;
}

std::string_view Lexer::takeField()
{
    std::size_t end = m_position;
    while (end < m_text.size() && isFieldCharacter(m_text[end])) {
        ++end;
    }
    const std::string_view name = m_text.substr(m_position, end - m_position);
    const std::string_view rest = m_text.substr(end);
    const bool hasOperator = !rest.empty() && std::string_view(":=<>").find(rest.front()) != std::string_view::npos;
    // "http://host" is text, "2001:db8::1" an address.
    if (name.empty() || !isLetter(name.front()) || !hasOperator || rest.starts_with("://") || rest.starts_with("::")) {
        return {};
    }
    m_position = end;
    return name;
}

std::string_view Lexer::takeOperator()
{
    static constexpr std::array<std::string_view, 6> kOperators = {">=", "<=", ">", "<", ":", "="};
    for (const std::string_view op : kOperators) {
        if (m_text.substr(m_position).starts_with(op)) {
            m_position += op.size();
            return op;
        }
    }
    return {};
}

Result<Value> Lexer::takeQuoted()
{
    Value value;
    value.quoted = true;
    value.begin = m_position++;
    while (!atEnd() && peek() != '"') {
        const bool escaped = peek() == '\\' && m_position + 1 < m_text.size() &&
                             (m_text[m_position + 1] == '"' || m_text[m_position + 1] == '\\');
        m_position += escaped ? 1 : 0;
        value.text += m_text[m_position++];
    }
    if (!take('"')) {
        return error("NJ-QUERY-001", value.begin, "The quotes are not closed", "there is no second \" behind this one",
                     "Add a \" at the end, or write \\\" for a quote inside the text.");
    }
    value.end = m_position;
    return value;
}

Result<Value> Lexer::takeValue(std::string_view stops)
{
    if (peek() == '"') {
        return takeQuoted();
    }
    Value value;
    value.begin = m_position;
    while (!atEnd() && !isBlank(peek()) && stops.find(peek()) == std::string_view::npos) {
        if (peek() == '\\' && m_position + 1 < m_text.size()) {
            value.text += m_text[m_position++]; // the pair stays for the wildcards to read
        }
        value.text += m_text[m_position++];
    }
    value.end = m_position;
    return value;
}

Result<Value> Lexer::takeRegex(std::string &flags)
{
    Value value;
    value.begin = m_position++;
    while (!atEnd() && peek() != '/') {
        if (peek() == '\\' && m_position + 1 < m_text.size()) {
            if (m_text[m_position + 1] != '/') {
                value.text += '\\';
            }
            ++m_position;
        }
        value.text += m_text[m_position++];
    }
    if (!take('/')) {
        return error("NJ-QUERY-001", value.begin, "The regular expression is not closed", "there is no / at its end",
                     "Write field:~/pattern/ and \\/ for a slash inside the pattern.");
    }
    while (isLetter(peek())) {
        flags += m_text[m_position++];
    }
    value.end = m_position;
    return value;
}

tl::unexpected<Error> Lexer::error(std::string code, std::size_t at, std::string title, std::string reason,
                                   std::string hint) const
{
    const std::string_view before = m_text.substr(0, std::min(at, m_text.size()));
    const auto characters = std::count_if(before.begin(), before.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    return fail(Error{std::move(code),
                      std::move(title),
                      std::move(reason),
                      {{}, 1, static_cast<std::uint64_t>(characters) + 1},
                      std::move(hint)});
}

} // namespace nightjar::query
