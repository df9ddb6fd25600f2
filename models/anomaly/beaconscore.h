// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beacon.h"

#include <cstdint>
#include <span>

namespace nightjar::anomaly {

/// What is known of a pair when it is judged. Times in seconds since 1970, ascending.
struct BeaconEvidence {
    std::span<const std::uint32_t> beats; ///< newest check-ins
    std::span<const std::uint32_t> sizes; ///< bytes sent of the newest check-ins
    std::int64_t users = 1;               ///< seen with the host
    std::int64_t posts = 0;               ///< check-ins by POST or PUT
    std::int64_t count = 0;               ///< all check-ins
};

/// Fills score, period, jitter, features and the interval histogram of a finding.
/// Score: interval regularity ≤ 34 + nobody else goes there ≤ 27 + active through the day ≤ 18 + same size ≤ 14 + sends
/// data ≤ 7. Regularity is the share of intervals within ±20 % of the main interval or its multiples up to four (missed
/// calls); below 0.6 the score is 0.
void scoreBeacon(const BeaconEvidence &evidence, BeaconFinding &finding);

} // namespace nightjar::anomaly
