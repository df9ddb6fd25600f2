// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "store/deduplicator.h"
#include "support/support.h"

#include <thread>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

/// One event a letter, equal letters are equal records; a dot has no time.
event::EventBlock lettersBlock(const std::string &letters)
{
    event::BlockBuilder builder;
    for (const char letter : letters) {
        addWeb(builder, static_cast<std::uint64_t>(letter), letter == '.' ? kNoTime : kStart + letter, "u", "h",
               "Allowed");
    }
    return builder.finish();
}

std::string lettersOf(const event::EventBlock &block, const event::RowSet &rows)
{
    std::string letters;
    rows.forEach([&](std::size_t row) {
        letters += block.times()[row] == kNoTime ? '.' : static_cast<char>(block.times()[row] - kStart);
    });
    return letters;
}

} // namespace

class TestDeduplicator : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheSurplus_data()
    {
        QTest::addColumn<QStringList>("stored"); // a block each; its first character is the delivery
        QTest::addColumn<QStringList>("incoming");
        QTest::addColumn<QStringList>("fresh");
        const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
        const auto list = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        row("empty store") << QStringList() << list("aab") << list("aab");
        row("all there") << list("1abc") << list("abc") << list("");
        row("never inside a delivery") << list("9aab") << list("aab") << list("aab");
        row("surplus copies stay") << list("1ab") << list("aaab") << list("aa");
        row("copies over blocks of one delivery") << list("1aab") << list("a a a b") << list("  a ");
        row("stored in several deliveries") << list("1a 2a 3a") << list("aaaa") << list("a");
        row("some new") << list("1ace") << list("abcde") << list("bd");
        row("without a time") << list("1.. 2a") << list("...a") << list(".");
        row("far away in time") << list("1abc") << list("xyz") << list("xyz");
    }
    void keepsTheSurplus()
    {
        QFETCH(const QStringList, stored);
        QFETCH(const QStringList, incoming);
        QFETCH(const QStringList, fresh);
        const TemporaryFolder folder;
        const auto store = EventStore::open(folder / "s").value();
        for (const QString &block : stored) {
            const auto delivery = block.left(1).toInt();
            QVERIFY(put(*store, lettersBlock(block.mid(1).toStdString()), cursorOf("s", delivery)).has_value());
        }
        Deduplicator deduplicator(*store, 9);
        QStringList got;
        for (const QString &letters : incoming) {
            const auto block = lettersBlock(letters.toStdString());
            const auto rows = deduplicator.fresh(block);
            QVERIFY(rows.has_value());
            got << QString::fromStdString(lettersOf(block, *rows));
        }
        QCOMPARE(got, fresh);
    }

    void twoWorkersTogether()
    {
        const TemporaryFolder folder;
        const auto store = EventStore::open(folder / "s").value();
        for (std::uint64_t i = 0; i < 4; ++i) {
            QVERIFY(put(*store, webBlock(i * 1'000, 1'000), cursorOf("s", 1)).has_value());
        }
        Deduplicator deduplicator(*store, 2);
        std::atomic<std::size_t> kept = 0;
        const auto work = [&](std::uint64_t from) {
            for (std::uint64_t i = from; i < 6; i += 2) {
                kept += deduplicator.fresh(webBlock(i * 1'000, 1'000)).value().count();
            }
        };
        std::thread other(work, 1);
        work(0);
        other.join();
        QCOMPARE(kept.load(), std::size_t{2'000});
    }

    void wholeFileAgain()
    {
        const TemporaryFolder folder;
        const auto store = EventStore::open(folder / "s").value();
        const auto deliver = [&](std::int64_t delivery) {
            Deduplicator deduplicator(*store, delivery);
            std::size_t kept = 0;
            for (std::uint64_t i = 0; i < 3; ++i) {
                auto block = webBlock(i * 20'000, 20'000);
                const auto rows = deduplicator.fresh(block).value();
                kept += rows.count();
                (void)put(*store, block.select(rows), cursorOf("s", delivery));
            }
            return kept;
        };
        QCOMPARE(deliver(1), std::size_t{60'000});
        QCOMPARE(deliver(2), std::size_t{0});
        QCOMPARE(store->snapshot().events(), 60'000);
    }
};

QTEST_GUILESS_MAIN(TestDeduplicator)
#include "tst_deduplicator.moc"
