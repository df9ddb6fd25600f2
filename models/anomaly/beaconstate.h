// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beacon.h"

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What a BeaconDetector remembers; for its own .cpp files.
namespace nightjar::anomaly {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// A user or host while any pair holds it. Numbers are never used twice.
struct Party {
    std::uint32_t number = 0;
    std::uint32_t pairs = 0;
    std::uint32_t firstSecond = 0;
};
/// Entries stay where they are until they are erased; `erased` counts that.
struct Parties {
    std::unordered_map<std::string, Party, TextHash, std::equal_to<>> byName;
    std::uint64_t erased = 0;

    using Entry = decltype(byName)::value_type;
    Entry &of(std::string_view name, std::uint32_t second, std::uint32_t &nextNumber);
    /// One pair less; the last one takes the party with it.
    void leave(Entry &entry);
};

constexpr std::size_t kKeptCheckIns = 256;
constexpr std::size_t kKeptIds = 50;

struct Pair {
    Parties::Entry *user = nullptr; ///< counted in the party's `pairs`
    Parties::Entry *host = nullptr;
    std::uint64_t key = 0;
    CheckIn firstCheckIn;          ///< while it is the only one: most pairs are never seen again
    std::int64_t firstId = 0;      ///< likewise
    std::vector<CheckIn> checkIns; ///< ascending, the latest
    std::vector<std::int64_t> ids; ///< the latest
    std::int64_t count = 0;
    std::int64_t nextLook = 6; ///< count at which the pair is scored again
    std::uint32_t first = 0, last = 0, lastHour = 0, activeHours = 0, longestGap = 0;
    std::uint32_t lastLook = 0;  ///< second
    std::uint32_t lastAlert = 0; ///< second, 0: never
    double lastScore = 0;
    std::int64_t lastCount = 0; ///< check-ins at the last alert
};

struct BeaconDetector::State {
    BeaconOptions options;
    Parties users, hosts;
    std::list<Pair> pairs; ///< most recently seen first
    std::unordered_map<std::uint64_t, std::list<Pair>::iterator> byKey;
    std::uint32_t nextNumber = 1;
    std::size_t bytes = 0;
    std::uint32_t epoch = 0; ///< second of the first event
    std::vector<BeaconFinding> findings;

    Pair &pairOf(Parties::Entry &user, Parties::Entry &host);
    void evict();
    void add(Pair &pair, const CheckIn &checkIn, std::int64_t id);
    void keep(Pair &pair, const CheckIn &checkIn, std::int64_t id);
    void look(Pair &pair, std::uint32_t second);
    [[nodiscard]] BeaconSeries seriesOf(const Pair &pair, std::uint32_t second) const;
    [[nodiscard]] BeaconFinding findingOf(const Pair &pair, const BeaconScore &score) const;
    void forget(std::list<Pair>::iterator pair);
};

} // namespace nightjar::anomaly
