// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace nightjar::sources {

/// Time limits that hold whatever trickles in on a connection: for the headers of a request (from the connection's
/// beginning or the request before) and for the whole of it. Thread: any, internally locked.
class ConnectionWatch {
public:
    ConnectionWatch(std::int64_t headerMicros, std::int64_t requestMicros);

    void add(const void *connection, int socket);
    void remove(const void *connection);
    void requestBegan(const void *connection);
    void requestEnded(const void *connection);
    /// The request is complete: it waits for us, not we for it.
    void waits(const void *connection);
    /// Shuts the sockets of those that are late; how many.
    std::size_t cutLate(Timestamp now);

private:
    struct Watched {
        int socket = -1;
        Timestamp since = kNoTime; ///< kNoTime: nothing is due
        bool inRequest = false;
    };
    std::int64_t m_headerMicros, m_requestMicros;
    std::mutex m_mutex;
    std::map<const void *, Watched> m_connections;
};

} // namespace nightjar::sources
