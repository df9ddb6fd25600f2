// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <string>

namespace nightjar::simulator {

/// Does the RS256 token prove the possession of the private half of `publicKey` (PEM), as this client, for this service
/// and at this time? On purpose not the code that the client uses.
bool isValidAssertion(const std::string &token, const std::string &publicKey, const std::string &clientId,
                      Timestamp now);

} // namespace nightjar::simulator
