// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "store/backup.h"
#include "store/deduplicator.h"
#include "store/filesystem.h"
#include "store/repair.h"
#include "support/support.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

using Events = std::map<std::int64_t, std::string>; ///< JSON and raw record by id

int times(const char *variable, int usual)
{
    const char *text = ::getenv(variable);
    return text != nullptr ? std::atoi(text) : usual;
}

Events eventsOf(const EventStore &store, const Snapshot &snapshot)
{
    Events events;
    ScanRequest request;
    request.allColumns = true;
    request.raw = true;
    const Status done = store.scan(snapshot, request, {}, [&](const StoredBlock &block) {
        for (std::size_t row = 0; row < block.block.rows(); ++row) {
            const std::int64_t id = block.firstId + static_cast<std::int64_t>(row);
            events[id] = block.block.toJson(row, id) + std::string(block.block.raw(row));
        }
        return true;
    });
    if (!done) {
        events[-1] = describe(done.error());
    }
    return events;
}

Events eventsOf(const EventStore &store)
{
    return eventsOf(store, store.snapshot());
}

StoreOptions smallSegments(std::int64_t events)
{
    StoreOptions options;
    options.segmentEvents = events;
    return options;
}

MergeOptions everyTwo()
{
    MergeOptions options;
    options.fewest = 2;
    return options;
}

/// `blocks` blocks of `rows` rows, each acknowledged.
void fill(EventStore &store, std::uint64_t blocks, std::uint64_t rows, const std::string &source = "a",
          std::int64_t delivery = 1, std::uint64_t from = 0)
{
    for (std::uint64_t i = from; i < from + blocks; ++i) {
        QVERIFY(put(store, webBlock(i * rows, rows, kStart + static_cast<Timestamp>(i * rows) * kMicrosPerSecond),
                    cursorOf(source, delivery, i + 1))
                    .has_value());
    }
}

std::string bytesOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeBytes(const std::filesystem::path &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Runs `work` in a child that is killed after so many acknowledgements and a moment (0: it ends by itself); the last
/// number that it wrote to the pipe.
template <class Work>
std::uint64_t acknowledgedByChild(Work work, int killAfter, int &status)
{
    int ends[2];
    if (::pipe(ends) != 0) {
        return 0;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        work(ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::uint64_t last = 0;
    int count = 0;
    for (std::uint64_t block = 0; ::read(ends[0], &block, sizeof block) == sizeof block;) {
        last = block;
        if (++count == killAfter) {
            std::this_thread::sleep_for(std::chrono::milliseconds(last % 20)); // somewhere in what comes next
            ::kill(child, SIGKILL);
        }
    }
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    return last;
}

constexpr std::uint64_t kRows = 40;

/// Appends and merges until something fails; tells the number of each block that was acknowledged.
void appendAndMerge(const std::filesystem::path &folder, int acknowledge)
{
    auto store = EventStore::open(folder, smallSegments(2'000));
    if (!store) {
        ::_exit(3);
    }
    const auto before = (*store)->cursor("a");
    std::jthread merging([&](const std::stop_token &stop) {
        while (!stop.stop_requested() && (*store)->merge(everyTwo(), {}, {})) {
        }
    });
    for (std::uint64_t next = before ? before->offset : 0;; ++next) {
        if (!put(**store, webBlock(next * kRows, kRows), cursorOf("a", 1, next + 1))) {
            return;
        }
        const std::uint64_t done = next + 1;
        if (::write(acknowledge, &done, sizeof done) != sizeof done) {
            return;
        }
    }
}

void verifyAcknowledged(const std::filesystem::path &folder, std::uint64_t acknowledged)
{
    const auto store = EventStore::open(folder, smallSegments(2'000));
    QVERIFY2(store.has_value(), store ? "" : describe(store.error()).c_str());
    const std::vector<Error> told = (*store)->check({}).value();
    for (const Error &error : told) {
        QFAIL(describe(error).c_str());
    }
    const auto cursor = (*store)->cursor("a");
    const std::uint64_t blocks = cursor ? cursor->offset : 0;
    QVERIFY2(blocks >= acknowledged, (std::to_string(blocks) + " of " + std::to_string(acknowledged)).c_str());
    const Events events = eventsOf(**store);
    QCOMPARE(events.size(), static_cast<std::size_t>(blocks * kRows));
    std::uint64_t number = 0;
    for (const auto &[id, text] : events) {
        QCOMPARE(id, static_cast<std::int64_t>(number) + 1);
        QVERIFY2(text.find("{\"n\":" + std::to_string(number) + ",") != std::string::npos, text.c_str());
        ++number;
    }
}

} // namespace

class TestUpkeep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mergesWithoutChangingAnything()
    {
        const TemporaryFolder folder;
        Events before;
        {
            auto store = EventStore::open(folder / "s", smallSegments(1'500));
            fill(**store, 60, 20, "a", 1);
            fill(**store, 60, 20, "b", 2, 60);
            event::BlockBuilder builder; // of other columns, with lists, nulls and no time
            builder.beginRow("odd");
            builder.set(event::Field::DnsResolvedIp, "10.0.0.1");
            builder.set(event::Field::DnsResolvedIp, "10.0.0.2");
            builder.setNull(builder.handle(event::Field::UserName));
            builder.set(builder.extraHandle("odd"), "");
            builder.commitRow();
            QVERIFY(put(**store, builder.finish(), cursorOf("b", 2, 99)).has_value());
            before = eventsOf(**store);
            QCOMPARE(before.size(), std::size_t{2'401});

            Snapshot pinned = (*store)->snapshot();
            const auto report = (*store)->merge(everyTwo(), {}, {});
            QVERIFY2(report.has_value(), report ? "" : describe(report.error()).c_str());
            QCOMPARE(report->blocksBefore, 121);
            QCOMPARE(report->blocksAfter, 3); // the first segment has 60 blocks of one delivery and 15 of another
            QVERIFY(report->bytesAfter < report->bytesBefore / 2);
            QVERIFY(eventsOf(**store) == before);
            QVERIFY(eventsOf(**store, pinned) == before); // the old blocks stay for those who read them
            pinned = Snapshot();
            QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
            QVERIFY((*store)->shrink({}, {}).has_value());
            QVERIFY((*store)->check({})->empty());
            fill(**store, 1, 20, "b", 2, 120);
        }
        auto store = EventStore::open(folder / "s", smallSegments(1'500));
        QVERIFY((*store)->check({})->empty());
        const Events after = eventsOf(**store);
        QCOMPARE(after.size(), before.size() + 20);
        QVERIFY(std::includes(after.begin(), after.end(), before.begin(), before.end()));
    }

    void freesThePartsOfMergedBlocks()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        fill(**store, 150, 20);
        (void)(*store)->checkpoint();
        const std::uint64_t before = (*store)->diskBytes();
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QVERIFY((*store)->shrink({}, {}).has_value());
        QVERIFY2((*store)->diskBytes() < before,
                 (std::to_string((*store)->diskBytes()) + " of " + std::to_string(before)).c_str());
        auto database = Database::open(folder / "s/segments/000001.db", OpenMode::ReadOnly);
        auto row = (*database)->prepare("PRAGMA freelist_count");
        QVERIFY(row->step().value());
        QCOMPARE(row->integer(0), std::int64_t{0});
    }

    void keepsPartsForAnotherProcess()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        fill(**store, 30, 20);
        StoreOptions reading;
        reading.readOnly = true;
        auto reader = EventStore::open(folder / "s", reading); // its own descriptors, as another process has them
        QVERIFY(reader.has_value());
        QVERIFY(!EventStore::open(folder / "s").has_value()); // a second writer is refused
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QCOMPARE(eventsOf(**reader).size(), std::size_t{600});
        QVERIFY((*reader)->problems().empty());
    }

    void deduplicationSurvivesAMerge()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        fill(**store, 10, 20);
        Deduplicator duplicates(**store, 7);
        const auto first = webBlock(20, 20, kStart + 20 * kMicrosPerSecond);
        QVERIFY(duplicates.fresh(first)->empty());
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QCOMPARE(duplicates.fresh(first)->count(), std::size_t{20}); // their originals have answered already
        const auto second = webBlock(100, 20, kStart + 100 * kMicrosPerSecond);
        QVERIFY(duplicates.fresh(second)->empty());
        Deduplicator other(**store, 8);
        QVERIFY(other.fresh(first)->empty());
    }

    void noticesFlippedBits()
    {
        const TemporaryFolder folder;
        Events whole;
        {
            auto store = EventStore::open(folder / "s");
            for (std::uint64_t i = 0; i < 12; ++i) {
                QuarantinedRecord bad;
                bad.raw = "bad " + std::to_string(i);
                auto encoded =
                    encodeBlock(webBlock(i * 300, 300, kStart + static_cast<Timestamp>(i) * 300 * kMicrosPerSecond));
                QVERIFY((*store)->append(std::move(*encoded), cursorOf("s" + std::to_string(i), 1, i), {&bad, 1}));
            }
            whole = eventsOf(**store);
        }
        const std::filesystem::path segment = folder / "s/segments/000001.db";
        const std::string good = bytesOf(segment);
        std::mt19937 random(11);
        int detected = 0;
        int unreadable = 0;
        const int flips = times("NIGHTJAR_FLIPS", 30);
        for (int i = 0; i < flips; ++i) {
            std::string bad = good;
            const std::size_t at = random() % bad.size();
            bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
            writeBytes(segment, bad);
            StoreOptions reading;
            reading.readOnly = true;
            const auto store = EventStore::open(folder / "s", reading);
            QVERIFY2(store.has_value(), store ? "" : describe(store.error()).c_str());
            const auto problems = (*store)->check({});
            QVERIFY(problems.has_value());
            const Events found = eventsOf(**store);
            for (const auto &[id, text] : found) { // what is answered is true
                const auto original = whole.find(id);
                QVERIFY2(original != whole.end(), text.c_str());
                QVERIFY2(original->second == text, std::to_string(at).c_str());
            }
            const bool same = found == whole && (*store)->cursors().size() == 12 && (*store)->quarantinedCount() == 12;
            QVERIFY2(!problems->empty() || same, std::to_string(at).c_str());
            detected += problems->empty() ? 0 : 1;
            unreadable += found.size() < whole.size() - 3 * 300 ? 1 : 0;
            const auto count = (*store)->count((*store)->snapshot(), {}, {}, {});
            QVERIFY(count.has_value());
        }
        qInfo(
            "%d of %d flips noticed, the others hit unused bytes; %d made more than three of twelve blocks unreadable",
            detected, flips, unreadable);
        QVERIFY(detected > 0);
        QVERIFY(unreadable <= flips / 10 + 1);
    }

    void repairsWhatCanBeRead_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<int>("where"); // byte, or -1: anywhere
        QTest::newRow("first page") << 1 << 40;
        QTest::newRow("the file's head") << 2 << 5;
        for (int seed = 3; seed < 3 + times("NIGHTJAR_FLIPS", 30) / 5; ++seed) {
            QTest::addRow("anywhere %d", seed) << seed << -1;
        }
    }
    void repairsWhatCanBeRead()
    {
        QFETCH(int, seed);
        QFETCH(int, where);
        const TemporaryFolder folder;
        Events whole;
        {
            auto store = EventStore::open(folder / "s", smallSegments(2'000));
            fill(**store, 20, 200);
            whole = eventsOf(**store);
        }
        const std::filesystem::path segment = folder / "s/segments/000001.db";
        std::string bytes = bytesOf(segment);
        std::mt19937 random(static_cast<unsigned>(seed));
        for (int hit = 0; hit < (where < 0 ? 5 : 1); ++hit) {
            const std::size_t at = where < 0 ? random() % bytes.size() : static_cast<std::size_t>(where);
            bytes[at] = static_cast<char>(bytes[at] ^ 0x5a);
        }
        writeBytes(segment, bytes);
        const auto report = repairEventStore(folder / "s", {}, {});
        QVERIFY2(report.has_value(), report ? "" : describe(report.error()).c_str());
        auto store = EventStore::open(folder / "s", smallSegments(2'000));
        QVERIFY(store.has_value());
        const std::vector<Error> told = (*store)->check({}).value();
        for (const Error &error : told) {
            QFAIL(describe(error).c_str());
        }
        const Events found = eventsOf(**store);
        std::int64_t lost = 0;
        std::int64_t incomplete = 0;
        for (const RepairedFile &file : report->files) {
            QVERIFY(std::filesystem::exists(file.aside));
            lost += file.eventsLost;
            incomplete += file.eventsIncomplete;
        }
        QCOMPARE(static_cast<std::int64_t>(found.size()), static_cast<std::int64_t>(whole.size()) - lost);
        std::int64_t changed = 0;
        for (const auto &[id, text] : found) {
            changed += whole[id] == text ? 0 : 1;
        }
        QVERIFY2(changed <= incomplete, std::to_string(changed).c_str());
        QVERIFY2(lost <= 5 * 200, std::to_string(lost).c_str());
        fill(**store, 1, 200, "a", 1, 20);
        QCOMPARE((*store)->lastId(), std::int64_t{4'200});
    }

    void namesAVanishedSegment()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s", smallSegments(500));
        fill(**store, 10, 100);
        std::filesystem::remove(folder / "s/segments/000001.db");
        std::filesystem::remove(folder / "s/segments/000001.db-wal");
        const Events rest = eventsOf(**store);
        QCOMPARE(rest.size(), std::size_t{500});
        const auto problems = (*store)->problems();
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems.front().code, std::string("NJ-STORE-011"));
        QVERIFY(problems.front().place.file.ends_with("000001.db"));
        store->reset();
        const auto report = repairEventStore(folder / "s", {}, {});
        QVERIFY(report.has_value());
        QCOMPARE(report->files.size(), std::size_t{1});
        store = EventStore::open(folder / "s", smallSegments(500));
        QVERIFY((*store)->problems().empty());
    }

    void survivesAKillWhileMerging()
    {
        const TemporaryFolder folder;
        std::mt19937 random(5);
        std::uint64_t acknowledged = 0;
        for (int round = 0; round < times("NIGHTJAR_KILLS", 4); ++round) {
            int status = 0;
            acknowledged =
                std::max(acknowledged, acknowledgedByChild([&](int pipe) { appendAndMerge(folder / "s", pipe); },
                                                           10 + static_cast<int>(random() % 80), status));
            QVERIFY(WIFSIGNALED(status));
            verifyAcknowledged(folder / "s", acknowledged);
            if (QTest::currentTestFailed()) {
                return;
            }
        }
        QVERIFY(acknowledged >= 10);
    }

    void losesNothingOnAFullDisk_data()
    {
        QTest::addColumn<int>("kilobytes");
        for (const int size : {33, 200, 450, 900}) {
            QTest::addRow("%d KB", size) << size;
        }
    }
    void losesNothingOnAFullDisk()
    {
        QFETCH(int, kilobytes);
        const TemporaryFolder folder;
        int status = 0;
        const std::uint64_t acknowledged = acknowledgedByChild(
            [&](int pipe) {
                std::signal(SIGXFSZ, SIG_IGN);
                const rlimit most{static_cast<rlim_t>(kilobytes) << 10U, static_cast<rlim_t>(kilobytes) << 10U};
                ::setrlimit(RLIMIT_FSIZE, &most);
                appendAndMerge(folder / "s", pipe);
            },
            0, status);
        QVERIFY(WIFEXITED(status));
        verifyAcknowledged(folder / "s", acknowledged);
        QVERIFY(kilobytes < 400 || acknowledged > 0);
    }

    void dropsTheOldestBySize()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s", smallSegments(500));
        fill(**store, 40, 100);
        (void)(*store)->checkpoint();
        const std::uint64_t all = (*store)->diskBytes();
        QCOMPARE((*store)->dropOldest(all).value(), 0);
        const auto dropped = (*store)->dropOldest(all / 2);
        QVERIFY2(dropped.has_value(), dropped ? "" : describe(dropped.error()).c_str());
        QVERIFY(*dropped >= 1'000 && *dropped % 500 == 0);
        QVERIFY((*store)->diskBytes() <= all / 2 + (64U << 10U));
        QCOMPARE(eventsOf(**store).begin()->first, *dropped + 1); // the oldest went
        QCOMPARE((*store)->dropOldest(0).value(), 3'500 - *dropped);
        QCOMPARE((*store)->lastId(), std::int64_t{4'000});
    }

    void backsUpWhileWriting()
    {
        const TemporaryFolder folder;
        auto store = EventStore::open(folder / "s");
        fill(**store, 20, 200);
        std::atomic<bool> stop = false;
        std::thread writing([&] {
            for (std::uint64_t i = 20; !stop; ++i) {
                (void)put(**store, webBlock(i * 200, 200), cursorOf("a", 1, i + 1));
            }
        });
        std::filesystem::create_directories(folder / "b/segments");
        Status done = backupDatabase(folder / "s/manifest.db", folder / "b/manifest.db", {}, {});
        if (done) {
            done = backupDatabase(folder / "s/segments/000001.db", folder / "b/segments/000001.db", {}, {});
        }
        stop = true;
        writing.join();
        QVERIFY2(done.has_value(), done ? "" : describe(done.error()).c_str());
        QVERIFY(reconcileManifest(folder / "b").has_value());
        auto copy = EventStore::open(folder / "b");
        QVERIFY(copy.has_value());
        QVERIFY((*copy)->check({})->empty());
        const auto cursor = (*copy)->cursor("a");
        QVERIFY(cursor && cursor->offset >= 20);
        QCOMPARE((*copy)->lastId(), static_cast<std::int64_t>(cursor->offset * 200));
        CancelToken cancelled;
        cancelled.cancel();
        QVERIFY(!backupDatabase(folder / "s/segments/000001.db", folder / "c.db", {}, cancelled).has_value());
        QVERIFY(!std::filesystem::exists(folder / "c.db"));
    }

    void opensTheFirstFormat()
    {
        const TemporaryFolder folder;
        Events before;
        {
            auto store = EventStore::open(folder / "s");
            fill(**store, 3, 50);
            before = eventsOf(**store);
        }
        {
            auto old = Database::open(folder / "s/segments/000001.db", OpenMode::ReadWrite);
            QVERIFY((*old)
                        ->execute("ALTER TABLE block DROP COLUMN sum; ALTER TABLE part DROP COLUMN sum;"
                                  "ALTER TABLE cursor DROP COLUMN sum; ALTER TABLE quarantine DROP COLUMN sum;"
                                  "DROP TABLE retired; UPDATE schema_version SET version = 1")
                        .has_value());
            auto list = Database::open(folder / "s/manifest.db", OpenMode::ReadWrite);
            QVERIFY((*list)
                        ->execute("ALTER TABLE cursor DROP COLUMN sum; UPDATE schema_version SET version = 1")
                        .has_value());
        }
        auto store = EventStore::open(folder / "s");
        QVERIFY(store.has_value());
        QVERIFY(eventsOf(**store) == before);
        QVERIFY((*store)->check({})->empty());
        fill(**store, 3, 50, "a", 1, 3); // brings it to the format of now
        QVERIFY((*store)->merge(everyTwo(), {}, {}).has_value());
        QCOMPARE(eventsOf(**store).size(), std::size_t{300});
        QVERIFY((*store)->check({})->empty());
    }

    void knowsNetworkFileSystems()
    {
        QCOMPARE(networkFileSystemOf(0x6969).value_or(""), std::string("NFS"));
        QCOMPARE(networkFileSystemOf(0xff534d42).value_or(""), std::string("SMB (CIFS)"));
        QVERIFY(!networkFileSystemOf(0xef53)); // ext4
        QVERIFY(!networkFileSystem("/proc"));
        QVERIFY(!networkFileSystem("/does/not/exist"));
    }

    void salvagesAnyDatabase()
    {
        const TemporaryFolder folder;
        const auto path = folder / "catalog.db";
        {
            auto database = Database::open(path, OpenMode::ReadWrite);
            QVERIFY((*database)
                        ->execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i ON t(b);"
                                  "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000)"
                                  " INSERT INTO t SELECT x, hex(randomblob(100)) FROM n")
                        .has_value());
        }
        QVERIFY(repairDatabase(path, folder / "damaged")->files.empty());
        std::string bytes = bytesOf(path);
        std::size_t page = 10 * 4096;
        while (bytes.at(page) != '\x0d') { // a leaf of rows, not of the index (SQLite file format 1.6)
            page += 4096;
        }
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page), 200, '\xee');
        writeBytes(path, bytes);
        const auto report = repairDatabase(path, folder / "damaged");
        QVERIFY2(report.has_value(), report ? "" : describe(report.error()).c_str());
        QCOMPARE(report->files.size(), std::size_t{1});
        QVERIFY(checkDatabase(path).empty());
        auto database = Database::open(path, OpenMode::ReadOnly);
        auto row = (*database)->prepare("SELECT count(*) FROM t");
        QVERIFY(row->step().value());
        QVERIFY2(row->integer(0) > 2'900 && row->integer(0) < 3'000, std::to_string(row->integer(0)).c_str());
    }
};

QTEST_GUILESS_MAIN(TestUpkeep)
#include "tst_upkeep.moc"
