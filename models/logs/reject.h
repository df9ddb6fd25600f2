// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "event/block.h"

#include <string>
#include <string_view>

namespace nightjar::logs {

/// A record that could not become an event: where it stood, why, and its bytes (at most kMaxRejectRaw of them).
struct Reject {
    event::RecordPosition position;
    Error error; ///< place.line and place.column point into the source, both from 1
    std::string raw;
};

constexpr std::size_t kMaxRejectRaw = 64U << 10U;

/// {"file","line","index","error":{"code","title","reason","line","column","hint"},"raw"} on one line, without line
/// end. "column" is left out when it is not known. Bytes that are no UTF-8 become U+FFFD.
std::string rejectToJson(std::string_view file, const Reject &reject);

} // namespace nightjar::logs
