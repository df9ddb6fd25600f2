// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/columncodec.h"
#include "store/rangetest.h"
#include "store/storestate.h"

#include <algorithm>
#include <set>

namespace nightjar::store {
namespace {

tl::unexpected<Error> damaged(const BlockMeta &meta, const std::string &what)
{
    return fail(Error{"NJ-STORE-013",
                      "A stored block is damaged",
                      "block " + std::to_string(meta.number) + " (events from id " + std::to_string(meta.firstId) +
                          "): " + what,
                      {meta.segment->path().string(), 0, 0},
                      "Run `nightjar-cli store repair`; the other blocks stay readable."});
}

bool isWanted(const ScanRequest &request, const std::string &column)
{
    return request.allColumns ||
           std::find(request.columns.begin(), request.columns.end(), column) != request.columns.end();
}

Result<std::vector<event::Column>> loadColumns(ReaderPool::Lease &lease, const BlockMeta &meta,
                                               const ScanRequest &request)
{
    std::vector<event::Column> columns;
    for (std::size_t i = 0; i < meta.directory.columns.size(); ++i) {
        const BlockDirectory::ColumnPart &part = meta.directory.columns[i];
        if (!isWanted(request, part.name)) {
            continue;
        }
        const auto bytes = lease.part(partId(meta.number, PartKind::Column, i));
        if (!bytes) {
            return fail(bytes.error());
        }
        auto column = decodeColumn(*bytes, part.name, part.kind, meta.rows);
        if (!column) {
            return damaged(meta, "column " + part.name + " cannot be decoded");
        }
        columns.push_back(std::move(*column));
    }
    return columns;
}

Result<RawFrame> loadFrame(ReaderPool::Lease &lease, const BlockMeta &meta, std::size_t index)
{
    const auto bytes = lease.part(partId(meta.number, PartKind::Frame, index));
    if (!bytes) {
        return fail(bytes.error());
    }
    auto frame = decodeFrame(*bytes, meta.directory.frames[index]);
    if (!frame) {
        return damaged(meta, "raw frame " + std::to_string(index) + " cannot be decoded");
    }
    return std::move(*frame);
}

/// All raw records of a block.
struct AllRaw {
    std::string bytes;
    std::vector<std::uint32_t> ends;
};

Result<AllRaw> loadRaw(ReaderPool::Lease &lease, const BlockMeta &meta)
{
    AllRaw all;
    all.bytes.reserve(meta.rawBytes);
    all.ends.reserve(meta.rows);
    for (std::size_t i = 0; i < meta.directory.frames.size(); ++i) {
        auto frame = loadFrame(lease, meta, i);
        if (!frame) {
            return fail(frame.error());
        }
        const auto before = static_cast<std::uint32_t>(all.bytes.size());
        all.bytes += frame->bytes();
        for (const std::uint32_t end : frame->ends) {
            all.ends.push_back(before + end);
        }
    }
    return all;
}

/// Raw records of one block, one frame at hand: neighbours cost one decompression.
class RecordLoader {
public:
    RecordLoader(ReaderPool::Lease &lease, const BlockMeta &meta)
        : m_lease(lease)
        , m_meta(meta)
    {
    }
    /// Empty when raw was not kept; lives until the next call.
    Result<std::string_view> load(std::size_t row)
    {
        const auto &frames = m_meta.directory.frames;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (row < frames[i].firstRow || row - frames[i].firstRow >= frames[i].rows) {
                continue;
            }
            if (!m_frame || m_index != i) {
                auto frame = loadFrame(m_lease, m_meta, i);
                if (!frame) {
                    return fail(frame.error());
                }
                m_frame = std::move(*frame);
                m_index = i;
            }
            const std::size_t inFrame = row - frames[i].firstRow;
            const std::size_t begin = inFrame == 0 ? 0 : m_frame->ends[inFrame - 1];
            return m_frame->bytes().substr(begin, m_frame->ends[inFrame] - begin);
        }
        return std::string_view();
    }

private:
    ReaderPool::Lease &m_lease;
    const BlockMeta &m_meta;
    std::optional<RawFrame> m_frame;
    std::size_t m_index = 0;
};

Result<std::vector<std::uint32_t>> loadOrder(ReaderPool &pool, const BlockMeta &meta)
{
    auto lease = pool.lease(meta.segment);
    const auto bytes = lease ? lease->part(partId(meta.number, WholePart::Order)) : fail(lease.error());
    if (!bytes) {
        return fail(bytes.error());
    }
    auto order = decodeOrder(*bytes, meta.rows);
    if (!order) {
        return damaged(meta, "its order of time cannot be decoded");
    }
    return std::move(*order);
}

template <class Blocks>
auto findBlock(const Blocks &blocks, std::int64_t id)
{
    auto place = std::upper_bound(blocks.begin(), blocks.end(), id,
                                  [](std::int64_t i, const auto &b) { return i < b->firstId; });
    if (place == blocks.begin() || (*--place)->lastId() < id) {
        return blocks.end();
    }
    return place;
}

} // namespace

std::int64_t BlockSummary::firstId() const
{
    return m_meta.firstId;
}
std::size_t BlockSummary::rows() const
{
    return m_meta.rows;
}
Timestamp BlockSummary::minTime() const
{
    return m_meta.minTime;
}
Timestamp BlockSummary::maxTime() const
{
    return m_meta.maxTime;
}
std::int64_t BlockSummary::delivery() const
{
    return m_meta.delivery;
}
bool BlockSummary::hasColumn(std::string_view column) const
{
    return m_meta.columnIndex(column).has_value();
}

bool BlockSummary::mayContain(std::string_view column, std::string_view value) const
{
    return mayContainKey(column, membershipKey(value));
}

bool BlockSummary::mayContainKey(std::string_view column, std::uint64_t key) const
{
    const auto index = m_meta.columnIndex(column);
    if (!index) {
        return false;
    }
    if (!m_meta.directory.columns[*index].filtered) {
        return true;
    }
    std::lock_guard lock(m_meta.filterCache.mutex);
    auto &cached = m_meta.filterCache.filters;
    if (const auto found = cached.find(*index); found != cached.end()) {
        return found->second.mayContain(key);
    }
    auto lease = m_pool.lease(m_meta.segment);
    const auto bytes = lease ? lease->part(partId(m_meta.number, PartKind::Filter, *index)) : fail(lease.error());
    if (!bytes) {
        return true; // the scan will meet the problem and tell it
    }
    MembershipFilter filter = MembershipFilter::fromBytes(*bytes);
    const bool may = filter.mayContain(key);
    if (m_pool.reserveFilterBytes(filter.memory())) {
        cached.emplace(*index, std::move(filter));
    }
    return may;
}

Result<event::EventBlock> EventStore::load(const BlockMeta &meta, const ScanRequest &request) const
{
    auto lease = m_state->pool.lease(meta.segment);
    if (!lease) {
        return fail(lease.error());
    }
    const auto packed = lease->part(partId(meta.number, WholePart::Times));
    if (!packed) {
        return fail(packed.error());
    }
    auto times = decodeTimes(*packed, meta.rows);
    if (!times) {
        return damaged(meta, "its times cannot be decoded");
    }
    auto columns = loadColumns(*lease, meta, request);
    if (!columns) {
        return fail(columns.error());
    }
    AllRaw raw;
    if (request.raw) {
        auto loaded = loadRaw(*lease, meta);
        if (!loaded) {
            return fail(loaded.error());
        }
        raw = std::move(*loaded);
    }
    return event::EventBlock::assemble(std::move(*times), std::move(*columns), std::move(raw.bytes),
                                       std::move(raw.ends));
}

Result<std::vector<std::uint64_t>> EventStore::loadKeys(const BlockMeta &meta) const
{
    auto lease = m_state->pool.lease(meta.segment);
    if (!lease) {
        return fail(lease.error());
    }
    const auto bytes = lease->part(partId(meta.number, WholePart::Keys));
    if (!bytes) {
        return fail(bytes.error());
    }
    auto keys = decodeKeys(*bytes, meta.rows);
    if (!keys) {
        return damaged(meta, "its record keys cannot be decoded");
    }
    return std::move(*keys);
}

Status EventStore::scan(const Snapshot &snapshot, const ScanRequest &request, const CancelToken &cancel,
                        const std::function<bool(const StoredBlock &)> &visit) const
{
    std::vector<const BlockMeta *> wanted;
    for (std::size_t i = 0; i < snapshot.blocks(); ++i) {
        const BlockMeta &meta = *(*snapshot.m_blocks)[i];
        if (meta.lastId() > request.afterId && overlaps(meta, {request.from, request.to})) {
            wanted.push_back(&meta);
        }
    }
    if (request.order == ScanOrder::NewestFirst) {
        std::stable_sort(wanted.begin(), wanted.end(),
                         [](const auto *a, const auto *b) { return a->maxTime > b->maxTime; });
    } else if (request.order == ScanOrder::OldestFirst) {
        std::stable_sort(wanted.begin(), wanted.end(),
                         [](const auto *a, const auto *b) { return a->minTime < b->minTime; });
    }
    for (const BlockMeta *meta : wanted) {
        if (cancel.cancelled()) {
            return {};
        }
        if (request.mayMatch && !request.mayMatch(BlockSummary(*meta, m_state->pool))) {
            continue;
        }
        auto block = load(*meta, request);
        if (!block) {
            if (setAside(*meta, block.error())) {
                continue;
            }
            return fail(block.error());
        }
        StoredBlock stored{meta->firstId, meta->delivery, std::move(*block), {}};
        if (request.timeOrder && !meta->ordered) {
            auto order = loadOrder(m_state->pool, *meta);
            if (!order) {
                return fail(order.error());
            }
            stored.timeOrder = std::move(*order);
        }
        if (!visit(stored)) {
            return {};
        }
    }
    return {};
}

Status EventStore::visitEvents(const Snapshot &snapshot, std::span<const std::int64_t> ids,
                               const EventVisitor &visit) const
{
    ScanRequest everything;
    everything.allColumns = true;
    std::map<std::int64_t, std::vector<std::size_t>> places; // indexes into ids, by the block's first id
    std::map<std::int64_t, const BlockMeta *> blocks;
    for (std::size_t i = 0; i < ids.size() && snapshot.blocks() > 0; ++i) {
        const auto block = findBlock(*snapshot.m_blocks, ids[i]);
        if (block != snapshot.m_blocks->end()) {
            places[(*block)->firstId].push_back(i);
            blocks[(*block)->firstId] = block->get();
        }
    }
    for (auto &[firstId, indexes] : places) {
        const BlockMeta &meta = *blocks.at(firstId);
        auto block = load(meta, everything);
        auto lease = m_state->pool.lease(meta.segment);
        if (!block || !lease) {
            const Error error = block ? lease.error() : block.error();
            if (setAside(meta, error)) {
                continue;
            }
            return fail(error);
        }
        RecordLoader records(*lease, meta);
        std::sort(indexes.begin(), indexes.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
        for (const std::size_t index : indexes) {
            const auto row = static_cast<std::size_t>(ids[index] - firstId);
            const auto raw = records.load(row);
            if (!raw && !setAside(meta, raw.error())) {
                return fail(raw.error());
            }
            visit(index, *block, row, raw.value_or(std::string_view()));
        }
    }
    return {};
}

Result<std::vector<StoredEvent>> EventStore::fetch(const Snapshot &snapshot, std::span<const std::int64_t> ids) const
{
    std::vector<std::optional<StoredEvent>> found(ids.size());
    const auto visited = visitEvents(
        snapshot, ids, [&](std::size_t index, const event::EventBlock &block, std::size_t row, std::string_view raw) {
            event::RowSet one(block.rows());
            one.insert(row);
            found[index] = StoredEvent{ids[index], block.select(one), std::string(raw)};
        });
    if (!visited) {
        return fail(visited.error());
    }
    std::vector<StoredEvent> events;
    for (auto &one : found) {
        if (one) {
            events.push_back(std::move(*one));
        }
    }
    return events;
}

Result<std::string> EventStore::fetchRaw(const Snapshot &snapshot, std::int64_t id) const
{
    if (snapshot.blocks() > 0) {
        if (const auto block = findBlock(*snapshot.m_blocks, id); block != snapshot.m_blocks->end()) {
            auto lease = m_state->pool.lease((*block)->segment);
            if (!lease) {
                return fail(lease.error());
            }
            RecordLoader records(*lease, **block);
            const auto raw = records.load(static_cast<std::size_t>(id - (*block)->firstId));
            return raw ? Result<std::string>(std::string(*raw)) : fail(raw.error());
        }
    }
    return fail("NJ-STORE-015", "The event is not stored", "there is no event " + std::to_string(id) + " (any more)",
                "It may have expired: see the setting retention.days.");
}

} // namespace nightjar::store
