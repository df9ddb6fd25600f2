// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/retrohunt.h"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace nightjar::intel {

HuntWindow huntWindow(const IndicatorSet &indicators, const HuntOptions &options)
{
    HuntWindow window;
    if (indicators.earliestStart() != kNoTime) {
        window.from = indicators.earliestStart() - options.leadMicros;
    }
    if (indicators.latestEnd() != kNoTime) {
        window.to = indicators.latestEnd() + options.graceMicros;
    }
    return window;
}

namespace {

bool isOutside(const event::EventBlock &block, const HuntWindow &window)
{
    if (block.minTime() == kNoTime) {
        return false;
    }
    // Rows without a time match always, so their blocks are not skipped.
    const bool late = window.to != kNoTime && block.minTime() >= window.to;
    const bool early = window.from != kNoTime && block.maxTime() < window.from;
    return (late || early) && std::find(block.times().begin(), block.times().end(), kNoTime) == block.times().end();
}

void widen(HuntResult &result, const event::EventBlock &block)
{
    if (block.minTime() == kNoTime) {
        return;
    }
    result.from = result.from == kNoTime ? block.minTime() : std::min(result.from, block.minTime());
    result.to = std::max(result.to, block.maxTime());
}

} // namespace

Result<HuntResult>
hunt(const IndicatorSet &indicators, const BlockSource &blocks, const HuntOptions &options,
     const std::function<Status(std::int64_t, const event::EventBlock &, std::span<const Sighting>)> &onBlock,
     const CancelToken &cancel, const std::function<void(std::int64_t)> &progress)
{
    const auto begin = std::chrono::steady_clock::now();
    HuntResult result;
    result.indicators = static_cast<std::int64_t>(indicators.size());
    const HuntWindow window = huntWindow(indicators, options);
    MatchOptions match;
    match.graceMicros = options.graceMicros;
    match.leadMicros = options.leadMicros;
    match.weak = options.weak;
    match.contextOnly = options.contextOnly;
    Status failed;
    std::mutex mutex;
    const auto look = [&](std::int64_t firstId, const event::EventBlock &block) {
        const bool outside = isOutside(block, window);
        const std::vector<Sighting> found =
            outside || cancel.cancelled() ? std::vector<Sighting>() : indicators.match(block, match);
        std::lock_guard lock(mutex);
        if (cancel.cancelled()) {
            result.cancelled = true;
            return false;
        }
        if (outside) {
            ++result.blocksSkipped;
            return true;
        }
        widen(result, block);
        result.eventsScanned += static_cast<std::int64_t>(block.rows());
        result.sightings += static_cast<std::int64_t>(found.size());
        for (const Sighting &one : found) {
            if (result.hits.size() >= options.keep) {
                break;
            }
            result.hits.push_back({firstId + one.row, block.times()[one.row], one});
        }
        if (!found.empty() && onBlock) {
            failed = onBlock(firstId, block, found);
        }
        if (progress) {
            progress(result.eventsScanned);
        }
        return failed.has_value();
    };
    const Status scanned = indicators.empty() ? Status() : blocks(look);
    if (!failed || !scanned) {
        return fail(!failed ? failed.error() : scanned.error());
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
}

} // namespace nightjar::intel
