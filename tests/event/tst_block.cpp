// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/block.h"
#include "event/builder.h"
#include "support/support.h"

#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::event;

namespace {

EventBlock threeRows()
{
    BlockBuilder builder;
    builder.beginRow("raw-1", {1, 1});
    builder.setTime(1'000'000);
    builder.set(Field::UserName, "ada");
    builder.setInteger(Field::SourceBytes, 412);
    builder.set(builder.extraHandle("dept"), "");
    builder.commitRow();
    builder.beginRow("raw-22", {2, 2});
    builder.setTime(500'000);
    builder.setNull(builder.handle(Field::UserName));
    builder.set(Field::SourceBytes, "96");
    builder.commitRow();
    builder.beginRow("raw-333", {3, 3});
    builder.set(Field::UserName, "ada");
    builder.set(Field::DnsResolvedIp, "192.0.2.1");
    builder.set(Field::DnsResolvedIp, "192.0.2.2");
    builder.commitRow();
    return builder.finish();
}

} // namespace

class BlockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void missingNullAndEmptyAreThree()
    {
        const EventBlock block = threeRows();
        const Column *user = block.column(Field::UserName);
        QVERIFY(user != nullptr);
        QCOMPARE(user->entries(), std::size_t{1});
        QCOMPARE(user->code(0), kFirstEntry);
        QCOMPARE(user->code(1), kNull);
        const Column *dept = block.column("zscaler.dept");
        QVERIFY(dept != nullptr);
        QCOMPARE(dept->code(0), kFirstEntry);
        QCOMPARE(dept->code(1), kMissing);
        std::string scratch;
        QCOMPARE(dept->value(0, scratch), std::string_view());
        QVERIFY(block.column(Field::UrlOriginal) == nullptr);
    }

    void timesAndRaw()
    {
        const EventBlock block = threeRows();
        QCOMPARE(block.minTime(), Timestamp{500'000});
        QCOMPARE(block.maxTime(), Timestamp{1'000'000});
        QCOMPARE(block.times()[2], kNoTime);
        QCOMPARE(block.raw(0), std::string_view("raw-1"));
        QCOMPARE(block.raw(2), std::string_view("raw-333"));
        QCOMPARE(block.positions()[1].line, std::uint64_t{2});
    }

    void rowsWhereSpreadsEntriesOverRows()
    {
        const EventBlock block = threeRows();
        const Column *answers = block.column(Field::DnsResolvedIp);
        QVERIFY(answers->hasLists());
        QCOMPARE(answers->codes(2).size(), std::size_t{2});
        std::vector<std::uint8_t> wanted{0, 1};
        QCOMPARE(answers->rowsWhere(wanted).count(), std::size_t{1});
        QVERIFY(answers->rowsWhere(wanted).contains(2));
        QVERIFY(block.column(Field::UserName)->rowsWithCode(kNull).contains(1));
    }

    void jsonSaysOnlyWhatTheRecordSays()
    {
        const EventBlock block = threeRows();
        QCOMPARE(block.toJson(0, 7),
                 std::string("{\"id\":7,\"@timestamp\":\"1970-01-01T00:00:01.000Z\",\"user.name\":\"ada\","
                             "\"source.bytes\":412,\"zscaler.dept\":\"\"}"));
        QCOMPARE(block.toJson(1),
                 std::string("{\"@timestamp\":\"1970-01-01T00:00:00.500Z\",\"user.name\":null,\"source.bytes\":96}"));
        QCOMPARE(block.toJson(2),
                 std::string("{\"user.name\":\"ada\",\"dns.resolved_ip\":[\"192.0.2.1\",\"192.0.2.2\"]}"));
    }

    void abandonedRowLeavesNothing()
    {
        BlockBuilder builder;
        for (int i = 0; i < 3; ++i) {
            builder.beginRow("kept");
            builder.set(Field::UserName, "u" + std::to_string(i));
            builder.commitRow();
            builder.beginRow("gone");
            builder.set(Field::UserName, "bad");
            builder.set(Field::UserName, "worse");
            builder.set(Field::UrlDomain, "evil.example");
            builder.abandonRow();
        }
        const EventBlock block = builder.finish();
        QCOMPARE(block.rows(), std::size_t{3});
        std::string scratch;
        QCOMPARE(block.column(Field::UserName)->value(2, scratch), std::string_view("u2"));
        QCOMPARE(block.column(Field::UserName)->codes(1).size(), std::size_t{1});
        QCOMPARE(block.rawBytes(), std::string("keptkeptkept"));
        QVERIFY(!block.toJson(0).empty());
        QVERIFY(block.toJson(1).find("evil") == std::string::npos);
    }

    void borrowedRecordsAreNotCopied()
    {
        std::string bytes = "one\ntwo\n\nthree\n" + std::string(40, ' ');
        const char *place = bytes.data();
        BlockBuilder builder;
        builder.borrow(bytes);
        const std::string_view all(bytes);
        for (const auto &[at, size] : {std::pair{0, 3}, {4, 3}, {9, 5}}) {
            builder.beginRow(all.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(size)));
            builder.set(Field::UserName, "u");
            if (at == 4) {
                builder.abandonRow();
            } else {
                builder.commitRow();
            }
        }
        const EventBlock block = builder.finish(std::move(bytes));
        QCOMPARE(block.rows(), std::size_t{2});
        QCOMPARE(block.raw(0), std::string_view("one"));
        QCOMPARE(block.raw(1), std::string_view("three"));
        QVERIFY(block.rawBytes().data() == place);
        RowSet last(2);
        last.insert(1);
        QCOMPARE(block.select(last).raw(0), std::string_view("three"));
    }

    void recordFromElsewhereEndsBorrowing()
    {
        std::string bytes = "one\ntwo\n";
        const std::string other = "other";
        BlockBuilder builder;
        builder.borrow(bytes);
        for (const std::string_view record :
             {std::string_view(bytes).substr(0, 3), std::string_view(other), std::string_view(bytes).substr(4, 3)}) {
            builder.beginRow(record);
            builder.commitRow();
        }
        const EventBlock block = builder.finish(std::move(bytes));
        QCOMPARE(block.rows(), std::size_t{3});
        QCOMPARE(block.raw(0), std::string_view("one"));
        QCOMPARE(block.raw(1), std::string_view("other"));
        QCOMPARE(block.raw(2), std::string_view("two"));
    }

    void builderStartsAfresh()
    {
        BlockBuilder builder;
        const auto token = builder.extraHandle("a b");
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 1'000; ++i) {
                builder.beginRow("x");
                builder.set(token, std::to_string(i * (round + 1)));
                if (i % 2 == 0) {
                    builder.setInteger(Field::RiskScore, i % 7);
                }
                builder.commitRow();
            }
            const EventBlock block = builder.finish();
            QCOMPARE(block.rows(), std::size_t{1'000});
            QCOMPARE(block.column("zscaler.a b")->entries(), std::size_t{1'000});
            QCOMPARE(block.column(Field::RiskScore)->entries(), std::size_t{7});
            std::string scratch;
            QCOMPARE(block.column("zscaler.a b")->value(999, scratch),
                     std::string_view(std::to_string(999 * (round + 1))));
            QCOMPARE(block.column(Field::RiskScore)->code(999), kMissing);
        }
        QCOMPARE(builder.finish().rows(), std::size_t{0});
    }

    void tokensPastTheLimitOverflow()
    {
        BlockBuilder builder;
        builder.beginRow("x");
        for (int i = 0; i < 1'500; ++i) {
            builder.set(builder.extraHandle("t" + std::to_string(i)), std::to_string(i));
        }
        builder.commitRow();
        const EventBlock block = builder.finish();
        QVERIFY(block.columns().size() <= kMaxColumns);
        const Column *overflow = block.column("zscaler._overflow");
        QVERIFY(overflow != nullptr);
        QVERIFY(overflow->codes(0).size() > 400);
    }

    void selectKeepsRowsAndDropsUnusedValues()
    {
        const EventBlock block = threeRows();
        RowSet rows(3);
        rows.insert(0);
        rows.insert(2);
        const EventBlock chosen = block.select(rows);
        QCOMPARE(chosen.rows(), std::size_t{2});
        QCOMPARE(chosen.raw(1), std::string_view("raw-333"));
        QCOMPARE(chosen.toJson(0), block.toJson(0));
        QCOMPARE(chosen.toJson(1), block.toJson(2));
        QCOMPARE(chosen.column(Field::SourceBytes)->entries(), std::size_t{1});
    }

    void rowSetAlgebra()
    {
        RowSet set(70, true);
        QCOMPARE(set.count(), std::size_t{70});
        set.invert();
        QVERIFY(set.empty());
        set.insert(69);
        RowSet other(70);
        other.insert(3);
        set |= other;
        QCOMPARE(set.count(), std::size_t{2});
        set &= other;
        QVERIFY(set.contains(3) && !set.contains(69));
    }
};

QTEST_GUILESS_MAIN(BlockTest)
#include "tst_block.moc"
