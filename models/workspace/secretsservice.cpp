// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"
#include "workspace/network.h"

#include "base/wipe.h"

#include <nlohmann/json.hpp>

namespace nightjar::workspace {

namespace {

Status checkLogin(const TenantLogin &login)
{
    std::string missing;
    if (!login.clientId.empty()) {
        const bool hasProof = !login.clientSecret.empty() || !login.privateKey.empty();
        return !login.url.empty() && !login.tokenUrl.empty() && hasProof
                   ? Status()
                   : fail("NJ-RESPOND-001", "The login is not complete",
                          "An API client has the address of the API, the token URL, its ID, and a secret or a key.",
                          "ZIdentity shows them under API Clients.");
    }
    for (const auto &[text, word] :
         {std::pair(&login.url, "the address of the API"), std::pair(&login.user, "the user"),
          std::pair(&login.password, "the password"), std::pair(&login.apiKey, "the API key")}) {
        if (text->empty()) {
            missing += (missing.empty() ? "" : ", ") + std::string(word);
        }
    }
    return missing.empty() ? Status()
                           : fail("NJ-RESPOND-001", "The login is not complete", "Missing: " + missing + ".",
                                  "All four are needed; Zscaler shows the API key under Cloud Service API Security.");
}

Status refuseSimulated(const Engine &engine)
{
    return engine.tenant->simulated() ? fail("NJ-WORK-088", "The demo has its own, simulated tenant",
                                             "A real one cannot be connected to made-up events.",
                                             "Connect it in a workspace of its own: -w FOLDER.")
                                      : Status();
}

} // namespace

std::vector<SecretPlace> SecretsService::places()
{
    return m_engine.secrets->places();
}

Result<std::vector<SecretInfo>> SecretsService::list()
{
    return m_engine.secrets->list();
}

Status SecretsService::set(const std::string &name, const std::string &value, const std::string &place)
{
    if (name == kTenantSecret) {
        return fail("NJ-WORK-087", "This secret is kept as a whole",
                    "It holds the URL, user, password and key together.", "Use nightjar-cli zia connect.");
    }
    return m_engine.secrets->set(name, value, place);
}

Result<bool> SecretsService::remove(const std::string &name)
{
    return name == kTenantSecret ? disconnect() : m_engine.secrets->remove(name);
}

Status SecretsService::unlockVault(const std::string &passphrase)
{
    auto unlocked = m_engine.secrets->vault().unlock(passphrase);
    ++m_engine.changes;
    return unlocked;
}

Status SecretsService::changeVaultPassphrase(const std::string &passphrase)
{
    return m_engine.secrets->vault().changePassphrase(passphrase);
}

TenantConnection SecretsService::connection()
{
    TenantConnection connection;
    connection.simulated = m_engine.tenant->simulated();
    if (connection.simulated) {
        connection.known = true;
        connection.where = "demo workspace";
        return connection;
    }
    const auto login = m_engine.secrets->tenantLogin(connection.place);
    if (!login) {
        connection.error = login.error();
        return connection;
    }
    connection.known = true;
    connection.url = login->baseUrl;
    connection.user = login->oneApi ? login->oneApi->clientId : login->user;
    for (const SecretPlace &place : m_engine.secrets->places()) {
        if (place.id == connection.place) {
            connection.where = place.where;
        }
    }
    return connection;
}

Result<SignInReport> SecretsService::test(const TenantLogin &login, const CancelToken &cancel)
{
    if (auto complete = checkLogin(login); !complete) {
        return fail(complete.error());
    }
    net::CurlOptions options = networkOptions(*m_engine.settings);
    options.cookies = true;
    net::CurlClient http(options);
    respond::Credentials credentials{tenantUrl(login.url), login.user, login.password, login.apiKey};
    if (!login.clientId.empty()) {
        credentials.oneApi =
            respond::OneApiClient{login.tokenUrl, login.clientId, login.clientSecret, login.privateKey};
    }
    respond::ZscalerClient client(http, std::move(credentials));
    const auto signedIn = client.login(cancel);
    if (!signedIn) {
        return fail(signedIn.error());
    }
    const auto state = client.status(cancel);
    if (!state) {
        return fail(state.error());
    }
    // No logout: it would make live whatever this administrator has saved.
    const std::string origin = client.origin();
    return SignInReport{origin.substr(origin.find("://") + 3), std::string(respond::nameOf(*state)),
                        signedIn->passwordExpiryDays, client.simulated()};
}

Status SecretsService::connect(const TenantLogin &login, const std::string &place)
{
    if (auto real = refuseSimulated(m_engine); !real) {
        return real;
    }
    if (auto complete = checkLogin(login); !complete) {
        return complete;
    }
    nlohmann::ordered_json json{
        {"url", tenantUrl(login.url)}, {"user", login.user}, {"password", login.password}, {"api_key", login.apiKey}};
    if (!login.clientId.empty()) {
        json = {{"url", tenantUrl(login.url)},
                {"token_url", login.tokenUrl},
                {"client_id", login.clientId},
                {"client_secret", login.clientSecret},
                {"private_key", login.privateKey}};
    }
    std::string text = json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
    const WipeAtEnd wiped(text);
    for (const char *key : {"password", "api_key", "client_secret", "private_key"}) {
        if (const auto secret = json.find(key); secret != json.end()) {
            wipe(secret->get_ref<std::string &>());
        }
    }
    if (auto kept = m_engine.secrets->set(kTenantSecret, text, place); !kept) {
        return kept;
    }
    const std::lock_guard lock(m_engine.responding);
    m_engine.tenant->forget();
    ++m_engine.changes;
    return {};
}

Result<bool> SecretsService::disconnect()
{
    if (auto real = refuseSimulated(m_engine); !real) {
        return fail(real.error());
    }
    auto removed = m_engine.secrets->remove(kTenantSecret);
    const std::lock_guard lock(m_engine.responding);
    m_engine.tenant->forget();
    ++m_engine.changes;
    return removed;
}

} // namespace nightjar::workspace
