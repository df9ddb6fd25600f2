// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/http.h"
#include "respond/client.h"
#include "respond/denyservice.h"
#include "respond/journal.h"
#include "simulator/tenantserver.h"
#include "workspace/secrets.h"

#include <filesystem>
#include <memory>
#include <string>

namespace nightjar::workspace {

class SettingsStore;

/// The tenant that a workspace talks to: Zscaler by the login that the workspace's secrets hold, or the simulated one
/// of a demo workspace, which is started here and reached over HTTP like any other. Thread: one call at a time.
class Tenant {
public:
    /// Nothing is started or sent before it is needed.
    Tenant(std::filesystem::path folder, bool simulated, Secrets &secrets, const SettingsStore &settings);

    /// The client, connected on first use. NJ-RESPOND-001 names the credentials that are missing; NJ-WORK-080 and -081
    /// when they are in a locked vault.
    Result<respond::ZscalerClient *> client();
    /// The login has changed: the next call connects anew.
    void forget();
    [[nodiscard]] bool simulated() const { return m_simulated; }
    /// Host for people: "zsapi.zscalertwo.net", "demo tenant", or "not connected". Asks no person for a passphrase.
    [[nodiscard]] std::string name();

private:
    std::filesystem::path m_folder;
    bool m_simulated;
    Secrets &m_secrets;
    const SettingsStore &m_settings;
    std::unique_ptr<simulator::TenantServer> m_server;
    std::unique_ptr<net::HttpClient> m_http;
    std::unique_ptr<respond::ZscalerClient> m_client;
};

} // namespace nightjar::workspace
