// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"

#include "net/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace nightjar;

namespace {

/// Answers each connection on loopback with fixed bytes after having read something, and closes it.
class RawServer {
public:
    explicit RawServer(std::string answer, bool readFirst = true)
        : m_answer(std::move(answer))
        , m_listener(::socket(AF_INET, SOCK_STREAM, 0))
        , m_readFirst(readFirst)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_listener, plain, size) != 0 || ::listen(m_listener, 8) != 0 ||
            ::getsockname(m_listener, plain, &size) != 0) {
            return;
        }
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~RawServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        ::close(m_listener);
    }
    RawServer(const RawServer &) = delete;
    RawServer &operator=(const RawServer &) = delete;

    [[nodiscard]] std::string url(const char *path = "/") const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + path;
    }
    [[nodiscard]] int connections() const { return m_connections; }
    [[nodiscard]] std::string seen() const { return m_seen; } ///< after the answer

private:
    void serve()
    {
        for (;;) {
            const int peer = ::accept(m_listener, nullptr, nullptr);
            if (peer < 0) {
                return;
            }
            ++m_connections;
            char buffer[8'192];
            if (m_readFirst) {
                const ssize_t got = ::recv(peer, buffer, sizeof(buffer), 0);
                m_seen.assign(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
            }
            if (m_answer == "hang") {
                while (::recv(peer, buffer, sizeof(buffer), 0) > 0) {
                }
            } else {
                ::send(peer, m_answer.data(), m_answer.size(), MSG_NOSIGNAL);
            }
            ::close(peer);
        }
    }

    std::string m_answer;
    int m_listener;
    bool m_readFirst;
    std::uint16_t m_port = 0;
    std::atomic<int> m_connections{0};
    std::string m_seen;
    std::thread m_thread;
};

net::HttpRequest getOf(const std::string &url)
{
    net::HttpRequest request;
    request.url = url;
    return request;
}

} // namespace

class TestHttp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersWithHeadersAndBody()
    {
        RawServer server("HTTP/1.1 404 Not Found\r\nX-One:  a b \r\nContent-Length: 5\r\n\r\nhello");
        net::CurlClient client;
        const Result<net::HttpResponse> response = client.send(getOf(server.url("/a?b=c")), {});
        QVERIFY2(response.has_value(), response ? "" : describe(response.error()).c_str());
        QCOMPARE(response->status, 404);
        QVERIFY(response->body == "hello");
        QVERIFY(response->header("x-ONE") == "a b");
        QVERIFY(response->header("absent").empty());
        QVERIFY(server.seen().rfind("GET /a?b=c HTTP/1.1", 0) == 0);
    }

    void addressIsAskedBeforeConnecting()
    {
        RawServer server("HTTP/1.1 200 Fine Indeed\r\nContent-Length: 0\r\n\r\n");
        net::CurlClient client;
        net::HttpRequest request = getOf(server.url());
        std::vector<std::string> asked;
        bool allowed = false;
        request.mayConnect = [&](const IpAddress &address) {
            asked.push_back(address.toString());
            return allowed;
        };
        const auto refused = client.send(request, {});
        QVERIFY(!refused);
        QVERIFY2(refused.error().code == "NJ-NET-016", describe(refused.error()).c_str());
        QVERIFY(net::deliveryOf(refused.error()) == net::Delivery::NotSent);
        QCOMPARE(server.connections(), 0);
        allowed = true;
        const auto answer = client.send(request, {});
        QVERIFY2(answer.has_value(), answer ? "" : describe(answer.error()).c_str());
        QVERIFY(answer->reason == "Fine Indeed");
        allowed = false; // no kept connection is used behind the check's back
        QVERIFY(!client.send(request, {}));
        QCOMPARE(asked.size(), std::size_t(3));
        QVERIFY(asked.front() == "127.0.0.1");
        QCOMPARE(server.connections(), 1);
    }

    void targetsAreReadAsCurlReadsThem_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("plain") << QByteArray("https://Host.example/a") << QByteArray("https host.example 443");
        QTest::newRow("port") << QByteArray("http://127.0.0.1:8080") << QByteArray("http 127.0.0.1 8080");
        QTest::newRow("number") << QByteArray("http://2130706433/") << QByteArray("http 127.0.0.1 80");
        QTest::newRow("v6") << QByteArray("https://[::1]:1/") << QByteArray("https ::1 1");
        QTest::newRow("no scheme") << QByteArray("host.example") << QByteArray("NJ-NET-003");
        QTest::newRow("ftp") << QByteArray("ftp://host.example/") << QByteArray("NJ-NET-003");
    }
    void targetsAreReadAsCurlReadsThem()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, expected);
        const auto target = net::targetOf(url.toStdString());
        const std::string got =
            target ? target->scheme + " " + target->host + " " + std::to_string(target->port) : target.error().code;
        QCOMPARE(QByteArray::fromStdString(got), expected);
    }

    void redirectsAreNotFollowed()
    {
        RawServer server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
        net::CurlClient client;
        const Result<net::HttpResponse> response = client.send(getOf(server.url()), {});
        QVERIFY(response.has_value());
        QCOMPARE(response->status, 302);
        QCOMPARE(server.connections(), 1);
    }

    void cookiesOnlyWhenAsked()
    {
        RawServer server(
            "HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=abc; Path=/; Secure; HttpOnly\r\nContent-Length: 0\r\n\r\n");
        net::CurlClient with({{}, {}, true, "Nightjar"});
        QVERIFY(with.send(getOf(server.url()), {}).has_value());
        QVERIFY(with.send(getOf(server.url()), {}).has_value());
        QVERIFY(server.seen().find("Cookie: JSESSIONID=abc") != std::string::npos);
        net::CurlClient without;
        QVERIFY(without.send(getOf(server.url()), {}).has_value());
        QVERIFY(without.send(getOf(server.url()), {}).has_value());
        QVERIFY(server.seen().find("Cookie:") == std::string::npos);
    }

    void refusedBeforeSending_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("code");
        QTest::newRow("http to elsewhere") << u"http://zsapi.zscaler.net/api/v1"_qs << u"NJ-NET-002"_qs;
        QTest::newRow("file") << u"file:///etc/passwd"_qs << u"NJ-NET-002"_qs;
        QTest::newRow("ftp") << u"ftp://127.0.0.1/"_qs << u"NJ-NET-002"_qs;
        QTest::newRow("loopback look-alike") << u"http://127.0.0.1.evil.example/"_qs << u"NJ-NET-002"_qs;
        QTest::newRow("loopback as user") << u"http://127.0.0.1@evil.example/"_qs << u"NJ-NET-002"_qs;
        QTest::newRow("line end in URL") << u"http://127.0.0.1/a\r\nX: y"_qs << u"NJ-NET-001"_qs;
        QTest::newRow("no host") << u"https://"_qs << u"NJ-NET-002"_qs;
    }
    void refusedBeforeSending()
    {
        QFETCH(QString, url);
        QFETCH(QString, code);
        net::CurlClient client;
        const Result<net::HttpResponse> response = client.send(getOf(url.toStdString()), {});
        QVERIFY(!response);
        QCOMPARE(QString::fromStdString(response.error().code), code);
        QVERIFY(net::deliveryOf(response.error()) == net::Delivery::NotSent);
    }

    void headerInjectionIsRefused()
    {
        net::CurlClient client;
        net::HttpRequest request = getOf("http://127.0.0.1:1/");
        request.headers = {{"X-A", "b\r\nX-B: c"}};
        const Result<net::HttpResponse> response = client.send(request, {});
        QVERIFY(!response);
        QVERIFY(response.error().code == "NJ-NET-001");
    }

    void nothingListensIsNotSent()
    {
        net::CurlClient client;
        const Result<net::HttpResponse> response = client.send(getOf("http://127.0.0.1:1/"), {});
        QVERIFY(!response);
        QVERIFY(response.error().code == "NJ-NET-011");
        QVERIFY(net::deliveryOf(response.error()) == net::Delivery::NotSent);
    }

    void lostAnswersAreUnknown_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("closed") << QByteArray();
        QTest::newRow("half header") << QByteArray("HTTP/1.1 200 OK\r\nContent-Len");
        QTest::newRow("half body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        QTest::newRow("no HTTP") << QByteArray("\x01\x02\x03\x04 rubbish\r\n\r\n");
    }
    void lostAnswersAreUnknown()
    {
        QFETCH(QByteArray, answer);
        RawServer server(answer.toStdString());
        net::CurlClient client;
        net::HttpRequest request = getOf(server.url());
        request.method = "POST";
        request.body = "{\"secret\":\"canary-5512\"}";
        const Result<net::HttpResponse> response = client.send(request, {});
        QVERIFY(!response);
        QVERIFY2(net::deliveryOf(response.error()) == net::Delivery::Unknown, response.error().code.c_str());
        QVERIFY(describe(response.error()).find("canary-5512") == std::string::npos);
        QCOMPARE(server.connections(), 1);
    }

    void sizeCapHolds()
    {
        RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5'000, 'x'));
        net::CurlClient client;
        net::HttpRequest request = getOf(server.url());
        request.maxBody = 1'000;
        const Result<net::HttpResponse> response = client.send(request, {});
        QVERIFY(!response);
        QVERIFY(response.error().code == "NJ-NET-024");
    }

    void timeoutAndCancelAreUnknownOnceSent()
    {
        RawServer server("hang");
        net::CurlClient client;
        net::HttpRequest request = getOf(server.url());
        request.totalTimeout = std::chrono::milliseconds(150);
        const Result<net::HttpResponse> late = client.send(request, {});
        QVERIFY(!late);
        QVERIFY(late.error().code == "NJ-NET-021");
        request.totalTimeout = std::chrono::seconds(30);
        CancelToken cancel;
        std::thread stopper([cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            cancel.cancel();
        });
        const Result<net::HttpResponse> stopped = client.send(request, cancel);
        stopper.join();
        QVERIFY(!stopped);
        QVERIFY(net::isCancelled(stopped.error()));
        QVERIFY(net::deliveryOf(stopped.error()) == net::Delivery::Unknown);
        const Result<net::HttpResponse> before = client.send(request, cancel);
        QVERIFY(!before);
        QVERIFY(before.error().code == "NJ-NET-015");
    }

    void plainHttpServerIsNoTlsPeer()
    {
        RawServer server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        net::CurlClient client;
        const std::string url = "https" + server.url().substr(4);
        const Result<net::HttpResponse> response = client.send(getOf(url), {});
        QVERIFY(!response);
        QVERIFY2(response.error().code == "NJ-NET-012", response.error().code.c_str());
    }

    void originHidesEverythingElse()
    {
        QVERIFY(net::originOf("https://user:pw@h.example:8443/p?q=secret") == "https://h.example:8443");
    }
};

QTEST_GUILESS_MAIN(TestHttp)
#include "tst_http.moc"
