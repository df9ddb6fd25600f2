// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/query.h"

#include "query/node.h"

#include <algorithm>

namespace nightjar::query {
namespace {

event::RowSet rowsOf(const Node &node, const event::EventBlock &block)
{
    if (node.kind == Node::Kind::Leaf) {
        return node.leaf->rows(block);
    }
    event::RowSet rows = rowsOf(*node.children.front(), block);
    if (node.kind == Node::Kind::Not) {
        rows.invert();
    }
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        if (node.kind == Node::Kind::And) {
            if (rows.empty()) {
                break;
            }
            rows &= rowsOf(*node.children[i], block);
        } else {
            rows |= rowsOf(*node.children[i], block);
        }
    }
    return rows;
}

bool mayMatchNode(const Node &node, const MayContain &mayContain)
{
    const auto child = [&](const std::shared_ptr<const Node> &inner) { return mayMatchNode(*inner, mayContain); };
    const auto alternative = [&](const Matcher &matcher) {
        const std::string *value = matcher.filterValue();
        return value == nullptr || mayContain(node.leaf->field, *value);
    };
    switch (node.kind) {
    case Node::Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), child);
    case Node::Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(), child);
    case Node::Kind::Not:
        return true;
    case Node::Kind::Leaf:
        return node.leaf->field.empty() || node.leaf->exists ||
               std::any_of(node.leaf->matchers.begin(), node.leaf->matchers.end(), alternative);
    }
    return true;
}

void keepInRange(event::RowSet &rows, const std::vector<Timestamp> &times, const Range &range)
{
    event::RowSet inside(times.size());
    for (std::size_t row = 0; row < times.size(); ++row) {
        if (times[row] != kNoTime && times[row] >= range.from && (range.to == kNoTime || times[row] < range.to)) {
            inside.insert(row);
        }
    }
    rows &= inside;
}

} // namespace

event::RowSet Query::evaluate(const event::EventBlock &block) const
{
    event::RowSet rows = m_root ? rowsOf(*m_root, block) : event::RowSet(block.rows(), true);
    if (m_range != Range() && !rows.empty()) {
        keepInRange(rows, block.times(), m_range);
    }
    return rows;
}

bool Query::mayMatch(Timestamp minTime, Timestamp maxTime, const MayContain &mayContain) const
{
    if (m_range != Range() &&
        (maxTime == kNoTime || maxTime < m_range.from || (m_range.to != kNoTime && minTime >= m_range.to))) {
        return false;
    }
    return !m_root || mayMatchNode(*m_root, mayContain);
}

std::string termFor(std::string_view field, std::string_view value, bool negated)
{
    std::string term(negated ? "-" : "");
    term.append(field).append(":\"");
    for (const char c : value) {
        term += c == '"' || c == '\\' ? "\\" : "";
        term += c;
    }
    return term + '"';
}

} // namespace nightjar::query
