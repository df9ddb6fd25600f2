// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "logs/parser.h"
#include "pipeline/committer.h"
#include "pipeline/processor.h"
#include "sources/health.h"
#include "sources/intake.h"
#include "store/eventstore.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nightjar::pipeline {

/// One source that hands over live.
struct LiveSourceOptions {
    std::string key; ///< of the source in the store
    logs::ParseOptions parse;
    std::size_t maxBytesInside = 96U << 20U; ///< of it on their way to the store; then it has to wait
    /// It has to wait, too, while something of it is longer on its way: for senders that are not answered and cannot
    /// repeat what a crash takes with it. 0: no bound.
    std::int64_t maxMicrosInside = 0;
};

struct LivePathOptions {
    bool detect = true;
    std::size_t maxRows = 65'536;
    std::size_t maxBytes = 64U << 20U;
    std::int64_t blockMicros = kMicrosPerSecond / 2; ///< a block closes so long after its first record came
    std::int64_t askedMicros = 20'000;               ///< the same, when a sender waits for the answer
    std::int64_t idleMicros = 5 * kMicrosPerSecond;  ///< while nothing comes, so often is looked at what waits
    std::size_t maxBytesInside = 384U << 20U;        ///< of all sources together
    unsigned workers = 0;                            ///< 0: one a core, two at least
};

/// What came of it so far.
struct LiveTotals {
    std::int64_t records = 0, events = 0, duplicates = 0, quarantined = 0, alerts = 0;
    std::uint64_t bytes = 0; ///< of records
    StageSeconds stages;
};

/// The way of live records into the store: what sources hand over is gathered into blocks, parsed, freed of duplicates,
/// looked at, compressed and committed in order, with alerts; then the pieces' `done` is called. Bounded: a source
/// that is ahead waits. A store that cannot be written for the moment (disk full) is tried again every second while the
/// sources wait; who asked for an answer gets a no. While nothing comes,
/// correlations that hold events back are settled (Committer::idle). Thread: any.
class LivePath {
public:
    /// Rules and indicators as they are now; asked for each block.
    using DetectorSource = std::function<Result<Detectors>()>;

    /// All must outlive the path.
    LivePath(store::EventStore &events, Committer &committer, DetectorSource detectors, const Clock &clock,
             LivePathOptions options);
    /// Stores what has been handed over. Sources must have ended.
    ~LivePath();
    LivePath(const LivePath &) = delete;
    LivePath &operator=(const LivePath &) = delete;

    /// A door for one source, valid as long as the path. `health` counts what becomes of its records.
    std::unique_ptr<sources::Intake> addSource(const LiveSourceOptions &options,
                                               std::shared_ptr<sources::HealthMeter> health);
    /// Receipt of the newest record of a source that is stored, also by an earlier run; kNoTime: none.
    [[nodiscard]] Timestamp storedUpTo(const std::string &sourceKey) const;
    /// Waits until everything handed over so far is stored.
    void drain();
    /// Takes nothing more, and no longer tries again where the store refuses: for an end while there is trouble.
    void giveUp();
    [[nodiscard]] LiveTotals totals() const;
    /// The store's last refusal, while it lasts.
    [[nodiscard]] std::optional<Error> trouble() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace nightjar::pipeline
