// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/predicate.h"

#include <algorithm>

namespace nightjar::workspace {

store::RowPredicate predicateOf(const query::Query &query)
{
    store::RowPredicate predicate;
    if (query.matchesAll()) {
        return predicate;
    }
    predicate.columns = query.columns();
    predicate.raw = query.hasFreeText();
    predicate.rows = [query](const event::EventBlock &block) { return query.evaluate(block); };
    predicate.mayMatch = [query](const store::BlockSummary &block) {
        return query.mayMatch(block.minTime(), block.maxTime(), [&](std::string_view column, std::string_view value) {
            return block.hasColumn(column) && block.mayContain(column, value);
        });
    };
    return predicate;
}

store::TimeRange rangeOf(const SearchRequest &request, const query::Query &query)
{
    store::TimeRange range{request.from, request.to};
    const query::Range &said = query.timeRange();
    if (said.from != kNoTime) {
        range.from = range.from == kNoTime ? said.from : std::max(range.from, said.from);
    }
    if (said.to != kNoTime) {
        range.to = range.to == kNoTime ? said.to : std::min(range.to, said.to);
    }
    return range;
}

} // namespace nightjar::workspace
