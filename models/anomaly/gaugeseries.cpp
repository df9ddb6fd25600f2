// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/gaugeseries.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMeanWindow = 100;
constexpr std::size_t kLeastOfMean = 30;
constexpr std::size_t kWarmUp = 200;
constexpr std::size_t kRowsOfMean = 4;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kSlotDays = 14;
constexpr std::size_t kLeastOfSlot = 3;
constexpr std::size_t kMostOfSlot = 256;
constexpr double kNothing = 0.3;
constexpr double kSilentRows = 60;
constexpr double kSilentShare = 0.05;
constexpr double kGrowth = 1.3;

double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
}

} // namespace

LagDistance::LagDistance(std::size_t length, std::size_t apart, std::size_t kept)
    : m_length(length)
    , m_apart(apart)
    , m_kept(kept)
{
}

std::optional<double> LagDistance::push(double value)
{
    if (m_values.size() >= 2 * m_kept) {
        m_values.erase(m_values.begin(), m_values.end() - static_cast<std::ptrdiff_t>(m_kept));
    }
    m_values.push_back(value);
    const std::size_t n = m_values.size();
    if (n < m_length + m_apart) {
        return std::nullopt;
    }
    const std::size_t last = n - m_length;
    const double *own = m_values.data() + last;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t start = n > m_kept ? n - m_kept : 0; start + m_apart <= last; ++start) {
        const double *other = m_values.data() + start;
        double sum = 0;
        for (std::size_t i = 0; i < m_length && sum < best; ++i) {
            sum += std::abs(own[i] - other[i]);
        }
        best = std::min(best, sum);
    }
    return best;
}

double GaugeSeries::fromMean(double value)
{
    double mark = kNothing;
    if (m_recent.size() >= kLeastOfMean) {
        const double n = static_cast<double>(m_recent.size());
        double mean = 0;
        for (const double v : m_recent) {
            mean += v / n;
        }
        double squares = 0;
        for (const double v : m_recent) {
            squares += (v - mean) * (v - mean) / n;
        }
        mark = m_meanTail.push(std::abs(value - mean) / (std::sqrt(squares) + 1e-9 * std::max(1.0, std::abs(mean))));
    }
    m_recent.push_back(value);
    if (m_recent.size() > kMeanWindow) {
        m_recent.pop_front();
    }
    return mark;
}

double GaugeSeries::fromMeans(double value)
{
    m_partial += value;
    if (++m_partialCount == kRowsOfMean) {
        if (const auto distance = m_meanLag.push(m_partial / kRowsOfMean); distance && m_rows >= kWarmUp) {
            m_heldMean = m_meanLagTail.push(*distance);
        }
        m_partial = 0;
        m_partialCount = 0;
    }
    return m_heldMean;
}

double GaugeSeries::fromClock(std::int64_t localSeconds, double value)
{
    if (m_rows == 1) { // the step is known from the second row on
        m_slotSeconds = std::clamp<std::int64_t>(localSeconds - m_lastSeconds, 900, kDay);
        m_slots.resize(static_cast<std::size_t>((kDay + m_slotSeconds - 1) / m_slotSeconds));
    }
    double residual = 0;
    if (m_slotSeconds > 0) {
        const std::int64_t day = localSeconds / kDay - (localSeconds % kDay < 0 ? 1 : 0);
        auto &slot = m_slots[static_cast<std::size_t>((localSeconds - day * kDay) / m_slotSeconds)];
        std::vector<double> known;
        for (const Slot &one : slot) {
            if (day - one.day <= kSlotDays) {
                known.push_back(one.value);
            }
        }
        if (known.size() >= kLeastOfSlot) {
            residual = value - medianOf(std::move(known));
        }
        slot.push_back({day, value});
        while (slot.size() > kMostOfSlot || day - slot.front().day > kSlotDays) {
            slot.pop_front();
        }
    }
    const auto distance = m_clockLag.push(residual);
    return distance && m_rows >= kWarmUp ? m_clockTail.push(*distance) : kNothing;
}

double GaugeSeries::emit(double sum)
{
    const double silent = std::max(kSilentRows, kSilentShare * static_cast<double>(m_rows));
    if (static_cast<double>(m_rows - m_lastEmission) <= silent && sum <= kGrowth * m_lastEmitted) {
        return 0;
    }
    m_lastEmission = m_rows;
    m_lastEmitted = sum;
    return sum;
}

double GaugeSeries::push(std::int64_t localSeconds, double value)
{
    double sum = fromMean(value);
    for (std::size_t i = 0; i < m_lags.size(); ++i) {
        const auto distance = m_lags[i].push(value);
        sum += distance && m_rows >= kWarmUp ? m_lagTails[i].push(*distance) : kNothing;
    }
    sum += fromMeans(value);
    sum += fromClock(localSeconds, value);
    m_lastSeconds = localSeconds;
    const double out = emit(sum);
    ++m_rows;
    return out;
}

} // namespace nightjar::anomaly
