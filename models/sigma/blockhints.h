// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/mapping.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What rules need of a block, and what a block can tell before it is read: for hunts over stored events.
namespace nightjar::sigma {

struct CompiledRules;

/// Questions to a block (or to a whole store). Both may answer "perhaps" with true, never wrongly with false.
struct BlockHints {
    std::function<bool(std::string_view column)> hasColumn;
    /// Case folded; for domain columns also true when a row has a subdomain of the value.
    std::function<bool(std::string_view column, std::string_view value)> mayContain;
};

/// Columns to decode; `all` when a rule has keywords.
struct ColumnNeeds {
    std::vector<std::string> columns;
    bool all = false;
};

/// Columns that a candidate's values are made of; the first ones that exist decide whether there are any.
std::vector<std::string> columnsOf(const Candidate &candidate);

/// These and what else is looked at to make the values.
std::set<std::string> columnsRead(const Candidate &candidate);

ColumnNeeds columnNeeds(const CompiledRules &rules);

/// False only when the rule can match no row.
bool mayMatch(const CompiledRules &rules, std::uint32_t rule, const BlockHints &hints);

} // namespace nightjar::sigma
