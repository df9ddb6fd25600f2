// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::store {
class Catalog;
class Database;

} // namespace nightjar::store

namespace nightjar::alerts {

/// Which alerts to list.
struct Filter {
    bool openOnly = true;
    std::string status; ///< a status name; empty: any
    std::string text;   ///< in title, summary, user or entity, ASCII case ignored
    std::size_t limit = 5'000;
};

/// Alerts whose key is `prefix` and a time, with events from `first` to `last`, both included.
struct KeyRange {
    std::string prefix;
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
};
constexpr char kBehindKeyTime = ':'; ///< behind every digit that a time begins with

/// What a triage step sets; empty parts stay.
struct Change {
    std::optional<Status> status;
    std::optional<Verdict> verdict;
    std::optional<std::string> note;
};

/// Alerts in the workspace's catalog: grouping by key, triage with undo, evidence that outlives retention.
/// Thread: any (the catalog serialises writes).
class AlertStore {
public:
    /// Makes or migrates its tables. `catalog` and `clock` must outlive the store.
    static Result<AlertStore> open(store::Catalog &catalog, const Clock &clock);

    /// Adds findings to their groups (a new alert for a new key) and remembers, in the same transaction, that events up
    /// to `detectedThrough` have been looked at; 0 leaves that mark. `detectorState` (empty: unchanged) is kept with
    /// it. Returns the number of new alerts. A replay after a crash therefore counts nothing twice.
    Result<std::int64_t> record(std::span<const Finding> findings, std::int64_t detectedThrough,
                                const std::string &detectorState = {});
    /// Adds findings and does what `also` does in one transaction; its error takes both back.
    Result<std::int64_t> recordWith(std::span<const Finding> findings,
                                    const std::function<nightjar::Status(store::Database &)> &also);

    /// Newest event id that detection has seen (0: none), with the detector state kept at some earlier or equal id.
    struct Progress {
        std::int64_t detectedThrough = 0;
        std::int64_t stateThrough = 0;
        std::string detectorState;
    };
    Result<Progress> progress() const;
    /// Drops the detectors' state; what has been detected stays marked.
    nightjar::Status forgetLearnt();

    Result<std::vector<Alert>> list(const Filter &filter) const;
    /// With reasons, picture, evidence and history. NJ-ALERTS-001 when there is no such alert.
    Result<Alert> get(std::int64_t id) const;

    /// One step for all of them, which undo() takes back.
    nightjar::Status change(std::span<const std::int64_t> ids, const Change &change, const std::string &who);
    /// Takes the newest step back; says what it was. NJ-ALERTS-002 when there is none.
    Result<std::string> undo(const std::string &who);

    Result<std::int64_t> count(bool openOnly) const;

    /// True when an alert of the same detector, user and entity was closed as benign or as a false positive: what else
    /// is found of it is expected. Taking that verdict back (undo()) ends it.
    Result<bool> isExpected(const Finding &finding) const;

    /// For each range the key of the oldest alert whose key is the prefix and a time, and whose events overlap it.
    Result<std::vector<std::optional<std::string>>> keysWithin(std::span<const KeyRange> ranges) const;

private:
    AlertStore(store::Catalog &catalog, const Clock &clock)
        : m_catalog(&catalog)
        , m_clock(&clock)
    {
    }
    store::Catalog *m_catalog;
    const Clock *m_clock;
};

} // namespace nightjar::alerts
