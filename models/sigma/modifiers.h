// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sigma/placeholders.h"
#include "sigma/rule.h"
#include "sigma/yamltree.h"

#include <string>
#include <string_view>

/// Field names with modifiers, and what they make of a rule's values (Sigma specification 2.1.0, appendix "Modifiers").
namespace nightjar::sigma {

constexpr std::string_view kPlaceholderCode = "NJ-SIGMA-020"; ///< an unresolved %placeholder%
constexpr std::string_view kCostCode = "NJ-SIGMA-013";        ///< would take too long on every event

/// Compiles one `field|modifier|…: value(s)` line; `key` is empty for keywords without modifiers. Errors carry the
/// place: NJ-SIGMA-010 unknown modifier, NJ-SIGMA-011 modifiers that do not go together, NJ-SIGMA-012 a value that does
/// not fit its modifier, NJ-SIGMA-013 a value that is too dear, NJ-SIGMA-020 placeholder. Thread: any.
Result<Item> compileItem(std::string_view key, const YamlNode &value, const Placeholders &placeholders);

/// An Error at a node's place.
Error ruleError(std::string code, std::string reason, const YamlNode &node, std::string hint = {});

} // namespace nightjar::sigma
