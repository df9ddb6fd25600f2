// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"
#include "present/alertmodels.h"
#include "present/respondcontroller.h"
#include "present/tablemodels.h"
#include "present/triagecontroller.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

class TestAlertModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsAndOrders();
    void unchangedListsAreNotReset();
    void evidenceIsReadFromRecords();
    void triageCanBeUndone();
    void blockingTellsItsStagesAndCanBeUndone();
    void refusalsAreOutcomes();
    void shortTables();
};

namespace {

constexpr Timestamp kNow = 1'773'315'720'000'000;

struct Window {
    Session session;
    UndoStack undo{session};
    TriageController triage{session, undo};
    RespondController respond{session, undo};
    Window()
    {
        workspace::nextFakeEngine() = std::make_unique<workspace::Engine>();
        workspace::nextFakeEngine()->alerts = workspace::fakeQueue(kNow);
        session.openWorkspace("/fake");
    }
};

} // namespace

void TestAlertModels::groupsAndOrders()
{
    AlertQueueModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setAlerts(workspace::fakeQueue(kNow), kNow);
    QCOMPARE(model.rowCount(), 14);
    QCOMPARE(model.index(0).data().toString(), u"Critical and high"_qs);
    QCOMPARE(model.index(0).data(AlertQueueModel::CountRole).toInt(), 5);
    QVERIFY(!(model.index(0).flags() & Qt::ItemIsSelectable));
    QCOMPARE(model.index(1).data(AlertQueueModel::AgeRole).toString(), u"4 m"_qs);
    QCOMPARE(model.index(1).data(AlertQueueModel::EntityRole).toString(), u"q7-metrics[.]example"_qs);
    QCOMPARE(model.index(12).data().toString(), u"Closed"_qs);
    QCOMPARE(model.index(13).data(AlertQueueModel::StatusTextRole).toString(), u"false positive"_qs);
    QCOMPARE(model.step(0, 1), 1);
    QCOMPARE(model.step(5, 1), 7);
    QCOMPARE(model.step(1, -1), -1);
    QCOMPARE(model.open(), 9);
    model.setGroup(AlertQueueModel::Group::None);
    model.setOrder(AlertQueueModel::Order::Newest);
    QCOMPARE(model.index(1).data(AlertQueueModel::IdRole).toInt(), 1);
    QCOMPARE(model.rowOf(9), 9);
}

void TestAlertModels::unchangedListsAreNotReset()
{
    AlertQueueModel model;
    model.setAlerts(workspace::fakeQueue(kNow), kNow);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setAlerts(workspace::fakeQueue(kNow), kNow + kMicrosPerSecond * 60);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.index(1).data(AlertQueueModel::AgeRole).toString(), u"5 m"_qs);
    model.setAlerts({}, kNow);
    QCOMPARE(reset.count(), 1);
}

void TestAlertModels::evidenceIsReadFromRecords()
{
    std::vector<alerts::Evidence> evidence = workspace::fakeBeacon(1, kNow).finding.evidence;
    evidence.push_back({7, kNow, "{damaged", "raw"});
    EvidenceModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(readEvidence(evidence));
    QCOMPARE(model.rowCount(), 13);
    QCOMPARE(model.index(0, EvidenceModel::PathColumn).data().toString(), u"q7-metrics[.]example/v2/collect?s=81"_qs);
    QCOMPARE(model.index(0, EvidenceModel::ActionColumn).data(EvidenceModel::ActionRole).toInt(),
             static_cast<int>(Action::Allowed));
    QCOMPARE(model.index(0, EvidenceModel::OutColumn).data().toString(), u"412"_qs);
    QCOMPARE(model.index(12, EvidenceModel::PathColumn).data().toString(), QString());
    QVERIFY(!model.index(12, EvidenceModel::TimeColumn).data().toString().isEmpty());
}

void TestAlertModels::triageCanBeUndone()
{
    Window window;
    AlertQueueModel queue;
    QSignalSpy listed(&window.triage, &TriageController::listed);
    window.triage.refresh(queue, {});
    QVERIFY(listed.wait());
    QCOMPARE(queue.open(), 9);
    QSignalSpy changed(&window.triage, &TriageController::changed);
    window.triage.change({1, 2, 3}, {alerts::Status::Closed, alerts::Verdict::Benign, {}}, u"Closed 3"_qs);
    QVERIFY(changed.wait());
    window.triage.refresh(queue, {});
    QTRY_COMPARE(queue.open(), 6);
    QCOMPARE(window.undo.nextText(), u"Closed 3"_qs);
    QSignalSpy undone(&window.undo, &UndoStack::undone);
    window.undo.undo();
    QVERIFY(undone.wait());
    QVERIFY(window.undo.isEmpty());
    window.triage.refresh(queue, {});
    QTRY_COMPARE(queue.open(), 9);
}

void TestAlertModels::blockingTellsItsStagesAndCanBeUndone()
{
    Window window;
    QTRY_VERIFY(window.session.isOpen());
    QList<int> stages;
    QString result;
    connect(&window.respond, &RespondController::staged, this,
            [&stages](workspace::BlockStage stage, const QString &) { stages.append(static_cast<int>(stage)); });
    connect(
        &window.respond, &RespondController::finished, this,
        [&result](const workspace::BlockOutcome &outcome, bool) { result = QString::fromStdString(outcome.result); });
    window.respond.block("q7-metrics.example", u"alert 1"_qs, 0, false);
    QVERIFY(window.respond.pushing());
    QTRY_COMPARE(result, u"blocked"_qs);
    QCOMPARE(stages, (QList<int>{0, 1, 2, 3}));
    bool blocked = false;
    connect(&window.respond, &RespondController::previewed, this,
            [&blocked](const workspace::BlockPreview &preview) { blocked = preview.alreadyBlocked; });
    window.respond.preview("q7-metrics.example");
    QTRY_VERIFY(blocked);
    QVERIFY(window.undo.nextText().contains(u"q7-metrics[.]example"_qs));
    window.undo.undo();
    QTRY_VERIFY(window.undo.isEmpty());
    window.respond.preview("q7-metrics.example");
    QTRY_VERIFY(!blocked);
}

void TestAlertModels::refusalsAreOutcomes()
{
    Window window;
    QTRY_VERIFY(window.session.isOpen());
    workspace::fakeEngine()->guard = workspace::GuardLevel::Ask;
    QString result;
    connect(
        &window.respond, &RespondController::finished, this,
        [&result](const workspace::BlockOutcome &outcome, bool) { result = QString::fromStdString(outcome.result); });
    window.respond.block("cdn.example", {}, 0, false);
    QTRY_COMPARE(result, u"refused"_qs);
    QVERIFY(window.undo.isEmpty());
    window.respond.block("cdn.example", {}, 0, true);
    QTRY_COMPARE(result, u"blocked"_qs);
}

void TestAlertModels::shortTables()
{
    JournalModel journal;
    QAbstractItemModelTester tester(&journal, QAbstractItemModelTester::FailureReportingMode::QtTest);
    workspace::JournalLine line;
    line.id = 4;
    line.entry = "evil.example";
    line.result = "blocked";
    line.state = "live";
    line.undoable = true;
    journal.setLines({line});
    QCOMPARE(journal.index(0, JournalModel::EntryColumn).data().toString(), u"evil[.]example"_qs);
    QCOMPARE(journal.index(0, 0).data(RowsModel::ToneRole).toInt(), static_cast<int>(Tone::Ok));
    QVERIFY(journal.index(0, 0).data(RowsModel::FlagRole).toBool());
    DenyListModel list;
    workspace::DenyListState state;
    state.entries = {{"a.example", true}, {"b.example", false}};
    list.setState(state);
    QCOMPARE(list.index(1, DenyListModel::OriginColumn).data().toString(), u"outside"_qs);
    QuarantineModel bad;
    workspace::QuarantineEntry entry;
    entry.error = Error{"NJ-LOGS-001", "No record", "not JSON", {"f", 3, 4}, ""};
    entry.raw = "\x1B]0;x";
    bad.setEntries({entry});
    QVERIFY(!bad.index(0, QuarantineModel::RawColumn).data().toString().contains(QChar(0x1B)));
}

QTEST_GUILESS_MAIN(TestAlertModels)
#include "tst_alertmodels.moc"
