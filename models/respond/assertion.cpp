// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/assertion.h"

#include "base/text.h"

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <memory>

namespace nightjar::respond {

namespace {

constexpr std::int64_t kAssertionSeconds = 600;
constexpr int kFewestBits = 2'048;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

tl::unexpected<Error> unusable(const char *reason)
{
    return fail("NJ-RESPOND-015", "The private key of the API client cannot be used", reason,
                "Give an RSA key of 2,048 bits or more, PEM, without a passphrase, whose public half ZIdentity knows.");
}

/// Answers OpenSSL's question for a passphrase with none, so that no terminal is asked.
extern "C" int nightjarRespondNoPassphrase(char *, int, int, void *)
{
    return 0;
}

std::string base64Url(std::string_view bytes)
{
    std::string text = base64Encode(bytes);
    while (!text.empty() && text.back() == '=') {
        text.pop_back();
    }
    for (char &c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return text;
}

std::string randomId()
{
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        return {};
    }
    return base64Url({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

} // namespace

std::string formEncoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += '%';
            result += kHex[byte >> 4U];
            result += kHex[byte & 15U];
        }
    }
    return result;
}

Result<std::string> signedAssertion(const std::string &privateKey, std::string_view clientId, std::string_view audience,
                                    Timestamp now)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(
        BIO_new_mem_buf(privateKey.data(), static_cast<int>(privateKey.size())), &BIO_free);
    const Key key(source ? PEM_read_bio_PrivateKey(source.get(), nullptr, &nightjarRespondNoPassphrase, nullptr)
                         : nullptr,
                  &EVP_PKEY_free);
    if (!key) {
        return unusable("It is no private key in PEM, or it is locked with a passphrase.");
    }
    if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_bits(key.get()) < kFewestBits) {
        return unusable("It is no RSA key of at least 2,048 bits.");
    }
    const std::int64_t seconds = now / kMicrosPerSecond;
    const nlohmann::json claims{{"iss", clientId}, {"sub", clientId},   {"aud", audience},
                                {"iat", seconds},  {"jti", randomId()}, {"exp", seconds + kAssertionSeconds}};
    std::string text = base64Url(nlohmann::json{{"alg", "RS256"}, {"typ", "JWT"}}.dump()) + "." +
                       base64Url(claims.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) {
        return unusable("Signing with it failed.");
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, bytes, text.size()) !=
        1) {
        return unusable("Signing with it failed.");
    }
    signature.resize(size);
    return text + "." + base64Url(signature);
}

} // namespace nightjar::respond
