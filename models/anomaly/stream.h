// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/domainmodel.h"
#include "base/result.h"
#include "base/time.h"
#include "event/block.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// What a stream finding is about. The order is part of the checkpoint.
enum class StreamKind : std::uint8_t {
    DgaBurst,         ///< many names made by a program, by one client
    DnsTunnel,        ///< data in the labels below one domain
    Upload,           ///< more sent in an hour than the client and the tenant ever do
    BlockBurst,       ///< many blocked requests in ten minutes
    RequestBurst,     ///< many requests in ten minutes
    FirstSeen,        ///< an agent, application, country or admin action that is new to user and tenant
    NewDomain,        ///< program or archive from, or an upload to, a domain nobody used before
    LongConnection,   ///< a session of many hours to a host that few use
    ImpossibleTravel, ///< two places of one user too far apart for the time between
    OffHours,         ///< an administrator at an hour at which that one never works
    Count
};
constexpr std::size_t kStreamKinds = static_cast<std::size_t>(StreamKind::Count);
/// "dga-burst", "upload", …: the detector's name in alerts, settings and feedback.
std::string_view name(StreamKind kind);

/// One line of the explanation.
struct StreamFeature {
    std::string name;
    std::string observed;
    std::string usual;   ///< what would be normal
    bool decides = true; ///< false: said for orientation
};

struct StreamFinding {
    StreamKind kind = StreamKind::DgaBurst;
    std::string entity;                        ///< user name, or client address where nobody signed in
    std::string key;                           ///< host, agent, country, …; may be empty
    double score = 0;                          ///< the detector's own measure
    int severity = 0;                          ///< 0–100
    double expectedPerDay = 0;                 ///< findings as severe and above that came a day before
    Timestamp first = kNoTime, time = kNoTime; ///< begin of the window, and the event that completed the finding
    std::int64_t events = 0;                   ///< that count
    std::vector<std::int64_t> evidence;        ///< ids, ascending, at most 16
    std::vector<StreamFeature> features;
    std::string summary; ///< a sentence in words
};

struct StreamOptions {
    int alertFrom = 70;      ///< severity
    double alertsPerDay = 5; ///< of all kinds together, in the mean of past weeks; severer ones go first
    std::int64_t refractorySeconds = 86'400;  ///< per client and detector, unless the severity rises by 15
    TimeZone zone;                            ///< of working hours
    std::shared_ptr<const DomainModel> names; ///< null: no detection of made-up names
    std::size_t maxClients = 100'000;         ///< per generation (generations.h); twice as many are kept
    std::size_t maxDestinations = 2'500'000;  ///< likewise
    std::size_t maxHabits = 1'000'000;        ///< likewise: client and agent, application, country
};

/// Detectors over the stream of events, all in one pass. What they find depends on the events and their order only, not
/// on how they are cut into blocks, so that live, import and a run over the past agree. Distinct values of a block are
/// hashed once; state is flat and bounded (StreamOptions). Counts of time are in UTC hours and ten minutes, only
/// working hours are local, so that a change of the clock makes no burst. Thread: one owner.
class StreamDetector {
public:
    explicit StreamDetector(StreamOptions options = {});
    ~StreamDetector();
    StreamDetector(StreamDetector &&) noexcept;
    StreamDetector &operator=(StreamDetector &&) noexcept;

    /// `firstId`: id of the block's first event; the others follow without gap.
    void observe(const event::EventBlock &block, std::int64_t firstId);
    /// Findings since the last call, in order of their events.
    std::vector<StreamFinding> takeFindings();

    /// The whole state as bytes, for a checkpoint.
    [[nodiscard]] std::string snapshot() const;
    /// Error NJ-ANOMALY-008: of another version, or damaged.
    static Result<StreamDetector> restore(std::string_view bytes, StreamOptions options = {});

    [[nodiscard]] std::size_t memoryBytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::anomaly
