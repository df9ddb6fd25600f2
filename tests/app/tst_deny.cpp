// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tenant.h"

using namespace nightjar::testsupport;

namespace {

/// "add a.example, evict b.example" by two keys of each line.
QString told(const Run &run, const char *word, const char *result = nullptr)
{
    QStringList parts;
    for (const QJsonObject &line : run.lines()) {
        parts << line.value(QLatin1String(word)).toString() + QLatin1Char(' ') +
                     line.value(QLatin1String("entry")).toString() +
                     (result == nullptr ? QString() : QLatin1Char(' ') + line.value(QLatin1String(result)).toString());
    }
    parts.sort();
    return parts.join(QStringLiteral(", "));
}

} // namespace

/// `deny plan|sync|drift|adopt|revert` and the undo of a bulk, from outside.
class DenyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void driftIsShownAndPutRight()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QVERIFY(tenant.server->tenant().setLists(R"({"deny":["Foreign.example"]})").has_value());
        const Run blocked = tenant.run(QStringLiteral("block one.example two.example three.example --reason phishing"));
        QVERIFY2(blocked.exitCode == 0, blocked.said().constData());
        QCOMPARE(told(tenant.run(QStringLiteral("deny plan")), "action"), QString());
        QCOMPARE(told(tenant.run(QStringLiteral("deny drift")), "drift"), QString());

        // Somebody removes one, makes another wider and adds one.
        QVERIFY(tenant.server->tenant()
                    .setLists(R"({"deny":["Foreign.example",".two.example","three.example","new.example"]})")
                    .has_value());
        QCOMPARE(told(tenant.run(QStringLiteral("deny drift")), "drift"),
                 QStringLiteral("added new.example, changed .two.example, removed one.example"));
        QCOMPARE(told(tenant.run(QStringLiteral("deny plan")), "action"),
                 QStringLiteral("add one.example, add two.example"));
        const Run dry = tenant.run(QStringLiteral("deny revert one.example --dry-run"));
        QCOMPARE(told(dry, "drift", "result"), QStringLiteral("removed one.example would_block"));
        QVERIFY(!tenant.live("one.example"));
        const Run back = tenant.run(QStringLiteral("deny revert one.example"));
        QCOMPARE(told(back, "drift", "result"), QStringLiteral("removed one.example blocked"));
        QVERIFY(tenant.live("one.example"));
        const Run foreign = tenant.run(QStringLiteral("deny revert new.example"));
        QCOMPARE(told(foreign, "drift", "result"), QStringLiteral("added new.example refused"));
        QCOMPARE(foreign.exitCode, 1);
        QVERIFY(tenant.live("new.example"));
        const Run adopted = tenant.run(QStringLiteral("deny adopt"));
        QCOMPARE(told(adopted, "drift", "result"),
                 QStringLiteral("added new.example adopted, changed .two.example adopted"));
        QCOMPARE(told(tenant.run(QStringLiteral("deny drift")), "drift"), QString());
        QCOMPARE(told(tenant.run(QStringLiteral("deny plan")), "action"), QString());
        QVERIFY(tenant.live("Foreign.example"));
        // What was adopted is unblocked without more ado.
        QCOMPARE(tenant.run(QStringLiteral("unblock new.example")).exitCode, 0);
    }

    void selectionFillsTheRestAndGoesWhenSwitchedOff()
    {
        CanaryTenant tenant;
        tenant.useEnvironment();
        QVERIFY(tenant.server->tenant().setLists(R"({"deny":["Foreign.example"]})").has_value());
        QFile list(tenant.path("list.csv"));
        QVERIFY(list.open(QIODevice::WriteOnly));
        QByteArray text("value,type,confidence\n");
        for (int i = 0; i < 8; ++i) {
            text += "bad" + QByteArray::number(i) + "-site.test-evil" + QByteArray::number(i) + ".com,domain,90\n";
        }
        list.write(text);
        list.close();
        QCOMPARE(tenant.run(QStringLiteral("block mine.example")).exitCode, 0);
        const Run imported = tenant.run(QStringLiteral("intel import ") + list.fileName());
        QVERIFY2(imported.exitCode == 0, imported.said().constData());
        QCOMPARE(told(tenant.run(QStringLiteral("deny plan")), "action"), QString()); // off by default
        QCOMPARE(tenant.run(QStringLiteral("config set respond.selection true")).exitCode, 0);
        QCOMPARE(tenant.run(QStringLiteral("config set respond.capacity 7")).exitCode, 0);
        const Run plan = tenant.run(QStringLiteral("deny plan"));
        QVERIFY2(plan.lines().size() == 5, plan.said().constData()); // 7 less one of others, less one by hand
        const Run sync = tenant.run(QStringLiteral("deny sync"));
        QVERIFY2(sync.exitCode == 0, sync.said().constData());
        for (const QJsonObject &line : sync.lines()) {
            QVERIFY(tenant.live(line.value(QStringLiteral("entry")).toString().toUtf8().constData()));
            QCOMPARE(line.value(QStringLiteral("result")).toString(), QStringLiteral("blocked"));
        }
        QCOMPARE(told(tenant.run(QStringLiteral("deny sync")), "action"), QString());

        const QJsonObject newest = tenant.run(QStringLiteral("journal")).first();
        const Run undone = tenant.run(QStringLiteral("journal undo --bulk ") +
                                      QString::number(newest.value(QStringLiteral("id")).toInt()));
        QVERIFY2(undone.exitCode == 0, undone.said().constData());
        QCOMPARE(undone.lines().size(), 5);
        QVERIFY(tenant.live("mine.example") && tenant.live("Foreign.example"));
        QCOMPARE(tenant.run(QStringLiteral("deny sync")).exitCode, 0);

        QCOMPARE(tenant.run(QStringLiteral("config set respond.selection false")).exitCode, 0);
        const Run off = tenant.run(QStringLiteral("deny sync"));
        QCOMPARE(off.lines().size(), 5);
        QVERIFY2(off.exitCode == 0, off.said().constData());
        QVERIFY(tenant.live("mine.example") && tenant.live("Foreign.example"));
        QVERIFY(tenant.leaks(tenant.workspace()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(DenyTest)
#include "tst_deny.moc"
