// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace nightjar {

/// Microseconds since 1970-01-01T00:00:00 UTC, leap seconds ignored.
using Timestamp = std::int64_t;

constexpr Timestamp kNoTime = std::numeric_limits<Timestamp>::min();
constexpr Timestamp kMicrosPerSecond = 1'000'000;
constexpr Timestamp kMicrosPerDay = 86'400 * kMicrosPerSecond;

/// The source of "now"; tests hand in a clock of their own. Thread: any.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The machine's clock. It lives as long as the program.
const Clock &systemClock();

/// A zone of the IANA database, or UTC. Cheap to copy. Thread: any.
class TimeZone {
public:
    TimeZone() = default; ///< UTC
    /// `name`: "UTC", "GMT", or an IANA name such as "Europe/Berlin". Error NJ-BASE-010 when it is not known.
    static Result<TimeZone> named(std::string_view name);
    /// Local wall-clock microseconds of this zone to UTC. In a gap or overlap of the clock the earlier instant is
    /// taken.
    [[nodiscard]] Timestamp toUtc(std::int64_t localMicros) const;
    /// UTC to wall-clock microseconds of this zone.
    [[nodiscard]] std::int64_t toLocal(Timestamp utc) const;
    [[nodiscard]] std::string name() const;

private:
    const void *m_zone = nullptr; ///< a date::time_zone of the process-wide database, null for UTC
};

/// Days since 1970-01-01 of a civil date (proleptic Gregorian); the date is not checked.
std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day);

/// ISO 8601: "2026-03-12T11:42:00.123Z", with offset, with blank for T, with 0–9 decimals; a date alone is midnight.
/// Text without an offset is read in `zone`. Empty when the text is no such time.
std::optional<Timestamp> parseIsoTime(std::string_view text, const TimeZone &zone = {});

/// ctime as in NSS and LSS feeds: "Mon Oct 16 22:55:48 2023", day padded by blank, zero or two blanks. The weekday is
/// ignored.
std::optional<Timestamp> parseCtime(std::string_view text, const TimeZone &zone = {});

/// Seconds, milliseconds or microseconds since 1970, told apart by magnitude; a fraction is allowed for seconds.
std::optional<Timestamp> parseEpoch(std::string_view text);

/// "2026-03-12T11:42:00.123Z", milliseconds, UTC. kNoTime gives an empty string.
std::string formatIsoTime(Timestamp time);

/// "7d", "24h", "30m", "15s", "500ms" in microseconds. Empty when the text is no such duration.
std::optional<std::int64_t> parseDuration(std::string_view text);

} // namespace nightjar
