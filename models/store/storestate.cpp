// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storestate.h"

#include "base/text.h"
#include "store/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::store {
namespace {

/// More ids than one segment can hold beyond its limit: what a vanished segment may have used.
constexpr std::int64_t kIdsBeyondLimit = 65'536;

/// A segment that a crash interrupted in the making: an intact database without the tables. Opening it for writing
/// undoes what the crash left half done.
bool isUnfinished(const std::filesystem::path &path)
{
    auto database = Database::open(path, OpenMode::ReadWrite);
    auto rows = database ? (*database)->prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'block'")
                         : fail(database.error());
    return rows && rows->step().value_or(false) && rows->integer(0) == 0;
}

/// A repair that was interrupted between putting the damaged file aside and putting the salvaged one in its place.
void finishRepair(const std::filesystem::path &path, bool readOnly)
{
    std::error_code ignored;
    const std::filesystem::path salvaged = salvagedPath(path);
    if (!readOnly && std::filesystem::exists(salvaged, ignored)) {
        if (std::filesystem::exists(path, ignored)) {
            removeDatabaseFiles(salvaged);
        } else {
            std::filesystem::rename(salvaged, path, ignored);
        }
    }
}

} // namespace

tl::unexpected<Error> refuseReadOnly(const std::filesystem::path &folder)
{
    return fail(Error{"NJ-STORE-016",
                      "The event store is open for reading only",
                      {},
                      {folder.string(), 0, 0},
                      "Open the workspace for writing."});
}

Error missingSegment(const std::filesystem::path &path, std::int64_t firstId)
{
    return {"NJ-STORE-011",
            "A segment of the event store is missing",
            "events from id " + std::to_string(firstId) + " on, up to the next segment, cannot be shown",
            {path.string(), 0, 0},
            "Put the file back, or run `nightjar-cli store repair` to forget it."};
}

EventStore::State::~State()
{
    // The writer last: the last connection to a segment merges its log, and a reader cannot.
    pool.closeAll();
    writer.reset();
}

std::filesystem::path EventStore::State::segmentPath(std::int64_t number) const
{
    return folder / "segments" / fmt::format("{:06}.db", number);
}

Status EventStore::State::takeLock()
{
    const std::filesystem::path path = folder / "lock";
    lock = FileDescriptor(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!lock.valid()) {
        return fail(systemError("NJ-STORE-002", "Cannot write to the event store", path, errno));
    }
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        char owner[24] = {};
        const ssize_t size = ::pread(lock.get(), owner, sizeof owner - 1, 0);
        const std::string number(trim(std::string_view(owner, size > 0 ? static_cast<std::size_t>(size) : 0)));
        return fail(Error{"NJ-STORE-010",
                          "The workspace is in use by another Nightjar",
                          number.empty() ? "another process holds its lock" : "process " + number + " holds its lock",
                          {path.string(), 0, 0},
                          "Close the other window or command, or open the workspace read-only."});
    }
    const std::string me = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), me.data(), me.size(), 0) < 0) {
        return fail(systemError("NJ-STORE-003", "Cannot write to the event store", path, errno));
    }
    return {};
}

Status EventStore::State::takeReadersLock()
{
    const std::filesystem::path path = folder / "readers";
    readers = FileDescriptor(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!readers.valid()) {
        readers = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
    if (options.readOnly && readers.valid()) {
        (void)::flock(readers.get(), LOCK_SH); // waits for a removal that is under way, a moment
    }
    return {};
}

Status EventStore::State::readAll()
{
    auto entries = manifest->entries();
    if (!entries) {
        return fail(entries.error());
    }
    auto floor = manifest->lastId();
    auto kept = manifest->cursors();
    if (!floor || !kept) {
        return fail(floor ? kept.error() : floor.error());
    }
    lastId = *floor;
    for (StoredCursor &stored : *kept) {
        if (!stored.damaged) { // the source is read again; nothing is stored twice
            takeCursor(std::move(stored));
        }
    }
    readListed(*entries);
    adoptUnlisted(*entries);
    auto sorted = std::make_shared<Snapshot::Blocks>(*blocks);
    std::sort(sorted->begin(), sorted->end(), [](const auto &a, const auto &b) { return a->firstId < b->firstId; });
    blocks = std::move(sorted);
    std::sort(segments.begin(), segments.end(), [](const auto &a, const auto &b) { return a->number() < b->number(); });
    return {};
}

void EventStore::State::readListed(const std::vector<Manifest::Entry> &entries)
{
    for (const Manifest::Entry &entry : entries) {
        const std::filesystem::path path = segmentPath(entry.number);
        nextSegment = std::max(nextSegment, entry.number + 1);
        std::error_code ignored;
        finishRepair(path, options.readOnly);
        if (entry.dropped) {
            if (!options.readOnly) {
                removeDatabaseFiles(path);
                if (Status forgotten = manifest->forget(entry.number); !forgotten) {
                    problems.push_back(forgotten.error());
                }
            }
        } else if (!std::filesystem::exists(path, ignored)) {
            // Its ids are lost with it but must not be given again.
            lastId = std::max(lastId, entry.firstId + options.segmentEvents + kIdsBeyondLimit);
            problems.push_back(missingSegment(path, entry.firstId));
        } else {
            lastId = std::max(lastId, entry.firstId - 1);
            take(std::make_shared<Segment>(entry.number, path));
        }
    }
}

void EventStore::State::adoptUnlisted(const std::vector<Manifest::Entry> &entries)
{
    // A crash between the making of a segment and its listing leaves a file without events; a file put back by hand has
    // some.
    std::error_code ignored;
    for (const auto &item : std::filesystem::directory_iterator(folder / "segments", ignored)) {
        const std::int64_t number = parseInteger(item.path().stem().string()).value_or(0);
        const auto listed = [&](const Manifest::Entry &entry) { return entry.number == number; };
        if (number <= 0 || item.path() != segmentPath(number) || std::any_of(entries.begin(), entries.end(), listed)) {
            continue;
        }
        nextSegment = std::max(nextSegment, number + 1);
        if (!options.readOnly && isUnfinished(item.path())) {
            removeDatabaseFiles(item.path());
            continue;
        }
        const std::size_t before = blocks->size();
        const std::size_t problemsBefore = problems.size();
        take(std::make_shared<Segment>(number, item.path()));
        if (problems.size() == problemsBefore && !options.readOnly) {
            const std::int64_t firstId = blocks->size() == before ? lastId + 1 : (*blocks)[before]->firstId;
            if (Status added = manifest->add(number, firstId); !added) {
                problems.push_back(added.error());
            }
        }
    }
}

void EventStore::State::take(const std::shared_ptr<Segment> &segment)
{
    auto contents = readSegment(segment, pool);
    if (!contents) {
        Error error = contents.error();
        if (error.code == "NJ-STORE-004" || error.code == "NJ-STORE-007") {
            error = Error{"NJ-STORE-012",
                          "A segment of the event store cannot be read",
                          error.reason,
                          {segment->path().string(), 0, 0},
                          "Run `nightjar-cli store repair`, or restore the file from a backup."};
        }
        problems.push_back(std::move(error));
        // What its ids were is unknown: leave room for a full segment.
        lastId += options.segmentEvents + kIdsBeyondLimit;
        return;
    }
    auto all = std::make_shared<Snapshot::Blocks>(*blocks);
    for (const auto &block : contents->blocks) {
        lastId = std::max(lastId, block->lastId());
        nextDelivery = std::max(nextDelivery, block->delivery + 1);
        all->push_back(block);
    }
    blocks = std::move(all);
    lastId = std::max(lastId, contents->lastIdSeen);
    problems.insert(problems.end(), contents->problems.begin(), contents->problems.end());
    for (StoredCursor &stored : contents->cursors) {
        takeCursor(std::move(stored));
    }
    segments.push_back(segment);
}

void EventStore::State::takeCursor(StoredCursor stored)
{
    sequence = std::max(sequence, stored.sequence);
    nextDelivery = std::max(nextDelivery, stored.cursor.delivery + 1);
    auto [place, isNew] = cursors.try_emplace(stored.cursor.sourceKey, stored);
    if (!isNew && place->second.sequence < stored.sequence) {
        place->second = std::move(stored);
    }
}

Status EventStore::State::startSegment()
{
    if (writer) {
        std::vector<StoredCursor> kept;
        for (const auto &[key, stored] : cursors) {
            kept.push_back(stored);
        }
        if (Status done = manifest->keep(kept); !done) {
            return done;
        }
        pool.closeAll(*writer->segment());
        writer.reset();
    }
    const auto segment = std::make_shared<Segment>(nextSegment, segmentPath(nextSegment));
    auto opened = SegmentWriter::open(segment);
    if (!opened) {
        removeDatabaseFiles(segment->path());
        return fail(opened.error());
    }
    if (Status added = manifest->add(segment->number(), lastId + 1); !added) {
        opened->reset();
        removeDatabaseFiles(segment->path());
        return added;
    }
    writer = std::move(*opened);
    std::lock_guard hold(guard);
    ++nextSegment;
    segments.push_back(segment);
    return {};
}

Status EventStore::State::prepareWriter()
{
    if (segments.empty()) {
        return startSegment();
    }
    const std::shared_ptr<Segment> &newest = segments.back();
    std::int64_t events = 0;
    Timestamp first = kNoTime;
    for (auto block = blocks->rbegin(); block != blocks->rend() && (*block)->segment == newest; ++block) {
        events += (*block)->rows;
        first = (*block)->arrived;
    }
    const bool full = events >= options.segmentEvents;
    const bool old = first != kNoTime && clock->now() - first >= options.segmentSpan;
    if (full || old) {
        return startSegment();
    }
    if (!writer || writer->segment() != newest) {
        auto opened = SegmentWriter::open(newest);
        if (!opened) {
            return fail(opened.error());
        }
        writer = std::move(*opened);
    }
    return {};
}

std::vector<std::shared_ptr<Segment>> EventStore::State::segmentList() const
{
    std::lock_guard hold(guard);
    return segments;
}

} // namespace nightjar::store
