// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/secrets.h"

#include "base/text.h"
#include "base/wipe.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace nightjar::workspace {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestName = 80;
constexpr std::size_t kLongestSecret = 64U << 10;

Status checkName(const std::string &name)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    if (name.empty() || name.size() > kLongestName || !std::all_of(name.begin(), name.end(), allowed)) {
        return fail("NJ-WORK-087", "This is no name of a secret",
                    "It takes up to 80 of the characters a-z, 0-9, dot, dash and underscore.",
                    "For example chat.webhook.");
    }
    return {};
}

tl::unexpected<Error> noLogin(const std::string &where)
{
    return fail("NJ-RESPOND-001", "No tenant is connected", "What is kept of it in the " + where + " is no login.",
                "Connect the tenant again: nightjar-cli zia connect.");
}

Result<respond::Credentials> apiClientOf(Json &json, const std::string &where)
{
    respond::Credentials login;
    login.oneApi.emplace();
    for (const auto &[key, field] :
         {std::pair("url", &login.baseUrl), std::pair("token_url", &login.oneApi->tokenUrl),
          std::pair("client_id", &login.oneApi->clientId), std::pair("client_secret", &login.oneApi->clientSecret),
          std::pair("private_key", &login.oneApi->privateKey)}) {
        const auto found = json.find(key);
        if (found == json.end() || !found->is_string()) {
            return noLogin(where);
        }
        *field = found->get<std::string>();
        wipe(found->get_ref<std::string &>());
    }
    return login;
}

Result<respond::Credentials> loginOf(std::string &text, const std::string &where)
{
    const WipeAtEnd wiped(text);
    Json json = Json::parse(text, nullptr, false);
    respond::Credentials login;
    if (json.is_object() && json.contains("client_id")) {
        return apiClientOf(json, where);
    }
    for (const auto &[key, field] : {std::pair("url", &login.baseUrl), std::pair("user", &login.user),
                                     std::pair("password", &login.password), std::pair("api_key", &login.apiKey)}) {
        const auto found = json.is_object() ? json.find(key) : json.end();
        if (!json.is_object() || found == json.end() || !found->is_string()) {
            return noLogin(where);
        }
        *field = found->get<std::string>();
        wipe(found->get_ref<std::string &>());
    }
    return login;
}

} // namespace

Secrets::Secrets(const std::filesystem::path &folder, const SecretSources &sources)
    : m_vault(folder / "secrets.vault", sources.askPassphrase)
{
    if (sources.keychain) {
        std::error_code problem;
        const auto whole = std::filesystem::canonical(folder, problem);
        m_keychain = sources.keychain(problem ? folder : whole);
    }
}

SecretStore *Secrets::keychain()
{
    return m_keychain && m_keychain->available() ? m_keychain.get() : nullptr;
}

Result<respond::Credentials> Secrets::tenantLogin(std::string &place)
{
    if (respond::Credentials::environmentHasAny()) {
        place = "environment";
        return respond::Credentials::fromEnvironment();
    }
    std::array<std::pair<const char *, SecretStore *>, 2> stores{{{"keychain", keychain()}, {"vault", &m_vault}}};
    for (const auto &[name, store] : stores) {
        if (store == nullptr) {
            continue;
        }
        auto text = store->get(kTenantSecret);
        if (!text) {
            return fail(text.error());
        }
        if (*text) {
            place = name;
            return loginOf(**text, store->place());
        }
    }
    return fail("NJ-RESPOND-001", "No tenant is connected",
                std::string("Its login is neither in NIGHTJAR_ZIA_URL, _USER, _PASSWORD, _API_KEY nor in the ") +
                    (stores[0].second != nullptr ? "system keychain" : "vault file") + ".",
                "Connect one: nightjar-cli zia connect.");
}

Result<std::optional<std::string>> Secrets::value(const std::string &name)
{
    for (SecretStore *store : {keychain(), static_cast<SecretStore *>(&m_vault)}) {
        if (store == nullptr) {
            continue;
        }
        auto found = store->get(name);
        if (!found || *found) {
            return found;
        }
    }
    return std::nullopt;
}

std::vector<SecretPlace> Secrets::places()
{
    std::vector<SecretPlace> places;
    SecretPlace environment{
        "environment", "environment variables NIGHTJAR_ZIA_…", respond::Credentials::environmentHasAny(), false, {}};
    environment.why = environment.usable ? "they go before the other places" : "none is set";
    places.push_back(environment);
    SecretPlace keychain{"keychain", "system keychain", false, false, "this program has none"};
    if (m_keychain) {
        const auto there = m_keychain->available();
        keychain = {"keychain", m_keychain->place(), there.has_value(), false, there ? "" : there.error().reason};
    }
    places.push_back(keychain);
    places.push_back({"vault", m_vault.place(), m_vault.exists(), m_vault.locked(),
                      m_vault.exists() ? "" : "there is no such file yet"});
    return places;
}

Result<std::vector<SecretInfo>> Secrets::list()
{
    std::vector<SecretInfo> list;
    if (respond::Credentials::environmentHasAny()) {
        list.push_back({kTenantSecret, "environment", "environment variables NIGHTJAR_ZIA_…"});
    }
    const auto add = [&list](const char *place, SecretStore &store) -> Status {
        const auto names = store.names();
        if (!names) {
            return fail(names.error());
        }
        for (const std::string &name : *names) {
            list.push_back({name, place, store.place()});
        }
        return {};
    };
    if (SecretStore *store = keychain()) {
        if (auto added = add("keychain", *store); !added) {
            return fail(added.error());
        }
    }
    if (auto added = add("vault", m_vault); !added) {
        return fail(added.error());
    }
    return list;
}

Status Secrets::set(const std::string &name, const std::string &value, const std::string &place)
{
    if (auto good = checkName(name); !good) {
        return good;
    }
    if (value.empty() || value.size() > kLongestSecret || !isValidUtf8(value)) {
        return fail("NJ-WORK-087", "The secret is not kept", "It is empty, longer than 64 KiB, or no UTF-8.",
                    "Check it.");
    }
    SecretStore *const desktop = keychain();
    if (place == "keychain" && desktop == nullptr) {
        auto why = m_keychain ? m_keychain->available() : Status();
        return fail("NJ-WORK-086", "The system keychain cannot be used",
                    why ? std::string("This program was built without it.") : why.error().reason,
                    "Keep the secret in the vault file instead.");
    }
    const bool intoVault = place == "vault" || desktop == nullptr;
    SecretStore &chosen = intoVault ? m_vault : *desktop;
    if (auto kept = chosen.set(name, value); !kept) {
        return kept;
    }
    SecretStore *const other = intoVault ? desktop : &m_vault;
    if (other == nullptr || (other == &m_vault && m_vault.locked())) {
        return {}; // the keychain goes before the vault, an old value there does no harm
    }
    const auto removed = other->remove(name);
    return removed ? Status() : fail(removed.error());
}

Result<bool> Secrets::remove(const std::string &name)
{
    bool any = false;
    for (SecretStore *store : {keychain(), static_cast<SecretStore *>(&m_vault)}) {
        if (store == nullptr) {
            continue;
        }
        const auto removed = store->remove(name);
        if (!removed) {
            return fail(removed.error());
        }
        any = any || *removed;
    }
    return any;
}

std::string tenantUrl(const std::string &typed)
{
    std::string url(trim(typed));
    while (url.ends_with('/')) {
        url.pop_back();
    }
    if (url.empty()) {
        return url;
    }
    if (url.find("://") == std::string::npos) {
        url.insert(0, "https://");
    }
    const std::size_t host = url.find("://") + 3;
    return url.find('/', host) == std::string::npos ? url + "/api/v1" : url;
}

} // namespace nightjar::workspace
