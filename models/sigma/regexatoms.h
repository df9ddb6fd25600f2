// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/literalset.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace re2 {
class FilteredRE2;
}

namespace nightjar::sigma {

/// Literals without which an expression cannot match (re2::FilteredRE2 finds them): one pass over a dictionary leaves
/// few texts for the expressions themselves. Expressions that ask for no literal, for one that most URLs hold or for
/// one that is not ASCII are not covered. Immutable after compile(); thread: any number of scans at once, each with its
/// own scratch.
class RegexAtoms {
public:
    using Sink = std::function<void(std::uint32_t expression, std::uint32_t entry)>;

    RegexAtoms();
    ~RegexAtoms();
    RegexAtoms(RegexAtoms &&) noexcept;
    RegexAtoms &operator=(RegexAtoms &&) noexcept;

    /// Once. `expressions` must be valid for RE2.
    void compile(const std::vector<std::string> &expressions, HsScratch &prototype);
    [[nodiscard]] bool covers(std::uint32_t expression) const { return m_covered[expression]; }
    /// Calls `sink` for every covered expression and every entry where it may match, entries ascending. `folded`:
    /// the texts in folded case.
    void scan(const event::TextDictionary &folded, hs_scratch *scratch, const Sink &sink) const;

private:
    [[nodiscard]] std::vector<std::uint32_t> expressionsOf(const std::vector<std::uint32_t> &literals) const;

    std::unique_ptr<re2::FilteredRE2> m_filter; ///< null: nothing is covered
    std::vector<std::uint32_t> m_expressions;   ///< by the filter's number
    std::vector<bool> m_covered;                ///< by expression
    LiteralSet m_atoms;
    std::vector<std::vector<int>> m_numbers; ///< the filter's numbers of a literal
    std::vector<int> m_everywhere;           ///< the filter's numbers of atoms that are not looked for
};

} // namespace nightjar::sigma
