// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beaconstate.h"
#include "event/block.h"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nightjar::anomaly {

/// The columns of one block that matter to beacons. Names are looked up once a dictionary entry, not once a row.
class BeaconRows {
public:
    BeaconRows(const event::EventBlock &block, Parties &users, Parties &hosts);

    /// False for rows that say nothing about a client's own rhythm.
    [[nodiscard]] bool counts(std::size_t row);
    /// Client and host of the row, made where they are new; empty when the row lacks one.
    std::optional<std::pair<Parties::Entry *, Parties::Entry *>> parties(std::size_t row, std::uint32_t second,
                                                                         std::uint32_t &nextNumber);
    [[nodiscard]] std::uint32_t sent(std::size_t row) const;
    [[nodiscard]] std::uint32_t received(std::size_t row) const;

private:
    struct Name {
        std::string_view text; ///< empty: none that counts
        bool known = false;
        Parties::Entry *party = nullptr;
        std::uint64_t erased = 0; ///< of the parties when `party` was looked up
    };
    struct Source {
        const event::Column *column = nullptr;
        std::vector<Name> names; ///< by dictionary entry
    };
    template <std::size_t N>
    Name *nameAt(std::array<Source, N> &sources, std::size_t row);
    static Parties::Entry &partyOf(Name &name, Parties &parties, std::uint32_t second, std::uint32_t &nextNumber);

    Parties &m_users;
    Parties &m_hosts;
    const event::Column *m_type;
    const event::Column *m_sessions;
    const event::Column *m_sent;
    const event::Column *m_received;
    std::array<Source, 2> m_userSources;
    std::array<Source, 3> m_hostSources;
    std::string m_scratch;
    std::deque<std::string> m_made; ///< texts of numbers
};

} // namespace nightjar::anomaly
