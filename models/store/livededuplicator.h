// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"
#include "store/eventstore.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace nightjar::store {

/// Consecutive rows of one block that one delivery (connection, request, file) has brought.
struct DeliveryRows {
    std::uint64_t delivery = 0;
    std::uint32_t rows = 0;
};

/// Recognises records that another delivery has brought already, for sources that never end: blocks hold rows of many
/// deliveries, and deliveries run over many blocks. The rule is the Deduplicator's: equal records inside one delivery
/// are different events; with m copies in this delivery and n stored by others, max(0, m − n) are fresh. Each stored
/// record answers for one copy of each delivery. What an earlier run stored counts as another delivery's.
///
/// Memory: keys of the newest 128 blocks (8 bytes a record); for each open delivery 1 bit a stored event of blocks
/// that answered it, and 16 bytes a block that holds rows of its own. Thread: any, internally locked; blocks are to be
/// asked for in the order in which they will be stored.
class LiveDeduplicator {
public:
    /// `store` must outlive this. `sessionDelivery`: that of the cursor under which the blocks are appended.
    LiveDeduplicator(const EventStore &store, std::int64_t sessionDelivery);
    ~LiveDeduplicator();
    LiveDeduplicator(const LiveDeduplicator &) = delete;
    LiveDeduplicator &operator=(const LiveDeduplicator &) = delete;

    /// The rows to keep; `rows` covers the block. The block counts as stored from now on: tell stored() or
    /// abandoned() with the ticket, in the order of the tickets.
    struct Verdict {
        event::RowSet fresh;
        std::uint64_t ticket = 0;
    };
    Result<Verdict> fresh(const event::EventBlock &block, std::span<const DeliveryRows> rows);
    /// The kept rows of the block have ids from `firstId` on.
    void stored(std::uint64_t ticket, std::int64_t firstId);
    void abandoned(std::uint64_t ticket);
    /// Nothing more comes from this delivery: its bookkeeping goes.
    void ended(std::uint64_t delivery);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::store
