// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/files.h"
#include "store/eventstore.h"
#include "store/manifest.h"
#include "store/segment.h"

#include <atomic>
#include <map>
#include <mutex>

namespace nightjar::store {

tl::unexpected<Error> refuseReadOnly(const std::filesystem::path &folder);
/// NJ-STORE-011.
Error missingSegment(const std::filesystem::path &path, std::int64_t firstId);

/// The parts behind an EventStore. Private to the store.
struct EventStore::State {
    std::filesystem::path folder;
    StoreOptions options;
    const Clock *clock = nullptr;
    FileDescriptor lock;
    FileDescriptor readers; ///< DIR/readers: locked shared by those who read only, exclusively while parts are removed

    mutable ReaderPool pool;
    std::unique_ptr<Manifest> manifest;

    mutable std::mutex writing; ///< one of append, removal at a time; taken before `guard`
    std::unique_ptr<SegmentWriter> writer;
    std::vector<std::shared_ptr<const BlockMeta>> retired; ///< replaced by a merge, parts still there; under `writing`
    std::mutex merging;                                    ///< one merge at a time; taken before `writing`

    mutable std::mutex guard; ///< what follows
    std::shared_ptr<const Snapshot::Blocks> blocks = std::make_shared<Snapshot::Blocks>();
    std::vector<std::shared_ptr<Segment>> segments; ///< in order of number
    std::map<std::string, StoredCursor, std::less<>> cursors;
    std::vector<Error> problems;
    std::int64_t lastId = 0;
    std::int64_t sequence = 0;
    std::int64_t nextSegment = 1;
    std::int64_t nextDelivery = 1;
    std::atomic<std::uint64_t> revision = 0;

    ~State();
    [[nodiscard]] std::filesystem::path segmentPath(std::int64_t number) const;
    Status takeLock();
    Status takeReadersLock();
    Status readAll();
    Status startSegment();
    Status prepareWriter();
    /// The writer of a segment: the one writer, or a new one in `other`. Under `writing`.
    Result<SegmentWriter *> writerOf(const std::shared_ptr<Segment> &segment, std::unique_ptr<SegmentWriter> &other);
    /// Removes parts of replaced blocks that nobody reads any more. Under `writing`.
    Status purgeRetired(const std::shared_ptr<Segment> &segment);
    [[nodiscard]] Result<bool> hasRetired(const std::shared_ptr<Segment> &segment) const;
    /// A view of the segments for reading quarantine and sizes.
    [[nodiscard]] std::vector<std::shared_ptr<Segment>> segmentList() const;

private:
    void readListed(const std::vector<Manifest::Entry> &entries);
    void adoptUnlisted(const std::vector<Manifest::Entry> &entries);
    void take(const std::shared_ptr<Segment> &segment);
    void takeCursor(StoredCursor stored);
};

} // namespace nightjar::store
