// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/documents.h"
#include "sigma/placeholders.h"
#include "sigma/rule.h"

#include <span>
#include <string>
#include <vector>

/// Sigma Filters (specification 2.1.0): local conditions that are added to rules without touching their files.
namespace nightjar::sigma {

/// A filter document. `body` carries its metadata, logsource, search identifiers and condition.
struct Filter {
    Rule body;
    bool any = false;               ///< every rule whose logsource it covers
    std::vector<std::string> rules; ///< else these, by id or name
    std::string remark;             ///< what is odd about it: a condition that excludes nothing
};

/// NJ-SIGMA-003 and the errors of readDetection(), with the place. Thread: any.
Result<Filter> parseFilter(const RuleDocument &document, const Placeholders &placeholders);

/// True when the filter names the rule (or any) and each attribute of its logsource equals the rule's.
bool appliesTo(const Filter &filter, const Rule &rule);

/// Makes the rule's condition "(rule) and (filter)" for each filter that applies; their identifiers do not see each
/// other. Returns how many applied.
std::size_t applyFilters(std::span<const Filter> filters, Rule &rule);

} // namespace nightjar::sigma
