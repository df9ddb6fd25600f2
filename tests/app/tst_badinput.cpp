// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QDir>
#include <QFile>

using namespace nightjar::testsupport;

/// Markup, a placeholder, a mnemonic, a bidi override and an escape sequence in one user agent.
static QByteArray hostileAgent()
{
    return QByteArray(",'useragent':'<img src=/etc/hostname> %2 & ~u202e ~u001b[31m'")
        .replace('\'', char(34))
        .replace('~', char(92));
}

/// Every kind of bad input: a clear message, the right exit code, nothing half done.
class BadInputTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString m_workspace;
    int m_round = 0;

    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(QString::fromStdString(m_folder.path().string()) + QStringLiteral("/") + name);
        if (!file.open(QIODevice::WriteOnly)) {
            return {};
        }
        file.write(bytes);
        return file.fileName();
    }
    Run import(const QString &path, const QStringList &more = {})
    {
        return nightjarCli(
            QStringList{QStringLiteral("import"), QStringLiteral("--json"), QStringLiteral("-w"), m_workspace} + more +
            QStringList{path});
    }

private Q_SLOTS:
    void init() { m_workspace = QString::fromStdString((m_folder / ("w" + std::to_string(m_round++))).string()); }

    void files_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("events");
        QTest::addColumn<int>("quarantined");
        QTest::addColumn<int>("exitCode");
        const QByteArray good = webRecord(1) + webRecord(2);
        QTest::newRow("empty") << QByteArray() << 0 << 0 << 0;
        QTest::newRow("binary") << QByteArray::fromHex("7f454c4602010100deadbeef0a00ff") + good << 2 << -1 << 1;
        QTest::newRow("broken JSON between good records")
            << webRecord(1) + QByteArray(webRecord(3)).left(60) + "\n" + webRecord(2) << 2 << -1 << 1;
        QTest::newRow("cut off") << webRecord(1) + webRecord(2).left(100) << 1 << 1 << 1;
        QTest::newRow("unknown CSV columns")
            << QByteArray("datetime,colour,user,url,hostname,action,ClientIP,requestmethod\n"
                          "Thu Mar 12 10:00:00 2026,blue,ada,evil.example/a,evil.example,Allowed,10.0.0.1,GET\n")
            << 1 << 0 << 0;
        QTest::newRow("times of 1970 and 2099")
            << QByteArray(webRecord(1)).replace("2026", "1970") + QByteArray(webRecord(2)).replace("2026", "2099") << 2
            << 0 << 0;
        QTest::newRow("hostile text") << webRecord(1, hostileAgent()) << 1 << 0 << 0;
        QTest::newRow("a very long line")
            << webRecord(1) + webRecord(3).chopped(4) + QByteArray(100 << 20, 'x') + "\n" + webRecord(2) << 2 << 1 << 1;
    }
    void files()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, events);
        QFETCH(int, quarantined);
        QFETCH(int, exitCode);
        const QString path = write(QStringLiteral("in%1.log").arg(m_round), bytes);
        const Run run = import(path);
        QVERIFY2(run.exitCode == exitCode, run.said().constData());
        const QJsonObject summary = run.first();
        QCOMPARE(summary.value(QStringLiteral("events")).toInt(), events);
        const int bad = summary.value(QStringLiteral("quarantined")).toInt();
        QVERIFY2(quarantined < 0 ? bad > 0 : bad == quarantined, run.out.constData());
        const Run kept =
            nightjarCli({QStringLiteral("quarantine"), QStringLiteral("list"), QStringLiteral("-w"), m_workspace});
        QCOMPARE(kept.lines().size(), bad);
        for (const QJsonObject &line : kept.lines()) {
            QVERIFY(
                !line.value(QStringLiteral("error")).toObject().value(QStringLiteral("reason")).toString().isEmpty());
        }
        const Run again = import(path);
        QCOMPARE(again.first().value(QStringLiteral("events")).toInt(), 0);
    }

    void truncatedGzipKeepsWhatCouldBeRead()
    {
        QByteArray plain;
        for (int i = 0; i < 5'000; ++i) {
            plain += webRecord(i);
        }
        const QString path = write(QStringLiteral("whole.ndjson"), plain);
        QCOMPARE(QProcess::execute(QStringLiteral("gzip"), {QStringLiteral("-kf"), path}), 0);
        QFile whole(path + QStringLiteral(".gz"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        const QString cut = write(QStringLiteral("cut.ndjson.gz"), bytes.left(bytes.size() / 2));
        const Run run = import(cut);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("NJ-"), run.err.constData());
        const int some = run.first().value(QStringLiteral("events")).toInt();
        QVERIFY(some > 0 && some < 5'000);
        const Run rest = import(whole.fileName());
        QVERIFY2(rest.exitCode == 0, rest.err.constData());
        QCOMPARE(rest.first().value(QStringLiteral("events")).toInt() + some, 5'000);
    }

    void equalRecordsAreAMultiset()
    {
        const QByteArray twice = webRecord(1) + webRecord(1) + webRecord(2);
        QCOMPARE(import(write(QStringLiteral("twice.ndjson"), twice)).first().value(QStringLiteral("events")).toInt(),
                 3);
        const QByteArray thrice = twice + webRecord(1) + webRecord(3);
        const QJsonObject more = import(write(QStringLiteral("thrice.ndjson"), thrice)).first();
        QCOMPARE(more.value(QStringLiteral("events")).toInt(), 2);
        QCOMPARE(more.value(QStringLiteral("duplicates")).toInt(), 3);
    }

    void noSuchFile()
    {
        const Run run = import(QStringLiteral("/no/such/file"));
        QCOMPARE(run.exitCode, 3);
        QVERIFY(run.err.contains("/no/such/file"));
    }

    void aSecondInstanceIsRefused()
    {
        QCOMPARE(import(write(QStringLiteral("a.ndjson"), webRecord(1))).exitCode, 0);
        const QString followed = write(QStringLiteral("followed.ndjson"), webRecord(2));
        QProcess tail;
        tail.start(QStringLiteral(NIGHTJAR_CLI), {QStringLiteral("tail"), QStringLiteral("-w"), m_workspace, followed});
        QVERIFY(tail.waitForStarted());
        Run second;
        for (int i = 0; i < 100 && second.exitCode != 3; ++i) {
            QTest::qWait(20);
            second = import(followed);
        }
        QCOMPARE(second.exitCode, 3);
        QVERIFY2(second.err.contains("NJ-STORE-010"), second.err.constData());
        const Run reading =
            nightjarCli({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), m_workspace});
        QVERIFY2(reading.exitCode == 0, reading.err.constData());
        tail.terminate();
        QVERIFY(tail.waitForFinished(10'000));
        QCOMPARE(tail.exitCode(), 0);
    }

    void aStoreFromANewerVersionIsRefused()
    {
        QCOMPARE(import(write(QStringLiteral("n.ndjson"), webRecord(1))).exitCode, 0);
        QCOMPARE(
            QProcess::execute(QStringLiteral("python3"),
                              {QStringLiteral("-c"),
                               QStringLiteral("import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('UPDATE "
                                              "schema_version SET version=999'); c.commit()"),
                               m_workspace + QStringLiteral("/catalog.db")}),
            0);
        const Run run = nightjarCli({QStringLiteral("alerts"), QStringLiteral("-w"), m_workspace});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.err.contains("NJ-STORE-006"), run.err.constData());
    }

    void aVanishedSegmentIsToldAndTheRestWorks()
    {
        QCOMPARE(import(write(QStringLiteral("v.ndjson"), webRecord(1))).exitCode, 0);
        QDir segments(m_workspace + QStringLiteral("/events/segments"));
        const QStringList files = segments.entryList({QStringLiteral("*.db*")}, QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString &file : files) {
            QVERIFY(segments.remove(file));
        }
        const Run run =
            nightjarCli({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), m_workspace});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.err.contains("NJ-STORE-011"), run.err.constData());
        QCOMPARE(import(write(QStringLiteral("v2.ndjson"), webRecord(5))).exitCode, 0);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no verb") << QStringList();
        QTest::newRow("unknown verb") << QStringList{QStringLiteral("frobnicate")};
        QTest::newRow("unknown option") << QStringList{QStringLiteral("alerts"), QStringLiteral("--frobnicate")};
        QTest::newRow("no values") << QStringList{QStringLiteral("block")};
    }
    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QCOMPARE(nightjarCli(arguments).exitCode, 2);
    }

    void aWorkspaceThatDoesNotExist()
    {
        const Run run =
            nightjarCli({QStringLiteral("alerts"), QStringLiteral("-w"), QStringLiteral("/no/such/workspace")});
        QCOMPARE(run.exitCode, 3);
        QVERIFY(run.err.contains("NJ-WORK-001"));
    }

    void withoutATenantNothingIsSent()
    {
        const Run run =
            nightjarCli({QStringLiteral("block"), QStringLiteral("evil.example"), QStringLiteral("-w"), m_workspace});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.err.contains("NIGHTJAR_ZIA_"), run.err.constData());
        const Run dry = nightjarCli({QStringLiteral("block"), QStringLiteral("evil.example"),
                                     QStringLiteral("--dry-run"), QStringLiteral("-w"), m_workspace});
        QVERIFY2(dry.exitCode == 0, dry.err.constData());
        QCOMPARE(dry.first().value(QStringLiteral("result")).toString(), QStringLiteral("would_block"));
    }
};

QTEST_GUILESS_MAIN(BadInputTest)
#include "tst_badinput.moc"
