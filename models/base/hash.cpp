// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include "base/text.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <array>

namespace nightjar {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        return {}; // only out of memory, or a crypto policy without SHA-256
    }
    std::string raw;
    for (unsigned int i = 0; i < length; ++i) {
        raw.push_back(static_cast<char>(digest[i]));
    }
    return hexEncode(raw);
}

} // namespace nightjar
