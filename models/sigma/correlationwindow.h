// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// The events of one group within the timespan, and what is measured of them. Private to the correlator.
namespace nightjar::sigma {

struct CompiledCorrelation;

/// `value`: hash (value_count), bits of a double (sums and percentiles), references matched (temporal types), else 0.
struct WindowEntry {
    Timestamp time = 0;
    std::int64_t id = 0;
    std::uint64_t value = 0;
};

/// A queue in order of time; 24 bytes when empty, then as many entries as it needs, doubled.
class Window {
public:
    [[nodiscard]] std::uint32_t size() const { return m_size; }
    [[nodiscard]] const WindowEntry &operator[](std::uint32_t i) const
    {
        return m_entries[(m_head + i) & (m_capacity - 1)];
    }
    [[nodiscard]] const WindowEntry &front() const { return (*this)[0]; }
    [[nodiscard]] const WindowEntry &back() const { return (*this)[m_size - 1]; }
    [[nodiscard]] std::size_t bytes() const { return m_capacity * sizeof(WindowEntry); }
    void push(const WindowEntry &entry)
    {
        if (m_size == m_capacity) {
            resize(m_capacity == 0 ? 1 : m_capacity * 2);
        }
        m_entries[(m_head + m_size++) & (m_capacity - 1)] = entry;
    }
    void pop()
    {
        m_head = (m_head + 1) & (m_capacity - 1);
        --m_size;
        if (m_capacity > 64 && m_size < m_capacity / 8) {
            resize(m_capacity / 2);
        }
    }

private:
    void resize(std::uint32_t capacity)
    {
        auto entries = std::make_unique<WindowEntry[]>(capacity);
        for (std::uint32_t i = 0; i < m_size; ++i) {
            entries[i] = (*this)[i];
        }
        m_entries = std::move(entries);
        m_capacity = capacity;
        m_head = 0;
    }
    std::unique_ptr<WindowEntry[]> m_entries;
    std::uint32_t m_head = 0, m_size = 0, m_capacity = 0;
};

/// Millionths as a whole number, so that sums over a moving window never drift. Exact for six decimals.
__extension__ using Millionths = __int128;
Millionths toMillionths(double value);

/// Sorted numbers in pieces: adding, removing and looking up by rank cost a piece plus the number of pieces.
class OrderedValues {
public:
    void add(double value);
    void remove(double value);
    void clear() { m_pieces.clear(), m_size = 0; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Linear interpolation between the ranks (R-7, as numpy's default); `share` from 0 to 1. 0 when empty.
    [[nodiscard]] double quantile(double share) const;
    [[nodiscard]] std::size_t bytes() const { return m_size * sizeof(double) * 2; }

private:
    static constexpr std::size_t kPiece = 512;
    [[nodiscard]] std::size_t pieceOf(double value) const;
    [[nodiscard]] double at(std::size_t rank) const;
    std::vector<std::vector<double>> m_pieces;
    std::size_t m_size = 0;
};

/// What a window amounts to, kept up with each event that comes and goes: never recomputed from all of them.
class Measure {
public:
    explicit Measure(const CompiledCorrelation &correlation);

    void clear();
    void add(const WindowEntry &entry);
    void remove(const WindowEntry &entry);
    /// Whether the condition holds for a window of `events` entries that ends at `now`.
    [[nodiscard]] bool holds(std::size_t events, Timestamp now) const;
    /// The quantity as text, for people.
    [[nodiscard]] std::string text(std::size_t events, Timestamp now) const;
    [[nodiscard]] std::size_t bytes() const;

private:
    void addDistinct(std::uint64_t value);
    void removeDistinct(std::uint64_t value);
    void addOrdered(const WindowEntry &entry);
    [[nodiscard]] std::size_t distinct() const { return m_few.size() + m_many.size(); }
    [[nodiscard]] std::uint64_t present() const;
    [[nodiscard]] std::size_t longestChain(Timestamp from) const;
    [[nodiscard]] bool chainHolds(Timestamp from) const;
    [[nodiscard]] bool conditionHolds(std::uint64_t slots) const;
    [[nodiscard]] bool within(double value) const;
    [[nodiscard]] bool sumWithin(std::size_t divisor) const;

    const CompiledCorrelation *m_correlation;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> m_few; ///< distinct values and how often, until there are many
    std::unordered_map<std::uint64_t, std::uint32_t> m_many;
    Millionths m_sum = 0;
    OrderedValues m_ordered;
    std::vector<std::uint32_t> m_slots;           ///< events of each reference
    std::vector<std::vector<Timestamp>> m_starts; ///< by term and step: latest start of a chain that got there
};

} // namespace nightjar::sigma
