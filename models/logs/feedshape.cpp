// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedshape.h"

#include "logs/record.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace nightjar::logs {

namespace {

constexpr std::size_t kStandInDigits = 9;
constexpr std::size_t kStandInBase = 770'000'000;

std::string standIn(std::size_t token)
{
    return std::to_string(kStandInBase + token);
}

/// The token whose stand-in begins `text`.
std::optional<std::size_t> standsFor(std::string_view text, std::size_t tokens)
{
    if (text.size() < kStandInDigits || !text.starts_with("77")) {
        return std::nullopt;
    }
    const auto number = parseInteger(text.substr(0, kStandInDigits));
    const std::size_t token = number ? static_cast<std::size_t>(*number) - kStandInBase : tokens;
    return token < tokens ? std::optional(token) : std::nullopt;
}

/// The format with a number in place of every value.
std::string render(const FeedSequence &sequence, const std::vector<FeedToken> &tokens)
{
    std::string out = sequence.literals.front();
    for (std::size_t i = 0; i < sequence.slots.size(); ++i) {
        const FeedSlot &slot = sequence.slots[i];
        for (std::size_t token = slot.first; token < slot.first + slot.count; ++token) {
            const bool quoted = tokens[token].meaning.encoding == FeedEncoding::JsonQuoted;
            out += quoted ? '"' + standIn(token) + '"' : standIn(token);
        }
        out += sequence.literals[i + 1];
    }
    return out;
}

/// The parts of one rendered value; no slots when it is a constant.
FeedSequence partsOf(std::string_view value, std::size_t tokens)
{
    FeedSequence parts;
    parts.literals.emplace_back();
    for (std::size_t at = 0; at < value.size();) {
        const auto token = standsFor(value.substr(at), tokens);
        if (!token) {
            parts.literals.back() += value[at++];
            continue;
        }
        if (!parts.slots.empty() && parts.literals.back().empty()) {
            ++parts.slots.back().count;
        } else {
            parts.slots.push_back({*token, 1, false});
            parts.literals.emplace_back();
        }
        at += kStandInDigits;
    }
    return parts;
}

/// The word before "=" at the end of a literal.
std::string keyBefore(std::string_view literal)
{
    while (!literal.empty() && (literal.back() == '"' || literal.back() == '\'')) {
        literal.remove_suffix(1);
    }
    if (literal.empty() || literal.back() != '=') {
        return {};
    }
    literal.remove_suffix(1);
    std::size_t start = literal.size();
    while (start > 0) {
        const char c = asciiLower(literal[start - 1]);
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.') {
            break;
        }
        --start;
    }
    return std::string(literal.substr(start));
}

class ShapeFinder {
public:
    ShapeFinder(const FeedSequence &sequence, std::vector<FeedToken> &tokens)
        : m_sequence(sequence)
        , m_tokens(tokens)
        , m_rendered(render(sequence, tokens))
    {
    }
    FeedShapeFinding run();

private:
    bool json();
    bool header(std::string_view mark, FeedShape shape);
    void keyValue();
    void delimited();
    void quotes();

    const FeedSequence &m_sequence;
    std::vector<FeedToken> &m_tokens;
    std::string m_rendered;
    FeedShapeFinding m_found;
};

bool ShapeFinder::json()
{
    const std::size_t open = m_rendered.find('{');
    if (open == std::string::npos || trim(m_rendered).back() != '}') {
        return false;
    }
    RecordFields scanned;
    if (scanJson(std::string_view(m_rendered).substr(open), scanned)) {
        return false;
    }
    std::size_t inside = 0;
    for (const RecordField &field : scanned.fields) {
        FeedSequence parts = partsOf(field.value, m_tokens.size());
        if (parts.slots.empty()) {
            m_found.constants.emplace_back(field.key, field.value);
            continue;
        }
        for (const FeedSlot &slot : parts.slots) {
            inside += slot.count;
        }
        if (parts.slots.size() == 1 && parts.slots[0].count == 1) {
            m_tokens[parts.slots[0].first].formatKey = std::string(field.key);
        }
        m_found.jsonKeys.push_back({std::string(field.key), field.outer, std::move(parts)});
    }
    if (inside * 2 < m_tokens.size()) {
        m_found = {};
        return false;
    }
    m_found.shape = FeedShape::Json;
    return true;
}

/// "CEF:0|vendor|product|…" and "LEEF:1.0|vendor|product|…".
bool ShapeFinder::header(std::string_view mark, FeedShape shape)
{
    const std::size_t at = m_rendered.find(mark);
    if (at == std::string::npos) {
        return false;
    }
    m_found.shape = shape;
    const auto parts = split(std::string_view(m_rendered).substr(at, 512), '|');
    if (parts.size() > 2) {
        m_found.constants.emplace_back("product", parts[2]);
    }
    return true;
}

void ShapeFinder::keyValue()
{
    std::size_t keys = 0;
    for (std::size_t i = 0; i < m_sequence.slots.size(); ++i) {
        std::string key = keyBefore(m_sequence.literals[i]);
        keys += key.empty() ? 0U : 1U;
        if (m_sequence.slots[i].count == 1) {
            m_tokens[m_sequence.slots[i].first].formatKey = std::move(key);
        }
    }
    if (m_found.shape == FeedShape::Text && keys * 2 >= m_sequence.slots.size()) {
        m_found.shape = FeedShape::KeyValue;
    }
    for (const std::string_view name : {"product=", "sourcetype="}) {
        const std::size_t at = m_rendered.find(name);
        if (at == std::string::npos) {
            continue;
        }
        const std::string_view rest = std::string_view(m_rendered).substr(at + name.size());
        const std::string_view value = rest.substr(0, rest.find_first_of("\t |,;^\""));
        if (partsOf(value, m_tokens.size()).slots.empty()) {
            m_found.constants.emplace_back(name.substr(0, name.size() - 1), value);
        }
    }
}

void ShapeFinder::delimited()
{
    std::size_t commas = 0;
    std::size_t tabs = 0;
    for (std::size_t i = 1; i + 1 < m_sequence.literals.size(); ++i) {
        const std::string &literal = m_sequence.literals[i];
        commas += literal.find(',') != std::string::npos && literal.size() <= 5 ? 1U : 0U;
        tabs += literal.find('\t') != std::string::npos && literal.size() <= 5 ? 1U : 0U;
    }
    if (std::max(commas, tabs) * 2 >= m_sequence.slots.size()) {
        m_found.shape = commas >= tabs ? FeedShape::Csv : FeedShape::Tsv;
    }
}

void ShapeFinder::quotes()
{
    for (std::size_t i = 0; i < m_sequence.slots.size(); ++i) {
        const FeedSlot &slot = m_sequence.slots[i];
        const bool json = m_found.shape == FeedShape::Json;
        const bool before = m_sequence.literals[i].ends_with('"');
        const bool behind = m_sequence.literals[i + 1].starts_with('"');
        // In JSON a string may hold more than one value, so one quote is enough.
        for (std::size_t token = slot.first; token < slot.first + slot.count; ++token) {
            m_tokens[token].quoted = json ? before || behind : before && behind;
        }
    }
}

FeedShapeFinding ShapeFinder::run()
{
    if (header("CEF:", FeedShape::Cef) || header("LEEF:", FeedShape::Leef)) {
        keyValue();
    } else if (!json()) {
        keyValue();
        if (m_found.shape == FeedShape::Text) {
            delimited();
        }
    }
    quotes();
    return std::move(m_found);
}

} // namespace

FeedShapeFinding findShape(const FeedSequence &sequence, std::vector<FeedToken> &tokens)
{
    return ShapeFinder(sequence, tokens).run();
}

LogKind kindOfFeed(const std::vector<FeedToken> &tokens,
                   const std::vector<std::pair<std::string, std::string>> &constants)
{
    std::vector<RecordField> fields;
    const auto add = [&fields](std::string_view key, std::string_view value) {
        RecordField field;
        field.key = key;
        field.value = value;
        fields.push_back(field);
    };
    for (const auto &[key, value] : constants) {
        add(key, value);
    }
    const std::size_t words = fields.size();
    for (const FeedToken &token : tokens) {
        if (!token.formatKey.empty()) {
            add(token.formatKey, {});
        }
    }
    LogKind kind = recogniseType(fields);
    if (kind.type == "unknown") {
        fields.resize(words);
        for (const FeedToken &token : tokens) {
            add(token.meaning.field, {});
        }
        kind = recogniseType(fields);
    }
    if (kind.type == "unknown" &&
        std::any_of(tokens.begin(), tokens.end(), [](const FeedToken &t) { return t.spec.name == "Eventinfo"; })) {
        kind.type = logTypeNamed("alert");
    }
    return kind;
}

} // namespace nightjar::logs
