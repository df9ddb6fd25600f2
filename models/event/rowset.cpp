// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/rowset.h"

#include <algorithm>

namespace nightjar::event {

RowSet::RowSet(std::size_t rows, bool all)
    : m_words((rows + 63) / 64)
    , m_rows(rows)
{
    if (all) {
        invert();
    }
}

std::size_t RowSet::count() const
{
    std::size_t sum = 0;
    for (const std::uint64_t word : m_words) {
        sum += static_cast<std::size_t>(std::popcount(word));
    }
    return sum;
}

bool RowSet::empty() const
{
    return std::all_of(m_words.begin(), m_words.end(), [](std::uint64_t word) { return word == 0; });
}

RowSet &RowSet::operator&=(const RowSet &other)
{
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        m_words[i] &= other.m_words[i];
    }
    return *this;
}

RowSet &RowSet::operator|=(const RowSet &other)
{
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        m_words[i] |= other.m_words[i];
    }
    return *this;
}

void RowSet::invert()
{
    for (std::uint64_t &word : m_words) {
        word = ~word;
    }
    if (m_rows % 64 != 0) {
        m_words.back() &= (std::uint64_t{1} << (m_rows % 64)) - 1;
    }
}

} // namespace nightjar::event
