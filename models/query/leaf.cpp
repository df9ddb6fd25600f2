// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/leaf.h"

#include "base/text.h"

#include <re2/re2.h>

#include <algorithm>

namespace nightjar::query {
namespace {

constexpr std::int64_t kPatternMemory = std::int64_t{8} << 20;

std::shared_ptr<const re2::RE2> compile(const std::string &pattern, bool ignoreCase, bool literal)
{
    re2::RE2::Options options;
    options.set_case_sensitive(!ignoreCase);
    options.set_literal(literal);
    options.set_dot_nl(true);
    options.set_log_errors(false);
    options.set_max_mem(kPatternMemory);
    return std::make_shared<const re2::RE2>(pattern, options);
}

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

std::string wildcardToRegex(std::string_view pattern, const std::string &any)
{
    std::string regex;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '*') {
            regex += any;
        } else if (pattern[i] == '?') {
            regex += '.';
        } else {
            i += pattern[i] == '\\' && i + 1 < pattern.size() ? 1U : 0U;
            // A byte of a longer character must not be quoted on its own.
            regex += (static_cast<unsigned char>(pattern[i]) & 0x80) != 0
                         ? std::string(1, pattern[i])
                         : re2::RE2::QuoteMeta(piece(pattern.substr(i, 1)));
        }
    }
    return regex;
}

std::vector<std::uint8_t> wantedEntries(const event::Column &column, const std::vector<Matcher> &matchers)
{
    std::vector<std::uint8_t> wanted(column.entries(), 0);
    std::string scratch;
    for (std::size_t entry = 0; entry < wanted.size(); ++entry) {
        const std::string_view value = column.text(entry, scratch);
        wanted[entry] = std::any_of(matchers.begin(), matchers.end(),
                                    [&](const Matcher &matcher) { return matcher.matches(value); })
                            ? 1
                            : 0;
    }
    return wanted;
}

} // namespace

Matcher Matcher::equal(std::string_view value)
{
    Matcher matcher;
    matcher.m_value = foldCase(value);
    if (const auto address = IpAddress::parse(value); address && value.find(':') != std::string_view::npos) {
        matcher.m_how = How::Address; // IPv6 has many spellings
        matcher.m_address = address;
    }
    return matcher;
}

Matcher Matcher::network(Cidr network)
{
    Matcher matcher;
    matcher.m_how = How::Network;
    matcher.m_network = network;
    return matcher;
}

Matcher Matcher::compare(Compare how, double limit)
{
    Matcher matcher;
    matcher.m_how = How::Number;
    matcher.m_compare = how;
    matcher.m_limit = limit;
    return matcher;
}

Result<Matcher> Matcher::wildcard(std::string_view pattern)
{
    return regex("^(?:" + wildcardToRegex(pattern, ".*") + ")$", true);
}

Result<Matcher> Matcher::wildcardInside(std::string_view pattern)
{
    return regex(wildcardToRegex(pattern, "[^\\n]*?"), true);
}

Result<Matcher> Matcher::regex(const std::string &pattern, bool ignoreCase)
{
    Matcher matcher;
    matcher.m_how = How::Pattern;
    matcher.m_pattern = compile(pattern, ignoreCase, false);
    if (!matcher.m_pattern->ok()) {
        return fail("NJ-QUERY-005", "The regular expression is not valid", matcher.m_pattern->error(),
                    "The syntax is RE2's; there are no back references and no look-around.");
    }
    return matcher;
}

Matcher Matcher::contains(std::string_view needle)
{
    Matcher matcher;
    matcher.m_how = How::Pattern;
    matcher.m_pattern = compile(std::string(needle), true, true);
    return matcher;
}

bool Matcher::matches(std::string_view value) const
{
    switch (m_how) {
    case How::Equal:
        return equalsIgnoreCase(value, m_value) || foldCase(value) == m_value;
    case How::Address:
        return IpAddress::parse(value) == m_address || foldCase(value) == m_value;
    case How::Network: {
        const auto address = IpAddress::parse(value);
        return address && m_network->contains(*address);
    }
    case How::Number: {
        const auto number = parseNumber(value);
        if (!number) {
            return false;
        }
        switch (m_compare) {
        case Compare::Less:
            return *number < m_limit;
        case Compare::LessOrEqual:
            return *number <= m_limit;
        case Compare::Greater:
            return *number > m_limit;
        case Compare::GreaterOrEqual:
            return *number >= m_limit;
        }
        return false;
    }
    case How::Pattern:
        return re2::RE2::PartialMatch(piece(value), *m_pattern);
    }
    return false;
}

const std::string *Matcher::filterValue() const
{
    return m_how == How::Equal ? &m_value : nullptr;
}

event::RowSet Matcher::rowsByRaw(const event::EventBlock &block) const
{
    event::RowSet rows(block.rows());
    const re2::StringPiece all = piece(block.rawBytes());
    const std::vector<std::uint32_t> &ends = block.rawEnds();
    std::size_t from = 0;
    re2::StringPiece found;
    while (from < all.size() && m_pattern->Match(all, from, all.size(), re2::RE2::UNANCHORED, &found, 1)) {
        const auto begin = static_cast<std::size_t>(found.data() - all.data());
        const auto row = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
        if (row >= ends.size()) {
            break;
        }
        if (begin >= block.rawBegin(row) && begin + found.size() <= ends[row]) {
            rows.insert(row);
            from = ends[row]; // one match a row is enough
        } else {
            from = begin + 1; // it reaches into the next record
        }
    }
    return rows;
}

event::RowSet Leaf::rows(const event::EventBlock &block) const
{
    if (!field.empty()) {
        const event::Column *column = block.column(std::string_view(field));
        if (column == nullptr) {
            return event::RowSet(block.rows());
        }
        return column->rowsWhere(exists ? std::vector<std::uint8_t>(column->entries(), 1)
                                        : wantedEntries(*column, matchers));
    }
    event::RowSet rows(block.rows());
    if (!block.rawEnds().empty()) {
        for (const Matcher &matcher : matchers) {
            rows |= matcher.rowsByRaw(block);
        }
        return rows;
    }
    for (const event::Column &column : block.columns()) {
        if (column.kind() == event::Kind::Text) {
            rows |= column.rowsWhere(wantedEntries(column, matchers));
        }
    }
    return rows;
}

} // namespace nightjar::query
