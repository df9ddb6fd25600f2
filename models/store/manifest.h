// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/cursortable.h"
#include "store/database.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

/// DIR/manifest.db: which segments there should be, so that one that has vanished is noticed. Private to the store.
namespace nightjar::store {

class Manifest {
public:
    struct Entry {
        std::int64_t number = 0;
        std::int64_t firstId = 0; ///< the smallest id it may hold
        bool dropped = false;     ///< removed on purpose; its file may still be there
    };
    static Result<std::unique_ptr<Manifest>> open(const std::filesystem::path &path, OpenMode mode);

    Result<std::vector<Entry>> entries();
    Status add(std::int64_t number, std::int64_t firstId);
    /// Marks segments as dropped and keeps the cursors and the last id that would go with them, in one transaction.
    Status drop(std::span<const std::int64_t> numbers, std::span<const StoredCursor> cursors, std::int64_t lastId);
    Status forget(std::int64_t number);
    Status keep(std::span<const StoredCursor> cursors);
    /// Ids up to here have been given; 0 when nothing was dropped yet.
    Result<std::int64_t> lastId();
    Result<std::vector<StoredCursor>> cursors() { return readCursors(*m_database); }

private:
    explicit Manifest(std::unique_ptr<Database> database)
        : m_database(std::move(database))
    {
    }
    std::unique_ptr<Database> m_database;
};

} // namespace nightjar::store
