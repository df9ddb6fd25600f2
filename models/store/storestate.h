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

/// The parts behind an EventStore. Private to the store.
struct EventStore::State {
    std::filesystem::path folder;
    StoreOptions options;
    const Clock *clock = nullptr;
    FileDescriptor lock;

    mutable ReaderPool pool;
    std::unique_ptr<Manifest> manifest;

    mutable std::mutex writing; ///< one of append, removal at a time; taken before `guard`
    std::unique_ptr<SegmentWriter> writer;

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
    Status readAll();
    Status startSegment();
    Status prepareWriter();
    /// A view of the segments for reading quarantine and sizes.
    [[nodiscard]] std::vector<std::shared_ptr<Segment>> segmentList() const;

private:
    void readListed(const std::vector<Manifest::Entry> &entries);
    void adoptUnlisted(const std::vector<Manifest::Entry> &entries);
    void take(const std::shared_ptr<Segment> &segment);
    void takeCursor(StoredCursor stored);
};

} // namespace nightjar::store
