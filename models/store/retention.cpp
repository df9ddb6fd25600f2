// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storestate.h"

#include <algorithm>

/// Removal of whole segments.
namespace nightjar::store {
namespace {

/// The newest event of each segment. What has no time counts from its arrival; a merged block bears the arrival of its
/// first part, hence the span on top.
template <class Blocks>
std::map<const Segment *, Timestamp> newestOf(const Blocks &blocks, Timestamp span)
{
    std::map<const Segment *, Timestamp> newest;
    for (const auto &block : blocks) {
        const Timestamp last = block->maxTime != kNoTime ? block->maxTime : block->arrived + span;
        auto [place, isNew] = newest.try_emplace(block->segment.get(), last);
        place->second = std::max(place->second, last);
    }
    return newest;
}

std::uint64_t bytesOf(const Segment &segment)
{
    std::uint64_t sum = 0;
    for (const char *suffix : {"", "-wal", "-shm"}) {
        std::error_code absent;
        const std::uintmax_t size = std::filesystem::file_size(segment.path().string() + suffix, absent);
        sum += absent ? 0 : size;
    }
    return sum;
}

} // namespace

Result<std::int64_t> EventStore::dropSegments(std::span<const std::int64_t> numbers)
{
    State &state = *m_state;
    if (numbers.empty()) {
        return 0;
    }
    std::vector<StoredCursor> kept;
    for (const auto &[key, stored] : state.cursors) {
        kept.push_back(stored);
    }
    if (Status dropped = state.manifest->drop(numbers, kept, state.lastId); !dropped) {
        return fail(dropped.error());
    }
    const auto isDropped = [&](const Segment &segment) {
        return std::find(numbers.begin(), numbers.end(), segment.number()) != numbers.end();
    };
    if (state.writer && isDropped(*state.writer->segment())) {
        state.writer.reset();
    }
    std::erase_if(state.retired, [&](const auto &block) { return isDropped(*block->segment); });
    std::int64_t removed = 0;
    std::lock_guard hold(state.guard);
    auto blocks = std::make_shared<Snapshot::Blocks>();
    for (const auto &block : *state.blocks) {
        if (isDropped(*block->segment)) {
            removed += block->rows;
        } else {
            blocks->push_back(block);
        }
    }
    for (const auto &segment : state.segments) {
        if (isDropped(*segment)) {
            segment->drop();
            state.pool.closeAll(*segment);
        }
    }
    std::erase_if(state.segments, [&](const auto &segment) { return isDropped(*segment); });
    state.blocks = std::move(blocks);
    ++state.revision;
    return removed;
}

Result<std::int64_t> EventStore::dropBefore(Timestamp time)
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    std::lock_guard lock(state.writing);
    std::vector<std::int64_t> numbers;
    for (const auto &[segment, last] : newestOf(*state.blocks, state.options.segmentSpan)) {
        if (last < time) {
            numbers.push_back(segment->number());
        }
    }
    return dropSegments(numbers);
}

Result<std::int64_t> EventStore::dropOldest(std::uint64_t mostBytes)
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    std::lock_guard lock(state.writing);
    std::vector<std::pair<Timestamp, const Segment *>> oldestFirst;
    for (const auto &[segment, last] : newestOf(*state.blocks, state.options.segmentSpan)) {
        if (segment != state.segments.back().get()) {
            oldestFirst.emplace_back(last, segment);
        }
    }
    std::sort(oldestFirst.begin(), oldestFirst.end());
    std::uint64_t bytes = diskBytes();
    std::vector<std::int64_t> numbers;
    for (const auto &[last, segment] : oldestFirst) {
        if (bytes <= mostBytes) {
            break;
        }
        bytes -= std::min(bytes, bytesOf(*segment));
        numbers.push_back(segment->number());
    }
    return dropSegments(numbers);
}

} // namespace nightjar::store
