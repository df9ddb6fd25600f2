// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alertstore.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace nightjar::alerts {

/// Findings on their way into the alert store, merged in memory first: an alert that grows with every block is written
/// now and then instead of each time. What is held is lost with the process; as the store's detection mark moves with
/// each flush only, the next start looks at those events again. Thread: one owner.
class FindingBuffer {
public:
    /// `alerts` must outlive the buffer.
    explicit FindingBuffer(AlertStore &alerts)
        : m_alerts(alerts)
    {
    }

    void add(std::vector<Finding> &&findings);
    /// True when it is time to flush: writing may take a tenth of the time, what is held must fit into memory, and
    /// nothing waits for longer than half a minute.
    [[nodiscard]] bool due() const;
    [[nodiscard]] bool empty() const { return m_held.empty(); }

    /// Writes what is held, as AlertStore::record() does; keeps it when that fails.
    Result<std::int64_t> flush(std::int64_t detectedThrough, const std::string &detectorState = {});

    /// What is held, in the order in which it came; the buffer is empty afterwards.
    std::vector<Finding> take();

    /// AlertStore::keysWithin() over what is held and what is stored.
    [[nodiscard]] Result<std::vector<std::optional<std::string>>> keysWithin(std::span<const KeyRange> ranges) const;

private:
    using SteadyClock = std::chrono::steady_clock;

    AlertStore &m_alerts;
    std::vector<Finding> m_held; ///< in the order in which they came
    std::map<std::string, std::size_t, std::less<>> m_byKey;
    std::size_t m_evidenceBytes = 0;
    SteadyClock::time_point m_flushed = SteadyClock::now();
    SteadyClock::duration m_took{};
};

} // namespace nightjar::alerts
