// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/livededuplicator.h"

#include "store/blockcodec.h"
#include "store/origins.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

namespace nightjar::store {
namespace {

constexpr std::size_t kCachedKeys = std::size_t{8} << 20; ///< 64 MB
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

using Keys = std::shared_ptr<const std::vector<std::uint64_t>>;
/// A block as the marks of deliveries name it: the ticket of one of this session's, else the first id with the top bit.
using BlockRef = std::uint64_t;
constexpr BlockRef kForeign = BlockRef{1} << 63U;

/// Rows of an incoming block by key: equal ones are chained in order of row. A small bit table in front turns most
/// strangers away without a cache miss.
class KeyChains {
public:
    explicit KeyChains(const std::vector<std::uint64_t> &keys)
        : m_mask(std::bit_ceil(std::max<std::size_t>(keys.size() * 2, 16)) - 1)
        , m_slots(m_mask + 1)
        , m_next(keys.size(), kNone)
        , m_bits(kBitTable / 64, 0)
    {
        for (std::size_t row = keys.size(); row-- > 0;) { // backwards: the first row ends up in front of its chain
            Slot &slot = m_slots[find(keys[row])];
            m_next[row] = slot.head;
            m_repeated |= slot.head != kNone;
            slot = {keys[row], static_cast<std::uint32_t>(row)};
            const std::uint64_t bit = keys[row] % kBitTable;
            m_bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
    }
    /// First row with this key, kNone when there is none.
    [[nodiscard]] std::uint32_t head(std::uint64_t key) const
    {
        const std::uint64_t bit = key % kBitTable;
        return ((m_bits[bit / 64] >> (bit % 64)) & 1U) == 0 ? kNone : m_slots[find(key)].head;
    }
    [[nodiscard]] std::uint32_t next(std::uint32_t row) const { return m_next[row]; }
    [[nodiscard]] bool anyRepeated() const { return m_repeated; }

private:
    static constexpr std::uint64_t kBitTable = std::uint64_t{1} << 20U;
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t head = kNone;
    };
    [[nodiscard]] std::size_t find(std::uint64_t key) const
    {
        std::size_t at = (key >> 20U) & m_mask;
        while (m_slots[at].head != kNone && m_slots[at].key != key) {
            at = (at + 1) & m_mask;
        }
        return at;
    }
    std::size_t m_mask;
    std::vector<Slot> m_slots;
    std::vector<std::uint32_t> m_next;
    std::vector<std::uint64_t> m_bits;
    bool m_repeated = false;
};

/// Who brought the rows of a block.
class Owners {
public:
    Owners() = default;
    explicit Owners(std::span<const DeliveryRows> rows)
    {
        std::uint32_t end = 0;
        for (const DeliveryRows &part : rows) {
            end += part.rows;
            append(part.delivery, end);
        }
    }
    void append(std::uint64_t delivery, std::uint32_t end)
    {
        if (!m_ends.empty() && m_ends.back().second == delivery) {
            m_ends.back().first = end;
        } else {
            m_ends.emplace_back(end, delivery);
        }
    }
    /// 0: nobody's who is still of interest.
    [[nodiscard]] std::uint64_t of(std::uint32_t row) const
    {
        const auto at = std::upper_bound(m_ends.begin(), m_ends.end(), row,
                                         [](std::uint32_t value, const auto &part) { return value < part.first; });
        return at == m_ends.end() ? 0 : at->second;
    }
    [[nodiscard]] Owners kept(const event::RowSet &rows) const
    {
        Owners out;
        std::uint32_t row = 0;
        std::uint32_t count = 0;
        for (const auto &[end, delivery] : m_ends) {
            for (; row < end; ++row) {
                count += rows.contains(row) ? 1U : 0U;
            }
            if (count > 0) {
                out.append(delivery, count);
            }
        }
        return out;
    }
    /// Forgets deliveries that have ended; false when none is left.
    bool forgetEnded(const std::set<std::uint64_t> &open)
    {
        Owners left;
        bool any = false;
        for (const auto &[end, delivery] : m_ends) {
            const bool isOpen = open.contains(delivery);
            any |= isOpen;
            left.append(isOpen ? delivery : 0, end);
        }
        *this = std::move(left);
        m_ends.shrink_to_fit();
        return any;
    }

private:
    std::vector<std::pair<std::uint32_t, std::uint64_t>> m_ends; ///< end row, delivery
};

/// What a block's rows may be compared with: seconds in which it has rows, and whether some have no time.
class TimesOf {
public:
    explicit TimesOf(const event::EventBlock &block)
    {
        for (const Timestamp time : block.times()) {
            if (time == kNoTime) {
                m_untimed = true;
            } else if (m_times.empty() || m_times.back() != time) {
                m_times.push_back(time);
            }
        }
        std::sort(m_times.begin(), m_times.end());
    }
    [[nodiscard]] bool meets(Timestamp from, Timestamp to, bool untimed) const
    {
        if (untimed && m_untimed) {
            return true;
        }
        const auto at = std::lower_bound(m_times.begin(), m_times.end(), from);
        return from != kNoTime && at != m_times.end() && *at <= to;
    }
    [[nodiscard]] bool untimed() const { return m_untimed; }

private:
    std::vector<Timestamp> m_times;
    bool m_untimed = false;
};

/// A stored record that has answered for a copy of a delivery.
struct Mark {
    std::uint64_t delivery = 0;
    BlockRef ref = 0;
    std::uint32_t row = 0;
};

/// A block that is on its way to the store.
struct Pending {
    std::vector<Mark> marks; ///< to be taken back when it does not get there
    Keys keys;
    Owners owners;
    Timestamp minTime = kNoTime, maxTime = kNoTime;
    bool untimed = false;
};

/// A stored block of this session.
struct SessionBlock {
    BlockRef ref = 0;
    Owners owners;
};

/// A stored record with the key of an incoming row.
struct Hit {
    BlockRef ref = 0;
    std::uint32_t row = 0;
    std::uint32_t blockRows = 0;
    std::uint64_t owner = 0;
};
using Hits = std::unordered_map<std::uint32_t, std::vector<Hit>>; ///< by first row of the chain

void collect(const KeyChains &chains, const std::vector<std::uint64_t> &keys, BlockRef ref, const Owners &owners,
             Hits &hits)
{
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (const std::uint32_t head = chains.head(keys[row]); head != kNone) {
            const auto at = static_cast<std::uint32_t>(row);
            hits[head].push_back({ref, at, static_cast<std::uint32_t>(keys.size()), owners.of(at)});
        }
    }
}

} // namespace

struct LiveDeduplicator::State {
    const EventStore &store;
    std::int64_t session;
    std::mutex mutex;
    std::uint64_t nextTicket = 1;
    std::map<std::uint64_t, Pending> pending;
    std::map<std::int64_t, SessionBlock> blocks; ///< this session's, by first id
    std::set<std::uint64_t> open;                ///< deliveries that have been met and not ended
    std::map<std::uint64_t, std::map<BlockRef, std::vector<bool>>> answered; ///< by delivery: stored rows that answered
    std::list<std::pair<std::int64_t, Keys>> cache;                          ///< by first id, most recently used first
    std::unordered_map<std::int64_t, std::list<std::pair<std::int64_t, Keys>>::iterator> cached;
    std::size_t cachedKeys = 0;

    Result<Keys> keysOf(const BlockMeta &meta, const BlockOrigin &origin);
    void cacheKeys(std::int64_t firstId, Keys keys);
    Result<Hits> hitsOf(const event::EventBlock &block, const KeyChains &chains);
    bool answer(std::uint64_t delivery, const std::vector<Hit> &hits, std::vector<Mark> &made);
    event::RowSet judge(const std::vector<std::uint64_t> &keys, const KeyChains &chains, const Hits &hits,
                        const Owners &owners, std::uint64_t ticket, std::vector<Mark> &made);
};

void LiveDeduplicator::State::cacheKeys(std::int64_t firstId, Keys keys)
{
    cachedKeys += keys->size();
    cache.emplace_front(firstId, std::move(keys));
    cached[firstId] = cache.begin();
    while (cachedKeys > kCachedKeys && cache.size() > 1) {
        cachedKeys -= cache.back().second->size();
        cached.erase(cache.back().first);
        if (const auto old = blocks.find(cache.back().first); old != blocks.end()) {
            old->second.owners.forgetEnded(open);
        }
        cache.pop_back();
    }
}

Result<Keys> LiveDeduplicator::State::keysOf(const BlockMeta &meta, const BlockOrigin &origin)
{
    if (const auto found = cached.find(origin.firstId); found != cached.end()) {
        cache.splice(cache.begin(), cache, found->second);
        return cache.front().second;
    }
    auto loaded = store.loadKeys(meta);
    if (!loaded) {
        return fail(loaded.error());
    }
    auto keys = std::make_shared<const std::vector<std::uint64_t>>(keysOfOrigin(std::move(*loaded), meta, origin));
    cacheKeys(origin.firstId, keys);
    return keys;
}

/// Stored records, and records on their way to the store, that have a key of the block's.
Result<Hits> LiveDeduplicator::State::hitsOf(const event::EventBlock &block, const KeyChains &chains)
{
    Hits hits;
    const TimesOf times(block);
    const Snapshot snapshot = store.snapshot();
    static const Owners kNobody;
    for (std::size_t i = 0; i < snapshot.blocks(); ++i) {
        const BlockMeta &meta = *(*snapshot.m_blocks)[i];
        if (meta.directory.frames.empty() || !times.meets(meta.minTime, meta.maxTime, meta.untimedRows > 0)) {
            continue;
        }
        for (const BlockOrigin &origin : originsOf(meta)) {
            const auto own = meta.delivery == session ? blocks.find(origin.firstId) : blocks.end();
            if (meta.delivery == session && own == blocks.end()) {
                continue; // told by stored() in a moment: it is among the pending ones
            }
            const auto keys = keysOf(meta, origin);
            if (!keys) {
                if (store.setAside(meta, keys.error())) {
                    break; // what cannot be read is stored again
                }
                return fail(keys.error());
            }
            const BlockRef foreign = kForeign | static_cast<BlockRef>(origin.firstId);
            collect(chains, **keys, own == blocks.end() ? foreign : own->second.ref,
                    own == blocks.end() ? kNobody : own->second.owners, hits);
        }
    }
    for (const auto &[ticket, waiting] : pending) {
        if (times.meets(waiting.minTime, waiting.maxTime, waiting.untimed)) {
            collect(chains, *waiting.keys, ticket, waiting.owners, hits);
        }
    }
    return hits;
}

/// A stored record of another delivery answers for one copy of this one.
bool LiveDeduplicator::State::answer(std::uint64_t delivery, const std::vector<Hit> &hits, std::vector<Mark> &made)
{
    for (const Hit &hit : hits) {
        if (hit.owner == delivery) {
            continue;
        }
        std::vector<bool> &marks = answered[delivery].try_emplace(hit.ref, hit.blockRows).first->second;
        if (!marks[hit.row]) {
            marks[hit.row] = true;
            made.push_back({delivery, hit.ref, hit.row});
            return true;
        }
    }
    return false;
}

event::RowSet LiveDeduplicator::State::judge(const std::vector<std::uint64_t> &keys, const KeyChains &chains,
                                             const Hits &hits, const Owners &owners, std::uint64_t ticket,
                                             std::vector<Mark> &made)
{
    static const std::vector<Hit> kNoHits;
    event::RowSet fresh(keys.size());
    struct Inside { ///< a copy that another row of this very block answered for
        std::uint64_t delivery;
        std::uint32_t row;
        auto operator<=>(const Inside &) const = default;
    };
    std::set<Inside> inside;
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
        const std::uint32_t head = chains.head(keys[row]);
        const auto found = hits.find(head);
        const std::uint64_t delivery = owners.of(row);
        if (found != hits.end() && answer(delivery, found->second, made)) {
            continue;
        }
        bool copy = false;
        for (std::uint32_t before = head; before < row && !copy; before = chains.next(before)) {
            copy = fresh.contains(before) && owners.of(before) != delivery && inside.insert({delivery, before}).second;
        }
        if (!copy) {
            fresh.insert(row);
        }
    }
    if (!inside.empty()) {
        std::vector<std::uint32_t> rank(keys.size(), 0);
        std::uint32_t count = 0;
        for (std::uint32_t row = 0; row < keys.size(); ++row) {
            rank[row] = count;
            count += fresh.contains(row) ? 1U : 0U;
        }
        for (const Inside &mark : inside) {
            answered[mark.delivery].try_emplace(ticket, count).first->second[rank[mark.row]] = true;
            made.push_back({mark.delivery, ticket, rank[mark.row]});
        }
    }
    return fresh;
}

LiveDeduplicator::LiveDeduplicator(const EventStore &store, std::int64_t sessionDelivery)
    : m_state(new State{store, sessionDelivery, {}, 1, {}, {}, {}, {}, {}, {}, 0})
{
}

LiveDeduplicator::~LiveDeduplicator() = default;

Result<LiveDeduplicator::Verdict> LiveDeduplicator::fresh(const event::EventBlock &block,
                                                          std::span<const DeliveryRows> rows)
{
    State &state = *m_state;
    std::vector<std::uint64_t> keys = recordKeys(block);
    const KeyChains chains(keys);
    const Owners owners(rows);
    std::lock_guard lock(state.mutex);
    for (const DeliveryRows &part : rows) {
        state.open.insert(part.delivery);
    }
    const auto hits = state.hitsOf(block, chains);
    if (!hits) {
        return fail(hits.error());
    }
    Verdict verdict{event::RowSet(keys.size()), state.nextTicket++};
    Pending pending;
    if (hits->empty() && !chains.anyRepeated()) {
        verdict.fresh.invert();
    } else {
        verdict.fresh = state.judge(keys, chains, *hits, owners, verdict.ticket, pending.marks);
    }
    pending.owners = owners;
    if (verdict.fresh.count() < keys.size()) {
        pending.owners = owners.kept(verdict.fresh);
        std::vector<std::uint64_t> kept;
        for (std::size_t row = 0; row < keys.size(); ++row) {
            if (verdict.fresh.contains(row)) {
                kept.push_back(keys[row]);
            }
        }
        keys = std::move(kept);
    }
    pending.keys = std::make_shared<const std::vector<std::uint64_t>>(std::move(keys));
    pending.minTime = block.minTime();
    pending.maxTime = block.maxTime();
    pending.untimed = std::find(block.times().begin(), block.times().end(), kNoTime) != block.times().end();
    state.pending.emplace(verdict.ticket, std::move(pending));
    return verdict;
}

void LiveDeduplicator::stored(std::uint64_t ticket, std::int64_t firstId)
{
    std::lock_guard lock(m_state->mutex);
    const auto found = m_state->pending.find(ticket);
    if (found == m_state->pending.end()) {
        return;
    }
    Pending block = std::move(found->second);
    m_state->pending.erase(found);
    if (block.keys->empty()) {
        return; // nothing of it was stored
    }
    m_state->blocks[firstId] = {ticket, std::move(block.owners)};
    m_state->cacheKeys(firstId, std::move(block.keys));
}

void LiveDeduplicator::abandoned(std::uint64_t ticket)
{
    std::lock_guard lock(m_state->mutex);
    const auto found = m_state->pending.find(ticket);
    if (found == m_state->pending.end()) {
        return;
    }
    for (const Mark &mark : found->second.marks) {
        const auto delivery = m_state->answered.find(mark.delivery);
        if (delivery == m_state->answered.end()) {
            continue; // ended meanwhile
        }
        if (const auto block = delivery->second.find(mark.ref); block != delivery->second.end()) {
            block->second[mark.row] = false;
        }
    }
    m_state->pending.erase(found);
}

void LiveDeduplicator::ended(std::uint64_t delivery)
{
    std::lock_guard lock(m_state->mutex);
    m_state->open.erase(delivery);
    m_state->answered.erase(delivery);
}

} // namespace nightjar::store
