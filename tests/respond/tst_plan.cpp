// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "respond/plan.h"

#include <chrono>
#include <set>

using namespace nightjar;
using namespace nightjar::respond;
using nightjar::testsupport::Bench;

namespace {

OwnedEntry ownedBy(const std::string &entry, const std::string &source, Timestamp expiry = kNoTime, Timestamp live = 1)
{
    return {entryKey(entry), entry, entry, "reason", "jo", source, expiry, 1, live, 7};
}

/// "add a, evict b", for short comparisons.
std::string told(const Plan &plan)
{
    std::string text;
    for (const PlanStep &step : plan.steps) {
        text += (text.empty() ? "" : ", ") + std::string(nameOf(step.action)) + " " + step.entry;
    }
    return text;
}

std::string told(const std::vector<Drift> &drift)
{
    std::string text;
    for (const Drift &row : drift) {
        text += (text.empty() ? "" : ", ") + std::string(nameOf(row.kind)) + " " + row.entry +
                (row.was.empty() ? "" : " was " + row.was);
    }
    return text;
}

struct Case {
    const char *name;
    std::vector<OwnedEntry> owned;
    std::vector<std::string> present;
    std::vector<RankedEntry> ranked;
    std::size_t capacity;
    bool selection;
    const char *steps;
};

} // namespace

class TestPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smallestDifference()
    {
        const std::vector<Case> cases{
            {"as it should be", {ownedBy("a.example", "cli")}, {"a.example", "f.example"}, {}, 10, false, ""},
            {"removed outside", {ownedBy("a.example", "cli")}, {"f.example"}, {}, 10, false, "add a.example"},
            {"other spelling is the same", {ownedBy("a.example", "cli")}, {"A.Example."}, {}, 10, false, ""},
            {"its time is over", {ownedBy("a.example", "cli", 50)}, {"A.example"}, {}, 10, false, "remove A.example"},
            {"saved, never live",
             {ownedBy("a.example", "cli", kNoTime, kNoTime)},
             {"a.example"},
             {},
             10,
             false,
             "activate a.example"},
            {"no place", {ownedBy("a.example", "cli")}, {"f.example"}, {}, 1, false, "leave_out a.example"},
            {"what is there stays when others fill the list",
             {ownedBy("a.example", "cli")},
             {"a.example", "f.example"},
             {},
             1,
             false,
             ""},
            {"selection fills",
             {ownedBy("a.example", "cli")},
             {"a.example", "f.example"},
             {{"b.example", 9}, {"a.example", 8}, {"F.example", 7}, {"c.example", 6}, {"d.example", 5}},
             4,
             true,
             "add b.example, add c.example"},
            {"refused by the guard",
             {},
             {},
             {{"refused.example", 9}, {"b.example", 8}, {"c.example", 7}},
             1,
             true,
             "add b.example"},
            {"a rank change within the margin moves nothing",
             {ownedBy("a.example", kSelectionSource)},
             {"a.example"},
             {{"b.example", 10.9}, {"a.example", 10}},
             1,
             true,
             ""},
            {"beyond it does",
             {ownedBy("a.example", kSelectionSource)},
             {"a.example"},
             {{"b.example", 11.1}, {"a.example", 10}},
             1,
             true,
             "evict a.example, add b.example"},
            {"a manual one takes a place",
             {ownedBy("a.example", kSelectionSource), ownedBy("m.example", "cli")},
             {"a.example"},
             {{"a.example", 10}},
             1,
             true,
             "evict a.example, add m.example"},
            {"not offered any more",
             {ownedBy("a.example", kSelectionSource)},
             {"a.example"},
             {{"b.example", 1}},
             2,
             true,
             "remove a.example, add b.example"},
            {"switched off", {ownedBy("a.example", kSelectionSource)}, {"a.example"}, {}, 2, false, "remove a.example"},
        };
        for (const Case &row : cases) {
            PlanOptions options;
            options.now = 100;
            options.capacity = row.capacity;
            options.selection = row.selection;
            options.allowed = [](const std::string &entry) { return entry != "refused.example"; };
            const Plan plan = makePlan({row.owned, row.present, row.ranked, {}, true}, options);
            const std::string steps = told(plan);
            QVERIFY2(steps == row.steps, (std::string(row.name) + ": " + steps).c_str());
        }
    }

    /// Carrying a plan out and planning again with scores that wander within the margin gives no step.
    void stable()
    {
        constexpr std::size_t kOffered = 2'000;
        std::vector<RankedEntry> ranked;
        for (std::size_t i = 0; i < kOffered; ++i) {
            ranked.push_back({"h" + std::to_string(i) + ".example", 1'000.0 - static_cast<double>(i) * 0.1});
        }
        PlanOptions options;
        options.capacity = 500;
        options.selection = true;
        const Plan first = makePlan({{}, {}, ranked, {}, true}, options);
        QCOMPARE(first.steps.size(), std::size_t(500));
        std::vector<OwnedEntry> owned;
        std::vector<std::string> present;
        for (const PlanStep &step : first.steps) {
            owned.push_back(ownedBy(step.entry, kSelectionSource));
            present.push_back(step.entry);
        }
        for (std::size_t i = 0; i < kOffered; ++i) {
            ranked[i].score += i % 2 == 0 ? -20 : 20;
        }
        std::sort(ranked.begin(), ranked.end(), [](const auto &a, const auto &b) { return a.score > b.score; });
        const Plan second = makePlan({owned, present, ranked, {}, true}, options);
        QVERIFY2(second.steps.empty(), told(second).substr(0, 200).c_str());
        QCOMPARE(second.kept, std::size_t(500));
    }

    void drift()
    {
        const std::vector<OwnedEntry> owned{ownedBy("a.example", "cli"), ownedBy(".b.example", "cli"),
                                            ownedBy("c.example/p", "cli"), ownedBy("d.example", "cli")};
        const std::vector<std::string> present{"old.example", "new.example", "b.example", "C.example/p", "d.example"};
        const std::vector<std::string> known{"old.example"};
        QCOMPARE(
            QString::fromStdString(told(findDrift(owned, present, known))),
            u"changed C.example/p was c.example/p, removed a.example, changed b.example was .b.example, added new.example"_qs);
        QVERIFY(findDrift(owned, {}, {}).size() == 4);
    }

    /// One push, one activation, own stories, nobody else's entry touched; then all of it taken back in one.
    void appliesAndTakesBackTogether()
    {
        Bench bench;
        bench.lists(R"({"deny":["Foreign.example","old.example"]})");
        NJ_COMPARE_END(bench.block({"gone.example"})[0], "blocked/live");
        const std::vector<Wish> wishes{
            {ChangeAction::Unblock, {}, "gone.example", "over", "jo", "selection", kNoTime, 0, false},
            {ChangeAction::Unblock, {}, "old.example", "not ours", "jo", "selection", kNoTime, 0, false},
            {ChangeAction::Block, {}, "new.example", "first", "ann", "alert 3", 1'900'000'000'000'000, 0, false},
            {ChangeAction::Block, {}, "bad..entry", "second", "bo", "selection", kNoTime, 0, false},
            {ChangeAction::Block, {}, "more.example", "third", "cy", "selection", kNoTime, 0, false}};
        const std::vector<Outcome> ends = bench.responder->apply(wishes, {}, {}, bench.cancel);
        QCOMPARE(ends.size(), std::size_t(5));
        NJ_COMPARE_END(ends[0], "unblocked/live");
        NJ_COMPARE_END(ends[1], "refused/live");
        NJ_COMPARE_END(ends[2], "blocked/live");
        NJ_COMPARE_END(ends[3], "refused/none");
        NJ_COMPARE_END(ends[4], "blocked/live");
        QVERIFY(bench.stateHas("\"activations\":2"));
        QVERIFY(bench.holds("live", "old.example") && bench.holds("live", "Foreign.example"));
        const auto owned = bench.journal->owned();
        QCOMPARE(owned->size(), std::size_t(2));
        for (const OwnedEntry &entry : *owned) {
            QVERIFY(entry.owner == (entry.entry == "new.example" ? "ann" : "cy"));
            QVERIFY((entry.expiry != kNoTime) == (entry.entry == "new.example"));
        }
        const auto back = bench.responder->undoBulk(ends[4].change, {}, {}, bench.cancel);
        QVERIFY(back.has_value());
        QCOMPARE(back->size(), std::size_t(3));
        QVERIFY(!bench.holds("live", "new.example") && !bench.holds("live", "more.example"));
        QVERIFY(bench.holds("live", "gone.example"));
        const auto again = bench.responder->undoBulk(ends[4].change, {}, {}, bench.cancel);
        QVERIFY(!again && again.error().code == "NJ-RESPOND-051");
    }

    /// 25,000 places, six million ranked. The bound is the issue's (5 s), on a machine that does other things too.
    void costOfSixMillion()
    {
        constexpr std::size_t kRanked = 6'000'000;
        constexpr std::size_t kPlaces = 25'000;
        if (!qEnvironmentVariableIsSet("NIGHTJAR_BIG")) {
            QSKIP("set NIGHTJAR_BIG to plan from 6 M ranked entries (0.6 GB)");
        }
        std::vector<RankedEntry> ranked;
        ranked.reserve(kRanked);
        for (std::size_t i = 0; i < kRanked; ++i) {
            ranked.push_back(
                {"host-" + std::to_string(i * 7'919 % kRanked) + ".evil.example", 1e6 / (1 + static_cast<double>(i))});
        }
        std::vector<OwnedEntry> owned;
        std::vector<std::string> present;
        for (std::size_t i = 0; i < kPlaces; ++i) { // one of them stands last of all
            const std::string &entry = ranked[i == 0 ? kRanked - 1 : i * 2].entry;
            owned.push_back(ownedBy(entry, kSelectionSource));
            present.push_back(entry);
        }
        PlanOptions options;
        options.selection = true;
        const auto start = std::chrono::steady_clock::now();
        const Plan plan = makePlan({owned, present, ranked, {}, true}, options);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        qInfo("%zu steps in %.2f s", plan.steps.size(), took.count());
        QVERIFY(!plan.steps.empty());
        QVERIFY(took.count() <= 5);
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
