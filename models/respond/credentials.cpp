// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/client.h"

#include "base/files.h"
#include "base/wipe.h"

#include <algorithm>
#include <array>
#include <cstdlib>

/// Credentials from the environment (design/cli.md).
namespace nightjar::respond {

namespace {

constexpr std::array kLegacy{"NIGHTJAR_ZIA_USER", "NIGHTJAR_ZIA_PASSWORD", "NIGHTJAR_ZIA_API_KEY"};
constexpr std::array kOneApi{"NIGHTJAR_ONEAPI_TOKEN_URL", "NIGHTJAR_ONEAPI_CLIENT_ID", "NIGHTJAR_ONEAPI_CLIENT_SECRET",
                             "NIGHTJAR_ONEAPI_PRIVATE_KEY_FILE"};
constexpr const char *kUrl = "NIGHTJAR_ZIA_URL";

std::string valueOf(const char *name)
{
    const char *text = std::getenv(name);
    return {text == nullptr ? "" : text};
}

bool isSet(const char *name)
{
    return !valueOf(name).empty();
}

void need(std::string &missing, const std::string &text, const char *name)
{
    if (text.empty()) {
        missing.append(missing.empty() ? "" : ", ").append(name);
    }
}

bool hasPath(const std::string &url)
{
    const std::size_t host = url.find("://");
    const std::size_t path = url.find('/', host == std::string::npos ? 0 : host + 3);
    return path != std::string::npos && path + 1 < url.size();
}

tl::unexpected<Error> incomplete(const std::string &missing)
{
    return fail("NJ-RESPOND-001", "No tenant is connected", "not set: " + missing,
                "Set these environment variables, or unset all of them and use nightjar-cli zia connect.");
}

Result<Credentials> oneApiFromEnvironment()
{
    Credentials given;
    given.baseUrl = isSet(kUrl) ? valueOf(kUrl) : "https://api.zsapi.net";
    if (!hasPath(given.baseUrl)) {
        given.baseUrl += given.baseUrl.back() == '/' ? "zia/api/v1" : "/zia/api/v1";
    }
    OneApiClient client;
    client.tokenUrl = valueOf(kOneApi[0]);
    client.clientId = valueOf(kOneApi[1]);
    client.clientSecret = valueOf(kOneApi[2]);
    const std::string keyFile = valueOf(kOneApi[3]);
    std::string missing;
    need(missing, client.tokenUrl, kOneApi[0]);
    need(missing, client.clientId, kOneApi[1]);
    if (client.clientSecret.empty() && keyFile.empty()) {
        need(missing, {}, "NIGHTJAR_ONEAPI_CLIENT_SECRET or NIGHTJAR_ONEAPI_PRIVATE_KEY_FILE");
    }
    if (!missing.empty()) {
        return incomplete(missing);
    }
    if (!hasPath(client.tokenUrl)) {
        client.tokenUrl += client.tokenUrl.back() == '/' ? "oauth2/v1/token" : "/oauth2/v1/token";
    }
    if (!keyFile.empty()) {
        constexpr std::uint64_t kLongestKey = 64U << 10U;
        auto key = readFile(keyFile, kLongestKey);
        if (!key) {
            return fail("NJ-RESPOND-015", "The private key of the API client cannot be used", key.error().reason,
                        "NIGHTJAR_ONEAPI_PRIVATE_KEY_FILE names a file that this user can read.");
        }
        client.privateKey = *key;
        wipe(*key);
    }
    given.oneApi = std::move(client);
    return given;
}

} // namespace

Credentials::~Credentials()
{
    wipe(password);
    wipe(apiKey);
    if (oneApi) {
        wipe(oneApi->clientSecret);
        wipe(oneApi->privateKey);
    }
}

bool Credentials::environmentHasAny()
{
    return isSet(kUrl) || std::any_of(kLegacy.begin(), kLegacy.end(), isSet) ||
           std::any_of(kOneApi.begin(), kOneApi.end(), isSet);
}

Result<Credentials> Credentials::fromEnvironment()
{
    const bool legacy = std::any_of(kLegacy.begin(), kLegacy.end(), isSet);
    if (!legacy && std::any_of(kOneApi.begin(), kOneApi.end(), isSet)) {
        return oneApiFromEnvironment();
    }
    Credentials given{valueOf(kUrl), valueOf(kLegacy[0]), valueOf(kLegacy[1]), valueOf(kLegacy[2])};
    std::string missing;
    need(missing, given.baseUrl, kUrl);
    need(missing, given.user, kLegacy[0]);
    need(missing, given.password, kLegacy[1]);
    need(missing, given.apiKey, kLegacy[2]);
    if (!missing.empty()) {
        return incomplete(missing);
    }
    return given;
}

} // namespace nightjar::respond
