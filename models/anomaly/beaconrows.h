// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/streamrows.h"
#include "event/block.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// The columns of one block that matter to beacons. Values are looked at once a dictionary entry, not once a row.
class BeaconRows {
public:
    explicit BeaconRows(const event::EventBlock &block);

    /// False for rows that say nothing about a client's own rhythm.
    [[nodiscard]] bool counts(std::size_t row) const { return allows(m_type, row) && allows(m_sessions, row); }
    [[nodiscard]] std::uint32_t sent(std::size_t row) const;
    [[nodiscard]] std::uint32_t received(std::size_t row) const;

    HashedColumns users, hosts;

private:
    struct Allowed {
        const event::Column *column = nullptr;
        std::vector<std::uint8_t> entries; ///< 1: counts
    };
    static Allowed allowedOf(const event::Column *column, bool (*counts)(std::string_view));
    static bool allows(const Allowed &source, std::size_t row)
    {
        const std::uint32_t code = source.column == nullptr ? event::kMissing : source.column->code(row);
        return code < event::kFirstEntry || source.entries[code - event::kFirstEntry] != 0;
    }

    Allowed m_type, m_sessions;
    const event::Column *m_sent;
    const event::Column *m_received;
};

} // namespace nightjar::anomaly
