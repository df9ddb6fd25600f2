// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tenant.h"

#include <QJsonArray>

using namespace nightjar::testsupport;

namespace {

/// A workspace with one hit: twenty requests of a day, and an indicator for one of their hosts.
class HitDesk {
public:
    HitDesk()
    {
        tenant.useEnvironment();
        QByteArray log;
        for (int i = 0; i < 20; ++i) {
            log += webRecord(i);
        }
        write("log.json", log);
        write("hits.csv", "type,value,confidence,threat\ndomain,site7.example,90,phishing\n");
    }
    void write(const char *name, const QByteArray &bytes)
    {
        QFile file(tenant.path(name));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(bytes);
        }
    }
    Run run(const QString &arguments) { return tenant.run(arguments); }
    /// The number of the indicator's alert; 0 when there is none.
    int alert()
    {
        for (const QJsonObject &line : run(QStringLiteral("alerts list --all")).lines()) {
            if (line[QLatin1String("entity")].toString() == QLatin1String("site7.example")) {
                return line[QLatin1String("id")].toInt();
            }
        }
        return 0;
    }
    void import()
    {
        const Run log = run(QStringLiteral("import ") + tenant.path("log.json"));
        QVERIFY2(log.exitCode == 0, log.said().constData());
        const Run hits = run(QStringLiteral("intel import ") + tenant.path("hits.csv"));
        QVERIFY2(hits.exitCode == 0, hits.said().constData());
    }

    CanaryTenant tenant;
};

} // namespace

class TestPlaybook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readyMadeOnesAreOffAndRehearse()
    {
        HitDesk desk;
        desk.import();
        const QString alert = QString::number(desk.alert());
        QVERIFY(alert != QLatin1String("0"));
        desk.run(QStringLiteral("config set playbook.hosts tickets.example.com"));
        for (const char *name :
             {"NIGHTJAR_ZIA_URL", "NIGHTJAR_ZIA_USER", "NIGHTJAR_ZIA_PASSWORD", "NIGHTJAR_ZIA_API_KEY"}) {
            desk.tenant.environment.remove(QLatin1String(name)); // a dry run needs no tenant
        }
        const Run list = desk.run(QStringLiteral("playbook list"));
        QCOMPARE(list.lines().size(), qsizetype(10));
        for (const QJsonObject &playbook : list.lines()) {
            const QString id = playbook[QLatin1String("id")].toString();
            QVERIFY2(!playbook[QLatin1String("enabled")].toBool(), qPrintable(id));
            QVERIFY2(!playbook.contains(QLatin1String("problems")), list.said().constData());
            const Run check = desk.run(QStringLiteral("playbook check ") + playbook[QLatin1String("file")].toString());
            QVERIFY2(check.exitCode == 0, check.said().constData());
            const Run dry = desk.run(QStringLiteral("playbook run %1 --alert %2 --dry-run").arg(id, alert));
            QVERIFY2(!dry.lines().isEmpty(), dry.said().constData());
            for (const QJsonObject &step : dry.lines()) {
                // The IP group is refused as long as this version cannot block there.
                const bool mayFail = step[QLatin1String("why")].toString().contains(QLatin1String("NJ-PLAYBOOK-037"));
                QVERIFY2(step[QLatin1String("state")].toString() != QLatin1String("refused") || mayFail,
                         dry.said().constData());
            }
        }
        QVERIFY(desk.run(QStringLiteral("playbook runs")).lines().isEmpty());
    }

    void hitIsBlockedOnceAndRetractedOnFalsePositive()
    {
        HitDesk desk;
        const Run enabled =
            desk.run(QStringLiteral("playbook enable block-on-indicator-hit retract-on-false-positive"));
        QVERIFY2(enabled.exitCode == 0, enabled.said().constData());
        desk.import();
        QVERIFY2(desk.tenant.live("site7.example"), desk.run(QStringLiteral("playbook runs")).said().constData());
        const int alert = desk.alert();
        const QList<QJsonObject> runs = desk.run(QStringLiteral("playbook runs")).lines();
        QCOMPARE(runs.size(), qsizetype(1));
        QCOMPARE(runs.first()[QLatin1String("state")].toString(), QStringLiteral("done"));
        QCOMPARE(runs.first()[QLatin1String("alert")].toInt(), alert);
        const Run again = desk.run(QStringLiteral("playbook run block-on-indicator-hit --alert %1").arg(alert));
        QVERIFY2(again.exitCode == 3 && again.err.contains("NJ-PLAYBOOK-043"), again.said().constData());

        desk.run(QStringLiteral("alerts set %1 --verdict false_positive").arg(alert));
        const Run due = desk.run(QStringLiteral("playbook due"));
        QVERIFY2(due.exitCode == 0, due.said().constData());
        QVERIFY2(!desk.tenant.live("site7.example"), desk.run(QStringLiteral("playbook runs")).said().constData());
        QCOMPARE(desk.run(QStringLiteral("playbook runs")).lines().size(), qsizetype(2));
        QVERIFY2(desk.tenant.leaks(desk.tenant.workspace()).isEmpty(),
                 qPrintable(desk.tenant.leaks(desk.tenant.workspace()).join(u' ')));
    }

    void approvalAndOwnPlaybook()
    {
        HitDesk desk;
        desk.import();
        const int alert = desk.alert();
        const Run asks = desk.run(QStringLiteral("playbook run block-with-approval --alert %1").arg(alert));
        QVERIFY2(asks.exitCode == 1 &&
                     asks.lines().last()[QLatin1String("state")].toString() == QLatin1String("approval"),
                 asks.said().constData());
        QVERIFY(!desk.tenant.live("site7.example"));
        const Run approved = desk.run(QStringLiteral("playbook approve 1"));
        QVERIFY2(approved.exitCode == 0 && desk.tenant.live("site7.example"), approved.said().constData());

        QDir().mkpath(desk.tenant.workspace() + QStringLiteral("/playbooks"));
        const char *text =
            "nightjar_playbook: 1\nid: mine\ntitle: Mine\ntrigger: {new_indicator: {type: domain}}\nsteps:\n"
            "  - add_indicator: \"sub.{{ indicators[0].value }}\"\n"
            "  - http: {url: /security/advanced, auth: zscaler}\n"
            "  - export: {what: indicators, format: stix, file: out.json}\n";
        desk.write("w/playbooks/mine.yaml", text);
        QVERIFY(desk.run(QStringLiteral("playbook enable mine")).exitCode == 0);
        desk.write("more.csv", "type,value\ndomain,more.example\n");
        desk.run(QStringLiteral("intel import ") + desk.tenant.path("more.csv"));
        desk.run(QStringLiteral("playbook due"));
        const Run runs = desk.run(QStringLiteral("playbook runs"));
        // Its own indicator is an import, too: that run is skipped as a loop, and there is no third one.
        QVERIFY2(runs.lines().size() == 3, runs.said().constData());
        QCOMPARE(runs.lines()[0][QLatin1String("state")].toString(), QStringLiteral("skipped"));
        QVERIFY2(runs.lines()[1][QLatin1String("state")].toString() == QLatin1String("done"), runs.said().constData());
        QVERIFY(QFile::exists(desk.tenant.workspace() + QStringLiteral("/exports/out.json")));

        desk.write("w/playbooks/mine.yaml", QByteArray(text) + "  - note: changed\n");
        const Run list = desk.run(QStringLiteral("playbook list"));
        for (const QJsonObject &playbook : list.lines()) {
            if (playbook[QLatin1String("id")].toString() == QLatin1String("mine")) {
                QVERIFY2(!playbook[QLatin1String("enabled")].toBool() &&
                             playbook[QLatin1String("why")].toString().contains(QLatin1String("changed")),
                         list.said().constData());
            }
        }
    }

    void mistakesAreTold()
    {
        HitDesk desk;
        desk.write("bad.yaml", "nightjar_playbook: 1\nid: a\ntitle: t\ntrigger: {manual: true}\nsteps:\n  - blok: x\n");
        const Run bad = desk.run(QStringLiteral("playbook check ") + desk.tenant.path("bad.yaml"));
        QCOMPARE(bad.exitCode, 3);
        const QJsonObject problem = bad.first()[QLatin1String("problems")].toArray().first().toObject();
        QCOMPARE(problem[QLatin1String("line")].toInt(), 6);
        QCOMPARE(problem[QLatin1String("column")].toInt(), 5);
        QVERIFY(desk.run(QStringLiteral("playbook run nothing --alert 1 --dry-run")).err.contains("NJ-PLAYBOOK-042"));
        QVERIFY(
            desk.run(QStringLiteral("playbook run notify-chat --alert 99 --dry-run")).err.contains("NJ-ALERTS-001"));
        QVERIFY(desk.run(QStringLiteral("playbook approve 5")).err.contains("NJ-PLAYBOOK-04"));
        QCOMPARE(desk.run(QStringLiteral("playbook enable nothing")).exitCode, 3);
    }
};

QTEST_GUILESS_MAIN(TestPlaybook)
#include "tst_playbook.moc"
