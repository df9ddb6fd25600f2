// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "event/block.h"
#include "intel/indicatorset.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace nightjar::intel {

/// Hands stored blocks to the function, in any order and from any number of threads, until it answers false.
using BlockSource = std::function<Status(const std::function<bool(std::int64_t firstId, const event::EventBlock &)> &)>;

struct HuntOptions {
    std::int64_t leadMicros = 30 * kMicrosPerDay; ///< before the published start; such sightings are marked early
    std::int64_t graceMicros = 5 * kMicrosPerDay; ///< after the end
    bool weak = false;
    bool contextOnly = false;
    std::size_t keep = 100'000; ///< sightings kept in the result; all are counted
};

struct HuntHit {
    std::int64_t eventId = 0;
    Timestamp time = kNoTime;
    Sighting sighting;
};

struct HuntResult {
    std::int64_t indicators = 0;
    std::int64_t eventsScanned = 0;
    std::int64_t blocksSkipped = 0; ///< outside of every validity
    std::int64_t sightings = 0;
    double seconds = 0;
    Timestamp from = kNoTime, to = kNoTime; ///< times of the events looked at
    std::vector<HuntHit> hits;
    bool cancelled = false;
};

/// Event times that can match, for asking the store for less: inclusive and exclusive, kNoTime is open.
struct HuntWindow {
    Timestamp from = kNoTime, to = kNoTime;
};
HuntWindow huntWindow(const IndicatorSet &indicators, const HuntOptions &options = {});

/// Looks for indicators in the past. `onBlock` (may be empty) receives the sightings of each block that has some, while
/// the block is at hand; its error ends the hunt. `progress` (may be empty) gets the events scanned so far. Both are
/// called by one thread at a time, from those of the block source. The columns to load are IndicatorSet::columns() and
/// whatever `onBlock` reads.
Result<HuntResult>
hunt(const IndicatorSet &indicators, const BlockSource &blocks, const HuntOptions &options = {},
     const std::function<Status(std::int64_t firstId, const event::EventBlock &, std::span<const Sighting>)> &onBlock =
         {},
     const CancelToken &cancel = {}, const std::function<void(std::int64_t)> &progress = {});

} // namespace nightjar::intel
