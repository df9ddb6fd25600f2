// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "store/database.h"

#include <cstdint>
#include <string>
#include <string_view>

/// How an alert stands in the catalog's tables; shared by the parts of AlertStore.
namespace nightjar::alerts {

/// The columns that readAlert() expects, in its order.
inline constexpr std::string_view kColumns =
    "id, engine, rule, title, summary, severity, score, user, entity, detail, events, "
    "first, last, retro, status, verdict, note, created, updated, key";

/// The list form; the detail's reasons, picture and observables included.
Alert readAlert(const store::Statement &row);

/// NJ-ALERTS-001 when there is no such alert.
Result<Alert> readOne(store::Database &db, std::int64_t id);

/// JSON and raw record of one event, compressed together: they share most of their text.
std::string packEvidence(const Evidence &evidence);
/// Fills in both; false when damaged.
bool unpackEvidence(std::string_view packed, Evidence &evidence);

inline constexpr std::string_view kInsertHistory = "INSERT INTO alert_history(alert, at, who, what) VALUES(?, ?, ?, ?)";

nightjar::Status addHistory(store::Statement &insert, std::int64_t alert, Timestamp at, const std::string &who,
                            const std::string &what);
nightjar::Status addHistory(store::Database &db, std::int64_t alert, Timestamp at, const std::string &who,
                            const std::string &what);

} // namespace nightjar::alerts
