// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"

namespace nightjar::workspace {

std::vector<SecretPlace> SecretsService::places()
{
    const std::lock_guard lock(m_engine.mutex);
    return {{"environment", "environment variables", false, false, {}},
            {"keychain", "system keychain", m_engine.keychain, false, {}},
            {"vault", "vault file", m_engine.vaultLocked, m_engine.vaultLocked, {}}};
}

TenantConnection SecretsService::connection()
{
    const std::lock_guard lock(m_engine.mutex);
    return m_engine.connection;
}

Status SecretsService::unlockVault(const std::string &passphrase)
{
    const std::lock_guard lock(m_engine.mutex);
    if (passphrase != m_engine.passphrase) {
        return fail("NJ-WORK-081", "The vault stays locked", "The passphrase is wrong.", "Try again.");
    }
    m_engine.vaultLocked = false;
    return {};
}

Result<SignInReport> SecretsService::test(const TenantLogin &, const CancelToken &)
{
    const std::lock_guard lock(m_engine.mutex);
    return m_engine.signInError ? Result<SignInReport>(fail(*m_engine.signInError))
                                : SignInReport{"zsapi.zscaler.net", "ACTIVE", -1, false};
}

Status SecretsService::connect(const TenantLogin &login, const std::string &place)
{
    const std::lock_guard lock(m_engine.mutex);
    m_engine.kept.push_back(login);
    m_engine.keptIn = place;
    m_engine.connection = {true, false, login.url, login.user, place, "system keychain", std::nullopt};
    return {};
}

Result<bool> SecretsService::disconnect()
{
    const std::lock_guard lock(m_engine.mutex);
    const bool was = m_engine.connection.known;
    m_engine.connection = {};
    return was;
}

} // namespace nightjar::workspace
