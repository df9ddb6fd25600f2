// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/eventstore.h"

#include "event/schema.h"
#include "store/filesystem.h"
#include "store/storestate.h"

#include <algorithm>
#include <set>

#include <sys/stat.h>

namespace nightjar::store {
namespace {

Error onNetwork(const std::filesystem::path &folder, const std::string &kind)
{
    return {"NJ-STORE-018",
            "The workspace is on a network file system",
            kind + ": locks between computers are not reliable there, and a lost connection can damage the store",
            {folder.string(), 0, 0},
            "Move the workspace to a local disk; keep backups on the network (nightjar-cli store backup)."};
}

Status makeFolders(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder / "segments", error);
    if (error) {
        return fail(systemError("NJ-STORE-001", "Cannot make the event store", folder, error.value()));
    }
    ::chmod(folder.c_str(), S_IRWXU);
    return {};
}

} // namespace

std::int64_t Snapshot::events() const
{
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < blocks(); ++i) {
        sum += (*m_blocks)[i]->rows;
    }
    return sum;
}

std::int64_t Snapshot::lastId() const
{
    return blocks() == 0 ? 0 : m_blocks->back()->lastId();
}

std::uint64_t Snapshot::rawBytes() const
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < blocks(); ++i) {
        sum += (*m_blocks)[i]->rawBytes;
    }
    return sum;
}

std::uint64_t Snapshot::storedBytes() const
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < blocks(); ++i) {
        sum += (*m_blocks)[i]->storedBytes;
    }
    return sum;
}

Timestamp Snapshot::minTime() const
{
    Timestamp least = kNoTime;
    for (std::size_t i = 0; i < blocks(); ++i) {
        const Timestamp time = (*m_blocks)[i]->minTime;
        least = time == kNoTime || (least != kNoTime && least <= time) ? least : time;
    }
    return least;
}

Timestamp Snapshot::maxTime() const
{
    Timestamp most = kNoTime;
    for (std::size_t i = 0; i < blocks(); ++i) {
        most = std::max(most, (*m_blocks)[i]->maxTime);
    }
    return most;
}

std::vector<std::string> Snapshot::columns() const
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < blocks(); ++i) {
        for (const auto &column : (*m_blocks)[i]->directory.columns) {
            names.insert(column.name);
        }
    }
    std::vector<std::string> ordered;
    for (const event::FieldInfo &field : event::fields()) {
        if (names.erase(field.name) > 0) {
            ordered.emplace_back(field.name);
        }
    }
    ordered.insert(ordered.end(), names.begin(), names.end());
    return ordered;
}

EventStore::EventStore(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
EventStore::~EventStore() = default;

Result<std::unique_ptr<EventStore>> EventStore::open(const std::filesystem::path &folder, const StoreOptions &options)
{
    auto state = std::make_unique<State>();
    state->folder = folder;
    state->options = options;
    state->clock = options.clock != nullptr ? options.clock : &systemClock();
    if (!options.readOnly) {
        Status ready = makeFolders(folder);
        if (ready) {
            ready = state->takeLock();
        }
        if (!ready) {
            return fail(ready.error());
        }
    }
    if (Status reading = state->takeReadersLock(); !reading) {
        return fail(reading.error());
    }
    if (const auto network = networkFileSystem(folder)) {
        state->problems.push_back(onNetwork(folder, *network));
    }
    auto manifest = Manifest::open(folder / "manifest.db", options.readOnly ? OpenMode::ReadOnly : OpenMode::ReadWrite);
    if (!manifest) {
        return fail(manifest.error());
    }
    state->manifest = std::move(*manifest);
    if (Status read = state->readAll(); !read) {
        return fail(read.error());
    }
    return std::unique_ptr<EventStore>(new EventStore(std::move(state)));
}

Result<AppendResult> EventStore::append(EncodedBlock &&block, const SourceCursor &cursor,
                                        std::span<const QuarantinedRecord> quarantined)
{
    State &state = *m_state;
    const EncodedBlock encoded(std::move(block));
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    std::lock_guard lock(state.writing);
    if (Status ready = state.prepareWriter(); !ready) {
        return fail(ready.error());
    }
    const std::int64_t firstId = state.lastId + 1;
    auto meta = state.writer->append({encoded, firstId, state.clock->now(), state.sequence + 1, cursor, quarantined});
    if (!meta) {
        return fail(meta.error());
    }
    std::lock_guard hold(state.guard);
    ++state.sequence;
    state.cursors[cursor.sourceKey] = {cursor, state.sequence};
    state.nextDelivery = std::max(state.nextDelivery, cursor.delivery + 1);
    if (encoded.rows > 0) {
        auto blocks = std::make_shared<Snapshot::Blocks>(*state.blocks);
        blocks->push_back(std::move(*meta));
        state.blocks = std::move(blocks);
        state.lastId += encoded.rows;
    }
    ++state.revision;
    return AppendResult{firstId, encoded.rows, state.writer->segment()->number()};
}

std::optional<SourceCursor> EventStore::cursor(std::string_view sourceKey) const
{
    std::lock_guard hold(m_state->guard);
    const auto found = m_state->cursors.find(sourceKey);
    return found == m_state->cursors.end() ? std::nullopt : std::optional(found->second.cursor);
}

std::vector<SourceCursor> EventStore::cursors() const
{
    std::lock_guard hold(m_state->guard);
    std::vector<SourceCursor> all;
    for (const auto &[key, stored] : m_state->cursors) {
        all.push_back(stored.cursor);
    }
    return all;
}

std::int64_t EventStore::newDelivery()
{
    std::lock_guard hold(m_state->guard);
    return m_state->nextDelivery++;
}

std::int64_t EventStore::lastId() const
{
    std::lock_guard hold(m_state->guard);
    return m_state->lastId;
}

Snapshot EventStore::snapshot() const
{
    std::lock_guard hold(m_state->guard);
    return Snapshot(m_state->blocks);
}

std::uint64_t EventStore::revision() const
{
    return m_state->revision;
}

std::vector<Error> EventStore::problems() const
{
    std::lock_guard hold(m_state->guard);
    return m_state->problems;
}

bool EventStore::setAside(const BlockMeta &meta, const Error &error) const
{
    const std::string &code = error.code;
    std::error_code ignored;
    const bool vanished = code == "NJ-STORE-001" && !std::filesystem::exists(meta.segment->path(), ignored);
    if (!vanished && code != "NJ-STORE-004" && code != "NJ-STORE-007" && code != "NJ-STORE-013") {
        return false;
    }
    if (!meta.damaged.exchange(true)) {
        Error told = error;
        if (vanished) {
            told = missingSegment(meta.segment->path(), meta.firstId);
        } else if (told.reason.find("events from id") == std::string::npos) {
            told.reason += " (block " + std::to_string(meta.number) + ", events from id " +
                           std::to_string(meta.firstId) + " to " + std::to_string(meta.lastId()) + ")";
        }
        std::lock_guard hold(m_state->guard);
        const auto known = [&](const Error &other) { return other.code == told.code && other.place == told.place; };
        if (!vanished || std::none_of(m_state->problems.begin(), m_state->problems.end(), known)) {
            m_state->problems.push_back(std::move(told));
        }
    }
    return true;
}

std::uint64_t EventStore::diskBytes() const
{
    std::uint64_t sum = 0;
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator item(m_state->folder, error), end; !error && item != end;
         item.increment(error)) {
        std::error_code vanished;
        const std::uintmax_t size = item->is_regular_file(vanished) ? item->file_size(vanished) : 0;
        sum += vanished ? 0 : size;
    }
    return sum;
}

Status EventStore::checkpoint()
{
    std::lock_guard lock(m_state->writing);
    return m_state->writer ? m_state->writer->database().execute("PRAGMA wal_checkpoint(TRUNCATE)") : Status();
}

Status EventStore::forgetMissing()
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return refuseReadOnly(state.folder);
    }
    std::lock_guard lock(state.writing);
    auto entries = state.manifest->entries();
    if (!entries) {
        return fail(entries.error());
    }
    if (Status kept = state.manifest->drop({}, {}, state.lastId); !kept) {
        return kept;
    }
    for (const Manifest::Entry &entry : *entries) {
        std::error_code ignored;
        if (!std::filesystem::exists(state.segmentPath(entry.number), ignored)) {
            if (Status forgotten = state.manifest->forget(entry.number); !forgotten) {
                return forgotten;
            }
        }
    }
    std::lock_guard hold(state.guard);
    std::erase_if(state.problems, [](const Error &error) { return error.code == "NJ-STORE-011"; });
    return {};
}

} // namespace nightjar::store
