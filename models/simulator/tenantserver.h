// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "simulator/tenant.h"

#include <cstdint>
#include <memory>
#include <string>

namespace nightjar::simulator {

struct ServerOptions {
    std::uint16_t port = 0; ///< 0: a free one is chosen
    TenantOptions tenant;
};

/// The simulated tenant over HTTP on 127.0.0.1 (libmicrohttpd). Every answer carries "X-Nightjar-Simulated: true".
/// Beside the API under /api/v1 there is a control part:
///   POST /control/fault  faults as JSON (simulator/faults.h)   POST /control/lists  {"deny":[…],"allow":[…]}
///   POST /control/reset  no faults, no sessions                GET  /control/state  lists and counters
///   POST /control/edit   {"add":[…],"remove":[…]} by a second administrator, saved and not live
/// OneAPI: the same API under /zia/api/v1 with a bearer token of POST /oauth2/v1/token.
/// Thread: any. The destructor stops the server and waits for requests under way.
class TenantServer {
public:
    /// NJ-SIM-001 when the port cannot be had, NJ-SIM-003 when the persisted lists are damaged.
    static Result<std::unique_ptr<TenantServer>> start(ServerOptions options);
    ~TenantServer();
    TenantServer(const TenantServer &) = delete;
    TenantServer &operator=(const TenantServer &) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// "http://127.0.0.1:N/api/v1"
    [[nodiscard]] std::string url() const;
    /// "http://127.0.0.1:N/zia/api/v1"
    [[nodiscard]] std::string oneApiUrl() const;
    /// "http://127.0.0.1:N/oauth2/v1/token"
    [[nodiscard]] std::string tokenUrl() const;
    /// "http://127.0.0.1:N/control"
    [[nodiscard]] std::string controlUrl() const;
    [[nodiscard]] Tenant &tenant();

private:
    struct Impl;
    explicit TenantServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace nightjar::simulator
