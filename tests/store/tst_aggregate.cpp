// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "support/support.h"

#include <algorithm>
#include <map>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

struct Plain {
    RowKey key;
    std::string user, host, action;
};

constexpr Timestamp kMinute = 60 * kMicrosPerSecond;

/// Overlapping blocks with shuffled times, equal times across blocks, and rows without a time.
std::vector<Plain> fill(EventStore &store)
{
    std::mt19937 random(7);
    std::vector<Plain> all;
    for (std::uint64_t b = 0; b < 12; ++b) {
        event::BlockBuilder builder;
        for (std::uint64_t i = 0; i < 200; ++i) {
            Plain plain;
            const bool untimed = b % 3 == 0 && i % 40 == 0;
            plain.key.time = untimed ? kNoTime
                                     : kStart + static_cast<Timestamp>(b * 5 + random() % 20) * kMinute +
                                           static_cast<Timestamp>(random() % 3);
            plain.key.id = static_cast<std::int64_t>(b * 200 + i + 1);
            plain.user = "u" + std::to_string(random() % 9);
            plain.host = "h" + std::to_string(random() % 300);
            plain.action = random() % 6 == 0 ? "Blocked" : "Allowed";
            addWeb(builder, b * 200 + i, plain.key.time, plain.user, plain.host, plain.action);
            all.push_back(plain);
        }
        (void)put(store, builder.finish(), cursorOf("a", 1));
    }
    return all;
}

RowPredicate userIs(std::string user)
{
    RowPredicate predicate;
    predicate.columns = {"user.name"};
    predicate.rows = [user](const event::EventBlock &block) {
        const event::Column &column = *block.column(event::Field::UserName);
        std::vector<std::uint8_t> wanted(column.entries());
        std::string scratch;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            wanted[i] = column.text(i, scratch) == user ? 1 : 0;
        }
        return column.rowsWhere(wanted);
    };
    predicate.mayMatch = [user](const BlockSummary &block) { return block.mayContain("user.name", user); };
    return predicate;
}

bool matches(const Plain &plain, const TimeRange &range, const std::string &user)
{
    const bool open = range.from == kNoTime && range.to == kNoTime;
    const bool inside = open || (plain.key.time != kNoTime && plain.key.time >= range.from &&
                                 (range.to == kNoTime || plain.key.time < range.to));
    return inside && (user.empty() || plain.user == user);
}

} // namespace

class TestAggregate : public QObject {
    Q_OBJECT
    TemporaryFolder m_folder;
    std::unique_ptr<EventStore> m_store;
    std::vector<Plain> m_all;

    static void cases()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<QString>("user");
        const qint64 open = kNoTime, start = kStart;
        for (const char *user : {"", "u3", "nobody"}) {
            const QString name = QString::fromLatin1(user);
            QTest::addRow("open %s", user) << open << open << name;
            QTest::addRow("from %s", user) << qint64{start + 20 * kMinute} << open << name;
            QTest::addRow("to %s", user) << open << qint64{start + 20 * kMinute} << name;
            QTest::addRow("range %s", user) << qint64{start + 20 * kMinute} << qint64{start + 31 * kMinute + 1} << name;
            QTest::addRow("empty range %s", user) << qint64{start - 20 * kMinute} << start << name;
        }
    }
    std::vector<Plain> expected(const TimeRange &range, const std::string &user) const
    {
        std::vector<Plain> rows;
        std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(rows),
                     [&](const Plain &plain) { return matches(plain, range, user); });
        return rows;
    }
    static RowPredicate predicateFor(const std::string &user) { return user.empty() ? RowPredicate() : userIs(user); }

private Q_SLOTS:
    void initTestCase()
    {
        m_store = EventStore::open(m_folder / "s").value();
        m_all = fill(*m_store);
    }

    void counts_data() { cases(); }
    void counts()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, to);
        QFETCH(const QString, user);
        const TimeRange range{from, to};
        const auto rows = expected(range, user.toStdString());
        const Snapshot snapshot = m_store->snapshot();
        const RowPredicate predicate = predicateFor(user.toStdString());
        QCOMPARE(m_store->count(snapshot, range, predicate, {}).value_or(-1), static_cast<std::int64_t>(rows.size()));

        const auto facets = m_store->facets(snapshot, range, {"url.domain", "no.such"}, predicate, 5, {});
        std::map<std::string, std::int64_t> byHost;
        for (const Plain &plain : rows) {
            ++byHost[plain.host];
        }
        QCOMPARE(facets->front().distinct, static_cast<std::int64_t>(byHost.size()));
        QCOMPARE(facets->front().top.size(), std::min<std::size_t>(5, byHost.size()));
        std::vector<std::pair<std::int64_t, std::string>> ranked;
        for (const auto &[host, count] : byHost) {
            ranked.emplace_back(-count, host);
        }
        std::sort(ranked.begin(), ranked.end());
        for (std::size_t i = 0; i < facets->front().top.size(); ++i) {
            QCOMPARE(facets->front().top[i].first, ranked[i].second);
            QCOMPARE(facets->front().top[i].second, -ranked[i].first);
        }
        QVERIFY(byHost.empty() || facets->front().rare.front().second == -ranked.back().first);
        QCOMPARE((*facets)[1].distinct, 0);
    }

    void histograms_data() { cases(); }
    void histograms()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, to);
        QFETCH(const QString, user);
        const TimeRange range{from, to};
        const auto histogram =
            m_store->histogram(m_store->snapshot(), range, 7 * kMinute, predicateFor(user.toStdString()),
                               "event.action", {"Allowed", "Blocked"}, {});
        QVERIFY(histogram.has_value());
        std::int64_t timed = 0;
        std::map<std::pair<std::size_t, std::size_t>, std::int64_t> wanted;
        for (const Plain &plain : expected(range, user.toStdString())) {
            if (plain.key.time != kNoTime) {
                ++timed;
                const auto bucket = static_cast<std::size_t>((plain.key.time - histogram->start) / (7 * kMinute));
                ++wanted[{plain.action == "Allowed" ? 0U : 1U, bucket}];
            }
        }
        QCOMPARE(histogram->total, timed);
        QCOMPARE(histogram->counts.size(), std::size_t{3});
        for (std::size_t series = 0; series < 3; ++series) {
            for (std::size_t bucket = 0; bucket < histogram->counts[series].size(); ++bucket) {
                QCOMPARE(histogram->counts[series][bucket], (wanted[{series, bucket}]));
            }
        }
    }

    void pages_data() { cases(); }
    void pages()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, to);
        QFETCH(const QString, user);
        const TimeRange range{from, to};
        for (const bool newestFirst : {true, false}) {
            auto rows = expected(range, user.toStdString());
            std::sort(rows.begin(), rows.end(),
                      [&](const Plain &a, const Plain &b) { return newestFirst ? b.key < a.key : a.key < b.key; });
            std::size_t at = 0;
            std::optional<RowKey> after;
            for (bool complete = false; !complete;) {
                const auto page =
                    m_store->page(m_store->snapshot(), range, predicateFor(user.toStdString()),
                                  {"url.domain", "@timestamp", "id", "none"}, after, 130, newestFirst, {});
                QVERIFY(page.has_value());
                for (const PageRow &row : page->rows) {
                    QVERIFY(at < rows.size() && row.key == rows[at].key);
                    QCOMPARE(row.cells[0], rows[at].host);
                    QCOMPARE(row.cells[1], formatIsoTime(rows[at].key.time));
                    QCOMPARE(row.cells[2], std::to_string(rows[at].key.id));
                    QVERIFY(row.cells[3].empty());
                    ++at;
                }
                complete = page->complete;
                QVERIFY(complete || page->rows.size() == 130);
                after = page->rows.empty() ? after : std::optional(page->rows.back().key);
            }
            QCOMPARE(at, rows.size());
        }
    }

    void manyBucketsAreWidened()
    {
        const auto histogram =
            m_store->histogram(m_store->snapshot(), {kStart, kStart + 400 * kMicrosPerDay}, 1, {}, {}, {}, {});
        QVERIFY(histogram->counts.front().size() <= 100'000);
        QVERIFY(histogram->bucketMicros > 1);
    }

    void newestPageReadsOneBlock()
    {
        int looked = 0;
        RowPredicate predicate;
        predicate.rows = [&](const event::EventBlock &block) {
            ++looked;
            return event::RowSet(block.rows(), true);
        };
        QVERIFY(m_store->page(m_store->snapshot(), {}, predicate, {}, std::nullopt, 1, true, {}).has_value());
        QVERIFY2(looked <= 4, std::to_string(looked).c_str()); // 20 minutes of overlap, blocks 5 minutes apart
    }

    void cancelledWorkStops()
    {
        const CancelToken cancel;
        cancel.cancel();
        QCOMPARE(m_store->count(m_store->snapshot(), {}, userIs("u1"), cancel).value_or(-1), 0);
        const auto page = m_store->page(m_store->snapshot(), {}, {}, {}, std::nullopt, 10, true, cancel);
        QVERIFY(page->rows.empty() && !page->complete);
    }

    void emptyStore()
    {
        const TemporaryFolder folder;
        const auto store = EventStore::open(folder / "s").value();
        const Snapshot none = store->snapshot();
        QCOMPARE(store->count(none, {}, {}, {}).value_or(-1), 0);
        QVERIFY(store->histogram(none, {}, kMinute, {}, {}, {}, {})->counts.front().empty());
        QCOMPARE(store->histogram(none, {kStart, kStart + kMinute}, kMinute, {}, {}, {}, {})->counts.front().size(),
                 std::size_t{1});
        QVERIFY(store->page(none, {}, {}, {}, std::nullopt, 10, true, {})->complete);
        QCOMPARE(store->facets(none, {}, {"user.name"}, {}, 5, {})->front().distinct, 0);
        QVERIFY(none.minTime() == kNoTime && none.columns().empty() && none.lastId() == 0);
    }
};

QTEST_GUILESS_MAIN(TestAggregate)
#include "tst_aggregate.moc"
