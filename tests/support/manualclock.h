// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ratelimit.h"

#include <atomic>

namespace nightjar::testsupport {

/// A clock that only moves when told to. Thread: any.
class ManualClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return m_now.load(); }
    void advance(std::int64_t micros) { m_now += micros; }
    void set(Timestamp time) { m_now = time; }

private:
    std::atomic<Timestamp> m_now{1'760'000'000 * kMicrosPerSecond};
};

/// "Sleeps" by moving the clock, and counts.
class ManualSleeper final : public net::Sleeper {
public:
    explicit ManualSleeper(ManualClock &clock)
        : m_clock(clock)
    {
    }

    bool sleep(std::int64_t micros, const CancelToken &cancel) override
    {
        if (cancel.cancelled()) {
            return false;
        }
        m_clock.advance(micros);
        m_slept += micros;
        ++m_times;
        return true;
    }
    [[nodiscard]] std::int64_t slept() const { return m_slept; }
    [[nodiscard]] int times() const { return m_times; }

private:
    ManualClock &m_clock;
    std::atomic<std::int64_t> m_slept{0};
    std::atomic<int> m_times{0};
};

} // namespace nightjar::testsupport
