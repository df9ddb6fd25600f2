// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "respond/client.h"
#include "workspace/services.h"
#include "workspace/vault.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// Name of the secret that holds a tenant's URL, user, password and key together, so that a password can never be sent
/// to the URL of another one.
constexpr const char *kTenantSecret = "zia.legacy";

/// The secrets of one workspace: environment variables, else the system keychain, else the vault file. Thread: any.
class Secrets {
public:
    Secrets(const std::filesystem::path &folder, const SecretSources &sources);

    /// All four from one place; `place` becomes "environment", "keychain" or "vault". NJ-RESPOND-001 when none has
    /// them.
    Result<respond::Credentials> tenantLogin(std::string &place);
    /// A secret by name from the keychain, else the vault; nothing when there is none. For the parts that send it,
    /// never for showing.
    Result<std::optional<std::string>> value(const std::string &name);
    [[nodiscard]] std::vector<SecretPlace> places();
    Result<std::vector<SecretInfo>> list();
    /// `place`: "keychain", "vault", or empty: the keychain where there is one. What was kept elsewhere under the name
    /// is removed. NJ-WORK-086 when the place cannot be had, -087 for a bad name or value.
    Status set(const std::string &name, const std::string &value, const std::string &place);
    /// From every place; false when there was none.
    Result<bool> remove(const std::string &name);
    Vault &vault() { return m_vault; }

private:
    SecretStore *keychain(); ///< null where it cannot be used

    std::unique_ptr<SecretStore> m_keychain;
    Vault m_vault;
};

/// "zsapi.zscalertwo.net" → "https://zsapi.zscalertwo.net/api/v1". What is a URL stays one; a slash at its end goes.
std::string tenantUrl(const std::string &typed);

} // namespace nightjar::workspace
