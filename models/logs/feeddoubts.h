// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"

#include <string_view>
#include <vector>

namespace nightjar::logs {

/// True when a value of the token can hold `separator` as it stands, given the feed's escape characters.
bool canHoldText(const FeedToken &token, std::string_view separator, std::string_view escape);

/// Judges where values of a format end: sets certainty of the tokens and mayHoldLiteralBefore of the slots, and returns
/// what cannot be told apart.
std::vector<FeedDoubt> judgeSeparators(FeedSequence &sequence, std::vector<FeedToken> &tokens, std::string_view escape);

} // namespace nightjar::logs
