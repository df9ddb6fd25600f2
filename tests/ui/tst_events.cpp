// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenfixture.h"
#include "ui/screens/events/eventsscreen.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>

using namespace nightjar;
using namespace nightjar::ui;

class TestEvents : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsTableRecordFacetsAndHistogram();
    void theCountMayComeFirst();
    void filtersByKey();
    void chipsSwitchInvertAndGo();
    void facetsFilter();
    void errorsStandAtTheirPlace();
    void emptyStatesOfferAWayOut();
    void copiesPlainAndDefanged();
    void hostileTextIsLiteral();
    void fieldAndRawLightEachOther();
    void brushNarrowsAndGoesBack();
    void narrowHidesColumns();
    void nothingIsNameless();
    void livePausesWhileReading();
    void looksRightInLight();

private:
    static std::unique_ptr<workspace::Engine> engine()
    {
        auto made = std::make_unique<workspace::Engine>();
        made->alerts = workspace::fakeQueue(made->newest);
        return made;
    }
};

using Fixture = ScreenFixture<EventsScreen>;

void TestEvents::showsTableRecordFacetsAndHistogram()
{
    Fixture window(engine());
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 100'000);
    QVERIFY(window.screen->findChild<FacetPane *>()->view()->model()->rowCount() > 15);
    QTRY_VERIFY(window.screen->findChild<RecordPane *>()->model().rowCount() > 8);
    window.picture(QStringLiteral("events-dark"));
}

void TestEvents::theCountMayComeFirst()
{
    auto slow = engine();
    slow->pageDelayMs = 150;
    Fixture window(std::move(slow));
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 100'000);
}

void TestEvents::filtersByKey()
{
    Fixture window(engine());
    FastTable *table = window.screen->table();
    table->setFocus();
    table->setCurrentIndex(window.screen->model().index(3, 2));
    const QString user = table->currentIndex().data(present::EventTableModel::RawRole).toString();
    QTest::keyClick(table, Qt::Key_Minus);
    QCOMPARE(window.screen->query().text(), QString(u"-user.name:"_qs + user));
    QVERIFY(window.settle());
    QCOMPARE(window.screen->findChildren<QueryChip *>().size(), 1);
    QTest::keyClick(table, Qt::Key_Backspace);
    QCOMPARE(window.screen->query().text(), QString());
    QVERIFY(window.settle());
    table->setCurrentIndex(window.screen->model().index(3, 2));
    QTest::keyClick(table, Qt::Key_Plus, Qt::AltModifier);
    QCOMPARE(window.screen->query().text(), QString());
    QVERIFY(window.screen->findChild<QueryBar *>()->text().contains(u"user.name:"_qs));
    QTest::keyClick(window.screen->findChild<QueryBar *>(), Qt::Key_Return);
    QCOMPARE(window.screen->query().text(), QString(u"user.name:"_qs + user));
    QVERIFY(window.settle());
    for (int row = 0; row < 20; ++row) {
        QCOMPARE(window.screen->model().index(row, 2).data().toString(), user);
    }
}

void TestEvents::chipsSwitchInvertAndGo()
{
    Fixture window(engine());
    window.screen->openQuery(u"log_type:web -user.name:a.diaz"_qs, kNoTime, kNoTime);
    const auto chip = [&window](int place) {
        QList<QueryChip *> shown;
        for (QueryChip *each : window.screen->findChildren<QueryChip *>()) {
            if (each->isVisible()) {
                shown.append(each);
            }
        }
        return shown.value(place);
    };
    QVERIFY(window.settle());
    QTest::keyClick(chip(0), Qt::Key_Space);
    QTRY_COMPARE(window.screen->query().text(), u"-user.name:a.diaz"_qs);
    QCOMPARE(window.screen->query().state().disabled.size(), 1);
    QTRY_VERIFY(chip(1) != nullptr && chip(1)->accessibleName().contains(u"switched off"_qs));
    QTest::keyClick(chip(0), Qt::Key_Exclam);
    QTRY_COMPARE(window.screen->query().text(), u"user.name:a.diaz"_qs);
    QTRY_VERIFY(chip(1) != nullptr);
    QTest::mouseClick(chip(0), Qt::LeftButton, Qt::NoModifier, QPoint(chip(0)->width() - 12, chip(0)->height() / 2));
    QTRY_COMPARE(window.screen->query().text(), QString());
}

void TestEvents::facetsFilter()
{
    Fixture window(engine());
    QVERIFY(window.settle());
    QListView *facets = window.screen->findChild<FacetPane *>()->view();
    facets->setFocus();
    facets->setCurrentIndex(facets->model()->index(1, 0));
    QTest::keyClick(facets, Qt::Key_Minus);
    QVERIFY(window.screen->query().text().startsWith(u"-event.action:"_qs));
    QVERIFY(window.settle());
    QVERIFY(facets->model()->index(1, 0).data(present::FacetModel::ExcludedRole).toBool());
    facets->setCurrentIndex(facets->model()->index(1, 0));
    QTest::keyClick(facets, Qt::Key_Minus);
    QCOMPARE(window.screen->query().text(), QString());
}

void TestEvents::errorsStandAtTheirPlace()
{
    Fixture window(engine());
    window.screen->openQuery(u"log_type:web usr.nme:x"_qs, kNoTime, kNoTime);
    QVERIFY(window.settle());
    auto *notice = window.screen->findChild<NoticeBar *>();
    QTRY_VERIFY(notice->isVisible());
    QVERIFY2(notice->accessibleName().contains(u"user.name"_qs), qPrintable(notice->accessibleName()));
    window.picture(QStringLiteral("events-error"));
    window.screen->openQuery(u"log_type:web"_qs, kNoTime, kNoTime);
    QTRY_VERIFY(!notice->isVisible());
}

void TestEvents::emptyStatesOfferAWayOut()
{
    Fixture window(engine());
    window.screen->openQuery(u"nothing"_qs, kNoTime, kNoTime);
    QVERIFY(window.settle());
    Button *drop = nullptr;
    for (Button *button : window.screen->findChildren<Button *>()) {
        if (button->isVisible() && button->text() == u"Drop last filter"_qs) {
            drop = button;
        }
    }
    QVERIFY(drop != nullptr);
    window.picture(QStringLiteral("events-nothing"));
    QTest::mouseClick(drop, Qt::LeftButton);
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 100'000);

    auto empty = engine();
    empty->events = 0;
    Fixture none(std::move(empty));
    QSignalSpy demo(&none.services, &ShellServices::demoRequested);
    for (Button *button : none.screen->findChildren<Button *>()) {
        if (button->isVisible() && button->text() == u"Open the demo"_qs) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
    QCOMPARE(demo.count(), 1);
}

void TestEvents::copiesPlainAndDefanged()
{
    Fixture window(engine());
    FastTable *table = window.screen->table();
    table->setCurrentIndex(window.screen->model().index(0, 6));
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    QVERIFY2(data->text().contains(u"[.]"_qs), qPrintable(data->text()));
    QCOMPARE(data->formats(), QStringList{u"text/plain"_qs});
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!QGuiApplication::clipboard()->text().contains(u"[.]"_qs));
    auto *raw = window.screen->findChild<RecordPane *>()->raw();
    raw->selectAll();
    raw->copy();
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->formats(), QStringList{u"text/plain"_qs});
}

void TestEvents::hostileTextIsLiteral()
{
    auto hostile = engine();
    hostile->hostileUser = "<img src=/etc/hostname>%2 &x\xE2\x80\xAE\x1B[31m";
    hostile->hostileUrl = "evil.example/<b>%1&x=\"'";
    Fixture window(std::move(hostile));
    const QString user = window.screen->model().index(0, 2).data().toString();
    QVERIFY(user.contains(u"<img src=/etc/hostname>%2 &x"_qs) && !user.contains(QChar(0x202E)));
    FastTable *table = window.screen->table();
    table->setFocus();
    table->setCurrentIndex(window.screen->model().index(0, 2));
    QTest::keyClick(table, Qt::Key_Plus);
    QVERIFY(window.settle());
    for (const QLabel *label : window.screen->findChildren<QLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    for (const QWidget *widget : window.screen->findChildren<QWidget *>()) {
        QVERIFY2(!widget->toolTip().contains(u"<img"_qs), qPrintable(widget->toolTip()));
    }
    window.picture(QStringLiteral("events-hostile"));
}

void TestEvents::fieldAndRawLightEachOther()
{
    Fixture window(engine());
    auto *record = window.screen->findChild<RecordPane *>();
    QTRY_VERIFY(record->model().rowCount() > 8);
    int row = 0;
    while (record->model().index(row).data(present::RecordModel::FieldRole).toString() != u"url.original"_qs) {
        ++row;
    }
    record->fields()->setCurrentIndex(record->model().index(row));
    QCOMPARE(record->raw()->extraSelections().size(), 1);
    QCOMPARE(record->raw()->extraSelections().front().cursor.selectedText(),
             record->model().index(row).data().toString());
    record->fields()->setCurrentIndex(record->model().index(0));
    QTextCursor cursor = record->raw()->textCursor();
    cursor.setPosition(static_cast<int>(record->model().placeInRaw(row).first) + 3);
    record->raw()->setTextCursor(cursor);
    QCOMPARE(record->fields()->currentIndex().row(), row);
}

void TestEvents::brushNarrowsAndGoesBack()
{
    Fixture window(engine());
    const Timestamp newest = workspace::fakeEngine()->newest;
    auto *histogram = window.screen->findChild<Histogram *>();
    Q_EMIT histogram->rangeChosen(newest - 60 * kMicrosPerSecond, newest + 1);
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 121);
    QVERIFY(histogram->selection().has_value());
    window.picture(QStringLiteral("events-brush"));
    QTest::keyClick(window.screen->table(), Qt::Key_Backspace);
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 100'000);
}

void TestEvents::narrowHidesColumns()
{
    Fixture window(engine(), {1232, 648});
    const int before = window.screen->model().columnCount();
    window.screen->setNarrow(true);
    QVERIFY(window.settle());
    QVERIFY(window.screen->model().columnCount() < before);
    QVERIFY(!window.screen->findChild<RecordPane *>()->isOpen());
    window.screen->table()->setFocus();
    window.picture(QStringLiteral("events-narrow"));
    QTest::keyClick(window.screen->table(), Qt::Key_Return);
    QVERIFY(window.screen->findChild<RecordPane *>()->isOpen());
}

void TestEvents::nothingIsNameless()
{
    Fixture window(engine());
    QCOMPARE(window.nameless(), QStringList());
}

void TestEvents::livePausesWhileReading()
{
    Fixture window(engine());
    window.screen->table()->scrollTo(window.screen->model().index(5'000, 0));
    QTRY_VERIFY(window.screen->model().eventIdAt(5'000).has_value());
    QTest::qWait(100);
    QVERIFY(window.settle());
    const int pages = workspace::fakeEngine()->pages;
    ++workspace::fakeEngine()->revision;
    QTest::qWait(1'200);
    QCOMPARE(static_cast<int>(workspace::fakeEngine()->pages), pages);
    QTest::keyClick(window.screen->table(), Qt::Key_End);
    QVERIFY(window.settle());
    QVERIFY(workspace::fakeEngine()->pages > pages);
}

void TestEvents::looksRightInLight()
{
    Fixture window(engine());
    Theme::instance().apply(ThemeChoice::Light);
    QVERIFY(window.settle());
    QTest::qWait(50);
    QVERIFY(window.screen->grab().toImage().pixelColor(4, 4).lightness() > 200);
    window.picture(QStringLiteral("events-light"));
}

QTEST_MAIN(TestEvents)
#include "tst_events.moc"
