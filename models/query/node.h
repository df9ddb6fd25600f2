// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/leaf.h"
#include "query/query.h"

#include <memory>
#include <optional>
#include <vector>

namespace nightjar::query {

/// The tree behind a query. Private to the room.
struct Node {
    enum class Kind : std::uint8_t { And, Or, Not, Leaf };
    Kind kind = Kind::And;
    std::vector<std::shared_ptr<const Node>> children;
    std::optional<Leaf> leaf;
};

} // namespace nightjar::query
