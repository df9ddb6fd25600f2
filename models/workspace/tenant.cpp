// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/tenant.h"

#include <cstdlib>

namespace nightjar::workspace {

Tenant::Tenant(std::filesystem::path folder, bool simulated)
    : m_folder(std::move(folder))
    , m_simulated(simulated)
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
        auto found = respond::Credentials::fromEnvironment();
        if (!found) {
            return fail(found.error());
        }
        credentials = std::move(*found);
        if (const char *ca = std::getenv("NIGHTJAR_CA_FILE")) {
            options.caFile = ca;
        }
    }
    m_http = std::make_unique<net::CurlClient>(options);
    m_client = std::make_unique<respond::ZscalerClient>(*m_http, std::move(credentials), tuning);
    return m_client.get();
}

std::string Tenant::name() const
{
    if (m_simulated) {
        return "demo tenant";
    }
    const char *url = std::getenv("NIGHTJAR_ZIA_URL");
    if (url == nullptr) {
        return "not connected";
    }
    const std::string origin = net::originOf(url);
    const std::size_t slashes = origin.find("://");
    return slashes == std::string::npos ? origin : origin.substr(slashes + 3);
}

} // namespace nightjar::workspace
