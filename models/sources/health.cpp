// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/health.h"

#include <algorithm>
#include <bit>

namespace nightjar::sources {

namespace {

constexpr std::int64_t kHalf = 300 * kMicrosPerSecond;
constexpr std::size_t kSampleBytes = 512;
constexpr std::size_t kMaxKinds = 32;
constexpr std::size_t kMaxGaps = 32;
constexpr std::int64_t kRateSeconds = 10;

/// Eight buckets an octave: the exponent and the three bits below the leading one.
std::size_t bucketOf(std::int64_t micros)
{
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(micros, 1));
    const auto exponent = static_cast<std::size_t>(std::bit_width(value)) - 1;
    const std::uint64_t below = exponent >= 3 ? value >> (exponent - 3) : value << (3 - exponent);
    return exponent * 8 + static_cast<std::size_t>(below & 7U);
}

/// The middle of a bucket in seconds.
double middleOf(std::size_t bucket)
{
    const double base = static_cast<double>(std::uint64_t{1} << (bucket / 8));
    return base * (1.0 + (static_cast<double>(bucket % 8) + 0.5) / 8.0) / 1e6;
}

} // namespace

void LagWindow::add(std::int64_t micros, std::int64_t count, Timestamp now)
{
    const std::int64_t number = now / kHalf;
    Half &half = m_halves[static_cast<std::size_t>(number & 1)];
    if (half.number != number) {
        half = Half{};
        half.number = number;
    }
    half.counts[std::min(bucketOf(micros), kBuckets - 1)] += count;
    half.max = std::max(half.max, micros);
}

LagFigures LagWindow::figures(Timestamp now) const
{
    const std::int64_t number = now / kHalf;
    std::array<std::int64_t, kBuckets> sum{};
    LagFigures out;
    std::int64_t most = 0;
    for (const Half &half : m_halves) {
        if (half.number != number && half.number != number - 1) {
            continue;
        }
        for (std::size_t i = 0; i < kBuckets; ++i) {
            sum[i] += half.counts[i];
            out.count += half.counts[i];
        }
        most = std::max(most, half.max);
    }
    out.max = static_cast<double>(most) / 1e6;
    const auto quantile = [&](double share) {
        std::int64_t left = static_cast<std::int64_t>(share * static_cast<double>(out.count));
        for (std::size_t i = 0; i < kBuckets; ++i) {
            left -= sum[i];
            if (left < 0) {
                return std::min(middleOf(i), out.max);
            }
        }
        return out.max;
    };
    if (out.count > 0) {
        out.p50 = quantile(0.5);
        out.p95 = quantile(0.95);
    }
    return out;
}

HealthMeter::HealthMeter(const Clock &clock, std::int64_t patience)
    : m_clock(clock)
    , m_patience(patience)
    , m_started(clock.now())
{
}

void HealthMeter::received(std::uint64_t bytes)
{
    const Timestamp now = m_clock.now();
    std::lock_guard lock(m_mutex);
    if (silentAt(now)) {
        m_totals.gaps.push_back({std::max(m_totals.lastReceived, m_started), now, "nothing was sent"});
        m_totals.gaps.erase(m_totals.gaps.begin(), m_totals.gaps.end() - static_cast<std::ptrdiff_t>(
                                                                             std::min(m_totals.gaps.size(), kMaxGaps)));
    }
    m_totals.bytes += bytes;
    m_totals.lastReceived = now;
}

bool HealthMeter::silentAt(Timestamp now) const
{
    return m_patience > 0 && now - std::max(m_totals.lastReceived, m_started) > m_patience;
}

void HealthMeter::connected()
{
    std::lock_guard lock(m_mutex);
    ++m_totals.connections;
    ++m_totals.accepted;
}

void HealthMeter::disconnected()
{
    std::lock_guard lock(m_mutex);
    --m_totals.connections;
}

void HealthMeter::noteUnlocked(const std::string &text)
{
    if (m_notices.size() >= kMaxKinds && !m_notices.contains(text)) {
        m_notices.erase(std::min_element(m_notices.begin(), m_notices.end(),
                                         [](const auto &a, const auto &b) { return a.second.last < b.second.last; }));
    }
    Notice &notice = m_notices[text];
    notice.text = text;
    ++notice.count;
    notice.last = m_clock.now();
}

void HealthMeter::refused(const std::string &text)
{
    std::lock_guard lock(m_mutex);
    ++m_totals.refused;
    noteUnlocked(text);
}

void HealthMeter::notice(const std::string &text)
{
    std::lock_guard lock(m_mutex);
    noteUnlocked(text);
}

void HealthMeter::addGap(Gap gap)
{
    std::lock_guard lock(m_mutex);
    m_totals.gaps.push_back(std::move(gap));
    if (m_totals.gaps.size() > kMaxGaps) {
        m_totals.gaps.erase(m_totals.gaps.begin());
    }
}

void HealthMeter::invalid(const Error &error, std::string_view raw)
{
    std::lock_guard lock(m_mutex);
    if (m_invalid.size() >= kMaxKinds && !m_invalid.contains(error.code)) {
        return;
    }
    InvalidKind &kind = m_invalid[error.code];
    if (kind.count == 0) {
        kind.code = error.code;
    }
    kind.title = error.title;
    kind.reason = error.reason;
    kind.sample = raw.substr(0, kSampleBytes);
    kind.last = m_clock.now();
    ++kind.count;
}

void HealthMeter::stored(const Stored &rows, std::span<const Timestamp> eventTimes)
{
    const Timestamp now = m_clock.now();
    std::lock_guard lock(m_mutex);
    m_totals.records += rows.records;
    m_totals.events += rows.events;
    m_totals.duplicates += rows.duplicates;
    m_totals.quarantined += rows.quarantined;
    const std::int64_t second = now / kMicrosPerSecond;
    auto &slot = m_seconds[static_cast<std::size_t>(second) % m_seconds.size()];
    slot = slot.first == second ? std::pair(second, slot.second + rows.records) : std::pair(second, rows.records);
    m_latency.add(now - rows.receivedAt, std::max<std::int64_t>(rows.records, 1), now);
    for (const Timestamp time : eventTimes) {
        if (time != kNoTime) {
            m_lag.add(rows.receivedAt - time, 1, now);
            m_totals.lastEvent = std::max(m_totals.lastEvent, time);
        }
    }
}

void HealthMeter::restore(const Health &earlier)
{
    std::lock_guard lock(m_mutex);
    m_totals = earlier;
    m_totals.connections = 0;
    for (const InvalidKind &kind : earlier.invalid) {
        m_invalid[kind.code] = kind;
    }
    for (const Notice &notice : earlier.notices) {
        m_notices[notice.text] = notice;
    }
}

Health HealthMeter::health() const
{
    const Timestamp now = m_clock.now();
    std::lock_guard lock(m_mutex);
    Health out = m_totals;
    out.lag = m_lag.figures(now);
    out.latency = m_latency.figures(now);
    out.silent = silentAt(now);
    std::int64_t recent = 0;
    const std::int64_t second = now / kMicrosPerSecond;
    for (const auto &[when, records] : m_seconds) {
        recent += when < second && when >= second - kRateSeconds ? records : 0;
    }
    out.recordsPerSecond = static_cast<double>(recent) / static_cast<double>(kRateSeconds);
    out.invalid.clear();
    for (const auto &[code, kind] : m_invalid) {
        out.invalid.push_back(kind);
    }
    std::sort(out.invalid.begin(), out.invalid.end(), [](const auto &a, const auto &b) { return a.count > b.count; });
    out.notices.clear();
    for (const auto &[text, notice] : m_notices) {
        out.notices.push_back(notice);
    }
    std::sort(out.notices.begin(), out.notices.end(), [](const auto &a, const auto &b) { return a.last > b.last; });
    return out;
}

} // namespace nightjar::sources
