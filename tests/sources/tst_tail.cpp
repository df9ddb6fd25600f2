// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packing.h"

#include "sources/tail.h"

#include "support/support.h"

using namespace nightjar;
using namespace nightjar::sources;
using test::slurp;
using test::write;

namespace {

class ManualClock : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return time; }
    Timestamp time = 1'000 * kMicrosPerSecond;
};

/// Everything that comes until nothing does: bytes, "|R|" for a rotation, "|T|" for a truncation, "|A|" for absence.
std::string drain(Tail &tail, std::size_t limit = 1U << 20U)
{
    std::string out;
    for (int guard = 0; guard < 1'000; ++guard) {
        const auto got = tail.poll(limit);
        if (!got) {
            return out + "|" + got.error().code + "|";
        }
        switch (got->what) {
        case Tail::What::Data:
            out += got->bytes;
            break;
        case Tail::What::Rotated:
            out += "|R|";
            break;
        case Tail::What::Truncated:
            out += "|T|";
            break;
        case Tail::What::Absent:
            return out + "|A|";
        case Tail::What::Nothing:
            return out;
        }
    }
    return out + "|endless|";
}

/// A beginning that tells files apart, as real records do.
std::string record(int number)
{
    return "{\"n\":" + std::to_string(number) + ",\"text\":\"" +
           std::string(400, static_cast<char>('a' + number % 26)) + "\"}\n";
}

} // namespace

class TestTail : public QObject {
    Q_OBJECT

    ManualClock m_clock;

private Q_SLOTS:
    void appended()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        Tail tail(path, m_clock);
        QCOMPARE(drain(tail), std::string("|A|")); // it appears later
        write(path, "one\n");
        QCOMPARE(drain(tail), std::string("one\n"));
        QCOMPARE(drain(tail), std::string());
        write(path, "tw", true);
        QCOMPARE(drain(tail, 1), std::string("tw"));
        write(path, "o\n", true);
        QCOMPARE(drain(tail), std::string("o\n"));
        QCOMPARE(tail.cursor().offset, std::uint64_t{8});
    }

    void rotatedByRenaming()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        write(path, "one\n");
        Tail tail(path, m_clock);
        QCOMPARE(drain(tail), std::string("one\n"));
        write(path, "two\n", true);
        std::filesystem::rename(path, folder / "web.log.1");
        QCOMPARE(drain(tail), std::string("two\n|A|"));
        write(path, "three\n");
        QCOMPARE(drain(tail), std::string());
        write(folder / "web.log.1", "late\n", true); // the writer still had it open
        QCOMPARE(drain(tail), std::string("late\n"));
        m_clock.time += kMicrosPerSecond / 2;
        QCOMPARE(drain(tail), std::string());
        m_clock.time += kMicrosPerSecond;
        QCOMPARE(drain(tail), std::string("|R|three\n"));
        write(path, "four\n", true);
        QCOMPARE(drain(tail), std::string("four\n"));
    }

    /// The rotated file is compressed and removed while it is followed: the open file is read to its end.
    void rotatedAndCompressed()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        write(path, "one\n");
        Tail tail(path, m_clock);
        QCOMPARE(drain(tail), std::string("one\n"));
        write(path, "two\n", true);
        QVERIFY(test::pack(folder / "web.log.1.gz", "raw", "gzip", {{"data", slurp(path)}}));
        std::filesystem::remove(path);
        write(path, "three\n");
        QCOMPARE(drain(tail), std::string("two\n"));
        m_clock.time += 2 * kMicrosPerSecond;
        QCOMPARE(drain(tail), std::string("|R|three\n"));
    }

    void truncated()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        write(path, "one\ntwo\n");
        Tail tail(path, m_clock);
        QCOMPARE(drain(tail), std::string("one\ntwo\n"));
        write(path, ""); // cut, as copytruncate does
        QCOMPARE(drain(tail), std::string("|T|"));
        write(path, "three\n", true);
        QCOMPARE(drain(tail), std::string("three\n"));
        write(path, "something longer than before\n"); // rewritten in place between two polls
        QCOMPARE(drain(tail), std::string("|T|something longer than before\n"));
    }

    void resumed()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        write(path, record(1) + record(2));
        TailCursor cursor;
        {
            Tail tail(path, m_clock);
            QCOMPARE(drain(tail), record(1) + record(2));
            const auto back = TailCursor::fromText(tail.cursor().toText());
            QVERIFY(back.has_value());
            QVERIFY(*back == tail.cursor());
            cursor = *back;
        }
        {
            Tail again(path, m_clock, &cursor);
            QCOMPARE(drain(again), std::string());
            write(path, record(3), true);
            QCOMPARE(drain(again), record(3));
            cursor = again.cursor();
        }
        std::filesystem::rename(path, folder / "web.log.1");
        write(folder / "web.log.1", record(4), true);
        write(path, record(5));
        {
            Tail moved(path, m_clock, &cursor);
            QCOMPARE(drain(moved), record(4) + "|R|" + record(5));
        }
        // The rotated file has been compressed meanwhile; other files of the same family lie beside it.
        write(folder / "web.log.2", record(9));
        QVERIFY(test::pack(folder / "web.log.0.gz", "raw", "gzip", {{"data", record(8) + record(9)}}));
        QVERIFY(test::pack(folder / "web.log.1.gz", "raw", "gzip", {{"data", slurp(folder / "web.log.1")}}));
        std::filesystem::remove(folder / "web.log.1");
        {
            Tail packed(path, m_clock, &cursor);
            QCOMPARE(drain(packed, 100), record(4) + "|R|" + record(5));
        }
        // Stopped amid the compressed rest, and resumed.
        {
            Tail packed(path, m_clock, &cursor);
            const auto some = packed.poll(50);
            QVERIFY(some.has_value());
            QCOMPARE(some->bytes, record(4).substr(0, 50));
            Tail later(path, m_clock, &some->cursor);
            QCOMPARE(drain(later), record(4).substr(50) + "|R|" + record(5));
        }
        // Nothing is left of the rotated file: the new one is read from its start.
        for (const char *name : {"web.log.1.gz", "web.log.0.gz", "web.log.2"}) {
            std::filesystem::remove(folder / name);
        }
        Tail lost(path, m_clock, &cursor);
        QCOMPARE(drain(lost), "|R|" + record(5));
    }

    void resumedWhileAbsent()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        write(path, record(1));
        Tail first(path, m_clock);
        QCOMPARE(drain(first), record(1));
        const TailCursor cursor = first.cursor();
        std::filesystem::rename(path, folder / "web.log.1");
        Tail rest(path, m_clock, &cursor);
        QCOMPARE(drain(rest), std::string("|R||A|"));
        std::filesystem::rename(folder / "web.log.1", folder / "elsewhere");
        Tail waits(path, m_clock, &cursor);
        QCOMPARE(drain(waits), std::string("|A|"));
        std::filesystem::rename(folder / "elsewhere", path);
        write(path, record(2), true);
        QCOMPARE(drain(waits), record(2));
    }

    void damagedRotated()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "web.log";
        std::string text;
        for (int i = 0; i < 2'000; ++i) {
            text += record(i * 7'919) + std::to_string(i * 104'729) + "\n";
        }
        write(path, text.substr(0, 5'000));
        Tail first(path, m_clock);
        QCOMPARE(drain(first).size(), std::size_t{5'000});
        const TailCursor cursor = first.cursor();
        QVERIFY(test::pack(folder / "web.log.1.gz", "raw", "gzip", {{"data", text}}));
        const std::string whole = slurp(folder / "web.log.1.gz");
        write(folder / "web.log.1.gz", whole.substr(0, whole.size() / 2));
        std::filesystem::remove(path);
        write(path, record(3));
        Tail again(path, m_clock, &cursor);
        const std::string got = drain(again);
        QVERIFY2(got.ends_with("|NJ-SOURCES-005|"), got.substr(got.size() - 30).c_str());
        QVERIFY(got.size() > 20'000);
        QCOMPARE(drain(again), "|R|" + record(3));
    }

    void refused()
    {
        const testsupport::TemporaryFolder folder;
        Tail directory(folder.path(), m_clock);
        QCOMPARE(drain(directory), std::string("|NJ-SOURCES-003|"));
        for (const char *text :
             {"", "nj-tail-1 1 2 3", "nj-tail-1 1 2 3 x", "nj-tail-1 1 2 9000 1", "nj-tail-1 1 2 3 4"}) {
            QCOMPARE(TailCursor::fromText(text).error().code, std::string("NJ-SOURCES-010"));
        }
        QVERIFY(TailCursor::fromText("nj-tail-1 1 3 3 4").has_value());
    }
};

QTEST_GUILESS_MAIN(TestTail)
#include "tst_tail.moc"
