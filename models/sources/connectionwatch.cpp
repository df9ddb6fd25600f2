// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/connectionwatch.h"

#include <sys/socket.h>

namespace nightjar::sources {

ConnectionWatch::ConnectionWatch(std::int64_t headerMicros, std::int64_t requestMicros)
    : m_headerMicros(headerMicros)
    , m_requestMicros(requestMicros)
{
}

void ConnectionWatch::add(const void *connection, int socket)
{
    std::lock_guard lock(m_mutex);
    m_connections[connection] = {socket, systemClock().now(), false};
}

void ConnectionWatch::remove(const void *connection)
{
    std::lock_guard lock(m_mutex);
    m_connections.erase(connection);
}

void ConnectionWatch::requestBegan(const void *connection)
{
    std::lock_guard lock(m_mutex);
    Watched &watched = m_connections[connection];
    watched.since = systemClock().now();
    watched.inRequest = true;
}

void ConnectionWatch::requestEnded(const void *connection)
{
    std::lock_guard lock(m_mutex);
    if (const auto found = m_connections.find(connection); found != m_connections.end()) {
        found->second.since = systemClock().now();
        found->second.inRequest = false;
    }
}

void ConnectionWatch::waits(const void *connection)
{
    std::lock_guard lock(m_mutex);
    if (const auto found = m_connections.find(connection); found != m_connections.end()) {
        found->second.since = kNoTime;
    }
}

std::size_t ConnectionWatch::cutLate(Timestamp now)
{
    std::lock_guard lock(m_mutex);
    std::size_t cut = 0;
    for (auto &[connection, watched] : m_connections) {
        const std::int64_t allowed = watched.inRequest ? m_requestMicros : m_headerMicros;
        if (watched.since != kNoTime && watched.socket >= 0 && now - watched.since > allowed) {
            ::shutdown(watched.socket, SHUT_RDWR);
            watched.since = kNoTime;
            ++cut;
        }
    }
    return cut;
}

} // namespace nightjar::sources
