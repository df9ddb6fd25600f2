// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/tailscore.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kKept = 4000;
constexpr std::size_t kLeast = 50;
constexpr double kNothing = 0.3;
constexpr double kMostDigits = 30;

} // namespace

double TailScore::markOf(double value) const
{
    const std::size_t n = m_sorted.size();
    if (n < kLeast) {
        return kNothing;
    }
    const std::size_t place = n * 9 / 10;
    const double threshold = m_sorted[place];
    if (!(value > threshold)) {
        return kNothing;
    }
    const auto atLeast = m_sorted.end() - std::lower_bound(m_sorted.begin(), m_sorted.end(), value);
    const double counted = -std::log10((static_cast<double>(atLeast) + 0.5) / static_cast<double>(n + 1));
    double excess = 0;
    for (std::size_t i = place; i < n; ++i) {
        excess += m_sorted[i] - threshold;
    }
    excess /= static_cast<double>(n - place);
    if (!(excess > 0)) {
        return counted;
    }
    const double modelled = 1 + (value - threshold) / excess / std::log(10.0);
    return (counted + std::min(modelled, kMostDigits)) / 2;
}

double TailScore::push(double value)
{
    const double mark = markOf(value);
    m_past.push_back(value);
    m_sorted.insert(std::upper_bound(m_sorted.begin(), m_sorted.end(), value), value);
    if (m_past.size() > kKept) {
        m_sorted.erase(std::lower_bound(m_sorted.begin(), m_sorted.end(), m_past.front()));
        m_past.pop_front();
    }
    return mark;
}

} // namespace nightjar::anomaly
