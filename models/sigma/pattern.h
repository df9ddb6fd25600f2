// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Sigma strings: wildcards and escapes (Sigma specification 2.1.0, "Wildcard usage" and "Escaping").
namespace nightjar::sigma {

struct Token {
    enum class Kind : std::uint8_t {
        Literal,
        AnyRun,       ///< `*`: any run of bytes, also an empty one, also line ends
        OneCharacter, ///< `?`: exactly one code point
        Dash,         ///< from `windash`: - / – — ―
    };
    Kind kind = Kind::Literal;
    std::string text; ///< of a Literal
};
using Pattern = std::vector<Token>;

/// Splits a rule's string; `\` escapes only `*`, `?` and `\`. Neighbouring literals are merged.
Pattern parsePattern(std::string_view text);
/// True when nothing but literal text stands in it.
bool isLiteral(const Pattern &pattern);
/// The text of a literal pattern; wildcards are left out.
std::string literalText(const Pattern &pattern);
/// Puts `*` in front and/or behind, never doubled.
void wrap(Pattern &pattern, bool front, bool back);
/// Replaces `-` and `/` that start a word (no word character before, one after) by Dash.
Pattern varyDashes(const Pattern &pattern);
/// Whole-text match, O(text × pattern) at worst. Literals are compared byte by byte: fold both sides first.
bool matchesPattern(const Pattern &pattern, std::string_view text);

} // namespace nightjar::sigma
