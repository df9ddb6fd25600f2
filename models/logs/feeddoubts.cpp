// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feeddoubts.h"

#include "base/text.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

/// A separator with a word in it hardly occurs in values.
bool isNamed(std::string_view separator)
{
    return separator.size() >= 4 && std::any_of(separator.begin(), separator.end(), [](char c) {
               return (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || (c >= '0' && c <= '9');
           });
}

/// Control characters do not occur in values: feeds write them as %HH, or not at all.
bool hasControl(std::string_view separator)
{
    return std::any_of(separator.begin(), separator.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Values whose length is known from their start.
bool endsByItself(const FeedToken &token)
{
    const FeedKind kind = token.meaning.kind;
    return kind == FeedKind::Ctime || kind == FeedKind::MonthName || kind == FeedKind::DayName ||
           token.meaning.encoding == FeedEncoding::JsonQuoted ||
           (kind == FeedKind::Integer && token.spec.zeroPadded && token.spec.width > 0);
}

bool share(const FeedToken &left, const FeedToken &right)
{
    for (int c = 0x21; c < 0x7F; ++c) {
        if (canHold(left.meaning.kind, static_cast<char>(c)) && canHold(right.meaning.kind, static_cast<char>(c))) {
            return true;
        }
    }
    return false;
}

std::string nameOf(const FeedToken &token)
{
    return "%" + std::string(1, token.spec.conversion) + "{" + token.spec.name + "}";
}

std::string shown(std::string_view separator)
{
    std::string out;
    for (const char c : separator) {
        out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : std::string(1, c);
    }
    const std::string quote = out.find('"') == std::string::npos ? "\"" : "'";
    return separator == " " ? std::string("a blank") : quote + out + quote;
}

class Judge {
public:
    Judge(FeedSequence &sequence, std::vector<FeedToken> &tokens, std::string_view escape)
        : m_sequence(sequence)
        , m_tokens(tokens)
        , m_escape(escape)
    {
    }
    std::vector<FeedDoubt> run();

private:
    void neighbours(const FeedSlot &slot);
    void separator(std::size_t slot);
    void settleRepeated();
    [[nodiscard]] bool slotHolds(std::size_t slot, std::string_view separator) const;
    void doubt(std::size_t left, std::size_t right, std::string_view separator, std::string reason);
    FeedToken &last(std::size_t slot)
    {
        return m_tokens[m_sequence.slots[slot].first + m_sequence.slots[slot].count - 1];
    }

    FeedSequence &m_sequence;
    std::vector<FeedToken> &m_tokens;
    std::string_view m_escape;
    std::vector<FeedDoubt> m_doubts;
};

void Judge::doubt(std::size_t left, std::size_t right, std::string_view separator, std::string reason)
{
    m_tokens[left].certainty = FeedCertainty::Doubtful;
    m_tokens[right].certainty = FeedCertainty::Doubtful;
    m_doubts.push_back({m_tokens[left].spec.at, left, right, std::string(separator), std::move(reason)});
}

bool Judge::slotHolds(std::size_t slot, std::string_view separator) const
{
    const FeedSlot &group = m_sequence.slots[slot];
    for (std::size_t i = group.first; i < group.first + group.count; ++i) {
        if (canHoldText(m_tokens[i], separator, m_escape)) {
            return true;
        }
    }
    return false;
}

/// Tokens with nothing between them.
void Judge::neighbours(const FeedSlot &slot)
{
    for (std::size_t i = slot.first; i + 1 < slot.first + slot.count; ++i) {
        const FeedToken &left = m_tokens[i];
        const FeedToken &right = m_tokens[i + 1];
        const bool lastPair = i + 2 == slot.first + slot.count;
        if (!endsByItself(left) && !(lastPair && endsByItself(right)) && share(left, right)) {
            doubt(i, i + 1, {},
                  nameOf(left) + " and " + nameOf(right) +
                      " stand side by side without text between them, so where one value ends cannot be told");
        }
    }
}

void Judge::separator(std::size_t slot)
{
    const std::string &text = m_sequence.literals[slot + 1];
    FeedToken &token = last(slot);
    if (!canHoldText(token, text, m_escape) || token.certainty == FeedCertainty::Doubtful) {
        return;
    }
    token.certainty = FeedCertainty::Likely;
    if (isNamed(text) || hasControl(text)) {
        return;
    }
    // Whom could the rest of the value be given to? The next one that may hold the separator, with no number between.
    for (std::size_t next = slot + 1; next < m_sequence.slots.size() && m_sequence.literals[next] == text; ++next) {
        if (slotHolds(next, text)) {
            const std::size_t left = m_sequence.slots[slot].first + m_sequence.slots[slot].count - 1;
            const std::size_t right = m_sequence.slots[next].first;
            doubt(left, right, text,
                  "a value of " + nameOf(m_tokens[left]) + " or " + nameOf(m_tokens[right]) + " that holds " +
                      shown(text) + " cannot be told from two values; use the encoded variants, or make " +
                      shown(text) + " an escape character of the feed");
            return;
        }
        if (isStrict(m_tokens[m_sequence.slots[next].first].meaning.kind)) {
            return;
        }
    }
}

/// A token that the record repeats where it is certain tells its value for the doubtful place too.
void Judge::settleRepeated()
{
    const auto certainElsewhere = [this](std::size_t token) {
        const FeedToken &one = m_tokens[token];
        return std::any_of(m_tokens.begin(), m_tokens.end(), [&one](const FeedToken &other) {
            return other.first == one.first && other.certainty != FeedCertainty::Doubtful &&
                   other.spec.conversion == one.spec.conversion;
        });
    };
    for (auto doubt = m_doubts.begin(); doubt != m_doubts.end();) {
        if (doubt->separator.empty() || (!certainElsewhere(doubt->token) && !certainElsewhere(doubt->other))) {
            ++doubt;
            continue;
        }
        for (const std::size_t token : {doubt->token, doubt->other}) {
            const bool elsewhere = std::any_of(m_doubts.begin(), m_doubts.end(), [&](const FeedDoubt &other) {
                return &other != &*doubt && (other.token == token || other.other == token);
            });
            m_tokens[token].certainty = elsewhere ? FeedCertainty::Doubtful : FeedCertainty::Likely;
        }
        doubt = m_doubts.erase(doubt);
    }
}

std::vector<FeedDoubt> Judge::run()
{
    for (std::size_t i = 0; i < m_sequence.slots.size(); ++i) {
        FeedSlot &slot = m_sequence.slots[i];
        neighbours(slot);
        if (i + 1 < m_sequence.slots.size()) {
            separator(i);
        }
        const FeedToken &token = m_tokens[slot.first];
        slot.mayHoldLiteralBefore = i > 0 && slotHolds(i, m_sequence.literals[i]);
        slot.strict = slot.count == 1 && isStrict(token.meaning.kind);
        slot.showsEnd = slot.count == 1 &&
                        (token.meaning.kind == FeedKind::Ctime || token.meaning.encoding == FeedEncoding::JsonQuoted);
        slot.repeats = slot.count == 1 && token.first != slot.first;
    }
    settleRepeated();
    return std::move(m_doubts);
}

} // namespace

bool canHoldText(const FeedToken &token, std::string_view separator, std::string_view escape)
{
    if (separator.empty() || endsByItself(token)) {
        return false;
    }
    const FeedMeaning &meaning = token.meaning;
    return std::all_of(separator.begin(), separator.end(), [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool base64 = meaning.encoding == FeedEncoding::Base64;
        if (base64) {
            return canHold(FeedKind::Word, c) || c == '=';
        }
        if (meaning.encoding == FeedEncoding::Percent && (byte <= 0x20 || byte >= 0x7F)) {
            return false;
        }
        if (meaning.encoding == FeedEncoding::JsonEscaped && c == '"') {
            return false;
        }
        return escape.find(c) == std::string_view::npos && canHold(meaning.kind, c);
    });
}

std::vector<FeedDoubt> judgeSeparators(FeedSequence &sequence, std::vector<FeedToken> &tokens, std::string_view escape)
{
    return Judge(sequence, tokens, escape).run();
}

} // namespace nightjar::logs
