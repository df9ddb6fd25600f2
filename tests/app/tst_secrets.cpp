// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tenant.h"

using namespace nightjar::testsupport;

/// A tenant's login in the vault file and in the environment: used, and told nowhere.
class SecretsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noSecretIsFoundAnywhere()
    {
        CanaryTenant tenant;
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        const Run connected = tenant.run(QStringLiteral("zia connect --place vault"), tenant.login());
        QVERIFY2(connected.exitCode == 0, connected.said().constData());
        QCOMPARE(connected.first().value(QStringLiteral("status")).toString(), QStringLiteral("ACTIVE"));
        QVERIFY(
            connected.first().value(QStringLiteral("kept_in")).toString().contains(QStringLiteral("secrets.vault")));
        const Run blocked = tenant.run(QStringLiteral("block evil.example --reason test"));
        QVERIFY2(blocked.exitCode == 0, blocked.said().constData());
        QVERIFY(tenant.live("evil.example"));
        QVERIFY(tenant.fault("{\"error_500\":1}"));
        tenant.run(QStringLiteral("zia denylist"));
        tenant.run(QStringLiteral("secrets list"));
        tenant.run(QStringLiteral("secrets where"));
        tenant.run(QStringLiteral("config list"));
        const Run unblocked = tenant.run(QStringLiteral("unblock evil.example"));
        QVERIFY2(unblocked.exitCode == 0, unblocked.said().constData());
        QVERIFY(!tenant.live("evil.example"));
        QCOMPARE(tenant.run(QStringLiteral("journal")).lines().size(), 2);
        const QString root = QString::fromStdString(tenant.folder.path().string());
        QCOMPARE(tenant.leaks(root), QStringList());
        // The search finds what there is to find.
        QFile probe(tenant.path("w/probe"));
        QVERIFY(probe.open(QIODevice::WriteOnly));
        probe.write(QByteArray(CanaryTenant::kPassword).toBase64());
        probe.close();
        QCOMPARE(tenant.leaks(root).size(), 1);
    }

    void aWrongLoginIsNotKept()
    {
        CanaryTenant tenant;
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        const Run wrong = tenant.run(QStringLiteral("zia connect --place vault"), tenant.login("wrong"));
        QCOMPARE(wrong.exitCode, 3);
        QVERIFY2(wrong.err.contains("NJ-RESPOND-010") && wrong.err.contains("nothing was kept"), wrong.err.constData());
        QVERIFY(!QFile::exists(tenant.path("w/secrets.vault")));
        const Run status = tenant.run(QStringLiteral("zia status"));
        QCOMPARE(status.exitCode, 3);
        QVERIFY2(status.err.contains("NJ-RESPOND-001") && status.err.contains("zia connect"), status.err.constData());
    }

    void aLockedVaultSaysWhatToDo()
    {
        CanaryTenant tenant;
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        QCOMPARE(tenant.run(QStringLiteral("zia connect --place vault --no-test"), tenant.login()).exitCode, 0);
        tenant.usePassphrase("some other passphrase");
        const Run wrong = tenant.run(QStringLiteral("zia status"));
        QCOMPARE(wrong.exitCode, 3);
        QVERIFY2(wrong.err.contains("NJ-WORK-081"), wrong.err.constData());
        tenant.environment.remove(QStringLiteral("NIGHTJAR_VAULT_PASSPHRASE_FILE"));
        const Run none = tenant.run(QStringLiteral("zia status"));
        QCOMPARE(none.exitCode, 3);
        QVERIFY2(none.err.contains("NJ-WORK-080") && none.err.contains("NIGHTJAR_VAULT_PASSPHRASE_FILE"),
                 none.err.constData());
        // What needs no tenant needs no passphrase.
        QCOMPARE(tenant.run(QStringLiteral("block evil.example --dry-run")).exitCode, 0);
        QCOMPARE(tenant.run(QStringLiteral("journal")).exitCode, 0);
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        QCOMPARE(tenant.run(QStringLiteral("zia status")).exitCode, 0);
        QCOMPARE(tenant.run(QStringLiteral("zia disconnect")).exitCode, 0);
        QCOMPARE(tenant.run(QStringLiteral("zia status")).exitCode, 3);
    }

    void theEnvironmentGoesFirstAndIsTold()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QCOMPARE(tenant.run(QStringLiteral("zia login")).exitCode, 0);
        const Run listed = tenant.run(QStringLiteral("secrets list"));
        QCOMPARE(listed.first().value(QStringLiteral("place")).toString(), QStringLiteral("environment"));
        tenant.environment.remove(QStringLiteral("NIGHTJAR_ZIA_PASSWORD"));
        const Run half = tenant.run(QStringLiteral("zia login"));
        QCOMPARE(half.exitCode, 3);
        QVERIFY2(half.err.contains("NIGHTJAR_ZIA_PASSWORD"), half.err.constData());
        QCOMPARE(tenant.leaks(QString::fromStdString(tenant.folder.path().string())), QStringList());
    }

    void withoutAKeychainItSaysSo()
    {
        CanaryTenant tenant;
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        const Run asked = tenant.run(QStringLiteral("secrets set chat.webhook --place keychain"), "x\n");
        QCOMPARE(asked.exitCode, 3);
        QVERIFY2(asked.err.contains("NJ-WORK-086"), asked.err.constData());
        const Run otherwise = tenant.run(QStringLiteral("secrets set chat.webhook"), "canaryKey123\n");
        QVERIFY2(otherwise.exitCode == 0, otherwise.err.constData());
        const Run listed = tenant.run(QStringLiteral("secrets list"));
        QCOMPARE(listed.lines().size(), 1);
        QCOMPARE(listed.first().value(QStringLiteral("place")).toString(), QStringLiteral("vault"));
        QCOMPARE(tenant.run(QStringLiteral("secrets remove chat.webhook")).exitCode, 0);
        QCOMPARE(tenant.leaks(QString::fromStdString(tenant.folder.path().string())), QStringList());
    }

    void wrongUse_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("a secret as an argument") << QStringLiteral("secrets set chat.webhook hunter2") << 2;
        QTest::newRow("a password as an option") << QStringLiteral("zia connect --password hunter2") << 2;
        QTest::newRow("a bad name") << QStringLiteral("secrets set ../x") << 3;
        QTest::newRow("the login in parts") << QStringLiteral("secrets set zia.legacy") << 3;
        QTest::newRow("an empty secret") << QStringLiteral("secrets set chat.webhook") << 3;
    }
    void wrongUse()
    {
        QFETCH(QString, arguments);
        QFETCH(int, exitCode);
        CanaryTenant tenant;
        tenant.usePassphrase(CanaryTenant::kPassphrase);
        const Run run = tenant.run(arguments, "\n");
        QVERIFY2(run.exitCode == exitCode, run.said().constData());
        QVERIFY(!QFile::exists(tenant.path("w/secrets.vault")));
    }
};

QTEST_GUILESS_MAIN(SecretsTest)
#include "tst_secrets.moc"
