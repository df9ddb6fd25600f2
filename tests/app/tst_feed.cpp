// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program.h"
#include "support/support.h"

#include "base/files.h"

#include <QJsonArray>
#include <QTest>

using namespace nightjar;
using testsupport::nightjarCli;

namespace {

QString path(const std::filesystem::path &file)
{
    return QString::fromStdString(file.string());
}

} // namespace

/// The feed verbs from outside.
class FeedProgramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void compilesOrSaysWhere();
    void parsesAndChecks();
    void importsByFileThenByName();
    void setsUp();
};

void FeedProgramTest::compilesOrSaysWhere()
{
    const testsupport::TemporaryFolder folder;
    QVERIFY(writeFileAtomically(folder / "good.txt", "%s{login} %s{dept}").has_value());
    QVERIFY(writeFileAtomically(folder / "bad.txt", "%s{login}\n%{dept}").has_value());
    const auto good = nightjarCli(
        {QStringLiteral("feed"), QStringLiteral("compile"), path(folder / "good.txt"), QStringLiteral("--json")});
    QCOMPARE(good.exitCode, 0);
    QCOMPARE(good.first()[QStringLiteral("tokens")].toArray().size(), 2);
    QCOMPARE(good.first()[QStringLiteral("ambiguous")].toArray().size(), 1);
    const auto bad = nightjarCli({QStringLiteral("feed"), QStringLiteral("compile"), path(folder / "bad.txt")});
    QCOMPARE(bad.exitCode, 3);
    QVERIFY(bad.out.isEmpty());
    QVERIFY(bad.err.contains("bad.txt:2:2"));
}

void FeedProgramTest::parsesAndChecks()
{
    const testsupport::TemporaryFolder folder;
    QVERIFY(writeFileAtomically(folder / "f.txt", "%s{time},%s{elogin},%d{reqsize}").has_value());
    const QByteArray records = "Mon Oct 16 22:55:48 2023,a%2cb,5\nMon Oct 16 22:55:48 2023,x,y\n";
    const auto parsed = nightjarCli({QStringLiteral("feed"), QStringLiteral("parse"), path(folder / "f.txt"),
                                     QStringLiteral("-"), QStringLiteral("--escape"), QStringLiteral(",")},
                                    records);
    QCOMPARE(parsed.exitCode, 1);
    QCOMPARE(parsed.lines().size(), 2);
    QCOMPARE(parsed.lines()[0][QStringLiteral("elogin")].toString(), QStringLiteral("a,b"));
    QCOMPARE(parsed.lines()[0][QStringLiteral("reqsize")].toInt(), 5);
    QCOMPARE(parsed.lines()[0][QStringLiteral("@time")].toString(), QStringLiteral("2023-10-16T22:55:48.000Z"));
    QCOMPARE(parsed.lines()[1][QStringLiteral("line")].toInt(), 2);
    const auto checked = nightjarCli(
        {QStringLiteral("feed"), QStringLiteral("check"), path(folder / "f.txt"), QStringLiteral("-")}, records);
    QCOMPARE(checked.exitCode, 1);
    QCOMPARE(checked.lines().last()[QStringLiteral("fitting")].toInt(), 1);
    QCOMPARE(checked.lines().last()[QStringLiteral("failing")].toInt(), 1);
}

void FeedProgramTest::importsByFileThenByName()
{
    const testsupport::TemporaryFolder folder;
    QVERIFY(writeFileAtomically(folder / "mine.txt", "%s{time}|%s{login}|%s{url}|%s{reqmethod}").has_value());
    QVERIFY(writeFileAtomically(folder / "1.log", "Mon Oct 16 22:55:48 2023|me|a.example/x|GET\n").has_value());
    QVERIFY(
        writeFileAtomically(folder / "2.log", "Mon Oct 16 22:55:49 2023|me|a.example/y|GET\nno|format\n").has_value());
    const QStringList space = {QStringLiteral("-w"), path(folder / "space"), QStringLiteral("--json")};
    const auto first =
        nightjarCli(QStringList{QStringLiteral("import")} + space +
                    QStringList{QStringLiteral("--format"), path(folder / "mine.txt"), path(folder / "1.log")});
    QVERIFY2(first.exitCode == 0, first.said().constData());
    const auto second =
        nightjarCli(QStringList{QStringLiteral("import")} + space +
                    QStringList{QStringLiteral("--format"), QStringLiteral("mine"), path(folder / "2.log")});
    QVERIFY2(second.exitCode == 1, second.said().constData());
    QCOMPARE(second.first()[QStringLiteral("events")].toInt(), 1);
    QCOMPARE(second.first()[QStringLiteral("quarantined")].toInt(), 1);
    const auto listed = nightjarCli(QStringList{QStringLiteral("feed"), QStringLiteral("list")} + space);
    QCOMPARE(listed.lines().size(), 1);
    QCOMPARE(listed.first()[QStringLiteral("log_type")].toString(), QStringLiteral("web"));
    const auto found = nightjarCli(QStringList{QStringLiteral("search"), QStringLiteral("user:me")} + space.mid(0, 2));
    QCOMPARE(found.lines().size(), 2);
    QCOMPARE(nightjarCli(QStringList{QStringLiteral("import")} + space +
                         QStringList{QStringLiteral("--format"), QStringLiteral("other"), path(folder / "1.log")})
                 .exitCode,
             3);
}

void FeedProgramTest::setsUp()
{
    const auto web = nightjarCli({QStringLiteral("feed"), QStringLiteral("setup"), QStringLiteral("web"),
                                  QStringLiteral("--transport"), QStringLiteral("nss"), QStringLiteral("--json")});
    QCOMPARE(web.exitCode, 0);
    QVERIFY(web.first()[QStringLiteral("format")].toString().contains(QStringLiteral("%s{eurl}")));
    QVERIFY(!web.first()[QStringLiteral("settings")].toObject().isEmpty());
    QCOMPARE(nightjarCli({QStringLiteral("feed"), QStringLiteral("setup"), QStringLiteral("weather")}).exitCode, 2);
}

QTEST_GUILESS_MAIN(FeedProgramTest)
#include "tst_feed.moc"
