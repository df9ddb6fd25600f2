// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/findingbuffer.h"
#include "store/catalog.h"
#include "support/support.h"

#include <random>

using namespace nightjar;
using namespace nightjar::alerts;

namespace {

Finding finding(const std::string &key, int score, std::int64_t firstEvent, int events)
{
    Finding f;
    f.key = key;
    f.rule = "rule";
    f.title = "title";
    f.summary = "score " + std::to_string(score) + " of event " + std::to_string(firstEvent);
    f.score = score;
    f.observables = {{"domain", "host" + std::to_string(firstEvent % 7) + ".example", events}};
    f.events = events;
    f.first = firstEvent;
    f.last = firstEvent + events - 1;
    for (int i = 0; i < events; ++i) {
        f.evidence.push_back({firstEvent + i, firstEvent + i, "{}", "raw"});
    }
    return f;
}

std::string shown(const AlertStore &store)
{
    std::string text;
    auto list = store.list({}).value();
    std::sort(list.begin(), list.end(), [](const Alert &a, const Alert &b) { return a.finding.key < b.finding.key; });
    for (const Alert &one : list) {
        const Alert whole = store.get(one.id).value();
        const Finding &f = whole.finding;
        text += f.key + ' ' + f.summary + ' ' + std::to_string(f.score) + ' ' + std::to_string(f.events) + ' ' +
                std::to_string(f.first) + '-' + std::to_string(f.last);
        for (const Observable &observable : f.observables) {
            text += ' ' + observable.value + '=' + std::to_string(observable.count);
        }
        for (const Evidence &evidence : f.evidence) {
            text += ' ' + std::to_string(evidence.eventId);
        }
        text += '\n';
    }
    return text;
}

} // namespace

class FindingBufferTest : public QObject {
    Q_OBJECT
private:
    struct Place {
        std::unique_ptr<store::Catalog> catalog;
        std::optional<AlertStore> store;
    };
    testsupport::TemporaryFolder m_folder;
    int m_made = 0;

    Place place(store::OpenMode mode = store::OpenMode::ReadWrite, int number = -1)
    {
        const int which = number >= 0 ? number : m_made++;
        Place made;
        made.catalog = store::Catalog::open(m_folder / ("c" + std::to_string(which) + ".db"), mode).value();
        made.store.emplace(AlertStore::open(*made.catalog, systemClock()).value());
        return made;
    }

private Q_SLOTS:
    /// However often it is flushed, the alerts are those that writing each block would have made.
    void equalsWritingEachBlock_data()
    {
        QTest::addColumn<int>("flushEvery");
        QTest::newRow("at once") << 1;
        QTest::newRow("every third") << 3;
        QTest::newRow("at the end") << 1'000;
    }
    void equalsWritingEachBlock()
    {
        QFETCH(const int, flushEvery);
        Place direct = place();
        Place held = place();
        FindingBuffer buffer(*held.store);
        std::mt19937 random(7);
        std::int64_t event = 1;
        std::int64_t directNew = 0;
        std::int64_t heldNew = 0;
        for (int block = 1; block <= 40; ++block) {
            std::vector<Finding> findings;
            for (int i = 0; i < 5; ++i) {
                const int events = static_cast<int>(random() % 9) + 1;
                findings.push_back(
                    finding("k" + std::to_string(random() % 6), static_cast<int>(random() % 100), event, events));
                event += events;
            }
            directNew += direct.store->record(findings, event).value();
            buffer.add(std::move(findings));
            if (block % flushEvery == 0) {
                heldNew += buffer.flush(event).value();
            }
        }
        heldNew += buffer.flush(event).value();
        QVERIFY(buffer.empty());
        QCOMPARE(heldNew, directNew);
        QCOMPARE(shown(*held.store), shown(*direct.store));
        QCOMPARE(held.store->progress().value().detectedThrough, event);
    }

    void markMovesWithTheFlushOnly()
    {
        Place here = place();
        FindingBuffer buffer(*here.store);
        std::vector<Finding> one{finding("a", 50, 1, 3)};
        buffer.add(std::move(one));
        QVERIFY(here.store->list({}).value().empty());
        QCOMPARE(here.store->progress().value().detectedThrough, std::int64_t{0});
        QCOMPARE(buffer.flush(3, "state").value(), std::int64_t{1});
        QCOMPARE(here.store->progress().value().detectedThrough, std::int64_t{3});
        QCOMPARE(here.store->progress().value().detectorState, std::string("state"));
        QCOMPARE(buffer.flush(9).value(), std::int64_t{0});
        QCOMPARE(here.store->progress().value().detectedThrough, std::int64_t{9});
    }

    void findsKeysHeldAndStored()
    {
        Place here = place();
        FindingBuffer buffer(*here.store);
        std::vector<Finding> stored{finding("p\n2026-01", 50, 100, 10)};
        QVERIFY(here.store->record(stored, 1));
        std::vector<Finding> held{finding("q\n2026-02", 50, 200, 10)};
        buffer.add(std::move(held));
        const std::vector<KeyRange> ranges{
            {"p\n", 105, 300}, {"p\n", 110, 300}, {"q\n", 0, 200}, {"q\n", 0, 199}, {"r\n", 0, 999}};
        const auto keys = buffer.keysWithin(ranges).value();
        QCOMPARE(keys.size(), ranges.size());
        QCOMPARE(keys[0].value_or("none"), std::string("p\n2026-01"));
        QCOMPARE(keys[1].value_or("none"), std::string("none"));
        QCOMPARE(keys[2].value_or("none"), std::string("q\n2026-02"));
        QCOMPARE(keys[3].value_or("none"), std::string("none"));
        QCOMPARE(keys[4].value_or("none"), std::string("none"));
    }

    void keepsWhatCannotBeWritten()
    {
        place();
        Place readOnly = place(store::OpenMode::ReadOnly, m_made - 1);
        FindingBuffer buffer(*readOnly.store);
        std::vector<Finding> one{finding("a\n2", 50, 1, 3)};
        buffer.add(std::move(one));
        QVERIFY(!buffer.flush(3));
        QVERIFY(!buffer.empty());
        const std::vector<KeyRange> ranges{{"a\n", 1, 3}};
        QCOMPARE(buffer.keysWithin(ranges).value()[0].value_or("none"), std::string("a\n2"));
    }

    void isDueWhenMuchIsHeld()
    {
        Place here = place();
        FindingBuffer buffer(*here.store);
        QVERIFY(!buffer.due());
        std::vector<Finding> large{finding("a", 50, 1, 1)};
        large[0].evidence[0].raw.assign(33U << 20U, 'x');
        buffer.add(std::move(large));
        QVERIFY(buffer.due());
        QVERIFY(buffer.flush(1));
        QVERIFY(!buffer.due());
    }
};

QTEST_GUILESS_MAIN(FindingBufferTest)
#include "tst_findingbuffer.moc"
