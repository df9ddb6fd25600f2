// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/eventstore.h"

#include <map>
#include <string>
#include <vector>

namespace nightjar::store {

/// The blocks of a snapshot one after the other, in order of id, pulled rather than pushed; columns that were not asked
/// for at first are loaded when they are wanted. Private to the store. Thread: one at a time.
class EventCursor {
public:
    /// `store` must outlive the cursor. Of the request `order` and `timeOrder` do not count.
    EventCursor(const EventStore &store, Snapshot snapshot, ScanRequest request);

    /// False behind the last block. A block that cannot be read is left out, as scans do.
    Result<bool> next();
    [[nodiscard]] const event::EventBlock &block() const { return m_block; }
    [[nodiscard]] std::int64_t firstId() const;
    /// Null when no row of the block has it.
    Result<const event::Column *> column(const std::string &name);
    Result<std::string> raw(std::size_t row) const;

private:
    const EventStore &m_store;
    Snapshot m_snapshot;
    ScanRequest m_request;
    std::size_t m_next = 0; ///< index of the block behind this one
    event::EventBlock m_block;
    std::map<std::string, event::EventBlock> m_late; ///< one column each
};

} // namespace nightjar::store
