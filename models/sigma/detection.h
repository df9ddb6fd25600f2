// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sigma/placeholders.h"
#include "sigma/rule.h"
#include "sigma/yamltree.h"

/// Search identifiers and conditions into the nodes of a rule (Sigma specification 2.1.0, "Detection").
namespace nightjar::sigma {

/// Fills items, nodes, searches and root of `rule`. `filter`: the map is that of a filter document, where `rules` is no
/// search identifier. Errors: NJ-SIGMA-003 structure, -013 too dear to run, those of compileItem() and
/// compileCondition(). Thread: any.
Status readDetection(const YamlNode &detection, const Placeholders &placeholders, bool filter, Rule &rule);

} // namespace nightjar::sigma
