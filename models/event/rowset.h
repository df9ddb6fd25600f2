// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nightjar::event {

/// A set of rows of one block, as bits. Cheap to combine; that is how detectors and queries work.
class RowSet {
public:
    RowSet() = default;
    explicit RowSet(std::size_t rows, bool all = false);

    [[nodiscard]] std::size_t rows() const { return m_rows; }
    void insert(std::size_t row) { m_words[row >> 6] |= std::uint64_t{1} << (row & 63); }
    [[nodiscard]] bool contains(std::size_t row) const { return (m_words[row >> 6] >> (row & 63)) & 1; }
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] bool empty() const;

    RowSet &operator&=(const RowSet &other);
    RowSet &operator|=(const RowSet &other);
    /// Complement within the block.
    void invert();

    /// Calls `f(row)` in ascending order.
    template <class F>
    void forEach(F &&f) const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1) {
                f(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }

    bool operator==(const RowSet &) const = default;

private:
    std::vector<std::uint64_t> m_words;
    std::size_t m_rows = 0;
};

} // namespace nightjar::event
