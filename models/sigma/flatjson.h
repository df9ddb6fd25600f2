// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "event/block.h"

#include <span>
#include <string>
#include <string_view>

/// Blocks from flat JSON events, for `sigma match`, `sigma explain` and tests. Nested objects become dotted names,
/// lists become several values; numbers keep their exact text (5.0 is written 5), booleans are "true" and "false".
namespace nightjar::sigma {

/// The column that rawBlock() gives to an event key.
std::string rawColumn(std::string_view key);

/// Event keys are the rule's field names: for FieldMapping::raw(). At most event::kMaxBlockRows objects with at most
/// about 1,000 different keys together. NJ-SIGMA-040 when a line is no JSON object; the place's line is its index
/// from 1.
Result<event::EventBlock> rawBlock(std::span<const std::string_view> objects);

/// Event keys are the names of the normalised schema (and `zscaler.…`, `@timestamp`), as `nightjar-cli parse` prints
/// them.
Result<event::EventBlock> normalisedBlock(std::span<const std::string_view> objects);

} // namespace nightjar::sigma
