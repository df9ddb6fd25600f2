// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/deduplicator.h"

#include "store/blockcodec.h"
#include "store/origins.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <list>
#include <map>
#include <mutex>

namespace nightjar::store {
namespace {

constexpr std::size_t kCachedBlocks = 64; ///< 0.5 MB each
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Keys of an incoming block with the rows that carry them, and a small bit table in front: most stored keys are
/// strangers and are turned away by it without a cache miss.
class IncomingKeys {
public:
    explicit IncomingKeys(const std::vector<std::uint64_t> &keys)
        : m_mask(std::bit_ceil(std::max<std::size_t>(keys.size() * 2, 16)) - 1)
        , m_slots(m_mask + 1)
        , m_next(keys.size(), kNone)
        , m_bits(kBitTable / 64, 0)
    {
        for (std::size_t row = keys.size(); row-- > 0;) { // backwards: the first row ends up in front of its chain
            Slot &slot = find(keys[row]);
            m_next[row] = slot.row;
            slot = {keys[row], static_cast<std::uint32_t>(row), true};
            const std::uint64_t bit = keys[row] % kBitTable;
            m_bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
    }

    /// Takes one row with this key out; kNone when there is none (left).
    std::uint32_t take(std::uint64_t key)
    {
        const std::uint64_t bit = key % kBitTable;
        if (((m_bits[bit / 64] >> (bit % 64)) & 1) == 0) {
            return kNone;
        }
        Slot &slot = find(key);
        const std::uint32_t row = slot.row;
        if (row != kNone) {
            slot.row = m_next[row];
        }
        return row;
    }

private:
    static constexpr std::uint64_t kBitTable = std::uint64_t{1} << 20;
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t row = kNone;
        bool used = false;
    };
    Slot &find(std::uint64_t key)
    {
        std::size_t at = (key >> 20) & m_mask;
        while (m_slots[at].used && m_slots[at].key != key) {
            at = (at + 1) & m_mask;
        }
        return m_slots[at];
    }
    std::size_t m_mask;
    std::vector<Slot> m_slots;
    std::vector<std::uint32_t> m_next;
    std::vector<std::uint64_t> m_bits;
};

bool mayShare(const BlockMeta &stored, const event::EventBlock &block, bool untimed)
{
    if (stored.untimedRows > 0 && untimed) {
        return true;
    }
    return stored.minTime != kNoTime && block.minTime() != kNoTime && stored.minTime <= block.maxTime() &&
           stored.maxTime >= block.minTime();
}

} // namespace

struct Deduplicator::State {
    using Keys = std::shared_ptr<const std::vector<std::uint64_t>>;
    const EventStore &store;
    std::int64_t delivery;
    std::mutex mutex;
    std::map<std::int64_t, event::RowSet> answered; ///< by first id of the stored block: rows that answered for a copy
    std::list<std::pair<std::int64_t, Keys>> cache; ///< by first id, most recently used first

    Result<Keys> keysOf(const BlockMeta &meta, const BlockOrigin &origin);
    void take(const std::vector<std::uint64_t> &keys, const BlockOrigin &origin, IncomingKeys &incoming,
              event::RowSet &duplicates);
};

void Deduplicator::State::take(const std::vector<std::uint64_t> &keys, const BlockOrigin &origin,
                               IncomingKeys &incoming, event::RowSet &duplicates)
{
    event::RowSet &already = answered.try_emplace(origin.firstId, origin.rows).first->second;
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (already.contains(row)) {
            continue;
        }
        if (const std::uint32_t copy = incoming.take(keys[row]); copy != kNone) {
            already.insert(row);
            duplicates.insert(copy);
        }
    }
}

Result<Deduplicator::State::Keys> Deduplicator::State::keysOf(const BlockMeta &meta, const BlockOrigin &origin)
{
    const auto found =
        std::find_if(cache.begin(), cache.end(), [&](const auto &item) { return item.first == origin.firstId; });
    if (found != cache.end()) {
        cache.splice(cache.begin(), cache, found);
        return cache.front().second;
    }
    auto loaded = store.loadKeys(meta);
    if (!loaded) {
        return fail(loaded.error());
    }
    cache.emplace_front(origin.firstId, std::make_shared<const std::vector<std::uint64_t>>(
                                            keysOfOrigin(std::move(*loaded), meta, origin)));
    if (cache.size() > kCachedBlocks) {
        cache.pop_back();
    }
    return cache.front().second;
}

Deduplicator::Deduplicator(const EventStore &store, std::int64_t deliveryId)
    : m_state(new State{store, deliveryId, {}, {}, {}})
{
}

Deduplicator::~Deduplicator() = default;

Result<event::RowSet> Deduplicator::fresh(const event::EventBlock &block)
{
    event::RowSet duplicates(block.rows());
    const Snapshot snapshot = m_state->store.snapshot();
    const auto &times = block.times();
    const bool untimed = std::find(times.begin(), times.end(), kNoTime) != times.end();
    std::vector<const BlockMeta *> overlapping;
    for (std::size_t i = 0; i < snapshot.blocks(); ++i) {
        const BlockMeta &meta = *(*snapshot.m_blocks)[i];
        if (meta.delivery != m_state->delivery && !meta.directory.frames.empty() && mayShare(meta, block, untimed)) {
            overlapping.push_back(&meta);
        }
    }
    if (!overlapping.empty() && !block.rawEnds().empty()) {
        IncomingKeys incoming(recordKeys(block));
        std::lock_guard lock(m_state->mutex);
        for (const BlockMeta *meta : overlapping) {
            for (const BlockOrigin &origin : originsOf(*meta)) {
                const auto keys = m_state->keysOf(*meta, origin);
                if (!keys) {
                    if (m_state->store.setAside(*meta, keys.error())) {
                        break; // what cannot be read is stored again
                    }
                    return fail(keys.error());
                }
                m_state->take(**keys, origin, incoming, duplicates);
            }
        }
    }
    duplicates.invert();
    return duplicates;
}

} // namespace nightjar::store
