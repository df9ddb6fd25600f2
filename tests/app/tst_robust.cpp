// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <csignal>

#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace nightjar::testsupport;

namespace {

constexpr int kRecords = 6'000;

/// A file system of its own with so many kilobytes; gone with the object.
class SmallDisk {
public:
    explicit SmallDisk(const QString &place)
        : m_place(place.toLocal8Bit())
    {
        QDir().mkpath(place);
    }
    ~SmallDisk()
    {
        if (m_mounted) {
            ::umount2(m_place.constData(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool resize(int kilobytes)
    {
        const QByteArray options = "mode=0700,size=" + QByteArray::number(kilobytes) + "k";
        const unsigned long flags = m_mounted ? MS_REMOUNT : 0;
        const bool done = ::mount("tmpfs", m_place.constData(), "tmpfs", flags, options.constData()) == 0;
        m_mounted = m_mounted || done;
        return done;
    }

private:
    QByteArray m_place;
    bool m_mounted = false;
};

/// Permissions bind the child even when it is root.
void obeyPermissions()
{
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
    ::prctl(PR_CAPBSET_DROP, CAP_FOWNER, 0, 0, 0);
}

} // namespace

/// A disk, permissions and a clock that do not do what one hopes for.
class RobustTest : public QObject {
    Q_OBJECT
    TemporaryFolder m_folder;
    int m_round = 0;

    [[nodiscard]] QString path(const QString &name) const
    {
        return QString::fromStdString((m_folder.path() / name.toStdString()).string());
    }
    /// Records that do not compress, about half a kilobyte each.
    QString records(int first, int count)
    {
        QRandomGenerator random(static_cast<quint32>(first + 1));
        QFile file(path(QStringLiteral("in%1.ndjson").arg(m_round++)));
        if (!file.open(QIODevice::WriteOnly)) {
            return {};
        }
        for (int i = first; i < first + count; ++i) {
            QByteArray noise(200, '\0');
            for (char &c : noise) {
                c = static_cast<char>(random.bounded(256));
            }
            file.write(webRecord(i + 1, QByteArray(",~useragent~:~").replace('~', '"') + noise.toHex() + "\""));
        }
        return file.fileName();
    }
    static Run run(const QStringList &arguments, const std::function<void()> &inChild = {},
                   const QString &program = QStringLiteral(NIGHTJAR_CLI))
    {
        QProcess process;
        if (inChild) {
            process.setChildProcessModifier(inChild);
        }
        process.start(program, arguments);
        process.closeWriteChannel();
        process.waitForFinished(60'000);
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
                process.readAllStandardError()};
    }
    static QStringList import(const QString &workspace, const QString &file)
    {
        return {QStringLiteral("import"), QStringLiteral("--json"), QStringLiteral("-w"), workspace, file};
    }
    static int count(const QString &workspace)
    {
        const Run counted = run({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), workspace});
        return counted.first().value(QStringLiteral("count")).toInt(-1);
    }
    static int distinctIds(const QString &workspace)
    {
        const Run ids = run({QStringLiteral("search"), QStringLiteral("--facet"), QStringLiteral("event.id"),
                             QStringLiteral("--top"), QStringLiteral("1"), QStringLiteral("-w"), workspace});
        return ids.first().value(QStringLiteral("event.id")).toObject().value(QStringLiteral("distinct")).toInt();
    }

private Q_SLOTS:
    void aFullDisk_data()
    {
        QTest::addColumn<int>("kilobytes");
        QTest::newRow("before the first block") << 700;
        QTest::newRow("in the events") << 2'500;
    }
    void aFullDisk()
    {
        QFETCH(int, kilobytes);
        SmallDisk disk(path(QStringLiteral("disk%1").arg(kilobytes)));
        if (!disk.resize(kilobytes)) {
            QSKIP("a small disk cannot be mounted here (only root may)");
        }
        const QString workspace = path(QStringLiteral("disk%1/w").arg(kilobytes));
        const QString file = records(0, kRecords);
        const Run full = run(import(workspace, file));
        QCOMPARE(full.exitCode, 3);
        QVERIFY2(full.err.contains("NJ-STORE-003") && full.err.contains("The disk is full") &&
                     full.err.contains("Free some space"),
                 full.err.constData());
        QVERIFY(disk.resize(64'000));
        const Run freed = run(import(workspace, file));
        QVERIFY2(freed.exitCode == 0, freed.said().constData());
        QCOMPARE(count(workspace), kRecords);
        QCOMPARE(distinctIds(workspace), kRecords);
    }

    void aLimitOnTheSizeOfFiles()
    {
        const QString workspace = path(QStringLiteral("limited"));
        const QString file = records(0, kRecords);
        const Run limited = run(import(workspace, file), [] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{1'000'000, 1'000'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        });
        QCOMPARE(limited.exitCode, 3);
        QVERIFY2(limited.err.contains("NJ-STORE-00"), limited.err.constData());
        const Run freed = run(import(workspace, file));
        QVERIFY2(freed.exitCode == 0, freed.said().constData());
        QCOMPARE(count(workspace), kRecords);
        QCOMPARE(distinctIds(workspace), kRecords);
    }

    void aReadOnlyWorkspace()
    {
        const QString workspace = path(QStringLiteral("readonly"));
        QCOMPARE(run(import(workspace, records(0, 10))).exitCode, 0);
        QCOMPARE(QProcess::execute(QStringLiteral("chmod"), {QStringLiteral("-R"), QStringLiteral("a-w"), workspace}),
                 0);
        const Run written = run(import(workspace, records(10, 10)), obeyPermissions);
        const Run read = run({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), workspace},
                             obeyPermissions);
        const Run dry = run({QStringLiteral("block"), QStringLiteral("evil.example"), QStringLiteral("--dry-run"),
                             QStringLiteral("-w"), workspace},
                            obeyPermissions);
        QCOMPARE(QProcess::execute(QStringLiteral("chmod"), {QStringLiteral("-R"), QStringLiteral("u+w"), workspace}),
                 0);
        QCOMPARE(written.exitCode, 3);
        QVERIFY2(written.err.contains("NJ-STORE-002") && written.err.contains("permissions"), written.err.constData());
        QVERIFY2(read.exitCode == 0, read.err.constData());
        QCOMPARE(read.first().value(QStringLiteral("count")).toInt(), 10);
        QVERIFY2(dry.exitCode == 0, dry.err.constData());
        QCOMPARE(count(workspace), 10);
    }

    void noPermission()
    {
        const QString workspace = path(QStringLiteral("closed/w"));
        QDir().mkpath(path(QStringLiteral("closed")));
        QCOMPARE(run(import(workspace, records(0, 10))).exitCode, 0);
        const QByteArray closed = path(QStringLiteral("closed")).toLocal8Bit();
        ::chmod(closed.constData(), 0);
        const Run there = run({QStringLiteral("alerts"), QStringLiteral("-w"), workspace}, obeyPermissions);
        const Run made = run(import(path(QStringLiteral("closed/new")), records(10, 10)), obeyPermissions);
        ::chmod(closed.constData(), 0700);
        for (const Run *refused : {&there, &made}) {
            QCOMPARE(refused->exitCode, 3);
            QVERIFY2(refused->err.contains("NJ-WORK-002") && refused->err.contains("Permission denied") &&
                         refused->err.contains("closed"),
                     refused->err.constData());
        }
        const QString secret = records(20, 10);
        ::chmod(secret.toLocal8Bit().constData(), 0);
        const Run unread = run(import(workspace, secret) + QStringList{records(30, 10)}, obeyPermissions);
        QCOMPARE(unread.exitCode, 1); // the other file is imported
        QVERIFY2(unread.err.contains("NJ-SOURCES-003") && unread.err.contains(secret.toLocal8Bit()),
                 unread.err.constData());
        QCOMPARE(count(workspace), 20);
    }

    void aWorkspaceThatIsAFile()
    {
        const Run onAFile = run(import(records(0, 1), records(1, 1)));
        QCOMPARE(onAFile.exitCode, 3);
        QVERIFY2(onAFile.err.contains("NJ-WORK-002") && onAFile.err.contains("no folder"), onAFile.err.constData());
    }

    void aClockThatJumps()
    {
        const QString faketime = QStandardPaths::findExecutable(QStringLiteral("faketime"));
        if (faketime.isEmpty()) {
            QSKIP("faketime is not installed");
        }
        const QString workspace = path(QStringLiteral("clock"));
        const QString ahead = records(200, 100);
        QCOMPARE(run(import(workspace, records(0, 100))).exitCode, 0);
        const auto at = [&](const char *time, const QString &file) {
            return run(QStringList{QString::fromLatin1(time), QStringLiteral(NIGHTJAR_CLI)} + import(workspace, file),
                       {}, faketime);
        };
        QCOMPARE(at("2001-01-01 00:00:00", records(100, 100)).exitCode, 0);
        QCOMPARE(at("2099-06-01 00:00:00", ahead).exitCode, 0);
        const Run again = run(import(workspace, ahead));
        QVERIFY2(again.exitCode == 0, again.said().constData());
        QCOMPARE(again.first().value(QStringLiteral("events")).toInt(), 0);
        QCOMPARE(count(workspace), 300);
        QCOMPARE(distinctIds(workspace), 300);
    }
};

QTEST_GUILESS_MAIN(RobustTest)
#include "tst_robust.moc"
