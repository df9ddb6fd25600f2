// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "respond/exchange.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace nightjar;
using namespace nightjar::respond;
using nightjar::testsupport::Bench;

namespace {

constexpr const char *kSecret = "canary-client-secret";

struct KeyPair {
    std::string secret;
    std::string open;
};

std::string textOfBio(BIO *bio)
{
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

KeyPair makeKey(unsigned bits)
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(bits), &EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> secret(BIO_new(BIO_s_mem()), &BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> open(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_PUBKEY(open.get(), key.get());
    return {textOfBio(secret.get()), textOfBio(open.get())};
}

/// A tenant that knows one client of OneAPI, and that client.
struct OneApiBench {
    explicit OneApiBench(const std::string &publicKey = {}, std::int64_t tokenSeconds = 3'600)
    {
        simulator::ServerOptions options;
        options.tenant.clientId = "robot";
        options.tenant.clientSecret = kSecret;
        options.tenant.publicKey = publicKey;
        options.tenant.tokenSeconds = tokenSeconds;
        options.tenant.clock = &clock;
        auto started = simulator::TenantServer::start(options);
        if (started) {
            server = std::move(*started);
        }
    }
    std::unique_ptr<ZscalerClient> client(const std::string &secret, const std::string &key = {})
    {
        Credentials credentials;
        credentials.baseUrl = server->oneApiUrl();
        credentials.oneApi = OneApiClient{server->tokenUrl(), "robot", secret, key};
        ClientTuning tuning;
        tuning.clock = &clock;
        tuning.sleeper = &sleeper;
        tuning.totalTimeout = std::chrono::milliseconds(5'000);
        return std::make_unique<ZscalerClient>(http, credentials, tuning);
    }
    [[nodiscard]] bool stateHas(const char *text) const
    {
        return server->tenant().state().find(text) != std::string::npos;
    }

    testsupport::ManualClock clock;
    testsupport::ManualSleeper sleeper{clock};
    net::CurlClient http;
    std::unique_ptr<simulator::TenantServer> server;
};

} // namespace

class TestOneApi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretAndChange()
    {
        OneApiBench bench;
        const auto client = bench.client(kSecret);
        const std::vector<std::string> entries{"evil.example"};
        QVERIFY(client->addToDenyList(entries, {}).applied == entries);
        QVERIFY(client->activate({}) == TenantState::Active);
        QVERIFY(client->denyList({}) == entries);
        QVERIFY(bench.stateHas("\"logins\":1"));
        QVERIFY(bench.stateHas("\"live\":[\"evil.example\"]"));
    }

    void privateKey()
    {
        const KeyPair pair = makeKey(2'048);
        OneApiBench bench(pair.open);
        QVERIFY(bench.client({}, pair.secret)->denyList({}).has_value());
        const Result<std::vector<std::string>> other = bench.client({}, makeKey(2'048).secret)->denyList({});
        QVERIFY(!other);
        QVERIFY2(other.error().code == "NJ-RESPOND-014", describe(other.error()).c_str());
    }

    void uselessKey_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("no PEM") << QByteArray("canary-no-key");
        QTest::newRow("too short") << QByteArray::fromStdString(makeKey(1'024).secret);
    }
    void uselessKey()
    {
        QFETCH(QByteArray, key);
        OneApiBench bench;
        const auto list = bench.client({}, key.toStdString())->denyList({});
        QVERIFY(!list);
        const std::string told = describe(list.error());
        QVERIFY2(list.error().code == "NJ-RESPOND-015" && told.find("canary") == std::string::npos, told.c_str());
        QVERIFY(bench.stateHas("\"requests\":0"));
    }

    void refusedClientIsNotTriedTwice()
    {
        OneApiBench bench;
        const auto client = bench.client("canary-wrong");
        for (int i = 0; i < 2; ++i) {
            const auto list = client->denyList({});
            QVERIFY(!list);
            const std::string told = describe(list.error());
            QVERIFY2(list.error().code == "NJ-RESPOND-014" && told.find("canary") == std::string::npos, told.c_str());
        }
        QVERIFY(bench.stateHas("\"requests\":1"));
    }

    void tokenIsRenewedBeforeItEnds()
    {
        OneApiBench bench({}, 600);
        const auto client = bench.client(kSecret);
        QVERIFY(client->denyList({}).has_value());
        bench.clock.advance(539 * kMicrosPerSecond);
        QVERIFY(client->denyList({}).has_value());
        QVERIFY(bench.stateHas("\"logins\":1"));
        bench.clock.advance(2 * kMicrosPerSecond); // 90 % of its life
        QVERIFY(client->denyList({}).has_value());
        QVERIFY(bench.stateHas("\"logins\":2"));
        QVERIFY2(bench.stateHas("\"requests\":5"), "no call met a token that had ended");
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::newRow("token revoked") << QByteArray(R"({"session_gone":1})");
        QTest::newRow("token service fails") << QByteArray(R"({"error_500":2,"on":"oauth2"})");
        QTest::newRow("token service lost") << QByteArray(R"({"lose_before":2,"on":"oauth2"})");
        QTest::newRow("token service shows a page") << QByteArray(R"({"html":1,"on":"oauth2"})");
        QTest::newRow("429") << QByteArray(R"({"rate_limit":2})");
    }
    void faults()
    {
        QFETCH(QByteArray, fault);
        OneApiBench bench;
        QVERIFY(bench.server->tenant().setFaults(fault.toStdString()).has_value());
        const auto client = bench.client(kSecret);
        const std::vector<std::string> entries{"evil.example"};
        const ListChange change = client->addToDenyList(entries, {});
        QVERIFY2(change.applied == entries, change.error ? describe(*change.error).c_str() : "");
    }

    void revokedForEverIsToldOnce()
    {
        OneApiBench bench;
        QVERIFY(bench.server->tenant().setFaults(R"({"session_gone":99})").has_value());
        const auto list = bench.client(kSecret)->denyList({});
        QVERIFY(!list);
        QVERIFY2(list.error().code == "NJ-RESPOND-012", describe(list.error()).c_str());
        QVERIFY(bench.stateHas("\"logins\":2"));
    }

    void retryAfterSpellings_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<qint64>("seconds");
        const auto row = [](const char *name, const char *header, const char *body, qint64 seconds) {
            QTest::newRow(name) << QByteArray(header) << QByteArray(body) << seconds;
        };
        row("number", "7", "{}", 7);
        row("words", "1 seconds", "{}", 1);
        row("unit", "13s", "{}", 13);
        row("zero", "0 seconds", "{}", 1);
        row("body only", "", "{\"Retry-After\":\"4 seconds\"}", 4);
        row("body number", "", "{\"retry-after\":9}", 9);
        row("zero in the header, more in the body", "0", "{\"Retry-After\":\"30 seconds\"}", 30);
        row("fraction", "1.5", "{}", 2);
        row("minutes", "2 minutes", "{}", 120);
        row("milliseconds", "500ms", "{}", 1);
        row("date", "Thu, 01 Jan 2026 00:00:10 GMT", "{}", 10);
        row("date that is over", "Wed, 31 Dec 2025 00:00:00 GMT", "{}", 1);
        row("no month", "Thu, 01 Foo 2026 00:00:10 GMT", "{}", -1);
        row("nothing", "", "[]", -1);
        row("nonsense", "soon", "{\"Retry-After\":null}", -1);
    }
    void retryAfterSpellings()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, body);
        QFETCH(qint64, seconds);
        const auto found = retryAfterSeconds(header.toStdString(), nlohmann::json::parse(body.toStdString()),
                                             *parseIsoTime("2026-01-01T00:00:00Z"));
        QCOMPARE(found.value_or(-1), std::int64_t(seconds));
    }

    void credentialsFromTheEnvironment()
    {
        for (const char *name : {"NIGHTJAR_ZIA_URL", "NIGHTJAR_ZIA_USER", "NIGHTJAR_ZIA_PASSWORD",
                                 "NIGHTJAR_ZIA_API_KEY", "NIGHTJAR_ONEAPI_CLIENT_SECRET"}) {
            qunsetenv(name);
        }
        qputenv("NIGHTJAR_ONEAPI_TOKEN_URL", "https://acme.zslogin.net");
        qputenv("NIGHTJAR_ONEAPI_CLIENT_ID", "robot");
        const Result<Credentials> half = Credentials::fromEnvironment();
        QVERIFY(!half && half.error().reason.find("NIGHTJAR_ONEAPI_CLIENT_SECRET") != std::string::npos);
        qputenv("NIGHTJAR_ONEAPI_CLIENT_SECRET", kSecret);
        const Result<Credentials> whole = Credentials::fromEnvironment();
        QVERIFY(whole.has_value() && whole->oneApi.has_value());
        QVERIFY(whole->baseUrl == "https://api.zsapi.net/zia/api/v1");
        QVERIFY(whole->oneApi->tokenUrl == "https://acme.zslogin.net/oauth2/v1/token");
        qputenv("NIGHTJAR_ONEAPI_PRIVATE_KEY_FILE", "/nonexistent/key.pem");
        QVERIFY(Credentials::fromEnvironment().error().code == "NJ-RESPOND-015");
    }
};

QTEST_GUILESS_MAIN(TestOneApi)
#include "tst_oneapi.moc"
