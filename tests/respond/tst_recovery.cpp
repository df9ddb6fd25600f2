// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

using namespace nightjar;
using namespace nightjar::respond;
using nightjar::testsupport::Bench;

namespace {

Change intentOf(ChangeAction action, const std::string &entry)
{
    Change change;
    change.batch = "nj-test";
    change.action = action;
    change.value = entry;
    change.entry = entry;
    change.key = entryKey(entry);
    change.list = "deny";
    return change;
}

} // namespace

class TestRecovery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingToDoAsksNobody()
    {
        Bench bench;
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        QVERIFY(ends.has_value() && ends->empty());
        QVERIFY(bench.stateHas("\"requests\":0"));
    }

    void crashBeforeThePush()
    {
        Bench bench;
        const std::vector<Change> intents{intentOf(ChangeAction::Block, "evil.example")};
        QVERIFY(bench.journal->begin(intents).has_value());
        bench.restart();
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        QVERIFY(ends.has_value());
        NJ_COMPARE_END(ends->at(0), "blocked/live");
        QVERIFY(bench.holds("live", "evil.example"));
        QVERIFY(bench.journal->unfinished()->empty());
        QCOMPARE(bench.journal->owned()->size(), std::size_t(1));
    }

    void crashBeforeThePushOfWhatIsOver()
    {
        Bench bench;
        std::vector<Change> intents{intentOf(ChangeAction::Block, "evil.example")};
        intents.front().expiry = bench.clock.now() - 1;
        QVERIFY(bench.journal->begin(intents).has_value());
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        NJ_COMPARE_END(ends->at(0), "failed/none");
        QVERIFY(!bench.holds("saved", "evil.example"));
    }

    void crashBetweenPushAndActivation()
    {
        Bench bench;
        const std::vector<Change> intents{intentOf(ChangeAction::Block, "evil.example")};
        QVERIFY(bench.journal->begin(intents).has_value());
        const std::vector<std::string> entries{"evil.example"};
        QVERIFY(!bench.client->addToDenyList(entries, {}).error);
        bench.restart();
        QVERIFY(!bench.holds("live", "evil.example"));
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        NJ_COMPARE_END(ends->at(0), "blocked/live");
        QVERIFY(bench.holds("live", "evil.example"));
        QCOMPARE(bench.journal->owned()->size(), std::size_t(1));
        QVERIFY(bench.responder->recover({})->empty());
    }

    void activationThatFailedIsMadeUpFor()
    {
        Bench bench;
        bench.fault(R"({"edit_lock":99,"on":"activate"})");
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "queued/saved");
        bench.restart();
        bench.fault(R"({"edit_lock":0})");
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        QVERIFY2(ends.has_value(), ends ? "" : describe(ends.error()).c_str());
        QCOMPARE(ends->size(), std::size_t(1));
        NJ_COMPARE_END(ends->at(0), "blocked/live");
    }

    void queuedBehindAnotherAdministrator()
    {
        Bench bench;
        bench.fault(R"({"other_admin":true})");
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "queued/pending");
        bench.fault(R"({"other_admin":false})");
        QVERIFY2(bench.holds("live", "evil.example"), "the queued activation ran when the other one finished");
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        QVERIFY2(ends.has_value(), ends ? "" : describe(ends.error()).c_str());
        QCOMPARE(ends->size(), std::size_t(1));
        NJ_COMPARE_END(ends->at(0), "blocked/live");
    }

    void unblockIsRecoveredToo()
    {
        Bench bench;
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "blocked/live");
        bench.fault(R"({"edit_lock":99,"on":"activate"})");
        NJ_COMPARE_END(bench.unblock({"evil.example"})[0], "queued/saved");
        QVERIFY(bench.holds("live", "evil.example"));
        bench.fault(R"({"edit_lock":0})");
        NJ_COMPARE_END(bench.unblock({"evil.example"})[0], "unblocked/live");
        QVERIFY(!bench.holds("live", "evil.example"));
        QVERIFY(bench.journal->unfinished()->empty());
    }

    void laterChangeWins()
    {
        Bench bench;
        BlockOptions saveOnly;
        saveOnly.activate = false;
        NJ_COMPARE_END(bench.block({"evil.example"}, saveOnly)[0], "queued/saved");
        NJ_COMPARE_END(bench.unblock({"evil.example"}, saveOnly)[0], "queued/saved");
        const Result<std::vector<Outcome>> ends = bench.responder->recover({});
        QCOMPARE(ends->size(), std::size_t(2));
        NJ_COMPARE_END(ends->at(0), "failed/none");
        NJ_COMPARE_END(ends->at(1), "unblocked/live");
        QVERIFY(bench.journal->unfinished()->empty());
        QVERIFY(bench.journal->owned()->empty());
    }

    void undoKeepsTheSpelling()
    {
        Bench bench;
        NJ_COMPARE_END(bench.block({"http://evil.example:443/X"})[0], "blocked/live");
        const Outcome removed = bench.unblock({"evil.example:443/X"})[0];
        NJ_COMPARE_END(removed, "unblocked/live");
        NJ_COMPARE_END(*bench.responder->undo(removed.change, {}, {}, {}), "blocked/live");
        QVERIFY(bench.holds("live", "evil.example:443/X"));
    }

    void undoBothWays()
    {
        Bench bench;
        const Outcome blocked = bench.block({"evil.example"})[0];
        NJ_COMPARE_END(blocked, "blocked/live");
        const Result<Outcome> undone = bench.responder->undo(blocked.change, {}, {}, {});
        QVERIFY2(undone.has_value(), undone ? "" : describe(undone.error()).c_str());
        NJ_COMPARE_END(*undone, "unblocked/live");
        QVERIFY(!bench.holds("live", "evil.example"));
        const Result<Outcome> twice = bench.responder->undo(blocked.change, {}, {}, {});
        QVERIFY(!twice && twice.error().code == "NJ-RESPOND-051");
        const Result<Outcome> redone = bench.responder->undo(undone->change, {}, {}, {});
        QVERIFY(redone.has_value());
        NJ_COMPARE_END(*redone, "blocked/live");
        QVERIFY(bench.responder->undo(999, {}, {}, {}).error().code == "NJ-RESPOND-050");
        const Result<std::optional<Change>> first = bench.journal->find(blocked.change);
        QVERIFY((*first)->undoneBy == undone->change && !(*first)->undoable());
    }

    void expiredEntriesAreReleased()
    {
        Bench bench;
        BlockOptions options;
        options.ttl = kMicrosPerDay;
        NJ_COMPARE_END(bench.block({"short.example"}, options)[0], "blocked/live");
        NJ_COMPARE_END(bench.block({"long.example"})[0], "blocked/live");
        QVERIFY(bench.responder->releaseExpired({}, {})->empty());
        bench.clock.advance(kMicrosPerDay);
        const Result<std::vector<Outcome>> ends = bench.responder->releaseExpired({}, {});
        QCOMPARE(ends->size(), std::size_t(1));
        NJ_COMPARE_END(ends->at(0), "unblocked/live");
        QVERIFY(bench.holds("live", "long.example") && !bench.holds("live", "short.example"));
    }

    void journalIsAppendOnly()
    {
        Bench bench;
        NJ_COMPARE_END(bench.block({"evil.example"})[0], "blocked/live");
        for (const char *sql : {"DELETE FROM respond_changes", "UPDATE respond_changes SET reason = 'x'",
                                "DELETE FROM respond_phases", "UPDATE respond_phases SET phase = 'live'"}) {
            const Status changed =
                bench.catalog->write([&](store::Database &database) { return database.execute(sql); });
            QVERIFY2(!changed, sql);
        }
        QCOMPARE(bench.journal->list()->size(), std::size_t(1));
    }

    void tenantUnreachableLeavesTheJournal()
    {
        Bench bench;
        const std::vector<Change> intents{intentOf(ChangeAction::Block, "evil.example")};
        QVERIFY(bench.journal->begin(intents).has_value());
        bench.fault(R"({"lose_before":999})");
        QVERIFY(!bench.responder->recover({}));
        QCOMPARE(bench.journal->unfinished()->size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
