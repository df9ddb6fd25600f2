// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/correlationgroups.h"
#include "sigma/correlator.h"

#include <deque>
#include <map>
#include <span>

/// Inside of the correlator. Private.
namespace nightjar::sigma {

struct Correlator::State {
    State(std::shared_ptr<const CorrelationSet> rules, const CorrelatorOptions &wanted);

    /// An event that waits until all that may come before it are there.
    struct Waiting {
        Timestamp time = kNoTime;
        std::int64_t id = 0;
        std::uint32_t block = 0; ///< key into `blocks`
        std::uint32_t event = 0;
        auto operator<=>(const Waiting &other) const { return std::pair(time, id) <=> std::pair(other.time, other.id); }
        bool operator==(const Waiting &) const = default;
    };
    struct WaitingBlock {
        CorrelationHits hits;
        std::size_t left = 0;
        std::size_t bytes = 0;
    };
    /// What an event brings to one group of one correlation.
    struct Work {
        std::uint32_t correlation = 0;
        std::string_view key;
        std::uint64_t hash = 0;
        std::uint64_t slots = 0;
        std::span<const std::uint64_t> values;
    };
    /// Where the group values of an inner correlation stand in an outer one's lists; absent: it has no such field.
    struct Link {
        std::uint32_t outer = 0, slot = 0;
        std::optional<std::vector<std::size_t>> groups;
        std::optional<std::vector<std::size_t>> values;
    };

    void take(CorrelationHits hits, std::int64_t firstId);
    void enqueue(std::vector<Waiting> fresh);
    void release(Timestamp before);
    void releaseOldest(std::size_t count);
    void process(const Waiting &waiting);
    void feed(const Work &work, Timestamp time, std::int64_t id);
    bool holds(const CompiledCorrelation &rule, Group &group, std::uint32_t added, Timestamp now);
    void fire(const Work &work, Group &group, Timestamp time, std::int64_t id);
    void tell(const Work &work, Group &group, Episode &episode, bool fresh, Timestamp time, std::int64_t id);
    void passOn(const Work &work, bool fresh);
    void expire(std::uint32_t correlation, Timestamp now);
    void evict();
    void sweep();
    /// After a restore: measures and bytes of one correlation's groups; the block of all that waits.
    void rebuild(std::uint32_t correlation);
    void adopt(WaitingBlock block);

    std::shared_ptr<const CorrelationSet> set;
    CorrelatorOptions options;
    std::vector<GroupTable> tables;       ///< by correlation
    std::vector<Measure> scratch;         ///< by correlation, for small windows
    std::vector<std::vector<Link>> links; ///< by inner correlation
    bool chained = false;

    std::vector<Waiting> waiting; ///< from `head` on, in order
    std::size_t head = 0;
    std::map<std::uint32_t, WaitingBlock> blocks;
    std::uint32_t nextBlock = 0;
    std::size_t waitingBytes = 0;

    Timestamp newest = kNoTime;    ///< of all events seen
    Timestamp watermark = kNoTime; ///< older ones are late
    Timestamp now = kNoTime;       ///< of the event looked at last
    std::size_t groupBytes = 0;
    std::optional<std::pair<Timestamp, Timestamp>> late;
    CorrelatorNotices notices;

    std::vector<CorrelationFinding> findings;
    std::uint64_t batch = 1;

    std::vector<Work> work; ///< of the current event, in order of correlation
    std::size_t working = 0;
    std::deque<std::string> texts; ///< keys of inner findings, while the event is looked at
    std::deque<std::vector<std::uint64_t>> numbers;
};

} // namespace nightjar::sigma
