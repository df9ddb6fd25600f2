// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenfixture.h"
#include "support/support.h"
#include "ui/screens/detections/daychart.h"
#include "ui/screens/detections/detectionsscreen.h"
#include "ui/screens/detections/matrixstrip.h"
#include "ui/widgets/codeedit.h"

#include <QCheckBox>
#include <QSignalSpy>

#include <fstream>

using namespace nightjar;
using namespace nightjar::ui;

/// The Detections screen by hand and by keyboard.
class DetectionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCatalogueIsSearchedAndFiltered();
    void rulesAreSwitchedByKeyboard();
    void aRuleIsWrittenTestedAndSaved();
    void anExceptionComesFromAnEvent();
    void anImportIsReviewedFirst();
    void aHuntTellsItsHits();
    void emptyAndSmall();
};

namespace {

struct Fixture {
    testsupport::TemporaryFolder folder;
    std::unique_ptr<ScreenFixture<DetectionsScreen>> on;

    explicit Fixture(bool rules = true, QSize size = {1528, 928})
    {
        auto engine = std::make_unique<workspace::Engine>();
        if (rules) {
            fill(*engine);
        }
        on = std::make_unique<ScreenFixture<DetectionsScreen>>(std::move(engine), size, folder.path());
    }
    void fill(workspace::Engine &engine)
    {
        using workspace::fakeRule;
        const auto file = [&](workspace::RuleInfo info) {
            info.file = (folder / (info.id + ".yml")).string();
            std::ofstream(info.file)
                << "title: " << info.title << "\nid: " << info.id
                << "\nlogsource:\n    category: proxy\ndetection:\n    sel:\n        c-uri|endswith:\n"
                   "            - '.exe'\n            - '.bin'\n    condition: sel\nlevel: "
                << info.level << "\n";
            return info;
        };
        engine.rules = {
            file(fakeRule("id-a", "Download from raw IP address", "medium",
                          {"attack.command-and-control", "attack.t1105"})),
            file(fakeRule("id-b", "Suspicious user agent", "medium",
                          {"attack.command-and-control", "attack.t1071.001"})),
            file(fakeRule("id-c", "Malware blocked, then allowed", "critical", {"attack.execution", "attack.t1204"})),
            file(fakeRule("id-d", "Scanner user agent", "low", {"attack.reconnaissance", "attack.t1595"})),
            file(fakeRule("id-e", "WebDAV download cradle", "high", {"attack.execution", "attack.t1105"})),
            file(fakeRule("id-f", "Cloud storage by command-line client", "high",
                          {"attack.exfiltration", "attack.t1567.002"}))};
        engine.rules[3].enabled = false;
        engine.ruleNoise = {
            {"id-a", "", "medium", 7, 3, 0.2, {}},
            {"id-b", "", "medium", 720, 7, 0.4, {}},
            {"id-c", "", "critical", 1, 1, 0.9, {}},
            {"id-e", "", "high", 0, 0, 0.3, "It needs cs-method in firewall logs; no source delivers that field."},
            {"id-f", "", "high", 2, 1, 0.2, {}}};
        engine.ruleChanges = {
            {"added", "id-x", "DNS tunnel by label length", "dns/tunnel.yml", {}, "ok", {}, 0},
            {"changed", "id-y", "Telegram bot API", "proxy/telegram.yml", {"detection", "modified"}, "ok", {}, 0},
            {"removed", "id-z", "Old rule", "proxy/old.yml", {}, {}, {}, 0},
            {"added", "", "Needs a list", "proxy/list.yml", {}, "needs_placeholder", "%servers% is not set", 9}};
    }
    template <class T>
    T *named(const QString &name)
    {
        for (T *widget : on->screen->findChildren<T *>()) {
            if (widget->accessibleName() == name && widget->isVisibleTo(on->screen.get())) {
                return widget;
            }
        }
        return nullptr;
    }
    bool rest()
    {
        return QTest::qWaitFor([this] { return !on->screen->busy(); }, 10'000);
    }
    workspace::RuleInfo rule(const std::string &id)
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        for (const auto &one : workspace::fakeEngine()->rules) {
            if (one.id == id) {
                return one;
            }
        }
        return {};
    }
    bool undo()
    {
        QSignalSpy undone(&on->services.undo(), &present::UndoStack::undone);
        on->services.undo().undo();
        return undone.wait(5'000);
    }
    int rowOf(FastTable *table, const QString &title)
    {
        for (int i = 0; i < table->model()->rowCount(); ++i) {
            if (table->model()->index(i, 2).data().toString() == title) {
                return i;
            }
        }
        return -1;
    }
};

} // namespace

void DetectionsTest::theCatalogueIsSearchedAndFiltered()
{
    Fixture at;
    QVERIFY(at.on->ready);
    QVERIFY(at.rest());
    auto *table = at.named<FastTable>(u"Rules"_qs);
    QVERIFY(table != nullptr);
    QCOMPARE(table->model()->rowCount(), 6);
    QCOMPARE(table->model()->index(0, 2).data().toString(), u"Malware blocked, then allowed"_qs); // critical first
    QTRY_COMPARE(table->model()->index(at.rowOf(table, u"WebDAV download cradle"_qs), 6).data().toString(),
                 u"can't fire"_qs);
    QCOMPARE(at.on->nameless(), QStringList());
    QCOMPARE(table->selectedRows().size(), qsizetype{1}); // also after the figures have sorted the list anew
    table->selectRow(at.rowOf(table, u"WebDAV download cradle"_qs));
    QVERIFY(at.rest());
    QCOMPARE(table->selectedRows(), QList<int>{at.rowOf(table, u"WebDAV download cradle"_qs)});
    bool told = false;
    for (const auto *label : at.on->screen->findChildren<PlainLabel *>()) {
        told = told || (label->isVisible() && label->text().contains(u"no source delivers"_qs));
    }
    QVERIFY(told);
    at.on->picture(u"detections"_qs);
    Theme::instance().apply(ThemeChoice::Light);
    at.on->picture(u"detections-light"_qs);
    Theme::instance().apply(ThemeChoice::Dark);
    auto *matrix = at.on->screen->findChild<MatrixStrip *>();
    QTest::keyClick(at.on->screen.get(), Qt::Key_G);
    QVERIFY(matrix->hasFocus());
    for (int i = 0; i < 3; ++i) {
        QTest::keyClick(matrix, Qt::Key_Right);
    }
    QTest::keyClick(matrix, Qt::Key_Return); // execution
    QCOMPARE(table->model()->rowCount(), 2);
    QTest::keyClick(matrix, Qt::Key_Down);
    QTest::keyClick(matrix, Qt::Key_Return); // T1105 of it
    QCOMPARE(table->model()->rowCount(), 1);
    at.named<QAbstractButton>(u"Drop the filter T1105"_qs)->click();
    QCOMPARE(table->model()->rowCount(), 6);
    at.on->screen->focusQuery();
    QTest::keyClicks(at.named<QLineEdit>(u"Search rules"_qs), u"agent"_qs);
    QCOMPARE(table->model()->rowCount(), 2);
    QTest::keyClicks(at.named<QLineEdit>(u"Search rules"_qs), u"zzz"_qs);
    QVERIFY(at.named<QAbstractButton>(u"Drop the filters"_qs) != nullptr);
    at.named<QAbstractButton>(u"Drop the filters"_qs)->click();
    QCOMPARE(table->model()->rowCount(), 6);
}

void DetectionsTest::rulesAreSwitchedByKeyboard()
{
    Fixture at;
    QVERIFY(at.rest());
    auto *table = at.named<FastTable>(u"Rules"_qs);
    table->selectRow(at.rowOf(table, u"Download from raw IP address"_qs));
    QTest::keyClick(table, Qt::Key_Space);
    QTRY_VERIFY(!at.rule("id-a").enabled);
    QVERIFY(at.rest());
    QTRY_COMPARE(table->model()->index(at.rowOf(table, u"Download from raw IP address"_qs), 6).data().toString(),
                 u"off"_qs);
    QVERIFY(at.undo());
    QVERIFY(at.rule("id-a").enabled);
    auto *level = at.named<QComboBox>(u"Level of the chosen rules"_qs);
    level->setFocus();
    level->setCurrentIndex(2);
    Q_EMIT level->activated(2);
    QTRY_COMPARE(at.rule("id-a").level, std::string("critical"));
    QCOMPARE(at.rule("id-a").fileLevel, std::string("medium"));
    QVERIFY(at.rest());
    QVERIFY(at.undo());
    QTRY_COMPARE(at.rule("id-a").level, std::string("medium"));
    QVERIFY(at.rest());
    const QModelIndex check = table->model()->index(at.rowOf(table, u"Malware blocked, then allowed"_qs), 0);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(check).center());
    QTRY_VERIFY(!at.rule("id-c").enabled);
}

void DetectionsTest::aRuleIsWrittenTestedAndSaved()
{
    Fixture at;
    QVERIFY(at.rest());
    QTest::keyClick(at.on->screen.get(), Qt::Key_N);
    auto *text = at.named<CodeEdit>(u"Rule as YAML"_qs);
    QVERIFY(text != nullptr && text->hasFocus());
    text->setPlainText(u"title: x\n"_qs);
    QVERIFY(at.rest());
    QTRY_VERIFY(at.named<QAbstractButton>(u"Save"_qs) != nullptr &&
                !at.named<QAbstractButton>(u"Save"_qs)->isEnabled());
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"det"_qs);
    QVERIFY(text->completing());
    at.on->picture(u"detections-completion"_qs);
    QTest::keyClick(text, Qt::Key_Tab);
    QCOMPARE(text->toPlainText(), u"title: x\ndetection:"_qs);
    QTest::keyClick(text, Qt::Key_Return);
    QTest::keyClicks(text, u"sel:"_qs);
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(text->toPlainText(), u"title: x\ndetection:\n    sel:\n        "_qs); // one deeper each
    QTest::keyClicks(text, u"c-uri|ends"_qs);
    QTest::keyClick(text, Qt::Key_Tab);
    QVERIFY(text->toPlainText().endsWith(u"c-uri|endswith"_qs));
    QTest::keyClicks(text, u": .exe"_qs);
    QVERIFY(at.rest());
    auto *events = at.named<FastTable>(u"Events that the rule finds"_qs);
    QTRY_VERIFY(events != nullptr);
    QCOMPARE(events->model()->rowCount(), 3);
    QVERIFY(at.on->screen->findChild<DayChart *>()->accessibleDescription().contains(u": 2"_qs));
    at.on->picture(u"detections-new"_qs);
    QTest::keyClick(text, Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(!at.rule("saved").file.empty());
    QVERIFY(at.rest());
    QVERIFY(at.undo());
    QVERIFY(at.rule("saved").file.empty());
}

void DetectionsTest::anExceptionComesFromAnEvent()
{
    Fixture at;
    QVERIFY(at.rest());
    auto *table = at.named<FastTable>(u"Rules"_qs);
    table->selectRow(at.rowOf(table, u"Suspicious user agent"_qs));
    QVERIFY(at.rest());
    QTRY_VERIFY(at.named<FastTable>(u"Events that the rule finds"_qs) != nullptr);
    QTest::keyClick(at.on->screen.get(), Qt::Key_M);
    const auto boxes = at.on->screen->findChildren<QCheckBox *>();
    QVERIFY(boxes.size() > 3);
    auto *add = at.named<QAbstractButton>(u"Add exception"_qs);
    QVERIFY(add != nullptr && !add->isEnabled());
    QTest::keyClick(boxes.front(), Qt::Key_Space);
    QVERIFY(boxes.front()->isChecked());
    QTRY_VERIFY(add->isEnabled());
    QStringList texts;
    for (const auto *label : at.on->screen->findChildren<PlainLabel *>()) {
        texts << label->text();
    }
    QVERIFY(texts.contains(u"Would have closed 2 of 3 hits in the whole store."_qs));
    at.on->picture(u"detections-exception"_qs);
    add->click();
    QTRY_VERIFY(std::filesystem::exists(at.folder / "rules/exceptions/one.yml"));
    QVERIFY(at.rest());
    QVERIFY(at.undo());
    QVERIFY(!std::filesystem::exists(at.folder / "rules/exceptions/one.yml"));
}

void DetectionsTest::anImportIsReviewedFirst()
{
    Fixture at;
    QVERIFY(at.rest());
    at.on->screen->importFrom(u"/somewhere/sigma.zip"_qs);
    QTRY_VERIFY(at.named<FastTable>(u"Changes of the import"_qs) != nullptr);
    auto *changes = at.named<FastTable>(u"Changes of the import"_qs);
    QCOMPARE(changes->model()->rowCount(), 4);
    QVERIFY(!workspace::fakeEngine()->importedRules);
    at.on->picture(u"detections-import"_qs);
    auto *which = at.named<QComboBox>(u"Which changes"_qs);
    which->setCurrentIndex(which->count() - 1); // would not run
    QCOMPARE(changes->model()->rowCount(), 1);
    at.named<QAbstractButton>(u"Take over 4"_qs)->click();
    QTRY_VERIFY(workspace::fakeEngine()->importedRules);
    QVERIFY(at.named<FastTable>(u"Changes of the import"_qs) == nullptr);
}

void DetectionsTest::aHuntTellsItsHits()
{
    Fixture at;
    QVERIFY(at.rest());
    auto *table = at.named<FastTable>(u"Rules"_qs);
    table->selectRow(at.rowOf(table, u"Download from raw IP address"_qs));
    QVERIFY(at.rest());
    QSignalSpy toasts(&at.on->services, &ShellServices::toastRequested);
    QTest::keyClick(at.on->screen.get(), Qt::Key_R);
    QTRY_VERIFY(!toasts.isEmpty());
    QCOMPARE(toasts.back()[0].value<ToastText>().title, u"Hunt: 5 hits"_qs);
    auto *events = at.named<FastTable>(u"Events that the rule finds"_qs);
    QTRY_COMPARE(events->model()->rowCount(), 5);
    QSignalSpy opened(&at.on->services, &ShellServices::openRequested);
    events->selectRow(0);
    QTest::keyClick(events, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.back()[0].value<Address>().screen, u"events"_qs);
}

void DetectionsTest::emptyAndSmall()
{
    Fixture none(false);
    QVERIFY(none.rest());
    QVERIFY(none.named<FastTable>(u"Rules"_qs) == nullptr);
    none.on->picture(u"detections-empty"_qs);
    none.on.reset();
    Fixture at(true, {1232, 608});
    at.on->screen->setNarrow(true);
    QVERIFY(at.rest());
    QVERIFY2(at.on->screen->minimumSizeHint().width() <= 1232,
             qPrintable(QString::number(at.on->screen->minimumSizeHint().width())));
    QVERIFY2(at.on->screen->minimumSizeHint().height() <= 608,
             qPrintable(QString::number(at.on->screen->minimumSizeHint().height())));
    at.on->picture(u"detections-small"_qs);
}

QTEST_MAIN(DetectionsTest)
#include "tst_detectionsscreen.moc"
