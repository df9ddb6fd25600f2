// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/health.h"

#include <optional>
#include <string>
#include <string_view>

namespace nightjar::workspace {

/// A source's health as one JSON object: for the catalog and the command line. Times as in cli.md, lags in seconds.
std::string healthJson(const sources::Health &health);
/// What was kept of it: counts, times, gaps, kinds of defects, notices, and the figures of then. Nothing for other
/// text.
std::optional<sources::Health> healthFromJson(std::string_view text);

} // namespace nightjar::workspace
