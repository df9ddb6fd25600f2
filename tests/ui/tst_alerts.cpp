// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenfixture.h"
#include "ui/screens/alerts/alertsscreen.h"

#include <QSignalSpy>

using namespace nightjar;
using namespace nightjar::ui;

class TestAlerts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsQueueWhyAndRespond();
    void closesInThreeKeysAndUndoes();
    void acknowledgesManyAsOneStep();
    void blocksTellsStagesAndUndoes();
    void askingWantsTheValueTyped();
    void refusedStaysInPlaceAndSaysWhy();
    void failuresKeepTheirCause();
    void notesAreKept();
    void linksLeadToEvents();
    void hostileTextIsLiteral();
    void nothingIsNameless();
    void emptyQueue();
    void narrow();
    void looksRightInLight();

private:
    static std::unique_ptr<workspace::Engine> engine()
    {
        auto made = std::make_unique<workspace::Engine>();
        made->newest = systemClock().now() - 240 * kMicrosPerSecond;
        made->alerts = workspace::fakeQueue(systemClock().now());
        return made;
    }
    static alerts::Alert alert(std::int64_t id)
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        for (const alerts::Alert &each : workspace::fakeEngine()->alerts) {
            if (each.id == id) {
                return each;
            }
        }
        return {};
    }
};

using Fixture = ScreenFixture<AlertsScreen>;

void TestAlerts::showsQueueWhyAndRespond()
{
    Fixture window(engine());
    QTRY_COMPARE(window.screen->respondPane()->preview().value, std::string("q7-metrics.example"));
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().open(), 9);
    QVERIFY(window.screen->respondPane()->canBlock());
    QCOMPARE(window.screen->respondPane()->blockButton()->text(), u"Block domain"_qs);
    QVERIFY(window.screen->respondPane()->effect().contains(u"Adds 1 entry"_qs));
    window.picture(QStringLiteral("alerts-dark"));
}

void TestAlerts::closesInThreeKeysAndUndoes()
{
    Fixture window(engine());
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    QSignalSpy toasts(&window.services, &ShellServices::toastRequested);
    QTest::keyClick(window.screen->queue(), Qt::Key_D);
    QTest::keyClick(window.screen->queue(), Qt::Key_3);
    QTRY_COMPARE(window.screen->model().open(), 8);
    QCOMPARE(alert(1).status, alerts::Status::Closed);
    QCOMPARE(alert(1).verdict, alerts::Verdict::FalsePositive);
    QVERIFY(toasts.count() >= 1);
    QTRY_COMPARE(window.screen->queue()->chosen(), std::vector<std::int64_t>{2}); // the next one
    QTest::keyClick(window.screen->queue(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(window.screen->model().open(), 9);
    QCOMPARE(alert(1).status, alerts::Status::New);
}

void TestAlerts::acknowledgesManyAsOneStep()
{
    Fixture window(engine());
    QTRY_VERIFY(window.screen->model().rowCount() > 0);
    QTest::keyClick(window.screen->queue(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(window.screen->queue()->chosen().size(), std::size_t(9));
    QTest::keyClick(window.screen->queue(), Qt::Key_E);
    QTRY_COMPARE(alert(9).status, alerts::Status::Acknowledged);
    QCOMPARE(alert(1).status, alerts::Status::Acknowledged);
    QTRY_VERIFY(!window.screen->undoStack().isEmpty());
    window.screen->undoStack().undo();
    QTRY_COMPARE(alert(9).status, alerts::Status::New);
    QCOMPARE(alert(1).status, alerts::Status::New);
}

void TestAlerts::blocksTellsStagesAndUndoes()
{
    Fixture window(engine());
    RespondPane *respond = window.screen->respondPane();
    QTRY_VERIFY(respond->canBlock());
    QCOMPARE(respond->stageLine()->stage(), BlockStageLine::NotSent);
    QTest::keyClick(window.screen->queue(), Qt::Key_B);
    QTRY_COMPARE(respond->stageLine()->stage(), BlockStageLine::Verified);
    QTRY_VERIFY(respond->canUnblock());
    QCOMPARE(workspace::fakeEngine()->blocked, std::vector<std::string>{"q7-metrics.example"});
    window.picture(QStringLiteral("alerts-blocked"));
    QTest::keyClick(window.screen->queue(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(workspace::fakeEngine()->blocked.empty());
    QTRY_VERIFY(respond->canBlock());
    QTest::mouseClick(respond->blockButton(), Qt::LeftButton);
    QTRY_VERIFY(respond->canUnblock());
    QTest::keyClick(window.screen->queue(), Qt::Key_U);
    QTRY_VERIFY(workspace::fakeEngine()->blocked.empty());
}

void TestAlerts::askingWantsTheValueTyped()
{
    auto made = engine();
    made->guard = workspace::GuardLevel::Ask;
    Fixture window(std::move(made));
    QTRY_VERIFY(window.screen->respondPane()->canBlock());
    QTest::keyClick(window.screen->queue(), Qt::Key_B);
    QVERIFY(window.screen->confirmBar()->isVisible());
    window.picture(QStringLiteral("alerts-ask"));
    auto *field = window.screen->confirmBar()->findChild<QLineEdit *>();
    QTest::keyClicks(field, u"q7-metrics.example.evil"_qs);
    QTest::keyClick(field, Qt::Key_Return);
    QTest::qWait(50);
    QVERIFY(workspace::fakeEngine()->blocked.empty());
    field->clear();
    QTest::keyClicks(field, u"q7-metrics[.]example"_qs);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(workspace::fakeEngine()->blocked.size(), std::size_t(1));
}

void TestAlerts::refusedStaysInPlaceAndSaysWhy()
{
    auto made = engine();
    made->guard = workspace::GuardLevel::Refused;
    Fixture window(std::move(made));
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    QVERIFY(window.screen->respondPane()->blockButton()->isVisible());
    QVERIFY(!window.screen->respondPane()->canBlock());
    QVERIFY(window.screen->respondPane()->effect().contains(u"own domains"_qs));
    QTest::keyClick(window.screen->queue(), Qt::Key_B);
    QTest::qWait(50);
    QVERIFY(workspace::fakeEngine()->journal.empty());
    window.picture(QStringLiteral("alerts-refused"));
}

void TestAlerts::failuresKeepTheirCause()
{
    auto made = engine();
    made->blockFailure = "503 Service Unavailable";
    Fixture window(std::move(made));
    QTRY_VERIFY(window.screen->respondPane()->canBlock());
    QTest::keyClick(window.screen->queue(), Qt::Key_B);
    QTRY_VERIFY(window.screen->respondPane()->stageLine()->hasFailed());
    bool told = false;
    for (const QLabel *label : window.screen->respondPane()->findChildren<QLabel *>()) {
        told = told || label->text().contains(u"503 Service Unavailable"_qs);
    }
    QVERIFY(told);
    QVERIFY(window.screen->undoStack().isEmpty());
}

void TestAlerts::notesAreKept()
{
    Fixture window(engine());
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    QTest::keyClick(window.screen->queue(), Qt::Key_N);
    QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()) != nullptr || window.screen->isVisible());
    QLineEdit *field = nullptr;
    for (QLineEdit *each : window.screen->findChildren<QLineEdit *>()) {
        field = each->accessibleName() == u"Note"_qs ? each : field;
    }
    QVERIFY(field != nullptr && field->isVisible());
    field->setText(u"Seen before"_qs);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(alert(1).note, std::string("Seen before"));
}

void TestAlerts::linksLeadToEvents()
{
    Fixture window(engine());
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    Address address;
    connect(&window.services, &ShellServices::openRequested, this, [&address](const Address &to) { address = to; });
    Q_EMIT window.screen->why()->openInEventsRequested();
    QCOMPARE(address.screen, u"events"_qs);
    QVERIFY(address.query.queryItemValue(u"q"_qs, QUrl::FullyDecoded).contains(u"q7-metrics.example"_qs));
    QVERIFY(address.query.hasQueryItem(u"from"_qs));
}

void TestAlerts::hostileTextIsLiteral()
{
    auto made = engine();
    alerts::Finding &finding = made->alerts[0].finding;
    finding.title = "<img src=/etc/hostname>%2";
    finding.user = "<b>&x\xE2\x80\xAE";
    finding.entity = "evil%1.example\x1B]0;";
    finding.summary = "<script>alert(1)</script> %1 %2";
    finding.observables = {{"domain", "<img src=/etc/passwd>.example", 1}};
    made->alerts[0].note = "<a href=\"file:///etc/passwd\">x</a>";
    Fixture window(std::move(made));
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    bool literal = false;
    for (const QLabel *label : window.screen->findChildren<QLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!label->text().contains(QChar(0x202E)) && !label->text().contains(QChar(0x1B)));
        literal = literal || label->text().contains(u"<script>alert(1)</script> %1 %2"_qs);
    }
    QVERIFY(literal);
    window.picture(QStringLiteral("alerts-hostile"));
}

void TestAlerts::nothingIsNameless()
{
    Fixture window(engine());
    QTRY_VERIFY(!window.screen->respondPane()->preview().value.empty());
    QCOMPARE(window.nameless(), QStringList());
}

void TestAlerts::emptyQueue()
{
    auto made = engine();
    made->alerts.clear();
    Fixture window(std::move(made));
    QVERIFY(window.settle());
    QCOMPARE(window.screen->model().rowCount(), 0);
    window.picture(QStringLiteral("alerts-empty"));
}

void TestAlerts::narrow()
{
    Fixture window(engine(), {1232, 648});
    window.screen->setNarrow(true);
    QTRY_VERIFY(window.screen->respondPane()->canBlock());
    QTest::qWait(100);
    Button *block = window.screen->respondPane()->blockButton();
    const QPoint corner = block->mapTo(window.screen.get(), QPoint(block->width(), block->height()));
    QVERIFY2(block->isVisible() && corner.y() <= window.screen->height(), "the block button stays in view");
    window.picture(QStringLiteral("alerts-narrow"));
}

void TestAlerts::looksRightInLight()
{
    Fixture window(engine());
    Theme::instance().apply(ThemeChoice::Light);
    QTRY_VERIFY(window.screen->respondPane()->canBlock());
    QTest::qWait(50);
    window.picture(QStringLiteral("alerts-light"));
    QVERIFY(window.screen->grab().toImage().pixelColor(700, 900).lightness() > 200);
}

QTEST_MAIN(TestAlerts)
#include "tst_alerts.moc"
