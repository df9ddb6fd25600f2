// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "event/block.h"
#include "sigma/blockhints.h"
#include "sigma/mapping.h"
#include "sigma/rule.h"
#include "sigma/ruleparser.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Rules compiled together and run over blocks.
namespace nightjar::sigma {

struct CompiledRules;
class CorrelationSet;

/// A rule that matched rows of a block.
struct RuleMatch {
    std::uint32_t rule; ///< index into RuleSet::rules()
    event::RowSet rows;
};

/// An immutable set of rules. Predicates (candidate column, comparison) are shared between rules and tested on the
/// distinct values of a block once: literals of a column together by Vectorscan, equal values by hash, expressions by
/// RE2 behind a Vectorscan filter. Negation has two values: a comparison with a missing field is false. Copies share
/// everything. Thread: any number of evaluations at once; each has its own scratch.
class RuleSet {
public:
    RuleSet(); ///< no rules

    /// Never fails; comparisons that Vectorscan refuses are tested one by one.
    static RuleSet compile(std::vector<Rule> rules, const FieldMapping &mapping);

    [[nodiscard]] std::span<const Rule> rules() const;
    [[nodiscard]] const FieldMapping &mapping() const;

    /// Matches in the order of rules(); rules without a match are left out. A rule sees the rows of its logsource:
    /// category proxy → web, dns → dns, firewall → firewall; product zscaler with service web, dns or firewall; neither
    /// → all rows; other logsources → none. Budget: 2 µs an event for some hundreds of rules on a full block.
    [[nodiscard]] std::vector<RuleMatch> evaluate(const event::EventBlock &block) const;
    /// The same, and adds to `nanos` (one a rule) the time spent; what rules share is charged to the first that needs
    /// it.
    std::vector<RuleMatch> evaluate(const event::EventBlock &block, std::vector<std::int64_t> &nanos) const;

    /// What evaluate() looks at: a block with these columns only gives the same matches.
    [[nodiscard]] ColumnNeeds needs() const;
    /// False only when no rule can match a row of the block that the hints describe.
    [[nodiscard]] bool mayMatch(const BlockHints &hints) const;
    /// Why the rule cannot fire on data that the hints describe, "" when it can: log types and fields never seen.
    /// `types`: the log types seen.
    [[nodiscard]] std::string silent(std::uint32_t rule, const BlockHints &hints,
                                     std::span<const std::string> types) const;

    /// Why a rule will hardly match Zscaler data ("" when nothing speaks against it): its logsource, its fields.
    [[nodiscard]] std::string remark(std::uint32_t rule) const;

private:
    std::shared_ptr<const CompiledRules> m_compiled;
};

struct LoadResult {
    std::shared_ptr<const RuleSet> rules;
    std::shared_ptr<const CorrelationSet> correlations; ///< over `rules`; never null
    std::vector<Filter> filters;                        ///< already applied to the rules
    std::vector<LoadVerdict> verdicts;                  ///< one a document, files in order of path
};

/// The files that load() reads: those named and, in folders (recursively), *.yml and *.yaml, each once, in order of
/// path. Folders that cannot be read become verdicts.
std::vector<std::string> ruleFiles(std::span<const std::filesystem::path> paths, std::vector<LoadVerdict> &verdicts);

/// Loads files and folders. Unreadable paths, files over 1 MB and rules that cannot be used are verdicts, never
/// silence. Filters found anywhere in the paths are applied to the rules. A rule whose id another file has used before
/// and one of the status "unsupported" are Ok with a remark, but do not run. Thread: any.
LoadResult load(std::span<const std::filesystem::path> paths, const FieldMapping &mapping,
                const ParseOptions &options = {});

} // namespace nightjar::sigma
