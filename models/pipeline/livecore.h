// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/liveworker.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace nightjar::pipeline {

/// The threads of the live path. Items are gathered in `m_open`; a worker that is free takes what is due, and does all
/// stages of that batch itself. Deduplication and commit happen in the order of the batches: a worker waits for its
/// turn there.
class LivePath::Core {
public:
    Core(store::EventStore &events, Committer &committer, DetectorSource detectors, const Clock &clock,
         LivePathOptions options);
    ~Core();
    Core(const Core &) = delete;
    Core &operator=(const Core &) = delete;

    std::shared_ptr<LiveSource> add(const LiveSourceOptions &options, std::shared_ptr<sources::HealthMeter> health);
    std::uint64_t begin();
    void end(const std::shared_ptr<LiveSource> &source, std::uint64_t delivery);
    bool take(const std::shared_ptr<LiveSource> &source, sources::Piece &&piece, bool wait);
    [[nodiscard]] Timestamp storedUpTo(const std::string &key) const;
    void giveUp();
    void drain();
    [[nodiscard]] LiveTotals totals() const;
    [[nodiscard]] std::optional<Error> trouble() const;

private:
    using SteadyClock = std::chrono::steady_clock;
    using Lock = std::unique_lock<std::mutex>;

    void work();
    enum class Due : std::uint8_t { Batch, Idle, Nothing };
    Due waitForDue(Lock &lock);
    void settle();
    LiveBatch cut();
    void process(LiveWorker &worker, LiveBatch &batch, std::uint64_t number);
    Status prepare(LiveWorker &worker, LiveBatch &batch, std::uint64_t number);
    Status again(LiveWorker &worker, LiveBatch &batch);
    Status commit(LiveBatch &batch);
    Detectors detectors();
    void refuseAsked(LiveBatch &batch);
    void finish(LiveBatch &batch, bool stored);
    void await(std::uint64_t &turn, std::uint64_t number);
    [[nodiscard]] bool roomFor(const LiveSource &source, std::size_t bytes) const;
    [[nodiscard]] store::SourceCursor cursorAfter(const LiveBatch &batch) const;

    store::EventStore &m_events;
    Committer &m_committer;
    DetectorSource m_detectorSource;
    const Clock &m_clock;
    LivePathOptions m_options;
    store::SourceCursor m_cursor; ///< as stored last; the committing worker's
    store::LiveDeduplicator m_duplicates;

    mutable std::mutex m_mutex; ///< guards the members below
    std::condition_variable m_room, m_due, m_turn, m_idle;
    std::deque<LiveItem> m_open;
    std::size_t m_openRows = 0, m_openBytes = 0;
    std::optional<SteadyClock::time_point> m_openSince; ///< the first piece came
    bool m_asked = false;                               ///< a piece of m_open waits for an answer
    bool m_stopping = false, m_draining = false;
    std::size_t m_inside = 0;
    std::uint64_t m_nextDelivery = 1;
    std::uint64_t m_taken = 0, m_deduplicated = 0, m_committed = 0; ///< batches
    std::uint64_t m_epoch = 0; ///< changes when a batch that others were compared with is not stored as it was
    std::map<std::string, Timestamp> m_storedUpTo;
    LiveTotals m_totals;
    std::optional<Error> m_trouble;
    bool m_idleTrouble = false;         ///< settling raised m_trouble
    SteadyClock::time_point m_nextIdle; ///< one worker looks at what waits then
    Detectors m_detectors;              ///< the last that could be had
    std::vector<std::jthread> m_workers;
};

} // namespace nightjar::pipeline
