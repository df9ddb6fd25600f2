// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace nightjar::respond {

/// The API key as the legacy sign-in wants it (facts/zscaler-api.md §1.2): with n the last six digits of `timestamp`
/// and r half of n in six digits, key[d] for the digits of n, then key[d + 2] for the digits of r. NJ-RESPOND-002 when
/// the key has fewer than 12 characters or the timestamp does not end in six digits.
Result<std::string> obfuscateKey(std::string_view key, std::string_view timestamp);

} // namespace nightjar::respond
