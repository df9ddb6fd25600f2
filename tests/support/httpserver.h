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
#include <utility>
#include <vector>

namespace nightjar::testsupport {

/// A request as a scripted server sees it.
struct SeenRequest {
    std::string target; ///< path and query
    std::string head;   ///< all lines
    [[nodiscard]] bool has(const std::string &text) const { return head.find(text) != std::string::npos; }
};

struct ScriptedAnswer {
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool cut = false; ///< promise more bytes than are sent
};

/// HTTP/1.1 on loopback, one connection after the other: what a function answers. Requests without body only.
class HttpServer {
public:
    using Script = std::function<ScriptedAnswer(const SeenRequest &)>;
    explicit HttpServer(Script script)
        : m_script(std::move(script))
        , m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener, plain, size) == 0 && ::listen(m_listener, 16) == 0 &&
            ::getsockname(m_listener, plain, &size) == 0) {
            m_port = ntohs(address.sin_port);
            m_thread = std::thread([this] { serve(); });
        }
    }
    ~HttpServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        ::close(m_listener);
    }
    HttpServer(const HttpServer &) = delete;
    HttpServer &operator=(const HttpServer &) = delete;

    [[nodiscard]] std::string url(const std::string &path = "/") const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + path;
    }
    [[nodiscard]] std::vector<SeenRequest> seen()
    {
        std::lock_guard lock(m_mutex);
        return m_seen;
    }

private:
    void serve()
    {
        for (;;) {
            const int peer = ::accept(m_listener, nullptr, nullptr);
            if (peer < 0) {
                return;
            }
            std::string head;
            char buffer[8'192];
            while (head.find("\r\n\r\n") == std::string::npos) {
                const ssize_t got = ::recv(peer, buffer, sizeof(buffer), 0);
                if (got <= 0) {
                    break;
                }
                head.append(buffer, static_cast<std::size_t>(got));
            }
            if (!head.empty()) {
                answer(peer, head);
            }
            ::close(peer);
        }
    }
    void answer(int peer, const std::string &head)
    {
        const std::size_t from = head.find(' ') + 1;
        const SeenRequest request{head.substr(from, head.find(' ', from) - from), head};
        {
            std::lock_guard lock(m_mutex);
            m_seen.push_back(request);
        }
        const ScriptedAnswer answer = m_script(request);
        std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\nConnection: close\r\nContent-Length: " +
                          std::to_string(answer.body.size() + (answer.cut ? 1'000 : 0)) + "\r\n";
        for (const auto &[name, value] : answer.headers) {
            out += name + ": " + value + "\r\n";
        }
        out += "\r\n" + answer.body;
        for (std::size_t sent = 0; sent < out.size();) {
            const ssize_t put = ::send(peer, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
            if (put <= 0) {
                return;
            }
            sent += static_cast<std::size_t>(put);
        }
    }

    Script m_script;
    int m_listener;
    int m_port = 0;
    std::thread m_thread;
    std::mutex m_mutex;
    std::vector<SeenRequest> m_seen;
};

} // namespace nightjar::testsupport
