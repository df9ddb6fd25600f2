// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/workspace.h"

#include <string>

namespace nightjar::cli {

/// The summary of an import as the contract's JSON object, and as lines for people.
std::string importSummaryJson(const workspace::ImportSummary &summary);
std::string importSummaryText(const workspace::ImportSummary &summary);

} // namespace nightjar::cli
