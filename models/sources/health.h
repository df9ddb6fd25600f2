// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::sources {

/// A time span in seconds over the last five to ten minutes, from buckets 1/8 octave wide (at most 9 % off).
struct LagFigures {
    double p50 = 0, p95 = 0, max = 0;
    std::int64_t count = 0;
};

/// A stretch of time in which records may be missing, or in which none came.
struct Gap {
    Timestamp from = kNoTime, to = kNoTime;
    std::string cause;
};

/// Records of one kind of defect, with one of them.
struct InvalidKind {
    std::string code, title, reason, sample; ///< the sample's first 512 bytes
    std::int64_t count = 0;
    Timestamp last = kNoTime;
};

/// Something a receiver met: a refused peer, a wrong token, a connection that had to be closed.
struct Notice {
    std::string text;
    std::int64_t count = 0;
    Timestamp last = kNoTime;
};

/// How a source fares.
struct Health {
    std::int64_t records = 0, events = 0, duplicates = 0, quarantined = 0;
    std::uint64_t bytes = 0;     ///< as received, compressed where it came so
    double recordsPerSecond = 0; ///< over the last ten seconds
    LagFigures lag;              ///< time of the event → receipt
    LagFigures latency;          ///< receipt → stored and looked at
    Timestamp lastReceived = kNoTime;
    Timestamp lastEvent = kNoTime; ///< newest time of an event
    bool silent = false;           ///< the gap alarm: nothing has come for longer than the source's patience
    std::int64_t connections = 0;  ///< now
    std::int64_t accepted = 0, refused = 0;
    std::vector<Gap> gaps;            ///< newest last
    std::vector<InvalidKind> invalid; ///< most frequent first
    std::vector<Notice> notices;      ///< newest first
};

/// Counts of a span of time in buckets of 1/8 octave, from a microsecond up; two halves of five minutes each.
class LagWindow {
public:
    void add(std::int64_t micros, std::int64_t count, Timestamp now);
    [[nodiscard]] LagFigures figures(Timestamp now) const;

private:
    static constexpr std::size_t kBuckets = 384;
    struct Half {
        std::array<std::int64_t, kBuckets> counts{};
        std::int64_t max = 0;
        std::int64_t number = -1; ///< of the five minutes it holds
    };
    std::array<Half, 2> m_halves;
};

/// Collects the health of one source. Bounded whatever comes in. Thread: any, internally locked.
class HealthMeter {
public:
    /// `patience`: silence of so many microseconds is an alarm; 0: never.
    HealthMeter(const Clock &clock, std::int64_t patience);

    void received(std::uint64_t bytes);
    void connected();
    void disconnected();
    void refused(const std::string &text);
    void notice(const std::string &text);
    void addGap(Gap gap);
    void invalid(const Error &error, std::string_view raw);
    /// Rows of one piece that are stored now.
    struct Stored {
        std::int64_t records = 0, events = 0, duplicates = 0, quarantined = 0;
        Timestamp receivedAt = kNoTime;
    };
    void stored(const Stored &rows, std::span<const Timestamp> eventTimes);
    /// What an earlier run counted.
    void restore(const Health &earlier);
    [[nodiscard]] Health health() const;

private:
    void noteUnlocked(const std::string &text);
    [[nodiscard]] bool silentAt(Timestamp now) const;

    const Clock &m_clock;
    std::int64_t m_patience;
    mutable std::mutex m_mutex;
    Timestamp m_started;
    Health m_totals; ///< counts, gaps
    LagWindow m_lag, m_latency;
    std::array<std::pair<std::int64_t, std::int64_t>, 16> m_seconds{}; ///< second, records
    std::map<std::string, InvalidKind> m_invalid;
    std::map<std::string, Notice> m_notices;
};

} // namespace nightjar::sources
