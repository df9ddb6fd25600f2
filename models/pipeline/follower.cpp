// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/follower.h"

#include "base/files.h"
#include "sources/tail.h"
#include "store/deduplicator.h"

#include <chrono>
#include <optional>
#include <thread>

namespace nightjar::pipeline {

namespace {
using SteadyClock = std::chrono::steady_clock;
constexpr auto kBlockAge = std::chrono::seconds(1);
constexpr auto kPause = std::chrono::milliseconds(100);
} // namespace

struct Follower::Followed {
    Followed(const std::filesystem::path &path, const Clock &clock, const sources::TailCursor *from)
        : tail(path, clock, from)
    {
    }
    sources::Tail tail;
    logs::RecordFramer framer;
    FileResult result;
    store::SourceCursor cursor;
    std::unique_ptr<store::Deduplicator> duplicates;
    sources::TailCursor position;                        ///< of the file that the framer reads
    std::optional<SteadyClock::time_point> waitingSince; ///< oldest bytes that are not stored
};

Follower::Follower(store::EventStore &events, Committer &committer, Detectors detectors, const Clock &clock,
                   ImporterOptions options)
    : m_events(events)
    , m_committer(committer)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_processor(m_options.parse, m_options.detect ? std::move(detectors) : Detectors{}, clock)
{
}

Follower::~Follower() = default;

Status Follower::begin(const std::filesystem::path &path)
{
    std::error_code problem;
    const std::string key = "tail:" + std::filesystem::absolute(path, problem).string();
    const auto known = m_events.cursor(key);
    std::optional<sources::TailCursor> position;
    logs::FramerOptions framing;
    framing.lines = m_options.parse.framedByLines();
    if (known) {
        // Two lines: where the file was, and what the framer needs to go on there.
        const std::size_t lineEnd = known->framerState.find('\n');
        const auto tail = sources::TailCursor::fromText(std::string_view(known->framerState).substr(0, lineEnd));
        const auto state = lineEnd == std::string::npos
                               ? fail(Error{})
                               : logs::FramerState::fromText(std::string_view(known->framerState).substr(lineEnd + 1));
        if (tail && state) {
            position = *tail;
            framing.resume = *state;
        }
    }
    auto followed = std::make_unique<Followed>(path, m_clock, position ? &*position : nullptr);
    followed->framer = logs::RecordFramer(framing);
    followed->result.file = path.string();
    followed->result.key = key;
    followed->cursor = known.value_or(store::SourceCursor{});
    followed->cursor.sourceKey = key;
    if (!position) {
        followed->cursor = store::SourceCursor{};
        followed->cursor.sourceKey = key;
        followed->cursor.delivery = m_events.newDelivery();
    } else {
        followed->position = *position;
    }
    followed->duplicates = std::make_unique<store::Deduplicator>(m_events, followed->cursor.delivery);
    m_files.push_back(std::move(followed));
    return {};
}

Status Follower::store(Followed &followed, logs::RecordBatch &&batch)
{
    auto processed = m_processor.process(std::move(batch), followed.cursor.sourceKey, followed.duplicates.get());
    if (!processed) {
        return fail(processed.error());
    }
    store::SourceCursor cursor = followed.cursor;
    sources::TailCursor position = followed.position;
    position.offset = processed->resume.offset;
    cursor.offset = position.offset;
    cursor.framerState = position.toText() + '\n' + processed->resume.toText();
    cursor.records += static_cast<std::uint64_t>(processed->records);
    cursor.duplicates += static_cast<std::uint64_t>(processed->duplicates);
    cursor.quarantined += processed->quarantined.size();
    followed.result.records += processed->records;
    followed.result.duplicates += processed->duplicates;
    followed.result.quarantined += static_cast<std::int64_t>(processed->quarantined.size());
    m_summary.stages += processed->seconds;
    const auto committed = m_committer.commit(std::move(*processed), cursor, m_options.detect, false);
    if (!committed) {
        return fail(committed.error());
    }
    m_summary.stages += committed->seconds;
    m_summary.alerts += committed->newAlerts;
    followed.result.events += committed->rows;
    followed.cursor = std::move(cursor);
    return {};
}

Status Follower::endOfFile(Followed &followed)
{
    while (auto batch = followed.framer.finish()) {
        if (auto stored = store(followed, std::move(*batch)); !stored) {
            return stored;
        }
    }
    logs::FramerOptions framing;
    framing.lines = m_options.parse.framedByLines();
    followed.framer = logs::RecordFramer(framing);
    followed.waitingSince.reset();
    return {};
}

/// True when there may be more at once.
Result<bool> Follower::step(Followed &followed, bool ending)
{
    auto news = followed.tail.poll();
    if (!news) {
        followed.result.error = news.error(); // polling goes on: the file may become readable again
        return false;
    }
    if (news->what == sources::Tail::What::Rotated || news->what == sources::Tail::What::Truncated) {
        if (auto ended = endOfFile(followed); !ended) {
            return fail(ended.error());
        }
        followed.position = news->cursor;
        return true;
    }
    if (news->what == sources::Tail::What::Data) {
        followed.result.error.reset();
        followed.position = news->cursor;
        followed.framer.feed(news->bytes);
        if (!followed.waitingSince) {
            followed.waitingSince = SteadyClock::now();
        }
        while (auto batch = followed.framer.take()) {
            if (auto stored = store(followed, std::move(*batch)); !stored) {
                return fail(stored.error());
            }
        }
    }
    const bool due = followed.waitingSince && (ending || SteadyClock::now() - *followed.waitingSince >= kBlockAge);
    if (due) {
        followed.waitingSince.reset();
        if (auto batch = followed.framer.flush()) {
            if (auto stored = store(followed, std::move(*batch)); !stored) {
                return fail(stored.error());
            }
        }
    }
    return news->what == sources::Tail::What::Data;
}

Result<ImportSummary> Follower::run(const std::vector<std::filesystem::path> &paths,
                                    const Importer::ProgressCallback &progress, const CancelToken &cancel)
{
    const auto start = SteadyClock::now();
    for (const auto &path : paths) {
        if (auto begun = begin(path); !begun) {
            return fail(begun.error());
        }
    }
    auto told = start;
    for (bool ending = false; !ending;) {
        ending = cancel.cancelled();
        bool busy = false;
        for (const auto &followed : m_files) {
            const auto more = step(*followed, ending);
            if (!more) {
                return fail(more.error());
            }
            busy = busy || *more;
        }
        if (progress && SteadyClock::now() - told >= std::chrono::milliseconds(500)) {
            told = SteadyClock::now();
            ImportProgress now;
            for (const auto &followed : m_files) {
                now.file = followed->result.file;
                now.records += followed->result.records;
                now.events += followed->result.events;
            }
            now.eventsPerSecond = static_cast<double>(now.events) / std::chrono::duration<double>(told - start).count();
            progress(now);
        }
        if (!busy && !ending) {
            const auto settled = m_committer.idle();
            if (!settled) {
                return fail(settled.error());
            }
            m_summary.alerts += *settled;
            std::this_thread::sleep_for(kPause);
        }
    }
    for (const auto &followed : m_files) {
        m_summary.records += followed->result.records;
        m_summary.events += followed->result.events;
        m_summary.duplicates += followed->result.duplicates;
        m_summary.quarantined += followed->result.quarantined;
        followed->result.state = followed->result.quarantined > 0 ? FileState::WithBadRecords : FileState::Imported;
        m_summary.results.push_back(followed->result);
    }
    m_summary.files = static_cast<std::int64_t>(m_summary.results.size());
    m_summary.seconds = std::chrono::duration<double>(SteadyClock::now() - start).count();
    m_summary.eventsPerSecond = m_summary.seconds > 0 ? static_cast<double>(m_summary.events) / m_summary.seconds : 0;
    m_summary.storeBytes = m_events.diskBytes();
    m_summary.peakRssBytes = processUsage().peakResidentBytes;
    m_summary.cpuSeconds = processUsage().cpuSeconds;
    if (m_options.detect) {
        const auto kept = m_committer.checkpoint();
        if (!kept) {
            return fail(kept.error());
        }
        m_summary.alerts += *kept;
    }
    return m_summary;
}

} // namespace nightjar::pipeline
