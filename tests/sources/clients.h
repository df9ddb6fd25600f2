// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/intake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nightjar::testsupport {

/// A TCP connection to this machine. Closes with its end.
class Client {
public:
    explicit Client(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
            close();
        }
    }
    ~Client() { close(); }
    Client(Client &&other) noexcept
        : m_socket(std::exchange(other.m_socket, -1))
    {
    }
    Client &operator=(Client &&) = delete;
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    [[nodiscard]] bool connected() const { return m_socket >= 0; }
    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// As much as the kernel takes at once; 0 when the other side has stopped reading.
    [[nodiscard]] std::size_t sendSome(std::string_view bytes, int waitMs) const
    {
        pollfd event{m_socket, POLLOUT, 0};
        if (::poll(&event, 1, waitMs) != 1) {
            return 0;
        }
        const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }
    /// What comes until `until` occurs in it, the other side closes or the time is over.
    [[nodiscard]] std::string receive(std::string_view until, int waitMs) const
    {
        std::string all;
        pollfd event{m_socket, POLLIN, 0};
        while ((until.empty() || all.find(until) == std::string::npos) && ::poll(&event, 1, waitMs) == 1) {
            char buffer[4'096];
            const ssize_t got = ::recv(m_socket, buffer, sizeof buffer, 0);
            if (got <= 0) {
                break;
            }
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return all;
    }
    /// True when the other side has closed.
    [[nodiscard]] bool ended(int waitMs) const
    {
        pollfd event{m_socket, POLLIN, 0};
        char byte = 0;
        return ::poll(&event, 1, waitMs) == 1 && ::recv(m_socket, &byte, 1, 0) <= 0;
    }
    void close()
    {
        if (m_socket >= 0) {
            ::close(m_socket);
            m_socket = -1;
        }
    }

private:
    int m_socket;
};

/// Keeps what it is given; can be closed, so that submit() waits and offer() says no.
class CollectingIntake : public sources::Intake {
public:
    std::uint64_t begin() override { return ++m_deliveries; }
    void end(std::uint64_t) override { ++m_ended; }
    bool submit(sources::Piece &&piece) override
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_open; });
        keep(piece);
        return true;
    }
    bool offer(sources::Piece &&piece) override
    {
        std::unique_lock lock(m_mutex);
        if (!m_open) {
            return false;
        }
        keep(piece);
        const auto done = std::move(piece.done);
        lock.unlock();
        if (done) {
            done(m_storing);
        }
        return true;
    }
    void open(bool isOpen)
    {
        std::lock_guard lock(m_mutex);
        m_open = isOpen;
        m_changed.notify_all();
    }
    void setStoring(bool storing) { m_storing = storing; }
    std::vector<std::string> records()
    {
        std::lock_guard lock(m_mutex);
        return m_records;
    }
    std::size_t count()
    {
        std::lock_guard lock(m_mutex);
        return m_records.size();
    }
    std::size_t rejects()
    {
        std::lock_guard lock(m_mutex);
        return m_rejects;
    }
    std::uint64_t deliveries() const { return m_deliveries; }
    std::uint64_t ended() const { return m_ended; }

private:
    void keep(const sources::Piece &piece)
    {
        for (const logs::RecordSpan &span : piece.batch.records) {
            m_records.push_back(piece.batch.bytes.substr(span.offset, span.length));
        }
        m_rejects += piece.batch.rejects.size();
    }
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = true;
    std::atomic<bool> m_storing = true;
    std::atomic<std::uint64_t> m_deliveries = 0, m_ended = 0;
    std::vector<std::string> m_records;
    std::size_t m_rejects = 0;
};

} // namespace nightjar::testsupport
