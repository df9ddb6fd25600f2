// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"

namespace nightjar::store {

/// A block with the rows that match. Private to the store.
struct MatchedBlock {
    event::EventBlock block; ///< with the extra columns when any row matches
    event::RowSet rows;
    bool all = false; ///< every row, known without a look
};

} // namespace nightjar::store
