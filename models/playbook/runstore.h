// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "store/catalog.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nightjar::playbook {

enum class RunState : std::uint8_t {
    Pending,  ///< to be started
    Running,  ///< under way, or was when the program ended
    Waiting,  ///< until `wake`
    Approval, ///< for a person, until `wake`
    Done,
    Failed,
    Denied,      ///< by a person, or nobody answered in time
    Skipped,     ///< its conditions do not hold, or it would be a loop
    Interrupted, ///< the program ended within a step of which nobody knows whether it was carried out
};
std::string_view name(RunState state);

/// One run of one playbook. `key` is unique: the same alert runs a playbook once.
struct Run {
    std::int64_t id = 0;
    std::string key, playbook, title;
    int version = 1;
    std::string text;    ///< the whole playbook as it was when the run began
    std::string trigger; ///< "alert", "verdict", "new_indicator", "schedule", "manual"
    std::int64_t alert = 0;
    std::string context; ///< JSON of what templates see
    std::string chain;   ///< ",a,b,": playbooks whose doing led here
    std::string actor;
    RunState state = RunState::Pending;
    std::string why;
    Timestamp created = kNoTime, updated = kNoTime, wake = kNoTime;
};

enum class StepState : std::uint8_t { Started, Done, Failed, Skipped, Waiting, Approved, Denied, Unknown };
std::string_view name(StepState state);

/// One step of a run. Nothing in it holds a secret.
struct StepRecord {
    std::string path; ///< "2", within loops "2.0.1": step, round, step
    std::string name, kind;
    StepState state = StepState::Started;
    Timestamp started = kNoTime, ended = kNoTime, wake = kNoTime;
    std::int64_t actions = 0;  ///< that it counts for
    std::string sends, result; ///< JSON
    std::string error;         ///< as describe() writes it
    std::string who;           ///< of an approval
};

/// Runs and their steps in the catalog. A step is written before it acts and after, each in a transaction of its own,
/// so that a killed program leaves the trace that the next one goes by. Thread: as the catalog's.
class RunStore {
public:
    static Result<RunStore> open(store::Catalog &catalog, const Clock &clock);

    /// The id, or none when there is a run of that key already.
    Result<std::optional<std::int64_t>> add(const Run &run);
    /// NJ-PLAYBOOK-040 when there is none.
    Result<Run> get(std::int64_t id) const;
    /// Newest first; without text and context.
    Result<std::vector<Run>> list(std::size_t limit) const;
    /// Those to be gone on with now, oldest first.
    Result<std::vector<std::int64_t>> due() const;
    Status setState(std::int64_t id, RunState state, const std::string &why, Timestamp wake = kNoTime);
    Result<std::map<std::string, StepRecord>> steps(std::int64_t run) const;
    Status putStep(std::int64_t run, const StepRecord &step);
    /// The person's answer to a run that waits for one. NJ-PLAYBOOK-041 when it does not.
    Status decide(std::int64_t run, bool approved, const std::string &who);

    /// Actions of the last hour, of one playbook or (empty) of all; and when the oldest of them is an hour past.
    struct Spent {
        std::int64_t actions = 0;
        Timestamp freeAt = kNoTime;
    };
    Result<Spent> spent(const std::string &playbook) const;
    /// States of the newest runs of a playbook.
    Result<std::vector<RunState>> newestStates(const std::string &playbook, std::size_t limit) const;

    /// ---- loops
    /// A value that a run blocked or made an indicator: what comes up for it later is that run's doing.
    Status noteOrigin(const std::string &value, std::int64_t run, const std::string &chain);
    /// The chains of those values, joined: ",a,b,".
    Result<std::string> chainOf(std::span<const std::string> values) const;

    /// ---- which are enabled
    struct Enabled {
        std::string hash; ///< of the text that was enabled
        Timestamp since = kNoTime;
        std::string stopped; ///< why the program disabled it by itself; empty: enabled
    };
    Result<std::map<std::string, Enabled>> enabled() const;
    Status enable(const std::string &playbook, const std::string &hash);
    Status disable(const std::string &playbook);
    Status stop(const std::string &playbook, const std::string &why);

    /// ---- marks: how far triggers have been looked at
    Result<std::optional<std::int64_t>> mark(const std::string &name) const;
    Status setMark(const std::string &name, std::int64_t value);

    /// ---- tags of alerts
    Status addTags(std::int64_t alert, std::span<const std::string> tags);
    Result<std::vector<std::string>> tags(std::int64_t alert) const;
    /// Alerts that are new, were triaged, or grew, since the marks; the new marks are set by `setMark`.
    struct Changed {
        std::vector<std::int64_t> alerts;
        std::int64_t history = 0;
    };
    /// The newest line of triage history; 0 when there is none.
    Result<std::int64_t> newestHistory() const;
    Result<Changed> changedAlerts(std::int64_t history, Timestamp grewSince, std::size_t limit) const;

private:
    RunStore(store::Catalog &catalog, const Clock &clock)
        : m_catalog(&catalog)
        , m_clock(&clock)
    {
    }
    store::Catalog *m_catalog;
    const Clock *m_clock;
};

} // namespace nightjar::playbook
