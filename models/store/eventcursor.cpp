// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/eventcursor.h"

#include "store/rangetest.h"
#include "store/storestate.h"

#include <algorithm>

namespace nightjar::store {

EventCursor::EventCursor(const EventStore &store, Snapshot snapshot, ScanRequest request)
    : m_store(store)
    , m_snapshot(std::move(snapshot))
    , m_request(std::move(request))
{
}

Result<bool> EventCursor::next()
{
    m_late.clear();
    while (m_next < m_snapshot.blocks()) {
        const BlockMeta &meta = *(*m_snapshot.m_blocks)[m_next++];
        if (meta.lastId() <= m_request.afterId || !overlaps(meta, {m_request.from, m_request.to}) ||
            (m_request.mayMatch && !m_request.mayMatch(BlockSummary(meta, m_store.m_state->pool)))) {
            continue;
        }
        auto block = m_store.load(meta, m_request);
        if (block) {
            m_block = std::move(*block);
            return true;
        }
        if (!m_store.setAside(meta, block.error())) {
            return fail(block.error());
        }
    }
    return false;
}

std::int64_t EventCursor::firstId() const
{
    return (*m_snapshot.m_blocks)[m_next - 1]->firstId;
}

Result<const event::Column *> EventCursor::column(const std::string &name)
{
    if (const event::Column *loaded = m_block.column(name)) {
        return loaded;
    }
    const bool asked = m_request.allColumns ||
                       std::find(m_request.columns.begin(), m_request.columns.end(), name) != m_request.columns.end();
    if (asked) {
        return nullptr;
    }
    auto found = m_late.find(name);
    if (found == m_late.end()) {
        ScanRequest one;
        one.columns = {name};
        auto block = m_store.load(*(*m_snapshot.m_blocks)[m_next - 1], one);
        if (!block) {
            return fail(block.error());
        }
        found = m_late.emplace(name, std::move(*block)).first;
    }
    return found->second.column(name);
}

Result<std::string> EventCursor::raw(std::size_t row) const
{
    return m_store.fetchRaw(m_snapshot, firstId() + static_cast<std::int64_t>(row));
}

} // namespace nightjar::store
