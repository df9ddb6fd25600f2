// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "store/eventstore.h"

#include <optional>

struct sqlite3;

namespace nightjar::store {

/// What the table `events` shows. Must outlive the connection that it is registered with.
struct EventTableSource {
    const EventStore &store;
    Snapshot snapshot;
    const CancelToken &cancel;
    std::optional<Error> error = std::nullopt; ///< of the store, met by a cursor
};

/// Makes `events` known to a connection as an eponymous virtual table. Private to the store; see sqlquery.h for its
/// columns. The result is SQLite's.
int registerEventTable(sqlite3 *database, EventTableSource &source);

} // namespace nightjar::store
