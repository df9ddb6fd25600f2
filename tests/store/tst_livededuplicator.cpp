// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "store/livededuplicator.h"
#include "support/support.h"

#include <map>
#include <random>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

constexpr std::int64_t kSession = 50;

/// "1aab,2ac": delivery 1 brings a, a, b, then delivery 2 brings a, c; equal letters are equal records.
struct Incoming {
    event::EventBlock block;
    std::vector<DeliveryRows> rows;
    std::string letters;
};

Incoming incoming(const QString &text)
{
    Incoming made;
    event::BlockBuilder builder;
    for (const QString &part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const std::string letters = part.mid(1).toStdString();
        made.rows.push_back(
            {static_cast<std::uint64_t>(part.at(0).digitValue()), static_cast<std::uint32_t>(letters.size())});
        for (const char letter : letters) {
            addWeb(builder, static_cast<std::uint64_t>(letter), letter == '.' ? kNoTime : kStart + letter, "u", "h",
                   "Allowed");
        }
        made.letters += letters;
    }
    made.block = builder.finish();
    return made;
}

std::string kept(const Incoming &block, const event::RowSet &rows)
{
    std::string letters;
    rows.forEach([&](std::size_t row) { letters += block.letters[row]; });
    return letters;
}

/// A store with a session on it.
struct Bench {
    TemporaryFolder folder;
    std::unique_ptr<EventStore> store = EventStore::open(folder / "s").value();
    LiveDeduplicator duplicates{*store, kSession};

    /// Judges and stores one block; the letters that were fresh.
    std::string take(const QString &text)
    {
        const Incoming block = incoming(text);
        const auto verdict = duplicates.fresh(block.block, block.rows);
        std::string letters = kept(block, verdict->fresh);
        commit(block, *verdict);
        return letters;
    }
    void commit(const Incoming &block, const LiveDeduplicator::Verdict &verdict)
    {
        const auto appended = put(*store, block.block.select(verdict.fresh), cursorOf("live", kSession));
        duplicates.stored(verdict.ticket, appended->firstId);
    }
};

} // namespace

/// Duplicates among sources that never end.
class LiveDeduplicatorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rule_data()
    {
        QTest::addColumn<QString>("blocks");
        QTest::addColumn<QString>("fresh");
        const auto row = [](const char *name, const char *blocks, const char *fresh) {
            QTest::newRow(name) << QString::fromLatin1(blocks) << QString::fromLatin1(fresh);
        };
        row("nothing before", "1abc", "abc");
        row("equal records of one delivery are different events", "1aa 1a 1aba", "aa a aba");
        row("a replay on a new connection", "1abc 2abc", "abc ");
        row("a replay that goes on", "1abc 2bcde", "abc de");
        row("a repeated request in the same block", "1abc,2abc", "abc");
        row("two connections send the same, by turns", "1a,2a,1a,2a,1a", "aaa");
        row("each stored record answers for one copy", "1aa 2aaa 3aaaa", "aa a a");
        row("and for one copy of each delivery", "1a 2a 3a 4a", "a   ");
        row("a connection over many blocks", "1ab 2c 1ab 2ab 2ab 2ab", "ab c ab   ab");
        row("replay while the first goes on", "1a 2a,1a 2a 1a", "a a  a");
        row("within a block, then over blocks", "1a,2a 2a 1a", "a a ");
        row("without a time", "1.. 2.. 2.", "..  .");
    }
    void rule()
    {
        QFETCH(QString, blocks);
        QFETCH(QString, fresh);
        Bench bench;
        QStringList got;
        for (const QString &block : blocks.split(QLatin1Char(' '))) {
            got.append(QString::fromStdString(bench.take(block)));
        }
        QCOMPARE(got.join(QLatin1Char(' ')), fresh);
    }

    void blocksOnTheirWayCount()
    {
        Bench bench;
        const Incoming first = incoming(QStringLiteral("1ab"));
        const Incoming second = incoming(QStringLiteral("2abc"));
        const auto one = bench.duplicates.fresh(first.block, first.rows);
        const auto two = bench.duplicates.fresh(second.block, second.rows);
        QCOMPARE(kept(second, two->fresh), std::string("c"));
        bench.commit(first, *one);
        bench.commit(second, *two);
        QCOMPARE(bench.take(QStringLiteral("3abcd")), std::string("d"));
        // The marks moved along with the block: delivery 2 has used a and b once.
        QCOMPARE(bench.take(QStringLiteral("2ab")), std::string("ab"));
    }

    void anAbandonedBlockAnswersForNothing()
    {
        Bench bench;
        QCOMPARE(bench.take(QStringLiteral("1a")), std::string("a"));
        const Incoming lost = incoming(QStringLiteral("2abc"));
        const auto verdict = bench.duplicates.fresh(lost.block, lost.rows);
        QCOMPARE(kept(lost, verdict->fresh), std::string("bc"));
        bench.duplicates.abandoned(verdict->ticket);
        QCOMPARE(bench.take(QStringLiteral("3bc")), std::string("bc"));
        QCOMPARE(bench.take(QStringLiteral("2abc")), std::string()); // its marks were taken back, too
    }

    void anotherRun()
    {
        Bench bench;
        QCOMPARE(bench.take(QStringLiteral("1aab")), std::string("aab"));
        LiveDeduplicator next(*bench.store, kSession + 1);
        const Incoming again = incoming(QStringLiteral("1aaab"));
        const auto verdict = next.fresh(again.block, again.rows);
        QCOMPARE(kept(again, verdict->fresh), std::string("a"));
    }

    void randomStreams()
    {
        // Against the rule worked out by counting: fresh when the delivery has more copies than others have stored.
        std::mt19937 random(5);
        for (int round = 0; round < 20; ++round) {
            Bench bench;
            std::map<std::pair<std::uint64_t, char>, int> seenDuplicates;
            std::map<char, int> stored;
            std::map<std::pair<std::uint64_t, char>, int> own;
            for (int block = 0; block < 12; ++block) {
                QString text;
                std::string expected;
                for (int i = 0; i < 10; ++i) {
                    const std::uint64_t delivery = 1 + random() % 4;
                    const char letter = static_cast<char>('a' + random() % 3);
                    text += QString::number(delivery) + QLatin1Char(letter) + QLatin1Char(',');
                    const auto key = std::pair(delivery, letter);
                    if (seenDuplicates[key] < stored[letter] - own[key]) {
                        ++seenDuplicates[key];
                    } else {
                        ++stored[letter];
                        ++own[key];
                        expected += letter;
                    }
                }
                QCOMPARE(bench.take(text), expected);
            }
        }
    }
};

QTEST_GUILESS_MAIN(LiveDeduplicatorTest)
#include "tst_livededuplicator.moc"
