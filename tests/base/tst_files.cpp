// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/hash.h"
#include "base/result.h"
#include "support/support.h"

#include <QTest>

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace nightjar;

class TestFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void keepsOldFileOnFailure();
    void replacesWhatALinkPointsTo();
    void readFailures();
    void limit();
    void descriptorOwns();
    void usage();
    void hashes();
    void describeError_data();
    void describeError();
};

void TestFiles::roundTrip()
{
    const testsupport::TemporaryFolder folder;
    const std::string bytes("a\0b\xFF\n", 5);
    QVERIFY(writeFileAtomically(folder / "x", "old").has_value());
    QVERIFY(writeFileAtomically(folder / "x", bytes).has_value());
    QCOMPARE(readFile(folder / "x", 100).value_or(""), bytes);
    struct stat status {};
    QCOMPARE(::stat((folder / "x").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1); // no temporary file is left
    QVERIFY(writeFileAtomically(folder / "empty", "").has_value());
    QCOMPARE(readFile(folder / "empty", 0).value_or("?"), std::string());
}

void TestFiles::keepsOldFileOnFailure()
{
    const testsupport::TemporaryFolder folder;
    const Status status = writeFileAtomically(folder / "none/x", "new");
    QVERIFY(!status.has_value());
    QCOMPARE(status.error().code, std::string("NJ-BASE-022"));
    QVERIFY(!status.error().hint.empty());
    std::filesystem::create_directory(folder / "taken");
    QVERIFY(writeFileAtomically(folder / "taken/inside", "kept").has_value());
    QVERIFY(!writeFileAtomically(folder / "taken", "new").has_value()); // a folder cannot be replaced
    QCOMPARE(readFile(folder / "taken/inside", 100).value_or(""), std::string("kept"));
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

void TestFiles::replacesWhatALinkPointsTo()
{
    const testsupport::TemporaryFolder folder;
    QVERIFY(writeFileAtomically(folder / "real", "old").has_value());
    std::filesystem::create_symlink("real", folder / "link");
    QVERIFY(writeFileAtomically(folder / "link", "new").has_value());
    QVERIFY(std::filesystem::is_symlink(folder / "link"));
    QCOMPARE(readFile(folder / "real", 100).value_or(""), std::string("new"));
}

void TestFiles::readFailures()
{
    const testsupport::TemporaryFolder folder;
    const Result<std::string> missing = readFile(folder / "missing", 10);
    QVERIFY(!missing.has_value());
    QCOMPARE(missing.error().code, std::string("NJ-BASE-020"));
    QCOMPARE(missing.error().reason, std::string("No such file or directory"));
    QCOMPARE(missing.error().place.file, (folder / "missing").string());
    const Result<std::string> directory = readFile(folder.path(), 10);
    QVERIFY(!directory.has_value());
    QCOMPARE(directory.error().code, std::string("NJ-BASE-020"));
}

void TestFiles::limit()
{
    const testsupport::TemporaryFolder folder;
    const std::string large(200'000, 'x');
    QVERIFY(writeFileAtomically(folder / "x", large).has_value());
    QCOMPARE(readFile(folder / "x", large.size()).value_or("").size(), large.size());
    const Result<std::string> refused = readFile(folder / "x", large.size() - 1);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, std::string("NJ-BASE-021"));
}

void TestFiles::descriptorOwns()
{
    const int raw = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    QVERIFY(raw >= 0);
    {
        FileDescriptor first(raw);
        FileDescriptor second(std::move(first));
        QVERIFY(second.valid());
        FileDescriptor third;
        third = std::move(second);
        QCOMPARE(third.get(), raw);
    }
    QCOMPARE(::fcntl(raw, F_GETFD), -1); // closed once, by the last owner
}

void TestFiles::usage()
{
    const ProcessUsage usage = processUsage();
    QVERIFY(usage.peakResidentBytes > 1'000'000);
    QVERIFY(usage.cpuSeconds > 0);
}

void TestFiles::hashes()
{
    QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(hash64(""), std::uint64_t{0x2D06800538D394C2}); // the published value of XXH3 for no input
    QVERIFY(hash64("a") != hash64("b"));
    QVERIFY(hash64("a", 1) != hash64("a", 2));
}

void TestFiles::describeError_data()
{
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("kind");
    QTest::newRow("all") << QByteArray("NJ-X-001: T: R (f:3:7)\n  H") << 0;
    QTest::newRow("title only") << QByteArray("NJ-X-001: T") << 1;
    QTest::newRow("file only") << QByteArray("NJ-X-001: T (f)") << 2;
    QTest::newRow("line without file") << QByteArray("NJ-X-001: T (line 3)") << 3;
}

void TestFiles::describeError()
{
    QFETCH(QByteArray, expected);
    QFETCH(int, kind);
    const std::vector<Error> errors{{"NJ-X-001", "T", "R", {"f", 3, 7}, "H"},
                                    {"NJ-X-001", "T", {}, {}, {}},
                                    {"NJ-X-001", "T", {}, {"f"}, {}},
                                    {"NJ-X-001", "T", {}, {"", 3}, {}}};
    QCOMPARE(QByteArray::fromStdString(describe(errors[static_cast<std::size_t>(kind)])), expected);
}

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
