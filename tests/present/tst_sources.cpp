// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"
#include "present/feedcontroller.h"
#include "present/quarantinecontroller.h"
#include "present/receivercontroller.h"
#include "present/receiverdraft.h"
#include "present/sourcemodels.h"
#include "support/support.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::present;

/// Sources, feed formats and the quarantine without a screen.
class TestSources : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void draftsBecomeConfigurations_data();
    void draftsBecomeConfigurations();
    void draftsComeBack();
    void everyChangeCanBeTakenBack();
    void aReceiverThatFailsSaysWhy();
    void openingStartsReceivers();
    void ratesDoNotResetTheTable();
    void noticesTellTheWorstFirst();
    void formatsAreJudgedAtTheirPlace_data();
    void formatsAreJudgedAtTheirPlace();
    void recordsAreTriedOnAFormat();
    void formatsAreKeptAndTakenBack();
    void settingsNameTheReceiver();
    void quarantineIsBrowsedExportedAndRetried();
};

namespace {

constexpr Timestamp kNow = 1'773'315'720'000'000;

struct Window {
    testsupport::TemporaryFolder folder;
    Session session;
    UndoStack undo{session};
    ReceiverController receivers{session, undo};
    FeedController feeds{session, undo};
    QuarantineController quarantine{session};
    workspace::Engine *engine = nullptr;

    explicit Window(std::unique_ptr<workspace::Engine> made = std::make_unique<workspace::Engine>())
    {
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
    bool refreshed()
    {
        QSignalSpy changed(&receivers, &ReceiverController::changed);
        receivers.refresh();
        return changed.wait(5'000);
    }
};

workspace::ReceiverInfo receiver(const std::string &place, const std::string &state)
{
    workspace::ReceiverInfo info;
    info.config.place = info.address = place;
    info.key = info.config.key();
    info.state = state;
    return info;
}

} // namespace

void TestSources::draftsBecomeConfigurations_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("port");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("patience");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("wrong");
    QTest::newRow("nss") << 0 << u" 127.0.0.1 "_qs << u"9014"_qs << QString() << u"15m"_qs << u"127.0.0.1:9014"_qs
                         << QString();
    QTest::newRow("any port, no alarm") << 1 << u"0.0.0.0"_qs << u"0"_qs << QString() << u"0"_qs << u"0.0.0.0:0"_qs
                                        << QString();
    QTest::newRow("folder") << 2 << QString() << QString() << u"/srv/a b"_qs << u"2h"_qs << u"/srv/a b"_qs << QString();
    QTest::newRow("no port") << 0 << u"127.0.0.1"_qs << QString() << QString() << u"15m"_qs << QString() << u"port"_qs;
    QTest::newRow("port too high") << 0 << u"127.0.0.1"_qs << u"65536"_qs << QString() << u"15m"_qs << QString()
                                   << u"port"_qs;
    QTest::newRow("no address") << 0 << u" "_qs << u"1"_qs << QString() << u"15m"_qs << QString() << u"address"_qs;
    QTest::newRow("relative folder") << 2 << QString() << QString() << u"logs"_qs << u"15m"_qs << QString()
                                     << u"folder"_qs;
    QTest::newRow("no duration") << 0 << u"127.0.0.1"_qs << u"1"_qs << QString() << u"soon"_qs << QString()
                                 << u"patience"_qs;
}

void TestSources::draftsBecomeConfigurations()
{
    QFETCH(int, kind);
    QFETCH(QString, address);
    QFETCH(QString, port);
    QFETCH(QString, folder);
    QFETCH(QString, patience);
    QFETCH(QString, place);
    QFETCH(QString, wrong);
    ReceiverDraft draft;
    draft.kind = static_cast<workspace::ReceiverKind>(kind);
    draft.address = address;
    draft.port = port;
    draft.folder = folder;
    draft.patience = patience;
    const auto config = draft.config();
    QCOMPARE(config.has_value(), wrong.isEmpty());
    if (config) {
        QCOMPARE(QString::fromStdString(config->place), place);
        QCOMPARE(config->patienceMicros > 0, patience != u"0");
    } else {
        QCOMPARE(QString::fromStdString(config.error().place.file), wrong);
        QVERIFY(!config.error().hint.empty());
    }
}

void TestSources::draftsComeBack()
{
    workspace::ReceiverConfig config;
    config.kind = workspace::ReceiverKind::CloudNss;
    config.place = "[::1]:8443";
    config.tokenHash = "abc";
    config.allowed = "10.0.0.0/8,192.0.2.7";
    config.format = "mine";
    config.patienceMicros = 90 * 60 * kMicrosPerSecond;
    config.enabled = false;
    const ReceiverDraft draft = ReceiverDraft::of(config);
    QCOMPARE(draft.address, u"[::1]"_qs);
    QCOMPARE(draft.patience, u"90m"_qs);
    const auto back = draft.config();
    QVERIFY(back.has_value());
    QCOMPARE(back->place, config.place);
    QCOMPARE(back->tokenHash, config.tokenHash);
    QCOMPARE(back->allowed, config.allowed);
    QCOMPARE(back->format, config.format);
    QCOMPARE(back->patienceMicros, config.patienceMicros);
    QVERIFY(!back->enabled);
}

void TestSources::everyChangeCanBeTakenBack()
{
    Window window;
    QSignalSpy done(&window.receivers, &ReceiverController::done);
    workspace::ReceiverConfig config;
    config.place = "127.0.0.1:9014";
    config.tokenHash = "kept";
    window.receivers.save(config, {}, true);
    QVERIFY(done.wait(5'000));
    QCOMPARE(done.back()[1].toString(), u"nss:127.0.0.1:9014"_qs);
    QVERIFY(window.refreshed());
    QCOMPARE(window.receivers.state().receivers.size(), std::size_t{1});
    QCOMPARE(window.receivers.find(config.key())->state, std::string("listening"));

    window.receivers.stop(config.key());
    QVERIFY(done.wait(5'000));
    QVERIFY(window.refreshed());
    QCOMPARE(window.receivers.find(config.key())->state, std::string("stopped"));
    QVERIFY(window.undoLast());
    QVERIFY(window.refreshed());
    QCOMPARE(window.receivers.find(config.key())->state, std::string("listening"));

    workspace::ReceiverConfig moved = config; // another place is another receiver: the old one goes
    moved.place = "127.0.0.1:9015";
    window.receivers.save(moved, config.key(), false);
    QVERIFY(done.wait(5'000));
    QVERIFY(window.refreshed());
    QVERIFY(window.receivers.find(config.key()) == nullptr);
    QCOMPARE(window.receivers.find(moved.key())->state, std::string("listening"));
    QVERIFY(window.undoLast());
    QVERIFY(window.refreshed());
    QVERIFY(window.receivers.find(moved.key()) == nullptr);

    window.receivers.remove(config.key());
    QVERIFY(done.wait(5'000));
    QVERIFY(window.refreshed());
    QVERIFY(window.receivers.state().receivers.empty());
    QVERIFY(window.undoLast());
    QVERIFY(window.refreshed());
    QCOMPARE(window.receivers.find(config.key())->config.tokenHash, std::string("kept"));
    QCOMPARE(window.receivers.find(config.key())->state, std::string("listening"));

    QVERIFY(window.undoLast()); // and the first step: it was added
    QVERIFY(window.refreshed());
    QVERIFY(window.receivers.state().receivers.empty());
    QVERIFY(window.undo.isEmpty());
}

void TestSources::aReceiverThatFailsSaysWhy()
{
    Window window;
    window.engine->receiverFailure = "the port is taken";
    QSignalSpy failed(&window.receivers, &ReceiverController::failed);
    workspace::ReceiverConfig config;
    config.place = "127.0.0.1:9014";
    window.receivers.save(config, {}, true);
    QVERIFY(failed.wait(5'000));
    QVERIFY(window.refreshed());
    const auto *info = window.receivers.find(config.key()); // it is kept all the same, and can be taken back
    QVERIFY(info != nullptr && info->error);
    QVERIFY(!window.undo.isEmpty());
    const auto notices = sourceNotices(window.receivers.state(), kNow);
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].reason.contains(u"the port is taken"_qs));
}

void TestSources::openingStartsReceivers()
{
    Window window;
    QSignalSpy started(&window.session, &Session::receiversStarted);
    QVERIFY(started.wait(5'000));
    QCOMPARE(window.engine->startedEnabled.load(), 1);
}

void TestSources::ratesDoNotResetTheTable()
{
    auto engine = std::make_unique<workspace::Engine>();
    engine->receivers = {receiver("127.0.0.1:9014", "listening"), receiver("127.0.0.1:9015", "stopped")};
    Window window(std::move(engine));
    QVERIFY(window.refreshed());
    SourcesModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSources(window.receivers, kNow);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, SourcesModel::NameColumn).data().toString(), u"127.0.0.1:9014"_qs);
    QVERIFY(model.index(0, 0).data(RowsModel::FlagRole).toBool());
    QCOMPARE(model.index(2, SourcesModel::RecordsColumn).data().toString(), u"100,000"_qs);
    QCOMPARE(model.index(1, SourcesModel::PerSecondColumn).data().toString(), u"–"_qs);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    {
        const std::lock_guard lock(window.engine->mutex);
        sources::Health &health = window.engine->receivers[0].health;
        health.recordsPerSecond = 842;
        health.lag = {0.3, 0.84, 2.2, 10};
        health.lastReceived = kNow - 42 * 60 * kMicrosPerSecond;
        health.silent = true;
    }
    QVERIFY(window.refreshed());
    model.setSources(window.receivers, kNow);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.index(0, SourcesModel::StateColumn).data().toString(), u"silent"_qs);
    QCOMPARE(model.index(0, SourcesModel::PerSecondColumn).data().toString(), u"842"_qs);
    QCOMPARE(model.index(0, SourcesModel::LagColumn).data().toString(), u"0.3 / 0.8 / 2.2"_qs);
    QCOMPARE(model.index(0, SourcesModel::LastColumn).data().toString(), u"42 m ago"_qs);
    QVERIFY(!model.index(0, SourcesModel::RateColumn).data(RowsModel::BarsRole).value<QList<double>>().isEmpty());
}

void TestSources::noticesTellTheWorstFirst()
{
    ReceiverController::State state;
    state.receivers = {receiver("127.0.0.1:1", "listening"), receiver("127.0.0.1:2", "stopped")};
    state.receivers[1].health.silent = true; // who does not listen is not silent
    QVERIFY(sourceNotices(state, kNow).empty());
    state.receivers[0].health.silent = true;
    state.trouble = Error{"NJ-STORE-001", "Cannot write", "the disk is full", {}, "Make room."};
    const auto notices = sourceNotices(state, kNow);
    QCOMPARE(notices.size(), std::size_t{2});
    QCOMPARE(notices[0].tone, Tone::Error);
    QVERIFY(notices[0].reason.contains(u"the disk is full"_qs));
    QVERIFY(notices[1].sentence.contains(u"silent"_qs));
}

void TestSources::formatsAreJudgedAtTheirPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("code");
    QTest::newRow("tabs") << QString::fromLatin1("%s{time}\\t%s{login}\\t%s{eurl}\\n") << true << 0 << QString();
    QTest::newRow("open brace") << QString::fromLatin1("%s{time}\\t\n%s{login") << false << 2 << u"NJ-LOGS-031"_qs;
    QTest::newRow("no token") << u"hello"_qs << false << 1 << u"NJ-LOGS-030"_qs;
}

void TestSources::formatsAreJudgedAtTheirPlace()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    QFETCH(int, line);
    QFETCH(QString, code);
    const FeedReport report = feedReport(text.toStdString(), {});
    QCOMPARE(report.format != nullptr, good);
    QVERIFY(!report.verdict.isEmpty());
    if (!good) {
        QCOMPARE(report.marks.size(), std::size_t{1});
        QCOMPARE(report.marks[0].tone, Tone::Error);
        QCOMPARE(report.marks[0].line, line);
        QCOMPARE(report.marks[0].code, code);
    }
    QVERIFY(feedReport(" \n", {}).verdict.isEmpty());
}

void TestSources::recordsAreTriedOnAFormat()
{
    const FeedReport report = feedReport("%s{time}\\t%s{login}\\t%d{respcode}\\n", {});
    QVERIFY(report.format != nullptr);
    const FeedCheck check = checkRecords(
        report.format,
        {"Mon Oct 16 22:55:48 2023\ta@corp.example\t200", "", "Mon Oct 16 22:55:49 2023\tNone\t404", "no tabs here"},
        {});
    QCOMPARE(check.records, 3); // blank lines are none
    QCOMPARE(check.fitting, 2);
    QCOMPARE(check.withoutTime, 0);
    QVERIFY(check.first != kNoTime && check.last - check.first == kMicrosPerSecond);
    QCOMPARE(check.failures.size(), std::size_t{1});
    QCOMPARE(check.failures[0].second.line, 3);
    QVERIFY(check.neverFilled.isEmpty());
    FeedTokensModel model;
    model.setReport(report, &check);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(2, FeedTokensModel::SampleColumn).data().toString(), u"200"_qs);
    QCOMPARE(checkRecords(report.format, {"Mon Oct 16 22:55:48 2023\tNone\t200"}, {}).neverFilled,
             QStringList{u"login"_qs});
    QCOMPARE(checkRecords(nullptr, {"x"}, {}).records, 0);
}

void TestSources::formatsAreKeptAndTakenBack()
{
    Window window;
    QSignalSpy done(&window.feeds, &FeedController::done);
    QSignalSpy kept(&window.feeds, &FeedController::keptChanged);
    QSignalSpy compiled(&window.feeds, &FeedController::compiled);
    window.feeds.setText(u"%s{time}"_qs, {});
    window.feeds.setText(QString::fromLatin1("%s{time}\\t%s{login}"), {}); // only the last one is compiled
    QVERIFY(compiled.wait(5'000));
    QCOMPARE(compiled.count(), 1);
    QCOMPARE(window.feeds.report().format->tokens().size(), std::size_t{2});
    window.feeds.save(u" mine "_qs);
    QVERIFY(done.wait(5'000));
    QTRY_COMPARE(window.feeds.kept().size(), std::size_t{1});
    QCOMPARE(window.feeds.kept()[0].name, std::string("mine"));
    window.feeds.remove(u"mine"_qs);
    QVERIFY(done.wait(5'000));
    QTRY_VERIFY(window.feeds.kept().empty());
    QVERIFY(window.undoLast());
    QTRY_COMPARE(window.feeds.kept().size(), std::size_t{1});
    QVERIFY(window.undoLast());
    QTRY_VERIFY(window.feeds.kept().empty());
    QSignalSpy failed(&window.feeds, &FeedController::failed);
    window.feeds.save(u"../evil"_qs);
    QVERIFY(failed.wait(5'000));
}

void TestSources::settingsNameTheReceiver()
{
    Window window;
    QSignalSpy setUp(&window.feeds, &FeedController::setUp);
    window.feeds.makeSetup(u"web"_qs, u"nss"_qs);
    QVERIFY(setUp.wait(5'000));
    const auto setup = setUp.back()[0].value<logs::FeedSetup>();
    QVERIFY(feedReport(setup.format, setup.escape).format != nullptr);
    workspace::ReceiverConfig config;
    config.place = "192.0.2.9:9014";
    QString port;
    for (const auto &[label, value] : portalSettings(setup, &config)) {
        port = label == u"SIEM TCP Port" ? value : port;
        QVERIFY2(!value.contains(u"nightjar-cli"_qs), qPrintable(label));
    }
    QCOMPARE(port, u"9014"_qs);
}

void TestSources::quarantineIsBrowsedExportedAndRetried()
{
    auto engine = std::make_unique<workspace::Engine>();
    const Error broken{"NJ-LOGS-002", "Broken JSON", "no end", {"a", 3, 7}, {}};
    const Error unknown{"NJ-LOGS-005", "No known format", "nothing fits", {"b", 1, 0}, {}};
    engine->quarantine = {{1, "a.json", 3, 3, broken, std::string("{\"a\":\xFF\0x", 8), kNow},
                          {2, "logs.zip!b.json", 1, 1, unknown, "hello", kNow},
                          {3, "logs.zip!c.json", 1, 1, broken, "{", kNow}};
    Window window(std::move(engine));
    QSignalSpy changed(&window.quarantine, &QuarantineController::changed);
    window.quarantine.refresh();
    QVERIFY(changed.wait(5'000));
    QCOMPARE(window.quarantine.entries().size(), std::size_t{3});
    QCOMPARE(window.quarantine.kinds()[0], (std::pair<QString, std::int64_t>(u"Broken JSON"_qs, 2)));
    window.quarantine.filter(u"logs.zip"_qs, {});
    QCOMPARE(window.quarantine.entries().size(), std::size_t{2});
    window.quarantine.filter(u"logs.zip"_qs, u"Broken JSON"_qs);
    QCOMPARE(window.quarantine.entries().size(), std::size_t{1});

    QSignalSpy exported(&window.quarantine, &QuarantineController::exported);
    const QString raw = QString::fromStdString((window.folder / "bad.log").string());
    window.quarantine.exportTo(raw, true);
    QVERIFY(exported.wait(5'000));
    QFile file(raw);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("{\"a\":\xFF\0x\nhello\n{\n", 17)); // byte for byte, NUL included
    const QJsonObject json = QJsonDocument::fromJson(quarantineJson({1, "a", 3, 3, broken, "\xFF", kNow})).object();
    QCOMPARE(json.value(u"column"_qs).toInt(), 7);
    QCOMPARE(json.value(u"raw_base64"_qs).toString(), u"/w=="_qs);
    QSignalSpy problems(&window.session, &Session::errorOccurred);
    window.quarantine.exportTo(u"/nowhere/at/all.log"_qs, true);
    QVERIFY(problems.wait(5'000));

    QSignalSpy retried(&window.quarantine, &QuarantineController::retried);
    window.quarantine.retry({}, {}, {});
    QVERIFY(retried.wait(5'000));
    QCOMPARE(retried.back()[0].value<workspace::QuarantineSummary>().left, 3);
    window.quarantine.retry(u"gone"_qs, {}, {}); // a format that is not kept
    QVERIFY(problems.wait(5'000));
    QVERIFY(workspace::FeedFormats(window.folder.path()).save({"mine", "", "%s{time}\\t%s{login}"}).has_value());
    window.quarantine.retry(u"mine"_qs, {}, {});
    QVERIFY(retried.wait(5'000));
    QTRY_VERIFY(window.quarantine.entries().empty());
}

QTEST_GUILESS_MAIN(TestSources)
#include "tst_sources.moc"
