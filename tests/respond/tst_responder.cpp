// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "base/files.h"

using namespace nightjar;
using namespace nightjar::respond;
using nightjar::testsupport::Bench;

class TestResponder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void blocksAndUnblocks()
    {
        Bench bench;
        BlockOptions options;
        options.reason = "C2 of alert 7";
        options.actor = "jo";
        options.source = "alert 7";
        const std::vector<Outcome> ends = bench.block({"hxxp://Evil[.]example/"}, options);
        QCOMPARE(ends.size(), std::size_t(1));
        NJ_COMPARE_END(ends[0], "blocked/live");
        QVERIFY(ends[0].entry == "evil.example");
        QVERIFY(ends[0].list == "deny");
        QVERIFY(!ends[0].requestId.empty());
        QVERIFY(bench.holds("live", "evil.example"));
        QVERIFY((bench.stages == std::vector<Stage>{Stage::Queued, Stage::Sent, Stage::Activated, Stage::Verified}));

        const Result<std::vector<OwnedEntry>> owned = bench.journal->owned();
        QCOMPARE(owned->size(), std::size_t(1));
        QVERIFY(owned->front().reason == "C2 of alert 7" && owned->front().liveAt != kNoTime);

        NJ_COMPARE_END(bench.unblock({"hxxp://Evil[.]example/"})[0], "unblocked/live");
        QVERIFY(!bench.holds("live", "evil.example"));
        QVERIFY(bench.journal->owned()->empty());
        const Result<std::vector<Change>> journal = bench.journal->list();
        QCOMPARE(journal->size(), std::size_t(2));
        QVERIFY(journal->at(0).action == ChangeAction::Unblock && journal->at(0).phase == ChangePhase::Live);
        QVERIFY(journal->at(1).action == ChangeAction::Block && journal->at(1).batch == ends[0].requestId);
        QVERIFY(journal->at(1).actor == "jo" && journal->at(1).source == "alert 7");
        QVERIFY(bench.journal->unfinished()->empty());
    }

    void oneRequestAndOneActivationPerBatch()
    {
        Bench bench;
        std::vector<std::string> values;
        for (int i = 0; i < 400; ++i) {
            values.push_back("host" + std::to_string(i) + ".example");
        }
        values.push_back("HOST7.example.");
        const std::vector<Outcome> ends = bench.block(values);
        QCOMPARE(ends.size(), values.size());
        for (const Outcome &end : ends) {
            NJ_COMPARE_END(end, "blocked/live");
        }
        QVERIFY(ends.back().value == "HOST7.example." && ends.back().entry == "host7.example");
        QVERIFY(bench.stateHas("\"activations\":1"));
        // login, deny list, allow list, push, activate, read back
        QVERIFY(bench.stateHas("\"requests\":6"));
        QCOMPARE(bench.journal->list()->size(), std::size_t(400));
    }

    void refusedAndAsked()
    {
        Bench bench;
        const std::vector<std::string> values{"10.0.0.1",      "mail.corp.example", "co.uk",       "45.77.0.0/16",
                                              "wikipedia.org", "evil.example",      "a@b.example", "zsapi.zscaler.net"};
        const std::vector<Outcome> ends = bench.block(values);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            NJ_COMPARE_END(ends[i], i == 5 ? "blocked/live" : "refused/none");
            QVERIFY(i == 5 || !ends[i].why.empty());
        }
        BlockOptions confirmed;
        confirmed.confirmed = {"wikipedia.org", "10.0.0.1"};
        const std::vector<Outcome> again = bench.block({"wikipedia.org", "10.0.0.1"}, confirmed);
        NJ_COMPARE_END(again[0], "blocked/live");
        NJ_COMPARE_END(again[1], "refused/none");
    }

    void dryRunNeedsNothing()
    {
        Responder responder(nullptr, nullptr, Guard());
        BlockOptions options;
        options.dryRun = true;
        const std::vector<std::string> values{"evil.example", "10.0.0.1", "http://Evil.example"};
        const std::vector<Outcome> ends = responder.block(values, options, {}, {});
        NJ_COMPARE_END(ends[0], "would_block/none");
        NJ_COMPARE_END(ends[1], "refused/none");
        NJ_COMPARE_END(ends[2], "would_block/none");
        QVERIFY(ends[2].value == "http://Evil.example" && ends[2].entry == "evil.example");
        NJ_COMPARE_END(responder.unblock(values, options, {}, {})[0], "would_unblock/none");
        options.dryRun = false;
        NJ_COMPARE_END(responder.block(values, options, {}, {})[0], "failed/none");
    }

    void alreadyThere()
    {
        Bench bench;
        bench.lists(R"({"deny":["Evil.Example"]})");
        const std::vector<Outcome> ends = bench.block({"evil.example"});
        NJ_COMPARE_END(ends[0], "already/live");
        QVERIFY(ends[0].entry == "Evil.Example");
        QVERIFY(bench.journal->owned()->empty());
        QVERIFY(bench.stateHas("\"activations\":0"));
    }

    void presentButNotActiveIsActivated()
    {
        Bench bench;
        BlockOptions saveOnly;
        saveOnly.activate = false;
        NJ_COMPARE_END(bench.block({"evil.example"}, saveOnly)[0], "queued/saved");
        QVERIFY(!bench.holds("live", "evil.example"));
        QCOMPARE(bench.journal->unfinished()->size(), std::size_t(1));
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "already/live");
        QVERIFY(bench.holds("live", "evil.example"));
        QVERIFY2(bench.journal->unfinished()->empty(), "the earlier change is live now, too");
        QVERIFY(bench.journal->owned()->front().liveAt != kNoTime);
    }

    void allowListWins()
    {
        Bench bench;
        bench.lists(R"({"allow":[".evil.example","One.Example"]})");
        const std::vector<Outcome> ends =
            bench.block({"a.evil.example", "one.example", "notevil.example", "one.example/x"});
        NJ_COMPARE_END(ends[0], "refused/none");
        NJ_COMPARE_END(ends[1], "refused/none");
        NJ_COMPARE_END(ends[2], "blocked/live");
        NJ_COMPARE_END(ends[3], "refused/none");
        QVERIFY(ends[0].why.find(".evil.example") != std::string::npos);
    }

    void partialApplicationIsCompleted()
    {
        Bench bench;
        bench.fault(R"({"partial":1})");
        for (const Outcome &end : bench.block({"a.example", "b.example", "c.example", "d.example"})) {
            NJ_COMPARE_END(end, "blocked/live");
        }
        bench.fault(R"({"partial":1})");
        for (const Outcome &end : bench.unblock({"a.example", "b.example", "c.example", "d.example"})) {
            NJ_COMPARE_END(end, "unblocked/live");
        }
        QVERIFY(bench.journal->owned()->empty() && bench.journal->unfinished()->empty());
    }

    void whatFitsIsBlocked()
    {
        Bench bench(3); // the service takes fewer than the product believes
        bench.lists(R"({"deny":["x.example"]})");
        const std::vector<Outcome> ends = bench.block({"a.example", "b.example", "c.example", "d.example"});
        NJ_COMPARE_END(ends[0], "blocked/live");
        NJ_COMPARE_END(ends[1], "blocked/live");
        NJ_COMPARE_END(ends[2], "failed/none");
        NJ_COMPARE_END(ends[3], "failed/none");
        QVERIFY(ends[3].why.find("NJ-RESPOND-022") != std::string::npos);
    }

    void capacityIsRespected()
    {
        Bench bench(25'000, 3);
        bench.lists(R"({"deny":["x.example","y.example"]})");
        const std::vector<Outcome> ends = bench.block({"a.example", "b.example", "x.example"});
        NJ_COMPARE_END(ends[0], "blocked/live");
        NJ_COMPARE_END(ends[1], "failed/none");
        NJ_COMPARE_END(ends[2], "already/live");
    }

    void pushFaults_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("pending") << QByteArray(R"({"other_admin":true})") << QByteArray("queued/pending");
        QTest::newRow("in progress") << QByteArray(R"({"in_progress_ms":20000})") << QByteArray("blocked/live");
        QTest::newRow("in progress for ever")
            << QByteArray(R"({"in_progress_ms":9000000})") << QByteArray("queued/pending");
        QTest::newRow("activation lost, not done")
            << QByteArray(R"({"lose_before":1,"on":"POST /status/activate"})") << QByteArray("blocked/live");
        QTest::newRow("activation lost, done")
            << QByteArray(R"({"lose_after":1,"on":"POST /status/activate"})") << QByteArray("blocked/live");
        QTest::newRow("activation locked")
            << QByteArray(R"({"edit_lock":2,"on":"POST /status/activate"})") << QByteArray("blocked/live");
        QTest::newRow("activation locked for ever")
            << QByteArray(R"({"edit_lock":99,"on":"POST /status/activate"})") << QByteArray("queued/saved");
        QTest::newRow("read-only") << QByteArray(R"({"read_only":true})") << QByteArray("failed/none");
        QTest::newRow("swallowed once") << QByteArray(R"({"swallow":1})") << QByteArray("blocked/live");
        QTest::newRow("swallowed for ever") << QByteArray(R"({"swallow":99})") << QByteArray("failed/unknown");
        QTest::newRow("old list read back")
            << QByteArray(R"({"stale_reads":2,"on":"/security/advanced"})") << QByteArray("blocked/live");
        QTest::newRow("redirected") << QByteArray(R"({"redirect":99})") << QByteArray("failed/none");
        QTest::newRow("activation answered with an error in a 200")
            << QByteArray(R"({"error_in_ok":1,"on":"POST /status/activate"})") << QByteArray("blocked/live");
        QTest::newRow("lost and unreadable")
            << QByteArray(R"({"lose_after":99,"on":"/security/advanced/blacklistUrls"})") << QByteArray("blocked/live");
        QTest::newRow("everything lost") << QByteArray(R"({"lose_before":999})") << QByteArray("failed/none");
        QTest::newRow("HTML everywhere") << QByteArray(R"({"html":999})") << QByteArray("failed/none");
        QTest::newRow("OneAPI only") << QByteArray(R"({"oneapi_only":true})") << QByteArray("failed/none");
        QTest::newRow("hourly limit") << QByteArray(R"({"rate_limit":9,"retry_after":"long","on":"POST /security"})")
                                      << QByteArray("failed/none");
    }
    void pushFaults()
    {
        QFETCH(QByteArray, fault);
        QFETCH(QByteArray, expected);
        Bench bench;
        bench.fault(fault.constData());
        const std::vector<Outcome> ends = bench.block({"evil.example"});
        NJ_COMPARE_END(ends[0], expected.toStdString());
        QVERIFY(ends[0].result == "blocked" || !ends[0].why.empty());
        QCOMPARE(bench.holds("live", "evil.example"), ends[0].result == "blocked");
    }

    void secretsAppearNowhere()
    {
        Bench bench;
        bench.fault(R"({"read_only":true})");
        BlockOptions options;
        options.reason = "test";
        const std::vector<Outcome> ends = bench.block({"http://user:canary-pw@evil.example/a"}, options);
        bench.fault(R"({"read_only":false,"html":3})");
        const std::vector<Outcome> more = bench.block({"http://user:canary-pw@evil.example/b"}, options);
        QVERIFY(ends[0].why.find("canary") == std::string::npos && more[0].why.find("canary") == std::string::npos);
        bench.responder.reset();
        bench.client.reset();
        bench.journal.reset();
        bench.catalog.reset();
        std::string bytes;
        for (const auto &file : std::filesystem::directory_iterator(bench.folder.path())) {
            const Result<std::string> text = readFile(file.path(), 1U << 26U);
            QVERIFY(text.has_value());
            bytes += *text;
        }
        QVERIFY(bytes.find("evil.example/a") != std::string::npos);
        QVERIFY2(bytes.find("canary") == std::string::npos, "no secret in the catalog");
    }

    void removesOnlyItsOwn()
    {
        Bench bench;
        bench.lists(R"({"deny":["Foreign.Example",".zone.example"]})");
        NJ_COMPARE_END(bench.unblock({"foreign.example"})[0], "refused/live");
        NJ_COMPARE_END(bench.unblock({"absent.example"})[0], "not_blocked/none");
        NJ_COMPARE_END(bench.unblock({"zone.example"})[0], "not_blocked/none");
        QVERIFY(bench.holds("live", "Foreign.Example"));
        BlockOptions options;
        options.confirmed = {"foreign.example"};
        NJ_COMPARE_END(bench.unblock({"foreign.example"}, options)[0], "unblocked/live");
        QVERIFY2(!bench.holds("live", "Foreign.Example"), "removed by its stored spelling");
    }

    void ownEntryInAnotherScopeIsFound()
    {
        Bench bench;
        BlockOptions options;
        options.scope = DomainScope::Subdomains;
        NJ_COMPARE_END(bench.block({"evil.example"}, options)[0], "blocked/live");
        QVERIFY(bench.holds("live", ".evil.example"));
        NJ_COMPARE_END(bench.unblock({"EVIL.example"})[0], "unblocked/live");
        NJ_COMPARE_END(bench.unblock({"evil.example"})[0], "not_blocked/none");
    }

    void goneByOtherHands()
    {
        Bench bench;
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "blocked/live");
        bench.lists(R"({"deny":[]})");
        const std::vector<Outcome> ends = bench.unblock({"evil.example"});
        NJ_COMPARE_END(ends[0], "not_blocked/none");
        QVERIFY(bench.journal->owned()->empty());
    }

    void whatThisClientDidIsCountedOnce()
    {
        Bench bench;
        BlockOptions impatient;
        impatient.activationPatience = 0;
        ResponderTuning tuning;
        tuning.clock = &bench.clock;
        tuning.sleeper = &bench.sleeper;
        for (int i = 0; i < 7; ++i) { // of eight a minute; each press has a Responder of its own
            bench.responder =
                std::make_unique<Responder>(bench.client.get(), bench.journal.get(), Guard(GuardLists{}), tuning);
            NJ_COMPARE_END(bench.block({"h" + std::to_string(i) + ".example"}, impatient)[0], "blocked/live");
        }
    }

    void activationsOfTheFutureUseNoBudget()
    {
        Bench bench;
        bench.clock.advance(365 * kMicrosPerDay);
        for (int i = 0; i < 40; ++i) {
            QVERIFY(bench.journal->noteActivation().has_value());
        }
        bench.clock.advance(-365 * kMicrosPerDay); // the clock is put right again
        bench.restart();
        BlockOptions impatient;
        impatient.activationPatience = 0;
        NJ_COMPARE_END(bench.block({"evil.example"}, impatient)[0], "blocked/live");
    }

    void budgetQueues()
    {
        Bench bench;
        BlockOptions impatient;
        impatient.activationPatience = 0;
        for (int i = 0; i < 8; ++i) {
            NJ_COMPARE_END(bench.block({"h" + std::to_string(i) + ".example"}, impatient)[0], "blocked/live");
        }
        bench.restart(); // another process knows of them, too
        const std::vector<Outcome> ends = bench.block({"late.example"}, impatient);
        QVERIFY2(bench.sleeper.slept() < 60 * kMicrosPerSecond, "all within one minute of the budget's window");
        NJ_COMPARE_END(ends[0], "queued/saved");
        QVERIFY(ends[0].why.find("budget") != std::string::npos);
        NJ_COMPARE_END(bench.block({"later.example"})[0], "blocked/live");
        QVERIFY(bench.holds("live", "late.example"));
    }
};

QTEST_GUILESS_MAIN(TestResponder)
#include "tst_responder.moc"
