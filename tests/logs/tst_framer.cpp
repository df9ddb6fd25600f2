// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/framer.h"

#include "support/support.h"

#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

struct Framed {
    std::vector<std::string> records;
    std::vector<event::RecordPosition> positions;
    std::vector<Reject> rejects;
    std::uint64_t end = 0;
};

void add(Framed &out, const RecordBatch &batch)
{
    for (const RecordSpan &span : batch.records) {
        out.records.push_back(batch.bytes.substr(span.offset, span.length));
        out.positions.push_back(span.position);
    }
    out.rejects.insert(out.rejects.end(), batch.rejects.begin(), batch.rejects.end());
    out.end = batch.endOffset;
}

Framed frame(const std::string &text, std::size_t chunk, FramerOptions options = {})
{
    RecordFramer framer(std::move(options));
    Framed out;
    for (std::size_t at = 0; at < text.size(); at += chunk) {
        framer.feed(std::string_view(text).substr(at, chunk));
        while (auto batch = framer.take()) {
            add(out, *batch);
        }
    }
    while (auto batch = framer.finish()) {
        add(out, *batch);
    }
    return out;
}

using Places = std::vector<std::pair<int, int>>;

} // namespace

class TestFramer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void records_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::vector<std::string>>("records");
        QTest::addColumn<Places>("places"); // line, index
        using Texts = std::vector<std::string>;
        const std::string quoted = "{\"a\":\"x } { \\\" y\"}";

        QTest::newRow("lines") << std::string("{\"a\":1}\n{\"b\":2}\n") << Texts{"{\"a\":1}", "{\"b\":2}"}
                               << Places{{1, 1}, {2, 2}};
        QTest::newRow("no last line end")
            << std::string("{\"a\":1}\n{\"b\":2}") << Texts{"{\"a\":1}", "{\"b\":2}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("bom and crlf") << std::string("\xEF\xBB\xBF{\"a\":1}\r\n{\"b\":2}\r\n")
                                      << Texts{"{\"a\":1}", "{\"b\":2}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("blank lines") << std::string("\n\n{\"a\":1}\n \t\r\n{\"b\":2}\n\n")
                                     << Texts{"{\"a\":1}", "{\"b\":2}"} << Places{{3, 1}, {5, 3}};
        QTest::newRow("braces in strings") << quoted + '\n' + quoted << Texts{quoted, quoted} << Places{{1, 1}, {2, 2}};
        QTest::newRow("concatenated") << std::string("{\"a\":{\"x\":1}}{\"b\":2} {\"c\":3}\n{\"d\":4}")
                                      << Texts{"{\"a\":{\"x\":1}}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"}
                                      << Places{{1, 1}, {1, 2}, {1, 3}, {2, 4}};
        QTest::newRow("pretty") << std::string(
                                       "{\n  \"a\": {\n    \"x\": \"}\"\n  }\n}\n{\n \"b\": [\n {},\n {}\n ]\n}\n")
                                << Texts{"{\n  \"a\": {\n    \"x\": \"}\"\n  }\n}", "{\n \"b\": [\n {},\n {}\n ]\n}"}
                                << Places{{1, 1}, {6, 2}};
        QTest::newRow("array, one line") << std::string("[{\"a\":1},{\"b\":{\"c\":2}}, {\"d\":\"],[\"}]\n")
                                         << Texts{"{\"a\":1}", "{\"b\":{\"c\":2}}", "{\"d\":\"],[\"}"}
                                         << Places{{1, 1}, {1, 2}, {1, 3}};
        QTest::newRow("array, lines") << std::string("[\n{\"a\":1},\n{\"b\":{}}\n]\n")
                                      << Texts{"{\"a\":1}", "{\"b\":{}}"} << Places{{2, 1}, {3, 2}};
        QTest::newRow("array, pretty") << std::string("[ {\n\"a\":1\n},\n {\n\"b\":2\n} ]")
                                       << Texts{"{\n\"a\":1\n}", "{\n\"b\":2\n}"} << Places{{1, 1}, {4, 2}};
        QTest::newRow("two arrays") << std::string("[{\"a\":1}]\n[{\"b\":2}]\n") << Texts{"{\"a\":1}", "{\"b\":2}"}
                                    << Places{{1, 1}, {2, 2}};
        QTest::newRow("line cut in a string") << std::string("{\"a\":1,\"b\":\"x\n{\"c\":1}\n")
                                              << Texts{"{\"a\":1,\"b\":\"x", "{\"c\":1}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("line cut behind a comma")
            << std::string("{\"a\":1,\n{\"c\":1}\n") << Texts{"{\"a\":1,", "{\"c\":1}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("line cut behind a colon")
            << std::string("{\"a\":1,\"b\":2,\"c\":\n{\"d\":1}\n") << Texts{"{\"a\":1,\"b\":2,\"c\":", "{\"d\":1}"}
            << Places{{1, 1}, {2, 2}};
        QTest::newRow("brace missing") << std::string("{\"a\":{\"b\":1}\n{\"c\":1}\n")
                                       << Texts{"{\"a\":{\"b\":1}", "{\"c\":1}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("bare quotes") << std::string("{\"a\":\"x \"q\" } y\"}\n{\"c\":1}\n")
                                     << Texts{"{\"a\":\"x \"q\" } y\"}", "{\"c\":1}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("cut at the end") << std::string("{\"a\":1}\n{\"b\":{\"c\"")
                                        << Texts{"{\"a\":1}", "{\"b\":{\"c\""} << Places{{1, 1}, {2, 2}};
        QTest::newRow("csv") << std::string("datetime,url,action\n1,2,3\n4,\"5\n6\",7\n8,9,10\n")
                             << Texts{"1,2,3", "4,\"5\n6\",7", "8,9,10"} << Places{{2, 1}, {3, 2}, {5, 3}};
        QTest::newRow("csv, header twice")
            << std::string("url;action\na;b\nurl;action\nc;d\n") << Texts{"a;b", "c;d"} << Places{{2, 1}, {4, 2}};
        QTest::newRow("csv, open quote") << std::string("url,action\n\"a,b\nc,d\n") << Texts{"\"a,b", "c,d"}
                                         << Places{{2, 1}, {3, 2}};
        QTest::newRow("tsv, empty first cell") << std::string("user\turl\n\tx\n") << Texts{"\tx"} << Places{{2, 1}};
        QTest::newRow("mixed") << std::string("{\"a\":1}\nx\ta=1\tb=2\n[not an array\n{\"c\":1}\n")
                               << Texts{"{\"a\":1}", "x\ta=1\tb=2", "[not an array", "{\"c\":1}"}
                               << Places{{1, 1}, {2, 2}, {3, 3}, {4, 4}};
        QTest::newRow("nul run") << std::string("{\"a\":1}\n") + std::string(500, '\0') + "{\"b\":2}\n"
                                 << Texts{"{\"a\":1}", "{\"b\":2}"} << Places{{1, 1}, {2, 2}};
        QTest::newRow("nothing") << std::string() << Texts{} << Places{};
        QTest::newRow("blank only") << std::string(" \n\r\n\n") << Texts{} << Places{};
    }

    void records()
    {
        QFETCH(std::string, text);
        QFETCH(std::vector<std::string>, records);
        QFETCH(Places, places);
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{7}, text.size() + 1}) {
            const Framed got = frame(text, chunk);
            QCOMPARE(got.records.size(), records.size());
            for (std::size_t i = 0; i < records.size(); ++i) {
                QCOMPARE(got.records[i], records[i]);
                QCOMPARE(static_cast<int>(got.positions[i].line), places[i].first);
                QCOMPARE(static_cast<int>(got.positions[i].index), places[i].second);
            }
            QVERIFY(got.rejects.empty());
            QVERIFY(records.empty() || got.end <= text.size());
        }
    }

    /// Stopping behind any batch and going on from its state gives the same records as one run.
    void resume_data()
    {
        QTest::addColumn<std::string>("text");
        std::string lines;
        std::string array = "[";
        std::string csv = "url,action,user\n";
        for (int i = 0; i < 50; ++i) {
            const std::string record = "{\"n\":" + std::to_string(i) + "}";
            lines += record + (i % 7 == 0 ? "\r\n\n" : "\n");
            array += (i == 0 ? "" : ",\n") + record;
            csv += "u" + std::to_string(i) + ",\"a\nb\",c\n";
        }
        QTest::newRow("lines") << lines;
        QTest::newRow("array") << array + "]";
        QTest::newRow("csv") << csv;
    }

    void resume()
    {
        QFETCH(std::string, text);
        const Framed whole = frame(text, 16);
        QVERIFY(whole.records.size() == 50);
        Framed pieces;
        FramerState state;
        for (int rounds = 0; rounds < 100; ++rounds) {
            FramerOptions options;
            options.maxRecords = 3;
            options.resume = state;
            RecordFramer framer(options);
            framer.feed(std::string_view(text).substr(state.offset));
            auto batch = framer.take();
            if (!batch) {
                batch = framer.finish();
            }
            if (!batch) {
                break;
            }
            QVERIFY(batch->records.size() <= 3);
            add(pieces, *batch);
            const auto back = FramerState::fromText(batch->resume.toText());
            QVERIFY(back.has_value());
            QCOMPARE(back->offset, batch->endOffset);
            QCOMPARE(back->next.index, batch->next.index);
            state = *back;
        }
        QVERIFY(pieces.records == whole.records);
        for (std::size_t i = 0; i < whole.positions.size(); ++i) {
            QCOMPARE(pieces.positions[i].line, whole.positions[i].line);
            QCOMPARE(pieces.positions[i].index, whole.positions[i].index);
        }
    }

    void stateText()
    {
        for (const std::string text :
             {"", "nj-framer-1 1 1 1 ---- ", "nj-framer-1 x 1 1 ---- ", "nj-framer-1 1 0 1 ---- ", "a b c d e f"}) {
            const auto state = FramerState::fromText(text);
            QCOMPARE(state.has_value(), text == "nj-framer-1 1 1 1 ---- ");
            QVERIFY(state.has_value() || state.error().code == "NJ-LOGS-010");
        }
    }

    void headers_data()
    {
        QTest::addColumn<std::string>("line");
        QTest::addColumn<int>("names");
        QTest::newRow("comma") << std::string("datetime,clientip,url") << 3;
        QTest::newRow("semicolon, quoted") << std::string("\"Time\";\"Client IP\";\"URL\"") << 3;
        QTest::newRow("tab") << std::string("time\turl") << 2;
        QTest::newRow("unknown words") << std::string("alpha,beta") << 2;
        QTest::newRow("same name twice") << std::string("url,url") << 0;
        QTest::newRow("values") << std::string("Mon Jun 20 15:29:11 2022,user,1.2.3.4") << 0;
        QTest::newRow("one word") << std::string("url") << 0;
        QTest::newRow("key=value") << std::string("a=1\tb=2") << 0;
        QTest::newRow("numbers") << std::string("1,2,3") << 0;
    }

    void headers()
    {
        QFETCH(std::string, line);
        QFETCH(int, names);
        const auto header = csvHeader(line);
        QCOMPARE(header ? static_cast<int>(header->names.size()) : 0, names);
    }

    /// A new header in one source ends the batch, so that a batch has one header only.
    void headerChanges()
    {
        RecordFramer framer;
        framer.feed("url,action,user\na,b,c\nuser,action,url\nd,e,f\n");
        const auto first = framer.take();
        QVERIFY(first.has_value());
        QCOMPARE(first->records.size(), std::size_t{1});
        QCOMPARE(first->header->names.front(), std::string("url"));
        const auto second = framer.finish();
        QVERIFY(second.has_value());
        QCOMPARE(second->records.size(), std::size_t{1});
        QCOMPARE(second->header->names.front(), std::string("user"));
        QVERIFY(!framer.finish().has_value());
    }

    void batches()
    {
        std::string text;
        for (int i = 0; i < 10; ++i) {
            text += "{\"n\":" + std::to_string(i) + "}\n";
        }
        FramerOptions options;
        options.maxRecords = 4;
        RecordFramer framer(options);
        framer.feed(text);
        std::uint64_t end = 0;
        std::size_t records = 0;
        while (auto batch = framer.take()) {
            QCOMPARE(batch->records.size(), std::size_t{4});
            QVERIFY(batch->endOffset > end);
            end = batch->endOffset;
            records += batch->records.size();
        }
        const auto last = framer.finish();
        QVERIFY(last.has_value());
        QCOMPARE(records + last->records.size(), std::size_t{10});
        QCOMPARE(last->endOffset, std::uint64_t{text.size()});
        QCOMPARE(last->next.line, std::uint64_t{11});
    }

    /// A line of 100 MB costs a reject and bounded memory; its neighbours are read.
    void longLine()
    {
        RecordFramer framer;
        framer.feed("{\"a\":1}\n{\"b\":\"");
        const std::string part(1U << 20U, 'x');
        for (int i = 0; i < 100; ++i) {
            framer.feed(part);
            QVERIFY(!framer.take().has_value());
        }
        framer.feed("\"}\n{\"c\":3}\n");
        const auto batch = framer.finish();
        QVERIFY(batch.has_value());
        QVERIFY(batch->bytes.size() < (1U << 20U));
        QCOMPARE(batch->records.size(), std::size_t{2});
        QCOMPARE(batch->records[1].position.line, std::uint64_t{3});
        QCOMPARE(batch->records[1].position.index, std::uint64_t{3});
        QCOMPARE(batch->rejects.size(), std::size_t{1});
        QCOMPARE(batch->rejects[0].error.code, std::string("NJ-LOGS-001"));
        QCOMPARE(batch->rejects[0].position.line, std::uint64_t{2});
        QCOMPARE(batch->rejects[0].raw.size(), kMaxRejectRaw);
        QCOMPARE(batch->endOffset, std::uint64_t{8 + 6 + 100 * part.size() + 3 + 8});
    }
};

QTEST_GUILESS_MAIN(TestFramer)
#include "tst_framer.moc"
