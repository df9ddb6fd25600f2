// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing.h"

#include "support/support.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <random>

using namespace nightjar;
using namespace nightjar::logs;

class TestHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rejects_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("reason");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        const auto row = [](const char *name, const std::string &text, const char *code, const char *reason, int line,
                            int column) {
            QTest::newRow(name) << text << std::string(code) << std::string(reason) << line << column;
        };
        row("cut", "{\"a\":\"b", "NJ-LOGS-002", "truncated", 1, 8);
        row("cut after a key", "{\"a\":1,\"b\"", "NJ-LOGS-002", "truncated", 1, 11);
        row("no colon", "{\"a\" 1}", "NJ-LOGS-002", "truncated", 1, 8);
        row("word", "{\"a\":1,\"b\":nonsense}", "NJ-LOGS-002", "no JSON value", 1, 12);
        row("bare key", "{a:1}", "NJ-LOGS-002", "key in quotes", 1, 2);
        row("text behind", "{\"a\":1} oops", "NJ-LOGS-002", "behind the closing brace", 1, 9);
        row("second line", "{\n\"a\": #\n}", "NJ-LOGS-002", "no JSON value", 2, 6);
        row("empty object", "{}", "NJ-LOGS-004", "no fields", 1, 1);
        row("plain text", "hello world", "NJ-LOGS-005", "begins with hello world", 1, 1);
        row("binary",
            std::string("\x7F"
                        "ELF\x02\x01\x01\x00\x00",
                        9),
            "NJ-LOGS-005", "neither JSON", 1, 1);
        row("too many cells", "url,action\na,b,c\n", "NJ-LOGS-003", "more cells", 2, 5);
        row("too few cells", "url,action,user\na,b\n", "NJ-LOGS-003", "2 cells", 2, 4);
        row("open quote", "url,action\n\"a,b\n", "NJ-LOGS-003", "not closed", 2, 1);
    }

    void rejects()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, code);
        QFETCH(std::string, reason);
        QFETCH(int, line);
        QFETCH(int, column);
        const test::Parsed parsed = test::parseText(text + "\n{\"eurl\":\"next.example\"}\n");
        QCOMPARE(parsed.rejects.size(), std::size_t{1});
        const Reject &reject = parsed.rejects.front();
        QCOMPARE(reject.error.code, code);
        QVERIFY2(reject.error.reason.find(reason) != std::string::npos, reject.error.reason.c_str());
        QCOMPARE(static_cast<int>(reject.error.place.line), line);
        QCOMPARE(static_cast<int>(reject.error.place.column), column);
        QCOMPARE(parsed.events.size(), std::size_t{1}); // the next line is read
    }

    void rejectJson()
    {
        const test::Parsed parsed = test::parseText("\n{\"a\":\xFF<img src=x>}\n");
        QCOMPARE(parsed.rejects.size(), std::size_t{1});
        const std::string json = rejectToJson("dir/it's.log", parsed.rejects.front());
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
        QCOMPARE(object.value(QStringLiteral("file")).toString(), QStringLiteral("dir/it's.log"));
        QCOMPARE(object.value(QStringLiteral("line")).toInt(), 2);
        QCOMPARE(object.value(QStringLiteral("index")).toInt(), 1);
        QCOMPARE(object.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString(),
                 QStringLiteral("NJ-LOGS-002"));
        QCOMPARE(object.value(QStringLiteral("error")).toObject().value(QStringLiteral("column")).toInt(), 6);
        QVERIFY(object.value(QStringLiteral("raw")).toString().contains(QStringLiteral("<img src=x>")));
        QVERIFY(json.find('\n') == std::string::npos);
    }

    void deepNesting()
    {
        std::string deep = "{\"a\":";
        for (int i = 0; i < 100'000; ++i) {
            deep += i % 2 == 0 ? "[" : "{\"b\":";
        }
        const test::Parsed parsed = test::parseText(deep + "\n{\"eurl\":\"x.example\"}\n");
        QCOMPARE(parsed.rejects.size(), std::size_t{1});
        QCOMPARE(parsed.events.size(), std::size_t{1});
    }

    void manyFields()
    {
        std::string wide = "{";
        for (int i = 0; i < 5'000; ++i) {
            wide += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
        }
        const test::Parsed parsed = test::parseText(wide + "}\n");
        QCOMPARE(parsed.rejects.size(), std::size_t{1});
        QVERIFY(parsed.rejects[0].error.reason.find("4,096") != std::string::npos);
    }

    /// New keys in every record: columns stay bounded, no value is lost.
    void manyKeys()
    {
        std::string text;
        for (int i = 0; i < 3'000; ++i) {
            text += "{\"key" + std::to_string(i) + "\":\"v" + std::to_string(i) + "\"}\n";
        }
        RecordFramer framer;
        framer.feed(text);
        event::BlockBuilder builder;
        std::vector<Reject> rejects;
        RecordParser().parse(*framer.finish(), builder, rejects);
        const event::EventBlock block = builder.finish();
        QCOMPARE(block.rows(), std::size_t{3'000});
        QVERIFY(block.columns().size() <= event::kMaxColumns);
        QVERIFY(block.toJson(2'999).find("key2999=v2999") != std::string::npos);
        QVERIFY(block.toJson(0).find("\"zscaler.key0\":\"v0\"") != std::string::npos);
    }

    /// What a parser has learned of the records before must not change what it reads (found by tests/fuzz).
    void learnedKeys_data()
    {
        QTest::addColumn<std::string>("before");
        QTest::addColumn<std::string>("record");
        const std::string cef = "CEF:0|Zscaler|NSSWeblog|5.7|Blocked|Blocked|3|";
        QTest::newRow("CEF, a key in between") << cef + "act=Blocked request=a.example/x suser=ann"
                                               << cef + "act=Blocked dhost=b.example request=a.example/x suser=ann";
        QTest::newRow("CEF, a key name in a text")
            << cef + "act=Blocked msg=a suser=ann reason=r" << cef + "act=Blocked msg=a reason=b  suser=ann reason=r";
        QTest::newRow("CEF, blanks at an end") << cef + "act=Blocked suser=ann" << cef + "act=Blocked   suser=ann  ";
        QTest::newRow("JSON, an object becomes a text") << std::string("{\"a\": {\"b\":1},\"eurl\":\"x.example\"}")
                                                        << std::string("{\"a\":  \"text\",\"eurl\":\"x.example\"}");
        QTest::newRow("JSON, a text becomes an object") << std::string("{\"a\": \"text\",\"eurl\":\"x.example\"}")
                                                        << std::string("{\"a\":  {\"b\":1},\"eurl\":\"x.example\"}");
    }
    void learnedKeys()
    {
        QFETCH(std::string, before);
        QFETCH(std::string, record);
        const test::Parsed alone = test::parseText(record);
        QCOMPARE(alone.events.size(), std::size_t{1});
        const test::Parsed learned = test::parseText(before + '\n' + before + '\n' + record);
        QCOMPARE(learned.events.size(), std::size_t{3});
        QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(learned.events[2])).object(),
                 QJsonDocument::fromJson(QByteArray::fromStdString(alone.events[0])).object());
    }

    /// Flipped, cut and doubled bytes of good records: never more than a reject, every result is JSON.
    void mutations()
    {
        const std::string good = "{\"sourcetype\":\"zscalernss-web\",\"event\":{\"time\":\"Fri Dec 31 07:07:07 "
                                 "2021\",\"eurl\":\"a.example/%20x\",\"n\":[1,{\"b\":\"\\u00e9\"}]}}\n"
                                 "2024-05-14 10:20:30\treason=Allowed\turl=\"x\"\taction=Blocked\n"
                                 "url,action,user\n\"a\"\"b\",Blocked,c\n[{\"a\":1},{\"b\":null}]\n";
        std::mt19937 random(7);
        for (int round = 0; round < 1'500; ++round) {
            std::string text = good;
            for (int change = 0; change < 1 + round % 5; ++change) {
                const std::size_t at = random() % text.size();
                switch (random() % 4) {
                case 0:
                    text[at] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    text.erase(at, 1 + random() % 20);
                    break;
                case 2:
                    text.insert(at, 1, "{}[]\",:\\\n\t=%"[random() % 12]);
                    break;
                default:
                    text.insert(at, text.substr(at / 2, 30));
                    break;
                }
                text += text.empty() ? "x" : "";
            }
            const test::Parsed whole = test::parseText(text);
            const test::Parsed pieces = test::parseText(text, {}, 1 + random() % 40);
            QCOMPARE(whole.events.size(), pieces.events.size());
            QCOMPARE(whole.rejects.size(), pieces.rejects.size());
            for (std::size_t i = 0; i < whole.events.size(); ++i) {
                QCOMPARE(whole.events[i], pieces.events[i]);
                QVERIFY2(QJsonDocument::fromJson(QByteArray::fromStdString(whole.events[i])).isObject(),
                         whole.events[i].c_str());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestHostile)
#include "tst_hostile.moc"
