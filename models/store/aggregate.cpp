// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "store/matching.h"
#include "store/rangetest.h"
#include "store/storestate.h"

#include <algorithm>
#include <thread>

namespace nightjar::store {
namespace {

constexpr std::int64_t kMaxBuckets = 100'000;
constexpr std::size_t kMaxDistinct = 2'000'000;

std::size_t workerCount(std::size_t blocks)
{
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1,
                                   std::max<std::size_t>(1, std::min<std::size_t>(blocks, 8)));
}

/// Counts of distinct values: an open hash table over one text buffer, because merging the values of hundreds of blocks
/// is what a facet costs.
class FieldCounter {
public:
    [[nodiscard]] std::size_t distinct() const { return m_values.size(); }
    [[nodiscard]] bool capped() const { return m_capped; }

    void add(std::string_view value, std::int64_t count)
    {
        const std::uint64_t hash = hash64(value);
        std::size_t slot = hash & (m_slots.size() - 1);
        for (; m_slots[slot] != 0; slot = (slot + 1) & (m_slots.size() - 1)) {
            Value &known = m_values[m_slots[slot] - 1];
            if (known.hash == hash && text(known) == value) {
                known.count += count;
                return;
            }
        }
        if (m_values.size() >= kMaxDistinct) {
            m_capped = true;
            return;
        }
        m_values.push_back({hash, count, m_bytes.size(), value.size()});
        m_bytes.append(value);
        m_slots[slot] = static_cast<std::uint32_t>(m_values.size());
        if (m_values.size() * 2 > m_slots.size()) {
            grow();
        }
    }

    /// Adds a column's values; null `rows`: all rows.
    void add(const event::Column &column, const event::RowSet *rows)
    {
        std::vector<std::int64_t> byCode(column.entries() + event::kFirstEntry, 0);
        if (rows == nullptr) {
            for (const std::uint32_t code : column.allCodes()) {
                ++byCode[code];
            }
        } else {
            rows->forEach([&](std::size_t row) {
                for (const std::uint32_t code : column.codes(row)) {
                    ++byCode[code];
                }
            });
        }
        std::string scratch;
        for (std::size_t entry = 0; entry < column.entries(); ++entry) {
            if (byCode[entry + event::kFirstEntry] > 0) {
                add(column.text(entry, scratch), byCode[entry + event::kFirstEntry]);
            }
        }
    }

    void add(const FieldCounter &other)
    {
        for (const Value &value : other.m_values) {
            add(other.text(value), value.count);
        }
        m_capped = m_capped || other.m_capped;
    }

    [[nodiscard]] std::vector<std::pair<std::string_view, std::int64_t>> all() const
    {
        std::vector<std::pair<std::string_view, std::int64_t>> values;
        values.reserve(m_values.size());
        for (const Value &value : m_values) {
            values.emplace_back(text(value), value.count);
        }
        return values;
    }

private:
    struct Value {
        std::uint64_t hash;
        std::int64_t count;
        std::size_t begin, size;
    };
    [[nodiscard]] std::string_view text(const Value &value) const
    {
        return std::string_view(m_bytes).substr(value.begin, value.size);
    }
    void grow()
    {
        m_slots.assign(m_slots.size() * 2, 0);
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            std::size_t slot = m_values[i].hash & (m_slots.size() - 1);
            while (m_slots[slot] != 0) {
                slot = (slot + 1) & (m_slots.size() - 1);
            }
            m_slots[slot] = static_cast<std::uint32_t>(i + 1);
        }
    }
    std::vector<std::uint32_t> m_slots = std::vector<std::uint32_t>(1'024, 0); ///< index of a value + 1; 0: free
    std::vector<Value> m_values;
    std::string m_bytes;
    bool m_capped = false;
};

FacetCounts ranked(std::string field, const FieldCounter &counter, std::size_t top)
{
    FacetCounts facet;
    facet.field = std::move(field);
    facet.distinct = static_cast<std::int64_t>(counter.distinct());
    facet.capped = counter.capped();
    auto all = counter.all();
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(top, all.size()));
    std::partial_sort(all.begin(), end, all.end(), [](const auto &a, const auto &b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    facet.top.assign(all.begin(), end);
    std::partial_sort(all.begin(), end, all.end(), [](const auto &a, const auto &b) {
        return a.second != b.second ? a.second < b.second : a.first < b.first;
    });
    facet.rare.assign(all.begin(), end);
    return facet;
}

/// Series of each code of the split column; the last series takes what is not asked for.
std::vector<std::size_t> seriesOfCodes(const event::Column *column, const std::vector<std::string> &splits)
{
    std::vector<std::size_t> series(event::kFirstEntry + (column != nullptr ? column->entries() : 0), splits.size());
    std::string scratch;
    for (std::size_t entry = 0; column != nullptr && entry < column->entries(); ++entry) {
        const auto found = std::find(splits.begin(), splits.end(), column->text(entry, scratch));
        series[entry + event::kFirstEntry] = static_cast<std::size_t>(found - splits.begin());
    }
    return series;
}

Histogram emptyHistogram(const Snapshot &snapshot, const TimeRange &range, std::int64_t bucketMicros,
                         const std::vector<std::string> &splits)
{
    Histogram histogram;
    histogram.splits = splits;
    histogram.counts.resize(splits.size() + 1);
    histogram.bucketMicros = std::max<std::int64_t>(1, bucketMicros);
    const Timestamp last = range.to != kNoTime ? range.to - 1 : snapshot.maxTime();
    const Timestamp first = range.from != kNoTime ? range.from : snapshot.minTime();
    if (first == kNoTime || last == kNoTime || last < first) {
        return histogram;
    }
    while ((last - first) / histogram.bucketMicros >= kMaxBuckets) {
        histogram.bucketMicros *= 2;
    }
    const Timestamp remainder = ((first % histogram.bucketMicros) + histogram.bucketMicros) % histogram.bucketMicros;
    histogram.start = range.from != kNoTime ? first : first - remainder;
    const auto buckets = static_cast<std::size_t>((last - histogram.start) / histogram.bucketMicros + 1);
    for (auto &series : histogram.counts) {
        series.assign(buckets, 0);
    }
    return histogram;
}

} // namespace

Status EventStore::forEach(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate,
                           std::size_t workers, const CancelToken &cancel, const Work &work) const
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> stop = false;
    std::mutex failing;
    Status result;
    const auto run = [&](std::size_t worker) {
        for (std::size_t i = next++; i < snapshot.blocks() && !stop && !cancel.cancelled(); i = next++) {
            const BlockMeta &meta = *(*snapshot.m_blocks)[snapshot.blocks() - 1 - i];
            if (!overlaps(meta, range) ||
                (predicate.mayMatch && !predicate.mayMatch(BlockSummary(meta, m_state->pool)))) {
                continue;
            }
            if (Status done = work(worker, meta); !done && !setAside(meta, done.error())) {
                std::lock_guard lock(failing);
                result = std::move(done);
                stop = true;
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < workers; ++worker) {
        threads.emplace_back(run, worker);
    }
    run(0);
    for (std::thread &thread : threads) {
        thread.join();
    }
    return result;
}

Status EventStore::scanParallel(const Snapshot &snapshot, const ScanRequest &request, std::size_t workers,
                                const CancelToken &cancel, const std::function<bool(const StoredBlock &)> &visit) const
{
    RowPredicate filter;
    filter.mayMatch = request.mayMatch;
    CancelToken stopped;
    return forEach(snapshot, {request.from, request.to}, filter, workers, cancel,
                   [&](std::size_t, const BlockMeta &meta) -> Status {
                       if (stopped.cancelled()) {
                           return {};
                       }
                       auto block = load(meta, request);
                       if (!block) {
                           return fail(block.error());
                       }
                       if (!visit(StoredBlock{meta.firstId, meta.delivery, std::move(*block), {}})) {
                           stopped.cancel();
                       }
                       return {};
                   });
}

Result<MatchedBlock> EventStore::match(const BlockMeta &meta, const TimeRange &range, const RowPredicate &predicate,
                                       const std::vector<std::string> &extraColumns) const
{
    ScanRequest request;
    request.columns = predicate.columns;
    request.allColumns = predicate.allColumns;
    request.raw = predicate.raw;
    if (!predicate.rows) {
        request = {};
        request.columns = extraColumns;
    }
    auto block = load(meta, request);
    if (!block) {
        return fail(block.error());
    }
    MatchedBlock matched;
    matched.all = !predicate.rows && covers(meta, range);
    matched.rows = predicate.rows ? predicate.rows(*block) : event::RowSet(block->rows(), true);
    if (!covers(meta, range)) {
        keepInRange(matched.rows, block->times(), range);
    }
    if (predicate.rows && !extraColumns.empty() && !matched.rows.empty()) {
        request = {};
        request.columns = extraColumns;
        block = load(meta, request);
        if (!block) {
            return fail(block.error());
        }
    }
    matched.block = std::move(*block);
    return matched;
}

Result<std::int64_t> EventStore::count(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate,
                                       const CancelToken &cancel) const
{
    std::atomic<std::int64_t> total = 0;
    const Status done = forEach(snapshot, range, predicate, workerCount(snapshot.blocks()), cancel,
                                [&](std::size_t, const BlockMeta &meta) -> Status {
                                    if (!predicate.rows && covers(meta, range)) {
                                        total += meta.rows;
                                        return {};
                                    }
                                    const auto matched = match(meta, range, predicate, {});
                                    if (!matched) {
                                        return fail(matched.error());
                                    }
                                    total += static_cast<std::int64_t>(matched->rows.count());
                                    return {};
                                });
    if (!done) {
        return fail(done.error());
    }
    return total.load();
}

Result<Histogram> EventStore::histogram(const Snapshot &snapshot, const TimeRange &range, std::int64_t bucketMicros,
                                        const RowPredicate &predicate, std::string_view splitField,
                                        const std::vector<std::string> &splits, const CancelToken &cancel) const
{
    Histogram histogram = emptyHistogram(snapshot, range, bucketMicros, splits);
    if (histogram.start == kNoTime) {
        return histogram;
    }
    const std::size_t buckets = histogram.counts.front().size();
    const std::size_t workers = workerCount(snapshot.blocks());
    std::vector<std::vector<std::vector<std::int64_t>>> partial(workers, histogram.counts);
    const std::vector<std::string> extra =
        splits.empty() ? std::vector<std::string>() : std::vector{std::string(splitField)};
    const Status done =
        forEach(snapshot, range, predicate, workers, cancel, [&](std::size_t worker, const BlockMeta &meta) -> Status {
            const auto matched = match(meta, range, predicate, extra);
            if (!matched) {
                return fail(matched.error());
            }
            const event::Column *column = splits.empty() ? nullptr : matched->block.column(splitField);
            const std::vector<std::size_t> series = seriesOfCodes(column, splits);
            const std::vector<Timestamp> &times = matched->block.times();
            matched->rows.forEach([&](std::size_t row) {
                if (times[row] == kNoTime || times[row] < histogram.start) {
                    return;
                }
                const auto bucket = static_cast<std::size_t>((times[row] - histogram.start) / histogram.bucketMicros);
                if (bucket < buckets) {
                    ++partial[worker][column != nullptr ? series[column->code(row)] : splits.size()][bucket];
                }
            });
            return {};
        });
    if (!done) {
        return fail(done.error());
    }
    for (const auto &part : partial) {
        for (std::size_t s = 0; s < part.size(); ++s) {
            for (std::size_t b = 0; b < buckets; ++b) {
                histogram.counts[s][b] += part[s][b];
                histogram.total += part[s][b];
            }
        }
    }
    return histogram;
}

Result<std::vector<FacetCounts>> EventStore::facets(const Snapshot &snapshot, const TimeRange &range,
                                                    const std::vector<std::string> &fields,
                                                    const RowPredicate &predicate, std::size_t top,
                                                    const CancelToken &cancel) const
{
    const std::size_t workers = workerCount(snapshot.blocks());
    std::vector<std::vector<FieldCounter>> partial(workers, std::vector<FieldCounter>(fields.size()));
    const Status done =
        forEach(snapshot, range, predicate, workers, cancel, [&](std::size_t worker, const BlockMeta &meta) -> Status {
            const auto matched = match(meta, range, predicate, fields);
            if (!matched) {
                return fail(matched.error());
            }
            for (std::size_t i = 0; i < fields.size(); ++i) {
                if (const event::Column *column = matched->block.column(std::string_view(fields[i]))) {
                    partial[worker][i].add(*column, matched->all ? nullptr : &matched->rows);
                }
            }
            return {};
        });
    if (!done) {
        return fail(done.error());
    }
    std::vector<FacetCounts> facets;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        for (std::size_t worker = 1; worker < workers; ++worker) {
            partial[0][i].add(partial[worker][i]);
        }
        facets.push_back(ranked(fields[i], partial[0][i], top));
    }
    return facets;
}

} // namespace nightjar::store
