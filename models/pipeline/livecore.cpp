// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/livecore.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nightjar::pipeline {

namespace {

constexpr const char *kCursorKey = "live";
constexpr std::string_view kStateMark = "nj-live-1";
constexpr std::size_t kItemBytes = 512; ///< what an item costs beside its records
constexpr std::size_t kManyEnded = 256; ///< deliveries that brought nothing
constexpr auto kRetryPause = std::chrono::seconds(1);

unsigned workerCount(unsigned wanted)
{
    return wanted != 0 ? wanted : std::max(2U, std::thread::hardware_concurrency());
}

/// Receipt of the newest stored record by source, as the cursor carries it.
std::map<std::string, Timestamp> readStoredUpTo(const std::string &text)
{
    std::map<std::string, Timestamp> times;
    const auto lines = split(text, '\n');
    if (lines.front() != kStateMark) {
        return times;
    }
    for (const std::string_view line : lines) {
        const std::size_t blank = line.find(' ');
        const auto time = parseInteger(line.substr(0, blank));
        if (blank != std::string_view::npos && time) {
            times.emplace(line.substr(blank + 1), *time);
        }
    }
    return times;
}

/// Background work makes room for the window.
void lowerPriority()
{
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
}

} // namespace

LivePath::Core::Core(store::EventStore &events, Committer &committer, DetectorSource detectors, const Clock &clock,
                     LivePathOptions options)
    : m_events(events)
    , m_committer(committer)
    , m_detectorSource(std::move(detectors))
    , m_clock(clock)
    , m_options(options)
    , m_cursor(events.cursor(kCursorKey).value_or(store::SourceCursor{}))
    , m_duplicates(events, m_cursor.delivery = events.newDelivery())
    , m_storedUpTo(readStoredUpTo(m_cursor.framerState))
{
    m_cursor.sourceKey = kCursorKey;
    m_nextIdle = SteadyClock::now() + std::chrono::microseconds(options.idleMicros);
    for (unsigned i = 0; i < workerCount(options.workers); ++i) {
        m_workers.emplace_back([this] { work(); });
    }
}

LivePath::Core::~Core()
{
    giveUp();
    m_workers.clear();
}

std::shared_ptr<LiveSource> LivePath::Core::add(const LiveSourceOptions &options,
                                                std::shared_ptr<sources::HealthMeter> health)
{
    auto source = std::make_shared<LiveSource>();
    source->options = options;
    source->health = std::move(health);
    return source;
}

std::uint64_t LivePath::Core::begin()
{
    std::lock_guard lock(m_mutex);
    return m_nextDelivery++;
}

void LivePath::Core::end(const std::shared_ptr<LiveSource> &source, std::uint64_t delivery)
{
    LiveItem item;
    item.source = source;
    item.piece.delivery = delivery;
    item.ended = true;
    std::lock_guard lock(m_mutex);
    m_open.push_back(std::move(item)); // goes with the next block: nothing waits for it
    if (!m_openSince && m_open.size() >= kManyEnded) {
        m_openSince = SteadyClock::now();
        m_due.notify_one();
    }
}

bool LivePath::Core::roomFor(const LiveSource &source, std::size_t bytes) const
{
    const bool late = !source.since.empty() && SteadyClock::now() - source.since.front() >
                                                   std::chrono::microseconds(source.options.maxMicrosInside);
    // One piece always fits, however large it is.
    return !late && (source.inside == 0 || source.inside + bytes <= source.options.maxBytesInside) &&
           (m_inside == 0 || m_inside + bytes <= m_options.maxBytesInside);
}

bool LivePath::Core::take(const std::shared_ptr<LiveSource> &source, sources::Piece &&piece, bool wait)
{
    const std::size_t records = piece.batch.records.size() + piece.batch.rejects.size();
    std::size_t bytes = piece.batch.bytes.size() + records * sizeof(logs::RecordSpan) + kItemBytes;
    for (const logs::Reject &reject : piece.batch.rejects) {
        bytes += reject.raw.size();
    }
    Lock lock(m_mutex);
    if (wait) {
        m_room.wait(lock, [&] { return m_stopping || roomFor(*source, bytes); });
    }
    if (m_stopping || !roomFor(*source, bytes)) {
        return false;
    }
    LiveItem item;
    item.source = source;
    item.piece = std::move(piece);
    item.bytes = bytes;
    item.timed = wait && source->options.maxMicrosInside > 0;
    if (item.timed) {
        source->since.push_back(SteadyClock::now());
    }
    source->inside += bytes;
    m_inside += bytes;
    m_openRows += records;
    m_openBytes += bytes;
    m_asked |= static_cast<bool>(item.piece.done);
    const bool first = !m_openSince;
    if (first) {
        m_openSince = SteadyClock::now();
    }
    m_open.push_back(std::move(item));
    if (first || m_asked || m_openRows >= m_options.maxRows || m_openBytes >= m_options.maxBytes) {
        m_due.notify_one();
    }
    return true;
}

/// Sleeps until there is something to do; Nothing: it will not come any more.
LivePath::Core::Due LivePath::Core::waitForDue(Lock &lock)
{
    for (;;) {
        if (m_openSince) {
            const bool full = m_openRows >= m_options.maxRows || m_openBytes >= m_options.maxBytes;
            const auto due =
                *m_openSince + std::chrono::microseconds(m_asked ? m_options.askedMicros : m_options.blockMicros);
            if (full || m_stopping || m_draining || SteadyClock::now() >= due) {
                return Due::Batch;
            }
            m_due.wait_until(lock, due);
        } else if (m_stopping) {
            return Due::Nothing;
        } else if (!m_options.detect) {
            m_due.wait(lock);
        } else if (const auto now = SteadyClock::now(); now < m_nextIdle) {
            m_due.wait_until(lock, m_nextIdle);
        } else {
            m_nextIdle = now + std::chrono::microseconds(m_options.idleMicros);
            return Due::Idle;
        }
    }
}

/// At most a block's worth of what is open, in order.
LiveBatch LivePath::Core::cut()
{
    LiveBatch batch;
    std::size_t rows = 0;
    std::size_t bytes = 0;
    m_asked = false;
    while (!m_open.empty()) {
        LiveItem &item = m_open.front();
        const std::size_t itemRows = item.piece.batch.records.size() + item.piece.batch.rejects.size();
        if (rows > 0 && (rows + itemRows > m_options.maxRows || bytes + item.bytes > m_options.maxBytes)) {
            break;
        }
        rows += itemRows;
        bytes += item.bytes;
        batch.items.push_back(std::move(item));
        m_open.pop_front();
    }
    m_openRows -= rows;
    m_openBytes -= bytes;
    m_openSince.reset();
    if (m_openRows > 0) {
        m_openSince = SteadyClock::now();
        m_asked = std::any_of(m_open.begin(), m_open.end(), [](const LiveItem &i) { return bool(i.piece.done); });
    }
    return batch;
}

void LivePath::Core::work()
{
    lowerPriority();
    LiveWorker worker(m_clock);
    for (;;) {
        Lock lock(m_mutex);
        const Due due = waitForDue(lock);
        if (due == Due::Nothing) {
            return;
        }
        if (due == Due::Idle) {
            lock.unlock();
            settle();
            continue;
        }
        LiveBatch batch = cut();
        const std::uint64_t number = m_taken++;
        if (m_openSince) {
            m_due.notify_one(); // another worker can go on with the rest
        }
        lock.unlock();
        process(worker, batch, number);
    }
}

/// Correlations need not wait for the next event. What cannot be recorded now is tried again with it.
void LivePath::Core::settle()
{
    const auto alerts = m_committer.idle();
    std::lock_guard lock(m_mutex);
    if (!alerts) {
        m_trouble = alerts.error();
    } else if (m_idleTrouble) {
        m_trouble.reset();
    }
    m_idleTrouble = !alerts;
    m_totals.alerts += alerts.value_or(0);
}

void LivePath::Core::await(std::uint64_t &turn, std::uint64_t number)
{
    Lock lock(m_mutex);
    m_turn.wait(lock, [&] { return turn == number; });
}

Detectors LivePath::Core::detectors()
{
    if (!m_options.detect) {
        return {};
    }
    auto now = m_detectorSource();
    std::lock_guard lock(m_mutex);
    if (now) {
        m_detectors = std::move(*now);
    }
    return m_detectors;
}

store::SourceCursor LivePath::Core::cursorAfter(const LiveBatch &batch) const
{
    store::SourceCursor cursor = m_cursor;
    ++cursor.offset; // counts blocks
    cursor.records += static_cast<std::uint64_t>(batch.processed.records);
    cursor.duplicates += static_cast<std::uint64_t>(batch.processed.duplicates);
    cursor.quarantined += batch.processed.quarantined.size();
    std::map<std::string, Timestamp> times;
    {
        std::lock_guard lock(m_mutex);
        times = m_storedUpTo;
    }
    for (const LiveItem &item : batch.items) {
        if (!item.ended) {
            Timestamp &time = times[item.source->options.key];
            time = std::max(time, item.piece.receivedAt);
        }
    }
    cursor.framerState = kStateMark;
    for (const auto &[key, time] : times) {
        cursor.framerState += '\n' + std::to_string(time) + ' ' + key;
    }
    return cursor;
}

/// Parsing, deduplication and detection again, after an earlier batch has failed against which it was compared. The
/// batch has its turn.
Status LivePath::Core::again(LiveWorker &worker, LiveBatch &batch)
{
    m_duplicates.abandoned(batch.ticket);
    {
        std::lock_guard lock(m_mutex);
        ++m_epoch; // those behind were compared with this one
    }
    worker.parse(batch);
    Status done = LiveWorker::deduplicate(batch, m_duplicates);
    return done ? LiveWorker::finish(batch, detectors()) : done;
}

/// Everything up to the commit. Gives the turn for deduplication on, has the turn for the commit at the end.
Status LivePath::Core::prepare(LiveWorker &worker, LiveBatch &batch, std::uint64_t number)
{
    worker.parse(batch);
    await(m_deduplicated, number);
    Status done = LiveWorker::deduplicate(batch, m_duplicates);
    std::uint64_t epoch = 0;
    {
        std::lock_guard lock(m_mutex);
        epoch = m_epoch;
        ++m_deduplicated;
        m_turn.notify_all();
    }
    if (done) {
        done = LiveWorker::finish(batch, detectors());
    }
    await(m_committed, number);
    Lock lock(m_mutex);
    const bool outdated = epoch != m_epoch;
    lock.unlock();
    return outdated ? again(worker, batch) : done;
}

Status LivePath::Core::commit(LiveBatch &batch)
{
    store::SourceCursor cursor = cursorAfter(batch);
    StageSeconds seconds = batch.processed.seconds;
    const std::int64_t records = batch.processed.records;
    const std::int64_t duplicates = batch.processed.duplicates;
    const auto quarantined = static_cast<std::int64_t>(batch.processed.quarantined.size());
    if (batch.times.empty() && quarantined == 0) {
        m_duplicates.stored(batch.ticket, 0); // all of it is stored already
        std::lock_guard lock(m_mutex);
        m_totals.records += records;
        m_totals.duplicates += duplicates;
        return {};
    }
    tellInvalid(batch);
    const auto committed = m_committer.commit(std::move(batch.processed), cursor, m_options.detect, false);
    if (!committed) {
        const auto now = m_events.cursor(kCursorKey);
        if (!now || now->delivery != cursor.delivery || now->offset != cursor.offset) {
            return fail(committed.error());
        }
        // Stored, but its alerts are not: the next start makes up for them.
        std::lock_guard lock(m_mutex);
        m_trouble = committed.error();
    } else {
        m_duplicates.stored(batch.ticket, committed->firstId);
        seconds += committed->seconds;
    }
    m_cursor = std::move(cursor);
    std::lock_guard lock(m_mutex);
    m_storedUpTo = readStoredUpTo(m_cursor.framerState);
    m_totals.records += records;
    m_totals.events += committed ? committed->rows : static_cast<std::int64_t>(batch.times.size());
    m_totals.duplicates += duplicates;
    m_totals.quarantined += quarantined;
    m_totals.alerts += committed ? committed->newAlerts : 0;
    m_totals.stages += seconds;
    if (committed) {
        m_trouble.reset();
    }
    return {};
}

/// Senders that wait for an answer are told no, so that they try again later; the rest stays.
void LivePath::Core::refuseAsked(LiveBatch &batch)
{
    LiveBatch asked;
    std::vector<LiveItem> rest;
    for (LiveItem &item : batch.items) {
        (item.piece.done ? asked.items : rest).push_back(std::move(item));
    }
    batch.items = std::move(rest);
    finish(asked, false);
}

void LivePath::Core::process(LiveWorker &worker, LiveBatch &batch, std::uint64_t number)
{
    Status done = prepare(worker, batch, number);
    if (done) {
        done = commit(batch);
    }
    while (!done) {
        refuseAsked(batch);
        Lock lock(m_mutex);
        ++m_epoch;
        m_trouble = done.error();
        if (m_stopping || batch.items.empty()) {
            lock.unlock();
            m_duplicates.abandoned(batch.ticket);
            break;
        }
        m_turn.wait_for(lock, kRetryPause, [this] { return m_stopping; });
        lock.unlock();
        done = again(worker, batch);
        if (done) {
            done = commit(batch);
        }
    }
    if (done) {
        tellHealth(batch);
    }
    finish(batch, done.has_value());
    std::lock_guard lock(m_mutex);
    ++m_committed;
    m_turn.notify_all();
    m_idle.notify_all();
}

/// Answers and room for others.
void LivePath::Core::finish(LiveBatch &batch, bool stored)
{
    for (const LiveItem &item : batch.items) {
        if (item.piece.done) {
            item.piece.done(stored);
        }
        if (item.ended) {
            m_duplicates.ended(item.piece.delivery);
        }
    }
    std::lock_guard lock(m_mutex);
    for (const LiveItem &item : batch.items) {
        item.source->inside -= item.bytes;
        if (item.timed) {
            item.source->since.pop_front(); // pieces are stored in the order in which they came
        }
        m_inside -= item.bytes;
        m_totals.bytes += stored ? item.piece.batch.bytes.size() : 0;
    }
    m_room.notify_all();
}

Timestamp LivePath::Core::storedUpTo(const std::string &key) const
{
    std::lock_guard lock(m_mutex);
    const auto found = m_storedUpTo.find(key);
    return found == m_storedUpTo.end() ? kNoTime : found->second;
}

void LivePath::Core::giveUp()
{
    std::lock_guard lock(m_mutex);
    m_stopping = true;
    m_room.notify_all();
    m_due.notify_all();
    m_turn.notify_all();
}

void LivePath::Core::drain()
{
    Lock lock(m_mutex);
    m_draining = true;
    m_due.notify_all();
    m_idle.wait(lock, [this] { return m_openRows == 0 && m_committed == m_taken; });
    m_draining = false;
}

LiveTotals LivePath::Core::totals() const
{
    std::lock_guard lock(m_mutex);
    return m_totals;
}

std::optional<Error> LivePath::Core::trouble() const
{
    std::lock_guard lock(m_mutex);
    return m_trouble;
}

} // namespace nightjar::pipeline
