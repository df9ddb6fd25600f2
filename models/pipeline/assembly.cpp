// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/assembly.h"

#include <algorithm>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nightjar::pipeline {

namespace {

/// Background work makes room for the window.
void lowerPriority()
{
    const auto thread = static_cast<id_t>(syscall(SYS_gettid));
    setpriority(PRIO_PROCESS, thread, 5);
}

unsigned workerCount(unsigned wanted)
{
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

Assembly::Assembly(Committer &committer, const Detectors &detectors, const Clock &clock, const ImporterOptions &options,
                   const CancelToken &cancel)
    : m_committer(committer)
    , m_detectors(detectors)
    , m_clock(clock)
    , m_options(options)
    , m_cancel(cancel)
    , m_tasks(1)
{
    for (unsigned i = 0; i < workerCount(options.workers); ++i) {
        m_workers.emplace_back([this] { work(); });
    }
    m_writer = std::jthread([this] { write(); });
}

Assembly::~Assembly()
{
    m_tasks.close();
    {
        std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_changed.notify_all();
    m_workers.clear();
}

bool Assembly::submit(logs::RecordBatch batch, std::shared_ptr<FileJob> job, bool last)
{
    if (stopped()) {
        return false;
    }
    Task task{0, std::move(batch), std::move(job), last};
    {
        std::lock_guard lock(m_mutex);
        task.sequence = m_submitted++;
    }
    return m_tasks.push(std::move(task));
}

void Assembly::work()
{
    lowerPriority();
    Processor processor(m_options.parse, m_options.detect ? m_detectors : Detectors{}, m_clock);
    while (auto task = m_tasks.pop()) {
        Finished finished{ProcessedBatch{}, task->job, task->last};
        if (!stopped()) {
            finished.processed =
                processor.process(std::move(task->batch), task->job->cursor.sourceKey, task->job->duplicates.get());
        }
        task->batch = {};
        std::unique_lock lock(m_mutex);
        // A worker must not run far ahead of the writer: what waits here is memory.
        m_changed.wait(lock, [&] { return task->sequence <= m_written + m_workers.size() || stopped(); });
        m_finished.emplace(task->sequence, std::move(finished));
        m_changed.notify_all();
    }
}

void Assembly::write()
{
    lowerPriority();
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock,
                       [this] { return m_finished.contains(m_written) || (m_closing && m_written == m_submitted); });
        const auto next = m_finished.find(m_written);
        if (next == m_finished.end()) {
            return;
        }
        Finished finished = std::move(next->second);
        m_finished.erase(next);
        lock.unlock();
        if (!stopped()) {
            commit(finished);
        }
        lock.lock();
        ++m_written;
        m_changed.notify_all();
    }
}

void Assembly::commit(Finished &finished)
{
    if (!finished.processed) {
        failWith(finished.processed.error());
        return;
    }
    ProcessedBatch &batch = *finished.processed;
    FileJob &job = *finished.job;
    store::SourceCursor cursor = job.cursor;
    cursor.offset = batch.resume.offset;
    cursor.framerState = batch.resume.toText();
    cursor.records += static_cast<std::uint64_t>(batch.records);
    cursor.duplicates += static_cast<std::uint64_t>(batch.duplicates);
    cursor.quarantined += batch.quarantined.size();
    cursor.done = finished.last;
    const auto quarantined = static_cast<std::int64_t>(batch.quarantined.size());
    const std::int64_t records = batch.records;
    const std::int64_t duplicates = batch.duplicates;
    StageSeconds seconds = batch.seconds;
    const auto committed = m_committer.commit(std::move(batch), cursor, m_options.detect, true);
    if (!committed) {
        failWith(committed.error());
        return;
    }
    seconds += committed->seconds;
    job.cursor = std::move(cursor);
    m_records += records;
    m_eventCount += committed->rows;
    m_newAlerts += committed->newAlerts;
    std::lock_guard lock(m_mutex);
    m_stages += seconds;
    job.result.records += records;
    job.result.events += committed->rows;
    job.result.duplicates += duplicates;
    job.result.quarantined += quarantined;
}

void Assembly::failWith(const Error &error)
{
    {
        std::lock_guard lock(m_mutex);
        if (!m_error) {
            m_error = error;
        }
    }
    m_failed = true;
    m_changed.notify_all();
}

void Assembly::drain()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_written == m_submitted; });
}

std::optional<Error> Assembly::failure() const
{
    std::lock_guard lock(m_mutex);
    return m_error;
}

StageSeconds Assembly::stages() const
{
    std::lock_guard lock(m_mutex);
    return m_stages;
}

} // namespace nightjar::pipeline
