// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QFile>

using namespace nightjar::testsupport;

/// A followed file: appended, rotated, cut, and the program killed and started again. Every record once.
class FollowTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString m_log;
    QString m_workspace;

    void append(int from, int to)
    {
        QFile file(m_log);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Append));
        for (int i = from; i < to; ++i) {
            file.write(webRecord(i));
        }
    }
    int stored() const
    {
        return nightjarCli({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), m_workspace})
            .first()
            .value(QStringLiteral("count"))
            .toInt();
    }
    bool reaches(int count) const
    {
        for (int i = 0; i < 100; ++i) {
            if (stored() >= count) {
                return stored() == count;
            }
            QTest::qWait(50);
        }
        return false;
    }
    void start(QProcess &tail) const
    {
        tail.start(QStringLiteral(NIGHTJAR_CLI), {QStringLiteral("tail"), QStringLiteral("-w"), m_workspace, m_log});
        QVERIFY(tail.waitForStarted());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_log = QString::fromStdString((m_folder / "web.log").string());
        m_workspace = QString::fromStdString((m_folder / "w").string());
    }

    void everyRecordOnce()
    {
        append(1, 101);
        QProcess tail;
        start(tail);
        QVERIFY(reaches(100));
        append(101, 201);
        QVERIFY(reaches(200));
        // Rotation by rename, and a new file.
        QVERIFY(QFile::rename(m_log, m_log + QStringLiteral(".1")));
        append(201, 301);
        QVERIFY(reaches(300));
        // Killed; what is written meanwhile is read at the next start.
        tail.kill();
        QVERIFY(tail.waitForFinished(10'000));
        append(301, 401);
        start(tail);
        QVERIFY(reaches(400));
        // A record that is written in two halves is one record.
        const QByteArray record = webRecord(401);
        QFile file(m_log);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Append));
        file.write(record.left(50));
        file.flush();
        QTest::qWait(1'500);
        file.write(record.mid(50));
        file.close();
        QVERIFY(reaches(401));
        tail.terminate();
        QVERIFY(tail.waitForFinished(10'000));
        QCOMPARE(tail.exitCode(), 0);
        QCOMPARE(nightjarCli({QStringLiteral("quarantine"), QStringLiteral("list"), QStringLiteral("-w"), m_workspace})
                     .lines()
                     .size(),
                 0);
    }
};

QTEST_GUILESS_MAIN(FollowTest)
#include "tst_follow.moc"
