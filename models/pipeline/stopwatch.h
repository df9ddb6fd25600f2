// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>

namespace nightjar::pipeline {

/// Processor time of the calling thread; what waits costs nothing.
class Stopwatch {
public:
    Stopwatch() { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &m_last); }
    /// Seconds since the last lap.
    double lap()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        const double seconds =
            static_cast<double>(now.tv_sec - m_last.tv_sec) + static_cast<double>(now.tv_nsec - m_last.tv_nsec) * 1e-9;
        m_last = now;
        return seconds;
    }

private:
    timespec m_last{};
};

} // namespace nightjar::pipeline
