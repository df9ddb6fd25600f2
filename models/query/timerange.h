// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "query/query.h"

#include <optional>
#include <string_view>

namespace nightjar::query {

/// "-24h..now", "2026-03-01..2026-03-02T10:00", "-7d", "2026-03-01" (that day), "..-1h". Nothing when it is none, or
/// when it ends before it begins.
std::optional<Range> parseRange(std::string_view text, Timestamp now);

/// Rows both ranges have in common.
Range intersection(const Range &a, const Range &b);

} // namespace nightjar::query
