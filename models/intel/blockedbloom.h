// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nightjar::intel {

/// A split-block Bloom filter: every key sets one bit in each of the eight words of one 32-byte block, so that a
/// look-up touches one cache line. 16 bits a key give about 0.1 % false answers "may be there", never a false "is not
/// there". Method: Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters" (2007); the salts are odd
/// multipliers. Thread: immutable after the last insert, any.
class BlockedBloom {
public:
    explicit BlockedBloom(std::size_t keys = 0)
        : m_blocks(keys / 16 + 1)
    {
    }

    void insert(std::uint64_t hash)
    {
        Block &block = m_blocks[blockOf(hash)];
        for (std::size_t i = 0; i < block.size(); ++i) {
            block[i] |= bitOf(hash, i);
        }
    }
    [[nodiscard]] bool mayContain(std::uint64_t hash) const
    {
        const Block &block = m_blocks[blockOf(hash)];
        std::uint32_t missing = 0;
        for (std::size_t i = 0; i < block.size(); ++i) {
            missing |= ~block[i] & bitOf(hash, i);
        }
        return missing == 0;
    }
    [[nodiscard]] std::size_t bytes() const { return m_blocks.size() * sizeof(Block); }

private:
    friend class SetFile;
    using Block = std::array<std::uint32_t, 8>;
    static constexpr std::array<std::uint32_t, 8> kSalts{0x9E3779B1U, 0x85EBCA77U, 0xC2B2AE3DU, 0x27D4EB2FU,
                                                         0x165667B1U, 0xD3A2646DU, 0xFD7046C5U, 0xB55A4F09U};

    [[nodiscard]] std::size_t blockOf(std::uint64_t hash) const
    {
        return static_cast<std::size_t>(((hash >> 32U) * m_blocks.size()) >> 32U);
    }
    static std::uint32_t bitOf(std::uint64_t hash, std::size_t word)
    {
        return 1U << ((static_cast<std::uint32_t>(hash) * kSalts[word]) >> 27U);
    }
    std::vector<Block> m_blocks;
};

} // namespace nightjar::intel
