// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/findingbuffer.h"
#include "base/cancel.h"
#include "pipeline/grouping.h"
#include "sigma/correlator.h"
#include "store/eventstore.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nightjar::pipeline {

/// What a block brings to the correlations, with the rules it was looked at with.
struct CorrelatedBlock {
    sigma::CorrelationHits hits;
    std::shared_ptr<const sigma::RuleSet> rules;
    std::shared_ptr<const sigma::CorrelationSet> set; ///< null: no correlations
};

/// Correlations over stored events, in order of time: what a hunt and a pass over late events run. Only the rules that
/// correlations refer to are looked at.
class CorrelationHunt {
public:
    CorrelationHunt(const sigma::RuleSet &rules, std::shared_ptr<const sigma::CorrelationSet> set);

    struct Range {
        Timestamp from = kNoTime;                ///< of the first event that may count; kNoTime: open
        Timestamp to = kNoTime;                  ///< exclusive; kNoTime: open
        Timestamp watermark = sigma::kOpenTime;  ///< events from here on keep waiting
        Timestamp latest = sigma::kOpenTime;     ///< later ones have a wrong clock
        std::int64_t through = sigma::kOpenTime; ///< blocks that begin behind this id are left out
    };
    /// The correlator behind the last event of the range, its findings not taken. Memory: the correlator's.
    Result<sigma::Correlator> run(const store::EventStore &events, const Range &range, const CancelToken &cancel) const;

    [[nodiscard]] sigma::CorrelationHits collect(const event::EventBlock &block, Timestamp latest) const;

private:
    std::shared_ptr<const sigma::CorrelationSet> m_set;
    std::shared_ptr<const sigma::RuleSet> m_rules;        ///< those that correlations refer to
    std::shared_ptr<const sigma::CorrelationSet> m_small; ///< m_set over m_rules
};

/// The ordered half of correlations on the path of events: feeds the correlator, makes alerts of what it finds, and
/// looks again at the range of events that came too late. A restart, a replay and late events lead to the same alerts:
/// an alert is named by correlation, group and the event that completed it, and a finding that overlaps an alert of its
/// group adds to it. Thread: the committer's.
class CorrelationRunner {
public:
    /// All must outlive the runner.
    CorrelationRunner(store::EventStore &events, const alerts::FindingBuffer &alerts, const Clock &clock);

    /// Goes on from `state` (of snapshot(), which had seen events up to `stateThrough`); where it does not fit the
    /// rules, the stored events up to `through` bring the windows up to date (an alert that began longer ago than the
    /// timespan then counts only its later events anew). No alerts are made.
    Status start(std::shared_ptr<const sigma::RuleSet> rules, std::shared_ptr<const sigma::CorrelationSet> set,
                 std::string_view state, std::int64_t stateThrough, std::int64_t through, const CancelToken &cancel);

    using Findings = std::vector<alerts::Finding>;
    /// Blocks in order of their ids, stored already. Other rules than before take effect with the block that was looked
    /// at with them.
    Result<Findings> observe(CorrelatedBlock &&block, std::int64_t firstId);
    /// Looks at what waits, and again at what came too late. `ending`: do not wait for the rest of the bound.
    Result<Findings> settle(bool ending, const CancelToken &cancel);

    [[nodiscard]] bool active() const { return m_correlator.has_value(); }
    /// Empty when too large to keep: the next start() rebuilds it from the events.
    [[nodiscard]] std::string snapshot() const;
    [[nodiscard]] sigma::CorrelatorNotices notices() const;

private:
    Status rebuild(std::int64_t through, const CancelToken &cancel);
    Result<Findings> redoLate(bool ending, const CancelToken &cancel);
    Result<Findings> findingsOf(std::vector<sigma::CorrelationFinding> &&found, Timestamp notBefore, bool retro);
    [[nodiscard]] Timestamp latest() const;

    store::EventStore &m_events;
    const alerts::FindingBuffer &m_alerts;
    const Clock &m_clock;
    std::shared_ptr<const sigma::RuleSet> m_rules;
    std::optional<CorrelationHunt> m_hunt;
    std::optional<sigma::Correlator> m_correlator;
    ToldGroups m_told;               ///< how much evidence its alerts have been given
    Timestamp m_lastEvent = kNoTime; ///< when the last block came, by the clock
    Timestamp m_lastPass = kNoTime;
    Timestamp m_passTook = 0;
};

/// Two detectors' states as one text and back; a text of another kind is the first state alone.
std::string joinStates(const std::string &first, const std::string &second);
std::pair<std::string_view, std::string_view> splitStates(std::string_view both);

/// The alert of a correlation; evidence is left to the caller. The key is finding.key().
alerts::Finding correlationFinding(const sigma::CorrelationSet &set, const sigma::CorrelationFinding &found);

} // namespace nightjar::pipeline
