// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>

namespace nightjar::respond {

/// A JSON web token (RS256) that proves the possession of `privateKey` (PEM, RSA of 2,048 bits or more) to ZIdentity:
/// issuer and subject are the client, it lives for ten minutes from `now`. NJ-RESPOND-015 when the key cannot be used;
/// the error holds nothing of it. Source: facts/zscaler-api.md §2.
Result<std::string> signedAssertion(const std::string &privateKey, std::string_view clientId, std::string_view audience,
                                    Timestamp now);

/// Text for a form body: everything but letters, digits and "-._~" percent-encoded.
std::string formEncoded(std::string_view text);

} // namespace nightjar::respond
