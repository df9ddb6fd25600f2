// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tenant.h"

#include <QElapsedTimer>

using namespace nightjar::testsupport;

/// What an earlier run left open is finished by the next verb that asks the tenant, which says so.
class SettleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anExpiredBlockIsRetracted()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        const Run blocked = tenant.run(QStringLiteral("block short.example --ttl 1s --reason phishing"));
        QVERIFY2(blocked.exitCode == 0, blocked.said().constData());
        QVERIFY(tenant.live("short.example"));
        QTest::qWait(1'100);
        const Run status = tenant.run(QStringLiteral("zia status"));
        QVERIFY2(status.exitCode == 0, status.said().constData());
        QVERIFY2(status.err.contains("settled from before: short.example: unblocked, live"), status.err.constData());
        QCOMPARE(status.first().value(QStringLiteral("count")).toInt(), 0);
        QVERIFY(!tenant.live("short.example"));
        const QList<QJsonObject> journal = tenant.run(QStringLiteral("journal")).lines();
        QCOMPARE(journal.size(), 2);
        QCOMPARE(journal.at(0).value(QStringLiteral("action")).toString(), QStringLiteral("unblock"));
        QCOMPARE(journal.at(0).value(QStringLiteral("reason")).toString(), QStringLiteral("its time is over"));
        QCOMPARE(journal.at(0).value(QStringLiteral("state")).toString(), QStringLiteral("live"));
        const Run again = tenant.run(QStringLiteral("zia status"));
        QVERIFY2(!again.err.contains("settled"), again.err.constData());
    }

    void aKillBetweenPushAndActivationIsFinished()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QVERIFY(tenant.fault("{\"edit_lock\":1,\"edit_lock_delay_ms\":60000,\"on\":\"activate\"}"));
        QProcess process;
        tenant.prepare(process);
        process.start(QStringLiteral(NIGHTJAR_CLI), {QStringLiteral("block"), QStringLiteral("evil.example"),
                                                     QStringLiteral("-w"), tenant.workspace()});
        const auto saved = [&tenant] {
            const std::string state = tenant.server->tenant().state();
            const std::size_t from = state.find("\"saved\":[");
            return state.substr(from, state.find(']', from) - from).find("evil.example") != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(saved(), 20'000);
        process.kill();
        process.waitForFinished();
        QVERIFY(!tenant.live("evil.example"));
        QVERIFY(tenant.fault("{\"edit_lock\":0,\"edit_lock_delay_ms\":0,\"on\":\"\"}"));
        const Run next = tenant.run(QStringLiteral("zia denylist"));
        QVERIFY2(next.exitCode == 0, next.said().constData());
        QVERIFY2(next.err.contains("settled from before: evil.example: blocked, live"), next.err.constData());
        QVERIFY(tenant.live("evil.example"));
        const QList<QJsonObject> journal = tenant.run(QStringLiteral("journal")).lines();
        QCOMPARE(journal.size(), 1);
        QCOMPARE(journal.at(0).value(QStringLiteral("state")).toString(), QStringLiteral("live"));
    }

    void whatCannotBeSettledIsToldAndStays()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QCOMPARE(tenant.run(QStringLiteral("block evil.example --no-activate")).exitCode, 1);
        QVERIFY(tenant.fault("{\"oneapi_only\":true}"));
        const Run down = tenant.run(QStringLiteral("zia status"));
        QCOMPARE(down.exitCode, 3);
        QVERIFY2(down.err.contains("still open"), down.err.constData());
        QVERIFY(tenant.fault("{\"oneapi_only\":false}"));
        const Run up = tenant.run(QStringLiteral("zia status"));
        QVERIFY2(up.err.contains("settled from before: evil.example: blocked, live"), up.err.constData());
    }

    void aDryRunSettlesNothing()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QCOMPARE(tenant.run(QStringLiteral("block evil.example --no-activate")).exitCode, 1);
        const Run dry = tenant.run(QStringLiteral("block other.example --dry-run"));
        QCOMPARE(dry.exitCode, 0);
        QVERIFY(!dry.err.contains("settled"));
        QVERIFY(!tenant.live("evil.example"));
    }
};

QTEST_GUILESS_MAIN(SettleTest)
#include "tst_settle.moc"
