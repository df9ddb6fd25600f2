// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/database.h"
#include "store/eventstore.h"

#include <cstdint>
#include <vector>

/// The table `cursor` of segments and of the manifest. Private to the store.
namespace nightjar::store {

struct StoredCursor {
    SourceCursor cursor;
    std::int64_t sequence = 0; ///< number of the append that wrote it; the largest is the truth
    bool damaged = false;      ///< it does not have the sum it was stored with
};

Result<std::vector<StoredCursor>> readCursors(Database &database);
Status writeCursor(Database &database, const SourceCursor &cursor, std::int64_t sequence);

} // namespace nightjar::store
