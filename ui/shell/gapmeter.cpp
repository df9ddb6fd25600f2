// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/gapmeter.h"

#include <algorithm>

namespace nightjar::ui {

namespace {
constexpr int kTick = 5;
constexpr double kFrame = 16;
constexpr double kLimit = 50;
constexpr double kNanosPerMilli = 1e6;
} // namespace

GapMeter::GapMeter(QObject *parent)
    : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &GapMeter::tick);
    m_timer.start(kTick);
    m_since.start();
}

void GapMeter::restart()
{
    m_longest = 0;
    m_overFrame = 0;
    m_overLimit = 0;
    m_since.restart();
}

void GapMeter::tick()
{
    const double gap = static_cast<double>(m_since.nsecsElapsed()) / kNanosPerMilli - kTick;
    m_since.restart();
    m_longest = std::max(m_longest, gap);
    m_overFrame += gap > kFrame ? 1 : 0;
    if (gap > kLimit) {
        ++m_overLimit;
        Q_EMIT late(gap);
    }
}

} // namespace nightjar::ui
