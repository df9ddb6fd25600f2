// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/committer.h"

#include "pipeline/evidence.h"
#include "pipeline/findings.h"
#include "pipeline/stopwatch.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nightjar::pipeline {

namespace {
constexpr std::int64_t kCheckpointEvery = 60 * kMicrosPerSecond;
} // namespace

Committer::Committer(store::EventStore &events, alerts::AlertStore &alerts, const Clock &clock, bool anomaly,
                     anomaly::StreamOptions stream)
    : m_events(events)
    , m_alerts(alerts)
    , m_findings(alerts)
    , m_clock(clock)
    , m_streamOptions(std::move(stream))
    , m_correlations(events, m_findings, clock)
{
    if (anomaly) {
        m_beacons.emplace();
        m_stream.emplace(m_streamOptions);
    }
}

Status Committer::restore(std::string_view states, std::int64_t stateThrough, const CancelToken &cancel,
                          std::int64_t through)
{
    // State of an older format is no error: it is rebuilt from the blocks.
    const auto [beacons, stream] = splitStates(states);
    std::int64_t beaconsSeen = 0;
    std::int64_t streamSeen = 0;
    if (auto restored = anomaly::BeaconDetector::restore(beacons)) {
        m_beacons = std::move(*restored);
        beaconsSeen = stateThrough;
    }
    if (auto restored = anomaly::StreamDetector::restore(stream, m_streamOptions)) {
        m_stream = std::move(*restored);
        streamSeen = stateThrough;
    }
    store::ScanRequest request;
    request.afterId = std::min(beaconsSeen, streamSeen);
    request.allColumns = true;
    return m_events.scan(m_events.snapshot(), request, cancel, [&](const store::StoredBlock &stored) {
        if (stored.firstId > through) {
            return false;
        }
        if (stored.firstId > beaconsSeen) {
            m_beacons->observe(stored.block, stored.firstId);
            m_beacons->takeFindings(); // recorded before
        }
        if (stored.firstId > streamSeen) {
            m_stream->observe(stored.block, stored.firstId);
            m_stream->takeFindings();
        }
        return true;
    });
}

Status Committer::catchUp(const Detectors &detectors, const CancelToken &cancel)
{
    std::lock_guard lock(m_mutex);
    const auto progress = m_alerts.progress();
    if (!progress) {
        return fail(progress.error());
    }
    m_through = progress->detectedThrough;
    const auto [learnt, correlations] = splitStates(progress->detectorState);
    if (m_beacons) {
        if (auto restored = restore(learnt, progress->stateThrough, cancel, m_through); !restored) {
            return restored;
        }
    }
    if (auto started = m_correlations.start(detectors.rules, detectors.correlations, correlations,
                                            progress->stateThrough, m_through, cancel);
        !started) {
        return started;
    }
    if (m_events.lastId() <= m_through) {
        return {};
    }
    store::ScanRequest request;
    request.afterId = m_through;
    request.allColumns = true;
    request.raw = true;
    Status failed;
    const Status scanned = m_events.scan(m_events.snapshot(), request, cancel, [&](const store::StoredBlock &stored) {
        CorrelatedBlock correlated;
        auto findings = detect(stored.block, detectors, nullptr, &correlated, m_clock);
        shiftIds(findings, stored.firstId);
        const std::int64_t through = stored.firstId + static_cast<std::int64_t>(stored.block.rows()) - 1;
        auto more = observe(stored.block, std::move(correlated), stored.firstId);
        if (!more) {
            failed = fail(more.error());
            return false;
        }
        m_findings.add(std::move(findings));
        m_findings.add(std::move(*more));
        m_through = through;
        if (m_findings.due()) {
            if (auto recorded = m_findings.flush(m_through); !recorded) {
                failed = fail(recorded.error());
                return false;
            }
        }
        return true;
    });
    if (!failed || !scanned) {
        return failed ? scanned : failed;
    }
    if (auto recorded = m_findings.flush(m_through); !recorded) {
        return fail(recorded.error());
    }
    return {};
}

Result<std::vector<alerts::Finding>> Committer::observe(const event::EventBlock &block, CorrelatedBlock &&correlated,
                                                        std::int64_t firstId)
{
    auto correlating = m_correlations.observe(std::move(correlated), firstId);
    if (!correlating) {
        return correlating;
    }
    std::vector<alerts::Finding> findings = std::move(*correlating);
    if (m_beacons) {
        auto learnt = learn(block, firstId);
        if (!learnt) {
            return learnt;
        }
        std::move(learnt->begin(), learnt->end(), std::back_inserter(findings));
    }
    return findings;
}

/// What the detectors that learn find in a block, with evidence.
Result<std::vector<alerts::Finding>> Committer::learn(const event::EventBlock &block, std::int64_t firstId)
{
    m_beacons->observe(block, firstId);
    m_stream->observe(block, firstId);
    const auto beacons = m_beacons->takeFindings();
    const auto others = m_stream->takeFindings();
    std::vector<alerts::Finding> findings;
    findings.reserve(beacons.size() + others.size()); // `wanted` points into it
    std::vector<EvidenceWanted> wanted;
    wanted.reserve(beacons.size() + others.size());
    const auto keep = [&](alerts::Finding &&finding, const std::vector<std::int64_t> &ids) -> Status {
        const auto expected = m_alerts.isExpected(finding);
        if (!expected) {
            return fail(expected.error());
        }
        if (!*expected) {
            wanted.push_back({&findings.emplace_back(std::move(finding)), ids, false});
        }
        return {};
    };
    for (const anomaly::BeaconFinding &beacon : beacons) {
        if (auto kept = keep(beaconFinding(beacon), beacon.sampleIds); !kept) {
            return fail(kept.error());
        }
    }
    for (const anomaly::StreamFinding &other : others) {
        if (auto kept = keep(streamFinding(other), other.evidence); !kept) {
            return fail(kept.error());
        }
    }
    if (auto added = addStoredEvidence(m_events, m_events.snapshot(), wanted); !added) {
        return fail(added.error());
    }
    return findings;
}

Result<Committer::Committed> Committer::commit(ProcessedBatch &&batch, const store::SourceCursor &cursor, bool detected,
                                               bool more)
{
    std::lock_guard lock(m_mutex);
    Committed out;
    Stopwatch watch;
    const auto appended = m_events.append(std::move(batch.encoded), cursor, batch.quarantined);
    if (!appended) {
        return fail(appended.error());
    }
    out.firstId = appended->firstId;
    out.rows = appended->rows;
    out.seconds.store = watch.lap();
    if (out.rows == 0) {
        return out;
    }
    if (detected) {
        shiftIds(batch.findings, out.firstId);
        auto ordered = observe(batch.block, std::move(batch.correlated), out.firstId);
        if (!ordered) {
            return fail(ordered.error());
        }
        m_findings.add(std::move(batch.findings));
        m_findings.add(std::move(*ordered));
        out.seconds.anomaly = watch.lap();
    }
    m_through = out.firstId + out.rows - 1;
    const Timestamp now = m_clock.now();
    // A clock that jumps back must not stop the checkpoints.
    const bool due = keepsState() && (m_lastCheckpoint == kNoTime || now - m_lastCheckpoint >= kCheckpointEvery ||
                                      now < m_lastCheckpoint);
    const bool first = m_lastCheckpoint == kNoTime;
    if (due) {
        m_lastCheckpoint = now;
    }
    if (!more || !detected || due || m_findings.due()) {
        const auto added = m_findings.flush(m_through, due && !first ? snapshot() : std::string());
        if (!added) {
            return fail(added.error());
        }
        out.newAlerts = *added;
    }
    out.seconds.store += watch.lap();
    return out;
}

std::string Committer::snapshot() const
{
    return joinStates(m_beacons ? joinStates(m_beacons->snapshot(), m_stream->snapshot()) : std::string(),
                      m_correlations.snapshot());
}

Status Committer::settle(bool ending)
{
    auto findings = m_correlations.settle(ending, {});
    if (!findings) {
        return fail(findings.error());
    }
    m_findings.add(std::move(*findings));
    return {};
}

Result<std::int64_t> Committer::idle()
{
    std::lock_guard lock(m_mutex);
    if (auto settled = settle(false); !settled) {
        return fail(settled.error());
    }
    return m_findings.empty() ? Result<std::int64_t>(0) : m_findings.flush(m_through);
}

Result<std::int64_t> Committer::checkpoint()
{
    std::lock_guard lock(m_mutex);
    if (auto settled = settle(true); !settled) {
        return fail(settled.error());
    }
    const bool keeps = keepsState() && m_through != 0 && m_through != m_keptThrough;
    if (!keeps) {
        return m_findings.empty() ? Result<std::int64_t>(0) : m_findings.flush(m_through);
    }
    auto recorded = m_findings.flush(m_through, snapshot());
    if (recorded) {
        m_keptThrough = m_through;
    }
    return recorded;
}

} // namespace nightjar::pipeline
