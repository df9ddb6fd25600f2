// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/tenant.h"

#include "workspace/network.h"
#include "workspace/settingsstore.h"

#include <cstdlib>

#include <sys/prctl.h>

namespace nightjar::workspace {

namespace {

std::string hostOf(const std::string &url)
{
    const std::string origin = net::originOf(url);
    const std::size_t slashes = origin.find("://");
    return slashes == std::string::npos ? origin : origin.substr(slashes + 3);
}

} // namespace

Tenant::Tenant(std::filesystem::path folder, bool simulated, Secrets &secrets, const SettingsStore &settings)
    : m_folder(std::move(folder))
    , m_simulated(simulated)
    , m_secrets(secrets)
    , m_settings(settings)
{
}

Result<respond::ZscalerClient *> Tenant::client()
{
    if (m_client) {
        return m_client.get();
    }
    respond::Credentials credentials;
    respond::ClientTuning tuning;
    net::CurlOptions options;
    options.cookies = true;
    if (m_simulated) {
        simulator::ServerOptions server;
        server.tenant.persistFile = m_folder / "simulated-tenant.json";
        auto started = simulator::TenantServer::start(server);
        if (!started) {
            return fail(started.error());
        }
        m_server = std::move(*started);
        credentials = {m_server->url(), server.tenant.user, server.tenant.password, server.tenant.apiKey};
    } else {
        ::prctl(PR_SET_DUMPABLE, 0); // from here on a core dump would hold the login
        std::string place;
        auto found = m_secrets.tenantLogin(place);
        if (!found) {
            return fail(found.error());
        }
        credentials = std::move(*found);
        options = networkOptions(m_settings);
        options.cookies = true;
    }
    m_http = std::make_unique<net::CurlClient>(options);
    m_client = std::make_unique<respond::ZscalerClient>(*m_http, std::move(credentials), tuning);
    return m_client.get();
}

void Tenant::forget()
{
    if (!m_simulated) {
        m_client.reset();
        m_http.reset();
    }
}

std::string Tenant::name()
{
    if (m_simulated) {
        return "demo tenant";
    }
    if (m_client) {
        return hostOf(m_client->origin());
    }
    if (const char *url = std::getenv("NIGHTJAR_ZIA_URL")) {
        return hostOf(url);
    }
    if (m_secrets.vault().locked()) {
        return "not connected";
    }
    std::string place;
    const auto login = m_secrets.tenantLogin(place);
    return login ? hostOf(login->baseUrl) : "not connected";
}

} // namespace nightjar::workspace
