// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalog.h"
#include "support/support.h"

#include <array>
#include <fstream>
#include <thread>

#include <sys/stat.h>

using namespace nightjar;
using namespace nightjar::store;
using nightjar::testsupport::TemporaryFolder;

namespace {

constexpr std::array kOne = {Migration{"alerts", 1, "CREATE TABLE alert(id INTEGER PRIMARY KEY, title TEXT)"}};
constexpr std::array kTwo = {kOne[0], Migration{"alerts", 2, "ALTER TABLE alert ADD COLUMN score REAL"},
                             Migration{"intel", 1, "CREATE TABLE indicator(value TEXT)"}};

std::int64_t countOf(Database &database, std::string_view table)
{
    auto rows = database.prepare("SELECT count(*) FROM " + std::string(table));
    return rows && rows->step().value_or(false) ? rows->integer(0) : -1;
}

} // namespace

class TestDatabase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsEveryKindOfValue()
    {
        const TemporaryFolder folder;
        auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
        QVERIFY(database.has_value());
        QVERIFY((*database)->execute("CREATE TABLE t(a, b, c, d, e)").has_value());
        auto insert = (*database)->prepare("INSERT INTO t VALUES(?,?,?,?,?)");
        QVERIFY(insert.has_value());
        const std::string bytes("\0\xff\x01", 3);
        insert->bind(1, std::numeric_limits<std::int64_t>::min()).bind(2, 0.5).bind(3, "x\0y").bind(4, nullptr);
        insert->bindBlob(5, bytes);
        QVERIFY(insert->run().has_value());
        QVERIFY(insert->bind(1, true).bind(2, std::string_view()).bindBlob(5, {}).run().has_value());
        QCOMPARE((*database)->lastInsertId(), 2);
        auto rows = (*database)->prepare("SELECT * FROM t");
        QVERIFY(rows->step().value_or(false));
        QCOMPARE(rows->integer(0), std::numeric_limits<std::int64_t>::min());
        QCOMPARE(rows->real(1), 0.5);
        QVERIFY(rows->isNull(3) && !rows->isNull(4));
        QVERIFY(rows->blob(4) == bytes);
        QVERIFY(rows->columnName(0) == "a" && rows->columns() == 5);
        QVERIFY(rows->step().value_or(false));
        QCOMPARE(rows->integer(0), 1);
        QVERIFY(!rows->isNull(1) && rows->text(1).empty());
        QVERIFY(!rows->step().value_or(true));
    }

    void filesArePrivate()
    {
        const TemporaryFolder folder;
        const auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
        QVERIFY((*database)->execute("CREATE TABLE t(a)").has_value());
        for (const char *name : {"a.db", "a.db-wal", "a.db-shm"}) {
            struct stat status {};
            QCOMPARE(::stat((folder / name).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777U, 0600U);
        }
    }

    void migratesOnceAndRefusesNewer()
    {
        const TemporaryFolder folder;
        auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
        QVERIFY((*database)->migrate(kOne).has_value());
        QVERIFY((*database)->migrate(kOne).has_value());
        QVERIFY((*database)->execute("INSERT INTO alert(title) VALUES('x')").has_value());
        QVERIFY((*database)->migrate(kTwo).has_value());
        QVERIFY((*database)->execute("UPDATE alert SET score = 1; INSERT INTO indicator VALUES('v')").has_value());
        const Status older = (*database)->migrate(kOne);
        QVERIFY(!older.has_value());
        QCOMPARE(older.error().code, std::string("NJ-STORE-006"));
        QCOMPARE(countOf(**database, "alert"), 1);
    }

    void failedMigrationLeavesNothing()
    {
        const TemporaryFolder folder;
        auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
        const std::array bad = {Migration{"a", 1, "CREATE TABLE one(x)"}, Migration{"a", 2, "CREATE TABLE oops("}};
        const Status done = (*database)->migrate(bad);
        QCOMPARE(done.error().code, std::string("NJ-STORE-009"));
        QCOMPARE(countOf(**database, "one"), -1);
        QVERIFY((*database)->migrate(kOne).has_value());
    }

    void tellsWhatIsWrong_data()
    {
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("code");
        QTest::newRow("missing folder") << QStringLiteral("none") << QStringLiteral("NJ-STORE-001");
        QTest::newRow("no database") << QStringLiteral("text") << QStringLiteral("NJ-STORE-004");
        QTest::newRow("truncated") << QStringLiteral("truncated") << QStringLiteral("NJ-STORE-004");
        QTest::newRow("disk full") << QStringLiteral("full") << QStringLiteral("NJ-STORE-003");
        QTest::newRow("read only") << QStringLiteral("readonly") << QStringLiteral("NJ-STORE-002");
        QTest::newRow("locked") << QStringLiteral("locked") << QStringLiteral("NJ-STORE-005");
    }
    void tellsWhatIsWrong()
    {
        QFETCH(const QString, make);
        QFETCH(const QString, code);
        const TemporaryFolder folder;
        const auto path = make == QStringLiteral("none") ? folder / "no/such/a.db" : folder / "a.db";
        Error error;
        if (make == QStringLiteral("text")) {
            std::ofstream(path) << std::string(5000, 'x');
        }
        auto database = Database::open(path, OpenMode::ReadWrite);
        if (!database) {
            error = database.error();
        } else if (make == QStringLiteral("truncated")) {
            QVERIFY((*database)->execute("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(100000));").has_value());
            QVERIFY((*database)->execute("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
            database->reset();
            std::filesystem::resize_file(path, 8192);
            database = Database::open(path, OpenMode::ReadWrite);
            const Status done = database ? (*database)->execute("SELECT sum(length(a)) FROM t WHERE hex(a) <> ''")
                                         : fail(database.error());
            error = done ? Error() : done.error();
        } else if (make == QStringLiteral("full")) {
            QVERIFY((*database)->execute("CREATE TABLE t(a); PRAGMA max_page_count=4;").has_value());
            error = (*database)->execute("INSERT INTO t VALUES(zeroblob(100000))").error();
        } else if (make == QStringLiteral("readonly")) {
            database = Database::open(path, OpenMode::ReadOnly);
            error = (*database)->execute("CREATE TABLE t(a)").error();
        } else if (make == QStringLiteral("locked")) {
            auto other = Database::open(path, OpenMode::ReadWrite);
            QVERIFY((*other)->execute("PRAGMA busy_timeout=1; BEGIN IMMEDIATE").has_value());
            QVERIFY((*database)->execute("PRAGMA busy_timeout=1").has_value());
            error = (*database)->execute("BEGIN IMMEDIATE").error();
        }
        QCOMPARE(QString::fromStdString(error.code), code);
        QVERIFY(!error.title.empty() && !error.hint.empty());
        QCOMPARE(error.place.file, path.string());
    }

    void interruptStopsAStatement()
    {
        const TemporaryFolder folder;
        auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            (*database)->interrupt();
        });
        const Status done = (*database)->execute(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c");
        later.join();
        QCOMPARE(done.error().code, std::string("NJ-STORE-008"));
    }

    void readsFromAReadOnlyFolder()
    {
        const TemporaryFolder folder;
        {
            auto database = Database::open(folder / "a.db", OpenMode::ReadWrite);
            QVERIFY((*database)->execute("CREATE TABLE t(a); INSERT INTO t VALUES(1);").has_value());
        }
        ::chmod(folder.path().c_str(), 0500);
        auto database = Database::open(folder / "a.db", OpenMode::ReadOnly);
        const std::int64_t rows = database ? countOf(**database, "t") : -1;
        ::chmod(folder.path().c_str(), 0700);
        QCOMPARE(rows, 1);
    }

    void catalogRollsBackOnError()
    {
        const TemporaryFolder folder;
        auto catalog = Catalog::open(folder / "catalog.db");
        QVERIFY((*catalog)->migrate(kTwo).has_value());
        const auto insert = [](Database &db) { return db.execute("INSERT INTO alert(title) VALUES('x')"); };
        QVERIFY((*catalog)->write(insert).has_value());
        const Status refused = (*catalog)->write([&](Database &db) -> Status {
            (void)insert(db);
            return fail("NJ-TEST-001", "no");
        });
        QCOMPARE(refused.error().code, std::string("NJ-TEST-001"));
        const auto count = (*catalog)->read([](Database &db) -> Result<std::int64_t> { return countOf(db, "alert"); });
        QCOMPARE(count.value_or(-1), 1);
        const Status written = (*catalog)->read([&](Database &db) { return insert(db); });
        QCOMPARE(written.error().code, std::string("NJ-STORE-002"));
    }

    void catalogReadsBesideAWriter()
    {
        const TemporaryFolder folder;
        auto catalog = Catalog::open(folder / "catalog.db");
        QVERIFY((*catalog)->migrate(kOne).has_value());
        std::atomic<bool> torn = false;
        std::atomic<bool> stop = false;
        std::thread reader([&] {
            while (!stop) {
                const auto n =
                    (*catalog)->read([](Database &db) -> Result<std::int64_t> { return countOf(db, "alert"); });
                torn = torn || !n || *n % 2 != 0;
            }
        });
        for (int i = 0; i < 50; ++i) {
            const Status done = (*catalog)->write([](Database &db) {
                return db.execute("INSERT INTO alert(title) VALUES('a'); INSERT INTO alert(title) VALUES('b');");
            });
            QVERIFY(done.has_value());
        }
        stop = true;
        reader.join();
        QVERIFY(!torn);
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
