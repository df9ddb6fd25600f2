// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/querycontroller.h"

#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

class TestQueryController : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cutsClauses_data();
    void cutsClauses();
    void quotesWhatNeedsIt_data();
    void quotesWhatNeedsIt();
    void filtersInAndOut();
    void theStackGoesBack();
    void disabledClausesComeBack();
    void alternativesStayTogether();
    void spansCoverTheText();
};

void TestQueryController::cutsClauses_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("nothing") << u"   "_qs << QStringList();
    QTest::newRow("two") << u"log_type:web  -department:\"IT Lab\""_qs
                         << QStringList{u"log_type|:|web|0"_qs, u"department|:|IT Lab|1"_qs};
    QTest::newRow("compare") << u"risk>=40"_qs << QStringList{u"risk|>=|40|0"_qs};
    QTest::newRow("regex with blank") << u"url:~/a b/ x"_qs << QStringList{u"url|:~|/a b/|0"_qs, u"||x|0"_qs};
    QTest::newRow("list") << u"user:(a, b) c"_qs << QStringList{u"user|:|(a, b)|0"_qs, u"||c|0"_qs};
    QTest::newRow("not") << u"not user:a and b:c"_qs << QStringList{u"user|:|a|1"_qs, u"b|:|c|0"_qs};
    QTest::newRow("or") << u"a:b or c:d"_qs << QStringList{u"||a:b or c:d|0"_qs};
    QTest::newRow("or inside") << u"(a:b or c:d) e:f"_qs << QStringList{u"||(a:b or c:d)|0"_qs, u"e|:|f|0"_qs};
    QTest::newRow("open quote") << u"a:\"b c"_qs << QStringList{u"a|:|\"b c|0"_qs};
    QTest::newRow("minus alone") << u"- x"_qs << QStringList{u"||-|0"_qs, u"||x|0"_qs};
}

void TestQueryController::cutsClauses()
{
    QFETCH(QString, query);
    QStringList found;
    for (const Clause &clause : clausesOf(query)) {
        found.append(clause.field + u'|' + clause.op + u'|' + clause.value + u'|' + (clause.exclude ? u'1' : u'0'));
        QCOMPARE(query.mid(clause.start, clause.length).trimmed(), clause.text.trimmed());
    }
    QTEST(found, "expected");
}

void TestQueryController::quotesWhatNeedsIt_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"a.diaz"_qs << u"f:a.diaz"_qs;
    QTest::newRow("blank") << u"IT Lab"_qs << u"f:\"IT Lab\""_qs;
    QTest::newRow("quote") << u"a\"b\\c"_qs << u"f:\"a\\\"b\\\\c\""_qs;
    QTest::newRow("operator") << u">5"_qs << u"f:\">5\""_qs;
    QTest::newRow("star") << u"*"_qs << u"f:\"*\""_qs;
    QTest::newRow("empty") << QString() << u"f:\"\""_qs;
    QTest::newRow("url") << u"evil.example/?a=(b)"_qs << u"f:\"evil.example/?a=(b)\""_qs;
}

void TestQueryController::quotesWhatNeedsIt()
{
    QFETCH(QString, value);
    const QString made = makeClause(u"f"_qs, value, false);
    QTEST(made, "expected");
    const std::vector<Clause> back = clausesOf(made);
    QCOMPARE(back.size(), std::size_t(1));
    QCOMPARE(back.front().value, value);
}

void TestQueryController::filtersInAndOut()
{
    QueryController query;
    QSignalSpy changed(&query, &QueryController::changed);
    query.include(u"user.name"_qs, u"a b"_qs);
    QCOMPARE(query.text(), u"user.name:\"a b\""_qs);
    query.include(u"user.name"_qs, u"a b"_qs);
    QCOMPARE(changed.count(), 1);
    query.exclude(u"user.name"_qs, u"a b"_qs);
    QCOMPARE(query.text(), u"-user.name:\"a b\""_qs);
    QVERIFY(query.excluded().contains(qMakePair(u"user.name"_qs, u"a b"_qs)));
    query.exclude(u"user.name"_qs, u"a b"_qs);
    QCOMPARE(query.text(), QString());
    query.setText(u"user.name:x log_type:web -user.name:y"_qs);
    query.only(u"user.name"_qs, u"z"_qs);
    QCOMPARE(query.text(), u"log_type:web  user.name:z"_qs);
    query.invertClause(1);
    QCOMPARE(query.text(), u"log_type:web  -user.name:z"_qs);
    query.invertClause(1);
    QCOMPARE(query.text(), u"log_type:web  user.name:z"_qs);
    query.removeClause(0);
    QCOMPARE(query.text(), u"user.name:z"_qs);
    query.dropLast();
    QCOMPARE(query.text(), QString());
}

void TestQueryController::theStackGoesBack()
{
    QueryController query;
    QVERIFY(!query.goBack());
    query.setText(u"a:b"_qs);
    query.setRange(10, 20);
    QCOMPARE(query.request().from, Timestamp(10));
    QVERIFY(query.goBack());
    QVERIFY(!query.hasRange());
    QCOMPARE(query.text(), u"a:b"_qs);
    QVERIFY(query.goBack());
    QCOMPARE(query.text(), QString());
    QVERIFY(!query.canGoBack());
}

void TestQueryController::disabledClausesComeBack()
{
    QueryController query;
    query.setText(u"a:b c:d"_qs);
    query.disableClause(0);
    QCOMPARE(query.text(), u"c:d"_qs);
    QCOMPARE(query.state().disabled, QStringList{u"a:b"_qs});
    query.enableClause(0);
    QCOMPARE(query.text(), u"c:d  a:b"_qs);
    QVERIFY(query.state().disabled.isEmpty());
}

void TestQueryController::alternativesStayTogether()
{
    QueryController query;
    query.setText(u"a:b or c:d"_qs);
    query.include(u"e"_qs, u"f"_qs);
    QCOMPARE(query.text(), u"(a:b or c:d)  e:f"_qs);
}

void TestQueryController::spansCoverTheText()
{
    const QString text = u"log_type:web -dept:\"IT Lab\" risk>=40 or word"_qs;
    QString seen;
    for (const Span &span : spansOf(text)) {
        QVERIFY(span.start >= 0 && span.length > 0 && span.start + span.length <= text.size());
        seen += QString::number(static_cast<int>(span.kind));
    }
    QCOMPARE(seen, QStringLiteral("0126012013") + QStringLiteral("54"));
}

QTEST_GUILESS_MAIN(TestQueryController)
#include "tst_querycontroller.moc"
