// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace nightjar::workspace {

/// Work of scrypt (RFC 7914) for one guess at a passphrase: 128 · r · n bytes of memory. The default is the first
/// choice of the OWASP password storage sheet: 128 MiB.
struct VaultCost {
    std::uint64_t n = 1U << 17; ///< a power of two
    std::uint64_t r = 8;
    std::uint64_t p = 1;

    bool operator==(const VaultCost &) const = default;
    /// Bounds on what a file may demand: 1 GiB, and no less than 1 MiB.
    [[nodiscard]] bool reasonable() const;
};

/// The two keys made from a passphrase; overwritten when they go.
struct VaultKeys {
    std::string seal;  ///< of AES-256-GCM, 32 bytes
    std::string proof; ///< of the HMAC that tells a wrong passphrase, 32 bytes

    VaultKeys() = default;
    ~VaultKeys();
    VaultKeys(const VaultKeys &) = default;
    VaultKeys &operator=(const VaultKeys &) = default;
};

/// Bytes of the system's generator. NJ-WORK-089 when it has none.
Result<std::string> randomBytes(std::size_t count);
/// NJ-WORK-089 when the memory for it is missing.
Result<VaultKeys> vaultKeys(std::string_view passphrase, std::string_view salt, const VaultCost &cost);
/// HMAC-SHA-256 of `text`, raw.
std::string vaultProof(const VaultKeys &keys, std::string_view text);
/// AES-256-GCM: cipher text with the tag of 16 bytes behind it. `nonce` has 12 bytes and is used once.
Result<std::string> seal(const VaultKeys &keys, std::string_view nonce, std::string_view header,
                         std::string_view plain);
/// NJ-WORK-082 when tag, header and text do not belong together.
Result<std::string> unseal(const VaultKeys &keys, std::string_view nonce, std::string_view header,
                           std::string_view sealed);
/// In a time that does not depend on where they differ.
bool sameBytes(std::string_view left, std::string_view right);

} // namespace nightjar::workspace
