// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/pattern.h"

#include <array>
#include <cstddef>

namespace nightjar::sigma {

namespace {

void addLiteral(Pattern &pattern, std::string_view text)
{
    if (pattern.empty() || pattern.back().kind != Token::Kind::Literal) {
        pattern.push_back({});
    }
    pattern.back().text.append(text);
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::array<std::string_view, 5> kDashes{"-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95"};

std::size_t dashLength(std::string_view text)
{
    for (const std::string_view dash : kDashes) {
        if (text.substr(0, dash.size()) == dash) {
            return dash.size();
        }
    }
    return 0;
}

std::size_t characterLength(std::string_view text)
{
    if (text.empty()) {
        return 0;
    }
    std::size_t length = 1;
    while (length < text.size() && length < 4 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u &&
           static_cast<unsigned char>(text[0]) >= 0xC0u) {
        ++length;
    }
    return length;
}

/// Bytes that the token takes from the front of `text`; npos when it does not fit.
std::size_t consume(const Token &token, std::string_view text)
{
    std::size_t length = 0;
    switch (token.kind) {
    case Token::Kind::Literal:
        return text.substr(0, token.text.size()) == token.text ? token.text.size() : std::string_view::npos;
    case Token::Kind::OneCharacter:
        length = characterLength(text);
        break;
    case Token::Kind::Dash:
        length = dashLength(text);
        break;
    case Token::Kind::AnyRun:
        return 0;
    }
    return length == 0 ? std::string_view::npos : length;
}

} // namespace

Pattern parsePattern(std::string_view text)
{
    Pattern pattern;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size() && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\')) {
            addLiteral(pattern, text.substr(++i, 1));
        } else if (c == '*') {
            if (pattern.empty() || pattern.back().kind != Token::Kind::AnyRun) {
                pattern.push_back({Token::Kind::AnyRun, {}});
            }
        } else if (c == '?') {
            pattern.push_back({Token::Kind::OneCharacter, {}});
        } else {
            addLiteral(pattern, text.substr(i, 1));
        }
    }
    return pattern;
}

bool isLiteral(const Pattern &pattern)
{
    for (const Token &token : pattern) {
        if (token.kind != Token::Kind::Literal) {
            return false;
        }
    }
    return true;
}

std::string literalText(const Pattern &pattern)
{
    std::string text;
    for (const Token &token : pattern) {
        text += token.text;
    }
    return text;
}

void wrap(Pattern &pattern, bool front, bool back)
{
    if (front && (pattern.empty() || pattern.front().kind != Token::Kind::AnyRun)) {
        pattern.insert(pattern.begin(), {Token::Kind::AnyRun, {}});
    }
    if (back && (pattern.empty() || pattern.back().kind != Token::Kind::AnyRun)) {
        pattern.push_back({Token::Kind::AnyRun, {}});
    }
}

Pattern varyDashes(const Pattern &pattern)
{
    Pattern result;
    for (const Token &token : pattern) {
        if (token.kind != Token::Kind::Literal) {
            result.push_back(token);
            continue;
        }
        const std::string &text = token.text;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool varies = (text[i] == '-' || text[i] == '/') && (i == 0 || !isWord(text[i - 1])) &&
                                i + 1 < text.size() && isWord(text[i + 1]);
            if (varies) {
                result.push_back({Token::Kind::Dash, {}});
            } else {
                addLiteral(result, std::string_view(text).substr(i, 1));
            }
        }
    }
    return result;
}

bool matchesPattern(const Pattern &pattern, std::string_view text)
{
    std::size_t at = 0;
    std::size_t token = 0;
    std::size_t retryToken = std::string_view::npos;
    std::size_t retryAt = 0;
    while (at < text.size() || token < pattern.size()) {
        if (token < pattern.size()) {
            if (pattern[token].kind == Token::Kind::AnyRun) {
                if (token + 1 == pattern.size()) {
                    return true;
                }
                retryToken = ++token;
                retryAt = at;
                continue;
            }
            const std::size_t taken = consume(pattern[token], text.substr(at));
            if (taken != std::string_view::npos) {
                at += taken;
                ++token;
                continue;
            }
        }
        if (retryToken == std::string_view::npos || retryAt >= text.size()) {
            return false;
        }
        at = ++retryAt;
        token = retryToken;
    }
    return true;
}

} // namespace nightjar::sigma
