// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "intel/flatevent.h"
#include "intel/retrohunt.h"
#include "intel/store.h"
#include "intel/warninglist.h"
#include "nightjar_resources.h"

#include "support/manualclock.h"
#include "support/support.h"

using namespace nightjar;
using namespace nightjar::intel;
using namespace nightjar::testsupport;

namespace {

struct Bench {
    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<store::Catalog> catalog = std::move(store::Catalog::open(folder / "catalog.db").value());
    IndicatorStore indicators = IndicatorStore::open(*catalog, clock).value();

    std::int64_t import(std::string_view text, const std::string &source)
    {
        ImportDefaults defaults;
        defaults.source = source;
        const auto done = indicators.importText(text, defaults);
        return done ? done->batch.id : -1;
    }
    /// Everything that is stored, as text.
    QByteArray state()
    {
        std::vector<std::string> rows;
        const std::vector<ListedIndicator> listed = indicators.list("", 1000).value();
        for (const ListedIndicator &one : listed) {
            const Indicator &i = one.indicator;
            rows.push_back(i.value + "/" + i.source + "/" + std::to_string(i.confidence.value_or(-1)) + "/" +
                           std::to_string(i.lastSeen / kMicrosPerSecond) + "/" + i.threat);
        }
        std::sort(rows.begin(), rows.end());
        QByteArray out;
        for (const std::string &row : rows) {
            out += QByteArray::fromStdString(row) + " ";
        }
        return out + QByteArray::number(static_cast<qlonglong>(indicators.pendingHunt().value().marks.size())) +
               " of " + QByteArray::number(static_cast<qlonglong>(indicators.count().value()));
    }
};

} // namespace

class TestIndicatorStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void importsOnce()
    {
        Bench bench;
        ImportDefaults defaults;
        defaults.source = "feed";
        const char *text = "ioc,confidence\nevil.example,80\n198.51.100.7:443,\n10.0.0.1,\nevil.example,80\n";
        const auto first = bench.indicators.importText(text, defaults);
        QVERIFY2(first, first ? "" : describe(first.error()).c_str());
        QCOMPARE(first->batch.added, std::int64_t{2});
        QCOMPARE(first->batch.updated, std::int64_t{0});
        QCOMPARE(first->batch.invalid, std::int64_t{1});
        const QByteArray before = bench.state();
        const auto second = bench.indicators.importText(text, defaults);
        QVERIFY(second);
        QCOMPARE(second->batch.added, std::int64_t{0});
        QCOMPARE(second->batch.updated, std::int64_t{0}); // seen again is no change
        QCOMPARE(bench.state(), before);
        const auto set = bench.indicators.load();
        QVERIFY(set);
        QCOMPARE((*set)->size(), std::size_t{2});
        const auto found = bench.indicators.find(Type::Domain, "evil.example");
        QVERIFY(found && found->size() == 1 && found->front().indicator.confidence == 80);
        QCOMPARE(bench.indicators.imports().value().size(), std::size_t{2});
    }

    void keepsFirstAndLastSighting()
    {
        Bench bench;
        bench.clock.set(1000 * kMicrosPerSecond);
        bench.import("evil.example\n", "feed");
        bench.clock.set(5000 * kMicrosPerSecond);
        bench.import("evil.example\n", "feed");
        bench.clock.set(3000 * kMicrosPerSecond);
        bench.import("evil.example\n", "feed");
        const auto found = bench.indicators.find(Type::Domain, "evil.example").value();
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].indicator.firstSeen, 1000 * kMicrosPerSecond);
        QCOMPARE(found[0].indicator.lastSeen, 5000 * kMicrosPerSecond);
    }

    void undo_data()
    {
        QTest::addColumn<QByteArray>("order");
        for (const char *order :
             {"1", "2", "3", "12", "21", "13", "31", "23", "32", "123", "132", "213", "231", "312", "321"}) {
            QTest::newRow(order) << QByteArray(order);
        }
    }

    /// Undoing any of three imports leaves what importing the others alone gives.
    void undo()
    {
        QFETCH(QByteArray, order);
        const std::array<const char *, 3> texts{
            "ioc,confidence\na.example,10\nb.example,10\n", "ioc,confidence\nb.example,20\nc.example,20\n",
            "ioc,confidence\na.example,30\nb.example,30\nc.example,30\nd.example,30\n"};
        Bench all;
        Bench rest;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            all.clock.set(static_cast<std::int64_t>(i + 1) * 1000 * kMicrosPerSecond);
            rest.clock.set(all.clock.now());
            QCOMPARE(all.import(texts[i], "feed"), static_cast<std::int64_t>(i + 1));
            if (!order.contains(static_cast<char>('1' + i))) {
                QVERIFY(rest.import(texts[i], "feed") > 0);
            }
        }
        for (const char c : order) {
            const auto gone = all.indicators.undo(c - '0');
            QVERIFY2(gone, gone ? "" : describe(gone.error()).c_str());
        }
        // A value's data and its place in the queue are as if the import had never been.
        QCOMPARE(all.state(), rest.state());
        const auto again = all.indicators.undo(order.at(0) - '0');
        QVERIFY(!again && again.error().code == "NJ-INTEL-042");
        QVERIFY(!all.indicators.undo(99));
    }

    void leavesNothingAfterFailure()
    {
        Bench bench;
        const QByteArray before = bench.state();
        ImportHooks hooks;
        hooks.cancel.cancel();
        const auto cancelled = bench.indicators.importText("evil.example\n", {}, hooks);
        QVERIFY(!cancelled && cancelled.error().code == "NJ-INTEL-041");
        QVERIFY(!bench.indicators.importText("<html>", {}));
        QVERIFY(!bench.indicators.importFile("/nowhere", {}));
        QCOMPARE(bench.state(), before);
        QVERIFY(bench.indicators.imports().value().empty());
    }

    void sourcesStandSideBySide()
    {
        Bench bench;
        const std::int64_t first = bench.import("ioc,confidence,valid_until\nevil.example,10,2026-01-01\n", "one");
        bench.import("ioc,confidence,valid_until\nevil.example,90,2025-01-01\n", "two");
        QCOMPARE(bench.indicators.find(Type::Domain, "evil.example").value().size(), std::size_t{2});
        auto set = bench.indicators.load().value();
        QCOMPARE(set->size(), std::size_t{1});
        QCOMPARE(set->indicator(0).source, std::string("two"));
        QCOMPARE(set->indicator(0).validUntil, *parseIsoTime("2026-01-01"));
        QCOMPARE(bench.indicators.undo(first).value(), std::int64_t{0});
        QCOMPARE(bench.indicators.count().value(), std::int64_t{1});
    }

    void huntsWhatIsNew()
    {
        Bench bench;
        bench.import(
            "ioc,valid_from,valid_until\nevil.example,2026-03-01,2026-04-01\nbad.example,2026-03-01,2026-04-01\n",
            "feed");
        event::BlockBuilder builder;
        const auto blockAt = [&](const char *host, const char *time) {
            (void)appendFlatEvent(builder, std::string(R"({"url":")") + host + "/\",\"time\":\"" + time + "\"}");
            (void)appendFlatEvent(builder, std::string(R"({"url":"good.example/","time":")") + time + "\"}");
            return builder.finish();
        };
        const std::vector<event::EventBlock> blocks{
            blockAt("evil.example", "2025-01-01T00:00:00Z"), blockAt("evil.example", "2026-02-20T00:00:00Z"),
            blockAt("bad.example", "2026-03-20T00:00:00Z"), blockAt("evil.example", "2026-08-01T00:00:00Z")};
        const BlockSource source = [&](const auto &look) -> Status {
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                if (!look(static_cast<std::int64_t>(i * 100 + 1), blocks[i])) {
                    break;
                }
            }
            return {};
        };
        const auto pending = bench.indicators.pendingHunt().value();
        QCOMPARE(pending.marks.size(), std::size_t{2});
        std::size_t told = 0;
        const auto result = hunt(*pending.set, source, {}, [&](std::int64_t, const auto &, auto sightings) -> Status {
            told += sightings.size();
            return {};
        });
        QVERIFY(result);
        QCOMPARE(result->sightings, std::int64_t{2});
        QCOMPARE(told, std::size_t{2});
        QCOMPARE(result->blocksSkipped, std::int64_t{2});
        QCOMPARE(result->eventsScanned, std::int64_t{4});
        QCOMPARE(result->hits[0].eventId, std::int64_t{101});
        QVERIFY(result->hits[0].sighting.early && !result->hits[1].sighting.early);

        // Another program start finds the queue as it was; once finished it is empty.
        QCOMPARE(bench.indicators.pendingHunt(1).value().remaining, std::int64_t{1});
        QVERIFY(
            bench.catalog->write([&](store::Database &db) { return IndicatorStore::finishHunt(db, pending.marks); }));
        QVERIFY(bench.indicators.pendingHunt().value().set->empty());
        const CancelToken cancel;
        cancel.cancel();
        QVERIFY(hunt(*pending.set, source, {}, {}, cancel).value().cancelled);
        const auto failing = hunt(*pending.set, source, {}, [](auto...) -> Status { return fail("X", "no"); });
        QVERIFY(!failing && failing.error().code == "X");
    }

    void warnings()
    {
        const auto lists = WarningLists::load({std::filesystem::path(NIGHTJAR_RESOURCES) / "warning"});
        QVERIFY2(lists, lists ? "" : describe(lists.error()).c_str());
        QVERIFY(lists->size() > 200);
        const auto effect = [&](const char *value) {
            const auto warning = lists->check(*indicatorFromText(value));
            return !warning ? 'n' : warning->effect == WarningEffect::Silence ? 's' : 'h';
        };
        QCOMPARE(effect("8.8.8.8"), 's');
        QCOMPARE(effect("2001:4860:4860::8888"), 's');
        QCOMPARE(effect("8.8.8.0/24"), 's');
        QCOMPARE(effect("google.com"), 's');
        QCOMPARE(effect("bad.sites.google.com"), 'n');
        QCOMPARE(effect("anything.zscaler.net"), 's');
        QCOMPARE(effect("pages.dev"), 'h');
        QCOMPARE(effect("evil.pages.dev"), 'n');
        QCOMPARE(effect("docs.google.com"), 'h');
        QCOMPARE(effect("https://docs.google.com/document/d/1"), 'n');
        QCOMPARE(effect("https://docs.google.com/"), 'h');
        QCOMPARE(effect("evil.example"), 'n');
        const auto warning = lists->checkHost("8.8.8.8");
        QVERIFY(warning && warning->text.find("Public DNS resolvers") != std::string::npos);
        TemporaryFolder folder;
        QVERIFY(!WarningLists::load({folder / "none"}));
        QVERIFY(writeFileAtomically(folder / "bad.txt", "# title: x\nnot a host!\n"));
        const auto bad = WarningLists::load({folder.path()});
        QVERIFY(!bad && bad.error().place.line == 2);
    }
};

QTEST_GUILESS_MAIN(TestIndicatorStore)
#include "tst_indicatorstore.moc"
