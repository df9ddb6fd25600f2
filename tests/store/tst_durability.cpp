// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"
#include "support/support.h"

#include <chrono>
#include <csignal>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace nightjar;
using namespace nightjar::store;
using namespace nightjar::testsupport;

namespace {

constexpr std::uint64_t kRows = 50;

StoreOptions smallSegments()
{
    StoreOptions options;
    options.segmentEvents = 500; // a new segment every ten blocks: the kill also hits the making of segments
    return options;
}

/// Appends until killed; each block tells its number by a byte on the pipe after the append was acknowledged.
[[noreturn]] void appendForever(const std::filesystem::path &folder, int acknowledge)
{
    auto store = EventStore::open(folder, smallSegments());
    if (!store) {
        ::_exit(3);
    }
    const auto before = (*store)->cursor("source");
    for (std::uint64_t next = before ? before->offset : 0;; ++next) {
        auto cursor = cursorOf("source", 1, next + 1);
        cursor.records = (next + 1) * kRows;
        QuarantinedRecord bad;
        bad.raw = std::to_string(next);
        auto encoded = encodeBlock(webBlock(next * kRows, kRows));
        if (!encoded || !(*store)->append(std::move(*encoded), cursor, {&bad, 1})) {
            ::_exit(4);
        }
        if (::write(acknowledge, &next, sizeof next) != sizeof next) {
            ::_exit(5);
        }
    }
}

} // namespace

class TestDurability : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void survivesKill()
    {
        const TemporaryFolder folder;
        std::mt19937 random(3);
        std::uint64_t lastAcknowledged = 0;
        for (int round = 0; round < 20; ++round) {
            int ends[2];
            QCOMPARE(::pipe(ends), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(ends[0]);
                appendForever(folder / "s", ends[1]);
            }
            ::close(ends[1]);
            std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 90));
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            QVERIFY2(WIFSIGNALED(status), std::to_string(WEXITSTATUS(status)).c_str());
            for (std::uint64_t block = 0; ::read(ends[0], &block, sizeof block) == sizeof block;) {
                lastAcknowledged = block + 1;
            }
            ::close(ends[0]);
            verify(folder / "s", lastAcknowledged);
            if (QTest::currentTestFailed()) {
                return;
            }
        }
        QVERIFY2(lastAcknowledged >= 20, std::to_string(lastAcknowledged).c_str());
    }

private:
    static void verify(const std::filesystem::path &folder, std::uint64_t acknowledged)
    {
        const auto store = EventStore::open(folder, smallSegments());
        QVERIFY2(store.has_value(), store ? "" : describe(store.error()).c_str());
        for (const Error &error : (*store)->problems()) {
            QFAIL(describe(error).c_str());
        }
        const auto cursor = (*store)->cursor("source");
        const std::uint64_t blocks = cursor ? cursor->offset : 0;
        QVERIFY(blocks >= acknowledged);
        QCOMPARE((*store)->lastId(), static_cast<std::int64_t>(blocks * kRows));
        QCOMPARE((*store)->quarantinedCount(), static_cast<std::int64_t>(blocks));
        ScanRequest request;
        request.raw = true;
        std::uint64_t number = 0;
        bool good = true;
        const Status done = (*store)->scan((*store)->snapshot(), request, {}, [&](const StoredBlock &block) {
            for (std::size_t row = 0; row < block.block.rows(); ++row, ++number) {
                good = good &&
                       block.firstId + static_cast<std::int64_t>(row) == static_cast<std::int64_t>(number) + 1 &&
                       block.block.raw(row).starts_with("{\"n\":" + std::to_string(number) + ",");
            }
            return true;
        });
        QVERIFY2(done.has_value(), done ? "" : describe(done.error()).c_str());
        QVERIFY(good);
        QCOMPARE(number, blocks * kRows);
    }
};

QTEST_GUILESS_MAIN(TestDurability)
#include "tst_durability.moc"
