// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/vaultcipher.h"

#include "base/wipe.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <bit>
#include <memory>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kTagBytes = 16;
constexpr std::uint64_t kMemoryFloor = 1ULL << 20;
constexpr std::uint64_t kMemoryCeiling = 1ULL << 30;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}
unsigned char *bytesOf(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

tl::unexpected<Error> cryptoFailed(const char *reason)
{
    return fail("NJ-WORK-089", "The vault's encryption does not work", reason,
                "Close other programs and try again; see whether the OpenSSL of this system is complete.");
}

tl::unexpected<Error> notGenuine()
{
    return fail("NJ-WORK-082", "The vault file is damaged", "Its content does not belong to its key.",
                "Put a backup of the file in its place, or remove it and enter the secrets again.");
}

} // namespace

bool VaultCost::reasonable() const
{
    const bool bounded = n <= kMemoryCeiling && r <= 64 && p >= 1 && p <= 16 && std::has_single_bit(n) && r >= 1;
    return bounded && 128 * r * n >= kMemoryFloor && 128 * r * n <= kMemoryCeiling;
}

VaultKeys::~VaultKeys()
{
    wipe(seal);
    wipe(proof);
}

Result<std::string> randomBytes(std::size_t count)
{
    std::string bytes(count, '\0');
    if (RAND_bytes(bytesOf(bytes), static_cast<int>(count)) != 1) {
        return cryptoFailed("The system gives no random numbers.");
    }
    return bytes;
}

Result<VaultKeys> vaultKeys(std::string_view passphrase, std::string_view salt, const VaultCost &cost)
{
    std::string both(2 * kKeyBytes, '\0');
    const WipeAtEnd wiped(both);
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), bytesOf(salt), salt.size(), cost.n, cost.r, cost.p,
                       2 * kMemoryCeiling, bytesOf(both), both.size()) != 1) {
        return cryptoFailed("scrypt failed, most likely for want of memory.");
    }
    VaultKeys keys;
    keys.seal = both.substr(0, kKeyBytes);
    keys.proof = both.substr(kKeyBytes);
    return keys;
}

std::string vaultProof(const VaultKeys &keys, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), keys.proof.data(), static_cast<int>(keys.proof.size()), bytesOf(text), text.size(),
         digest.data(), &length);
    return {reinterpret_cast<const char *>(digest.data()), length};
}

Result<std::string> seal(const VaultKeys &keys, std::string_view nonce, std::string_view header, std::string_view plain)
{
    const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    std::string sealed(plain.size() + kTagBytes, '\0');
    int length = 0;
    const bool done =
        context &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(keys.seal), bytesOf(nonce)) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &length, bytesOf(header), static_cast<int>(header.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), bytesOf(sealed), &length, bytesOf(plain), static_cast<int>(plain.size())) ==
            1 &&
        EVP_EncryptFinal_ex(context.get(), bytesOf(sealed) + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytesOf(sealed) + plain.size()) == 1;
    return done ? Result<std::string>(std::move(sealed)) : cryptoFailed("AES-256-GCM failed.");
}

Result<std::string> unseal(const VaultKeys &keys, std::string_view nonce, std::string_view header,
                           std::string_view sealed)
{
    if (sealed.size() < kTagBytes) {
        return notGenuine();
    }
    const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const std::size_t size = sealed.size() - kTagBytes;
    std::string plain(size, '\0');
    std::string tag(sealed.substr(size));
    int length = 0;
    const bool ready =
        context &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(keys.seal), bytesOf(nonce)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &length, bytesOf(header), static_cast<int>(header.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytesOf(plain), &length, bytesOf(sealed), static_cast<int>(size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, bytesOf(tag)) == 1;
    if (!ready) {
        wipe(plain);
        return cryptoFailed("AES-256-GCM failed.");
    }
    if (EVP_DecryptFinal_ex(context.get(), bytesOf(plain) + length, &length) != 1) {
        wipe(plain);
        return notGenuine();
    }
    return plain;
}

bool sameBytes(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace nightjar::workspace
