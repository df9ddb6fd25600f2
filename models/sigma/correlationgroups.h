// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/correlationwindow.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The live groups of one correlation. Private to the correlator.
namespace nightjar::sigma {

/// A time during which the condition held again and again, in windows that share events: one alert.
struct Episode {
    Timestamp first = kNoTime;     ///< oldest event of the window that began it
    Timestamp completed = kNoTime; ///< the event that made the condition true
    Timestamp last = kNoTime;      ///< the newest event for which it held
    std::int64_t events = 0;
    std::uint64_t arrivals = 0; ///< Group::arrivals when `events` was counted
    std::uint64_t batch = 0;    ///< of takeFindings() that `finding` belongs to
    std::size_t finding = 0;
};

struct Group {
    std::string key;
    std::uint64_t hash = 0;
    std::uint64_t arrivals = 0; ///< events so far
    std::uint32_t older = 0, newer = 0;
    Window window;
    std::unique_ptr<Measure> measure; ///< of windows that are not small
    std::unique_ptr<Episode> episode;

    [[nodiscard]] std::size_t bytes() const
    {
        return sizeof(Group) + 8 + (key.size() > 15 ? key.size() + 17 : 0) + window.bytes() +
               (window.bytes() > 0 ? 8 : 0) + (measure ? measure->bytes() : 0) + (episode ? sizeof(Episode) : 0);
    }
};

/// Groups by key, and in order of their last event, so that the oldest go at no cost. References stay valid until
/// remove(). Index 0 is none.
class GroupTable {
public:
    using Index = std::uint32_t;

    /// The group, made when it is not there; it becomes the newest.
    Index touch(std::string_view key, std::uint64_t hash);
    [[nodiscard]] Group &operator[](Index index) { return m_chunks[index / kChunk][index % kChunk]; }
    [[nodiscard]] const Group &operator[](Index index) const { return m_chunks[index / kChunk][index % kChunk]; }
    [[nodiscard]] Index oldest() const { return m_oldest; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    void remove(Index index);

private:
    static constexpr std::size_t kChunk = 256;
    [[nodiscard]] std::size_t slotOf(std::string_view key, std::uint64_t hash) const;
    Index make(std::string_view key, std::uint64_t hash);
    void grow();
    void link(Index index);
    void unlink(Index index);

    std::vector<std::unique_ptr<Group[]>> m_chunks;
    std::vector<Index> m_slots; ///< open addressing; a power of two
    std::size_t m_size = 0;
    Index m_next = 1; ///< never used so far
    Index m_free = 0; ///< list by `newer`
    Index m_oldest = 0, m_newest = 0;
};

} // namespace nightjar::sigma
