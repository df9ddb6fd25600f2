// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "intel/warninglist.h"
#include "respond/safety.h"

#include <string>

namespace nightjar::workspace {

/// Folder of the warning lists, in the resources and in a workspace.
constexpr const char *kWarningFolder = "warning";

/// The lists behind the guard: those the program ships and the own domains of the settings (separated by commas).
/// NJ-BASE-020 when a shipped list cannot be read: without it nothing may be blocked.
Result<respond::GuardLists> guardLists(const std::string &ownDomains);

class Engine;
/// The lists that indicators are checked against: those the program ships and those imported into the workspace.
/// Errors: NJ-INTEL-050.
Result<intel::WarningLists> indicatorWarnings(const Engine &engine);

} // namespace nightjar::workspace
