// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/overviewparts.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/histogram.h"
#include "ui/widgets/overlays.h"
#include "ui/widgets/severity.h"

#include <QAbstractTableModel>
#include <QApplication>
#include <QBarSet>
#include <QClipboard>
#include <QMimeData>
#include <QSignalSpy>
#include <QStackedBarSeries>
#include <QTest>

using namespace nightjar;
using namespace nightjar::ui;

namespace {

/// Counts how often a cell is asked.
class CountingModel : public QAbstractTableModel {
public:
    int rowCount(const QModelIndex & = {}) const override { return 100; }
    int columnCount(const QModelIndex & = {}) const override { return 3; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++calls;
        if (role != Qt::DisplayRole || index.row() == 3) {
            return {};
        }
        return index.column() == 0 ? QStringLiteral("C 94") : QStringLiteral("<b>row</b> %1").arg(index.row());
    }
    mutable int calls = 0;
};

workspace::Histogram sample(int buckets)
{
    workspace::Histogram data;
    data.bucketMicros = 300 * kMicrosPerSecond;
    for (int i = 0; i < buckets; ++i) {
        data.buckets.push_back({i * data.bucketMicros, 10 + i, i % 2, 0});
        data.total += 10 + i + i % 2;
    }
    return data;
}

} // namespace

class WidgetsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup() { Theme::instance().apply(ThemeChoice::Dark); }
    void labelsStayLiteral_data();
    void labelsStayLiteral();
    void chartLabelsAreEscaped();
    void buttonsHaveNoMnemonic();
    void tableAsksOnceACell();
    void tableKeys();
    void tableCopiesPlainText();
    void severityShapes();
    void histogramByKeyboard();
    void histogramByMouse();
    void axis_data();
    void axis();
    void niceTops();
    void confirmWantsTheValue();
    void flowWraps();
    void themeSwitchRepaints();
};

void WidgetsTest::initTestCase()
{
    Theme::instance().apply(ThemeChoice::Dark);
}

void WidgetsTest::labelsStayLiteral_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("image") << QStringLiteral("<img src=\"/etc/hostname\">");
    QTest::newRow("bold URL") << QStringLiteral("http://evil.example/?q=<b>bold</b>");
    QTest::newRow("entity") << QStringLiteral("&lt;b&gt; & &amp;");
    QTest::newRow("comparison") << QStringLiteral("a < b and c > d");
}

void WidgetsTest::labelsStayLiteral()
{
    QFETCH(QString, text);
    PlainLabel label(text);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    const int literal = QFontMetrics(label.font()).horizontalAdvance(text);
    QVERIFY(label.sizeHint().width() >= literal); // markup was not swallowed
    setPlainToolTip(&label, text);
    QVERIFY(!label.toolTip().contains(QStringLiteral("<b>")));
    QVERIFY(!label.toolTip().contains(QStringLiteral("<img")));
    QVERIFY(label.toolTip().contains(text.toHtmlEscaped()));
}

void WidgetsTest::chartLabelsAreEscaped()
{
    StackedChart chart(QStringLiteral("test"));
    chart.set({0, 1, 2}, 1, {{QStringLiteral("<img src=x>"), Qt::red, {1, 2, 3}}});
    const auto *bars = qobject_cast<QStackedBarSeries *>(chart.chart()->series().value(0));
    QVERIFY(bars != nullptr);
    QCOMPARE(bars->barSets().value(0)->label(), QStringLiteral("&lt;img src=x&gt;"));
    QCOMPARE(bars->barSets().value(0)->count(), 3);
}

void WidgetsTest::buttonsHaveNoMnemonic()
{
    const Button button(QStringLiteral("Block a&b=c"));
    QVERIFY(button.shortcut().isEmpty());
    QCOMPARE(button.accessibleName(), QStringLiteral("Block a&b=c"));
}

void WidgetsTest::tableAsksOnceACell()
{
    CountingModel model;
    FastTable table;
    table.setColumnSpecs({{80, CellStyle::Severity}, {200, CellStyle::Mono}, {0, CellStyle::Text}});
    table.setModel(&model);
    table.resize(600, 28 + 24 * 10);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QImage image(table.size(), QImage::Format_ARGB32_Premultiplied);
    model.calls = 0;
    table.render(&image);
    QVERIFY2(model.calls > 0 && model.calls <= 11 * 3, qPrintable(QString::number(model.calls)));
    QCOMPARE(table.rowHeight(0), 24);
    QVERIFY(image.pixelColor(100, 28 + 3 * 24 + 12) == tint(Color::Track)); // row 3 is still loading
}

void WidgetsTest::tableKeys()
{
    CountingModel model;
    FastTable table;
    table.setModel(&model);
    table.show();
    table.setCurrentIndex(model.index(0, 0));
    QSignalSpy activated(&table, &FastTable::rowActivated);
    QTest::keyClick(&table, Qt::Key_J);
    QTest::keyClick(&table, Qt::Key_J);
    QTest::keyClick(&table, Qt::Key_K);
    QCOMPARE(table.currentIndex().row(), 1);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QTest::keyClick(&table, Qt::Key_J, Qt::ShiftModifier);
    QCOMPARE(table.selectedRows(), QList<int>({1, 2}));
}

void WidgetsTest::tableCopiesPlainText()
{
    CountingModel model;
    FastTable table;
    table.setModel(&model);
    table.show();
    table.setCurrentIndex(model.index(5, 0));
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->formats(), QStringList{QStringLiteral("text/plain")});
    QCOMPARE(data->text(), QStringLiteral("C 94\t<b>row</b> 5\t<b>row</b> 5"));
}

void WidgetsTest::severityShapes()
{
    QList<QImage> seen;
    for (int i = 0; i < 5; ++i) {
        const auto severity = static_cast<alerts::Severity>(i);
        QImage image(10, 10, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::black);
        QPainter painter(&image);
        paintSeverityShape(painter, image.rect(), severity, Qt::white); // one colour: the shape alone must differ
        painter.end();
        QVERIFY(!seen.contains(image));
        seen << image;
        QCOMPARE(severityOfLetter(Theme::instance().severityLetter(severity)[0]), severity);
    }
    QVERIFY(!severityOfLetter(u'x'));
}

void WidgetsTest::histogramByKeyboard()
{
    Histogram histogram;
    histogram.setData(sample(10));
    histogram.resize(700, 98);
    histogram.show();
    histogram.setFocus(Qt::TabFocusReason);
    QSignalSpy chosen(&histogram, &Histogram::rangeChosen);
    QTest::keyClick(&histogram, Qt::Key_Home);
    QTest::keyClick(&histogram, Qt::Key_Right);
    QTest::keyClick(&histogram, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&histogram, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&histogram, Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    const qint64 bucket = 300 * kMicrosPerSecond;
    QCOMPARE(chosen[0][0].toLongLong(), bucket);
    QCOMPARE(chosen[0][1].toLongLong(), 4 * bucket);
    QCOMPARE(histogram.accessibleDescription(), histogram.rangeText());
    QVERIFY2(histogram.rangeText().startsWith(QStringLiteral("00:05–00:20, 38 events")),
             qPrintable(histogram.rangeText()));
    QTest::keyClick(&histogram, Qt::Key_Escape);
    QVERIFY(!histogram.selection());
}

void WidgetsTest::histogramByMouse()
{
    Histogram histogram;
    histogram.resize(700, 98);
    QTest::mouseClick(&histogram, Qt::LeftButton, {}, QPoint(300, 50)); // without data: nothing, and no crash
    histogram.setData(sample(10));
    histogram.show();
    QSignalSpy chosen(&histogram, &Histogram::rangeChosen);
    QTest::mousePress(&histogram, Qt::LeftButton, {}, QPoint(80, 50));
    QTest::mouseMove(&histogram, QPoint(690, 50));
    QTest::mouseRelease(&histogram, Qt::LeftButton, {}, QPoint(690, 50));
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].toLongLong(), 0);
    QCOMPARE(chosen[0][1].toLongLong(), 10 * 300 * kMicrosPerSecond);
    QVERIFY(!histogram.grab().isNull());
}

void WidgetsTest::axis_data()
{
    QTest::addColumn<qint64>("from");
    QTest::addColumn<qint64>("to");
    QTest::addColumn<int>("most");
    const qint64 day = kMicrosPerDay;
    QTest::newRow("day") << qint64(0) << day << 8;
    QTest::newRow("five minutes") << qint64(7) << qint64(300'000'000) << 6;
    QTest::newRow("30 years") << qint64(0) << 30 * 365 * day << 5;
    QTest::newRow("before 1970") << -3 * day << -day << 6;
    QTest::newRow("one") << qint64(0) << day << 1;
}

void WidgetsTest::axis()
{
    QFETCH(qint64, from);
    QFETCH(qint64, to);
    QFETCH(int, most);
    const auto ticks = timeTicks(from, to, most);
    QVERIFY(!ticks.empty() && static_cast<int>(ticks.size()) <= most + 1);
    for (const auto &[time, label] : ticks) {
        QVERIFY(time >= from && time <= to && !label.isEmpty());
    }
    QVERIFY(timeTicks(to, from, most).empty());
    QVERIFY(timeTicks(kNoTime, to, most).empty());
}

void WidgetsTest::niceTops()
{
    for (const auto &[largest, top] :
         {std::pair<qint64, qint64>{1, 2}, {3, 4}, {7, 10}, {11, 20}, {321, 400}, {1'000'000, 1'000'000}}) {
        QCOMPARE(niceTop(largest), top);
    }
}

void WidgetsTest::confirmWantsTheValue()
{
    ConfirmBar bar;
    QSignalSpy confirmed(&bar, &ConfirmBar::confirmed);
    bar.ask(QStringLiteral("To block it for 2,204 users"), QStringLiteral("Block"), true,
            {QStringLiteral("cdn.example"), QStringLiteral("cdn[.]example")});
    auto *field = bar.findChild<QLineEdit *>();
    QTest::keyClicks(field, QStringLiteral("cdn.exampl"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(confirmed.count(), 0);
    QTest::keyClicks(field, QStringLiteral("e"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(confirmed.count(), 1);
    QCOMPARE(confirmed[0][0].toString(), QStringLiteral("cdn.example"));
    bar.ask(QStringLiteral("again"), QStringLiteral("Block"), false);
    QTest::keyClick(&bar, Qt::Key_Escape);
    QVERIFY(!bar.isVisible());
    QCOMPARE(confirmed.count(), 1);
}

void WidgetsTest::flowWraps()
{
    QWidget area;
    auto *flow = new FlowLayout(&area, 8);
    for (int i = 0; i < 3; ++i) {
        auto *box = new QWidget;
        box->setFixedSize(100, 24);
        flow->addWidget(box);
    }
    QCOMPARE(flow->heightForWidth(400), 24);
    QCOMPARE(flow->heightForWidth(210), 56);
    QCOMPARE(flow->heightForWidth(50), 88);
    delete flow->takeAt(0);
    QCOMPARE(flow->count(), 2);
    QVERIFY(flow->takeAt(7) == nullptr);
}

void WidgetsTest::themeSwitchRepaints()
{
    Surface surface(Color::Panel);
    surface.resize(20, 20);
    QCOMPARE(surface.grab().toImage().pixelColor(10, 10), Theme::instance().tokens().color(Color::Panel, true));
    Theme::instance().apply(ThemeChoice::Light);
    QCOMPARE(surface.grab().toImage().pixelColor(10, 10), Theme::instance().tokens().color(Color::Panel, false));
    QCOMPARE(QApplication::palette().color(QPalette::Window), QColor(Qt::white));
}

QTEST_MAIN(WidgetsTest)
#include "tst_widgets.moc"
