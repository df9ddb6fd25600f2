// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/jsonwebtoken.h"

#include "base/text.h"

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <optional>

namespace nightjar::simulator {

namespace {

using nlohmann::json;

std::string fromBase64Url(std::string text)
{
    for (char &c : text) {
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    while (text.size() % 4 != 0) {
        text += '=';
    }
    return base64Decode(text).value_or(std::string());
}

bool isSigned(const std::string &text, const std::string &signature, const std::string &publicKey)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(
        BIO_new_mem_buf(publicKey.data(), static_cast<int>(publicKey.size())), &BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        source ? PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr) : nullptr, &EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char *>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char *>(text.data()), text.size()) == 1;
}

} // namespace

bool isValidAssertion(const std::string &token, const std::string &publicKey, const std::string &clientId,
                      Timestamp now)
{
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    if (publicKey.empty() || first == std::string::npos || second == first ||
        !isSigned(token.substr(0, second), fromBase64Url(token.substr(second + 1)), publicKey)) {
        return false;
    }
    const json head = json::parse(fromBase64Url(token.substr(0, first)), nullptr, false);
    const json claims = json::parse(fromBase64Url(token.substr(first + 1, second - first - 1)), nullptr, false);
    if (!head.is_object() || !claims.is_object() || head.value("alg", "") != "RS256") {
        return false;
    }
    const std::int64_t seconds = now / kMicrosPerSecond;
    const std::int64_t ends = claims.value("exp", std::int64_t(0));
    constexpr std::int64_t kLongest = 660;
    return claims.value("iss", "") == clientId && claims.value("sub", "") == clientId &&
           claims.value("aud", "") == "https://api.zscaler.com" && ends > seconds && ends <= seconds + kLongest;
}

} // namespace nightjar::simulator
