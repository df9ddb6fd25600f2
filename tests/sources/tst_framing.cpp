// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/syslogframer.h"

#include "sources/requestbody.h"

#include <QTest>

#include <zlib.h>

#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::sources;

namespace {

std::vector<std::string> recordsOf(const logs::RecordBatch &batch)
{
    std::vector<std::string> records;
    for (const logs::RecordSpan &span : batch.records) {
        records.push_back(batch.bytes.substr(span.offset, span.length));
    }
    return records;
}

std::string gzipOf(const std::string &plain)
{
    z_stream stream{};
    std::string out(plain.size() + 1'000, '\0');
    if (deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return {};
    }
    std::string in = plain;
    stream.next_in = reinterpret_cast<Bytef *>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::size_t countOf(const std::vector<logs::RecordBatch> &batches)
{
    std::size_t records = 0;
    for (const logs::RecordBatch &batch : batches) {
        records += batch.records.size();
    }
    return records;
}

} // namespace

/// Framing of what comes over TCP and of the bodies of requests: the same records however the bytes come in pieces.
class FramingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stream_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArrayList>("records");
        QTest::newRow("lines") << QByteArray("a\nbc\n") << QByteArrayList{"a", "bc"};
        QTest::newRow("no line end at the end") << QByteArray("a\nbc") << QByteArrayList{"a", "bc"};
        QTest::newRow("CR LF, blank lines, NUL") << QByteArray("a\r\n\r\n\nb\0\n", 9) << QByteArrayList{"a", "b"};
        QTest::newRow("counted") << QByteArray("5 <1>ab6 <2>c\nd") << QByteArrayList{"<1>ab", "<2>c\nd"};
        QTest::newRow("counted with line ends between")
            << QByteArray("4 <1>a\n4 <2>b\n") << QByteArrayList{"<1>a", "<2>b"};
        QTest::newRow("counted JSON") << QByteArray("2 {}7 {\"a\":1}") << QByteArrayList{"{}", "{\"a\":1}"};
        QTest::newRow("counted, then lines") << QByteArray("4 <1>a<2>b\n") << QByteArrayList{"<1>a", "<2>b"};
        QTest::newRow("lines that begin with digits")
            << QByteArray("200 ok\n12\n1,2\n9 {\n") << QByteArrayList{"200 ok", "12", "1,2", "9 {"};
        QTest::newRow("a priority is no count") << QByteArray("<134>1 x\n") << QByteArrayList{"<134>1 x"};
        QTest::newRow("a count beyond all bounds")
            << QByteArray("99999999999 <x\nb\n") << QByteArrayList{"99999999999 <x", "b"};
        QTest::newRow("nothing") << QByteArray() << QByteArrayList{};
    }
    void stream()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArrayList, records);
        std::vector<std::string> expected;
        for (const QByteArray &record : records) {
            expected.push_back(record.toStdString());
        }
        for (qsizetype piece = 1; piece <= std::max<qsizetype>(1, bytes.size()); ++piece) {
            SyslogFramer framer(1'000);
            logs::RecordBatch batch;
            for (qsizetype at = 0; at < bytes.size(); at += piece) {
                const QByteArray part = bytes.mid(at, piece);
                framer.feed(std::string_view(part.constData(), static_cast<std::size_t>(part.size())), batch);
            }
            framer.finish(batch);
            QCOMPARE(recordsOf(batch), expected);
            QVERIFY(batch.rejects.empty());
            QCOMPARE(framer.waiting(), std::size_t{0});
        }
    }

    void tooLong_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("line") << QByteArray("a\n") << QByteArray("\nb\n");
        QTest::newRow("counted") << QByteArray("4 <1>a300000 <") << QByteArray("4 <2>b");
    }
    void tooLong()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const bool counted = after.startsWith('4');
        SyslogFramer framer(100'000);
        logs::RecordBatch batch;
        framer.feed(before.toStdString(), batch);
        const std::string filler(1'000, 'x');
        for (int left = counted ? 299'999 : 300'000; left > 0; left -= 1'000) {
            framer.feed(std::string_view(filler).substr(0, static_cast<std::size_t>(std::min(left, 1'000))), batch);
            QVERIFY(framer.waiting() < 102'000);
        }
        framer.feed(after.toStdString(), batch);
        QCOMPARE(batch.records.size(), std::size_t{2});
        QCOMPARE(batch.rejects.size(), std::size_t{1});
        QCOMPARE(batch.rejects.front().error.code, std::string("NJ-LOGS-001"));
        QVERIFY(batch.rejects.front().raw.size() <= logs::kMaxRejectRaw);
    }

    void unfinishedFrame()
    {
        SyslogFramer framer(1'000);
        logs::RecordBatch batch;
        framer.feed("20 <1>half", batch);
        framer.finish(batch);
        QVERIFY(batch.records.empty());
        QCOMPARE(batch.rejects.front().error.code, std::string("NJ-SOURCES-023"));
        QCOMPARE(batch.rejects.front().raw, std::string("<1>half"));
    }

    void body_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("records");
        QTest::addColumn<int>("damaged");
        const std::string lines = "{\"a\":1}\n{\"a\":2}\n";
        const std::string packed = gzipOf(lines);
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("lines") << bytes(lines) << 2 << 0;
        QTest::newRow("array") << QByteArray("[{\"a\":1},\n{\"a\":2}]") << 2 << 0;
        QTest::newRow("concatenated") << QByteArray("{\"a\":1}{\"a\":2}") << 2 << 0;
        QTest::newRow("gzip") << bytes(packed) << 2 << 0;
        QTest::newRow("two gzip members") << bytes(packed + packed) << 4 << 0;
        QTest::newRow("gzip cut") << bytes(packed.substr(0, packed.size() - 9)) << 2 << 1;
        QTest::newRow("gzip damaged") << bytes("\x1F\x8B" + std::string(40, 'x')) << 0 << 1;
        QTest::newRow("gzip magic only") << QByteArray("\x1F\x8B") << 0 << 1;
        QTest::newRow("nothing") << QByteArray() << 0 << 0;
        QTest::newRow("one byte") << QByteArray("x") << 1 << 0;
    }
    void body()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, records);
        QFETCH(int, damaged);
        for (const qsizetype piece : {qsizetype{1}, qsizetype{7}, qsizetype{10'000}}) {
            RequestBody body(1'000'000);
            for (qsizetype at = 0; at < bytes.size(); at += piece) {
                body.feed(bytes.mid(at, piece).toStdString());
            }
            const auto batches = body.finish();
            QCOMPARE(static_cast<int>(countOf(batches)), records);
            QCOMPARE(static_cast<int>(batches.empty() ? 0 : batches.back().rejects.size()), damaged);
            QVERIFY(!body.tooLarge());
            QVERIFY(!body.lost());
            QCOMPARE(body.bytesReceived(), static_cast<std::size_t>(bytes.size()));
            if (damaged > 0) {
                QCOMPARE(batches.back().rejects.back().raw, bytes.toStdString());
            }
        }
    }

    void bombs()
    {
        const std::string packed = gzipOf(std::string(50'000'000, ' '));
        RequestBody body(1'000'000);
        body.feed(packed);
        QVERIFY(body.tooLarge());
        QVERIFY(body.bytesHeld() <= 1'000'000);
        RequestBody plain(1'000'000);
        const std::string filler(100'000, ' ');
        for (int i = 0; i < 100; ++i) {
            plain.feed(filler);
        }
        QVERIFY(plain.tooLarge());
    }
};

QTEST_GUILESS_MAIN(FramingTest)
#include "tst_framing.moc"
