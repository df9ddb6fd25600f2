// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/eventstore.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace nightjar::store {

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>; ///< monostate: NULL

/// Runs one SELECT over a snapshot as the table `events`; nothing can be written, attached or loaded.
///
/// Columns: id (INTEGER), time (TEXT, ISO 8601 UTC with milliseconds, so that it compares as text), every field by its
/// name ("user.name", to be quoted in SQL), and hidden ones that `*` leaves out: epoch (REAL, seconds since 1970), raw
/// (TEXT, the record), and every field of the schema with underscores (user_name). A field that an event does not have
/// is NULL; members of a list are joined by ", ".
/// Conditions on id, time and epoch, and =, IN, <, <=, >, >= on fields are applied to whole blocks and distinct values
/// before SQLite sees a row. Rows come in order of id unless the statement orders them.
///
/// `visit` is called for each row until it gives false. When cancelled it ends early without an error. Thread: any.
/// Errors: NJ-STORE-020 with the place in the text, -021 more than one statement, or one that would change something.
Status runSql(const EventStore &store, const Snapshot &snapshot, std::string_view sql, const CancelToken &cancel,
              const std::function<bool(std::span<const std::string> names, std::span<const SqlValue> row)> &visit);

} // namespace nightjar::store
