// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "event/block.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace nightjar::query {

enum class Compare : std::uint8_t { Less, LessOrEqual, Greater, GreaterOrEqual };

/// One alternative of a value: equal, by pattern, in a network, or compared.
class Matcher {
public:
    static Matcher equal(std::string_view value);
    static Matcher network(Cidr network);
    static Matcher compare(Compare how, double limit);
    /// `pattern` with wildcards * and ?, backslash escapes; matches the whole value.
    static Result<Matcher> wildcard(std::string_view pattern);
    /// The same anywhere in the value; * does not cross a line end.
    static Result<Matcher> wildcardInside(std::string_view pattern);
    static Result<Matcher> regex(const std::string &pattern, bool ignoreCase);
    static Matcher contains(std::string_view needle);

    [[nodiscard]] bool matches(std::string_view value) const;
    /// The value that a block's filter can be asked for; null when only a look decides.
    [[nodiscard]] const std::string *filterValue() const;
    /// Rows of which the raw record matches a pattern.
    [[nodiscard]] event::RowSet rowsByRaw(const event::EventBlock &block) const;

private:
    enum class How : std::uint8_t { Equal, Address, Network, Number, Pattern };
    How m_how = How::Equal;
    std::string m_value; ///< folded
    std::optional<Cidr> m_network;
    std::optional<IpAddress> m_address;
    Compare m_compare = Compare::Less;
    double m_limit = 0;
    std::shared_ptr<const re2::RE2> m_pattern;
};

/// One term: a field (or the whole record) against any of its matchers.
struct Leaf {
    std::string field; ///< empty: the whole record
    bool exists = false;
    std::vector<Matcher> matchers;

    [[nodiscard]] event::RowSet rows(const event::EventBlock &block) const;
};

} // namespace nightjar::query
