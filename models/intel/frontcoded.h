// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::intel {

/// Sorted distinct byte strings, each stored as what it does not share with the one before; every sixteenth is whole.
/// About a third of the plain text for domains written backwards. Positions count from 0 in byte order.
/// Thread: immutable after the last append, any. Limits: 4 GB of coded text, 65,535 bytes a string.
class FrontCodedStrings {
public:
    /// `text` must be greater than the last one appended.
    void append(std::string_view text);
    void shrink();

    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] std::string at(std::size_t position) const;
    /// First position whose string is not less than `text`; size() when there is none. `found` receives that string.
    [[nodiscard]] std::size_t lowerBound(std::string_view text, std::string &found) const;
    /// All strings in order with their positions, until `visit` answers false. Much quicker than at() for each.
    void forEach(const std::function<bool(std::size_t position, std::string_view text)> &visit) const;
    [[nodiscard]] std::size_t bytes() const { return m_bytes.capacity() + m_blocks.capacity() * sizeof(std::uint32_t); }

private:
    friend class SetFile;
    static constexpr std::size_t kBlock = 16;
    /// Reads the entry at byte `offset` into `text`, which holds the one before; returns the offset behind it.
    std::size_t readEntry(std::size_t offset, std::string &text) const;
    [[nodiscard]] std::size_t readNumber(std::size_t &offset) const;
    void appendNumber(std::size_t number);

    std::string m_bytes;
    std::vector<std::uint32_t> m_blocks;
    std::string m_last;
    std::size_t m_count = 0;
};

} // namespace nightjar::intel
