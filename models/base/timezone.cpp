// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time.h"

#include <date/tz.h>

#include <algorithm>
#include <exception>

namespace nightjar {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

/// The zone's offset over a span of time. A stream stays inside one span for months: the look-up is made once for it.
struct Span {
    const void *zone = nullptr;
    std::int64_t begin = 0; ///< UTC microseconds
    std::int64_t end = 0;
    std::int64_t offset = 0;
};

std::int64_t clampToMicros(std::int64_t value)
{
    constexpr std::int64_t kFar = std::int64_t{4'000'000'000'000}; // seconds; ± 126,000 years
    return std::clamp(value, -kFar, kFar) * kMicrosPerSecond;
}

/// kNoTime and its like: no zone is applied, and nothing overflows.
bool isFar(std::int64_t micros)
{
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 2;
    return micros < -kLimit || micros > kLimit;
}

const Span &spanAround(const void *zone, Timestamp utc)
{
    thread_local Span span;
    if (span.zone != zone || utc < span.begin || utc >= span.end) {
        const auto second = std::chrono::floor<seconds>(microseconds(utc));
        const date::sys_info info = static_cast<const date::time_zone *>(zone)->get_info(date::sys_seconds(second));
        span.zone = zone;
        span.begin = clampToMicros(info.begin.time_since_epoch().count());
        span.end = clampToMicros(info.end.time_since_epoch().count());
        span.offset = clampToMicros(info.offset.count());
    }
    return span;
}

} // namespace

Result<TimeZone> TimeZone::named(std::string_view name)
{
    TimeZone zone;
    if (name == "UTC" || name == "GMT" || name == "Z") {
        return zone;
    }
    try {
        zone.m_zone = date::locate_zone(std::string(name));
    } catch (const std::exception &) {
        return fail("NJ-BASE-010", "Unknown time zone \"" + std::string(name) + "\"",
                    "it is not in the system's time zone database",
                    "Use \"UTC\" or a name such as \"Europe/Berlin\" (package tzdata).");
    }
    return zone;
}

Timestamp TimeZone::toUtc(std::int64_t localMicros) const
{
    if (m_zone == nullptr || isFar(localMicros)) {
        return localMicros;
    }
    // Two readings of the wall clock: with the offset a day before and a day after. They differ around a change only.
    const std::int64_t before = localMicros - spanAround(m_zone, localMicros - kMicrosPerDay).offset;
    const Span &span = spanAround(m_zone, localMicros + kMicrosPerDay);
    const std::int64_t after = localMicros - span.offset;
    if (before == after) {
        return before;
    }
    const bool beforeFits = before < span.begin;
    const bool afterFits = after >= span.begin;
    if (beforeFits != afterFits) {
        return beforeFits ? before : after;
    }
    return std::min(before, after);
}

std::int64_t TimeZone::toLocal(Timestamp utc) const
{
    return m_zone == nullptr || isFar(utc) ? utc : utc + spanAround(m_zone, utc).offset;
}

std::string TimeZone::name() const
{
    return m_zone == nullptr ? "UTC" : static_cast<const date::time_zone *>(m_zone)->name();
}

} // namespace nightjar
