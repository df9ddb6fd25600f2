// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"

#include <optional>
#include <vector>

namespace nightjar::store {

/// The rows of all blocks, in order, as one block: values, lists, missing, null and raw records as they were. Nothing
/// when they do not fit together: a column of two kinds, raw in some only, more than 4 GB. Thread: any.
std::optional<event::EventBlock> joinBlocks(const std::vector<event::EventBlock> &blocks);

} // namespace nightjar::store
