// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "event/block.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The query language.
///
///     user:alice  -action:Blocked  dept:"IT Lab"  host:(a.example, *.b.example)  src:10.0.0.0/8  risk>=70
///     url:~/\.php\?id=/i  threat:*  "free text"  word  (a or b) and not c  @-24h..now  @2026-03-01..2026-03-02
///
/// Terms side by side are joined by `and`, which binds tighter than `or`. Values compare whole, case folded; * and ?
/// are wildcards unless quoted or behind a backslash. A word alone is looked for anywhere in the record. A time range
/// stands at the top level; its end is exclusive, and a date alone is that day, all in UTC.
namespace nightjar::query {

struct Node;

/// One term, for chips and underlines. Places are byte offsets into the query's text.
struct Clause {
    std::string field; ///< full name; empty for free text; "@timestamp" for a time range
    std::string op;    ///< ":", "~", ">=", "<=", ">", "<", "text", "@"
    std::string value; ///< as written, without quotes
    bool negated = false;
    std::size_t begin = 0, end = 0;
    bool operator==(const Clause &) const = default;
};

/// `to` is exclusive; kNoTime: open.
struct Range {
    Timestamp from = kNoTime, to = kNoTime;
    bool operator==(const Range &) const = default;
};

/// May any row of a block have this value in this column? False only when none has.
using MayContain = std::function<bool(std::string_view column, std::string_view value)>;

/// A parsed query. Cheap to copy, immutable. Thread: any.
class Query {
public:
    Query() = default; ///< matches everything
    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] bool matchesAll() const { return !m_root; } ///< but for the time range
    [[nodiscard]] const Range &timeRange() const { return m_range; }
    /// In order of the text.
    [[nodiscard]] const std::vector<Clause> &clauses() const { return m_clauses; }
    /// Columns that `evaluate` needs, full names.
    [[nodiscard]] const std::vector<std::string> &columns() const { return m_columns; }
    /// Free text occurs: `evaluate` looks into raw records when the block has them, into all text columns otherwise.
    [[nodiscard]] bool hasFreeText() const { return m_hasFreeText; }

    /// Rows that match, the time range included. Columns that the block lacks count as absent values.
    [[nodiscard]] event::RowSet evaluate(const event::EventBlock &block) const;
    /// False only when no row of such a block can match. kNoTime for both: the block has no times.
    [[nodiscard]] bool mayMatch(Timestamp minTime, Timestamp maxTime, const MayContain &mayContain) const;

private:
    friend class Parser;
    std::string m_text;
    std::shared_ptr<const Node> m_root; ///< null: everything
    Range m_range;
    std::vector<Clause> m_clauses;
    std::vector<std::string> m_columns;
    bool m_hasFreeText = false;
};

/// `clock` gives "now" for relative times. Errors, all with place.column (characters from 1): NJ-QUERY-001 syntax, -002
/// unknown field (the hint names the nearest), -003 bad value, -004 bad time, -005 bad regular expression, -006 too
/// long.
Result<Query> parse(std::string_view text, const Clock &clock);

/// A query text that asks for one value: field:"value", quoted as needed.
std::string termFor(std::string_view field, std::string_view value, bool negated = false);

struct Suggestion {
    std::string insert;             ///< "user.name:"
    std::string help;               ///< one line
    std::string type;               ///< "text", "number", "operator"
    std::size_t begin = 0, end = 0; ///< bytes of the text that it replaces
};
/// Field names for the word before `cursor` (a byte offset), best first, at most 50. `extraColumns`: names that occur
/// in the store besides the schema's. Nothing inside a value or quotes.
std::vector<Suggestion> complete(std::string_view text, std::size_t cursor,
                                 std::span<const std::string> extraColumns = {});

/// The known field name or alias nearest to `name`; empty when none is near.
std::string nearestField(std::string_view name);

} // namespace nightjar::query
