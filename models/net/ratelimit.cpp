// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ratelimit.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace nightjar::net {

namespace {

class SystemSleeper final : public Sleeper {
public:
    bool sleep(std::int64_t micros, const CancelToken &cancel) override
    {
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(micros);
        while (!cancel.cancelled()) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= until) {
                return true;
            }
            std::this_thread::sleep_for(
                std::min<std::chrono::steady_clock::duration>(until - now, std::chrono::milliseconds(20)));
        }
        return false;
    }
};

} // namespace

Sleeper &systemSleeper()
{
    static SystemSleeper sleeper;
    return sleeper;
}

RateLimiter::RateLimiter(std::vector<RateWindow> windows, const Clock &clock)
    : m_windows(std::move(windows))
    , m_clock(clock)
{
}

void RateLimiter::forgetOld(Timestamp now)
{
    std::int64_t longest = 0;
    for (const RateWindow &window : m_windows) {
        longest = std::max(longest, window.span);
    }
    while (!m_calls.empty() && m_calls.front() <= now - longest) {
        m_calls.pop_front();
    }
    for (Timestamp &call : m_calls) {
        call = std::min(call, now);
    }
}

std::int64_t RateLimiter::waitLocked(Timestamp now) const
{
    std::int64_t wait = m_heldUntil == kNoTime ? 0 : std::max<std::int64_t>(0, m_heldUntil - now);
    for (const RateWindow &window : m_windows) {
        const auto count = static_cast<std::size_t>(std::max(window.count, 1));
        if (m_calls.size() >= count) {
            const Timestamp oldest = std::min(m_calls[m_calls.size() - count], now);
            wait = std::max(wait, oldest + window.span - now);
        }
    }
    return wait;
}

std::int64_t RateLimiter::waitNeeded() const
{
    std::lock_guard lock(m_mutex);
    return waitLocked(m_clock.now());
}

bool RateLimiter::tryTake()
{
    std::lock_guard lock(m_mutex);
    const Timestamp now = m_clock.now();
    forgetOld(now);
    if (waitLocked(now) > 0) {
        return false;
    }
    m_calls.push_back(now);
    return true;
}

Status RateLimiter::take(Sleeper &sleeper, const CancelToken &cancel, std::int64_t patience)
{
    while (!tryTake()) {
        const std::int64_t wait = waitNeeded();
        if (wait > patience) {
            return fail("NJ-NET-031", "The rate limit leaves no call free",
                        "the next call is possible in " + std::to_string(wait / kMicrosPerSecond + 1) + " s",
                        "Wait, or try again later; nothing was sent.");
        }
        patience -= wait;
        if (!sleeper.sleep(std::max<std::int64_t>(wait, 1), cancel)) {
            return fail("NJ-NET-030", "Cancelled while waiting for the rate limit", "nothing was sent");
        }
    }
    return {};
}

void RateLimiter::preload(std::span<const Timestamp> times)
{
    std::lock_guard lock(m_mutex);
    m_calls.insert(m_calls.end(), times.begin(), times.end());
    std::sort(m_calls.begin(), m_calls.end());
    forgetOld(m_clock.now());
}

void RateLimiter::holdFor(std::int64_t micros)
{
    std::lock_guard lock(m_mutex);
    m_heldUntil = std::max(m_heldUntil, m_clock.now() + micros);
}

} // namespace nightjar::net
