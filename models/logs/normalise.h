// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

/// Values of records in normal form. Conventions of the feeds: facts/zscaler-logs.md §2.
namespace nightjar::logs {

/// None, NA, N/A, Unknown, NotAvailable, blanks, the zero of ctime, tokens the feed did not replace ("%s{x}"): any
/// case.
bool saysNothing(std::string_view value);

/// "0.0.0.0" and "::".
bool isZeroAddress(std::string_view value);

/// True for name@domain.tld without blanks and dollar signs (service names of the vendor have them).
bool isMailAddress(std::string_view value);

enum class Outcome : std::uint8_t { None, Info, Allowed, Denied };
/// Denied: block, drop, reset, deny, quarantine in it; allowed: allow in it; else info.
Outcome outcomeOf(std::string_view action);
std::string_view outcomeName(Outcome outcome);

/// Host names in canonical form with a memory of the recent odd ones. Thread: one owner.
class HostNames {
public:
    struct Name {
        std::string_view text; ///< lives until the next call
        bool address = false;
    };
    /// Lower case A-labels, port and last dot dropped; text that is no host is only made lower case.
    Name canonical(std::string_view host);

private:
    struct Known {
        std::string text;
        bool address = false;
    };
    std::unordered_map<std::string, Known> m_known;
};

/// Times as feeds write them; remembers the last text, as neighbours often share a second. Thread: one owner.
class TimeReader {
public:
    explicit TimeReader(TimeZone zone)
        : m_feedZone(zone)
        , m_zone(zone)
    {
    }

    /// "Now" for times without a year: they are at most a day ahead of it. Null: the machine's clock.
    void setClock(const Clock *clock) { m_clock = clock == nullptr ? &systemClock() : clock; }

    /// ctime, ISO 8601 (also with a comma between date and time), a bare epoch number, or month, day, clock, year and
    /// zone as words in the order of syslog and LEEF ("Oct 22 22:09:01", "Oct 02 2017 16:21:40 America/Chicago").
    /// `zoneName` (may be empty) is the record's own zone and wins over the feed's. kNoTime when the text is no time.
    Timestamp read(std::string_view text, std::string_view zoneName);

    /// From parts: second, minute, hour, day, month, year; -1 for one that is missing. Without a year the time is at
    /// most a day after `before` (kNoTime: now).
    Timestamp fromParts(const std::array<int, 6> &parts, std::string_view zoneName, Timestamp before = kNoTime);

private:
    void selectZone(std::string_view zoneName);
    [[nodiscard]] Timestamp toUtc(std::int64_t localMicros) const;
    Timestamp fromWords(std::string_view text);

    TimeZone m_feedZone;
    TimeZone m_zone;           ///< of the reading
    std::int64_t m_offset = 0; ///< of the reading, when its zone is a fixed one ("GMT+02:00")
    bool m_fixed = false;
    const Clock *m_clock = &systemClock();
    std::string m_recordZoneName;
    std::string m_lastText;
    std::string m_lastZone;
    Timestamp m_last = kNoTime;
};

/// 1 to 12 for "Oct", "October", any case; 0 otherwise.
int monthNumber(std::string_view name);

} // namespace nightjar::logs
