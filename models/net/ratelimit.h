// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace nightjar::net {

/// Waits. Tests hand in one that moves their clock instead. Thread: any.
class Sleeper {
public:
    virtual ~Sleeper() = default;
    /// Waits `micros`; returns false at once when cancelled.
    virtual bool sleep(std::int64_t micros, const CancelToken &cancel) = 0;
};

/// Real waiting, in slices of 20 ms so that cancelling is quick. Lives as long as the program.
Sleeper &systemSleeper();

/// At most `count` calls in any `span` microseconds.
struct RateWindow {
    int count = 1;
    std::int64_t span = kMicrosPerSecond;
};

/// Several sliding windows over one kind of call. A clock that jumps back does not lock it: times in the future count
/// as now. Thread: any, internally locked. `clock` must outlive it.
class RateLimiter {
public:
    RateLimiter(std::vector<RateWindow> windows, const Clock &clock);

    /// Microseconds until a call would be allowed; 0 means now.
    [[nodiscard]] std::int64_t waitNeeded() const;
    /// Takes a place if one is free now.
    bool tryTake();
    /// Waits for a place and takes it. NJ-NET-030 when cancelled, NJ-NET-031 when the wait would exceed `patience`.
    Status take(Sleeper &sleeper, const CancelToken &cancel, std::int64_t patience = 3'600 * kMicrosPerSecond);
    /// Calls made earlier, by another process for example.
    void preload(std::span<const Timestamp> times);
    /// The peer asked for quiet: no call before `micros` from now.
    void holdFor(std::int64_t micros);

private:
    [[nodiscard]] std::int64_t waitLocked(Timestamp now) const;
    void forgetOld(Timestamp now);

    std::vector<RateWindow> m_windows;
    const Clock &m_clock;
    mutable std::mutex m_mutex;
    std::deque<Timestamp> m_calls; ///< ascending, longest window only
    Timestamp m_heldUntil = kNoTime;
};

} // namespace nightjar::net
