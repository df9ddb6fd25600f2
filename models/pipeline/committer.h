// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/findingbuffer.h"
#include "anomaly/beacon.h"
#include "anomaly/stream.h"
#include "pipeline/correlationrunner.h"
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
    /// All must outlive the committer. `anomaly` false: no beacons and no stream detectors.
    Committer(store::EventStore &events, alerts::AlertStore &alerts, const Clock &clock, bool anomaly,
              anomaly::StreamOptions stream = {});

    /// Looks at stored events that detection has not seen, and restores the detectors' state. Call once before
    /// commit().
    Status catchUp(const Detectors &detectors, const CancelToken &cancel);

    struct Committed {
        std::int64_t firstId = 0;
        std::int64_t rows = 0;
        std::int64_t newAlerts = 0;
        StageSeconds seconds;
    };
    /// `more`: further blocks are waiting, so that alerts may be held back for a moment (alerts::FindingBuffer);
    /// `newAlerts` counts those that were written.
    Result<Committed> commit(ProcessedBatch &&batch, const store::SourceCursor &cursor, bool detected, bool more);

    /// Keeps the detectors' state, so that the next start has little to replay. What correlations hold back is looked
    /// at first, and what came too late for them; gives the number of new alerts.
    Result<std::int64_t> checkpoint();
    /// To be called now and then while nothing comes, and after an import that failed: nothing is held back any longer,
    /// correlations need not wait for the next event. Gives the number of new alerts.
    Result<std::int64_t> idle();

private:
    Status restore(std::string_view states, std::int64_t stateThrough, const CancelToken &cancel, std::int64_t through);
    Result<std::vector<alerts::Finding>> learn(const event::EventBlock &block, std::int64_t firstId);
    Result<std::vector<alerts::Finding>> observe(const event::EventBlock &block, CorrelatedBlock &&correlated,
                                                 std::int64_t firstId);
    Status settle(bool ending);
    [[nodiscard]] std::string snapshot() const;
    [[nodiscard]] bool keepsState() const { return m_beacons || m_correlations.active(); }

    std::mutex m_mutex;
    store::EventStore &m_events;
    alerts::AlertStore &m_alerts;
    alerts::FindingBuffer m_findings;
    const Clock &m_clock;
    anomaly::StreamOptions m_streamOptions;
    std::optional<anomaly::BeaconDetector> m_beacons;
    std::optional<anomaly::StreamDetector> m_stream; ///< there when m_beacons is
    CorrelationRunner m_correlations;
    Timestamp m_lastCheckpoint = kNoTime;
    std::int64_t m_through = 0;
    std::int64_t m_keptThrough = 0; ///< the detectors' state has been kept by checkpoint() up to here
};

} // namespace nightjar::pipeline
