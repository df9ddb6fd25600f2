// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct hs_database;
struct hs_scratch;

/// Vectorscan behind two small types. Databases are immutable and shared; scratch belongs to one evaluation.
namespace nightjar::sigma {

struct HsDatabaseFree {
    void operator()(hs_database *database) const;
};
struct HsScratchFree {
    void operator()(hs_scratch *scratch) const;
};
using HsDatabase = std::unique_ptr<hs_database, HsDatabaseFree>;
using HsScratch = std::unique_ptr<hs_scratch, HsScratchFree>;

/// A copy of `prototype` for one evaluation; null when there is none.
HsScratch cloneScratch(const hs_scratch *prototype);

/// Non-empty literals looked for together in a dictionary: one pass of Vectorscan over its buffer when there are more
/// than eight, memmem for each otherwise (and where Vectorscan is not available).
class LiteralSet {
public:
    /// One occurrence that lies within one entry.
    struct Hit {
        std::uint32_t literal;
        std::uint32_t entry;
        bool atStart;
        bool atEnd;
    };
    using Sink = std::function<void(const Hit &)>;

    std::uint32_t add(const std::string &literal); ///< index; a literal that is known keeps its own
    /// Compiles; enlarges `prototype` to serve this set as well.
    void compile(HsScratch &prototype);
    [[nodiscard]] bool empty() const { return m_literals.empty(); }
    [[nodiscard]] const std::string &literal(std::uint32_t index) const { return m_literals[index]; }
    void scan(const event::TextDictionary &texts, hs_scratch *scratch, const Sink &sink) const;

private:
    void scanEach(const event::TextDictionary &texts, const Sink &sink) const;
    std::vector<std::string> m_literals;
    std::unordered_map<std::string, std::uint32_t> m_known;
    HsDatabase m_database;
};

/// Says which regular expressions may match an ASCII text (a superset of those that do: RE2 decides).
class RegexFilter {
public:
    void compile(const std::vector<std::string> &expressions, HsScratch &prototype);
    /// False: there is no filter, every expression may match.
    [[nodiscard]] bool ready() const { return m_database != nullptr; }
    /// Calls `sink(expression)`, perhaps more than once each.
    void scan(std::string_view text, hs_scratch *scratch, const std::function<void(std::uint32_t)> &sink) const;

private:
    HsDatabase m_database;
};

} // namespace nightjar::sigma
