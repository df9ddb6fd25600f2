// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/manualclock.h"
#include "support/support.h"

#include "base/files.h"
#include "base/text.h"
#include "net/http.h"
#include "respond/obfuscation.h"
#include "simulator/grammar.h"
#include "simulator/tenantserver.h"

using namespace nightjar;
using namespace nightjar::simulator;
using nightjar::testsupport::ManualClock;

namespace {

/// A tenant asked directly, without HTTP.
class Direct {
public:
    explicit Direct(TenantOptions options = {})
        : tenant([&] {
            options.clock = &clock;
            return options;
        }())
    {
    }

    TenantReply ask(const char *method, const char *path, std::string body = {},
                    std::map<std::string, std::string> query = {})
    {
        clock.advance(kMicrosPerSecond);
        return tenant.handle({method, path, std::move(query), session, "application/json", std::move(body)});
    }
    TenantReply signIn(std::string password = "simulated")
    {
        const std::string time = std::to_string((clock.now() + kMicrosPerSecond) / 1'000);
        const std::string key = respond::obfuscateKey("simulated123", time).value_or("");
        const std::string body = "{\"username\":\"analyst@simulated.example\",\"password\":" + jsonQuote(password) +
                                 ",\"apiKey\":" + jsonQuote(key) + ",\"timestamp\":" + jsonQuote(time) + "}";
        const TenantReply reply = ask("POST", "/authenticatedSession", body);
        for (const auto &[name, value] : reply.headers) {
            if (name == "Set-Cookie") {
                session = value.substr(11, 32);
            }
        }
        return reply;
    }
    TenantReply add(const std::string &entries)
    {
        return ask("POST", "/security/advanced/blacklistUrls", "{\"blacklistUrls\":[" + entries + "]}",
                   {{"action", "ADD_TO_LIST"}});
    }

    ManualClock clock;
    Tenant tenant;
    std::string session;
};

} // namespace

class TestTenant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void grammar_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("domain") << u"evil.example"_qs << true;
        QTest::newRow("dot") << u".evil.example"_qs << true;
        QTest::newRow("port and path") << u"evil.example:8443/a?b=c"_qs << true;
        QTest::newRow("IPv4 private") << u"10.0.0.1"_qs << true;
        QTest::newRow("CIDR as host and path") << u"203.0.113.0/24"_qs << true;
        QTest::newRow("IPv6") << u"2a00:1450::5"_qs << true;
        QTest::newRow("underscore in subdomain") << u"a_b.evil.example.com"_qs << true;
        QTest::newRow("underscore second of two") << u"safe_x.example"_qs << true;
        QTest::newRow("underscore second of three") << u"www.safe_x.example"_qs << false;
        QTest::newRow("underscore in TLD") << u"safe.ex_ample"_qs << false;
        QTest::newRow("lone underscore") << u"_.evil.example.com"_qs << false;
        QTest::newRow("scheme") << u"http://evil.example"_qs << false;
        QTest::newRow("capitals") << u"Evil.example"_qs << false;
        QTest::newRow("TLD") << u"com"_qs << false;
        QTest::newRow("star") << u"*.evil.example"_qs << false;
        QTest::newRow("blank") << u"evil.example/a b"_qs << false;
        QTest::newRow("user information") << u"u@evil.example"_qs << false;
        QTest::newRow("non-ASCII") << u"bücher.example"_qs << false;
        QTest::newRow("brackets") << u"[2a00::1]"_qs << false;
        QTest::newRow("empty port") << u"evil.example:"_qs << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("label of 64") << QString(64, u'a') + u".example"_qs << false;
        QTest::newRow("entry of 1025") << u"evil.example/"_qs + QString(1'012, u'a') << false;
    }
    void grammar()
    {
        QFETCH(QString, entry);
        QFETCH(bool, accepted);
        QCOMPARE(isAcceptedEntry(entry.toStdString()), accepted);
    }

    void sessionIsNeeded()
    {
        Direct direct;
        QCOMPARE(direct.ask("GET", "/security/advanced").status, 401);
        QCOMPARE(direct.signIn("wrong").status, 400);
        QCOMPARE(direct.signIn().status, 200);
        const TenantReply list = direct.ask("GET", "/security/advanced");
        QCOMPARE(list.status, 200);
        QVERIFY(list.body == "{\"blacklistUrls\":[]}");
        QVERIFY(direct.ask("GET", "/security").body == "{}");
    }

    void idleExpiryActivates()
    {
        Direct direct;
        direct.signIn();
        QCOMPARE(direct.add("\"a.example\"").status, 200);
        QVERIFY(direct.tenant.state().find("\"live\":[]") != std::string::npos);
        direct.clock.advance(301 * kMicrosPerSecond);
        QVERIFY(direct.tenant.state().find("\"live\":[\"a.example\"]") != std::string::npos);
        QCOMPARE(direct.ask("GET", "/status").status, 401);
    }

    void wholeRequestIsRefused()
    {
        Direct direct;
        direct.signIn();
        const TenantReply reply = direct.add("\"ok.example\",\"http://bad.example\",\"UP.example\"");
        QCOMPARE(reply.status, 400);
        QVERIFY(reply.body.find("Invalid urls [http://bad.example, UP.example]") != std::string::npos);
        QVERIFY(direct.tenant.state().find("ok.example") == std::string::npos);
    }

    void oneListBehindTwoNames()
    {
        Direct direct;
        direct.signIn();
        direct.add("\"a.example\"");
        direct.ask("PUT", "/cyberThreatProtection/maliciousUrls", "{\"maliciousUrls\":[\"b.example\"]}",
                   {{"action", "ADD_TO_LIST"}});
        QVERIFY(direct.tenant.state().find("\"saved\":[\"a.example\",\"b.example\"]") != std::string::npos);
        direct.ask("PUT", "/cyberThreatProtection/maliciousUrls", "{\"maliciousUrls\":[]}");
        QVERIFY(direct.ask("GET", "/security/advanced").body == "{\"blacklistUrls\":[]}");
    }

    void echoIsOnlyWhatWasSent()
    {
        Direct direct;
        direct.signIn();
        direct.add("\"a.example\"");
        const TenantReply reply = direct.add("\"b.example\"");
        QVERIFY(reply.body.find("a.example") == std::string::npos && reply.body.find("b.example") != std::string::npos);
    }

    void rateWindows()
    {
        Direct direct;
        direct.signIn();
        QCOMPARE(direct.ask("GET", "/security/advanced").status, 200);
        const TenantReply second = direct.tenant.handle({"GET", "/security/advanced", {}, direct.session, {}, {}});
        QCOMPARE(second.status, 429);
        QVERIFY(second.body.find("Rate Limit (1/SECOND) exceeded") != std::string::npos);
        int accepted = 0;
        for (int i = 0; i < 12; ++i) {
            accepted += direct.ask("POST", "/status/activate").status == 200 ? 1 : 0;
        }
        QCOMPARE(accepted, 10);
    }

    void badRequests_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("no JSON") << QByteArray("/security/advanced/blacklistUrls") << QByteArray("rubbish") << 400;
        QTest::newRow("no list") << QByteArray("/security/advanced/blacklistUrls") << QByteArray("{}") << 400;
        QTest::newRow("numbers") << QByteArray("/security/advanced/blacklistUrls")
                                 << QByteArray("{\"blacklistUrls\":[1]}") << 400;
        QTest::newRow("unknown") << QByteArray("/nothing") << QByteArray("{}") << 404;
        QTest::newRow("lookup") << QByteArray("/urlLookup") << QByteArray("{}") << 400;
    }
    void badRequests()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        Direct direct;
        direct.signIn();
        const TenantReply reply = direct.ask("POST", path.constData(), body.toStdString(), {{"action", "ADD_TO_LIST"}});
        QCOMPARE(reply.status, status);
    }

    void faultsAreChecked()
    {
        Tenant tenant{TenantOptions()};
        QVERIFY(tenant.setFaults("{\"edit_lock\":2,\"on\":\"POST\",\"gzip\":true}").has_value());
        QVERIFY(tenant.setFaults("{\"no_such\":1}").error().code == "NJ-SIM-002");
        QVERIFY(!tenant.setFaults("{\"edit_lock\":\"two\"}"));
        QVERIFY(!tenant.setFaults("{\"edit_lock\":-1}"));
        QVERIFY(!tenant.setFaults("rubbish"));
        QVERIFY(!tenant.setLists("{\"deny\":\"x\"}"));
    }

    void overHttp()
    {
        auto started = TenantServer::start({});
        QVERIFY2(started.has_value(), started ? "" : describe(started.error()).c_str());
        TenantServer &server = **started;
        net::CurlClient client;
        net::HttpRequest request;
        request.url = server.url() + "/status";
        Result<net::HttpResponse> reply = client.send(request, {});
        QCOMPARE(reply->status, 401);
        QVERIFY(reply->header("X-Nightjar-Simulated") == "true");
        request.method = "POST";
        request.url = server.controlUrl() + "/fault";
        request.body = "{\"oneapi_only\":true}";
        QCOMPARE(client.send(request, {})->status, 200);
        request.body = "{\"what\":true}";
        QCOMPARE(client.send(request, {})->status, 400);
        request.url = server.controlUrl() + "/lists";
        request.body = "{\"deny\":[\"A.Example\"],\"allow\":[\"b.example\"]}";
        QCOMPARE(client.send(request, {})->status, 200);
        request.method = "GET";
        request.url = server.controlUrl() + "/state";
        reply = client.send(request, {});
        QVERIFY(reply->body.find("A.Example") != std::string::npos);
        request.url = server.controlUrl() + "/else";
        QCOMPARE(client.send(request, {})->status, 404);
        ServerOptions same;
        same.port = server.port();
        const auto second = TenantServer::start(same);
        QVERIFY(!second && second.error().code == "NJ-SIM-001");
    }

    void listsSurvive()
    {
        testsupport::TemporaryFolder folder;
        TenantOptions options;
        options.persistFile = folder / "tenant.json";
        {
            Direct direct(options);
            QVERIFY(direct.tenant.load().has_value());
            direct.signIn();
            direct.add("\"kept.example\"");
            direct.ask("POST", "/status/activate");
            direct.add("\"saved.example\"");
        }
        Direct direct(options);
        QVERIFY(direct.tenant.load().has_value());
        const std::string state = direct.tenant.state();
        QVERIFY(state.find("\"live\":[\"kept.example\"]") != std::string::npos);
        QVERIFY(state.find("\"saved\":[\"kept.example\",\"saved.example\"]") != std::string::npos);
        QVERIFY(state.find("\"status\":\"PENDING\"") != std::string::npos);
        QVERIFY(writeFileAtomically(options.persistFile, "{\"saved\":1}").has_value());
        QVERIFY(Direct(options).tenant.load().error().code == "NJ-SIM-003");
    }
};

QTEST_GUILESS_MAIN(TestTenant)
#include "tst_tenant.moc"
