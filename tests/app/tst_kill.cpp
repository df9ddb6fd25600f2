// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QFile>
#include <QRandomGenerator>

using namespace nightjar::testsupport;

/// kill -9 at random moments of an import, then the same import again: every record once, none lost.
class KillTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRecordOnce()
    {
        constexpr int kRecords = 150'000;
        constexpr int kKills = 20;
        const TemporaryFolder folder;
        QFile file(QString::fromStdString((folder / "big.ndjson").string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < kRecords; ++i) {
            file.write(webRecord(i + 1)); // an id of 0 counts as none
        }
        file.close();
        const QString workspace = QString::fromStdString((folder / "w").string());
        const QStringList arguments{QStringLiteral("import"), QStringLiteral("--json"), QStringLiteral("-w"), workspace,
                                    file.fileName()};
        QRandomGenerator random(7);
        int killed = 0;
        for (int i = 0; i < kKills; ++i) {
            QProcess process;
            process.start(QStringLiteral(NIGHTJAR_CLI), arguments);
            QVERIFY(process.waitForStarted());
            if (!process.waitForFinished(random.bounded(5, 600))) {
                process.kill();
                process.waitForFinished(10'000);
                ++killed;
            }
        }
        QVERIFY(killed > 0);
        const Run last = nightjarCli(arguments);
        QVERIFY2(last.exitCode == 0, last.err.constData());
        const Run count =
            nightjarCli({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), workspace});
        QCOMPARE(count.first().value(QStringLiteral("count")).toInt(), kRecords);
        const Run ids = nightjarCli({QStringLiteral("search"), QStringLiteral("--facet"), QStringLiteral("event.id"),
                                     QStringLiteral("--top"), QStringLiteral("1"), QStringLiteral("-w"), workspace});
        QCOMPARE(ids.first().value(QStringLiteral("event.id")).toObject().value(QStringLiteral("distinct")).toInt(),
                 kRecords);
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "tst_kill.moc"
