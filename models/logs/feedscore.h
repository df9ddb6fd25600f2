// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"

#include <string_view>

namespace nightjar::logs {

constexpr int kMisfit = -1'000; ///< a value that cannot be: the record was taken apart wrongly

/// How natural `value` is for the token when `separator` stands behind it; higher is better. Looks at bounded parts of
/// long values.
int naturalness(const FeedToken &token, std::string_view value, std::string_view separator);

} // namespace nightjar::logs
