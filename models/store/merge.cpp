// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "store/blockjoin.h"
#include "store/origins.h"
#include "store/storestate.h"

#include <algorithm>
#include <set>

#include <sys/file.h>

/// Merging of small blocks, and what has to follow it.
namespace nightjar::store {
namespace {

using Group = std::vector<std::shared_ptr<const BlockMeta>>;

constexpr std::size_t kMostColumns = event::kMaxColumns;

bool isNeighbour(const BlockMeta &before, const BlockMeta &next)
{
    return before.segment == next.segment && before.delivery == next.delivery && before.lastId() + 1 == next.firstId &&
           before.directory.frames.empty() == next.directory.frames.empty();
}

/// Runs of blocks that become one block each.
class Grouping {
public:
    explicit Grouping(const MergeOptions &options)
        : m_options(options)
    {
    }
    void add(const std::shared_ptr<const BlockMeta> &block)
    {
        if (block->damaged || block->rows == 0 || block->rows >= m_options.smallRows) {
            close();
            return;
        }
        const bool fits =
            m_group.empty() || (isNeighbour(*m_group.back(), *block) && m_rows + block->rows <= event::kMaxBlockRows &&
                                m_bytes + block->rawBytes <= event::kMaxBlockRawBytes);
        if (!fits || !takeColumns(*block)) {
            close();
            (void)takeColumns(*block);
        }
        m_group.push_back(block);
        m_rows += block->rows;
        m_bytes += block->rawBytes;
    }
    std::vector<Group> finish()
    {
        close();
        return std::move(m_groups);
    }

private:
    bool takeColumns(const BlockMeta &block)
    {
        std::set<std::string_view> all = m_columns;
        for (const auto &column : block.directory.columns) {
            all.insert(column.name);
        }
        const bool fits = all.size() <= kMostColumns;
        if (fits || m_group.empty()) {
            m_columns = std::move(all);
        }
        return fits;
    }
    void close()
    {
        std::uint32_t largest = 0;
        for (const auto &block : m_group) {
            largest = std::max(largest, block->rows);
        }
        // Each row is written anew about as often as a logarithm tells, not once for each small block that comes.
        const bool pays = m_options.eager || m_rows >= std::size_t{2} * largest;
        if (m_group.size() >= std::max<std::size_t>(2, m_options.fewest) && pays) {
            m_groups.push_back(std::move(m_group));
        }
        m_group.clear();
        m_columns.clear();
        m_rows = 0;
        m_bytes = 0;
    }
    const MergeOptions &m_options;
    std::vector<Group> m_groups;
    Group m_group;
    std::set<std::string_view> m_columns;
    std::size_t m_rows = 0;
    std::uint64_t m_bytes = 0;
};

std::shared_ptr<BlockMeta> described(std::shared_ptr<BlockMeta> merged, const Group &group)
{
    for (const auto &block : group) {
        const auto origins = originsOf(*block);
        merged->origins.insert(merged->origins.end(), origins.begin(), origins.end());
    }
    return merged;
}

} // namespace

Result<SegmentWriter *> EventStore::State::writerOf(const std::shared_ptr<Segment> &segment,
                                                    std::unique_ptr<SegmentWriter> &other)
{
    if (writer && writer->segment() == segment) {
        return writer.get();
    }
    auto opened = SegmentWriter::open(segment);
    if (!opened) {
        return fail(opened.error());
    }
    other = std::move(*opened);
    return other.get();
}

Status EventStore::State::purgeRetired(const std::shared_ptr<Segment> &segment)
{
    std::unique_ptr<SegmentWriter> other;
    const auto target = writerOf(segment, other);
    if (!target) {
        return fail(target.error());
    }
    if (!readers.valid() || ::flock(readers.get(), LOCK_EX | LOCK_NB) != 0) {
        return {}; // another process reads; next time
    }
    std::set<std::int64_t> inUse;
    std::erase_if(retired, [&](const auto &block) {
        const bool unused = block->segment == segment && block.use_count() == 1;
        if (block->segment == segment && !unused) {
            inUse.insert(block->number);
        }
        return unused;
    });
    Status done = (*target)->purgeRetired(inUse);
    (void)::flock(readers.get(), LOCK_UN);
    return done;
}

std::int64_t EventStore::mergeable(const MergeOptions &options) const
{
    Grouping grouping(options);
    const Snapshot now = snapshot();
    for (std::size_t i = 0; i < now.blocks(); ++i) {
        grouping.add((*now.m_blocks)[i]);
    }
    std::int64_t sum = 0;
    for (const Group &group : grouping.finish()) {
        sum += static_cast<std::int64_t>(group.size());
    }
    return sum;
}

Result<std::shared_ptr<BlockMeta>> EventStore::mergeGroup(std::span<const std::shared_ptr<const BlockMeta>> blocks,
                                                          const EncodeOptions &encoding)
{
    State &state = *m_state;
    const Group group(blocks.begin(), blocks.end());
    std::vector<event::EventBlock> loaded;
    ScanRequest everything;
    everything.allColumns = true;
    everything.raw = true;
    for (const auto &block : group) {
        auto one = load(*block, everything);
        if (!one) {
            return setAside(*block, one.error()) ? Result<std::shared_ptr<BlockMeta>>(nullptr) : fail(one.error());
        }
        loaded.push_back(std::move(*one));
    }
    auto joined = joinBlocks(loaded);
    loaded.clear();
    if (!joined) {
        return std::shared_ptr<BlockMeta>();
    }
    const auto encoded = encodeBlock(*joined, encoding);
    if (!encoded) {
        return fail(encoded.error());
    }
    std::vector<std::int64_t> numbers;
    for (const auto &block : group) {
        numbers.push_back(block->number);
    }
    std::lock_guard lock(state.writing);
    if (group.front()->segment->dropped()) {
        return std::shared_ptr<BlockMeta>(); // retention came first
    }
    std::unique_ptr<SegmentWriter> other;
    const auto target = state.writerOf(group.front()->segment, other);
    auto merged =
        target ? (*target)->replace(*encoded, {group.front()->firstId, group.front()->arrived, group.front()->delivery},
                                    numbers)
               : fail(target.error());
    if (!merged) {
        return merged;
    }
    auto meta = described(std::move(*merged), group);
    state.retired.insert(state.retired.end(), group.begin(), group.end());
    std::lock_guard hold(state.guard);
    auto all = std::make_shared<Snapshot::Blocks>();
    all->reserve(state.blocks->size());
    for (const auto &block : *state.blocks) {
        const bool replaced =
            block->segment == meta->segment && block->firstId >= meta->firstId && block->lastId() <= meta->lastId();
        if (!replaced) {
            all->push_back(block);
        } else if (block->firstId == meta->firstId) {
            all->push_back(meta);
        }
    }
    state.blocks = std::move(all);
    ++state.revision;
    return meta;
}

Result<MergeReport> EventStore::merge(const MergeOptions &options, const UpkeepObserver &observer,
                                      const CancelToken &cancel)
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    std::lock_guard one(state.merging);
    MergeReport report;
    std::vector<Group> groups;
    {
        Grouping grouping(options);
        const Snapshot now = snapshot();
        report.blocksBefore = static_cast<std::int64_t>(now.blocks());
        for (std::size_t i = 0; i < now.blocks(); ++i) {
            grouping.add((*now.m_blocks)[i]);
        }
        groups = grouping.finish();
    }
    std::uint64_t done = 0;
    for (Group &group : groups) {
        if (cancel.cancelled()) {
            break;
        }
        if (observer) {
            observer(
                {"merging blocks of segment " + std::to_string(group.front()->segment->number()), done, groups.size()});
        }
        const auto merged = mergeGroup(group, options.encoding);
        if (!merged) {
            return fail(merged.error());
        }
        for (std::size_t i = 0; *merged && i < group.size(); ++i) {
            report.bytesBefore += group[i]->storedBytes;
        }
        report.events += *merged ? (*merged)->rows : 0;
        report.bytesAfter += *merged ? (*merged)->storedBytes : 0;
        group.clear(); // nobody else may hold them, or their parts stay
        ++done;
    }
    for (const auto &segment : state.segmentList()) {
        std::lock_guard lock(state.writing);
        if (auto waiting = state.hasRetired(segment); waiting.value_or(false) && !segment->dropped()) {
            if (Status purged = state.purgeRetired(segment); !purged) {
                return fail(purged.error());
            }
        }
    }
    report.blocksAfter = static_cast<std::int64_t>(snapshot().blocks());
    return report;
}

Result<bool> EventStore::State::hasRetired(const std::shared_ptr<Segment> &segment) const
{
    auto lease = pool.lease(segment);
    auto row = lease ? lease->database().prepare("SELECT EXISTS(SELECT 1 FROM retired)") : fail(lease.error());
    if (!row) {
        return false; // written by a version that merged nothing
    }
    const auto found = row->step();
    return found && *found && row->integer(0) != 0;
}

Status EventStore::shrink(const UpkeepObserver &observer, const CancelToken &cancel)
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    constexpr const char *kSlice = "PRAGMA incremental_vacuum(500)"; // 8 MB
    const auto segments = state.segmentList();
    for (std::size_t i = 0; i < segments.size() && !cancel.cancelled(); ++i) {
        if (observer) {
            observer({"giving free space of segment " + std::to_string(segments[i]->number()) + " back", i,
                      segments.size()});
        }
        for (std::int64_t free = 1; free > 0 && !cancel.cancelled();) {
            std::lock_guard lock(state.writing);
            std::unique_ptr<SegmentWriter> other;
            const auto target = segments[i]->dropped() ? fail("", "") : state.writerOf(segments[i], other);
            if (!target) {
                break; // told by check()
            }
            Database &database = (*target)->database();
            auto left = database.prepare("PRAGMA freelist_count");
            const auto row = left ? left->step() : fail(left.error());
            const std::int64_t before = free;
            free = row && *row ? left->integer(0) : 0;
            left->reset();
            if (free == before) {
                break; // pinned by a reader
            }
            if (Status shrunk =
                    free > 0 ? database.execute(kSlice) : database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                !shrunk) {
                return shrunk;
            }
        }
    }
    return {};
}

} // namespace nightjar::store
