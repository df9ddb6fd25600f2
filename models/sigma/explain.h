// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"
#include "sigma/mapping.h"
#include "sigma/rule.h"

#include <cstdint>
#include <string>
#include <vector>

/// Why a rule matched an event, or why not.
namespace nightjar::sigma {

/// One step of the reasoning. Leaves are the rule's items: `text` as written in the rule, `value` what the event holds.
struct ExplainNode {
    std::string text;
    std::string value; ///< values of the event, joined by " | "; "(missing)", "(null)"; empty for inner nodes
    bool matched = false;
    std::uint64_t line = 0; ///< in the rule's file
    std::vector<ExplainNode> children;
};

/// Evaluates every part of the rule on one row, without short cuts: an independent, plain way to the same answer as
/// RuleSet::evaluate. The logsource is not looked at. Cost: about 1 ms plus the regular expressions. Thread: any.
ExplainNode explain(const Rule &rule, const FieldMapping &mapping, const event::EventBlock &block, std::size_t row);

/// The tree as indented lines: "true  selection", "false   cs-method: GET  [POST]". Holds outside text verbatim.
std::string toText(const ExplainNode &node);

} // namespace nightjar::sigma
