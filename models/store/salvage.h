// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/repair.h"

#include <cstdint>
#include <filesystem>

/// Reading of damaged files. Private to the store.
namespace nightjar::store {

/// Ids that a segment may hold.
struct IdRange {
    std::int64_t first = 1;
    std::int64_t last = 0; ///< 0: not known
};

/// Copies what can be read of a damaged segment into a fresh file. Sums tell what is whole; of a block of which parts
/// are lost the rest is kept. Error when the fresh file cannot be written, or nothing at all can be read.
Status salvageSegment(const std::filesystem::path &from, const std::filesystem::path &into, IdRange ids,
                      RepairedFile &report, const CancelToken &cancel);

/// Copies what can be read of any database, table by table.
Status salvageDatabase(const std::filesystem::path &from, const std::filesystem::path &into, RepairedFile &report);

/// A copy of a damaged segment with the first page of a fresh one, where the tables' names and places stand.
Status patchFirstPage(const std::filesystem::path &from, const std::filesystem::path &into);

} // namespace nightjar::store
