// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "respond/safety.h"

#include <string>

namespace nightjar::workspace {

/// The lists behind the guard: those the program ships and the own domains of the settings (separated by commas).
/// NJ-BASE-020 when a shipped list cannot be read: without it nothing may be blocked.
Result<respond::GuardLists> guardLists(const std::string &ownDomains);

} // namespace nightjar::workspace
