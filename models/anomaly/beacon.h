// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "event/block.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// One thing that speaks for a finding, with what would have been normal and its share of the score.
struct Feature {
    std::string name, observed, usual;
    double points = 0;
};

/// Regular contact of one user (or client address) with one host.
struct BeaconFinding {
    std::string user, host;
    double score = 0;         ///< 0–100
    double periodSeconds = 0; ///< most likely interval
    double jitterSeconds = 0; ///< median deviation from it, missed calls folded back
    std::int64_t count = 0;   ///< check-ins so far (connections closer than 5 s are one)
    std::int64_t added = 0;   ///< check-ins since the finding before of the same pair
    std::int64_t users = 0;   ///< that were seen with this host
    Timestamp first = kNoTime, last = kNoTime;
    std::vector<Feature> features;            ///< most weighty first
    std::vector<std::int64_t> sampleIds;      ///< events, oldest first, at most 25
    std::vector<Timestamp> beats;             ///< newest check-ins, at most kMaxBeats
    std::vector<std::int64_t> intervalCounts; ///< histogram of intervals
    double intervalBucketSeconds = 0;
};

struct BeaconOptions {
    std::size_t maxPairs = 200'000; ///< least recently seen ones are dropped
    std::size_t minBeats = 12;      ///< check-ins before a pair is judged
    std::int64_t minSpan = 2 * 3'600 * kMicrosPerSecond;
    double threshold = 75; ///< score from which a finding is made
};

/// Finds beaconing by timing, size and prevalence (facts/anomaly.md §4 of the project's research names the features).
/// State is bounded: at most maxPairs pairs of about 0.3 to 1.5 KB. Findings depend on the events and their order only,
/// not on how they are cut into blocks. A pair is silent for 24 h after a finding unless its score rises by half or its
/// check-ins double. Not looked at: DNS records, aggregated firewall records (numsessions > 1). A host that many users
/// call (≥ 4 users and more than 30 % of all) makes no findings.
/// Thread: one owner.
class BeaconDetector {
public:
    static constexpr std::size_t kMaxBeats = 256;

    explicit BeaconDetector(BeaconOptions options = {});
    ~BeaconDetector();
    BeaconDetector(BeaconDetector &&) noexcept;
    BeaconDetector &operator=(BeaconDetector &&) noexcept;
    BeaconDetector(const BeaconDetector &) = delete;
    BeaconDetector &operator=(const BeaconDetector &) = delete;

    void observe(const event::EventBlock &block, std::int64_t firstId);
    /// What observe() found since the last call.
    std::vector<BeaconFinding> takeFindings();

    /// State as bytes, for restore(). NJ-ANOMALY-001 when the bytes are of another format or damaged.
    [[nodiscard]] std::string snapshot() const;
    static Result<BeaconDetector> restore(std::string_view bytes, BeaconOptions options = {});
    [[nodiscard]] std::size_t pairs() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::anomaly
