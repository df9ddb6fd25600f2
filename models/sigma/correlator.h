// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "sigma/correlationset.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nightjar::sigma {

struct CorrelatorOptions {
    /// Events may come so much later than newer ones and still be put in order; microseconds. kOpenTime: any order,
    /// within maxWaiting.
    std::int64_t lateness = 60 * kMicrosPerSecond;
    std::size_t maxBytes = 256u << 20U;  ///< of live groups; beyond, those with the oldest last event go
    std::size_t maxWaiting = 64u << 20U; ///< bytes of events that wait for their turn; beyond, the oldest go on early
    std::size_t maxWindow = 1u << 18U;   ///< events kept of one group; beyond, the oldest go
};

/// A correlation that fired, or what further events added to it.
struct CorrelationFinding {
    std::uint32_t correlation = 0;                          ///< index into CorrelationSet::correlations()
    std::vector<std::pair<std::string, std::string>> group; ///< names as in group-by, and values
    Timestamp first = kNoTime;                              ///< oldest event of the window that made the condition true
    Timestamp completed = kNoTime;                          ///< the event that made it true
    Timestamp last = kNoTime;                               ///< newest event for which it held so far
    std::int64_t events = 0;                                ///< from first to last, in all
    bool fresh = true;                                      ///< false: adds to a finding taken before
    std::string measured;                                   ///< "12 events", in the window that ended last
    std::vector<std::int64_t> ids; ///< of events not told before, ascending by time, at most 100

    /// Names the alert: the same for the same events however often and in whatever pieces they are looked at.
    [[nodiscard]] std::string key(const CorrelationSet &set) const;
    /// What keys of the same correlation and group begin with.
    [[nodiscard]] std::string keyPrefix(const CorrelationSet &set) const;
};

/// What did not go as it should; counted since the start (and over restarts).
struct CorrelatorNotices {
    std::int64_t late = 0;      ///< events behind the watermark: for a later pass, see lateRange()
    std::int64_t forced = 0;    ///< events that went on before their time because too many waited
    std::int64_t evicted = 0;   ///< groups dropped within their timespan because of maxBytes
    std::int64_t truncated = 0; ///< events dropped from a window of maxWindow
    std::int64_t undated = 0;   ///< events without a time: never correlated
    std::int64_t future = 0;    ///< events with a time that cannot be
};

/// The stateful half of correlations: puts events in order of (time, id) and moves the windows over them. A window is
/// [t - timespan, t], both ends included, and the condition is judged at each event. What comes out depends on the
/// events only, not on how they are cut into blocks or how they are out of order within `lateness`.
///
/// A finding begins when the condition holds and the window shares no event with the finding before; as long as it
/// holds in windows that do, the finding grows. A correlation of correlations sees each event for which an inner one
/// holds (temporal types) or each finding that begins (all others).
///
/// Memory: about 150 bytes a live group and 24 an event in a window, bounded by the options. Cost: 0.2 µs an event and
/// correlation; nothing is recomputed over a window. Thread: one owner.
class Correlator {
public:
    explicit Correlator(std::shared_ptr<const CorrelationSet> set, const CorrelatorOptions &options = {});
    ~Correlator();
    Correlator(Correlator &&) noexcept;
    Correlator &operator=(Correlator &&) noexcept;

    /// Hits of one block, blocks in order of arrival; `firstId` is the id of the block's first event. Hits of another
    /// set are ignored: false.
    bool observe(CorrelationHits hits, std::int64_t firstId);
    /// Nothing older than `watermark` will come any more.
    void advance(Timestamp watermark);
    /// Nothing will come any more: everything that waits is looked at.
    void drain();
    /// Changes how long events wait from now on.
    void setLateness(std::int64_t lateness);

    /// Since the last call, in order of the events.
    std::vector<CorrelationFinding> takeFindings();

    [[nodiscard]] const std::shared_ptr<const CorrelationSet> &set() const;
    [[nodiscard]] Timestamp watermark() const; ///< kNoTime before the first event
    [[nodiscard]] bool waiting() const;        ///< events are held back
    [[nodiscard]] const CorrelatorNotices &notices() const;
    /// Times of the events that came behind the watermark since clearLate(): from, to, both included.
    [[nodiscard]] std::optional<std::pair<Timestamp, Timestamp>> lateRange() const;
    void clearLate();
    [[nodiscard]] std::size_t groups() const;
    [[nodiscard]] std::size_t bytes() const; ///< of live groups and waiting events

    /// The whole state as bytes, for a checkpoint. Findings not taken are not in it.
    [[nodiscard]] std::string snapshot() const;
    /// NJ-SIGMA-060: damaged, of another version or of another set.
    static Result<Correlator> restore(std::string_view bytes, std::shared_ptr<const CorrelationSet> set,
                                      const CorrelatorOptions &options = {});

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::sigma
