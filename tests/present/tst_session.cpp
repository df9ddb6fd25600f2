// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"
#include "present/session.h"

#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

class TestSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opensInTheBackground();
    void tellsWhyItDidNotOpen();
    void answersOnTheGuiThread();
    void waitsForTheWorkspace();
    void dropsAnswersForTheDead();
    void dropsSupersededAnswers();
    void visiblePagesGoFirst();
    void jobsReportFinishAndCancel();
    void failedJobsAreTold();
    void revisionIsCoalesced();
    void endsWhileWorkRuns();
};

void TestSession::opensInTheBackground()
{
    Session session;
    QSignalSpy opened(&session, &Session::opened);
    session.openWorkspace("/fake/one");
    QVERIFY(!session.isOpen());
    QVERIFY(opened.wait());
    QVERIFY(session.isOpen() && session.isDemo());
    QCOMPARE(session.folder(), std::filesystem::path("/fake/one"));
}

void TestSession::tellsWhyItDidNotOpen()
{
    Session session;
    Error told;
    connect(&session, &Session::openFailed, this, [&told](const Error &error) { told = error; });
    session.openWorkspace("/refused");
    QTRY_COMPARE(told.code, std::string("NJ-WORKSPACE-001"));
    QVERIFY(!session.isOpen());
}

void TestSession::answersOnTheGuiThread()
{
    Session session;
    session.openWorkspace("/fake");
    QThread *worker = nullptr;
    QThread *home = nullptr;
    session.run(
        Priority::Page, [](workspace::Workspace &, const CancelToken &) { return QThread::currentThread(); }, this,
        [&](QThread *where) {
            worker = where;
            home = QThread::currentThread();
        });
    QTRY_VERIFY(home != nullptr);
    QCOMPARE(home, QThread::currentThread());
    QVERIFY(worker != home);
}

void TestSession::waitsForTheWorkspace()
{
    Session session;
    int answer = 0;
    session.run(
        Priority::Page, [](workspace::Workspace &, const CancelToken &) { return 7; }, this,
        [&answer](int seven) { answer = seven; });
    QTest::qWait(50);
    QCOMPARE(answer, 0);
    session.openWorkspace("/fake");
    QTRY_COMPARE(answer, 7);
}

void TestSession::dropsAnswersForTheDead()
{
    Session session;
    session.openWorkspace("/fake");
    std::atomic<bool> ran = false;
    bool answered = false;
    auto context = std::make_unique<QObject>();
    session.run(
        Priority::Page,
        [&ran](workspace::Workspace &, const CancelToken &) {
            ran = true;
            return 1;
        },
        context.get(), [&answered](int) { answered = true; });
    context.reset();
    QTRY_VERIFY(ran);
    QTest::qWait(50);
    QVERIFY(!answered);
}

void TestSession::dropsSupersededAnswers()
{
    Session session;
    session.openWorkspace("/fake");
    Latest latest;
    QList<int> answers;
    std::atomic<int> cancelled = 0;
    for (int i = 0; i < 20; ++i) {
        session.runLatest(
            latest, Priority::Page,
            [i, &cancelled](workspace::Workspace &, const CancelToken &token) {
                for (int wait = 0; wait < 20 && !token.cancelled(); ++wait) {
                    QThread::msleep(1);
                }
                cancelled += token.cancelled() ? 1 : 0;
                return i;
            },
            this, [&answers](int answer) { answers.append(answer); });
    }
    QVERIFY(latest.busy());
    QTRY_VERIFY(!latest.busy());
    QCOMPARE(answers, QList<int>{19});
}

void TestSession::visiblePagesGoFirst()
{
    Session session;
    QStringList order;
    const auto ask = [&](Priority priority, const QString &name) {
        session.run(
            priority, [name](workspace::Workspace &, const CancelToken &) { return name; }, this,
            [&order](const QString &answer) { order.append(answer); });
    };
    for (int i = 0; i < 8; ++i) {
        ask(Priority::Facets, QStringLiteral("facets"));
    }
    for (int i = 0; i < 8; ++i) {
        ask(Priority::Page, QStringLiteral("page"));
    }
    session.openWorkspace("/fake");
    QTRY_COMPARE(order.size(), 16);
    QVERIFY2(order.mid(0, 6).count(QStringLiteral("page")) == 6, qPrintable(order.join(QLatin1Char(' '))));
}

void TestSession::jobsReportFinishAndCancel()
{
    Session session;
    QSignalSpy opened(&session, &Session::opened);
    session.openWorkspace("/fake");
    QVERIFY(opened.wait());
    int done = 0;
    session.startJob(
        QStringLiteral("Import <b>x</b>"),
        [](workspace::Workspace &, const JobReporter &reporter, const CancelToken &token) -> Result<int> {
            reporter.report(0.5, QStringLiteral("half"));
            while (!token.cancelled()) {
                QThread::msleep(1);
            }
            return 5;
        },
        this, [&done](Result<int> answer) { done = answer.value_or(-1); });
    QCOMPARE(session.jobs().rowCount(), 1);
    const QModelIndex row = session.jobs().index(0);
    QTRY_COMPARE(row.data(JobModel::FractionRole).toDouble(), 0.5);
    QCOMPARE(row.data(JobModel::TextRole).toString(), QStringLiteral("half"));
    QVERIFY(!row.data(JobModel::CancellingRole).toBool());
    session.jobs().cancel(row.data(JobModel::IdRole).toInt() + 1); // nobody's
    QVERIFY(!row.data(JobModel::CancellingRole).toBool());
    session.jobs().cancel(row.data(JobModel::IdRole).toInt());
    QVERIFY(row.data(JobModel::CancellingRole).toBool()); // at once
    QVERIFY(row.data(JobModel::TextRole).toString() != QStringLiteral("half"));
    QTRY_COMPARE(done, 5);
    QVERIFY(!row.data(JobModel::CancellingRole).toBool());
    QCOMPARE(row.data(JobModel::StateRole).toInt(), static_cast<int>(JobState::Cancelled));
    QCOMPARE(session.jobs().running(), 0);
}

void TestSession::failedJobsAreTold()
{
    Session session;
    QSignalSpy opened(&session, &Session::opened);
    session.openWorkspace("/fake");
    QVERIFY(opened.wait());
    Error told;
    connect(&session, &Session::errorOccurred, this, [&told](const Error &error) { told = error; });
    bool failed = false;
    session.startFreeJob(
        QStringLiteral("Demo"),
        [](const JobReporter &, const CancelToken &) -> Status { return fail("NJ-TEST-001", "It broke"); }, this,
        [&failed](Status status) { failed = !status; });
    QTRY_VERIFY(failed);
    QCOMPARE(told.code, std::string("NJ-TEST-001"));
    QCOMPARE(session.jobs().index(0).data(JobModel::StateRole).toInt(), static_cast<int>(JobState::Failed));
}

void TestSession::revisionIsCoalesced()
{
    Session session;
    QSignalSpy changed(&session, &Session::revisionChanged);
    session.openWorkspace("/fake");
    QTRY_COMPARE(changed.count(), 1);
    for (int i = 0; i < 1'000; ++i) {
        ++workspace::fakeEngine()->revision;
    }
    QTRY_COMPARE(changed.count(), 2);
    QTest::qWait(600);
    QCOMPARE(changed.count(), 2);
}

void TestSession::endsWhileWorkRuns()
{
    QElapsedTimer clock;
    {
        Session session;
        QSignalSpy opened(&session, &Session::opened);
        session.openWorkspace("/fake");
        QVERIFY(opened.wait());
        for (int i = 0; i < 6; ++i) {
            session.run(
                Priority::Page,
                [](workspace::Workspace &, const CancelToken &token) {
                    while (!token.cancelled()) {
                        QThread::msleep(1);
                    }
                    return 1;
                },
                this, [](int) { QFAIL("answered into a session that is gone"); });
        }
        QTest::qWait(20);
        clock.start();
    }
    QVERIFY2(clock.elapsed() < 1'000, "closing waits for work that was cancelled");
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
