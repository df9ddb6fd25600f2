// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/database.h"
#include "store/eventstore.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nightjar::store {

/// SQLite's own check of a database: pages, indexes, references.
std::vector<Error> checkDatabase(Database &database);
std::vector<Error> checkDatabase(const std::filesystem::path &path);

/// What a repair did to one file.
struct RepairedFile {
    std::filesystem::path file;
    std::filesystem::path aside;   ///< where the damaged one is now; empty when there was none
    std::vector<std::string> lost; ///< sentences
    std::int64_t eventsKept = 0;
    std::int64_t eventsLost = 0;       ///< whose ids nothing has any more
    std::int64_t eventsIncomplete = 0; ///< of which a column or the raw record is lost
};
struct RepairReport {
    std::vector<RepairedFile> files; ///< those that were damaged or missing
};

/// Checks an event store, salvages what can be read of damaged segments into fresh ones under the same ids, puts the
/// damaged files into DIR/damaged and forgets missing ones. The store must not be open. A crash at any point leaves
/// either file in place. Errors: NJ-STORE-010 in use; those of writing (nothing is put aside then).
Result<RepairReport> repairEventStore(const std::filesystem::path &folder, const UpkeepObserver &observer,
                                      const CancelToken &cancel);

/// The same for another database of the workspace, which must not be open: rows that can be read go into a fresh file
/// in its place. Nothing is done when the check finds nothing; `aside`: folder for the damaged file.
Result<RepairReport> repairDatabase(const std::filesystem::path &path, const std::filesystem::path &aside);

/// Where the salvaged copy of a segment waits to take its place.
std::filesystem::path salvagedPath(const std::filesystem::path &segment);

} // namespace nightjar::store
