// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beacon.h"
#include "anomaly/generations.h"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

/// What a BeaconDetector remembers; for its own .cpp files.
namespace nightjar::anomaly {

/// A pair seen once or twice, as most are: what a Pair needs when it comes again. 32 bytes with its key.
struct LightPair {
    CheckIn first, second; ///< second 0: none yet
    static constexpr std::uint32_t kHeavy = 1;
    [[nodiscard]] bool heavy() const { return first.second == kHeavy; }
    /// Takes the check-in in, or is full: false.
    bool take(const CheckIn &checkIn);
};
struct KnownHost {
    std::uint32_t firstSecond = 0;
    std::uint32_t clients = 0;
};

constexpr std::size_t kKeptCheckIns = 256;
constexpr std::size_t kKeptIds = 50;

struct Pair {
    std::string user, host;
    std::uint64_t key = 0, hostHash = 0;
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
    GenerationTable<LightPair> light;
    GenerationTable<KnownHost> hosts{1'000'000};
    GenerationTable<std::uint32_t> users{200'000}; ///< second of the first event
    std::uint32_t clients = 0;                     ///< known
    std::list<Pair> pairs;                         ///< most recently seen first
    std::unordered_map<std::uint64_t, std::list<Pair>::iterator> byKey;
    std::size_t bytes = 0;
    std::uint32_t epoch = 0; ///< second of the first event
    std::vector<BeaconFinding> findings;

    explicit State(const BeaconOptions &given)
        : options(given)
        , light(given.maxPairs * 4)
    {
    }
    /// The light pair, or null where the pair is kept whole. Counts new clients of the host.
    LightPair *lightOf(std::uint64_t key, std::uint64_t user, std::uint64_t host, std::uint32_t second);
    Pair &raise(LightPair &known, std::uint64_t key, std::uint64_t hostHash);
    void evict();
    void keep(Pair &pair, const CheckIn &checkIn, std::int64_t id);
    void look(Pair &pair, std::uint32_t second);
    [[nodiscard]] BeaconSeries seriesOf(const Pair &pair, std::uint32_t second);
    [[nodiscard]] BeaconFinding findingOf(const Pair &pair, const BeaconScore &score);
    void forget(std::list<Pair>::iterator pair);
};

} // namespace nightjar::anomaly
