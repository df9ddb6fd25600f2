// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedsequence.h"

#include "logs/feedscore.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxPlaces = 64;        ///< of one literal
constexpr std::size_t kMaxWeighings = 40'000; ///< of one record
constexpr std::size_t kMaxWeighedBytes = 4U << 20U;
constexpr unsigned kMaxDivisions = 2'000;
constexpr int kContradiction = -60; ///< a repeated token with another value

std::string tokenText(const FeedToken &token)
{
    return "%" + std::string(1, token.spec.conversion) + "{" + token.spec.name + "}";
}

std::string shown(std::string_view text)
{
    std::string out;
    for (const char c : text.substr(0, 40)) {
        out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : std::string(1, c);
    }
    return out + (text.size() > 40 ? "…" : "");
}

/// The first place of `literal` from `at` on.
std::size_t findLiteral(std::string_view text, const std::string &literal, std::size_t at)
{
    const std::size_t size = literal.size();
    if (size == 0) {
        return at;
    }
    const char *const end = text.data() + text.size();
    const char *from = text.data() + at;
    while (static_cast<std::size_t>(end - from) >= size) {
        const void *const hit = std::memchr(from, literal[0], static_cast<std::size_t>(end - from) - size + 1);
        if (hit == nullptr) {
            return std::string_view::npos;
        }
        from = static_cast<const char *>(hit);
        if (size == 1 || (from[1] == literal[1] && std::memcmp(from, literal.data(), size) == 0)) {
            return static_cast<std::size_t>(from - text.data());
        }
        ++from;
    }
    return std::string_view::npos;
}

/// The end of a value that shows it from its own start; npos for the others.
std::size_t ownEnd(const FeedToken &token, std::string_view rest)
{
    if (token.meaning.encoding == FeedEncoding::JsonQuoted && rest.starts_with('"')) {
        std::size_t at = 1;
        while (at < rest.size() && rest[at] != '"') {
            at += rest[at] == '\\' ? 2U : 1U;
        }
        return at < rest.size() ? at + 1 : std::string_view::npos;
    }
    if (token.meaning.kind == FeedKind::Ctime) {
        const std::size_t length = longestStart(FeedKind::Ctime, rest);
        return length > 0 ? length : std::string_view::npos;
    }
    return std::string_view::npos;
}

} // namespace

std::string_view SequenceMatcher::slotValue(const FeedSequence &sequence, std::string_view text, std::size_t slot) const
{
    const std::size_t begin = m_at[slot] + sequence.literals[slot].size();
    return text.substr(begin, m_at[slot + 1] - begin);
}

std::optional<ScanProblem> SequenceMatcher::leftmost(const FeedSequence &sequence, std::string_view text)
{
    const std::string &head = sequence.literals.front();
    const std::string &tail = sequence.literals.back();
    if (!text.starts_with(head)) {
        const auto differ = std::mismatch(head.begin(), head.end(), text.begin(), text.end());
        return ScanProblem{static_cast<std::size_t>(differ.second - text.begin()),
                           "the record does not begin with " + shown(head)};
    }
    if (text.size() < head.size() + tail.size() || !text.ends_with(tail)) {
        return ScanProblem{text.size(), "the record does not end with " + shown(tail) + "; it may be cut off"};
    }
    const std::size_t slots = sequence.slots.size();
    const std::size_t end = text.size() - tail.size();
    m_at.resize(slots + 1);
    m_at[0] = 0;
    m_at[slots] = static_cast<std::uint32_t>(end);
    std::size_t at = head.size();
    for (std::size_t i = 0; i + 1 < slots; ++i) {
        const std::string &literal = sequence.literals[i + 1];
        const FeedSlot &slot = sequence.slots[i];
        std::size_t found = std::string_view::npos;
        if (slot.showsEnd) {
            const std::size_t own = ownEnd((*m_tokens)[slot.first], text.substr(at));
            if (own != std::string_view::npos && text.substr(at + own).starts_with(literal)) {
                found = at + own;
            }
        }
        found = found == std::string_view::npos ? findLiteral(text, literal, at) : found;
        if (found == std::string_view::npos || found + literal.size() > end) {
            return ScanProblem{at, "behind " + tokenText((*m_tokens)[slot.first + slot.count - 1]) + " the text " +
                                       shown(literal) + " is missing"};
        }
        m_at[i + 1] = static_cast<std::uint32_t>(found);
        at = found + literal.size();
    }
    return std::nullopt;
}

/// True when no other division of the text is possible, or none that matters.
bool SequenceMatcher::isSettled(const FeedSequence &sequence, std::string_view text) const
{
    const std::vector<FeedToken> &tokens = *m_tokens;
    for (std::size_t i = 0; i < sequence.slots.size(); ++i) {
        const FeedSlot &slot = sequence.slots[i];
        if (slot.mayHoldLiteralBefore) {
            const std::string &literal = sequence.literals[i];
            if (findLiteral(text.substr(0, m_at[i + 1]), literal, m_at[i] + 1) != std::string_view::npos) {
                return false;
            }
        }
        if (slot.strict && fits(tokens[slot.first].meaning.kind, slotValue(sequence, text, i)) == FeedFit::No) {
            return false;
        }
    }
    return true;
}

/// The rightmost place of each literal within those of its neighbours.
bool SequenceMatcher::rightmost(const FeedSequence &sequence, std::string_view text)
{
    const std::size_t slots = sequence.slots.size();
    m_right.assign(m_at.begin(), m_at.end());
    for (std::size_t i = slots - 1; i > 0; --i) {
        const std::string &literal = sequence.literals[i];
        if (m_right[i + 1] < literal.size()) {
            return false;
        }
        const std::size_t found = text.rfind(literal, m_right[i + 1] - literal.size());
        if (found == std::string_view::npos || found < m_at[i]) {
            return false; // the text divides in one way only
        }
        m_right[i] = static_cast<std::uint32_t>(found);
    }
    return true;
}

void SequenceMatcher::collectPlaces(const FeedSequence &sequence, std::string_view text)
{
    const std::size_t slots = sequence.slots.size();
    std::size_t budget = kMaxWeighedBytes;
    m_places.resize(std::max(m_places.size(), slots + 1));
    for (std::size_t i = 0; i <= slots; ++i) {
        std::vector<Place> &places = m_places[i];
        places.clear();
        const std::string &literal = sequence.literals[i];
        std::size_t at = m_at[i];
        while (at != std::string_view::npos && at <= m_right[i] && places.size() + 1 < kMaxPlaces) {
            places.push_back({static_cast<std::uint32_t>(at), 0, 0});
            const std::size_t reach = std::min<std::size_t>(m_right[i] - at, budget);
            budget -= reach;
            at = reach > 0 ? text.substr(0, at + reach + literal.size()).find(literal, at + 1) : std::string_view::npos;
        }
        if (places.back().at < m_right[i]) {
            places.push_back({m_right[i], 0, 0});
        }
    }
}

/// What a slot of several tokens is worth is what its division is worth.
int SequenceMatcher::score(const FeedSequence &sequence, std::size_t slot, std::string_view value)
{
    const FeedSlot &group = sequence.slots[slot];
    const std::string &separator =
        sequence.literals[slot + 1].empty() ? sequence.literals[slot] : sequence.literals[slot + 1];
    if (group.count > 1) {
        unsigned work = kMaxDivisions / 10;
        m_parts.assign(group.count, {});
        return divide(group, 0, value, work) ? 3 : -12;
    }
    const FeedToken &token = (*m_tokens)[group.first];
    if (token.meaning.encoding == FeedEncoding::JsonQuoted && value.size() > 1 && value.front() == '"') {
        return ownEnd(token, value) == value.size() ? 6 : -12;
    }
    int points = naturalness(token, value, separator);
    const std::string_view known = m_known[token.first];
    if (known.data() != nullptr && known != value &&
        token.spec.conversion == (*m_tokens)[token.first].spec.conversion) {
        points += kContradiction;
    }
    return points;
}

void SequenceMatcher::weigh(const FeedSequence &sequence, std::string_view text)
{
    const std::size_t slots = sequence.slots.size();
    std::size_t weighings = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 1; i <= slots; ++i) {
        const std::size_t skip = sequence.literals[i - 1].size();
        for (Place &place : m_places[i]) {
            place.score = std::numeric_limits<int>::min();
            for (std::size_t before = 0; before < m_places[i - 1].size(); ++before) {
                const Place &left = m_places[i - 1][before];
                if (left.score == std::numeric_limits<int>::min() || left.at + skip > place.at) {
                    continue;
                }
                const std::string_view value = text.substr(left.at + skip, place.at - left.at - skip);
                bytes += std::min<std::size_t>(value.size(), 4'096);
                if (++weighings > kMaxWeighings || bytes > kMaxWeighedBytes) {
                    return; // too many ways: the leftmost division stands
                }
                const int total = left.score + score(sequence, i - 1, value);
                if (total > place.score) {
                    place.score = total;
                    place.from = static_cast<std::uint32_t>(before);
                }
            }
        }
    }
    if (m_places[slots].back().score == std::numeric_limits<int>::min()) {
        return;
    }
    std::size_t chosen = m_places[slots].size() - 1;
    for (std::size_t i = slots; i > 0; --i) {
        m_at[i] = m_places[i][chosen].at;
        chosen = m_places[i][chosen].from;
    }
}

/// Numbers must be numbers.
std::optional<ScanProblem> SequenceMatcher::check(const FeedSequence &sequence, std::string_view text) const
{
    for (std::size_t i = 0; i < sequence.slots.size(); ++i) {
        const FeedSlot &slot = sequence.slots[i];
        const FeedToken &token = (*m_tokens)[slot.first];
        const std::string_view value = slotValue(sequence, text, i);
        if (slot.strict && fits(token.meaning.kind, value) == FeedFit::No) {
            return ScanProblem{static_cast<std::size_t>(value.data() - text.data()),
                               "the value of " + tokenText(token) + " should be of the kind " +
                                   std::string(kindName(token.meaning.kind)) + " and is \"" + shown(value) + "\""};
        }
    }
    return std::nullopt;
}

/// Tokens without text between them: each takes as much as its kind lets it, and gives back until the rest fits.
bool SequenceMatcher::divide(const FeedSlot &slot, std::size_t token, std::string_view value, unsigned &work)
{
    const FeedToken &one = (*m_tokens)[slot.first + token];
    if (work == 0) {
        return false;
    }
    --work;
    if (token + 1 == slot.count) {
        m_parts[token] = value;
        return value.empty() || longestStart(one.meaning.kind, value) == value.size() ||
               fits(one.meaning.kind, value) != FeedFit::No;
    }
    const std::size_t longest = longestStart(one.meaning.kind, value);
    const bool fixed = one.spec.zeroPadded && one.spec.width > 0 && one.meaning.kind == FeedKind::Integer;
    const std::size_t first = fixed ? std::min<std::size_t>(one.spec.width, longest) : longest;
    for (std::size_t length = first + 1; length-- > 0 && work > 0;) {
        if (length < value.size() && (static_cast<unsigned char>(value[length]) & 0xC0U) == 0x80U) {
            continue; // not inside a character
        }
        m_parts[token] = value.substr(0, length);
        if (divide(slot, token + 1, value.substr(length), work)) {
            return true;
        }
        if (fixed) {
            break;
        }
    }
    return false;
}

void SequenceMatcher::give(const FeedSequence &sequence, std::string_view text, std::vector<std::string_view> &values)
{
    for (std::size_t i = 0; i < sequence.slots.size(); ++i) {
        const FeedSlot &slot = sequence.slots[i];
        const std::string_view value = slotValue(sequence, text, i);
        if (slot.count == 1) {
            values[slot.first] = value;
            continue;
        }
        unsigned work = kMaxDivisions;
        m_parts.assign(slot.count, {});
        if (!divide(slot, 0, value, work)) {
            m_parts.assign(slot.count, {});
            m_parts.front() = value;
        }
        std::copy(m_parts.begin(), m_parts.end(), values.begin() + static_cast<std::ptrdiff_t>(slot.first));
    }
}

std::optional<ScanProblem> SequenceMatcher::match(const FeedSequence &sequence, std::string_view text,
                                                  std::vector<std::string_view> &values)
{
    if (auto problem = leftmost(sequence, text)) {
        return problem;
    }
    const std::vector<FeedToken> &tokens = *m_tokens;
    bool settled = isSettled(sequence, text);
    if (settled) {
        give(sequence, text, values);
        for (const FeedSlot &slot : sequence.slots) {
            const FeedToken &token = tokens[slot.first];
            settled = settled && (!slot.repeats || values[token.first] == values[slot.first] ||
                                  token.spec.conversion != tokens[token.first].spec.conversion);
        }
        if (settled) {
            return std::nullopt;
        }
    }
    if (rightmost(sequence, text)) {
        m_known.assign(tokens.size(), {});
        for (std::size_t i = 0; i < sequence.slots.size(); ++i) {
            const FeedSlot &slot = sequence.slots[i];
            if (slot.count == 1 && m_at[i] == m_right[i] && m_at[i + 1] == m_right[i + 1]) {
                m_known[tokens[slot.first].first] = slotValue(sequence, text, i);
            }
        }
        collectPlaces(sequence, text);
        weigh(sequence, text);
    }
    if (auto problem = check(sequence, text)) {
        return problem;
    }
    give(sequence, text, values);
    return std::nullopt;
}

} // namespace nightjar::logs
