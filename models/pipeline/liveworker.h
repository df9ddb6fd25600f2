// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/livepath.h"
#include "store/livededuplicator.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <vector>

/// The stages of one live block, without the threads around them. Private to the live path.
namespace nightjar::pipeline {

/// A source as the path knows it.
struct LiveSource {
    LiveSourceOptions options;
    std::shared_ptr<sources::HealthMeter> health;
    std::size_t inside = 0;                                  ///< bytes on their way; guarded by the path, as the next
    std::deque<std::chrono::steady_clock::time_point> since; ///< when the pieces came that are on their way
};

/// One thing handed over: a piece, or the word that its delivery has ended.
struct LiveItem {
    std::shared_ptr<LiveSource> source;
    sources::Piece piece;
    bool ended = false;
    std::size_t bytes = 0;
    bool timed = false; ///< LiveSource::since has it

    /// What became of it.
    std::uint32_t rows = 0; ///< parsed
    std::uint32_t freshRows = 0;
    std::int64_t quarantined = 0;
};

/// A block's worth of items and what they have become.
struct LiveBatch {
    std::vector<LiveItem> items;
    event::EventBlock block; ///< goes into `processed` when it is finished
    ProcessedBatch processed;
    std::vector<Timestamp> times; ///< of the rows that are kept
    std::uint64_t ticket = 0;
};

/// One worker's tools. Thread: one owner.
class LiveWorker {
public:
    explicit LiveWorker(const Clock &clock)
        : m_clock(clock)
    {
    }
    /// Items → block and quarantine.
    void parse(LiveBatch &batch);
    /// Takes out what other deliveries have brought. To be called in the order of the batches.
    static Status deduplicate(LiveBatch &batch, store::LiveDeduplicator &duplicates);
    /// Looks at the block and compresses it.
    static Status finish(LiveBatch &batch, const Detectors &detectors);

private:
    const Clock &m_clock;
    event::BlockBuilder m_builder;
    std::map<const LiveSource *, logs::RecordParser> m_parsers;
};

/// Tells the sources' health what could not be parsed, before the commit takes it away.
void tellInvalid(const LiveBatch &batch);
/// Tells the sources' health what has been stored.
void tellHealth(const LiveBatch &batch);

} // namespace nightjar::pipeline
