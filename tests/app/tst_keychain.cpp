// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychain/keychain.h"
#include "tenant.h"

#include <QStandardPaths>

#include <sys/stat.h>

using namespace nightjar;
using namespace nightjar::testsupport;

/// The real Secret Service of GNOME on a session bus of its own, with a key ring of its own.
class KeychainTest : public QObject {
    Q_OBJECT
    CanaryTenant m_tenant;
    QProcess m_bus, m_ring;
    QByteArray m_busAddress;

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *program : {"dbus-daemon", "gnome-keyring-daemon"}) {
            if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty()) {
                QSKIP(qPrintable(QString::fromLatin1(program) + QStringLiteral(" is not installed")));
            }
        }
        QDir().mkpath(m_tenant.path("run"));
        ::chmod(m_tenant.path("run").toLocal8Bit().constData(), 0700);
        m_tenant.environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_tenant.path("run"));
        m_bus.setProcessEnvironment(m_tenant.environment);
        // Without service files: what the bus would start by itself had another, locked key ring.
        QFile config(m_tenant.path("bus.conf"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("<busconfig><type>session</type><listen>unix:dir=" + m_tenant.path("run").toUtf8() +
                     "</listen><policy context='default'><allow send_destination='*' eavesdrop='true'/>"
                     "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>");
        config.close();
        m_bus.start(QStringLiteral("dbus-daemon"),
                    {QStringLiteral("--config-file=") + config.fileName(), QStringLiteral("--nofork"),
                     QStringLiteral("--nopidfile"), QStringLiteral("--print-address")});
        QVERIFY(m_bus.waitForReadyRead(10'000));
        m_busAddress = m_bus.readLine().trimmed();
        m_tenant.environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QString::fromUtf8(m_busAddress));
        m_ring.setProcessEnvironment(m_tenant.environment);
        m_ring.start(
            QStringLiteral("gnome-keyring-daemon"),
            {QStringLiteral("--foreground"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets")});
        m_ring.write("key ring password");
        m_ring.closeWriteChannel();
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_busAddress);
        qputenv("XDG_RUNTIME_DIR", m_tenant.path("run").toUtf8());
        keychain::Keychain keychain("/probe", std::chrono::seconds(10));
        Status there;
        for (int i = 0; i < 50 && !(there = keychain.available()); ++i) {
            QTest::qWait(100);
        }
        if (!there) {
            QSKIP(describe(there.error()).c_str());
        }
    }
    void cleanupTestCase()
    {
        for (QProcess *process : {&m_ring, &m_bus}) {
            process->kill();
            process->waitForFinished();
        }
    }

    void keepsAndForgets()
    {
        keychain::Keychain keychain("/some/workspace");
        QVERIFY(!*keychain.get("a"));
        QVERIFY(!*keychain.remove("a"));
        const std::string value = "canary \xc3\xa4\n'\"; second line";
        auto kept = keychain.set("a", "first");
        QVERIFY2(kept.has_value(), kept ? "" : describe(kept.error()).c_str());
        QVERIFY(keychain.set("a", value).has_value());
        QVERIFY(keychain.set("b", "other").has_value());
        QVERIFY(*keychain.get("a") == value);
        const std::vector<std::string> expected{"a", "b"};
        QVERIFY(keychain.names() == expected);
        keychain::Keychain elsewhere("/another/workspace");
        QVERIFY(!*elsewhere.get("a"));
        QVERIFY(elsewhere.names()->empty());
        QVERIFY(*keychain.remove("a"));
        QVERIFY(!*keychain.get("a"));
        QVERIFY(*keychain.get("b") == "other");
    }

    void theTenantIsFoundInIt()
    {
        const Run connected = m_tenant.run(QStringLiteral("zia connect"), m_tenant.login());
        QVERIFY2(connected.exitCode == 0, connected.said().constData());
        QCOMPARE(connected.first().value(QStringLiteral("kept_in")).toString(), QStringLiteral("system keychain"));
        QVERIFY(!QFile::exists(m_tenant.path("w/secrets.vault")));
        const Run blocked = m_tenant.run(QStringLiteral("block evil.example"));
        QVERIFY2(blocked.exitCode == 0, blocked.said().constData());
        QVERIFY(m_tenant.live("evil.example"));
        const Run unblocked = m_tenant.run(QStringLiteral("unblock evil.example"));
        QVERIFY2(unblocked.exitCode == 0, unblocked.said().constData());
        QCOMPARE(m_tenant.leaks(QString::fromStdString(m_tenant.folder.path().string())), QStringList());
    }

    void movingItToTheVaultEmptiesTheKeychain()
    {
        m_tenant.usePassphrase(CanaryTenant::kPassphrase);
        const Run moved = m_tenant.run(QStringLiteral("zia connect --no-test --place vault"), m_tenant.login());
        QVERIFY2(moved.exitCode == 0, moved.said().constData());
        const QList<QJsonObject> listed = m_tenant.run(QStringLiteral("secrets list")).lines();
        QCOMPARE(listed.size(), 1);
        QCOMPARE(listed.at(0).value(QStringLiteral("place")).toString(), QStringLiteral("vault"));
        QCOMPARE(m_tenant.run(QStringLiteral("zia disconnect")).exitCode, 0);
        QCOMPARE(m_tenant.run(QStringLiteral("secrets list")).lines().size(), 0);
    }

    void aBusThatIsGoneIsTold()
    {
        CanaryTenant alone;
        alone.environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/no/such/bus"));
        const Run asked = alone.run(QStringLiteral("secrets set chat.webhook --place keychain"), "x\n");
        QCOMPARE(asked.exitCode, 3);
        QVERIFY2(asked.err.contains("NJ-WORK-086"), asked.err.constData());
    }
};

QTEST_GUILESS_MAIN(KeychainTest)
#include "tst_keychain.moc"
