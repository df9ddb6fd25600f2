// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sigma/rule.h"

#include <cstdint>
#include <string_view>

/// The condition language of rules (Sigma specification 2.1.0, "Condition").
namespace nightjar::sigma {

/// Parses one condition against the search identifiers of `rule` and appends its nodes to `rule.nodes`; gives the root.
/// Grammar: or < and < not < "1|any|all of them|pattern" < identifier, with brackets; operators are lower case.
/// `line` and `column` say where the text stands. Errors: NJ-SIGMA-030 grammar, NJ-SIGMA-031 unknown identifier or
/// pattern without identifiers, NJ-SIGMA-032 aggregation (obsolete; correlations replace it).
Result<std::uint32_t> compileCondition(std::string_view text, Rule &rule, std::uint64_t line, std::uint64_t column);

} // namespace nightjar::sigma
