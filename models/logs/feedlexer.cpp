// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedlexer.h"

#include "logs/feedtext.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::array<std::string_view, 17> kModifiers = {"time", "iso8601", "epoch", "epoch_ms", "epoch_us", "us",
                                                         "ms",   "ss",      "mm",    "hh",       "dd",       "mth",
                                                         "mon",  "yyy",     "yyyy",  "yy",       "day"};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHex(char c)
{
    return isDigit(c) || (asciiLower(c) >= 'a' && asciiLower(c) <= 'f');
}
bool isNameCharacter(char c)
{
    return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.';
}

class Lexer {
public:
    explicit Lexer(std::string_view text)
        : m_text(text)
        , m_bytes(m_text.bytes())
    {
        m_feed.notes = m_text.notes();
    }
    Result<LexedFeed> run();

private:
    [[nodiscard]] Error error(std::string code, std::string title, std::string reason, std::size_t at,
                              std::string hint) const;
    [[nodiscard]] Error tokenError(std::string reason, std::size_t at, std::string hint) const;
    [[nodiscard]] char peek(std::size_t at) const { return at < m_bytes.size() ? m_bytes[at] : '\0'; }
    void literal(char c, std::size_t at);
    void lineBreak();
    bool escape();
    std::optional<Error> percent();
    std::optional<Error> conversion(std::size_t &at, FeedSpecifier &token) const;
    std::optional<Error> name(std::size_t open, FeedSpecifier &token);
    std::optional<Error> closingBrace();
    std::optional<Error> finish();

    FeedText m_text;
    std::string_view m_bytes;
    std::size_t m_at = 0;
    LexedFeed m_feed;
    std::vector<std::size_t> m_open; ///< unescaped opening braces
    bool m_bareBraces = false;
    std::size_t m_firstBrace = 0;
    std::size_t m_tokens = 0;
};

Error Lexer::error(std::string code, std::string title, std::string reason, std::size_t at, std::string hint) const
{
    const FeedPosition position = m_text.position(at);
    return {std::move(code), std::move(title), std::move(reason), Place{{}, position.line, position.column},
            std::move(hint)};
}

Error Lexer::tokenError(std::string reason, std::size_t at, std::string hint) const
{
    return error("NJ-LOGS-031", "A token of the feed format is broken", std::move(reason), at, std::move(hint));
}

void Lexer::literal(char c, std::size_t at)
{
    if (m_feed.pieces.empty() || m_feed.pieces.back().kind != FeedPiece::Kind::Literal) {
        m_feed.pieces.push_back({FeedPiece::Kind::Literal, {}, {}, m_text.position(at)});
    }
    m_feed.pieces.back().text += c;
}

void Lexer::lineBreak()
{
    const std::size_t at = m_at;
    while (peek(m_at) == '\n' || peek(m_at) == '\r' || peek(m_at) == ' ' || peek(m_at) == '\t') {
        ++m_at;
    }
    if (!m_feed.pieces.empty() && m_at < m_bytes.size()) {
        m_feed.pieces.push_back({FeedPiece::Kind::Break, {}, {}, m_text.position(at)});
    }
}

/// A backslash and what it stands for; false when it is only a backslash.
bool Lexer::escape()
{
    const char next = peek(m_at + 1);
    char stands = next;
    switch (next) {
    case 't':
        stands = '\t';
        break;
    case 'n':
        stands = '\n';
        break;
    case 'r':
        stands = '\r';
        break;
    case '{':
    case '}':
    case '\\':
    case '"':
        break;
    default:
        return false;
    }
    literal(stands, m_at);
    m_at += 2;
    return true;
}

/// Flags, width, precision and conversion; `at` stands behind the percent sign and is moved to the brace.
std::optional<Error> Lexer::conversion(std::size_t &at, FeedSpecifier &token) const
{
    while (peek(at) == '-' || peek(at) == '+' || peek(at) == '0' || peek(at) == '#') {
        token.zeroPadded = token.zeroPadded || peek(at) == '0';
        ++at;
    }
    while (isDigit(peek(at)) || peek(at) == '.') {
        if (isDigit(peek(at)) && token.width < 1'000) {
            token.width = token.width * 10 + static_cast<unsigned>(peek(at) - '0');
        }
        ++at;
    }
    const std::size_t word = at;
    while (isLetter(peek(at))) {
        ++at;
    }
    const std::string letters(m_bytes.substr(word, at - word));
    std::string bare = letters;
    bare.erase(0, std::min<std::size_t>(std::min<std::size_t>(bare.find_first_not_of('l'), bare.size()), 2));
    if (letters.empty()) {
        return tokenError("it has no conversion letter between % and {", word,
                          "Write %s{name} for text, %d{name} for a number.");
    }
    constexpr std::string_view kAll = "sduxXifjJo";
    const bool sized = bare.size() != letters.size();
    if (bare.size() != 1 || kAll.find(bare[0]) == std::string_view::npos || (sized && kAll.find(bare[0]) > 5)) {
        return tokenError("there is no conversion \"" + letters + "\"", word,
                          "Known are s, d, u, x, f, the sizes l and ll before d, u and x, and for ZPA j, J and o.");
    }
    token.conversion = bare[0] == 'i' ? 'd' : bare[0] == 'X' ? 'x' : bare[0];
    return std::nullopt;
}

std::optional<Error> Lexer::name(std::size_t open, FeedSpecifier &token)
{
    std::size_t at = open + 1;
    while (isNameCharacter(peek(at))) {
        ++at;
    }
    token.name = std::string(m_bytes.substr(open + 1, at - open - 1));
    if (peek(at) == ':') {
        const std::size_t colon = ++at;
        while (isNameCharacter(peek(at))) {
            ++at;
        }
        token.modifier = std::string(m_bytes.substr(colon, at - colon));
        if (peek(at) == '}' && std::find(kModifiers.begin(), kModifiers.end(), token.modifier) == kModifiers.end()) {
            return tokenError("there is no time form \"" + token.modifier + "\"", colon,
                              "Known are time, iso8601, epoch, epoch_ms, epoch_us and the parts us, ms, ss, mm, hh, "
                              "dd, mth, mon, yyy, day.");
        }
    }
    if (at >= m_bytes.size() || m_bytes[at] == '\n' || m_bytes[at] == '\r') {
        return tokenError("its name is not closed", open, "Put } behind the name.");
    }
    if (m_bytes[at] != '}') {
        return tokenError("its name holds a character that names do not have: " + visible(m_bytes.substr(at, 1)), at,
                          "Names are letters, digits and _. Is the } before it missing?");
    }
    if (token.name.empty()) {
        return tokenError("its name is empty", open, "Write the field's name between the braces.");
    }
    if (token.name.size() > kMaxNameBytes) {
        return tokenError("its name is longer than 128 characters", open, {});
    }
    m_at = at + 1;
    return std::nullopt;
}

std::optional<Error> Lexer::percent()
{
    const std::size_t start = m_at;
    if (peek(m_at + 1) == '%') {
        literal('%', start);
        m_at += 2;
        return std::nullopt;
    }
    FeedSpecifier token;
    token.at = m_text.position(start);
    std::size_t at = start + 1;
    std::size_t brace = at;
    while (isDigit(peek(brace)) || isLetter(peek(brace)) || peek(brace) == '.' || peek(brace) == '-') {
        ++brace;
    }
    if (peek(brace) != '{') {
        const bool bare = brace == at + 1 && std::string_view("sdux").find(peek(at)) != std::string_view::npos;
        if (bare && !isHex(peek(at + 1))) {
            return tokenError("no name in braces follows", start,
                              "Write %" + std::string(1, peek(at)) + "{name}, or %% for a percent sign.");
        }
        literal('%', start);
        m_at = at;
        return std::nullopt;
    }
    if (auto problem = conversion(at, token)) {
        return problem;
    }
    if (at != brace) {
        return tokenError("its width is not a number", start + 1, "Write it like %02d{name}.");
    }
    if (auto problem = name(brace, token)) {
        return problem;
    }
    if (++m_tokens > kMaxFeedTokens) {
        return error("NJ-LOGS-030", "A feed format is too long", "it has more than 1,024 tokens", start, {});
    }
    if (!token.modifier.empty() || token.conversion == 'j' || token.conversion == 'J' || token.conversion == 'o') {
        m_feed.dialect = FeedDialect::Lss;
    }
    m_feed.pieces.push_back({FeedPiece::Kind::Token, {}, std::move(token), m_text.position(start)});
    return std::nullopt;
}

std::optional<Error> Lexer::closingBrace()
{
    if (m_open.empty()) {
        return error("NJ-LOGS-032", "The braces of the feed format do not match",
                     "this } closes nothing; it is neither the end of a token nor of an open {", m_at,
                     "Write \\} for a brace of the record itself.");
    }
    m_open.pop_back();
    literal('}', m_at++);
    return std::nullopt;
}

std::optional<Error> Lexer::finish()
{
    if (!m_open.empty()) {
        return error("NJ-LOGS-032", "The braces of the feed format do not match", "this { is never closed",
                     m_open.front(), "Write \\{ for a brace of the record itself.");
    }
    if (m_tokens == 0) {
        return error("NJ-LOGS-030", "The feed format has no token", "nothing in it would be replaced by a value", 0,
                     "A feed output format holds tokens such as %s{time}.");
    }
    if (m_bareBraces && m_feed.dialect == FeedDialect::Nss) {
        m_feed.notes.push_back({m_text.position(m_firstBrace), "NSS feeds want \\{ and \\} for braces of the record"});
    }
    while (!m_feed.pieces.empty() && m_feed.pieces.back().kind == FeedPiece::Kind::Break) {
        m_feed.pieces.pop_back();
    }
    return std::nullopt;
}

Result<LexedFeed> Lexer::run()
{
    if (m_bytes.size() > kMaxFeedFormatBytes) {
        return fail(
            error("NJ-LOGS-030", "A feed format is too long", "it has more than 64 KB", kMaxFeedFormatBytes, {}));
    }
    std::optional<Error> problem;
    while (!problem && m_at < m_bytes.size()) {
        const char c = m_bytes[m_at];
        if (c == '\n' || c == '\r') {
            lineBreak();
        } else if (c == '%') {
            problem = percent();
        } else if (c == '}') {
            problem = closingBrace();
        } else if (c == '\\' && escape()) {
            continue;
        } else {
            if (c == '{') {
                m_firstBrace = m_bareBraces ? m_firstBrace : m_at;
                m_bareBraces = true;
                m_open.push_back(m_at);
            }
            literal(c, m_at++);
        }
    }
    if (!problem) {
        problem = finish();
    }
    if (problem) {
        return fail(std::move(*problem));
    }
    return std::move(m_feed);
}

} // namespace

Result<LexedFeed> lexFeed(std::string_view text)
{
    return Lexer(text.substr(0, kMaxFeedFormatBytes + 1)).run();
}

} // namespace nightjar::logs
