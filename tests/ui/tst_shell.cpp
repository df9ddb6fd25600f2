// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include <QAction>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::ui;

namespace {

/// A screen that remembers what it was asked.
class StillScreen : public Screen {
public:
    using Screen::Screen;
    void activate(const Address &address) override { seen << address.toString(); }
    void focusQuery() override { ++queries; }
    void refresh() override { ++refreshes; }
    QStringList seen;
    int queries = 0;
    int refreshes = 0;
};

std::vector<ScreenEntry> stillScreens()
{
    std::vector<ScreenEntry> entries;
    for (const QString &id : {QStringLiteral("overview"), QStringLiteral("events"), QStringLiteral("alerts")}) {
        entries.push_back({id, id, id, [](ShellServices &services, QWidget *parent) -> Screen * {
                               return new StillScreen(services, parent);
                           }});
    }
    return entries;
}

StillScreen &still(const MainWindow &window, const char *id)
{
    return *static_cast<StillScreen *>(window.screen(QString::fromLatin1(id)));
}

} // namespace

/// The window without a mouse and without a workspace: nothing here may need one.
class ShellTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(ThemeChoice::Dark); }
    void init();
    void cleanup();
    void screensByKey();
    void backAndForward();
    void paletteFindsAndActs();
    void paletteTakesAValue();
    void singleKeys();
    void panesCycle();
    void historyIsBounded();
    void everyControlHasAName();
    void narrowWindow();
    void toastsAreLiteral();
    void firstRunHidesTheRail();

private:
    std::unique_ptr<present::Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

void ShellTest::init()
{
    m_session = std::make_unique<present::Session>();
    m_window = std::make_unique<MainWindow>(*m_session, stillScreens());
    m_window->resize(1600, 1000);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_window->open({QStringLiteral("overview"), {}});
}

void ShellTest::cleanup()
{
    m_window.reset();
    m_session.reset();
}

void ShellTest::screensByKey()
{
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("alerts"));
    QTest::keyClick(m_window.get(), Qt::Key_9, Qt::ControlModifier); // no such screen
    QCOMPARE(m_window->currentScreen(), QStringLiteral("alerts"));
}

void ShellTest::backAndForward()
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("q"), QStringLiteral("a=\"b&c\""));
    m_window->services().open({QStringLiteral("events"), query});
    m_window->services().open({QStringLiteral("alerts"), {}});
    QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
    QCOMPARE(still(*m_window, "events").seen.size(), 2);
    QCOMPARE(still(*m_window, "events").seen[0], still(*m_window, "events").seen[1]);
    QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("overview"));
    QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier); // nothing before it
    QCOMPARE(m_window->currentScreen(), QStringLiteral("overview"));
    QTest::keyClick(m_window.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
    m_window->services().open({QStringLiteral("nowhere"), {}});
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
}

void ShellTest::paletteFindsAndActs()
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    Palette &palette = m_window->palettePopup();
    QVERIFY(palette.isVisible());
    const int all = palette.count();
    QTest::keyClicks(palette.field(), QStringLiteral("alerts"));
    QVERIFY(palette.count() > 0 && palette.count() < all);
    QTest::keyClick(palette.field(), Qt::Key_Down); // past "Events with alerts"
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("alerts"));
    QVERIFY(!palette.isVisible());
    auto *action = new QAction(QStringLiteral("Shake the tree"), &still(*m_window, "alerts"));
    still(*m_window, "alerts").addAction(action);
    QSignalSpy triggered(action, &QAction::triggered);
    m_window->openPalette();
    QTest::keyClicks(palette.field(), QStringLiteral("tree shake"));
    QTest::keyClick(palette.field(), Qt::Key_Up); // last of the list
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QCOMPARE(triggered.count(), 1);
    m_window->openPalette();
    QTest::keyClick(palette.field(), Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
}

void ShellTest::paletteTakesAValue()
{
    m_window->openPalette();
    Palette &palette = m_window->palettePopup();
    palette.field()->setText(QStringLiteral("evil.example/%2?<b>\"x"));
    QTest::keyClick(palette.field(), Qt::Key_Return);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
    const QUrlQuery query(QUrl(still(*m_window, "events").seen.last()).query());
    QCOMPARE(query.queryItemValue(QStringLiteral("q"), QUrl::FullyDecoded), QStringLiteral("\"evil.example/%2?<b>x\""));
}

void ShellTest::singleKeys()
{
    QTest::keyClick(m_window.get(), Qt::Key_Slash);
    QCOMPARE(still(*m_window, "overview").queries, 1);
    QTest::keyClick(m_window.get(), Qt::Key_F5);
    QCOMPARE(still(*m_window, "overview").refreshes, 1);
    QTest::keyClick(m_window.get(), Qt::Key_J, Qt::ControlModifier);
    auto *jobs = m_window->findChild<JobsPopover *>();
    QVERIFY(jobs->isVisible());
    QTest::keyClick(jobs, Qt::Key_Escape);
    QVERIFY(!jobs->isVisible());
    // In a text field the same keys are text.
    m_window->openPalette();
    QTest::keyClicks(m_window->palettePopup().field(), QStringLiteral("/?"));
    QCOMPARE(m_window->palettePopup().field()->text(), QStringLiteral("/?"));
    QCOMPARE(still(*m_window, "overview").queries, 1);
}

void ShellTest::panesCycle()
{
    QSet<QWidget *> seen;
    for (int i = 0; i < 6; ++i) {
        QTest::keyClick(m_window.get(), Qt::Key_F6);
        QVERIFY(m_window->focusWidget() != nullptr);
        seen << m_window->focusWidget();
    }
    QVERIFY(seen.size() >= 3); // status strip, command field, rail
}

void ShellTest::historyIsBounded()
{
    History history;
    QVERIFY(!history.back() && !history.forward() && history.current() == nullptr);
    for (int i = 0; i < 1'000; ++i) {
        history.visit({QString::number(i), {}});
        history.visit({QString::number(i), {}}); // the same place is one
    }
    int steps = 0;
    while (history.back()) {
        ++steps;
    }
    QCOMPARE(steps, 199);
    history.visit({QStringLiteral("new"), {}});
    QVERIFY(!history.canGoForward());
}

void ShellTest::everyControlHasAName()
{
    const auto widgets = m_window->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        const bool control = qobject_cast<const QAbstractButton *>(widget) != nullptr ||
                             qobject_cast<const QLineEdit *>(widget) != nullptr;
        if (control && widget->focusPolicy() != Qt::NoFocus) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
}

void ShellTest::narrowWindow()
{
    m_window->resize(1280, 720);
    QTest::qWait(20);
    QVERIFY(m_window->width() <= 1280); // nothing forces the window wider
    QVERIFY(m_window->screen(QStringLiteral("overview"))->width() >= 1280 - 48 - 4);
}

void ShellTest::toastsAreLiteral()
{
    bool undone = false;
    m_window->services().toast({.kind = ToastKind::Ok,
                                .title = QStringLiteral("<b>1 URL</b>"),
                                .detail = QStringLiteral("<img src=/etc/hostname>"),
                                .actionLabel = QStringLiteral("Undo"),
                                .action = [&] { undone = true; }});
    auto *toast = m_window->findChild<Toast *>();
    QVERIFY(toast != nullptr && toast->isVisible());
    for (const PlainLabel *label : toast->findChildren<PlainLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    QVERIFY(m_window->rect().contains(toast->geometry()));
    toast->findChildren<Button *>().first()->click();
    QVERIFY(undone && !toast->isVisible());
}

void ShellTest::firstRunHidesTheRail()
{
    m_window->showFirstRun();
    QCOMPARE(m_window->currentScreen(), QStringLiteral("firstrun"));
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentScreen(), QStringLiteral("events"));
}

QTEST_MAIN(ShellTest)
#include "tst_shell.moc"
