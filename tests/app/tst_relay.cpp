// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener.h"

#include <QDir>

using namespace nightjar::testsupport;

/// nightjar-cli listen behind rsyslog, and on folders that fill.
class RelayTest : public QObject {
    Q_OBJECT
private:
    TemporaryFolder m_folder;
    QString file(const char *name) const { return QString::fromStdString((m_folder / name).string()); }
    static int count(const QJsonObject &object, const char *key)
    {
        return object.value(QString::fromLatin1(key)).toInt(-1);
    }

    /// Runs rsyslogd on a file until `workspace` has the records.
    int rsyslog(const QString &workspace, const QString &port, const QByteArray &lines, bool counted, int wanted)
    {
        const QString name = counted ? file("rsyslog-counted") : file("rsyslog-lines");
        QDir().mkpath(name);
        writeFile(name + QStringLiteral("/in.log"), lines);
        const QString framing = counted ? QStringLiteral(" TCP_Framing=\"octet-counted\"") : QString();
        writeFile(name + QStringLiteral("/conf"),
                  (QStringLiteral("global(workDirectory=\"") + name + QStringLiteral("\" maxMessageSize=\"64k\")\n") +
                   QStringLiteral("module(load=\"imfile\" mode=\"polling\" pollingInterval=\"1\")\n") +
                   QStringLiteral("input(type=\"imfile\" File=\"") + name +
                   QStringLiteral("/in.log\" Tag=\"zscaler-nss\" Facility=\"local0\")\n") +
                   QStringLiteral("*.* action(type=\"omfwd\" Target=\"127.0.0.1\" Port=\"") + port +
                   QStringLiteral("\" Protocol=\"tcp\"") + framing + QStringLiteral(")\n"))
                      .toUtf8());
        QProcess daemon;
        daemon.start(QStringLiteral("/usr/sbin/rsyslogd"),
                     {QStringLiteral("-n"), QStringLiteral("-f"), name + QStringLiteral("/conf"), QStringLiteral("-i"),
                      name + QStringLiteral("/pid")});
        daemon.waitForStarted();
        const int stored = storedSoon(workspace, wanted);
        daemon.kill();
        daemon.waitForFinished();
        return stored;
    }

private Q_SLOTS:
    void rsyslog()
    {
        const QString workspace = file("rsyslog");
        Listener listener(workspace, {QStringLiteral("--syslog"), QStringLiteral("127.0.0.1:0")});
        QCOMPARE(rsyslog(workspace, listener.port("syslog"), webRecords(1, 501), false, 500), 500);
        QCOMPARE(rsyslog(workspace, listener.port("syslog"), webRecords(501, 1'001), true, 1'000), 1'000);
        QCOMPARE(count(listener.stop(), "quarantined"), 0);
    }

    void folder()
    {
        const QString workspace = file("folder");
        const QString bucket = file("bucket");
        QDir().mkpath(bucket + QStringLiteral("/2026/03/12"));
        const QString object = bucket + QStringLiteral("/2026/03/12/web-1.json");
        const QStringList arguments{QStringLiteral("--watch"), bucket};
        {
            Listener listener(workspace, arguments);
            writeFile(object, webRecords(1, 101));
            writeFile(bucket + QStringLiteral("/web-2.json.part"), webRecords(901, 902));
            writeFile(bucket + QStringLiteral("/copy.json"), webRecords(1, 101) + webRecords(101, 151));
            QCOMPARE(storedSoon(workspace, 150), 150);
            listener.stop();
        }
        Listener again(workspace, arguments);
        writeFile(bucket + QStringLiteral("/late.json"), webRecords(151, 152));
        QCOMPARE(storedSoon(workspace, 151), 151);
        const QJsonObject summary = again.stop();
        QCOMPARE(count(summary, "records"), 1); // the others were not even read again
    }
};

QTEST_GUILESS_MAIN(RelayTest)
#include "tst_relay.moc"
