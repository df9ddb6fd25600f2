// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"
#include "ui/screens/catalogue.h"
#include "ui/screens/response.h"
#include "ui/shell/mainwindow.h"

#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::ui;

/// The whole window on a real workspace: the demo with its simulated tenant. A value is blocked by keys and taken back.
class ResponseTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyScreenSettles_data();
    void everyScreenSettles();
    void blockAndUndo();
    void privateAddressIsRefused();
    void cleanupTestCase();

private:
    template <class T>
    T *part(const char *name)
    {
        for (T *widget : m_window->screen(QStringLiteral("response"))->findChildren<T *>()) {
            if (widget->accessibleName().startsWith(QString::fromLatin1(name)) && widget->isVisible()) {
                return widget;
            }
        }
        return nullptr;
    }
    testsupport::TemporaryFolder m_folder;
    std::unique_ptr<present::Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

void ResponseTest::initTestCase()
{
    Theme::instance().apply(ThemeChoice::Dark);
    m_session = std::make_unique<present::Session>();
    m_window = std::make_unique<MainWindow>(*m_session, allScreens());
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QSignalSpy opened(m_session.get(), &present::Session::opened);
    m_window->openDemo(m_folder / "demo");
    QVERIFY(opened.wait(90'000));
}

void ResponseTest::everyScreenSettles_data()
{
    QTest::addColumn<QString>("id");
    for (const ScreenEntry &entry : allScreens()) {
        QTest::newRow(qPrintable(entry.id)) << entry.id;
    }
}

void ResponseTest::everyScreenSettles()
{
    QFETCH(QString, id);
    m_window->open({id, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->busy(), 20'000);
    QCOMPARE(m_window->currentScreen(), id);
    const auto widgets = m_window->screen(id)->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        const bool control = qobject_cast<const QAbstractButton *>(widget) != nullptr ||
                             qobject_cast<const QLineEdit *>(widget) != nullptr;
        if (control && widget->isVisible() && widget->focusPolicy() != Qt::NoFocus) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
}

void ResponseTest::blockAndUndo()
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("value"), QStringLiteral("hxxp://q7-metrics[.]example/a"));
    m_window->open({QStringLiteral("response"), query});
    QTRY_VERIFY_WITH_TIMEOUT(part<Button>("Block ") != nullptr, 20'000);
    Button *block = part<Button>("Block ");
    QVERIFY(block->isEnabled());
    block->click();
    auto *bar = m_window->screen(QStringLiteral("response"))->findChild<ConfirmBar *>();
    QVERIFY(bar->isVisible());
    QTest::keyClick(m_window->focusWidget(), Qt::Key_Return); // the verb has the focus
    QTRY_VERIFY_WITH_TIMEOUT(m_window->services().denyList().entries.size() == 1, 30'000);
    QVERIFY(m_window->services().denyList().entries.front().second);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->busy(), 20'000);
    QVERIFY(!m_window->services().undo().isEmpty());
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->services().denyList().entries.empty(), 30'000);
}

void ResponseTest::privateAddressIsRefused()
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("value"), QStringLiteral("10.1.2.3"));
    m_window->open({QStringLiteral("response"), query});
    QTRY_VERIFY_WITH_TIMEOUT(part<Button>("Refused") != nullptr, 20'000);
    QVERIFY(!part<Button>("Refused")->isEnabled());
}

void ResponseTest::cleanupTestCase()
{
    m_window.reset();
    m_session.reset();
}

QTEST_MAIN(ResponseTest)
#include "tst_response.moc"
