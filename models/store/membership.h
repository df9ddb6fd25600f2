// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::event {
class Column;
}

namespace nightjar::store {

/// A split-block Bloom filter (F. Putze, P. Sanders, J. Singler, "Cache-, hash- and space-efficient Bloom filters"; the
/// block layout of Apache Parquet): 12 bits a key, about 0.5 % false answers, never a false "no". Thread: immutable,
/// any.
class MembershipFilter {
public:
    static MembershipFilter of(const std::vector<std::uint64_t> &keys);
    /// From stored bytes; a filter that says "maybe" to everything when they are damaged.
    static MembershipFilter fromBytes(std::string_view bytes);
    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] bool mayContain(std::uint64_t key) const;
    [[nodiscard]] std::size_t memory() const { return m_words.size() * sizeof(std::uint32_t); }

private:
    std::vector<std::uint32_t> m_words; ///< 8 a block; empty: everything may be contained
};

/// Columns of which blocks keep a filter: users, addresses, domains, file hashes, threat and rule names.
bool isFiltered(std::string_view column);

/// The key under which a value stands in a filter: case does not count.
std::uint64_t membershipKey(std::string_view value);

/// Keys of all values of a column. Of a domain column also those of each parent name ("a.evil.example" gives
/// "evil.example"), so that an indicator for a domain finds its subdomains.
std::vector<std::uint64_t> membershipKeys(const event::Column &column);

} // namespace nightjar::store
