// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace nightjar::event {

/// True when `size` bytes are equal. Made for short values, for which a call of memcmp costs more than it does.
inline bool sameBytes(const char *left, const char *right, std::size_t size)
{
    const auto word = [](const char *from) {
        std::uint64_t value = 0;
        std::memcpy(&value, from, 8);
        return value;
    };
    if (size >= 8) {
        if (size > 32) {
            return std::memcmp(left, right, size) == 0;
        }
        std::size_t at = 0;
        for (; at + 8 <= size; at += 8) {
            if (word(left + at) != word(right + at)) {
                return false;
            }
        }
        return word(left + size - 8) == word(right + size - 8);
    }
    for (std::size_t at = 0; at < size; ++at) {
        if (left[at] != right[at]) {
            return false;
        }
    }
    return true;
}

/// Hash of a value within this process: multiply-and-fold over eight-byte words, seeded so that log content cannot be
/// made to collide on purpose. Never stored.
class ValueHash {
public:
    explicit ValueHash(std::uint64_t seed)
        : m_seed(seed)
    {
    }
    [[nodiscard]] std::uint32_t operator()(std::string_view text) const
    {
        const char *at = text.data();
        std::size_t left = text.size();
        std::uint64_t state = m_seed ^ left;
        while (left > 16) {
            state = fold(state ^ load(at, 8), kFirst ^ load(at + 8, 8));
            at += 16;
            left -= 16;
        }
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        if (left >= 8) {
            low = load(at, 8);
            high = load(at + left - 8, 8);
        } else if (left >= 4) {
            low = load(at, 4);
            high = load(at + left - 4, 4);
        } else if (left > 0) {
            low = static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[left / 2])} << 8U |
                  std::uint64_t{static_cast<unsigned char>(at[left - 1])} << 16U;
        }
        return shorten(fold(state ^ low, kSecond ^ high));
    }
    [[nodiscard]] std::uint32_t operator()(std::int64_t value) const
    {
        return shorten(fold(m_seed ^ static_cast<std::uint64_t>(value), kFirst));
    }

private:
    static constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15U;
    static constexpr std::uint64_t kSecond = 0xD1B54A32D192ED03U;
    static std::uint64_t load(const char *from, std::size_t size)
    {
        std::uint64_t value = 0;
        std::memcpy(&value, from, size);
        return value;
    }
    static std::uint64_t fold(std::uint64_t left, std::uint64_t right)
    {
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(left) * right;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
    }
    static std::uint32_t shorten(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ hash >> 32U); }

    std::uint64_t m_seed;
};

/// Open addressing from value to code. A slot holds the hash and where the text stands (or the number itself), so that
/// a repeated value costs one look at the table and one at the text.
class CodeTable {
public:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t code = 0;  ///< 0: free
        std::uint64_t value = 0; ///< the integer, or offset and length of the text
    };

    /// The slot of the value, or the free one where it belongs.
    template <class Equal>
    Slot &find(std::uint32_t hash, Equal &&equal)
    {
        if ((m_used + 1) * 4 > m_slots.size() * 3) {
            grow();
        }
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
            Slot &slot = m_slots[i];
            if (slot.code == 0 || (slot.hash == hash && equal(slot.value))) {
                return slot;
            }
        }
    }
    /// Fetches the slot where the search for `hash` begins into the processor's cache.
    void prefetch(std::uint32_t hash) const
    {
        if (!m_slots.empty()) {
            __builtin_prefetch(&m_slots[hash & (m_slots.size() - 1)]);
        }
    }
    /// True when the table is larger than what stays in the cache by itself.
    [[nodiscard]] bool isWide() const { return m_slots.size() >= kWide; }
    void taken() { ++m_used; }
    void clear()
    {
        // A table that grew for one odd block should not cost a big clear in each later one.
        if (m_slots.size() > kSmall && m_used * 8 < m_slots.size()) {
            m_slots.assign(kSmall, Slot{});
        } else {
            m_slots.assign(m_slots.size(), Slot{});
        }
        m_used = 0;
    }

private:
    static constexpr std::size_t kSmall = 64;
    static constexpr std::size_t kWide = 2'048;
    void grow()
    {
        std::vector<Slot> old(m_slots.empty() ? kSmall : m_slots.size() * 2);
        old.swap(m_slots);
        const std::size_t mask = m_slots.size() - 1;
        for (const Slot &slot : old) {
            if (slot.code != 0) {
                std::size_t i = slot.hash & mask;
                while (m_slots[i].code != 0) {
                    i = (i + 1) & mask;
                }
                m_slots[i] = slot;
            }
        }
    }
    std::vector<Slot> m_slots;
    std::size_t m_used = 0;
};

} // namespace nightjar::event
