// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "sigma/documents.h"
#include "sigma/rule.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A Sigma correlation rule in memory, as its document says it (Sigma Correlation Rules Specification 2.1.0, with
/// value_median and the boolean conditions of pySigma).
namespace nightjar::sigma {

enum class CorrelationType : std::uint8_t {
    EventCount,
    ValueCount,
    Temporal,
    TemporalOrdered,
    ValueSum,
    ValueAverage,
    ValuePercentile,
    ValueMedian,
};
/// "event_count", …
std::string_view name(CorrelationType type);

/// One bound of a condition; several make a range: all have to hold.
struct Limit {
    enum class Op : std::uint8_t { Greater, GreaterEqual, Less, LessEqual, Equal, NotEqual };
    Op op = Op::GreaterEqual;
    double number = 0;
};

/// A rule or correlation that a correlation refers to, by name or id.
struct CorrelationReference {
    std::string name;
    std::uint64_t line = 0, column = 0;
};

/// A node of a boolean condition over referenced rules; children are smaller than the node's own index.
struct CorrelationNode {
    enum class Gate : std::uint8_t { And, Or, Not, Rule };
    Gate gate = Gate::Rule;
    std::vector<std::uint32_t> children;
    std::uint32_t slot = 0; ///< of a Rule: index into Correlation::rules
};

/// A field that has another name in each rule. A rule without a mapping has the field under the alias's own name.
struct CorrelationAlias {
    std::string name;
    std::vector<std::pair<CorrelationReference, std::string>> fields;
};

constexpr std::size_t kMaxCorrelationRules = 64; ///< that one correlation may refer to

/// Plain value. Thread: any once built.
struct Correlation {
    Rule head; ///< title, id, name, level, tags and all else that rules have too; without detection
    CorrelationType type = CorrelationType::EventCount;
    std::vector<CorrelationReference> rules; ///< 1 to kMaxCorrelationRules, in order
    std::vector<std::string> groupBy;        ///< empty: all events are one group
    std::int64_t timespan = 0;               ///< microseconds, above 0
    std::vector<Limit> limits;               ///< of temporal types empty: all rules
    std::vector<std::string> fields;         ///< whose values are counted, summed …; several: distinct tuples
    double percentile = 50;
    std::vector<CorrelationNode> condition; ///< of temporal types, may be empty; the last node is the root
    std::vector<CorrelationAlias> aliases;
    bool generate = false; ///< the rules referred to alert on their own as well
    bool muted = false;    ///< a person turned it off: it feeds those that refer to it and is told to nobody
};

/// Reads one document of the kind Correlation. What is unclear is refused, never guessed: unknown keys too. Errors
/// NJ-SIGMA-003 (metadata) and NJ-SIGMA-050 carry the place. Thread: any.
Result<Correlation> parseCorrelation(const RuleDocument &document);

/// Parses `rule_a and (rule_b or not rule_c)` into `correlation.condition`; rules that are not in
/// `correlation.rules` are added there when `open`, else refused. Operators are lower case; not binds before and, and
/// before or.
Status parseCorrelationCondition(const YamlNode &text, bool open, Correlation &correlation);

} // namespace nightjar::sigma
