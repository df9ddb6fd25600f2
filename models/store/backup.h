// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/eventstore.h"

#include <filesystem>

namespace nightjar::store {

/// A copy of a database as it is at one moment, while others read and write it (SQLite's backup interface within one
/// read transaction). The copy is whole or not there. NJ-STORE-008 when cancelled.
Status backupDatabase(const std::filesystem::path &from, const std::filesystem::path &into,
                      const UpkeepObserver &observer, const CancelToken &cancel);

/// Brings a copied list of segments in line with the copied files: what retention dropped meanwhile is no longer
/// listed.
Status reconcileManifest(const std::filesystem::path &eventsFolder);

} // namespace nightjar::store
