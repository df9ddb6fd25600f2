// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedmatcher.h"

#include "base/text.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxHeader = 512;

/// Line ends, a byte order mark, and what stands around the members of a JSON array.
std::string_view bare(std::string_view record, bool json)
{
    while (!record.empty() && (record.back() == '\n' || record.back() == '\r' || record.back() == '\0')) {
        record.remove_suffix(1);
    }
    if (record.starts_with("\xEF\xBB\xBF")) {
        record.remove_prefix(3);
    }
    if (json) {
        const std::size_t first = record.find_first_not_of(" \t[,");
        const std::size_t last = record.find_last_not_of(" \t],");
        if (first != std::string_view::npos && record[first] == '{' && record[last] == '}') {
            record = record.substr(first, last - first + 1);
        }
    }
    return record;
}

/// Where a record may begin behind a header that a relay put in front: behind "<134>", then behind each blank.
std::size_t nextStart(std::string_view record, std::size_t from)
{
    if (from == 0 && record.starts_with('<')) {
        const std::size_t close = record.find('>');
        if (close != std::string_view::npos && close <= 4) {
            return close + 1;
        }
    }
    const std::size_t blank = record.substr(0, kMaxHeader).find(' ', from);
    return blank == std::string_view::npos ? blank : blank + 1;
}

} // namespace

FeedMatcher::FeedMatcher(std::shared_ptr<const FeedFormat> format)
    : m_format(std::move(format))
    , m_sequence(m_format->tokens())
    , m_values(m_format->tokens().size())
{
}

void FeedMatcher::reset()
{
    std::fill(m_values.begin(), m_values.end(), std::string_view());
    m_arena.reset();
    m_scanned = false;
}

std::optional<ScanProblem> FeedMatcher::whole(std::string_view record)
{
    std::optional<ScanProblem> worst;
    const auto &variants = m_format->variants();
    for (std::size_t tried = 0; tried < variants.size(); ++tried) {
        const std::size_t variant = (m_variant + tried) % variants.size();
        auto problem = m_sequence.match(variants[variant], record, m_values);
        if (!problem) {
            m_variant = variant;
            return std::nullopt;
        }
        if (!worst || worst->offset < problem->offset) {
            worst = std::move(problem);
        }
    }
    return worst;
}

/// A format that begins with a time, and a record that does not: there is something in front.
bool FeedMatcher::beginsOddly() const
{
    const FeedToken &first = m_format->tokens().front();
    const FeedKind kind = first.meaning.kind;
    const bool time = kind == FeedKind::Ctime || kind == FeedKind::MonthName || kind == FeedKind::DayName;
    return time && m_format->variants().front().literals.front().empty() && fits(kind, m_values[0]) == FeedFit::No;
}

/// The record behind a header that is not the format's, or without the header that is.
bool FeedMatcher::without(std::string_view record)
{
    const FeedSequence &body = m_format->body();
    if (!body.slots.empty()) {
        const std::size_t start = record.substr(0, kMaxHeader).find(body.literals.front());
        if (start != std::string_view::npos && !m_sequence.match(body, record.substr(start), m_values)) {
            return true;
        }
    }
    // A relay's header has at most six words: priority and version, time (one to three), host, program, id.
    std::size_t start = 0;
    for (int words = 0; words < 8; ++words) {
        start = nextStart(record, start);
        if (start == std::string_view::npos) {
            return false;
        }
        const std::string &head = m_format->variants()[m_variant].literals.front();
        const FeedToken &first = m_format->tokens().front();
        const std::string_view rest = record.substr(start);
        const bool plausible = head.empty() ? isStrict(first.meaning.kind) || first.meaning.kind == FeedKind::Ctime
                                            : rest.starts_with(head);
        if (plausible && (!head.empty() || longestStart(first.meaning.kind, rest) > 0) &&
            !m_sequence.match(m_format->variants()[m_variant], rest, m_values)) {
            return true;
        }
    }
    return false;
}

/// JSON that another writer has written anew: values by their keys.
bool FeedMatcher::byKeys(std::string_view record)
{
    const std::size_t open = record.substr(0, kMaxHeader).find('{');
    if (m_format->jsonKeys().empty() || open == std::string_view::npos) {
        return false;
    }
    m_fields.clear();
    if (scanJson(record.substr(open), m_fields)) {
        return false;
    }
    reset();
    m_scanned = true;
    std::size_t found = 0;
    std::size_t at = 0;
    const auto &keys = m_format->jsonKeys();
    for (const RecordField &field : m_fields.fields) {
        // Mostly in the format's order: look on from where the last one was.
        for (std::size_t tried = 0; tried < keys.size(); ++tried) {
            const FeedJsonKey &key = keys[(at + tried) % keys.size()];
            if (key.key == field.key && key.outer == field.outer) {
                at = (at + tried + 1) % keys.size();
                const bool fitted = !m_sequence.match(key.sequence, field.value, m_values);
                found += fitted ? 1U : 0U;
                break;
            }
        }
    }
    return found * 2 > keys.size();
}

std::optional<ScanProblem> FeedMatcher::match(std::string_view record)
{
    const bool json = m_format->shape() == FeedShape::Json;
    const std::string_view text = bare(record, json);
    reset();
    m_plain = text.find('\\') == std::string_view::npos && isValidUtf8(text);
    auto problem = whole(text);
    if (!problem && beginsOddly()) {
        problem = without(text) ? std::nullopt : whole(text);
    }
    if (!problem || without(text) || byKeys(text)) {
        return std::nullopt;
    }
    problem->offset += text.empty() ? 0 : static_cast<std::size_t>(text.data() - record.data());
    return problem;
}

std::string_view FeedMatcher::wire(std::size_t token)
{
    const FeedToken &one = m_format->tokens()[token];
    const bool json = m_format->shape() == FeedShape::Json;
    const std::string_view raw = m_values[token];
    if (m_plain && one.meaning.encoding != FeedEncoding::JsonQuoted && (json || !one.quoted)) {
        return raw;
    }
    FeedEnclosure enclosure = FeedEnclosure::None;
    if (one.quoted && !m_scanned) {
        enclosure = json ? FeedEnclosure::JsonString : FeedEnclosure::CsvQuotes;
    }
    const std::string_view value = withoutNotation(one, enclosure, raw, m_format->escape(), m_arena);
    return m_plain || isValidUtf8(value) ? value : m_arena.copy(repairUtf8(value));
}

std::string_view FeedMatcher::clear(std::size_t token)
{
    return clearValue(m_format->tokens()[token], wire(token), m_format->escape(), m_arena);
}

} // namespace nightjar::logs
