// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychain/keychain.h"

namespace nightjar::keychain {

std::unique_ptr<workspace::SecretStore> open(const std::filesystem::path &)
{
    return nullptr;
}

} // namespace nightjar::keychain
