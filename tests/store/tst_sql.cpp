// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "store/sqlquery.h"
#include "support/support.h"

#include <QThread>

#include <sqlite3.h>

#include <chrono>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

struct Row {
    std::int64_t id;
    Timestamp time;
    std::optional<std::string> user, host, action;
    std::vector<std::string> addresses;
    std::int64_t bytes;
};

std::string shown(const SqlValue &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        return "i" + std::to_string(*integer);
    }
    if (const auto *real = std::get_if<double>(&value)) {
        return "r" + std::to_string(*real);
    }
    const auto *text = std::get_if<std::string>(&value);
    return text != nullptr ? "t" + *text : "null";
}

std::string doubled(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        out += c == '\'' ? "''" : std::string(1, c);
    }
    return out;
}

std::string quoted(const std::optional<std::string> &text)
{
    return text ? "'" + doubled(*text) + "'" : "NULL";
}

/// The same rows as an ordinary table.
class Peer {
public:
    explicit Peer(const std::vector<Row> &rows)
    {
        sqlite3_open(":memory:", &m_database);
        run("CREATE TABLE events(id INTEGER PRIMARY KEY, time TEXT, \"user.name\" TEXT, \"url.domain\" TEXT,"
            "\"event.action\" TEXT, \"dns.resolved_ip\" TEXT, \"source.bytes\" INTEGER, epoch REAL)");
        for (const Row &row : rows) {
            std::optional<std::string> joined;
            for (const std::string &address : row.addresses) {
                joined = (joined ? *joined + ", " : "") + address;
            }
            const bool timed = row.time != kNoTime;
            run("INSERT INTO events VALUES(" + std::to_string(row.id) + "," +
                quoted(timed ? std::optional(formatIsoTime(row.time)) : std::nullopt) + "," + quoted(row.user) + "," +
                quoted(row.host) + "," + quoted(row.action) + "," + quoted(joined) + "," + std::to_string(row.bytes) +
                "," + (timed ? std::to_string(static_cast<double>(row.time) / kMicrosPerSecond) : "NULL") + ")");
        }
    }
    ~Peer() { sqlite3_close(m_database); }
    Peer(const Peer &) = delete;
    Peer &operator=(const Peer &) = delete;

    QStringList ask(const std::string &sql)
    {
        QStringList lines;
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            return {QString::fromUtf8(sqlite3_errmsg(m_database))};
        }
        while (sqlite3_step(statement) == SQLITE_ROW) {
            QString line;
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                SqlValue value;
                if (sqlite3_column_type(statement, i) == SQLITE_INTEGER) {
                    value = sqlite3_column_int64(statement, i);
                } else if (sqlite3_column_type(statement, i) == SQLITE_FLOAT) {
                    value = sqlite3_column_double(statement, i);
                } else if (sqlite3_column_type(statement, i) == SQLITE_TEXT) {
                    value = std::string(reinterpret_cast<const char *>(sqlite3_column_text(statement, i)));
                }
                line += QString::fromStdString(shown(value) + '|');
            }
            lines.append(line);
        }
        sqlite3_finalize(statement);
        return lines;
    }

private:
    void run(const std::string &sql) { sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr); }
    sqlite3 *m_database = nullptr;
};

} // namespace

class TestSql : public QObject {
    Q_OBJECT
    TemporaryFolder m_folder;
    std::unique_ptr<EventStore> m_store;
    std::vector<Row> m_rows;
    std::unique_ptr<Peer> m_peer;

    Result<QStringList> ask(const std::string &sql)
    {
        QStringList lines;
        const auto done = runSql(*m_store, m_store->snapshot(), sql, CancelToken(),
                                 [&](std::span<const std::string> /*names*/, std::span<const SqlValue> row) {
                                     QString line;
                                     for (const SqlValue &value : row) {
                                         line += QString::fromStdString(shown(value) + '|');
                                     }
                                     lines.append(line);
                                     return true;
                                 });
        return done ? Result<QStringList>(lines) : fail(done.error());
    }
    void fill(std::uint64_t blocks)
    {
        std::mt19937 random(3);
        for (std::uint64_t b = 0; b < blocks; ++b) {
            event::BlockBuilder builder;
            for (std::uint64_t i = 0; i < 150; ++i) {
                Row row{static_cast<std::int64_t>(m_rows.size()) + 1, kNoTime, {}, {}, {}, {}, 0};
                if (random() % 30 != 0) {
                    row.time = kStart + static_cast<Timestamp>(b * 600 + random() % 900) * kMicrosPerSecond +
                               static_cast<Timestamp>(random() % 2'000'000);
                }
                row.bytes = static_cast<std::int64_t>(random() % 50);
                builder.beginRow("{\"n\":" + std::to_string(row.id) + "}");
                if (row.time != kNoTime) {
                    builder.setTime(row.time);
                }
                if (random() % 10 != 0) {
                    row.user = random() % 9 == 0 ? std::string() : "u'" + std::to_string(random() % 12);
                    builder.set(event::Field::UserName, *row.user);
                }
                if (b != 2) { // a block without the column
                    row.host = (random() % 2 == 0 ? "H" : "h") + std::to_string(random() % 40) + ".example";
                    builder.set(event::Field::UrlDomain, *row.host);
                }
                row.action = random() % 6 == 0 ? "Blocked" : "Allowed";
                builder.set(event::Field::EventAction, *row.action);
                for (std::uint64_t k = random() % 3; k > 0; --k) {
                    row.addresses.push_back("192.0.2." + std::to_string(random() % 4));
                    builder.set(event::Field::DnsResolvedIp, row.addresses.back());
                }
                builder.setInteger(event::Field::SourceBytes, row.bytes);
                builder.commitRow();
                m_rows.push_back(std::move(row));
            }
            QVERIFY(put(*m_store, builder.finish(), cursorOf("a", 1)));
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = EventStore::open(m_folder.path());
        QVERIFY(opened);
        m_store = std::move(*opened);
        fill(8);
        m_peer = std::make_unique<Peer>(m_rows);
    }

    void answersLikeAnOrdinaryTable_data()
    {
        QTest::addColumn<QString>("sql");
        for (const char *sql : {
                 "SELECT count(*) FROM events",
                 "SELECT id, time, \"user.name\", \"source.bytes\" FROM events ORDER BY id",
                 "SELECT \"user.name\", count(*), sum(\"source.bytes\") FROM events GROUP BY 1 ORDER BY 2 DESC, 1",
                 "SELECT id FROM events WHERE \"user.name\" = 'u''3' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" = 'U''3' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" COLLATE NOCASE = 'U''3' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" = '' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" IS NULL ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" <> 'u''3' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" IN ('u''1', 'u''2', NULL) ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" NOT IN ('u''1', 'u''2') ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" LIKE 'U''1%' ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" GLOB 'u''1*' ORDER BY id",
                 "SELECT id FROM events WHERE \"url.domain\" = 'h1.example' OR \"user.name\" = 'u''2' ORDER BY id",
                 "SELECT id FROM events WHERE \"url.domain\" = 'h1.example' AND \"user.name\" > 'u''2' ORDER BY id",
                 "SELECT id FROM events WHERE \"dns.resolved_ip\" = '192.0.2.1' ORDER BY id",
                 "SELECT id FROM events WHERE \"dns.resolved_ip\" = '192.0.2.1, 192.0.2.2' ORDER BY id",
                 "SELECT id FROM events WHERE \"dns.resolved_ip\" > '192.0.2.2' ORDER BY id",
                 "SELECT id FROM events WHERE \"source.bytes\" >= 40 AND \"source.bytes\" < 45 ORDER BY id",
                 "SELECT id FROM events WHERE \"source.bytes\" = '7' ORDER BY id",
                 "SELECT id FROM events WHERE \"source.bytes\" > 41.5 ORDER BY id",
                 "SELECT id FROM events WHERE \"source.bytes\" BETWEEN 3 AND 4 ORDER BY id",
                 "SELECT id FROM events WHERE \"user.name\" = 3 ORDER BY id",
                 "SELECT id FROM events WHERE id > 300 AND id <= 320 ORDER BY id",
                 "SELECT id FROM events WHERE id = 451",
                 "SELECT id FROM events WHERE id IN (1, 700, 5000) ORDER BY id",
                 "SELECT id FROM events WHERE id > 299.5 AND id < 305 ORDER BY id",
                 "SELECT id FROM events WHERE time >= '2026-02-25T06:40:00' AND time < '2026-02-25T07:00:00.000Z' "
                 "ORDER BY 1",
                 "SELECT id FROM events WHERE time >= '2026-02-25 06:40' AND time < '2026-02-25 07:00' ORDER BY 1",
                 "SELECT id FROM events WHERE time >= '2026-02-25' ORDER BY 1",
                 "SELECT id FROM events WHERE time > '2026' ORDER BY 1",
                 "SELECT id FROM events WHERE time < 'x' ORDER BY 1",
                 "SELECT id FROM events WHERE time = (SELECT time FROM events WHERE id = 77) ORDER BY 1",
                 "SELECT id FROM events WHERE time IS NULL ORDER BY id",
                 "SELECT count(*) FROM events WHERE epoch >= 1772000600 AND epoch < 1772001200.5",
                 "SELECT a.id, b.id FROM events a JOIN events b ON a.\"user.name\" = b.\"user.name\" AND a.id < b.id "
                 "WHERE a.id < 12 AND b.id < 200 ORDER BY 1, 2",
                 "WITH busy AS (SELECT \"user.name\" u FROM events GROUP BY 1 HAVING count(*) > 80) "
                 "SELECT count(*) FROM events WHERE \"user.name\" IN (SELECT u FROM busy)",
                 "SELECT max(time), min(time) FROM events",
                 "SELECT \"event.action\" FROM events ORDER BY \"source.bytes\" DESC, id LIMIT 5 OFFSET 3",
             }) {
            QTest::addRow("%s", sql) << QString::fromLatin1(sql);
        }
    }
    void answersLikeAnOrdinaryTable()
    {
        QFETCH(QString, sql);
        const auto got = ask(sql.toStdString());
        QVERIFY2(got, got ? "" : describe(got.error()).c_str());
        QCOMPARE(*got, m_peer->ask(sql.toStdString()));
    }

    void randomConditions()
    {
        std::mt19937 random(11);
        const auto pick = [&random](std::initializer_list<const char *> all) {
            return std::string(*(all.begin() + static_cast<std::ptrdiff_t>(random() % all.size())));
        };
        const auto condition = [&] {
            switch (random() % 4) {
            case 0:
                return "\"source.bytes\" " + pick({"<", "<=", "=", ">=", ">", "<>"}) + " " +
                       std::to_string(random() % 50);
            case 1:
                return "\"url.domain\" " + pick({"<", "<=", "=", ">=", ">"}) + " '" + pick({"h", "H"}) +
                       std::to_string(random() % 40) + pick({".example", ""}) + "'";
            case 2:
                return "time " + pick({"<", "<=", "=", ">=", ">"}) + " '" +
                       formatIsoTime(kStart + static_cast<Timestamp>(random() % 5000) * kMicrosPerSecond) + "'";
            default:
                return "\"user.name\" " + pick({"=", "IN ('u''5', 'u''6') AND \"user.name\" <>", ">"}) + " 'u''" +
                       std::to_string(random() % 12) + "'";
            }
        };
        for (int i = 0; i < 300; ++i) {
            std::string sql = "SELECT id FROM events WHERE " + condition();
            for (std::uint64_t k = random() % 3; k > 0; --k) {
                sql += pick({" AND ", " OR ", " AND NOT "}) + condition();
            }
            sql += " ORDER BY id";
            const auto got = ask(sql);
            QVERIFY2(got, sql.c_str());
            QVERIFY2(*got == m_peer->ask(sql), sql.c_str());
        }
    }

    void hiddenColumnsAreThereByName()
    {
        const auto got = ask("SELECT raw, user_name = \"user.name\", epoch FROM events WHERE id = 9");
        QVERIFY(got);
        QVERIFY(got->value(0).startsWith(QStringLiteral("t{\"n\":9}|")));
        const auto all = ask("SELECT * FROM events LIMIT 1");
        QVERIFY(all);
        QVERIFY(!all->value(0).contains(QStringLiteral("{\"n\"")));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("column");
        QTest::newRow("empty") << ""
                               << "NJ-STORE-021" << 0;
        QTest::newRow("two statements") << "SELECT 1; SELECT 2"
                                        << "NJ-STORE-021" << 0;
        QTest::newRow("syntax") << "SELECT FROM events"
                                << "NJ-STORE-020" << 8;
        QTest::newRow("no such column") << "SELECT nix FROM events"
                                        << "NJ-STORE-020" << 8;
        QTest::newRow("write") << "DELETE FROM events"
                               << "NJ-STORE-020" << 0;
        QTest::newRow("make") << "CREATE TABLE t(a)"
                              << "NJ-STORE-020" << 0;
        QTest::newRow("attach") << "ATTACH '/tmp/x.db' AS x"
                                << "NJ-STORE-020" << 0;
        QTest::newRow("pragma") << "PRAGMA user_version"
                                << "NJ-STORE-020" << 0;
        QTest::newRow("extension") << "SELECT load_extension('/tmp/x.so')"
                                   << "NJ-STORE-020" << 0;
        QTest::newRow("other table") << "SELECT * FROM alerts"
                                     << "NJ-STORE-020" << 0;
    }
    void refuses()
    {
        QFETCH(QString, sql);
        QFETCH(QString, code);
        QFETCH(int, column);
        const auto got = ask(sql.toStdString());
        QVERIFY(!got);
        QCOMPARE(QString::fromStdString(got.error().code), code);
        if (column > 0) {
            QCOMPARE(static_cast<int>(got.error().place.column), column);
        }
    }

    void endsWhenCancelled()
    {
        CancelToken cancel;
        const std::unique_ptr<QThread> later(QThread::create([&cancel] {
            QThread::msleep(50);
            cancel.cancel();
        }));
        later->start();
        const auto start = std::chrono::steady_clock::now();
        const auto done = runSql(*m_store, m_store->snapshot(),
                                 "SELECT count(*) FROM events a, events b, events c WHERE a.id + b.id = c.id * 7",
                                 cancel, [](auto /*names*/, auto /*row*/) { return true; });
        later->wait();
        QVERIFY(done);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    }
};

QTEST_GUILESS_MAIN(TestSql)
#include "tst_sql.moc"
