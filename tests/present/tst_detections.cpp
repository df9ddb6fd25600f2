// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"
#include "present/detectioncontroller.h"
#include "present/rulewords.h"
#include "support/support.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <fstream>

using namespace nightjar;
using namespace nightjar::present;

/// Catalogue, matrix, completion, editor and changes of rules without a screen.
class TestDetections : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tagsBecomeAMatrix();
    void theCatalogueIsFiltered_data();
    void theCatalogueIsFiltered();
    void theCatalogueKeepsItsRows();
    void wordsAreCompleted_data();
    void wordsAreCompleted();
    void linesAreColoured();
    void theEditorChecksAndTries();
    void changesCanBeTakenBack();
    void exceptionsAreTriedFirst();
    void rulesAreSavedAndTakenBack();
    void oneDocumentOfMany();
};

namespace {

std::vector<workspace::RuleInfo> someRules()
{
    using workspace::fakeRule;
    auto off = fakeRule("id-off", "Quiet one", "low", {"attack.exfiltration", "attack.t1567.002"});
    off.enabled = false;
    auto refused = fakeRule("", "Broken", "", {});
    refused.refused = true;
    refused.enabled = false;
    refused.remark = "the rule has no condition";
    auto correlation = fakeRule("id-corr", "Many of them", "high", {"attack.command-and-control"});
    correlation.kind = "correlation";
    return {fakeRule("id-a", "Beacon to a new host", "high", {"attack.command_and_control", "attack.t1071.001"}),
            fakeRule("id-b", "Scanner user agent", "low",
                     {"attack.command-and-control", "attack.t1071", "attack.discovery"}),
            fakeRule("id-c", "WebDAV cradle", "medium", {"attack.t1105"}),
            off,
            correlation,
            refused};
}

std::vector<workspace::RuleNoise> someNoise()
{
    return {{"id-a", "Beacon to a new host", "high", 7, 3, 0.4, {}},
            {"ID-B", "Scanner user agent", "low", 700, 7, 2.5, {}},
            {"id-c", "WebDAV cradle", "medium", 0, 0, 0.1, "No event has the field cs-method."}};
}

struct Window {
    testsupport::TemporaryFolder folder;
    Session session;
    UndoStack undo{session};
    DetectionController controller{session, undo};
    RuleEditor editor{session};
    workspace::Engine *engine = nullptr;

    Window()
    {
        auto made = std::make_unique<workspace::Engine>();
        made->rules = someRules();
        made->ruleNoise = someNoise();
        engine = made.get();
        workspace::nextFakeEngine() = std::move(made);
        session.openWorkspace(folder.path());
    }
    bool undoLast()
    {
        QSignalSpy undone(&undo, &UndoStack::undone);
        undo.undo();
        return undone.wait(5'000);
    }
    workspace::RuleInfo rule(const std::string &id)
    {
        const std::lock_guard lock(engine->mutex);
        for (const auto &one : engine->rules) {
            if (one.id == id) {
                return one;
            }
        }
        return {};
    }
};

} // namespace

void TestDetections::tagsBecomeAMatrix()
{
    const auto columns = attackMatrix(someRules());
    QCOMPARE(columns.size(), std::size_t{14});
    const AttackColumn &c2 = columns[11];
    QCOMPARE(c2.tactic.tag, u"command-and-control"_qs);
    QCOMPARE(c2.rules, 3);
    QCOMPARE(c2.cells.size(), std::size_t{1}); // T1071.001 counts for T1071
    QCOMPARE(c2.cells[0].technique, u"T1071"_qs);
    QCOMPARE(c2.cells[0].rules, 2);
    const AttackColumn &exfiltration = columns[12];
    QCOMPARE(exfiltration.rules, 1);
    QCOMPARE(exfiltration.running, 0); // it is turned off
    QCOMPARE(columns[0].rules, 0);
    QVERIFY(attackTags({"attack.nonsense", "cve.2021.1", "attack.t"}).tactics.isEmpty());
    QVERIFY(attackTags({"attack.t"}).techniques.isEmpty());
}

void TestDetections::theCatalogueIsFiltered_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tactic");
    QTest::addColumn<QString>("technique");
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("state");
    QTest::addColumn<QStringList>("titles");
    const auto row = [](const char *name, const QString &text, const QString &tactic, const QString &technique,
                        const QString &level, RuleState state, const QStringList &titles) {
        QTest::newRow(name) << text << tactic << technique << level << static_cast<int>(state) << titles;
    };
    row("words in any order", u"host beacon"_qs, {}, {}, {}, RuleState::All, {u"Beacon to a new host"_qs});
    row("a tag", u"t1105"_qs, {}, {}, {}, RuleState::All, {u"WebDAV cradle"_qs});
    row("tactic", {}, u"discovery"_qs, {}, {}, RuleState::All, {u"Scanner user agent"_qs});
    row("technique holds its parts", {}, {}, u"T1071"_qs, {}, RuleState::All,
        {u"Beacon to a new host"_qs, u"Scanner user agent"_qs});
    row("level", {}, {}, {}, u"medium"_qs, RuleState::All, {u"WebDAV cradle"_qs});
    row("off", {}, {}, {}, {}, RuleState::Off, {u"Quiet one"_qs});
    row("cannot fire", {}, {}, {}, {}, RuleState::CannotFire, {u"WebDAV cradle"_qs});
    row("noisy", {}, {}, {}, {}, RuleState::Noisy, {u"Scanner user agent"_qs});
    row("refused", {}, {}, {}, {}, RuleState::Refused, {u"Broken"_qs});
    row("nothing", u"no such rule"_qs, {}, {}, {}, RuleState::All, {});
}

void TestDetections::theCatalogueIsFiltered()
{
    QFETCH(QString, text);
    QFETCH(QString, tactic);
    QFETCH(QString, technique);
    QFETCH(QString, level);
    QFETCH(int, state);
    QFETCH(QStringList, titles);
    RuleCatalogueModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRules(someRules());
    model.setNoise(someNoise(), 7);
    model.setFilter({text, tactic, technique, level, static_cast<RuleState>(state)});
    QStringList shown;
    for (int i = 0; i < model.rowCount(); ++i) {
        shown << model.index(i, RuleCatalogueModel::TitleColumn).data().toString();
    }
    QCOMPARE(shown, titles);
}

void TestDetections::theCatalogueKeepsItsRows()
{
    RuleCatalogueModel model;
    auto rules = someRules();
    model.setRules(rules);
    QCOMPARE(model.counts().rules, 5);
    QCOMPARE(model.counts().on, 4);
    QCOMPARE(model.counts().refused, 1);
    QCOMPARE(model.counts().cannotFire, 0); // nothing has been counted yet
    QCOMPARE(model.index(0, RuleCatalogueModel::PerDayColumn).data().toString(), u"–"_qs);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    rules[0].enabled = false;
    model.setRules(rules);
    QCOMPARE(reset.count(), 0); // a switch moves no row
    QCOMPARE(model.index(model.rowOf(u"id-a"_qs), 0).data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Unchecked));
    model.setNoise(someNoise(), 7);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.index(model.rowOf(u"id-b"_qs), RuleCatalogueModel::PerDayColumn).data().toString(), u"100"_qs);
    QCOMPARE(model.index(model.rowOf(u"id-c"_qs), RuleCatalogueModel::VerdictColumn).data().toString(),
             u"can't fire"_qs);
    QVERIFY(whySilent(*model.find(u"id-c"_qs)).contains(u"cs-method"_qs));
    QVERIFY(model.index(model.rowOf(u"id-corr"_qs), 0).data(Qt::CheckStateRole).isValid());
    model.sort(RuleCatalogueModel::PerDayColumn, Qt::DescendingOrder);
    QCOMPARE(model.index(0, RuleCatalogueModel::TitleColumn).data().toString(), u"Scanner user agent"_qs);
}

void TestDetections::wordsAreCompleted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("first");
    QTest::addColumn<int>("replaced");
    const QString head = u"title: x\nlogsource:\n    category: proxy\ndetection:\n    sel:\n"_qs;
    QTest::newRow("top level") << u"title: x\ndet"_qs << u"detection:"_qs << 3;
    QTest::newRow("field") << QString(head + u"        cs-h"_qs) << u"cs-host"_qs << 4;
    QTest::newRow("field of the schema") << QString(head + u"        url.dom"_qs) << u"url.domain"_qs << 7;
    QTest::newRow("field of the store") << QString(head + u"        zscaler.dev"_qs) << u"zscaler.devicename"_qs << 11;
    QTest::newRow("modifier") << QString(head + u"        c-uri|end"_qs) << u"endswith"_qs << 3;
    QTest::newRow("modifier right away") << QString(head + u"        c-uri|"_qs) << u"contains"_qs << 0;
    QTest::newRow("condition") << QString(head + u"        c-uri: x\n    condition: s"_qs) << u"sel"_qs << 1;
    QTest::newRow("level") << u"title: x\nlevel: cr"_qs << u"critical"_qs << 2;
    QTest::newRow("tactic") << u"title: x\ntags:\n    - attack.comm"_qs << u"attack.command-and-control"_qs << 11;
    QTest::newRow("a value") << QString(head + u"        c-uri: cs-h"_qs) << QString() << 0;
    QTest::newRow("nothing typed") << QString(head + u"        "_qs) << QString() << 0;
}

void TestDetections::wordsAreCompleted()
{
    QFETCH(QString, text);
    QFETCH(QString, first);
    QFETCH(int, replaced);
    const auto found = completeRule(text, static_cast<int>(text.size()), false, {u"zscaler.devicename"_qs});
    QCOMPARE(found.words.empty() ? QString() : found.words.front().first, first);
    if (!found.words.empty()) {
        QCOMPARE(found.replaced, replaced);
    }
    // asked for, there are words wherever a word can stand
    if (text.endsWith(u"        "_qs)) {
        QVERIFY(completeRule(text, static_cast<int>(text.size()), true, {}).words.size() > 10);
    }
}

void TestDetections::linesAreColoured()
{
    const auto spans = ruleSpans(u"    c-uri|endswith: '.exe'"_qs);
    QCOMPARE(spans.size(), std::size_t{2});
    QCOMPARE(spans[0].start, 4);
    QCOMPARE(spans[0].length, 14);
    QVERIFY(spans[1].kind == RuleSpan::Text);
    QVERIFY(ruleSpans(u"# a remark"_qs).back().kind == RuleSpan::Comment);
    QVERIFY(ruleSpans(u"    condition: a and not b"_qs).back().kind == RuleSpan::Keyword);
    QVERIFY(ruleSpans(u""_qs).empty());
}

void TestDetections::theEditorChecksAndTries()
{
    Window window;
    QSignalSpy checked(&window.editor, &RuleEditor::checked);
    QSignalSpy tested(&window.editor, &RuleEditor::tested);
    window.editor.open(u"title: x\n"_qs);
    QVERIFY(checked.wait(5'000));
    QVERIFY(!window.editor.isUsable());
    QCOMPARE(window.editor.marks().size(), std::size_t{1});
    QCOMPARE(window.editor.marks()[0].line, 2);
    window.editor.open(u"title: x\ndetection: y\n"_qs);
    QTRY_VERIFY_WITH_TIMEOUT(window.editor.trial() && !window.editor.testing(), 5'000);
    QVERIFY(!window.editor.trial()->first);
    QCOMPARE(window.editor.trial()->test.hunt.matches, 3);
    QCOMPARE(window.editor.trial()->samples.size(), std::size_t{3});
    QVERIFY(!window.editor.trial()->samples[0].target.contains(u"://"_qs));
    QVERIFY(!window.editor.savedTest()); // nothing to compare with
    const int before = window.engine->ruleTests.load();
    for (const char *text : {"title: x\ndetection: t\n", "title: x\ndetection: tw\n", "title: x\ndetection: two\n"}) {
        window.editor.setText(QString::fromLatin1(text)); // typing: only the last one is tried
    }
    QVERIFY(window.editor.isChanged());
    QTRY_VERIFY_WITH_TIMEOUT(window.editor.savedTest().has_value(), 5'000);
    QCOMPARE(window.editor.trial()->test.hunt.matches, 2);
    QCOMPARE(window.editor.savedTest()->hunt.matches, 3);
    QCOMPARE(window.engine->ruleTests.load() - before, 3); // newest day, seven days, saved version
    window.editor.setText(u"title: x\n"_qs);
    QTRY_VERIFY_WITH_TIMEOUT(!window.editor.isUsable(), 5'000);
    QVERIFY(!window.editor.trial());
}

void TestDetections::changesCanBeTakenBack()
{
    Window window;
    QSignalSpy done(&window.controller, &DetectionController::done);
    window.controller.setEnabled({window.rule("id-a"), window.rule("id-off"), window.rule("id-corr")}, false);
    QVERIFY(done.wait(5'000));
    QVERIFY(!window.rule("id-a").enabled);
    QVERIFY(!window.rule("id-corr").enabled);
    QVERIFY(window.undoLast());
    QVERIFY(window.rule("id-corr").enabled);
    QVERIFY(window.rule("id-a").enabled);
    QVERIFY(!window.rule("id-off").enabled); // it was off before
    window.controller.setLevel({window.rule("id-a")}, u"critical"_qs);
    QVERIFY(done.wait(5'000));
    window.controller.setLevel({window.rule("id-a"), window.rule("id-b")}, u"low"_qs);
    QVERIFY(done.wait(5'000));
    QCOMPARE(window.rule("id-b").level, std::string("low"));
    QVERIFY(window.undoLast());
    QCOMPARE(window.rule("id-a").level, std::string("critical"));
    QVERIFY(window.undoLast());
    QCOMPARE(window.rule("id-a").level, std::string("high"));
}

void TestDetections::exceptionsAreTriedFirst()
{
    Window window;
    QSignalSpy tried(&window.controller, &DetectionController::exceptionTried);
    window.controller.tryException(window.rule("id-a"), u"title: x\ndetection: y\n"_qs, {{"user.name", "a.diaz"}});
    QVERIFY(tried.wait(5'000));
    const auto trial = tried.back()[0].value<ExceptionTrial>();
    QCOMPARE(trial.before, 3);
    QCOMPARE(trial.closed(), 2);
    QSignalSpy done(&window.controller, &DetectionController::done);
    window.controller.addException(window.rule("id-a"), {{"user.name", "a.diaz"}}, u"why"_qs);
    QVERIFY(done.wait(5'000));
    QVERIFY(std::filesystem::exists(window.folder / "rules/exceptions/one.yml"));
    QVERIFY(window.undoLast());
    QVERIFY(!std::filesystem::exists(window.folder / "rules/exceptions/one.yml"));
}

void TestDetections::rulesAreSavedAndTakenBack()
{
    Window window;
    QSignalSpy saved(&window.controller, &DetectionController::saved);
    window.controller.save(u"first"_qs, {}, u"id-a"_qs);
    QVERIFY(saved.wait(5'000));
    const std::string file = saved.back()[0].toString().toStdString();
    QVERIFY(!window.rule("id-a").enabled); // what it replaces
    QVERIFY(isOwnRule(window.rule("saved")));
    QVERIFY(!isOwnRule(window.rule("id-a")));
    window.controller.save(u"second"_qs, file, {});
    QVERIFY(saved.wait(5'000));
    QVERIFY(window.undoLast());
    std::ifstream in(file);
    QCOMPARE(std::string(std::istreambuf_iterator<char>(in), {}), std::string("first"));
    QVERIFY(window.undoLast());
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(window.rule("id-a").enabled);
}

void TestDetections::oneDocumentOfMany()
{
    const QString text = u"title: A\nid: id-a\n---\ntitle: B\nid: id-b\n"_qs;
    QCOMPARE(documentOf(text, workspace::fakeRule("id-b", "B", "low", {})), u"title: B\nid: id-b\n"_qs);
    QCOMPARE(documentOf(text, workspace::fakeRule("gone", "C", "low", {})), text);
    QVERIFY(!withNewId(text).contains(u"id: id-a\n"_qs));
    QVERIFY(withNewId(text).contains(u"id: id-b\n"_qs));
    QVERIFY(withNewId(u"title: A\n"_qs).startsWith(u"id: "_qs));
    RuleChangesModel model;
    model.setChanges({{"changed", "id-a", "A", "a.yml", {"level", "detection"}, "ok", {}, 0},
                      {"added", "", "", "b.yml", {}, "needs_placeholder", "an unresolved %x%", 3}});
    QCOMPARE(model.index(0, RuleChangesModel::DiffersColumn).data().toString(), u"level, detection"_qs);
    QCOMPARE(model.index(1, RuleChangesModel::VerdictColumn).data().toString(),
             u"needs placeholder: an unresolved %x%"_qs);
}

QTEST_GUILESS_MAIN(TestDetections)
#include "tst_detections.moc"
