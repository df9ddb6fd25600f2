// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/importer.h"

#include "base/files.h"
#include "base/memory.h"
#include "pipeline/assembly.h"
#include "sources/input.h"
#include "sources/paths.h"

#include <array>
#include <chrono>
#include <utility>

namespace nightjar::pipeline {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// Half of what a block may hold: several are on their way at a time, and two workers share them out evenly.
constexpr std::size_t kBatchBytes = 32U << 20U;

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// The reading side of one run.
class Reader {
public:
    Reader(store::EventStore &events, Assembly &assembly, const Importer::ProgressCallback &progress,
           const CancelToken &cancel, std::uint64_t bytesTotal, bool lines)
        : m_events(events)
        , m_assembly(assembly)
        , m_progress(progress)
        , m_cancel(cancel)
        , m_bytesTotal(bytesTotal)
        , m_lines(lines)
        , m_start(SteadyClock::now())
    {
    }

    /// All members of one path. Results are complete after the assembly has drained.
    void readPath(const std::filesystem::path &path);
    [[nodiscard]] const std::vector<std::shared_ptr<FileJob>> &jobs() const { return m_jobs; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytesBefore; }

private:
    std::shared_ptr<FileJob> begin(const std::string &name, const std::string &key);
    void readMember(sources::Input &input, FileJob &job, const std::shared_ptr<FileJob> &shared);
    void tell(const std::string &file, std::uint64_t bytesRead);

    store::EventStore &m_events;
    Assembly &m_assembly;
    const Importer::ProgressCallback &m_progress;
    const CancelToken &m_cancel;
    std::uint64_t m_bytesTotal;
    bool m_lines;
    std::uint64_t m_bytesBefore = 0;
    SteadyClock::time_point m_start;
    SteadyClock::time_point m_told{};
    std::vector<std::shared_ptr<FileJob>> m_jobs;
};

void Reader::tell(const std::string &file, std::uint64_t bytesRead)
{
    const auto now = SteadyClock::now();
    if (!m_progress || now - m_told < std::chrono::milliseconds(100)) {
        return;
    }
    m_told = now;
    const double seconds = secondsSince(m_start);
    const std::int64_t events = m_assembly.events();
    m_progress({file, m_bytesBefore + bytesRead, m_bytesTotal, m_assembly.records(), events,
                seconds > 0 ? static_cast<double>(events) / seconds : 0});
}

std::shared_ptr<FileJob> Reader::begin(const std::string &name, const std::string &key)
{
    auto job = std::make_shared<FileJob>();
    job->result.file = name;
    job->result.key = key;
    job->cursor.sourceKey = key;
    if (const auto known = m_events.cursor(key); known && !key.empty()) {
        if (known->done) {
            job->result.state = FileState::AlreadyImported;
            job->result.records = static_cast<std::int64_t>(known->records);
            job->result.duplicates = job->result.records - static_cast<std::int64_t>(known->quarantined);
        } else if (known->duplicates == 0) {
            job->cursor = *known;
        }
    }
    if (job->cursor.delivery == 0) {
        job->cursor.delivery = m_events.newDelivery();
    }
    job->duplicates = std::make_unique<store::Deduplicator>(m_events, job->cursor.delivery);
    m_jobs.push_back(job);
    return job;
}

void Reader::readMember(sources::Input &input, FileJob &job, const std::shared_ptr<FileJob> &shared)
{
    logs::FramerOptions options;
    options.lines = m_lines;
    options.maxBytes = kBatchBytes;
    if (!job.cursor.framerState.empty()) {
        if (auto state = logs::FramerState::fromText(job.cursor.framerState)) {
            options.resume = *state;
        }
    }
    std::uint64_t skip = options.resume.offset;
    logs::RecordFramer framer(options);
    logs::FramerState resume = options.resume;
    std::vector<char> buffer(1U << 20U);
    bool whole = true;
    while (!m_cancel.cancelled()) {
        const auto got = input.read(buffer);
        if (!got) {
            job.result.error = got.error();
            job.result.state = FileState::Failed;
            whole = false;
            break;
        }
        if (*got == 0) {
            break;
        }
        std::string_view bytes(buffer.data(), *got);
        const auto jump = static_cast<std::size_t>(std::min<std::uint64_t>(skip, bytes.size()));
        skip -= jump;
        bytes.remove_prefix(jump);
        framer.feed(bytes);
        while (auto batch = framer.take()) {
            resume = batch->resume;
            if (!m_assembly.submit(std::move(*batch), shared, false)) {
                return;
            }
            tell(job.result.file, input.bytesRead());
        }
        tell(job.result.file, input.bytesRead());
    }
    if (m_cancel.cancelled()) {
        return;
    }
    // The end is told with the last batch, or with an empty one: an empty file is remembered as read, too.
    for (auto batch = framer.finish(); batch;) {
        auto next = framer.finish();
        const bool last = !next;
        resume = batch->resume;
        if (!m_assembly.submit(std::move(*batch), shared, whole && last) || last) {
            return;
        }
        batch = std::move(next);
    }
    logs::RecordBatch end;
    end.resume = resume;
    m_assembly.submit(std::move(end), shared, whole);
}

void Reader::readPath(const std::filesystem::path &path)
{
    std::string contentKey;
    if (path != "-") {
        auto key = sources::contentKey(path, m_cancel);
        if (!key) {
            auto job = begin(path.string(), {});
            job->result.state = FileState::Failed;
            job->result.error = key.error();
            return;
        }
        contentKey = *key;
    }
    auto input = sources::Input::open(path);
    if (!input) {
        auto job = begin(path.string(), {});
        job->result.state = FileState::Failed;
        job->result.error = input.error();
        return;
    }
    for (int member = 0; !m_cancel.cancelled() && !m_assembly.failure(); ++member) {
        const auto more = (*input)->nextMember();
        if (!more) {
            auto job = begin((*input)->name(), {});
            job->result.state = FileState::Failed;
            job->result.error = more.error();
            break;
        }
        if (!*more) {
            break;
        }
        const std::string key = contentKey.empty() ? std::string() : contentKey + "!" + std::to_string(member);
        auto job = begin((*input)->name(), key);
        if (job->result.state != FileState::AlreadyImported) {
            readMember(**input, *job, job);
        }
        tell(job->result.file, (*input)->bytesRead());
    }
    m_bytesBefore += (*input)->bytesRead();
}

FileState stateOf(const FileResult &result, bool cancelled)
{
    if (result.state == FileState::AlreadyImported || result.state == FileState::Failed) {
        return result.state;
    }
    if (cancelled) {
        return FileState::Cancelled;
    }
    return result.quarantined > 0 ? FileState::WithBadRecords : FileState::Imported;
}

} // namespace

Importer::Importer(store::EventStore &events, Committer &committer, Detectors detectors, const Clock &clock,
                   ImporterOptions options)
    : m_events(events)
    , m_committer(committer)
    , m_detectors(std::move(detectors))
    , m_clock(clock)
    , m_options(std::move(options))
{
}

Result<ImportSummary> Importer::run(const std::vector<std::filesystem::path> &paths, const ProgressCallback &progress,
                                    const CancelToken &cancel)
{
    const auto start = SteadyClock::now();
    const ProcessUsage before = processUsage();
    ImportSummary summary;
    const auto expanded = sources::expandPaths(paths);
    if (!expanded) {
        return fail(expanded.error());
    }
    std::uint64_t total = 0;
    for (const auto &path : *expanded) {
        std::error_code none;
        const auto size = std::filesystem::file_size(path, none);
        total += none ? 0 : size;
    }
    {
        Assembly assembly(m_committer, m_detectors, m_clock, m_options, cancel);
        Reader reader(m_events, assembly, progress, cancel, total, m_options.parse.framedByLines());
        for (const auto &path : *expanded) {
            if (cancel.cancelled() || assembly.failure()) {
                break;
            }
            reader.readPath(path);
        }
        assembly.drain();
        if (const auto failure = assembly.failure()) {
            static_cast<void>(
                m_committer.idle()); // what was stored before shall have its alerts; the failure says more
            return fail(*failure);
        }
        summary.cancelled = cancel.cancelled();
        for (const auto &job : reader.jobs()) {
            FileResult result = job->result;
            result.state = stateOf(result, summary.cancelled && !job->cursor.done);
            summary.records += result.records;
            summary.events += result.events;
            summary.duplicates += result.duplicates;
            summary.quarantined += result.quarantined;
            summary.results.push_back(std::move(result));
        }
        summary.files = static_cast<std::int64_t>(summary.results.size());
        summary.bytes = reader.bytes();
        summary.alerts = assembly.newAlerts();
        summary.stages = assembly.stages();
    }
    if (m_options.detect) {
        const auto kept = m_committer.checkpoint();
        if (!kept) {
            return fail(kept.error());
        }
        summary.alerts += *kept;
    }
    const ProcessUsage after = processUsage();
    returnFreedMemory();
    summary.seconds = secondsSince(start);
    summary.eventsPerSecond = summary.seconds > 0 ? static_cast<double>(summary.events) / summary.seconds : 0;
    summary.storeBytes = m_events.diskBytes();
    summary.peakRssBytes = after.peakResidentBytes;
    summary.cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    return summary;
}

} // namespace nightjar::pipeline
