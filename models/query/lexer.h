// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace nightjar::query {

/// A value as written: its text without quotes, whether it was quoted, and where it stood.
struct Value {
    std::string text;
    bool quoted = false;
    std::size_t begin = 0, end = 0;
};

/// Walks over the query's text. What ends a word depends on where it stands, so the parser asks for what it expects.
/// Private to the room.
class Lexer {
public:
    explicit Lexer(std::string_view text)
        : m_text(text)
    {
    }
    [[nodiscard]] std::size_t position() const { return m_position; }
    [[nodiscard]] std::string_view text() const { return m_text; }
    void moveTo(std::size_t position) { m_position = position; }

    void skipBlanks();
    [[nodiscard]] bool atEnd() const { return m_position >= m_text.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_text[m_position]; }
    bool take(char c);
    /// The keyword, any case, when it stands here as a whole word.
    bool takeKeyword(std::string_view word);
    /// A field name followed by an operator; empty (and nothing taken) when there is none.
    std::string_view takeField();
    /// ">=", "<=", ">", "<", ":" or "=", whichever stands here; empty otherwise.
    std::string_view takeOperator();
    /// Quoted text, or a bare word up to a blank or one of `stops`.
    Result<Value> takeValue(std::string_view stops);
    /// The pattern between slashes with its flags behind; the opening slash stands here.
    Result<Value> takeRegex(std::string &flags);

    /// An error with the column of a byte.
    [[nodiscard]] tl::unexpected<Error> error(std::string code, std::size_t at, std::string title, std::string reason,
                                              std::string hint) const;

private:
    Result<Value> takeQuoted();
    std::string_view m_text;
    std::size_t m_position = 0;
};

} // namespace nightjar::query
