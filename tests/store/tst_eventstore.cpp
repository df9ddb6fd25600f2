// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "store/columncodec.h"
#include "store/database.h"
#include "store/membership.h"
#include "support/support.h"

#include <atomic>
#include <fstream>
#include <thread>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;
using event::Field;

namespace {

/// Every ugly shape of a row: missing, null, empty, lists, empty list, negative and huge integers, bytes that are no
/// text.
event::EventBlock uglyBlock()
{
    event::BlockBuilder builder;
    builder.beginRow("first\nrecord\0with everything" + std::string(1, '\0'));
    builder.setTime(kStart + 5);
    builder.set(Field::UserName, "");
    builder.set(Field::DnsResolvedIp, "10.0.0.1");
    builder.set(Field::DnsResolvedIp, "10.0.0.2");
    builder.setInteger(Field::SourceBytes, std::numeric_limits<std::int64_t>::min());
    builder.set(builder.extraHandle("odd"), "\xff\xfe");
    builder.commitRow();
    builder.beginRow("");
    builder.setNull(builder.handle(Field::UserName));
    builder.setEmptyList(builder.handle(Field::DnsResolvedIp));
    builder.setInteger(Field::SourceBytes, std::numeric_limits<std::int64_t>::max());
    builder.commitRow();
    builder.beginRow(std::string(3 << 20, 'r')); // larger than a frame
    builder.setTime(kStart - 5);
    builder.set(Field::UserName, std::string(70'000, 'u'));
    builder.commitRow();
    builder.beginRow("last");
    builder.setTime(kStart);
    builder.commitRow();
    return builder.finish();
}

void compareBlocks(const event::EventBlock &a, const event::EventBlock &b, bool raw)
{
    QCOMPARE(a.rows(), b.rows());
    QVERIFY(a.times() == b.times());
    for (std::size_t row = 0; row < a.rows(); ++row) {
        QCOMPARE(a.toJson(row), b.toJson(row));
        QVERIFY(!raw || a.raw(row) == b.raw(row));
    }
    for (const event::Column &column : a.columns()) {
        const event::Column *other = b.column(std::string_view(column.name()));
        QVERIFY2(other != nullptr, column.name().c_str());
        for (std::size_t row = 0; row < a.rows(); ++row) {
            QCOMPARE(other->codes(row).size(), column.codes(row).size());
            QCOMPARE(other->code(row) == event::kMissing, column.code(row) == event::kMissing);
            QCOMPARE(other->code(row) == event::kNull, column.code(row) == event::kNull);
        }
    }
}

Result<std::vector<StoredBlock>> readAll(const EventStore &store, ScanRequest request)
{
    std::vector<StoredBlock> blocks;
    const Status done = store.scan(store.snapshot(), request, {}, [&](const StoredBlock &block) {
        blocks.push_back(block);
        return true;
    });
    return done ? Result<std::vector<StoredBlock>>(std::move(blocks)) : fail(done.error());
}

ScanRequest everything()
{
    ScanRequest request;
    request.allColumns = true;
    request.raw = true;
    request.timeOrder = true;
    return request;
}

} // namespace

class TestEventStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsUglyRowsByteForByte()
    {
        const TemporaryFolder folder;
        const auto block = uglyBlock();
        for (int round = 0; round < 2; ++round) {
            auto store = EventStore::open(folder / "s");
            QVERIFY2(store.has_value(), store ? "" : describe(store.error()).c_str());
            if (round == 0) {
                QVERIFY(put(**store, uglyBlock(), cursorOf("a", 1)).has_value());
            }
            const auto stored = readAll(**store, everything());
            QVERIFY2(stored.has_value(), stored ? "" : describe(stored.error()).c_str());
            QCOMPARE(stored->size(), std::size_t{1});
            compareBlocks(block, stored->front().block, true);
            QVERIFY((stored->front().timeOrder == std::vector<std::uint32_t>{1, 2, 3, 0}));
            for (std::size_t row = 0; row < block.rows(); ++row) {
                const auto raw = (*store)->fetchRaw((*store)->snapshot(), static_cast<std::int64_t>(row) + 1);
                QVERIFY(raw.has_value() && *raw == block.raw(row));
            }
            QVERIFY((*store)->check({})->empty());
        }
    }

    void givesIdsInOrderAndCursors()
    {
        const TemporaryFolder folder;
        {
            auto store = EventStore::open(folder / "s");
            const std::int64_t delivery = (*store)->newDelivery();
            const auto first = put(**store, webBlock(0, 100), cursorOf("a", delivery, 10));
            QCOMPARE(first->firstId, 1);
            auto cursor = cursorOf("a", delivery, 20);
            cursor.framerState = std::string("\0x", 2);
            cursor.records = 250;
            cursor.done = true;
            const auto second = put(**store, webBlock(100, 50), cursor);
            QCOMPARE(second->firstId, 101);
            QVERIFY((*store)->newDelivery() > delivery);
        }
        auto store = EventStore::open(folder / "s");
        QCOMPARE((*store)->lastId(), 150);
        const auto cursor = (*store)->cursor("a");
        QVERIFY(cursor && cursor->offset == 20 && cursor->done && cursor->records == 250);
        QVERIFY(cursor->framerState == std::string("\0x", 2));
        QVERIFY(!(*store)->cursor("b"));
        QVERIFY((*store)->newDelivery() > cursor->delivery);
        QCOMPARE(put(**store, webBlock(0, 1), cursorOf("b", 9))->firstId, 151);
    }

    void scansOnlyWhatIsAsked_data()
    {
        QTest::addColumn<int>("order");
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<qint64>("afterId");
        QTest::addColumn<QList<int>>("ids");
        const qint64 hour = 3'600 * kMicrosPerSecond;
        const qint64 open = kNoTime;
        const qint64 start = kStart;
        QTest::newRow("all by id") << 2 << open << open << qint64{0} << QList<int>{1, 11, 21, 31};
        QTest::newRow("newest first") << 0 << open << open << qint64{0} << QList<int>{21, 11, 1, 31};
        QTest::newRow("oldest first") << 1 << open << open << qint64{0} << QList<int>{31, 1, 11, 21};
        QTest::newRow("from") << 2 << start + hour << open << qint64{0} << QList<int>{11, 21};
        QTest::newRow("to is exclusive") << 2 << open << start + hour << qint64{0} << QList<int>{1, 31};
        QTest::newRow("range") << 2 << start << start + hour << qint64{0} << QList<int>{1};
        QTest::newRow("after id") << 2 << open << open << qint64{20} << QList<int>{21, 31};
        QTest::newRow("after id inside a block") << 2 << open << open << qint64{19} << QList<int>{11, 21, 31};
    }
    void scansOnlyWhatIsAsked()
    {
        QFETCH(const int, order);
        QFETCH(const qint64, from);
        QFETCH(const qint64, to);
        QFETCH(const qint64, afterId);
        QFETCH(const QList<int>, ids);
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        for (const int hours : {0, 1, 2, -3}) {
            QVERIFY(
                put(**store, webBlock(0, 10, kStart + hours * 3'600 * kMicrosPerSecond), cursorOf("a", 1)).has_value());
        }
        ScanRequest request;
        request.order = static_cast<ScanOrder>(order);
        request.from = from;
        request.to = to;
        request.afterId = afterId;
        request.columns = {"url.domain", "no.such"};
        QList<int> seen;
        const auto blocks = readAll(**store, request);
        QVERIFY(blocks.has_value());
        for (const StoredBlock &block : *blocks) {
            seen << static_cast<int>(block.firstId);
            QCOMPARE(block.block.columns().size(), std::size_t{1});
            QVERIFY(block.block.rawEnds().empty());
        }
        QCOMPARE(seen, ids);
    }

    void filtersSkipBlocks()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        for (int i = 0; i < 4; ++i) {
            event::BlockBuilder builder;
            addWeb(builder, 1, kStart, "u" + std::to_string(i), "a.b" + std::to_string(i) + ".Example", "Allowed");
            QVERIFY(put(**store, builder.finish(), cursorOf("a", 1)).has_value());
        }
        const auto matching = [&](std::string_view column, std::string_view value) {
            ScanRequest request;
            request.mayMatch = [&](const BlockSummary &block) { return block.mayContain(column, value); };
            return readAll(**store, request)->size();
        };
        QCOMPARE(matching("user.name", "U2"), std::size_t{1});
        QCOMPARE(matching("url.domain", "A.b3.example"), std::size_t{1});
        QCOMPARE(matching("url.domain", "b3.example"), std::size_t{1}); // an indicator for the parent
        QCOMPARE(matching("url.domain", "example"), std::size_t{4});
        QCOMPARE(matching("event.action", "nothing like it"), std::size_t{4}); // no filter: may match
        QCOMPARE(matching("file.hash.md5", "x"), std::size_t{0});              // no block has the column
    }

    void filterHasFewFalseAnswersAndNoFalseNo()
    {
        std::vector<std::uint64_t> keys;
        for (std::uint64_t i = 0; i < 20'000; ++i) {
            keys.push_back(membershipKey("value" + std::to_string(i)));
        }
        const auto filter = MembershipFilter::fromBytes(MembershipFilter::of(keys).bytes());
        int wrong = 0;
        for (std::uint64_t i = 0; i < 20'000; ++i) {
            QVERIFY(filter.mayContain(keys[i]));
            wrong += filter.mayContain(membershipKey("other" + std::to_string(i))) ? 1 : 0;
        }
        QVERIFY2(wrong < 200, std::to_string(wrong).c_str());
        QVERIFY(MembershipFilter::fromBytes("damaged").mayContain(1));
    }

    void damagedColumnsAreRefused()
    {
        const auto block = webBlock(0, 500);
        const event::Column &column = *block.column(Field::UrlDomain);
        const std::string good = encodeColumn(column, 1);
        QVERIFY(decodeColumn(good, "c", event::Kind::Text, 500).has_value());
        QVERIFY(!decodeColumn(good, "c", event::Kind::Text, 499).has_value());
        std::mt19937 random(1);
        for (int i = 0; i < 3'000; ++i) {
            std::string bad = good;
            bad[random() % bad.size()] = static_cast<char>(random());
            bad.resize(i % 3 == 0 ? random() % bad.size() : bad.size());
            const auto decoded = decodeColumn(bad, "c", event::Kind::Text, 500);
            for (std::size_t row = 0; decoded && row < 500; ++row) {
                QVERIFY(decoded->code(row) < decoded->entries() + event::kFirstEntry);
            }
        }
    }

    void quarantineIsKeptAndRemoved()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        QuarantinedRecord bad;
        bad.line = 7;
        bad.index = 3;
        bad.raw = std::string("not\0json", 8);
        bad.error = Error{"NJ-LOGS-001", "No JSON", "ends early", {"a.json", 7, 2}, "look"};
        const std::array records = {bad, bad};
        const auto done = (*store)->append({}, cursorOf("a", 1, 5), records); // nothing but quarantine
        QVERIFY(done.has_value());
        QCOMPARE(done->rows, 0);
        QCOMPARE((*store)->snapshot().blocks(), std::size_t{0});
        QCOMPARE((*store)->cursor("a")->offset, std::uint64_t{5});
        const auto kept = (*store)->quarantine(10);
        QCOMPARE(kept->size(), std::size_t{2});
        QVERIFY(kept->front().raw == bad.raw && kept->front().error == bad.error && kept->front().sourceKey == "a");
        QVERIFY(kept->front().line == 7 && kept->front().index == 3 && kept->front().at != kNoTime);
        const std::array one = {kept->front().id};
        QVERIFY((*store)->removeQuarantined(one).has_value());
        QCOMPARE((*store)->quarantinedCount(), 1);
        QCOMPARE((*store)->quarantine(10)->front().id, (*kept)[1].id);
    }

    void fetchesEventsById()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        QVERIFY(put(**store, webBlock(0, 100), cursorOf("a", 1)).has_value());
        QVERIFY(put(**store, webBlock(100, 100), cursorOf("a", 1)).has_value());
        const std::array<std::int64_t, 5> ids = {150, 1, 999, 100, 0};
        const auto events = (*store)->fetch((*store)->snapshot(), ids);
        QCOMPARE(events->size(), std::size_t{3});
        const auto expected = webBlock(100, 100);
        QCOMPARE((*events)[0].id, 150);
        QCOMPARE((*events)[0].block.toJson(0, 150), expected.toJson(49, 150));
        QVERIFY((*events)[0].raw == expected.raw(49));
        QCOMPARE((*events)[2].id, 100);
        QCOMPARE((*store)->fetchRaw((*store)->snapshot(), 999).error().code, std::string("NJ-STORE-015"));
    }

    void oneWriterOnly()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        QVERIFY(put(**store, webBlock(0, 10), cursorOf("a", 1)).has_value());
        const auto second = EventStore::open(folder / "s");
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().code, std::string("NJ-STORE-010"));
        QVERIFY(second.error().reason.find(std::to_string(::getpid())) != std::string::npos);
        StoreOptions reading;
        reading.readOnly = true;
        auto reader = EventStore::open(folder / "s", reading);
        QVERIFY2(reader.has_value(), reader ? "" : describe(reader.error()).c_str());
        QCOMPARE((*reader)->snapshot().events(), 10);
        QCOMPARE(put(**reader, webBlock(0, 1), cursorOf("a", 1)).error().code, std::string("NJ-STORE-016"));
        store->reset();
        QVERIFY(EventStore::open(folder / "s").has_value());
        QCOMPARE(EventStore::open(folder / "none", reading).error().code, std::string("NJ-STORE-001"));
    }

    void retentionRemovesSegments()
    {
        const TemporaryFolder folder;
        StoreOptions options;
        options.segmentEvents = 100;
        const Timestamp hour = 3'600 * kMicrosPerSecond;
        Snapshot old;
        {
            auto store = EventStore::open(folder / "s", options);
            for (int i = 0; i < 4; ++i) {
                QVERIFY(put(**store, webBlock(0, 100, kStart + i * hour), cursorOf("s" + std::to_string(i), i + 1))
                            .has_value());
            }
            old = (*store)->snapshot();
            QCOMPARE((*store)->dropBefore(kStart + hour).value_or(-1), 100);
            QCOMPARE((*store)->dropBefore(kStart + hour).value_or(-1), 0);
            QCOMPARE((*store)->snapshot().events(), 300);
            QVERIFY((*store)->fetchRaw(old, 1).has_value()); // the pinned snapshot still reads it
            QVERIFY(std::filesystem::exists(folder / "s/segments/000001.db"));
            old = {};
            QVERIFY(!std::filesystem::exists(folder / "s/segments/000001.db"));
            QCOMPARE((*store)->fetchRaw((*store)->snapshot(), 1).error().code, std::string("NJ-STORE-015"));
            QCOMPARE((*store)->dropBefore(kStart + 100 * hour).value_or(-1), 300);
        }
        auto store = EventStore::open(folder / "s", options);
        QVERIFY((*store)->problems().empty());
        QVERIFY((*store)->cursor("s0") && (*store)->cursor("s3"));
        QCOMPARE(put(**store, webBlock(0, 1), cursorOf("x", 9))->firstId, 401); // ids are never given twice
    }

    void newSegmentAfterADay()
    {
        struct SteppedClock : Clock {
            Timestamp time = kStart;
            [[nodiscard]] Timestamp now() const override { return time; }
        } clock;
        const TemporaryFolder folder;
        StoreOptions options;
        options.clock = &clock;
        auto store = EventStore::open(folder / "s", options);
        QCOMPARE(put(**store, webBlock(0, 1), cursorOf("a", 1))->segment, 1);
        clock.time += kMicrosPerDay - 1;
        QCOMPARE(put(**store, webBlock(0, 1), cursorOf("a", 1))->segment, 1);
        clock.time += 1;
        QCOMPARE(put(**store, webBlock(0, 1), cursorOf("a", 1))->segment, 2);
    }

    void tellsVanishedAndDamagedSegments()
    {
        const TemporaryFolder folder;
        StoreOptions options;
        options.segmentEvents = 100;
        {
            auto store = EventStore::open(folder / "s", options);
            for (int i = 0; i < 4; ++i) {
                QVERIFY(put(**store, webBlock(0, 100), cursorOf("a", 1)).has_value());
            }
        }
        std::filesystem::remove(folder / "s/segments/000001.db");
        std::ofstream(folder / "s/segments/000002.db") << "this is no database, but it is long enough to be looked at";
        std::filesystem::remove(folder / "s/segments/000004.db");
        auto store = EventStore::open(folder / "s", options);
        QVERIFY(store.has_value());
        QCOMPARE((*store)->snapshot().events(), 100);
        const auto problems = (*store)->problems();
        QCOMPARE(problems.size(), std::size_t{3});
        QCOMPARE(problems[0].code, std::string("NJ-STORE-011"));
        QCOMPARE(problems[1].code, std::string("NJ-STORE-012"));
        QVERIFY(put(**store, webBlock(0, 1), cursorOf("a", 1))->firstId > 400);
        QVERIFY((*store)->forgetMissing().has_value());
        QCOMPARE((*store)->problems().size(), std::size_t{1});
    }

    void checkFindsDamage()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        QVERIFY(put(**store, webBlock(0, 5'000), cursorOf("a", 1)).has_value());
        QVERIFY((*store)->check({})->empty());
        auto database = Database::open(folder / "s/segments/000001.db", OpenMode::ReadWrite);
        QVERIFY((*database)
                    ->execute(
                        "UPDATE part SET bytes = CAST(substr(bytes, 1, 40) || x'00112233' || substr(bytes, 45) AS BLOB)"
                        " WHERE id = (SELECT max(id) FROM part WHERE id & 0x300000 = 0x100000)")
                    .has_value());
        const auto found = (*store)->check({});
        QCOMPARE(found->size(), std::size_t{1});
        QCOMPARE(found->front().code, std::string("NJ-STORE-013"));
        QVERIFY(found->front().reason.find("raw frame") != std::string::npos);
    }

    void readsWhileWriting()
    {
        const TemporaryFolder folder;
        StoreOptions options;
        options.segmentEvents = 2'000;
        auto store = EventStore::open(folder / "s", options);
        std::atomic<bool> stop = false;
        std::atomic<int> bad = 0, reads = 0;
        std::thread reader([&] {
            while (!stop || reads == 0) {
                const Snapshot snapshot = (*store)->snapshot();
                std::int64_t next = 1;
                const Status done = (*store)->scan(snapshot, everything(), {}, [&](const StoredBlock &block) {
                    bad += block.firstId == next && block.block.raw(0).find("user") != std::string_view::npos ? 0 : 1;
                    next += static_cast<std::int64_t>(block.block.rows());
                    return true;
                });
                bad += done && next == snapshot.lastId() + 1 ? 0 : 1;
                ++reads;
            }
        });
        for (std::uint64_t i = 0; i < 40; ++i) {
            QVERIFY(put(**store, webBlock(i * 300, 300), cursorOf("a", 1)).has_value());
        }
        stop = true;
        reader.join();
        QCOMPARE(bad.load(), 0);
        QCOMPARE((*store)->snapshot().events(), 12'000);
    }
};

QTEST_GUILESS_MAIN(TestEventStore)
#include "tst_eventstore.moc"
