// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"
#include "present/eventtablemodel.h"
#include "present/facetmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

namespace {

workspace::SearchRequest question(const char *query)
{
    workspace::SearchRequest request;
    request.query = query;
    return request;
}

} // namespace

class TestEventTableModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void keepsTheRulesOfModels();
    void firstRowsComeAndMoreFollow();
    void jumpsAnywhereOnceTheCountIsKnown();
    void keepsABoundedNumberOfPages();
    void anAnswerEndsTheTable();
    void nothingMatches();
    void aNewQuestionReplacesTheOld();
    void stopKeepsWhatIsThere();
    void errorsAreTold();
    void hostileTextIsLiteralAndVisible();
    void missingRowsArePlaceholdersAndNeverWait();
    void facetsOpenCloseAndMarkExclusions();

private:
    std::unique_ptr<Session> m_session;
    std::unique_ptr<EventTableModel> m_model;
};

void TestEventTableModel::init()
{
    workspace::nextFakeEngine() = std::make_unique<workspace::Engine>();
    m_session = std::make_unique<Session>();
    m_session->openWorkspace("/fake");
    m_model = std::make_unique<EventTableModel>(*m_session);
    QTRY_VERIFY(m_session->isOpen());
}

void TestEventTableModel::cleanup()
{
    m_model.reset();
    m_session.reset();
}

void TestEventTableModel::keepsTheRulesOfModels()
{
    workspace::fakeEngine()->events = 700; // the tester fetches all there is
    QAbstractItemModelTester tester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    m_model->ask({});
    QTRY_VERIFY(m_model->complete());
    QCOMPARE(m_model->rowCount(), 700);
    m_model->ask(question("rare"));
    QTRY_COMPARE(m_model->rowCount(), 1);
    m_model->clear();
    QCOMPARE(m_model->rowCount(), 0);
}

void TestEventTableModel::firstRowsComeAndMoreFollow()
{
    QSignalSpy first(m_model.get(), &EventTableModel::firstPage);
    m_model->ask({});
    QVERIFY(first.wait());
    QTRY_VERIFY(m_model->rowCount() >= EventTableModel::kPageRows && !m_model->busy());
    QCOMPARE(m_model->eventIdAt(0).value_or(-1), 100'000);
    QCOMPARE(m_model->eventIdAt(255).value_or(-1), 100'000 - 255);
    QCOMPARE(m_model->index(0, 0).data().toString(), QStringLiteral("11:41:58.412"));
    QVERIFY(m_model->canFetchMore({}));
    m_model->fetchMore({});
    QTRY_COMPARE(m_model->eventIdAt(511).value_or(-1), 100'000 - 511);
}

void TestEventTableModel::jumpsAnywhereOnceTheCountIsKnown()
{
    m_model->ask({});
    QTRY_VERIFY(m_model->rowCount() > 0);
    QTRY_VERIFY(!m_model->busy());
    m_model->setTotal(100'000);
    QCOMPARE(m_model->rowCount(), 100'000);
    for (const int row : {60'000, 99'999, 30'000}) {
        QVERIFY(m_model->index(row, 2).data(EventTableModel::PlaceholderRole).toBool());
        QTRY_COMPARE(m_model->eventIdAt(row).value_or(-1), 100'000 - row);
        QVERIFY(!m_model->index(row, 2).data().toString().isEmpty());
    }
}

void TestEventTableModel::keepsABoundedNumberOfPages()
{
    m_model->ask({});
    QTRY_VERIFY(m_model->rowCount() > 0);
    m_model->setTotal(100'000);
    for (int page = 0; page < 60; ++page) {
        m_model->index(page * EventTableModel::kPageRows, 0).data();
        QTRY_VERIFY(m_model->eventIdAt(page * EventTableModel::kPageRows).has_value());
    }
    QVERIFY(m_model->pagesInMemory() <= EventTableModel::kMaxPages);
    m_model->index(0, 0).data(); // evicted: comes again
    QTRY_COMPARE(m_model->eventIdAt(0).value_or(-1), 100'000);
}

void TestEventTableModel::anAnswerEndsTheTable()
{
    m_model->ask(question("rare"));
    QTRY_VERIFY(m_model->complete());
    QCOMPARE(m_model->rowCount(), 100);
    m_model->setTotal(5'000); // an older count must not stretch it
    QCOMPARE(m_model->rowCount(), 100);
    QVERIFY(!m_model->canFetchMore({}));
}

void TestEventTableModel::nothingMatches()
{
    m_model->ask(question("nothing"));
    QTRY_VERIFY(m_model->complete());
    QCOMPARE(m_model->rowCount(), 0);
}

void TestEventTableModel::aNewQuestionReplacesTheOld()
{
    m_model->ask({});
    m_model->ask(question("rare"));
    QTRY_VERIFY(m_model->complete());
    QTest::qWait(50);
    QCOMPARE(m_model->rowCount(), 100);
}

void TestEventTableModel::stopKeepsWhatIsThere()
{
    m_model->ask({});
    QTRY_COMPARE(m_model->rowCount(), EventTableModel::kPageRows);
    m_model->setTotal(100'000);
    workspace::fakeEngine()->pageDelayMs = 100;
    m_model->index(50'000, 0).data();
    QTRY_VERIFY(m_model->busy());
    m_model->stop();
    QTRY_VERIFY(!m_model->busy());
    QCOMPARE(m_model->eventIdAt(0).value_or(-1), 100'000);
}

void TestEventTableModel::errorsAreTold()
{
    Error told;
    connect(m_model.get(), &EventTableModel::failed, this, [&told](const Error &error) { told = error; });
    m_model->ask(question("usr.nme:x"));
    QTRY_COMPARE(told.code, std::string("NJ-QUERY-003"));
    QCOMPARE(told.place.column, std::uint64_t(1));
    QCOMPARE(m_model->rowCount(), 0);
}

void TestEventTableModel::hostileTextIsLiteralAndVisible()
{
    workspace::fakeEngine()->hostileUser = "<img src=/etc/hostname>\xE2\x80\xAE\x1B[31m%2 &x";
    workspace::fakeEngine()->hostileUrl = "evil.example/<b>&%2";
    m_model->ask({});
    QTRY_VERIFY(m_model->rowCount() > 0);
    const QString user = m_model->index(0, 2).data().toString();
    QVERIFY2(user.startsWith(QStringLiteral("<img src=/etc/hostname>")), qPrintable(user));
    QVERIFY(user.contains(QStringLiteral("U+202E")) && !user.contains(QChar(0x202E)) && !user.contains(QChar(0x1B)));
    QCOMPARE(m_model->index(0, 6).data().toString(), QStringLiteral("evil[.]example/<b>&%2"));
    QCOMPARE(m_model->index(0, 6).data(EventTableModel::RawRole).toString(), QStringLiteral("evil.example/<b>&%2"));
}

void TestEventTableModel::missingRowsArePlaceholdersAndNeverWait()
{
    m_model->ask({});
    QTRY_VERIFY(m_model->rowCount() > 0);
    m_model->setTotal(100'000);
    workspace::fakeEngine()->pageDelayMs = 200;
    QElapsedTimer clock;
    clock.start();
    for (int row = 20'000; row < 20'045; ++row) {
        for (int column = 0; column < m_model->columnCount(); ++column) {
            QVERIFY(!m_model->index(row, column).data().isValid());
        }
    }
    QVERIFY2(clock.elapsed() < 50, "looking at missing rows takes time");
}

void TestEventTableModel::facetsOpenCloseAndMarkExclusions()
{
    FacetModel facets;
    QAbstractItemModelTester tester(&facets, QAbstractItemModelTester::FailureReportingMode::QtTest);
    facets.setFields({QStringLiteral("url.domain"), QStringLiteral("user.name")}, 1);
    QCOMPARE(facets.rowCount(), 2);
    facets.setFacets({{"url.domain", 900, {{"evil.example", 40}, {"b.example", 10}}, {{"rare.example", 1}}}});
    QCOMPARE(facets.rowCount(), 4);
    QCOMPARE(facets.index(1).data().toString(), QStringLiteral("evil[.]example"));
    QCOMPARE(facets.index(1).data(FacetModel::ValueRole).toString(), QStringLiteral("evil.example"));
    QCOMPARE(facets.index(2).data(FacetModel::ShareRole).toDouble(), 0.25);
    facets.setExcluded({qMakePair(QStringLiteral("url.domain"), QStringLiteral("b.example"))});
    QVERIFY(facets.index(2).data(FacetModel::ExcludedRole).toBool());
    facets.setRare(0, true);
    QCOMPARE(facets.index(1).data().toString(), QStringLiteral("rare[.]example"));
    QSignalSpy opened(&facets, &FacetModel::opened);
    facets.toggleOpen(2);
    QCOMPARE(opened.count(), 1);
    facets.toggleOpen(0);
    QCOMPARE(facets.rowCount(), 2);
}

QTEST_GUILESS_MAIN(TestEventTableModel)
#include "tst_eventtablemodel.moc"
