// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/wipe.h"

#include <openssl/crypto.h>

namespace nightjar {

void wipe(std::string &secret)
{
    secret.resize(secret.capacity()); // what an earlier, longer value left behind the end goes too
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

} // namespace nightjar
