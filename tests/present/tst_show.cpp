// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/show.h"

#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

class TestShow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void spans_data();
    void spans();
    void actions_data();
    void actions();
    void textIsBounded();
};

void TestShow::spans_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << qint64(-4) << u"0 s"_qs;
    QTest::newRow("seconds") << qint64(59) << u"59 s"_qs;
    QTest::newRow("minutes") << qint64(240) << u"4 m"_qs;
    QTest::newRow("hours") << qint64(3'900) << u"1 h 05 m"_qs;
    QTest::newRow("a day and more") << qint64(26 * 3'600 + 240) << u"26 h 04 m"_qs;
    QTest::newRow("days") << qint64(3 * 86'400) << u"3 d"_qs;
}

void TestShow::spans()
{
    QFETCH(qint64, seconds);
    QTEST(present::span(seconds * kMicrosPerSecond), "expected");
}

void TestShow::actions_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<int>("expected");
    QTest::newRow("Allowed") << u"Allowed"_qs << static_cast<int>(Action::Allowed);
    QTest::newRow("Blocked") << u"BLOCKED"_qs << static_cast<int>(Action::Blocked);
    QTest::newRow("Drop") << u"Drop"_qs << static_cast<int>(Action::Blocked);
    QTest::newRow("odd") << u"Isolate"_qs << static_cast<int>(Action::Other);
    QTest::newRow("nothing") << u"None"_qs << static_cast<int>(Action::None);
}

void TestShow::actions()
{
    QFETCH(QString, word);
    const int found = static_cast<int>(actionOf(word.toStdString()));
    QTEST(found, "expected");
}

void TestShow::textIsBounded()
{
    const std::string bomb(1U << 20U, 'a');
    QVERIFY(shown(bomb).size() < 9'000);
    const std::string wide = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";
    QCOMPARE(shown(wide, 4), u"€…"_qs); // no half character
    QCOMPARE(shownField("url.domain", "evil.example"), u"evil[.]example"_qs);
    QCOMPARE(shownField("user.name", "a.diaz"), u"a.diaz"_qs);
}

QTEST_GUILESS_MAIN(TestShow)
#include "tst_show.moc"
