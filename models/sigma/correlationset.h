// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/correlation.h"
#include "sigma/correlationhits.h"
#include "sigma/ruleset.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Correlations with their references resolved, and the stateless half of their work: what a block brings for them.
namespace nightjar::sigma {

/// One reference of a correlation, resolved.
struct CorrelationSlot {
    bool inner = false;       ///< refers to another correlation
    std::uint32_t target = 0; ///< index into RuleSet::rules() or CorrelationSet::correlations()
    std::uint32_t groups = 0; ///< field list of the group-by, index into CorrelationSet::lists()
    std::uint32_t values = 0; ///< field list of the values
};

/// A conjunction for temporal_ordered: `wanted` in this order, none of `unwanted`.
struct OrderedTerm {
    std::vector<std::uint8_t> wanted; ///< slots, ascending
    std::uint64_t unwanted = 0;       ///< slots as bits
};

struct CompiledCorrelation {
    Correlation rule;
    std::vector<CorrelationSlot> slots;
    std::vector<std::uint32_t> outers; ///< (correlation << 8 | slot) that refer to this one; ascending
    std::vector<OrderedTerm> terms;    ///< of temporal_ordered without limits
    std::size_t enough = 0;            ///< newest events that decide; 0: all of the window
    std::int64_t reach = 0;            ///< timespan along the longest chain of correlations below
    bool silent = false;               ///< referred to by others only, which do not generate; or muted
};

/// Why a correlation of compile()'s input is not in the set.
struct CorrelationProblem {
    std::size_t index = 0; ///< into the input
    Error error;
};

/// Immutable; copies share nothing, keep it behind a shared_ptr. Thread: any number of collections at once.
class CorrelationSet {
public:
    struct Compiled {
        std::shared_ptr<const CorrelationSet> set; ///< never null
        std::vector<CorrelationProblem> problems;  ///< unknown, ambiguous and circular references
        std::vector<std::string> remarks;          ///< parallel to the input; mostly empty
    };
    /// `rules` must be the set whose matches collect() gets. A name or id that is used twice is refused where it is
    /// referred to. A correlation over a refused one is refused too.
    static Compiled compile(std::vector<Correlation> correlations, const RuleSet &rules);

    /// Inner ones before those that refer to them.
    [[nodiscard]] std::span<const CompiledCorrelation> correlations() const { return m_correlations; }
    [[nodiscard]] bool empty() const { return m_correlations.empty(); }
    [[nodiscard]] const std::vector<std::vector<std::string>> &lists() const { return m_lists; }
    /// True for a rule that only feeds correlations (none of which generates): its matches are no alerts.
    [[nodiscard]] bool silences(std::uint32_t rule) const { return rule < m_silent.size() && m_silent[rule]; }
    /// Rules that correlations refer to, ascending.
    [[nodiscard]] const std::vector<std::uint32_t> &baseRules() const { return m_baseRules; }
    /// The longest time that an event can matter for, in microseconds.
    [[nodiscard]] std::int64_t reach() const;
    /// Equal for sets that say the same, base rules included.
    [[nodiscard]] std::uint64_t fingerprint() const { return m_fingerprint; }

    /// Columns that groups and values are made of, besides what the rules need.
    [[nodiscard]] ColumnNeeds needs() const;

    /// What the matches of a block mean for the correlations; events later than `latest` (a wrong clock) are left out.
    /// `times`, one a row, stand for the block's own when given. Cost: about 100 ns for each pair of match and
    /// correlation.
    [[nodiscard]] CorrelationHits collect(const event::EventBlock &block, std::span<const RuleMatch> matches,
                                          Timestamp latest = kOpenTime, std::span<const Timestamp> times = {}) const;

private:
    friend class CorrelationCompiler;
    struct Use {
        std::uint32_t correlation;
        std::uint8_t slot;
    };
    std::vector<CompiledCorrelation> m_correlations;
    std::vector<std::vector<std::string>> m_lists;                     ///< of field names
    std::vector<std::vector<std::vector<Candidate>>> m_listCandidates; ///< parallel to m_lists
    std::vector<std::vector<Use>> m_uses;                              ///< by rule
    std::vector<bool> m_silent;                                        ///< by rule
    std::vector<std::uint32_t> m_baseRules;
    std::uint64_t m_fingerprint = 0;
};

} // namespace nightjar::sigma
