// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QFile>
#include <QJsonArray>

using namespace nightjar::testsupport;

/// The demo as a new user runs it: every planted attack is found, a block goes out and comes back.
class DemoTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString m_workspace;

    QStringList with(QStringList arguments) const { return arguments << QStringLiteral("-w") << m_workspace; }

private Q_SLOTS:
    void initTestCase()
    {
        m_workspace = QString::fromStdString((m_folder / "demo").string());
        const Run demo = nightjarCli(with({QStringLiteral("demo"), QStringLiteral("--json")}));
        QVERIFY2(demo.exitCode == 0, demo.err.constData());
        QVERIFY(demo.first().value(QStringLiteral("events")).toInt() >= 200'000);
        QVERIFY(demo.first().value(QStringLiteral("quarantined")).toInt() == 0);
    }

    void everyPlantedAttackIsFound_data()
    {
        QTest::addColumn<QString>("engine");
        QTest::addColumn<QString>("part");
        QTest::newRow("beacon") << QStringLiteral("anomaly") << QStringLiteral("eacon");
        QTest::newRow("exfiltration") << QStringLiteral("anomaly") << QStringLiteral("upload[.]dropsilo");
        QTest::newRow("made-up names") << QStringLiteral("anomaly") << QStringLiteral("made-up names");
        QTest::newRow("indicators") << QStringLiteral("intel") << QStringLiteral("ndicator hit");
        QTest::newRow("rules") << QStringLiteral("sigma") << QString();
        QTest::newRow("verdicts of the service") << QStringLiteral("zscaler") << QString();
    }
    void everyPlantedAttackIsFound()
    {
        QFETCH(QString, engine);
        QFETCH(QString, part);
        const Run alerts = nightjarCli(with({QStringLiteral("alerts")}));
        QCOMPARE(alerts.exitCode, 0);
        int found = 0;
        for (const QJsonObject &alert : alerts.lines()) {
            if (alert.value(QStringLiteral("engine")).toString() == engine &&
                alert.value(QStringLiteral("title")).toString().contains(part)) {
                ++found;
            }
        }
        QVERIFY2(found > 0, qPrintable(engine));
    }

    /// Updaters and pollers are timed like beacons; fourteen days make four anomalies and no more.
    void harmlessHabitsStaySilent()
    {
        int anomalies = 0;
        for (const QJsonObject &alert : nightjarCli(with({QStringLiteral("alerts")})).lines()) {
            if (alert.value(QStringLiteral("engine")).toString() == QStringLiteral("anomaly")) {
                ++anomalies;
                const QString title = alert.value(QStringLiteral("title")).toString();
                QVERIFY2(!title.contains(QStringLiteral("deskware")) && !title.contains(QStringLiteral("alderfinch")),
                         qPrintable(title));
            }
        }
        QVERIFY(anomalies >= 3 && anomalies <= 8);
    }

    void aBlockGoesOutAndComesBack()
    {
        const QString value = QStringLiteral("hxxps://evil[.]example/");
        const Run block =
            nightjarCli(with({QStringLiteral("block"), value, QStringLiteral("--reason"), QStringLiteral("test")}));
        QVERIFY2(block.exitCode == 0, block.said().constData());
        QCOMPARE(block.first().value(QStringLiteral("result")).toString(), QStringLiteral("blocked"));
        QCOMPARE(block.first().value(QStringLiteral("state")).toString(), QStringLiteral("live"));
        const Run list = nightjarCli(with({QStringLiteral("zia"), QStringLiteral("denylist")}));
        QVERIFY2(list.out.contains("evil.example"), list.err.constData());
        QVERIFY(list.first().value(QStringLiteral("simulated")).toBool());
        const Run again = nightjarCli(with({QStringLiteral("block"), QStringLiteral("evil.example")}));
        QCOMPARE(again.first().value(QStringLiteral("result")).toString(), QStringLiteral("already"));
        const Run unblock = nightjarCli(with({QStringLiteral("unblock"), value}));
        QCOMPARE(unblock.first().value(QStringLiteral("result")).toString(), QStringLiteral("unblocked"));
        QVERIFY(!nightjarCli(with({QStringLiteral("zia"), QStringLiteral("denylist")})).out.contains("evil.example"));
        const Run journal = nightjarCli(with({QStringLiteral("journal")}));
        QCOMPARE(journal.lines().size(), 2);
        QCOMPARE(journal.lines().at(0).value(QStringLiteral("action")).toString(), QStringLiteral("unblock"));
        QCOMPARE(journal.lines().at(1).value(QStringLiteral("action")).toString(), QStringLiteral("block"));
    }

    void refusedValuesStayRefused_data()
    {
        QTest::addColumn<QString>("value");
        QTest::newRow("private address") << QStringLiteral("10.1.2.3");
        QTest::newRow("public suffix") << QStringLiteral("co.uk");
        QTest::newRow("single label") << QStringLiteral("intranet");
        QTest::newRow("the vendor's own host") << QStringLiteral("gateway.zscaler.net");
        QTest::newRow("hash") << QStringLiteral("d41d8cd98f00b204e9800998ecf8427f");
        QTest::newRow("own domain") << QStringLiteral("mail.corp.example");
    }
    void refusedValuesStayRefused()
    {
        QFETCH(QString, value);
        QCOMPARE(nightjarCli(with({QStringLiteral("config"), QStringLiteral("set"),
                                   QStringLiteral("respond.own_domains"), QStringLiteral("corp.example")}))
                     .exitCode,
                 0);
        const Run block = nightjarCli(
            with({QStringLiteral("block"), value, QStringLiteral("--yes"), QStringLiteral("--confirm"), value}));
        QCOMPARE(block.exitCode, 1);
        QCOMPARE(block.first().value(QStringLiteral("result")).toString(), QStringLiteral("refused"));
        QVERIFY(!block.first().value(QStringLiteral("why")).toString().isEmpty());
    }

    void searchAgreesWithItself()
    {
        const auto count =
            nightjarCli(with({QStringLiteral("search"), QStringLiteral("log_type:web"), QStringLiteral("--count")}))
                .first()
                .value(QStringLiteral("count"))
                .toInt();
        QVERIFY(count > 0);
        const QJsonObject histogram = nightjarCli(with({QStringLiteral("search"), QStringLiteral("log_type:web"),
                                                        QStringLiteral("--histogram"), QStringLiteral("1d")}))
                                          .first();
        QCOMPARE(histogram.value(QStringLiteral("total")).toInt(), count);
        const Run some = nightjarCli(with({QStringLiteral("search"), QStringLiteral("log_type:web"),
                                           QStringLiteral("--limit"), QStringLiteral("7")}));
        QCOMPARE(some.lines().size(), 7);
        const Run raw =
            nightjarCli(with({QStringLiteral("search"), QStringLiteral("log_type:web"), QStringLiteral("--limit"),
                              QStringLiteral("1"), QStringLiteral("--format"), QStringLiteral("raw")}));
        QVERIFY(raw.out.startsWith("{\"sourcetype\""));
        const Run wrong = nightjarCli(with({QStringLiteral("search"), QStringLiteral("user.nmae:x")}));
        QCOMPARE(wrong.exitCode, 3);
        QVERIFY2(wrong.err.contains("user.name"), wrong.err.constData());
    }

    void triageCanBeUndone()
    {
        const auto before = nightjarCli(with({QStringLiteral("alerts")})).lines().size();
        const Run closed = nightjarCli(with({QStringLiteral("alerts"), QStringLiteral("set"), QStringLiteral("1"),
                                             QStringLiteral("--verdict"), QStringLiteral("benign")}));
        QVERIFY2(closed.exitCode == 0, closed.err.constData());
        QCOMPARE(nightjarCli(with({QStringLiteral("alerts")})).lines().size(), before - 1);
        QCOMPARE(nightjarCli(with({QStringLiteral("alerts"), QStringLiteral("undo")})).exitCode, 0);
        QCOMPARE(nightjarCli(with({QStringLiteral("alerts")})).lines().size(), before);
    }

    void newIndicatorsAreHuntedInThePast()
    {
        const Run top =
            nightjarCli(with({QStringLiteral("search"), QStringLiteral("log_type:web"), QStringLiteral("--facet"),
                              QStringLiteral("url.domain"), QStringLiteral("--top"), QStringLiteral("1")}));
        const QString host = top.first()
                                 .value(QStringLiteral("url.domain"))
                                 .toObject()
                                 .value(QStringLiteral("values"))
                                 .toArray()
                                 .at(0)
                                 .toObject()
                                 .value(QStringLiteral("value"))
                                 .toString();
        QVERIFY(!host.isEmpty());
        const auto file = m_folder / "new.txt";
        QFile list(QString::fromStdString(file.string()));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write("# new\n" + host.toUtf8() + "\n10.0.0.1\n");
        list.close();
        const Run import = nightjarCli(with({QStringLiteral("intel"), QStringLiteral("import"), list.fileName()}));
        QCOMPARE(import.exitCode, 1); // the private address is refused, and said so
        QVERIFY(import.err.contains(":3:"));
        QVERIFY(import.first().value(QStringLiteral("sightings")).toInt() > 0);
        QVERIFY(import.first().value(QStringLiteral("alerts")).toInt() > 0);
        const auto number = import.first().value(QStringLiteral("import")).toInt();
        QCOMPARE(nightjarCli(with({QStringLiteral("intel"), QStringLiteral("undo"), QString::number(number)})).exitCode,
                 0);
        QVERIFY(!nightjarCli(with({QStringLiteral("intel"), QStringLiteral("list"), host})).out.contains("new.txt"));
    }
};

QTEST_GUILESS_MAIN(DemoTest)
#include "tst_demo.moc"
