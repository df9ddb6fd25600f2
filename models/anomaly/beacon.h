// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beaconscore.h"
#include "base/result.h"
#include "base/time.h"
#include "event/block.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// One line of the explanation.
struct BeaconFeature {
    std::string name;     ///< "intervals at one period or its multiples"
    std::string observed; ///< "97 %"
    std::string usual;    ///< "50 %"
    double points = 0;    ///< log-odds that it adds (or takes away, negative)
};

/// A client that calls a host again and again like an implant.
struct BeaconFinding {
    std::string user; ///< user name, or client address where nobody signed in
    std::string host;
    double score = 0; ///< 0–100, as severity
    int severity = 0; ///< `score`, rounded
    double periodSeconds = 0;
    double jitter = 0;                             ///< mean deviation from the period, as a share of it
    std::int64_t count = 0;                        ///< check-ins since first
    std::int64_t users = 0;                        ///< clients that use the host
    std::int64_t allUsers = 0;                     ///< clients known
    std::int64_t bytesSent = 0, bytesReceived = 0; ///< of the check-ins kept
    Timestamp first = kNoTime, last = kNoTime;
    std::string summary;                      ///< a sentence or two in words
    std::vector<BeaconFeature> features;      ///< strongest first
    std::vector<std::int64_t> sampleIds;      ///< of events, the most recent ones, ascending, at most 50
    std::vector<Timestamp> beats;             ///< check-ins kept, at most 256
    std::vector<std::int64_t> intervalCounts; ///< histogram of the intervals
    double intervalBucketSeconds = 0;
};

struct BeaconOptions {
    double alertFrom = 70;                ///< severity
    std::size_t maxPairs = 200'000;       ///< seen three times; the least recently seen goes first
    std::size_t maxBytes = 96u << 20U;    ///< of check-ins kept
    double maxPrevalence = 0.3;           ///< above, when at least four clients use the host: a program of many
    std::int64_t leastSpanSeconds = 3600; ///< between first and last check-in
    std::int64_t refractoryMicros = kMicrosPerDay; ///< per pair, unless the score rises by half or the check-ins double
};

/// Finds beacons in a stream of events. What it finds depends only on the events and their order, not on how they are
/// cut into blocks, so that live and retroactive runs agree. Looks at web, firewall and tunnel records (DNS repeats by
/// its own clock); aggregated firewall records (numsessions above 1) are left out. A pair is kept whole from its third
/// check-in on; before, it takes 32 bytes of a table that forgets by generation (at most 8 · maxPairs of them). Thread:
/// one owner. Cost: 0.8 µs an event on the benchmark's records (bench_anomaly_stream).
class BeaconDetector {
public:
    explicit BeaconDetector(BeaconOptions options = {});
    ~BeaconDetector();
    BeaconDetector(BeaconDetector &&) noexcept;
    BeaconDetector &operator=(BeaconDetector &&) noexcept;

    /// `firstId`: id of the block's first event; the others follow without gap.
    void observe(const event::EventBlock &block, std::int64_t firstId);
    /// Findings since the last call, in order of their events.
    std::vector<BeaconFinding> takeFindings();

    /// The whole state as bytes, for a checkpoint.
    [[nodiscard]] std::string snapshot() const;
    /// Error NJ-ANOMALY-002: of another version, or damaged.
    static Result<BeaconDetector> restore(std::string_view bytes, BeaconOptions options = {});

    /// Kept whole.
    [[nodiscard]] std::size_t pairs() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::anomaly
