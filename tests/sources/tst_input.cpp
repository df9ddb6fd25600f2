// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packing.h"

#include "sources/input.h"
#include "sources/paths.h"

#include "support/support.h"

#include <sys/stat.h>
#include <unistd.h>

using namespace nightjar;
using namespace nightjar::sources;
using test::Members;

namespace {

struct Read {
    Members members;                 ///< name, content
    std::vector<std::string> errors; ///< codes
    std::vector<std::uint64_t> prints;
    std::uint64_t bytes = 0;
    std::uint64_t total = 0;
};

Read readAll(const std::filesystem::path &path, std::size_t piece = 1'000)
{
    Read out;
    auto input = Input::open(path);
    if (!input) {
        out.errors.push_back(input.error().code);
        return out;
    }
    for (int guard = 0; guard < 20'000; ++guard) {
        const auto more = (*input)->nextMember();
        if (!more) {
            out.errors.push_back(more.error().code);
            break;
        }
        if (!*more) {
            break;
        }
        std::string content;
        std::vector<char> buffer(piece);
        for (;;) {
            const auto got = (*input)->read(buffer);
            if (!got) {
                out.errors.push_back(got.error().code);
                break;
            }
            if (*got == 0) {
                break;
            }
            content.append(buffer.data(), *got);
        }
        out.members.emplace_back((*input)->name(), content);
        out.prints.push_back((*input)->headFingerprint());
        out.prints.push_back((*input)->fingerprint());
    }
    out.bytes = (*input)->bytesRead();
    out.total = (*input)->totalBytes();
    return out;
}

/// Text that does not compress away.
std::string lines(int count)
{
    std::string text;
    for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
        text += "{\"n\":" + std::to_string(i * 2'654'435'761U) + "}\n";
    }
    return text;
}

} // namespace

class TestInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void single_data()
    {
        QTest::addColumn<std::string>("filter");
        for (const char *filter : {"none", "gzip", "bzip2", "xz", "zstd"}) {
            QTest::newRow(filter) << std::string(filter);
        }
    }

    void single()
    {
        QFETCH(std::string, filter);
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "log"; // no telling name
        for (const std::string &text : {lines(20'000), std::string("x"), std::string(2'000, '\0'), std::string()}) {
            QVERIFY(test::pack(path, "raw", filter, {{"data", text}}));
            const Read got = readAll(path);
            QVERIFY2(got.errors.empty(), got.errors.empty() ? "" : got.errors.front().c_str());
            QCOMPARE(got.members.size(), std::size_t{1});
            QCOMPARE(got.members[0].first, path.string());
            QVERIFY(got.members[0].second == text);
            QCOMPARE(got.total, std::uint64_t{std::filesystem::file_size(path)});
            QVERIFY(got.bytes <= got.total);
            QVERIFY(got.bytes > 0 || got.total == 0);
        }
    }

    void archives_data()
    {
        QTest::addColumn<std::string>("format");
        QTest::addColumn<std::string>("filter");
        QTest::newRow("zip") << std::string("zip") << std::string("none");
        QTest::newRow("7z") << std::string("7z") << std::string("none");
        QTest::newRow("tar") << std::string("tar") << std::string("none");
        QTest::newRow("tar.gz") << std::string("tar") << std::string("gzip");
        QTest::newRow("tar.xz") << std::string("tar") << std::string("xz");
        QTest::newRow("tar.zst") << std::string("tar") << std::string("zstd");
        QTest::newRow("tar.bz2") << std::string("tar") << std::string("bzip2");
    }

    void archives()
    {
        QFETCH(std::string, format);
        QFETCH(std::string, filter);
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "logs";
        const std::string inner = (folder / "inner").string();
        QVERIFY(test::pack(inner, "raw", "gzip", {{"data", lines(3'000)}}));
        const Members members{{"day/", ""},
                              {"day/web.json", lines(20'000)},
                              {"day/.hidden", "no"},
                              {"__MACOSX/x", "no"},
                              {"../../etc/evil.json", "{}"},
                              {"empty.json", ""},
                              {"fw.json.gz", test::slurp(inner)}};
        QVERIFY(test::pack(path, format, filter, members));
        const Read got = readAll(path);
        QVERIFY2(got.errors.empty(), got.errors.empty() ? "" : got.errors.front().c_str());
        QCOMPARE(got.members.size(), std::size_t{4});
        for (const auto &[name, content] : got.members) {
            const std::string label = name.substr(path.string().size());
            const std::string wanted = label == "!day/web.json"          ? members[1].second
                                       : label == "!../../etc/evil.json" ? "{}"
                                       : label == "!fw.json.gz"          ? lines(3'000)
                                                                         : "";
            QVERIFY2(label == "!empty.json" || !wanted.empty(), label.c_str());
            QVERIFY2(content == wanted, label.c_str());
        }
        QVERIFY(!std::filesystem::exists(folder / "day"));
    }

    void fingerprints()
    {
        const testsupport::TemporaryFolder folder;
        const std::string text = lines(20'000);
        test::write(folder / "plain", text);
        QVERIFY(test::pack(folder / "gz", "raw", "gzip", {{"data", text}}));
        test::write(folder / "tailed", text + "x");
        const Read plain = readAll(folder / "plain");
        const Read small = readAll(folder / "plain", 7);
        const Read gz = readAll(folder / "gz");
        const Read tailed = readAll(folder / "tailed");
        QVERIFY(plain.prints == gz.prints);
        QVERIFY(plain.prints == small.prints);
        QCOMPARE(plain.prints[0], tailed.prints[0]); // the same beginning
        QVERIFY(plain.prints[1] != tailed.prints[1]);
        QVERIFY(plain.prints[0] != 0);
    }

    void cutAndDamaged_data()
    {
        QTest::addColumn<std::string>("format");
        QTest::addColumn<std::string>("filter");
        QTest::addColumn<int>("atLeast"); // per cent of the text that must come out of a cut file
        QTest::newRow("gz") << std::string("raw") << std::string("gzip") << 45;
        QTest::newRow("zip") << std::string("zip") << std::string("none") << 30;
        QTest::newRow("tar") << std::string("tar") << std::string("none") << 30;
        QTest::newRow("zst") << std::string("raw") << std::string("zstd") << 1;
        QTest::newRow("xz") << std::string("raw") << std::string("xz") << 0;
    }

    void cutAndDamaged()
    {
        QFETCH(std::string, format);
        QFETCH(std::string, filter);
        QFETCH(int, atLeast);
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "log";
        const std::string text = lines(20'000);
        QVERIFY(test::pack(path, format, filter, {{"data", text}}));
        const std::string whole = test::slurp(path);
        test::write(path, whole.substr(0, whole.size() / 2));
        const Read cut = readAll(path);
        QVERIFY(!cut.errors.empty());
        QCOMPARE(cut.errors.front(), std::string("NJ-SOURCES-005"));
        std::string got;
        for (const auto &member : cut.members) {
            got += member.second;
        }
        QVERIFY2(text.starts_with(got), "what was read is the text's beginning");
        QVERIFY2(got.size() * 100 >= text.size() * static_cast<std::size_t>(atLeast),
                 qPrintable(QString::number(got.size())));
        if (filter == "none") {
            return; // stored without a checksum, or detected at the end only
        }
        std::string damaged = whole;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        damaged[damaged.size() / 2 + 1] = static_cast<char>(damaged[damaged.size() / 2 + 1] ^ 0x55);
        test::write(path, damaged);
        QVERIFY(!readAll(path).errors.empty());
    }

    /// A gzip of a few bytes that was cut still gives them.
    void smallCutGzip()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "log.gz";
        QVERIFY(test::pack(path, "raw", "gzip", {{"data", lines(100)}}));
        const std::string whole = test::slurp(path);
        test::write(path, whole.substr(0, whole.size() - 9)); // without its trailer and a byte
        const Read got = readAll(path);
        QCOMPARE(got.errors, std::vector<std::string>{"NJ-SOURCES-005"});
        QVERIFY(got.members[0].second.size() * 10 > lines(100).size() * 9);
    }

    void gzipPieces()
    {
        const testsupport::TemporaryFolder folder;
        QVERIFY(test::pack(folder / "a", "raw", "gzip", {{"data", lines(10)}}));
        QVERIFY(test::pack(folder / "b", "raw", "gzip", {{"data", lines(20)}}));
        test::write(folder / "c", test::slurp(folder / "a") + test::slurp(folder / "b") + std::string(100, '\0'));
        const Read got = readAll(folder / "c");
        QVERIFY(got.errors.empty());
        QVERIFY(got.members[0].second == lines(10) + lines(20));
    }

    void nested()
    {
        const testsupport::TemporaryFolder folder;
        QVERIFY(test::pack(folder / "inner.zip", "zip", "none", {{"a", "x"}}));
        QVERIFY(test::pack(folder / "outer.zip", "zip", "none",
                           {{"inner.zip", test::slurp(folder / "inner.zip")}, {"b.json", "{}"}}));
        const Read got = readAll(folder / "outer.zip");
        QCOMPARE(got.errors, std::vector<std::string>{"NJ-SOURCES-007"});
        QCOMPARE(got.members.size(), std::size_t{2});
        QCOMPARE(got.members[1].second, std::string("{}")); // the next member is read
        QVERIFY(test::pack(folder / "zip.gz", "raw", "gzip", {{"data", test::slurp(folder / "inner.zip")}}));
        QCOMPARE(readAll(folder / "zip.gz").errors, std::vector<std::string>{"NJ-SOURCES-007"});
    }

    void tooManyMembers()
    {
        const testsupport::TemporaryFolder folder;
        Members members(10'001, {"a", ""});
        QVERIFY(test::pack(folder / "many.tar", "tar", "none", members));
        QCOMPARE(readAll(folder / "many.tar").errors, std::vector<std::string>{"NJ-SOURCES-006"});
    }

    /// 320 MB of zeros in a few hundred kB: stopped, in little memory.
    void bomb()
    {
        const testsupport::TemporaryFolder folder;
        const auto path = folder / "bomb.zst";
        archive *out = archive_write_new();
        archive_write_set_format_raw(out);
        archive_write_add_filter_zstd(out);
        QVERIFY(archive_write_open_filename(out, path.c_str()) == ARCHIVE_OK);
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, "data");
        archive_entry_set_filetype(entry, AE_IFREG);
        QVERIFY(archive_write_header(out, entry) == ARCHIVE_OK);
        const std::string zeros(8U << 20U, '\0');
        for (int i = 0; i < 40; ++i) {
            archive_write_data(out, zeros.data(), zeros.size());
        }
        archive_entry_free(entry);
        archive_write_close(out);
        archive_write_free(out);
        auto input = Input::open(path);
        QVERIFY(input.has_value());
        QVERIFY((*input)->nextMember().value_or(false));
        std::vector<char> buffer(1U << 20U);
        std::uint64_t bytes = 0;
        Result<std::size_t> got = std::size_t{0};
        do {
            got = (*input)->read(buffer);
            bytes += got ? *got : 0;
        } while (got && *got > 0);
        QVERIFY(!got);
        QCOMPARE(got.error().code, std::string("NJ-SOURCES-008"));
        QVERIFY(bytes < (300U << 20U));
        QVERIFY(!(*input)->nextMember().has_value());
    }

    void refused()
    {
        const testsupport::TemporaryFolder folder;
        QCOMPARE(readAll(folder / "absent").errors, std::vector<std::string>{"NJ-SOURCES-003"});
        QCOMPARE(readAll(folder.path()).errors, std::vector<std::string>{"NJ-SOURCES-004"});
        test::write(folder / "empty", "");
        const Read empty = readAll(folder / "empty");
        QVERIFY(empty.errors.empty());
        QCOMPARE(empty.members.size(), std::size_t{1});
        QVERIFY(empty.members[0].second.empty());
        if (::geteuid() != 0) {
            test::write(folder / "secret", "x");
            ::chmod((folder / "secret").c_str(), 0);
            const auto input = Input::open(folder / "secret");
            QVERIFY(!input);
            QVERIFY(!input.error().hint.empty());
        }
    }

    void paths()
    {
        const testsupport::TemporaryFolder folder;
        std::filesystem::create_directories(folder / "logs" / "b");
        std::filesystem::create_directories(folder / "logs" / ".git");
        for (const char *name : {"logs/b/2", "logs/b/1", "logs/a", "logs/.hidden", "logs/.git/x", "c"}) {
            test::write(folder / name, name);
        }
        std::filesystem::create_directory_symlink(folder.path(), folder / "logs" / "loop");
        std::filesystem::create_symlink(folder / "c", folder / "logs" / "link");
        ::mkfifo((folder / "logs" / "pipe").c_str(), 0600);
        const auto got = expandPaths({folder / "logs", "-", folder / "logs" / ".hidden"});
        QVERIFY(got.has_value());
        const std::vector<std::filesystem::path> wanted{folder / "logs" / "a",
                                                        folder / "logs" / "b" / "1",
                                                        folder / "logs" / "b" / "2",
                                                        folder / "logs" / "link",
                                                        "-",
                                                        folder / "logs" / ".hidden"};
        QVERIFY(*got == wanted);
        const auto absent = expandPaths({folder / "nothing"});
        QVERIFY(!absent);
        QCOMPARE(absent.error().code, std::string("NJ-SOURCES-001"));
        QVERIFY(expandPaths({}).value().empty());
    }

    void contentKeys()
    {
        const testsupport::TemporaryFolder folder;
        test::write(folder / "a", lines(9'000));
        test::write(folder / "b", lines(9'000));
        test::write(folder / "c", lines(8'999));
        const CancelToken cancel;
        const auto a = contentKey(folder / "a", cancel);
        QVERIFY(a.has_value());
        QVERIFY(*a == contentKey(folder / "b", cancel).value());
        QVERIFY(*a != contentKey(folder / "c", cancel).value());
        QVERIFY(a->starts_with("xxh3-" + std::to_string(lines(9'000).size()) + "-"));
        QCOMPARE(contentKey(folder / "absent", cancel).error().code, std::string("NJ-SOURCES-003"));
        // Beyond one piece of 64 MB every byte still counts, and where it stands.
        const auto sparse = [&](const char *name, std::uintmax_t at) {
            test::write(folder / name, "x");
            std::filesystem::resize_file(folder / name, (130U << 20U) + 1);
            std::fstream file(folder / name, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(at));
            file.put('y');
            file.close();
            return contentKey(folder / name, cancel).value();
        };
        const std::string big = sparse("big", 129U << 20U);
        QVERIFY(big == sparse("same", 129U << 20U));
        QVERIFY(big != sparse("last", 130U << 20U));
        QVERIFY(big != sparse("second", 65U << 20U));
        QVERIFY(sparse("first", 1) != sparse("other piece", (64U << 20U) + 1));
        cancel.cancel();
        QCOMPARE(contentKey(folder / "a", cancel).error().code, std::string("NJ-SOURCES-009"));
    }
};

QTEST_GUILESS_MAIN(TestInput)
#include "tst_input.moc"
