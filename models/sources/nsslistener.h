// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sources/endpoint.h"
#include "sources/health.h"
#include "sources/intake.h"
#include "sources/tls.h"

#include <cstddef>
#include <memory>

namespace nightjar::sources {

struct NssListenerOptions {
    Endpoint endpoint;
    AllowList allowed;
    std::shared_ptr<const TlsContext> tls; ///< null: plain TCP
    std::size_t maxConnections = 4'096;
    std::size_t maxRecordBytes = 1U << 20U;
    std::size_t maxWaitingBytes = 64U << 20U;                ///< unfinished records of all connections together
    std::int64_t handshakeMicros = 10 * kMicrosPerSecond;    ///< for a TLS handshake
    std::int64_t recordMicros = 5LL * 60 * kMicrosPerSecond; ///< for one record to become complete
};

/// Takes log records over TCP, as NSS, LSS and syslog relays send them: lines or counted frames (SyslogFramer), each
/// connection a delivery. Connections that are idle stay; vanished peers are found by keep-alive probes. When the
/// intake has no room nothing is read any more, so that the senders slow down. One thread of its own.
class NssListener {
public:
    /// Both must outlive the listener. NJ-SOURCES-021.
    static Result<std::unique_ptr<NssListener>> start(NssListenerOptions options, Intake &intake, HealthMeter &health);
    /// Closes the connections after what has come in complete has been handed over.
    ~NssListener();
    NssListener(const NssListener &) = delete;
    NssListener &operator=(const NssListener &) = delete;

    [[nodiscard]] const Endpoint &endpoint() const; ///< with the port that was picked

private:
    class Loop;
    explicit NssListener(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> m_loop;
};

} // namespace nightjar::sources
