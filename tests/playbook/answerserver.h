// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::testsupport {

/// A real HTTP server on loopback: reads each request whole and answers what `answer` says; an empty answer closes the
/// connection without one.
class AnswerServer {
public:
    using Answer = std::function<std::string(const std::string &request, int number)>;

    explicit AnswerServer(Answer answer)
        : m_answer(std::move(answer))
        , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener, plain, size) == 0 && ::listen(m_listener, 8) == 0 &&
            ::getsockname(m_listener, plain, &size) == 0) {
            m_port = ntohs(address.sin_port);
        }
    }
    ~AnswerServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        ::close(m_listener);
    }
    AnswerServer(const AnswerServer &) = delete;
    AnswerServer &operator=(const AnswerServer &) = delete;

    void start()
    {
        m_thread = std::thread([this] { serve(); });
    }
    [[nodiscard]] std::string url(const std::string &path = "/", const std::string &host = "127.0.0.1") const
    {
        return "http://" + host + ":" + std::to_string(m_port) + path;
    }
    [[nodiscard]] std::vector<std::string> seen() const
    {
        std::lock_guard lock(m_mutex);
        return m_seen;
    }

    static std::string ok(const std::string &body, const std::string &status = "200 OK", const std::string &more = {})
    {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + more +
               "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
    }

private:
    static std::string readRequest(int peer)
    {
        std::string text;
        char buffer[8'192];
        std::size_t wanted = std::string::npos;
        while (wanted == std::string::npos || text.size() < wanted) {
            const ssize_t got = ::recv(peer, buffer, sizeof(buffer), 0);
            if (got <= 0) {
                break;
            }
            text.append(buffer, static_cast<std::size_t>(got));
            const std::size_t end = text.find("\r\n\r\n");
            if (end != std::string::npos && wanted == std::string::npos) {
                const std::size_t length = text.find("Content-Length: ");
                wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
            }
        }
        return text;
    }
    void serve()
    {
        for (int number = 1;; ++number) {
            const int peer = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) {
                return;
            }
            const std::string request = readRequest(peer);
            {
                std::lock_guard lock(m_mutex);
                m_seen.push_back(request);
            }
            const std::string text = m_answer(request, number);
            ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
            ::close(peer);
        }
    }

    Answer m_answer;
    int m_listener;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_seen;
    std::thread m_thread;
};

} // namespace nightjar::testsupport
