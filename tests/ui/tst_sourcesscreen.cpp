// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenfixture.h"
#include "support/support.h"
#include "ui/screens/sources/badpane.h"
#include "ui/screens/sources/feedpane.h"
#include "ui/screens/sources/receiverpane.h"
#include "ui/screens/sources/setuppane.h"
#include "ui/screens/sources/sourcesscreen.h"
#include "workspace/feedformats.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace nightjar;
using namespace nightjar::ui;

/// The Sources screen by hand and by keyboard.
class SourcesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void emptyScreensSayWhatToDo();
    void aReceiverIsAddedStoppedRemovedByKeyboard();
    void wrongEntriesAreToldAtTheirField();
    void aTokenIsShownOnce();
    void healthAndSilenceAreTold();
    void aFormatIsPastedKeptAndUsed();
    void theAssistantWaitsForRecords();
    void badRecordsAreShownLiterally();
    void smallWindow();
};

namespace {

constexpr Timestamp kNow = 1'773'315'720'000'000;

struct Fixture {
    testsupport::TemporaryFolder folder;
    ScreenFixture<SourcesScreen> on;
    explicit Fixture(std::unique_ptr<workspace::Engine> engine = std::make_unique<workspace::Engine>(),
                     QSize size = {1528, 928})
        : on(std::move(engine), size, folder.path())
    {
    }
    template <class T>
    T *named(const QString &name)
    {
        for (T *widget : on.screen->template findChildren<T *>()) {
            if (widget->accessibleName() == name && widget->isVisibleTo(on.screen.get())) {
                return widget;
            }
        }
        return nullptr;
    }
    void key(int key) { QTest::keyClick(on.screen.get(), static_cast<Qt::Key>(key)); }
    bool undo()
    {
        QSignalSpy undone(&on.services.undo(), &present::UndoStack::undone);
        on.services.undo().undo();
        return undone.wait(5'000);
    }
    std::vector<workspace::ReceiverInfo> receivers()
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        return workspace::fakeEngine()->receivers;
    }
};

workspace::ReceiverInfo receiver(workspace::ReceiverKind kind, const std::string &place, const std::string &state)
{
    workspace::ReceiverInfo info;
    info.config.kind = kind;
    info.config.place = info.address = place;
    info.key = info.config.key();
    info.state = state;
    return info;
}

/// A morning with what can be: one that runs well, one that is silent, one that fails.
std::unique_ptr<workspace::Engine> busyEngine()
{
    auto engine = std::make_unique<workspace::Engine>();
    const Timestamp now = systemClock().now();
    auto cloud = receiver(workspace::ReceiverKind::CloudNss, "0.0.0.0:8443", "listening");
    cloud.config.certificate = "/etc/nightjar/cert.pem";
    cloud.config.privateKey = "/etc/nightjar/key.pem";
    cloud.config.tokenHash = "5d41402a";
    cloud.health.records = 28'104'882;
    cloud.health.events = 28'104'670;
    cloud.health.quarantined = 212;
    cloud.health.bytes = 41'000'000'000;
    cloud.health.recordsPerSecond = 842;
    cloud.health.lag = {0.3, 0.8, 2.2, 1'000};
    cloud.health.latency = {0.02, 0.1, 0.4, 1'000};
    cloud.health.lastReceived = cloud.health.lastEvent = now;
    cloud.health.connections = 4;
    cloud.health.accepted = 391;
    cloud.health.invalid = {
        {"NJ-LOGS-034", "A record does not fit the feed format", "no tab behind %s{login}",
         "Mon Oct 16 22:55:48 2023 a.diaz", 188, now},
        {"NJ-LOGS-002", "Broken JSON", "the record ends inside a string", "{\"user\":\"a", 24, now}};
    cloud.health.gaps = {
        {now - 7 * 3'600 * kMicrosPerSecond, now - 6 * 3'600 * kMicrosPerSecond, "it was not listening"}};
    cloud.health.notices = {{"A wrong token came from 198.51.100.7", 3, now}};
    auto tunnel = receiver(workspace::ReceiverKind::Nss, "127.0.0.1:5516", "listening");
    tunnel.health.records = 61'203;
    tunnel.health.lastReceived = now - 42 * 60 * kMicrosPerSecond;
    tunnel.health.silent = true;
    tunnel.health.connections = 1;
    auto folder = receiver(workspace::ReceiverKind::Folder, "/srv/zscaler/exports", "failed");
    folder.error =
        Error{"NJ-SOURCES-025", "The folder cannot be watched", "it does not exist", {}, "Make it, or choose another."};
    engine->receivers = {cloud, tunnel, folder};
    engine->sources = {
        {"/home/ana/logs/web-2026-03-11.json.zst", "file", "done", 1'004'118, 0, 0, now - 3'600 * kMicrosPerSecond},
        {"/home/ana/logs/fw-exports.tar.gz!fw-02.csv", "archive", "partial", 2'780, 0, 12,
         now - 7'200 * kMicrosPerSecond}};
    const Error misfit{"NJ-LOGS-034",
                       "A record does not fit the feed format",
                       "location expected, department found",
                       {"", 9, 31},
                       "Compare it with the feed's output format in the portal."};
    const Error json{"NJ-LOGS-002", "Broken JSON", "the record ends inside a string", {"", 12, 10}, {}};
    for (int i = 0; i < 188; ++i) {
        engine->quarantine.push_back(
            {i, cloud.key, static_cast<std::uint64_t>(9 + i), 9, misfit,
             "Mar 12 11:40:59 zscaler-nss Allow,p.novak,192.0.2.54,198.51.100.64,443,TCP,HTTPS,3118,740,Sales,No",
             now});
    }
    for (int i = 0; i < 24; ++i) {
        engine->quarantine.push_back(
            {200 + i, cloud.key, static_cast<std::uint64_t>(12 + i), 12, json, "{\"user\":\"<img src=x>\x1B[31m", now});
    }
    return engine;
}

} // namespace

void SourcesTest::emptyScreensSayWhatToDo()
{
    auto engine = std::make_unique<workspace::Engine>();
    engine->sources.clear();
    Fixture at(std::move(engine));
    QVERIFY(at.on.ready);
    QStringList said;
    for (const auto *state : at.on.screen->findChildren<EmptyState *>()) {
        if (state->isVisible()) {
            said << state->findChild<PlainLabel *>()->text();
        }
    }
    QVERIFY2(said.contains(u"Nothing was read yet."_qs), qPrintable(said.join(u'|')));
    QVERIFY(said.contains(u"No receiver is chosen."_qs));
    QVERIFY(said.contains(u"No bad records."_qs));
    QCOMPARE(at.on.nameless(), QStringList());
    at.on.picture(u"sources-empty"_qs);
}

void SourcesTest::aReceiverIsAddedStoppedRemovedByKeyboard()
{
    Fixture at;
    QVERIFY(at.on.ready);
    at.key(Qt::Key_N);
    auto *port = at.named<QLineEdit>(u"Port"_qs);
    QVERIFY(port != nullptr);
    port->setFocus();
    port->selectAll();
    QTest::keyClicks(port, u"9020"_qs);
    QTest::keyClick(at.named<QAbstractButton>(u"Save and start"_qs), Qt::Key_Space);
    QTRY_COMPARE(at.receivers().size(), std::size_t{1});
    QTRY_COMPARE(at.receivers()[0].state, std::string("listening"));
    QCOMPARE(at.receivers()[0].key, std::string("nss:127.0.0.1:9020"));
    QVERIFY(at.on.settle());
    auto *table = at.named<FastTable>(u"Sources"_qs);
    QTRY_COMPARE(table->currentIndex().row(), 0);
    QTest::keyClick(table, Qt::Key_S);
    QTRY_COMPARE(at.receivers()[0].state, std::string("stopped"));
    QVERIFY(at.on.settle());
    QTest::keyClick(table, Qt::Key_Delete);
    QTRY_VERIFY(at.receivers().empty());
    QVERIFY(at.on.settle());
    QVERIFY(at.undo());
    QCOMPARE(at.receivers().size(), std::size_t{1});
    QVERIFY(at.undo());
    QTRY_COMPARE(at.receivers()[0].state, std::string("listening"));
}

void SourcesTest::wrongEntriesAreToldAtTheirField()
{
    Fixture at;
    at.key(Qt::Key_N);
    auto *port = at.named<QLineEdit>(u"Port"_qs);
    port->setText(u"no"_qs);
    at.named<QAbstractButton>(u"Save and start"_qs)->click();
    QVERIFY(port->accessibleDescription().contains(u"0 to 65535"_qs));
    QVERIFY(port->hasFocus());
    QVERIFY(at.receivers().empty());
    at.on.picture(u"sources-wrong-port"_qs);
    port->setText(u"9021"_qs);
    at.named<QAbstractButton>(u"Save and start"_qs)->click();
    QVERIFY(!port->accessibleDescription().contains(u"65535"_qs));
    QTRY_COMPARE(at.receivers().size(), std::size_t{1});
}

void SourcesTest::aTokenIsShownOnce()
{
    auto engine = std::make_unique<workspace::Engine>();
    engine->receivers = {receiver(workspace::ReceiverKind::CloudNss, "127.0.0.1:8443", "stopped"),
                         receiver(workspace::ReceiverKind::Nss, "127.0.0.1:9014", "stopped")};
    Fixture at(std::move(engine));
    auto *table = at.named<FastTable>(u"Sources"_qs);
    table->selectRow(0);
    at.named<QAbstractButton>(u"New token"_qs)->click();
    QTRY_VERIFY(at.named<QAbstractButton>(u"Copy the token"_qs) != nullptr);
    at.on.picture(u"sources-token"_qs);
    at.named<QAbstractButton>(u"Copy the token"_qs)->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"0123456789abcdef"_qs);
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->data(u"x-kde-passwordManagerHint"_qs), QByteArray("secret"));
    at.named<QAbstractButton>(u"Save"_qs)->click();
    QTRY_COMPARE(at.receivers()[0].config.tokenHash, std::string("hash"));
    QVERIFY(at.on.settle());
    table->selectRow(1);
    table->selectRow(0);
    QVERIFY(at.named<QAbstractButton>(u"Copy the token"_qs) == nullptr);
    for (const auto *label : at.on.screen->findChildren<PlainLabel *>()) {
        QVERIFY(!label->text().contains(u"0123456789abcdef"_qs));
    }
}

void SourcesTest::healthAndSilenceAreTold()
{
    Fixture at(busyEngine());
    auto *table = at.named<FastTable>(u"Sources"_qs);
    table->selectRow(0);
    at.key(Qt::Key_H);
    QStringList values;
    for (const auto *label : at.on.screen->findChildren<PlainLabel *>()) {
        values << label->text();
    }
    QVERIFY(values.contains(u"0.3 / 0.8 / 2.2 s"_qs));
    QVERIFY(values.contains(u"4 open, 391 accepted, 0 refused"_qs));
    QVERIFY(values.contains(u"/srv/zscaler/exports does not run."_qs) ||
            values.contains(u"127.0.0.1:5516 is silent."_qs));
    QVERIFY(at.named<FastTable>(u"Kinds of bad records"_qs) != nullptr);
    at.on.picture(u"sources-health"_qs);
    Theme::instance().apply(ThemeChoice::Light);
    at.on.picture(u"sources-health-light"_qs);
    Theme::instance().apply(ThemeChoice::Dark);
    // a second later the chosen row is still the chosen one
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        workspace::fakeEngine()->receivers[0].health.recordsPerSecond = 10;
    }
    at.on.screen->refresh();
    QVERIFY(at.on.settle());
    QCOMPARE(table->currentIndex().row(), 0);
}

void SourcesTest::aFormatIsPastedKeptAndUsed()
{
    auto engine = std::make_unique<workspace::Engine>();
    engine->receivers = {receiver(workspace::ReceiverKind::Nss, "127.0.0.1:9014", "listening")};
    Fixture at(std::move(engine));
    at.named<FastTable>(u"Sources"_qs)->selectRow(0);
    at.key(Qt::Key_F);
    auto *text = at.named<QPlainTextEdit>(u"Feed output format"_qs);
    QVERIFY(text != nullptr && text->hasFocus());
    QGuiApplication::clipboard()->setText(QString::fromLatin1("%s{time}\\t%s{login}\\t%s{eurl"));
    text->paste();
    QVERIFY(at.on.settle());
    QTRY_COMPARE(text->extraSelections().size(), 1); // the place of the error
    QCOMPARE(text->extraSelections()[0].format.underlineStyle(), QTextCharFormat::WaveUnderline);
    QVERIFY(!at.named<QAbstractButton>(u"Keep"_qs)->isEnabled());
    at.on.picture(u"sources-format-error"_qs);
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"}"_qs);
    QVERIFY(at.on.settle());
    auto *sample = at.named<QPlainTextEdit>(u"Records to try the format on"_qs);
    QVERIFY(sample != nullptr);
    sample->setPlainText(QString::fromLatin1("Mon Oct 16 22:55:48 2023\ta@corp.example\tx.example/a\nnothing"));
    QVERIFY(at.on.settle());
    auto *tokens = at.named<FastTable>(u"Tokens of the format"_qs);
    QTRY_VERIFY(tokens->model()->index(1, 5).data().toString().contains(u"corp"_qs));
    QCOMPARE(tokens->model()->rowCount(), 3);
    QCOMPARE(sample->extraSelections().size(), 1); // the second record does not fit
    auto *name = at.named<QLineEdit>(u"Name of the format"_qs);
    name->setFocus();
    QTest::keyClicks(name, u"my-web"_qs);
    at.on.picture(u"sources-format"_qs);
    at.named<QAbstractButton>(u"Use for 127.0.0.1:9014"_qs)->click();
    QTRY_COMPARE(at.receivers()[0].config.format, std::string("my-web"));
    const auto kept = workspace::FeedFormats(at.folder.path()).list();
    QCOMPARE(kept.size(), std::size_t{1});
    QCOMPARE(kept[0].text, std::string("%s{time}\\t%s{login}\\t%s{eurl}"));
}

void SourcesTest::theAssistantWaitsForRecords()
{
    auto engine = std::make_unique<workspace::Engine>();
    engine->receivers = {receiver(workspace::ReceiverKind::CloudNss, "127.0.0.1:8443", "stopped")};
    Fixture at(std::move(engine));
    at.key(Qt::Key_A);
    QVERIFY(at.on.settle());
    auto *format = at.named<QPlainTextEdit>(u"Feed output format for the portal"_qs);
    QTRY_VERIFY(format != nullptr && format->toPlainText().contains(u"%s{"_qs));
    at.named<QAbstractButton>(u"Copy the format"_qs)->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), format->toPlainText());
    at.named<QAbstractButton>(u"Copy the settings"_qs)->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(u":8443/"_qs));
    at.named<QAbstractButton>(u"Wait for records"_qs)->click();
    QTRY_COMPARE(at.receivers()[0].state, std::string("listening"));
    const auto says = [&](const QString &words) {
        for (const auto *label : at.on.screen->findChild<SetupPane *>()->findChildren<PlainLabel *>()) {
            if (label->text().contains(words)) {
                return true;
            }
        }
        return false;
    };
    QTRY_VERIFY(says(u"Waiting for records"_qs));
    at.on.picture(u"sources-setup"_qs);
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        sources::Health &health = workspace::fakeEngine()->receivers[0].health;
        health.records = health.events = 37;
        health.lastEvent = kNow;
    }
    QTRY_VERIFY_WITH_TIMEOUT(says(u"37 records came, all were understood"_qs), 5'000);
    {
        const std::lock_guard lock(workspace::fakeEngine()->mutex);
        sources::Health &health = workspace::fakeEngine()->receivers[0].health;
        health.records = 40;
        health.quarantined = 3;
        health.invalid = {{"NJ-LOGS-005", "No known format", "nothing fits", "hello", 3, kNow}};
    }
    QTRY_VERIFY_WITH_TIMEOUT(says(u"40 records came, 3 were not understood"_qs), 5'000);
    QVERIFY(says(u"No known format"_qs));
}

void SourcesTest::badRecordsAreShownLiterally()
{
    Fixture at(busyEngine());
    auto *table = at.named<FastTable>(u"Bad records"_qs);
    QVERIFY(table != nullptr);
    QCOMPARE(table->model()->rowCount(), 212);
    auto *raw = at.named<QPlainTextEdit>(u"Record as it came"_qs);
    QVERIFY(raw->toPlainText().startsWith(u"Mar 12"_qs));
    QCOMPARE(raw->extraSelections().size(), 1); // at column 31
    QCOMPARE(raw->extraSelections()[0].cursor.selectionStart(), 30);
    at.on.picture(u"sources-bad"_qs);
    auto *kind = at.named<QComboBox>(u"Kind of defect"_qs);
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_End);
    QTRY_COMPARE(table->model()->rowCount(), 24);
    QVERIFY(raw->toPlainText().contains(u"<img src=x>"_qs));
    QVERIFY(!raw->toPlainText().contains(QChar(0x1B)));
    at.key(Qt::Key_R);
    QVERIFY(at.named<QAbstractButton>(u"Read all again"_qs) != nullptr);
    at.on.picture(u"sources-retry"_qs);
    QCOMPARE(at.on.nameless(), QStringList());
}

void SourcesTest::smallWindow()
{
    Fixture at(busyEngine(), {1232, 608});
    at.on.screen->setNarrow(true);
    at.named<FastTable>(u"Sources"_qs)->selectRow(0);
    QVERIFY(at.on.screen->minimumSizeHint().width() <= 1232);
    QVERIFY2(at.on.screen->minimumSizeHint().height() <= 608,
             qPrintable(QString::number(at.on.screen->minimumSizeHint().height())));
    for (int pane = 0; pane < 3; ++pane) {
        at.on.screen->findChildren<QTabBar *>().back()->setCurrentIndex(pane);
        QVERIFY(at.on.settle());
        at.on.picture(QStringLiteral("sources-small-%1").arg(pane));
    }
}

QTEST_MAIN(SourcesTest)
#include "tst_sourcesscreen.moc"
