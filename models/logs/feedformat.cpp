// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedformat.h"

#include "logs/feeddoubts.h"
#include "logs/feedshape.h"

#include "base/text.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxEscape = 16;

/// "ASCII_34" names of the API become characters.
std::string escapeCharacters(std::string_view given)
{
    if (!given.starts_with("ASCII_")) {
        return std::string(given);
    }
    std::string out;
    for (std::size_t at = given.find("ASCII_"); at != std::string_view::npos; at = given.find("ASCII_", at)) {
        at += 6;
        const std::size_t end = std::min(given.find_first_not_of("0123456789", at), given.size());
        const auto code = parseInteger(given.substr(at, end - at));
        out += code && *code > 0x20 && *code < 0x7F ? static_cast<char>(*code) : '\0';
    }
    return out;
}

bool isEscapeCharacter(char c)
{
    const char lower = asciiLower(c);
    return c >= 0x20 && c < 0x7F && !(c >= '0' && c <= '9') && !(lower >= 'a' && lower <= 'z');
}

void trimRecordEnd(std::string &literal)
{
    while (!literal.empty() && (literal.back() == '\n' || literal.back() == '\r')) {
        literal.pop_back();
    }
}

} // namespace

class FeedCompiler {
public:
    FeedCompiler(LexedFeed feed, std::string_view text, std::string escape)
        : m_feed(std::move(feed))
        , m_format(new FeedFormat)
    {
        m_format->m_text = std::string(text);
        m_format->m_escape = std::move(escape);
        m_format->m_dialect = m_feed.dialect;
        m_format->m_notes = m_feed.notes;
    }
    std::shared_ptr<const FeedFormat> run();

private:
    void takeTokens();
    [[nodiscard]] FeedSequence sequence(std::string_view lineBreak) const;
    void takeBody();
    void noteOddities();

    LexedFeed m_feed;
    std::shared_ptr<FeedFormat> m_format;
    bool m_breaks = false;
};

void FeedCompiler::takeTokens()
{
    std::vector<FeedToken> &tokens = m_format->m_tokens;
    for (const FeedPiece &piece : m_feed.pieces) {
        m_breaks = m_breaks || piece.kind == FeedPiece::Kind::Break;
        if (piece.kind != FeedPiece::Kind::Token) {
            continue;
        }
        FeedToken token;
        token.spec = piece.token;
        token.meaning = meaningOf(piece.token);
        token.key = piece.token.name;
        for (const FeedToken &other : tokens) {
            if (other.spec.name == token.spec.name && other.spec.modifier != token.spec.modifier) {
                token.key = token.spec.name + ":" + token.spec.modifier;
            }
        }
        const auto same = std::find_if(tokens.begin(), tokens.end(), [&](const FeedToken &other) {
            return other.key == token.key && other.spec.modifier == token.spec.modifier;
        });
        token.first = static_cast<std::size_t>(same - tokens.begin());
        tokens.push_back(std::move(token));
    }
}

/// The alternation of literals and slots with line breaks written as `lineBreak`.
FeedSequence FeedCompiler::sequence(std::string_view lineBreak) const
{
    FeedSequence out;
    out.literals.emplace_back();
    std::size_t token = 0;
    bool behindToken = false;
    for (const FeedPiece &piece : m_feed.pieces) {
        if (piece.kind == FeedPiece::Kind::Token) {
            if (behindToken) {
                ++out.slots.back().count;
            } else {
                out.slots.push_back({token, 1, false});
                out.literals.emplace_back();
            }
            ++token;
            behindToken = true;
            continue;
        }
        std::string &literal = out.literals.back();
        if (piece.kind == FeedPiece::Kind::Literal) {
            literal += piece.text;
        } else if (!literal.ends_with(' ') && !literal.ends_with('\t')) {
            literal += lineBreak;
        }
        behindToken = behindToken && literal.empty();
    }
    trimRecordEnd(out.literals.back());
    return out;
}

/// Behind a syslog header of the format stand its CEF:, LEEF: or { ; records may come without the header.
void FeedCompiler::takeBody()
{
    const FeedSequence &whole = m_format->m_variants.front();
    for (std::size_t i = 0; i < whole.literals.size() - 1; ++i) {
        const std::string &literal = whole.literals[i];
        std::size_t at = std::string::npos;
        for (const std::string_view start : {"CEF:", "LEEF:", "{"}) {
            const bool json = m_format->m_shape == FeedShape::Json;
            at = json == (start == "{") ? std::min(at, literal.find(start)) : at;
        }
        if (at == std::string::npos) {
            continue;
        }
        if (i > 0 || at > 0) {
            const auto from = static_cast<std::ptrdiff_t>(i);
            m_format->m_body.literals.assign(whole.literals.begin() + from, whole.literals.end());
            m_format->m_body.literals.front().erase(0, at);
            m_format->m_body.slots.assign(whole.slots.begin() + from, whole.slots.end());
        }
        return;
    }
}

void FeedCompiler::noteOddities()
{
    const FeedSequence &whole = m_format->m_variants.front();
    const bool broken = std::any_of(whole.literals.begin(), whole.literals.end(),
                                    [](const std::string &literal) { return literal.find('\n') != std::string::npos; });
    if (broken) {
        m_format->m_notes.push_back({{}, "\\n stands inside the format: one record will arrive as several lines"});
    }
    if (m_format->m_dialect == FeedDialect::Nss && m_format->m_kind.type == "unknown") {
        m_format->m_notes.push_back({{}, "neither its words nor its tokens tell the log type; choose the type"});
    }
}

std::shared_ptr<const FeedFormat> FeedCompiler::run()
{
    takeTokens();
    m_format->m_variants.push_back(sequence({}));
    if (m_breaks) {
        // Joined without a blank, a line that ends in a token runs into the next: blanks are the likelier reading.
        FeedSequence spaced = sequence(" ");
        if (spaced.literals != m_format->m_variants.front().literals) {
            m_format->m_variants.insert(m_format->m_variants.begin(), std::move(spaced));
        }
    }
    for (std::size_t i = m_format->m_variants.size(); i-- > 0;) {
        m_format->m_doubts = judgeSeparators(m_format->m_variants[i], m_format->m_tokens, m_format->m_escape);
        if (i > 0) {
            for (FeedToken &token : m_format->m_tokens) {
                token.certainty = FeedCertainty::Certain;
            }
        }
    }
    FeedShapeFinding found = findShape(m_format->m_variants.front(), m_format->m_tokens);
    m_format->m_shape = found.shape;
    m_format->m_jsonKeys = std::move(found.jsonKeys);
    m_format->m_constants = std::move(found.constants);
    m_format->m_kind = kindOfFeed(m_format->m_tokens, m_format->m_constants);
    takeBody();
    noteOddities();
    return m_format;
}

bool FeedFormat::isLineOriented() const
{
    return m_shape != FeedShape::Json || !m_variants.front().literals.front().starts_with('{');
}

std::string_view shapeName(FeedShape shape)
{
    static constexpr std::string_view kNames[] = {"json", "cef", "leef", "key=value", "csv", "tsv", "text"};
    return kNames[static_cast<std::size_t>(shape)];
}

Result<std::shared_ptr<const FeedFormat>> FeedFormat::compile(std::string_view text, std::string_view escape)
{
    std::string characters = escapeCharacters(escape);
    if (characters.size() > kMaxEscape || !std::all_of(characters.begin(), characters.end(), isEscapeCharacter)) {
        return fail("NJ-LOGS-033", "The escape characters cannot be",
                    "they are at most 16 printable characters that are neither letters nor digits",
                    "Give them as the feed has them, for example ,\\\" or ASCII_44,ASCII_34.");
    }
    auto feed = lexFeed(text);
    if (!feed) {
        return fail(feed.error());
    }
    return FeedCompiler(std::move(*feed), text, std::move(characters)).run();
}

} // namespace nightjar::logs
