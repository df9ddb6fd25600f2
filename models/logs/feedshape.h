// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"

#include <string>
#include <utility>
#include <vector>

namespace nightjar::logs {

struct FeedShapeFinding {
    FeedShape shape = FeedShape::Text;
    std::vector<FeedJsonKey> jsonKeys;
    std::vector<std::pair<std::string, std::string>> constants;
};

/// How records of the format are written; names and quotes of the tokens are filled in.
FeedShapeFinding findShape(const FeedSequence &sequence, std::vector<FeedToken> &tokens);

/// The log type by constants first, then by the keys of the format, then by its tokens.
LogKind kindOfFeed(const std::vector<FeedToken> &tokens,
                   const std::vector<std::pair<std::string, std::string>> &constants);

} // namespace nightjar::logs
