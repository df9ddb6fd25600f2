// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/queue.h"
#include "pipeline/importer.h"
#include "store/deduplicator.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::pipeline {

/// One file or member on its way through the threads.
struct FileJob {
    FileResult result;
    store::SourceCursor cursor;
    std::unique_ptr<store::Deduplicator> duplicates;
};

/// The threads between the reader and the store: batches go in in order, workers take them as they come, and the writer
/// commits them in order again.
class Assembly {
public:
    Assembly(Committer &committer, const Detectors &detectors, const Clock &clock, const ImporterOptions &options,
             const CancelToken &cancel);
    ~Assembly();
    Assembly(const Assembly &) = delete;
    Assembly &operator=(const Assembly &) = delete;

    /// Waits for room. `last`: the source ends with this batch. False when the writer has failed.
    bool submit(logs::RecordBatch batch, std::shared_ptr<FileJob> job, bool last);
    /// Waits until everything is committed (or dropped, after a cancel or a failure).
    void drain();

    [[nodiscard]] std::optional<Error> failure() const;
    [[nodiscard]] std::int64_t records() const { return m_records; }
    [[nodiscard]] std::int64_t events() const { return m_eventCount; }
    [[nodiscard]] std::int64_t newAlerts() const { return m_newAlerts; }
    [[nodiscard]] StageSeconds stages() const;

private:
    struct Task {
        std::uint64_t sequence = 0;
        logs::RecordBatch batch;
        std::shared_ptr<FileJob> job;
        bool last = false;
    };
    struct Finished {
        Result<ProcessedBatch> processed;
        std::shared_ptr<FileJob> job;
        bool last = false;
    };

    void work();
    void write();
    void commit(Finished &finished);
    void failWith(const Error &error);
    [[nodiscard]] bool stopped() const { return m_failed.load() || m_cancel.cancelled(); }

    Committer &m_committer;
    Detectors m_detectors;
    const Clock &m_clock;
    ImporterOptions m_options;
    CancelToken m_cancel;
    BoundedQueue<Task> m_tasks;

    mutable std::mutex m_mutex; ///< guards the members below
    std::condition_variable m_changed;
    std::map<std::uint64_t, Finished> m_finished; ///< waiting for their turn
    std::uint64_t m_submitted = 0;
    std::uint64_t m_written = 0;
    bool m_closing = false;
    std::optional<Error> m_error;
    StageSeconds m_stages;

    std::atomic<bool> m_failed = false;
    std::atomic<std::int64_t> m_records = 0;
    std::atomic<std::int64_t> m_eventCount = 0;
    std::atomic<std::int64_t> m_newAlerts = 0;
    std::vector<std::jthread> m_workers;
    std::jthread m_writer;
};

} // namespace nightjar::pipeline
