// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

using namespace nightjar::testsupport;

/// What was answered 200 is there after kill -9, once; a slow disk slows the senders and drops nothing.
class ReceiveKillTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString file(const char *name) const { return QString::fromStdString((m_folder / name).string()); }

    static int distinctIds(const QString &workspace)
    {
        return nightjarCli({QStringLiteral("search"), QStringLiteral("--facet"), QStringLiteral("event.id"),
                            QStringLiteral("--top"), QStringLiteral("1"), QStringLiteral("-w"), workspace})
            .first()
            .value(QStringLiteral("event.id"))
            .toObject()
            .value(QStringLiteral("distinct"))
            .toInt();
    }

private Q_SLOTS:
    /// Two senders post; whoever gets no answer posts the same again, as Cloud NSS does.
    void answeredMeansStored()
    {
        constexpr int kBatch = 100;
        constexpr int kBatches = 60;
        const QString workspace = file("w");
        const QStringList arguments{QStringLiteral("--http"), QStringLiteral("127.0.0.1:0")};
        QRandomGenerator random(3);
        int next = 0;
        int kills = 0;
        while (next < kBatches) {
            Listener listener(workspace, arguments);
            const QString url = listener.url();
            QVERIFY(url.size() > 8);
            std::atomic<int> sent = next;
            std::atomic<bool> down = false;
            std::mutex mutex;
            std::vector<bool> answered(kBatches, false);
            const auto post = [&] {
                for (int i = sent++; i < kBatches && !down; i = sent++) {
                    if (curlPost(url, webRecords(1 + i * kBatch, 1 + (i + 1) * kBatch)) == 200) {
                        std::lock_guard lock(mutex);
                        answered[static_cast<std::size_t>(i)] = true;
                    } else {
                        down = true;
                    }
                }
            };
            std::thread one(post);
            std::thread two(post);
            QThread::msleep(static_cast<unsigned long>(random.bounded(60, 180)));
            if (kills < 3) {
                listener.kill();
                ++kills;
            }
            one.join();
            two.join();
            int known = 0;
            for (int i = next; i < kBatches; ++i) {
                known += answered[static_cast<std::size_t>(i)] ? 1 : 0;
            }
            QVERIFY(distinctIds(workspace) >= next * kBatch + known * kBatch);
            while (next < kBatches && answered[static_cast<std::size_t>(next)]) {
                ++next; // what was answered behind a gap is posted again, which must add nothing
            }
        }
        QVERIFY(kills > 0);
        QCOMPARE(storedIn(workspace), kBatches * kBatch);
        QCOMPARE(distinctIds(workspace), kBatches * kBatch);
    }

    void tcpLosesTheLastMomentAndShowsTheGap()
    {
        const QString workspace = file("tcp");
        const QStringList arguments{QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0")};
        {
            Listener listener(workspace, arguments);
            writeFile(file("lines"), webRecords(1, 501));
            QCOMPARE(QProcess::execute(QStringLiteral("logger"),
                                       {QStringLiteral("-T"), QStringLiteral("-n"), QStringLiteral("127.0.0.1"),
                                        QStringLiteral("-P"), listener.port("syslog"), QStringLiteral("--size"),
                                        QStringLiteral("64KiB"), QStringLiteral("-f"), file("lines")}),
                     0);
            QThread::msleep(1'500);
            listener.kill();
        }
        QCOMPARE(storedIn(workspace), 500); // a second has passed: nothing may be missing
        Listener again(workspace, arguments);
        const QJsonObject summary = again.stop();
        const QJsonArray gaps = summary.value(QStringLiteral("sources"))
                                    .toArray()
                                    .first()
                                    .toObject()
                                    .value(QStringLiteral("health"))
                                    .toObject()
                                    .value(QStringLiteral("gaps"))
                                    .toArray();
        QCOMPARE(gaps.size(), 1);
        QVERIFY(
            gaps.first().toObject().value(QStringLiteral("cause")).toString().contains(QStringLiteral("unexpectedly")));
    }

    void aSlowDisk()
    {
        constexpr int kRecords = 10'000;
        const QString workspace = file("slow");
        QProcessEnvironment slow = QProcessEnvironment::systemEnvironment();
        slow.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(NIGHTJAR_SLOWDISK));
        const QStringList arguments{QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--http"),
                                    QStringLiteral("127.0.0.1:0")};
        Listener(workspace, arguments).stop(); // making the workspace takes many flushes
        Listener listener(workspace, arguments, slow);
        QElapsedTimer time;
        time.start();
        QCOMPARE(curlPost(listener.url(), webRecords(1, 101)), 200);
        QVERIFY(time.elapsed() >= 60); // the answer waits for the disk
        writeFile(file("lines"), webRecords(101, kRecords + 1));
        QCOMPARE(QProcess::execute(QStringLiteral("logger"),
                                   {QStringLiteral("-T"), QStringLiteral("-n"), QStringLiteral("127.0.0.1"),
                                    QStringLiteral("-P"), listener.port("syslog"), QStringLiteral("--size"),
                                    QStringLiteral("64KiB"), QStringLiteral("-f"), file("lines")}),
                 0);
        listener.stop();
        QCOMPARE(listener.exitCode(), 0);
        QCOMPARE(storedIn(workspace), kRecords);
    }
};

QTEST_GUILESS_MAIN(ReceiveKillTest)
#include "tst_receivekill.moc"
