// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace nightjar::anomaly {

/// A key of two hashes.
constexpr std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t x = a ^ (b * 0x9E3779B97F4A7C15ULL);
    x = (x ^ x >> 32U) * 0xD6E8FEB86659FD93ULL;
    return x ^ x >> 32U;
}

/// A flat table from 64-bit hashes to small values that forgets by generation: when `most` entries are young, they
/// become the old ones and those that were old go, without a scan. A value that is asked for becomes young again. What
/// is forgotten depends on the order of calls only. Memory: at most 2 · 1.25 · `most` slots, grown as needed. Pointers
/// hold until the next call of at(). Thread: one owner.
template <typename Value>
class GenerationTable {
    static_assert(std::is_trivially_copyable_v<Value>);

public:
    explicit GenerationTable(std::size_t most)
        : m_most(most)
    {
    }

    /// The value of `key`; `true` when it was made (all zero) just now.
    std::pair<Value *, bool> at(std::uint64_t key)
    {
        key = key == 0 ? 1 : key;
        if (m_young.empty()) {
            m_young.resize(kLeastSlots);
        }
        Slot *slot = find(m_young, key);
        if (slot->key() == key) {
            return {&slot->value, false};
        }
        if (m_count >= m_most) {
            m_old.swap(m_young);
            m_young.assign(m_old.size(), Slot{});
            m_count = 0;
            slot = find(m_young, key);
        } else if ((m_count + 1) * 5 > m_young.size() * 4) {
            grow();
            slot = find(m_young, key);
        }
        ++m_count;
        slot->setKey(key);
        if (!m_old.empty()) {
            if (const Slot *old = find(m_old, key); old->key() == key) {
                slot->value = old->value;
                return {&slot->value, false};
            }
        }
        return {&slot->value, true};
    }

    [[nodiscard]] std::size_t bytes() const { return (m_young.size() + m_old.size()) * sizeof(Slot); }

    /// Calls `visit(old, key, value)` for all entries, the old ones first.
    template <typename Visitor>
    void visit(Visitor &&visitor) const
    {
        for (const auto *slots : {&m_old, &m_young}) {
            for (const Slot &slot : *slots) {
                if (slot.key() != 0) {
                    visitor(slots == &m_old, slot.key(), slot.value);
                }
            }
        }
    }
    /// Ends the young generation, as a full one does; for restoring what visit() told.
    void age()
    {
        m_old.swap(m_young);
        m_young.assign(m_old.size(), Slot{});
        m_count = 0;
    }

private:
    static constexpr std::size_t kLeastSlots = 64;
    struct Slot {
        std::uint32_t high = 0, low = 0; ///< of the key, in halves so that values of 4 bytes need no padding
        Value value{};
        [[nodiscard]] std::uint64_t key() const { return std::uint64_t{high} << 32U | low; }
        void setKey(std::uint64_t key)
        {
            high = static_cast<std::uint32_t>(key >> 32U);
            low = static_cast<std::uint32_t>(key);
        }
    };

    /// The key's slot, or the free one where it would go.
    static Slot *find(std::vector<Slot> &slots, std::uint64_t key)
    {
        std::size_t at = static_cast<std::size_t>((key >> 32U) * slots.size() >> 32U);
        while (slots[at].key() != key && slots[at].key() != 0) {
            at = at + 1 == slots.size() ? 0 : at + 1;
        }
        return &slots[at];
    }
    void grow()
    {
        std::vector<Slot> larger(m_young.size() * 2);
        for (const Slot &slot : m_young) {
            if (slot.key() != 0) {
                *find(larger, slot.key()) = slot;
            }
        }
        m_young.swap(larger);
    }

    std::size_t m_most;
    std::size_t m_count = 0;
    std::vector<Slot> m_young, m_old;
};

} // namespace nightjar::anomaly
