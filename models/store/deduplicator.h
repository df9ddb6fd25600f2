// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"
#include "store/eventstore.h"

#include <cstdint>
#include <memory>

namespace nightjar::store {

/// Recognises records that another delivery has brought already. Equal records inside one delivery are different events
/// (two equal lines are two requests): with m copies in this delivery and n in stored blocks of others, max(0, m − n)
/// are fresh. Each stored record answers for one copy: 1 bit a stored event of overlapping blocks. Records are equal
/// when their XXH3 and time range agree; blocks whose time ranges do not overlap are not looked at. A delivery that
/// goes on after a restart starts counting anew for the rest of it. Thread: any, internally locked.
class Deduplicator {
public:
    /// `store` must outlive this. `deliveryId`: that of the cursor under which the blocks will be appended.
    Deduplicator(const EventStore &store, std::int64_t deliveryId);
    ~Deduplicator();
    Deduplicator(const Deduplicator &) = delete;
    Deduplicator &operator=(const Deduplicator &) = delete;

    /// The rows to keep. Each block of the delivery is asked for once. Blocks without raw are fresh.
    Result<event::RowSet> fresh(const event::EventBlock &block);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::store
