// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sources/endpoint.h"
#include "sources/health.h"
#include "sources/intake.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace nightjar::sources {

struct CloudReceiverOptions {
    Endpoint endpoint;
    AllowList allowed;
    std::string tokenHash;                  ///< tokenHash() of the token; empty: none is asked for (loopback only)
    std::filesystem::path certificate, key; ///< PEM; both or none (plain HTTP)
    std::size_t maxConnections = 4'096;
    std::size_t maxBodyBytes = 64U << 20U;    ///< of one request, decompressed
    std::size_t maxBytesInside = 256U << 20U; ///< of all requests that are being received or stored
    bool lines = false;        ///< every line is a record: the format is known (logs::ParseOptions::framedByLines)
    unsigned idleSeconds = 60; ///< a connection on which nothing moves
    std::int64_t requestMicros = 5LL * 60 * kMicrosPerSecond; ///< for one request to come in
};

/// What is kept of a token: its SHA-256. Tokens are random and long, so that it cannot be turned back.
std::string tokenHash(std::string_view token);

/// Takes what Cloud NSS posts: lines, arrays or concatenated JSON, also gzip, on any path. The answer comes when the
/// records are durable. The sender repeats a request for an hour unless it is answered 2xx or 400, so that 400 is never
/// given for content: 200 stored (defective records in quarantine), 401 wrong token, 405, 413 too large, 415 unknown
/// encoding, 500 not storable, 503 overloaded. GET and HEAD are answered 200, for connectivity tests. The token may
/// stand in any header, alone or behind a scheme ("Splunk …", "Bearer …"). Each request is a delivery, so that a
/// repeated one adds nothing. Threads of its own (libmicrohttpd).
class CloudReceiver {
public:
    /// Both must outlive the receiver. NJ-SOURCES-021 when the address cannot be had, -024 bad certificate or key, -026
    /// no token on an address that others can reach.
    static Result<std::unique_ptr<CloudReceiver>> start(CloudReceiverOptions options, Intake &intake,
                                                        HealthMeter &health);
    /// Waits for the answers to requests that are being stored: the intake must be working, or giving up.
    ~CloudReceiver();
    CloudReceiver(const CloudReceiver &) = delete;
    CloudReceiver &operator=(const CloudReceiver &) = delete;

    [[nodiscard]] const Endpoint &endpoint() const;

private:
    struct Server;
    explicit CloudReceiver(std::unique_ptr<Server> server);
    std::unique_ptr<Server> m_server;
};

} // namespace nightjar::sources
