// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlationgroups.h"

namespace nightjar::sigma {

std::size_t GroupTable::slotOf(std::string_view key, std::uint64_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    while (m_slots[slot] != 0) {
        const Group &group = (*this)[m_slots[slot]];
        if (group.hash == hash && group.key == key) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

void GroupTable::grow()
{
    std::vector<Index> old = std::move(m_slots);
    m_slots.assign(old.empty() ? 16 : old.size() * 2, 0);
    const std::size_t mask = m_slots.size() - 1;
    for (const Index index : old) {
        if (index != 0) {
            std::size_t slot = (*this)[index].hash & mask;
            while (m_slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            m_slots[slot] = index;
        }
    }
}

GroupTable::Index GroupTable::make(std::string_view key, std::uint64_t hash)
{
    Index index = m_free;
    if (index != 0) {
        m_free = (*this)[index].newer;
    } else {
        index = m_next++;
        if (index / kChunk >= m_chunks.size()) {
            m_chunks.push_back(std::make_unique<Group[]>(kChunk));
        }
    }
    Group &group = (*this)[index];
    group.key = key;
    group.hash = hash;
    ++m_size;
    return index;
}

void GroupTable::link(Index index)
{
    Group &group = (*this)[index];
    group.older = m_newest;
    group.newer = 0;
    if (m_newest != 0) {
        (*this)[m_newest].newer = index;
    } else {
        m_oldest = index;
    }
    m_newest = index;
}

void GroupTable::unlink(Index index)
{
    const Group &group = (*this)[index];
    (group.older != 0 ? (*this)[group.older].newer : m_oldest) = group.newer;
    (group.newer != 0 ? (*this)[group.newer].older : m_newest) = group.older;
}

GroupTable::Index GroupTable::touch(std::string_view key, std::uint64_t hash)
{
    if ((m_size + 1) * 3 > m_slots.size() * 2) {
        grow();
    }
    const std::size_t slot = slotOf(key, hash);
    Index index = m_slots[slot];
    if (index == 0) {
        index = make(key, hash);
        m_slots[slot] = index;
        link(index);
    } else if (index != m_newest) {
        unlink(index);
        link(index);
    }
    return index;
}

void GroupTable::remove(Index index)
{
    unlink(index);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t hole = slotOf((*this)[index].key, (*this)[index].hash);
    m_slots[hole] = 0;
    // Whoever stood behind the hole may have to move into it.
    for (std::size_t slot = (hole + 1) & mask; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        const std::size_t home = (*this)[m_slots[slot]].hash & mask;
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            m_slots[hole] = m_slots[slot];
            m_slots[slot] = 0;
            hole = slot;
        }
    }
    (*this)[index] = Group();
    (*this)[index].newer = m_free;
    m_free = index;
    --m_size;
}

} // namespace nightjar::sigma
