// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alertstore.h"
#include "anomaly/beacon.h"
#include "pipeline/processor.h"
#include "store/eventstore.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace nightjar::pipeline {

/// The one writer's part of the path: store the block, let the detectors that need the order of events see it, record
/// the alerts. Blocks are durable when commit() returns; alerts of a block that was stored but not recorded (a crash
/// between the two) are made up for by catchUp(), without counting anything twice. Thread: internally locked.
class Committer {
public:
    /// All must outlive the committer. `anomaly` false: no ordered detectors.
    Committer(store::EventStore &events, alerts::AlertStore &alerts, const Clock &clock, bool anomaly);

    /// Looks at stored events that detection has not seen, and restores the detectors' state. Call once before
    /// commit().
    Status catchUp(const Detectors &detectors, const CancelToken &cancel);

    struct Committed {
        std::int64_t firstId = 0;
        std::int64_t rows = 0;
        std::int64_t newAlerts = 0;
        StageSeconds seconds;
    };
    Result<Committed> commit(ProcessedBatch &&batch, const store::SourceCursor &cursor, bool detected);

    /// Keeps the detectors' state, so that the next start has little to replay.
    Status checkpoint();

private:
    Status restore(const CancelToken &cancel, std::int64_t through);
    Result<std::vector<alerts::Finding>> observe(const event::EventBlock &block, std::int64_t firstId);
    Status addEvidence(alerts::Finding &finding, const std::vector<std::int64_t> &ids) const;

    std::mutex m_mutex;
    store::EventStore &m_events;
    alerts::AlertStore &m_alerts;
    const Clock &m_clock;
    std::optional<anomaly::BeaconDetector> m_beacons;
    Timestamp m_lastCheckpoint = kNoTime;
    std::int64_t m_through = 0;
};

} // namespace nightjar::pipeline
