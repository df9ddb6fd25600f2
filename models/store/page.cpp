// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/matching.h"
#include "store/rangetest.h"
#include "store/storestate.h"

#include <algorithm>

namespace nightjar::store {
namespace {

struct Candidate {
    RowKey key;
    const BlockMeta *meta;
};

/// One direction of reading; `before(a, b)`: a is shown above b.
class Direction {
public:
    explicit Direction(bool newestFirst)
        : m_newestFirst(newestFirst)
    {
    }
    [[nodiscard]] bool before(const RowKey &a, const RowKey &b) const { return m_newestFirst ? b < a : a < b; }
    /// Time of the row of the block that is shown first.
    [[nodiscard]] Timestamp first(const BlockMeta &meta) const
    {
        return m_newestFirst ? meta.maxTime : meta.untimedRows > 0 ? kNoTime : meta.minTime;
    }
    [[nodiscard]] Timestamp last(const BlockMeta &meta) const
    {
        return m_newestFirst ? (meta.untimedRows > 0 ? kNoTime : meta.minTime) : meta.maxTime;
    }
    [[nodiscard]] bool timeBefore(Timestamp a, Timestamp b) const { return m_newestFirst ? a > b : a < b; }

private:
    bool m_newestFirst;
};

/// The best rows seen so far, at most `limit`.
class BestRows {
    /// Heap order: the row shown last stands in front.
    [[nodiscard]] auto order() const
    {
        return [this](const Candidate &a, const Candidate &b) { return m_direction.before(a.key, b.key); };
    }

public:
    BestRows(Direction direction, std::size_t limit)
        : m_direction(direction)
        , m_limit(limit)
    {
    }

    void add(const Candidate &candidate)
    {
        if (full() && !m_direction.before(candidate.key, m_rows.front().key)) {
            return;
        }
        m_rows.push_back(candidate);
        std::push_heap(m_rows.begin(), m_rows.end(), order());
        if (m_rows.size() > m_limit) {
            std::pop_heap(m_rows.begin(), m_rows.end(), order());
            m_rows.pop_back();
        }
    }
    [[nodiscard]] bool full() const { return m_rows.size() >= m_limit; }
    /// Nothing that starts at `time` or behind can come in any more.
    [[nodiscard]] bool closedFor(Timestamp time) const
    {
        return full() && m_direction.timeBefore(m_rows.front().key.time, time);
    }
    std::vector<Candidate> sorted() &&
    {
        std::sort_heap(m_rows.begin(), m_rows.end(), order());
        return std::move(m_rows);
    }

private:
    Direction m_direction;
    std::size_t m_limit;
    std::vector<Candidate> m_rows;
};

std::string cellOf(const event::Column &column, std::size_t row)
{
    std::string cell, scratch;
    bool isFirst = true;
    for (const std::uint32_t code : column.codes(row)) {
        if (code >= event::kFirstEntry) {
            cell += isFirst ? "" : ", ";
            cell += column.text(code - event::kFirstEntry, scratch);
            isFirst = false;
        }
    }
    return cell;
}

void fillCells(PageRow &row, const BlockMeta &meta, const event::EventBlock &block,
               const std::vector<std::string> &columns)
{
    const auto index = static_cast<std::size_t>(row.key.id - meta.firstId);
    row.cells.reserve(columns.size());
    for (const std::string &name : columns) {
        if (const event::Column *column = block.column(std::string_view(name))) {
            row.cells.push_back(cellOf(*column, index));
        } else if (name == event::kTimeField) {
            row.cells.push_back(formatIsoTime(row.key.time));
        } else if (name == "id") {
            row.cells.push_back(std::to_string(row.key.id));
        } else {
            row.cells.emplace_back();
        }
    }
}

} // namespace

Result<Page> EventStore::page(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate,
                              const std::vector<std::string> &columns, std::optional<RowKey> after, std::size_t limit,
                              bool newestFirst, const CancelToken &cancel) const
{
    const Direction direction(newestFirst);
    std::vector<const BlockMeta *> blocks;
    for (std::size_t i = 0; i < snapshot.blocks(); ++i) {
        const BlockMeta &meta = *(*snapshot.m_blocks)[i];
        if (overlaps(meta, range) && !(after && direction.timeBefore(direction.last(meta), after->time))) {
            blocks.push_back(&meta);
        }
    }
    std::sort(blocks.begin(), blocks.end(), [&](const BlockMeta *a, const BlockMeta *b) {
        return direction.timeBefore(direction.first(*a), direction.first(*b));
    });

    BestRows best(direction, limit + 1); // one more tells whether anything is left
    for (const BlockMeta *meta : blocks) {
        if (cancel.cancelled() || best.closedFor(direction.first(*meta))) {
            break;
        }
        if (predicate.mayMatch && !predicate.mayMatch(BlockSummary(*meta, m_state->pool))) {
            continue;
        }
        const auto matched = match(*meta, range, predicate, {});
        if (!matched) {
            if (setAside(*meta, matched.error())) {
                continue;
            }
            return fail(matched.error());
        }
        const std::vector<Timestamp> &times = matched->block.times();
        matched->rows.forEach([&](std::size_t row) {
            const RowKey key{times[row], meta->firstId + static_cast<std::int64_t>(row)};
            if (!after || direction.before(*after, key)) {
                best.add({key, meta});
            }
        });
    }

    const std::vector<Candidate> rows = std::move(best).sorted();
    Page page;
    page.complete = rows.size() <= limit && !cancel.cancelled();
    page.rows.resize(std::min(limit, rows.size()));
    std::map<const BlockMeta *, std::vector<std::size_t>> byBlock;
    for (std::size_t i = 0; i < page.rows.size(); ++i) {
        page.rows[i].key = rows[i].key;
        byBlock[rows[i].meta].push_back(i);
    }
    ScanRequest shown;
    shown.columns = columns;
    for (const auto &[meta, indexes] : byBlock) {
        if (columns.empty()) {
            break;
        }
        const auto block = load(*meta, shown);
        if (!block && !setAside(*meta, block.error())) {
            return fail(block.error());
        }
        for (const std::size_t i : indexes) {
            if (block) {
                fillCells(page.rows[i], *meta, *block, columns);
            } else {
                page.rows[i].cells.resize(columns.size());
            }
        }
    }
    return page;
}

} // namespace nightjar::store
