// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"
#include "sources/cloudreceiver.h"
#include "sources/nsslistener.h"
#include "support/support.h"

#include "base/files.h"

#include <QElapsedTimer>
#include <QProcess>

using namespace nightjar;
using namespace nightjar::sources;
using namespace nightjar::testsupport;

namespace {

const QString kCurl = QStringLiteral("curl");

/// HTTP status that curl got; 0 when there was no answer.
int curl(const QStringList &arguments, const QByteArray &body = {})
{
    QProcess process;
    QStringList all{QStringLiteral("-s"), QStringLiteral("-o"),           QStringLiteral("/dev/null"),
                    QStringLiteral("-w"), QStringLiteral("%{http_code}"), QStringLiteral("--max-time"),
                    QStringLiteral("20")};
    process.start(kCurl, all + arguments);
    process.write(body);
    process.closeWriteChannel();
    process.waitForFinished(30'000);
    return process.readAllStandardOutput().toInt();
}

QStringList post(const QString &url, const QStringList &more = {})
{
    return more + QStringList{QStringLiteral("--data-binary"), QStringLiteral("@-"), url};
}

} // namespace

/// The listener and the receiver against real peers, kind and unkind.
class ReceiversTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    CollectingIntake m_intake;
    HealthMeter m_health{systemClock(), 0};

    std::unique_ptr<NssListener> listener(const NssListenerOptions &wanted = {})
    {
        NssListenerOptions options = wanted;
        options.endpoint = *Endpoint::parse("127.0.0.1:0");
        auto started = NssListener::start(std::move(options), m_intake, m_health);
        return started ? std::move(*started) : nullptr;
    }
    std::unique_ptr<CloudReceiver> receiver(const CloudReceiverOptions &wanted = {})
    {
        CloudReceiverOptions options = wanted;
        options.endpoint = *Endpoint::parse("127.0.0.1:0");
        auto started = CloudReceiver::start(std::move(options), m_intake, m_health);
        return started ? std::move(*started) : nullptr;
    }
    static QString url(const CloudReceiver &server, const char *scheme = "http")
    {
        return QString::fromLatin1(scheme) + QStringLiteral("://127.0.0.1:") + QString::number(server.endpoint().port) +
               QStringLiteral("/services/collector");
    }
    bool makeCertificate() const
    {
        return QProcess::execute(
                   QStringLiteral("openssl"),
                   {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                    QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"),
                    QStringLiteral("-nodes"), QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
                    QStringLiteral("/CN=localhost"), QStringLiteral("-addext"),
                    QStringLiteral("subjectAltName=IP:127.0.0.1"), QStringLiteral("-keyout"), file("key.pem"),
                    QStringLiteral("-out"), file("cert.pem"), QStringLiteral("-batch")}) == 0;
    }
    QString file(const std::string &name) const { return QString::fromStdString((m_folder / name).string()); }
    std::size_t m_before = 0;
    std::size_t fresh() { return m_intake.count() - m_before; }

private Q_SLOTS:
    void initTestCase() { QVERIFY(makeCertificate()); }
    void init()
    {
        m_intake.open(true);
        m_intake.setStoring(true);
        m_before = m_intake.count();
    }

    void linesFromManyConnections()
    {
        const auto server = listener();
        QVERIFY(server);
        constexpr int kConnections = 50;
        for (int i = 0; i < kConnections; ++i) {
            const Client client(server->endpoint().port);
            QVERIFY(client.send("{\"n\":1}\n<134>1 x\n{\"half\":"));
            QVERIFY(client.send("2}\nlast without line end"));
        }
        QTRY_COMPARE(fresh(), std::size_t{4 * kConnections});
        QTRY_COMPARE(m_intake.deliveries(), m_intake.ended());
    }

    void idleAndHalfOpenConnections()
    {
        const auto server = listener();
        std::vector<Client> idle;
        for (int i = 0; i < 1'000; ++i) {
            idle.emplace_back(server->endpoint().port);
            QVERIFY(idle.back().connected());
        }
        QTRY_COMPARE(m_health.health().connections, std::int64_t{1'000});
        for (int i = 0; i < 100; ++i) {
            idle[static_cast<std::size_t>(i)].send("{\"unfinished\":"); // and never ended
        }
        const Client busy(server->endpoint().port);
        QVERIFY(busy.send("one\ntwo\n"));
        QTRY_COMPARE(fresh(), std::size_t{2});
    }

    void slowRecordsAreCut()
    {
        NssListenerOptions options;
        options.recordMicros = kMicrosPerSecond;
        options.maxWaitingBytes = 50'000;
        const auto server = listener(options);
        const Client slow(server->endpoint().port);
        QVERIFY(slow.send("{\"never\":"));
        const Client big(server->endpoint().port);
        big.send(std::string(200'000, 'x'));
        QVERIFY(big.ended(5'000));
        QVERIFY(slow.ended(5'000));
        QTRY_COMPARE(fresh(), std::size_t{2}); // kept, so that they can be looked at
    }

    void peersThatAreNotAllowed()
    {
        NssListenerOptions options;
        options.allowed = *AllowList::parse("10.0.0.0/8");
        const auto server = listener(options);
        const auto refused = m_health.health().refused;
        const Client client(server->endpoint().port);
        client.send("x\n");
        QVERIFY(client.ended(5'000));
        QCOMPARE(m_health.health().refused, refused + 1);
        QCOMPARE(fresh(), std::size_t{0});
    }

    void aFullIntakeSlowsTheSender()
    {
        const auto server = listener();
        m_intake.open(false);
        const Client client(server->endpoint().port);
        const std::string line = std::string(999, 'y') + '\n';
        std::string unsent;
        std::size_t lines = 0;
        bool stalled = false;
        for (; lines < 50'000 && !stalled; ++lines) { // 50 MB: far more than the buffers of both kernels
            unsent += line;
            std::size_t sent = client.sendSome(unsent, 200);
            stalled = sent == 0;
            unsent.erase(0, sent);
        }
        QVERIFY(stalled);
        m_intake.open(true);
        QVERIFY(client.send(unsent));
        QTRY_COMPARE_WITH_TIMEOUT(fresh(), lines, 10'000);
    }

    void tls()
    {
        NssListenerOptions options;
        auto context = TlsContext::make(m_folder / "cert.pem", m_folder / "key.pem");
        QVERIFY(context.has_value());
        options.tls = *context;
        options.handshakeMicros = kMicrosPerSecond;
        const auto server = listener(options);
        const QString peer = QStringLiteral("127.0.0.1:") + QString::number(server->endpoint().port);
        QProcess client;
        client.start(QStringLiteral("openssl"),
                     {QStringLiteral("s_client"), QStringLiteral("-quiet"), QStringLiteral("-connect"), peer,
                      QStringLiteral("-CAfile"), file("cert.pem"), QStringLiteral("-verify_return_error")});
        QVERIFY(client.waitForStarted());
        QByteArray lines;
        for (int i = 0; i < 5'000; ++i) {
            lines += "{\"tls\":" + QByteArray::number(i) + "}\n";
        }
        client.write(lines);
        QTRY_COMPARE_WITH_TIMEOUT(fresh(), std::size_t{5'000}, 10'000);
        client.kill();
        client.waitForFinished();
        const Client plain(server->endpoint().port); // does not speak TLS
        plain.send("GET / HTTP/1.0\r\n\r\n");
        QVERIFY(plain.receive("", 5'000).size() < 100);
        const Client silent(server->endpoint().port);
        QVERIFY(silent.ended(5'000));
        QVERIFY(!TlsContext::make(m_folder / "key.pem", m_folder / "key.pem").has_value());
    }

    void requests_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("records");
        const QStringList good{QStringLiteral("-H"), QStringLiteral("Authorization: Splunk 0123456789abcdef")};
        const QByteArray two("{\"a\":1}\n{\"a\":2}\n");
        QTest::newRow("lines") << good << two << 200 << 2;
        QTest::newRow("array") << good << QByteArray("[{\"a\":1},{\"a\":2},{\"a\":3}]") << 200 << 3;
        QTest::newRow("empty body") << good << QByteArray() << 200 << 0;
        QTest::newRow("defective record") << good << QByteArray("{\"a\":\n{\"a\":2}\n") << 200 << -1;
        QTest::newRow("no token") << QStringList() << two << 401 << 0;
        QTest::newRow("wrong token") << QStringList{QStringLiteral("-H"),
                                                    QStringLiteral("Authorization: Splunk 0123456789abcdee")}
                                     << two << 401 << 0;
        QTest::newRow("token in a header of its own")
            << QStringList{QStringLiteral("-H"), QStringLiteral("PlixerAccessToken: 0123456789abcdef")} << two << 200
            << 2;
        QTest::newRow("gzip that is none")
            << good + QStringList{QStringLiteral("-H"), QStringLiteral("Content-Encoding: gzip")}
            << QByteArray("\x1F\x8B broken") << 200 << 0;
        QTest::newRow("plain that is called gzip")
            << good + QStringList{QStringLiteral("-H"), QStringLiteral("Content-Encoding: gzip")} << two << 200 << 2;
        QTest::newRow("another encoding")
            << good + QStringList{QStringLiteral("-H"), QStringLiteral("Content-Encoding: br")} << two << 415 << 0;
        QTest::newRow("too large") << good << QByteArray(3'000'000, 'x') << 413 << 0;
        QTest::newRow("too large, in chunks")
            << good + QStringList{QStringLiteral("-H"), QStringLiteral("Transfer-Encoding: chunked")}
            << QByteArray(2'500'000, 'x') << 413 << 0;
        QTest::newRow("DELETE") << good + QStringList{QStringLiteral("-X"), QStringLiteral("DELETE")} << two << 405
                                << 0;
    }
    void requests()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(int, records);
        CloudReceiverOptions options;
        options.tokenHash = tokenHash("0123456789abcdef\n");
        options.maxBodyBytes = 2'000'000;
        const auto server = receiver(options);
        QVERIFY(server);
        QCOMPARE(curl(post(url(*server), arguments), body), status);
        if (records >= 0) {
            QCOMPARE(static_cast<int>(fresh()), records);
        }
    }

    /// With a known format a line is a record, whatever it looks like.
    void linesOfAKnownFormat()
    {
        CloudReceiverOptions options;
        options.lines = true;
        const auto server = receiver(options);
        QCOMPARE(curl(post(url(*server)), "{a|b\nurl,action,user\n[x] {\"y\"|\"two\n"), 200);
        QCOMPARE(fresh(), std::size_t{3});
    }

    void probes()
    {
        CloudReceiverOptions options;
        options.tokenHash = tokenHash("0123456789abcdef");
        const auto server = receiver(options);
        QCOMPARE(curl({url(*server)}), 200);
        QCOMPARE(curl({QStringLiteral("-I"), url(*server)}), 200);
        QCOMPARE(curl({QStringLiteral("-H"), QStringLiteral("X-Api-Key: wrong"), url(*server)}), 401);
    }

    void overloadedOrNotStored()
    {
        const auto server = receiver();
        m_intake.open(false);
        QCOMPARE(curl(post(url(*server)), "{\"a\":1}\n"), 503);
        m_intake.open(true);
        m_intake.setStoring(false);
        QCOMPARE(curl(post(url(*server)), "{\"a\":1}\n"), 503);
        m_intake.setStoring(true);
        QCOMPARE(curl(post(url(*server)), "{\"a\":1}\n"), 200);
        QTRY_COMPARE(m_intake.deliveries(), m_intake.ended());
    }

    void https()
    {
        CloudReceiverOptions options;
        options.certificate = m_folder / "cert.pem";
        options.key = m_folder / "key.pem";
        const auto server = receiver(options);
        QVERIFY(server);
        const QStringList trust{QStringLiteral("--cacert"), file("cert.pem")};
        QCOMPARE(curl(post(url(*server, "https"), trust), "{\"a\":1}\n{\"a\":2}\n"), 200);
        QCOMPARE(fresh(), std::size_t{2});
        QCOMPARE(curl(post(url(*server)), "{\"a\":1}\n"), 0); // plain HTTP is not answered
    }

    void slowLoris()
    {
        CloudReceiverOptions options;
        options.idleSeconds = 1;
        options.requestMicros = 2 * kMicrosPerSecond;
        const auto server = receiver(options);
        const Client headers(server->endpoint().port);
        const Client body(server->endpoint().port);
        std::vector<Client> idle;
        for (int i = 0; i < 200; ++i) {
            idle.emplace_back(server->endpoint().port);
        }
        headers.send("POST / HTTP/1.1\r\nHost: x\r\n");
        body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        QElapsedTimer time;
        time.start();
        bool headersOpen = true;
        bool bodyOpen = true;
        while ((headersOpen || bodyOpen) && time.elapsed() < 8'000) { // a byte every 200 ms: never idle
            headersOpen = headersOpen && headers.send("X");
            bodyOpen = bodyOpen && body.send("x");
            QTest::qWait(200);
        }
        QVERIFY(!headersOpen);
        QVERIFY(!bodyOpen);
        QCOMPARE(curl(post(url(*server)), "{\"a\":1}\n"), 200);
    }

    void outsideNeedsAToken()
    {
        CloudReceiverOptions options;
        options.endpoint = *Endpoint::parse("0.0.0.0:0");
        const auto refused = CloudReceiver::start(options, m_intake, m_health);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, std::string("NJ-SOURCES-026"));
    }

    void endpoints_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("whole") << QStringLiteral("192.0.2.1:9014") << QStringLiteral("192.0.2.1:9014");
        QTest::newRow("port") << QStringLiteral("9014") << QStringLiteral("127.0.0.1:9014");
        QTest::newRow("colon and port") << QStringLiteral(":9014") << QStringLiteral("127.0.0.1:9014");
        QTest::newRow("localhost") << QStringLiteral("localhost:1") << QStringLiteral("127.0.0.1:1");
        QTest::newRow("IPv6") << QStringLiteral("[::1]:9014") << QStringLiteral("[::1]:9014");
        QTest::newRow("name") << QStringLiteral("example.com:9014") << QString();
        QTest::newRow("no port") << QStringLiteral("127.0.0.1:") << QString();
        QTest::newRow("large port") << QStringLiteral("127.0.0.1:70000") << QString();
        QTest::newRow("nothing") << QString() << QString();
    }
    void endpoints()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        const auto endpoint = Endpoint::parse(text.toStdString());
        QCOMPARE(endpoint.has_value(), !shown.isEmpty());
        if (endpoint) {
            QCOMPARE(QString::fromStdString(endpoint->toString()), shown);
        }
    }

    void health()
    {
        HealthMeter meter(systemClock(), 1);
        meter.received(10);
        const Timestamp now = systemClock().now();
        std::vector<Timestamp> times;
        for (int i = 1; i <= 100; ++i) {
            times.push_back(now - i * kMicrosPerSecond);
        }
        HealthMeter::Stored stored;
        stored.records = 100;
        stored.events = 100;
        stored.receivedAt = now;
        meter.stored(stored, times);
        for (int i = 0; i < 1'000; ++i) {
            meter.invalid({"NJ-X-" + std::to_string(i), "t", "r", {}, {}}, std::string(10'000, 'x'));
            meter.notice("n" + std::to_string(i));
        }
        const Health health = meter.health();
        QVERIFY(std::abs(health.lag.p50 - 50) < 6);
        QVERIFY(std::abs(health.lag.p95 - 95) < 10);
        QCOMPARE(health.lag.max, 100.0);
        QCOMPARE(health.lastEvent, now - kMicrosPerSecond);
        QVERIFY(health.silent);
        QVERIFY(health.invalid.size() <= 32);
        QVERIFY(health.notices.size() <= 32);
        QVERIFY(health.invalid.front().sample.size() <= 512);
        meter.received(1);
        QVERIFY(!meter.health().gaps.empty());
    }
};

QTEST_GUILESS_MAIN(ReceiversTest)
#include "tst_receivers.moc"
