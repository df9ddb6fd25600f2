// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener.h"

using namespace nightjar::testsupport;

/// nightjar-cli listen with curl and logger, bad records and wrong use.
class ListenTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString file(const char *name) const { return QString::fromStdString((m_folder / name).string()); }
    static int count(const QJsonObject &object, const char *key)
    {
        return object.value(QString::fromLatin1(key)).toInt(-1);
    }
    static QJsonObject health(const QJsonObject &source) { return source.value(QStringLiteral("health")).toObject(); }

private Q_SLOTS:
    void curlAndRetries()
    {
        const QString workspace = file("curl");
        writeFile(file("token"), "0123456789abcdef\n");
        Listener listener(workspace, {QStringLiteral("--http"), QStringLiteral("127.0.0.1:0"),
                                      QStringLiteral("--token-file"), file("token")});
        const QStringList token{QStringLiteral("-H"), QStringLiteral("Authorization: Splunk 0123456789abcdef")};
        QCOMPARE(curlPost(listener.url(), webRecords(1, 101)), 401);
        QCOMPARE(curlPost(listener.url(), webRecords(1, 101), token), 200);
        QCOMPARE(storedIn(workspace), 100); // durable before the answer
        QCOMPARE(curlPost(listener.url(), webRecords(1, 101), token), 200);
        QCOMPARE(curlPost(listener.url(), webRecords(51, 151), token), 200);
        QCOMPARE(curlPost(listener.url(), "utter nonsense\n" + webRecords(151, 152), token), 200);
        QCOMPARE(storedIn(workspace), 151);
        const QJsonObject summary = listener.stop();
        QCOMPARE(listener.exitCode(), 1); // something stands in quarantine
        QCOMPARE(count(summary, "events"), 151);
        QCOMPARE(count(summary, "duplicates"), 150);
        const QJsonObject source = sourceOf(workspace, QStringLiteral("cloud-nss"));
        QCOMPARE(source.value(QStringLiteral("state")).toString(), QStringLiteral("stopped"));
        QCOMPARE(count(health(source), "refused"), 1);
        QVERIFY(!health(source).value(QStringLiteral("invalid")).toArray().isEmpty());
        QVERIFY(!health(source).value(QStringLiteral("last_event")).toString().isEmpty());
        QVERIFY(!QJsonDocument(source).toJson().contains("0123456789abcdef"));
    }

    void gzipByCurl()
    {
        const QString workspace = file("gzip");
        Listener listener(workspace, {QStringLiteral("--http"), QStringLiteral("127.0.0.1:0")});
        QProcess gzip;
        gzip.start(QStringLiteral("gzip"), {QStringLiteral("-c")});
        gzip.write(webRecords(1, 5'001));
        gzip.closeWriteChannel();
        QVERIFY(gzip.waitForFinished());
        const QByteArray packed = gzip.readAllStandardOutput();
        const QStringList encoded{QStringLiteral("-H"), QStringLiteral("Content-Encoding: gzip")};
        QCOMPARE(curlPost(listener.url(), packed, encoded), 200);
        QCOMPARE(storedIn(workspace), 5'000);
        // Cut: what can be read is known, the rest is set aside.
        QCOMPARE(curlPost(listener.url(), packed.left(packed.size() / 2), encoded), 200);
        QCOMPARE(storedIn(workspace), 5'000);
        listener.stop();
        const QByteArray list =
            nightjarCli({QStringLiteral("quarantine"), QStringLiteral("list"), QStringLiteral("-w"), workspace}).out;
        QVERIFY(list.contains("NJ-SOURCES-025"));
        QVERIFY(list.contains("raw_base64"));
    }

    void logger()
    {
        const QString workspace = file("logger");
        Listener listener(workspace, {QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0")});
        writeFile(file("lines"), webRecords(1, 1'001));
        const QStringList common{QStringLiteral("-T"),    QStringLiteral("-n"),    QStringLiteral("127.0.0.1"),
                                 QStringLiteral("-P"),    listener.port("syslog"), QStringLiteral("--size"),
                                 QStringLiteral("64KiB"), QStringLiteral("-f"),    file("lines")};
        QCOMPARE(QProcess::execute(QStringLiteral("logger"), common), 0);
        QCOMPARE(storedSoon(workspace, 1'000), 1'000);
        writeFile(file("lines"), webRecords(1'001, 2'001));
        QCOMPARE(QProcess::execute(QStringLiteral("logger"), common + QStringList{QStringLiteral("--octet-count")}), 0);
        QCOMPARE(storedSoon(workspace, 2'000), 2'000);
        QCOMPARE(count(listener.stop(), "quarantined"), 0);
    }

    void quarantineRetry()
    {
        const QString workspace = file("retry");
        const QByteArray rows("Thu Mar 12 10:10:10 2026|jdoe@corp.example|Allowed|a.example/x|News\n"
                              "Thu Mar 12 10:10:11 2026|jdoe@corp.example|Blocked|b.example/x|News\n");
        {
            Listener listener(workspace, {QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0"),
                                          QStringLiteral("--http"), QStringLiteral("127.0.0.1:0")});
            QCOMPARE(curlPost(listener.url(), rows + "utter nonsense\n"), 200);
            listener.stop();
        }
        const auto quarantine = [&](const char *verb) {
            return nightjarCli(
                {QStringLiteral("quarantine"), QString::fromLatin1(verb), QStringLiteral("-w"), workspace});
        };
        const qsizetype before = quarantine("list").lines().size();
        QCOMPARE(before, 3);
        QCOMPARE(quarantine("export").lines().size(), before);
        const Run retried = quarantine("retry");
        QCOMPARE(retried.exitCode, 1);
        QCOMPARE(count(retried.first(), "tried"), static_cast<int>(before));
        QCOMPARE(count(retried.first(), "left"), static_cast<int>(before));
        QCOMPARE(quarantine("list").lines().size(), before);
        // With the feed's format two of them parse, and leave.
        writeFile(file("web.format"), "%s{time}|%s{login}|%s{action}|%s{url}|%s{urlcat}\\n");
        const Run known = nightjarCli({QStringLiteral("quarantine"), QStringLiteral("retry"), QStringLiteral("-w"),
                                       workspace, QStringLiteral("--format"), file("web.format")});
        QCOMPARE(count(known.first(), "events"), 2);
        QCOMPARE(count(known.first(), "left"), 1);
        QCOMPARE(quarantine("list").lines().size(), 1);
        QCOMPARE(storedIn(workspace), 2);
        // A listener that is told the format needs no second look.
        Listener listener(workspace, {QStringLiteral("--http"), QStringLiteral("127.0.0.1:0"),
                                      QStringLiteral("--format"), file("web.format")});
        QCOMPARE(curlPost(listener.url(), "Thu Mar 12 10:10:12 2026|jdoe@corp.example|Allowed|c.example/x|News\n"),
                 200);
        QCOMPARE(storedIn(workspace), 3);
        listener.stop();
        QCOMPARE(listener.exitCode(), 0);
    }

    void latency()
    {
        const QString workspace = file("latency");
        Listener listener(workspace, {QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0")});
        QProcess sender;
        sender.start(QStringLiteral("logger"),
                     {QStringLiteral("-T"), QStringLiteral("-n"), QStringLiteral("127.0.0.1"), QStringLiteral("-P"),
                      listener.port("syslog"), QStringLiteral("--size"), QStringLiteral("64KiB")});
        QVERIFY(sender.waitForStarted());
        for (int i = 1; i <= 20; ++i) {
            sender.write(webRecord(i));
            QTest::qWait(100);
        }
        sender.closeWriteChannel();
        QVERIFY(sender.waitForFinished());
        QCOMPARE(storedSoon(workspace, 20), 20);
        const QJsonObject summary = listener.stop();
        const QJsonObject source = summary.value(QStringLiteral("sources")).toArray().first().toObject();
        const double p95 =
            health(source).value(QStringLiteral("latency_seconds")).toObject().value(QStringLiteral("p95")).toDouble();
        QVERIFY2(p95 > 0 && p95 <= 2, QByteArray::number(p95).constData());
    }

    void wrongUse()
    {
        const auto code = [&](const QStringList &arguments) {
            return nightjarCli(QStringList{QStringLiteral("listen"), QStringLiteral("-w"), file("wrong")} + arguments)
                .exitCode;
        };
        QCOMPARE(code({}), 2);
        QCOMPARE(code({QStringLiteral("--syslog-tls"), QStringLiteral("127.0.0.1:0")}), 2);
        QCOMPARE(code({QStringLiteral("--syslog"), QStringLiteral("nowhere")}), 3);
        QCOMPARE(code({QStringLiteral("--http"), QStringLiteral("0.0.0.0:0")}), 3); // needs a token
        QCOMPARE(code({QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--allow"),
                       QStringLiteral("here")}),
                 3);
    }
};

QTEST_GUILESS_MAIN(ListenTest)
#include "tst_listen.moc"
