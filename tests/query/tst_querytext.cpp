// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "query/query.h"
#include "support/support.h"

#include <random>

using namespace nightjar;
using namespace nightjar::query;

class TestQueryText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void errorsStandWhereTheyAre_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("column");
        QTest::addColumn<QByteArray>("hint"); // a part of it
        const auto row = [](const char *text, const char *code, int column, const char *hint) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(code) << column << QByteArray(hint);
        };
        row("usr:alice", "NJ-QUERY-002", 1, "Did you mean user?");
        row("a destination.prot:1", "NJ-QUERY-002", 3, "Did you mean destination.port?");
        row("xqzzyw:1", "NJ-QUERY-002", 1, "quotes");
        row("\xc3\xa4\xc3\xb6 usr:x", "NJ-QUERY-002", 4, "user");
        row("user:", "NJ-QUERY-003", 6, "user.name:value");
        row("user: alice", "NJ-QUERY-003", 6, "user.name:value");
        row("user:(a, )", "NJ-QUERY-003", 10, "user.name:value");
        row("user:(a", "NJ-QUERY-001", 6, "field:(one, two)");
        row("user:(a b)", "NJ-QUERY-001", 6, "quotes");
        row("risk>=high", "NJ-QUERY-003", 7, "risk.score>=100");
        row("risk>=", "NJ-QUERY-003", 7, "risk.score>=100");
        row("user:\"abc", "NJ-QUERY-001", 6, "Add a \"");
        row("\"\"", "NJ-QUERY-003", 1, "between the quotes");
        row("(user:a", "NJ-QUERY-001", 1, "Add a )");
        row("user:a)", "NJ-QUERY-001", 7, "Remove it");
        row("()", "NJ-QUERY-001", 2, "user:alice");
        row("user:a or", "NJ-QUERY-001", 10, "user:alice");
        row("user:a and", "NJ-QUERY-001", 11, "user:alice");
        row("or user:a", "NJ-QUERY-001", 1, "quotes");
        row("user:a or or b", "NJ-QUERY-001", 11, "quotes");
        row("not", "NJ-QUERY-001", 4, "user:alice");
        row("-", "NJ-QUERY-001", 2, "user:alice");
        row("url:~/(/", "NJ-QUERY-005", 6, "RE2");
        row("url:~/a/x", "NJ-QUERY-005", 9, "ignore case");
        row("url:~/abc", "NJ-QUERY-001", 6, "\\/");
        row("@yesterday", "NJ-QUERY-004", 1, "@-24h..now");
        row("user:a @now..-24h", "NJ-QUERY-004", 8, "@-24h..now");
        row("@..", "NJ-QUERY-004", 1, "@-24h..now");
        row("user:a or @-24h..now", "NJ-QUERY-004", 11, "parentheses");
        row("not @-24h..now", "NJ-QUERY-004", 1, "instead");
        row("not (a @-24h..now)", "NJ-QUERY-004", 1, "instead");
    }
    void errorsStandWhereTheyAre()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, code);
        QFETCH(const int, column);
        QFETCH(const QByteArray, hint);
        const auto parsed = parse(text.toStdString(), systemClock());
        QVERIFY(!parsed.has_value());
        const Error &error = parsed.error();
        QCOMPARE(QByteArray::fromStdString(error.code), code);
        QCOMPARE(static_cast<int>(error.place.column), column);
        QVERIFY2(QByteArray::fromStdString(error.hint).contains(hint), error.hint.c_str());
        QVERIFY(!error.title.empty());
    }

    void clausesForChips()
    {
        const std::string text =
            "user:alice -dept:\"IT Lab\" risk>=70 url:~/a b/ not (host:(x, y) or \"free text\") @-24h..now";
        const auto parsed = parse(text, systemClock());
        QVERIFY2(parsed.has_value(), parsed ? "" : describe(parsed.error()).c_str());
        const auto &clauses = parsed->clauses();
        struct Expected {
            const char *field, *op, *value, *written;
            bool negated;
        };
        const std::vector<Expected> expected = {
            {"user.name", ":", "alice", "user:alice", false},
            {"user.department", ":", "IT Lab", "dept:\"IT Lab\"", true},
            {"risk.score", ">=", "70", "risk>=70", false},
            {"url.original", "~", "~/a b/", "url:~/a b/", false},
            {"url.domain", ":", "(x, y)", "host:(x, y)", true},
            {"", "text", "free text", "\"free text\"", true},
            {"@timestamp", "@", "-24h..now", "@-24h..now", false},
        };
        QCOMPARE(clauses.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QCOMPARE(clauses[i].field, std::string(expected[i].field));
            QCOMPARE(clauses[i].op, std::string(expected[i].op));
            QCOMPARE(clauses[i].value, std::string(expected[i].value));
            QCOMPARE(clauses[i].negated, expected[i].negated);
            QCOMPARE(text.substr(clauses[i].begin, clauses[i].end - clauses[i].begin),
                     std::string(expected[i].written));
        }
    }

    void completesFieldNames_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("first"); // empty: nothing is offered
        QTest::addColumn<int>("begin");
        const auto row = [](const char *text, const char *first, int begin) {
            QTest::newRow(text[0] != '\0' ? text : "(empty)") << QByteArray(text) << QByteArray(first) << begin;
        };
        row("", "log_type:", 0);
        row("use", "user.name:", 0);
        row("ua", "user_agent.original:", 0);
        row("user:a -dep", "user.department:", 8);
        row("(cat", "url.category:", 1);
        row("odd", "zscaler.oddity:", 0);
        row("user:al", "", 0);
        row("\"use", "", 0);
        row("risk>5", "", 0);
        row("user:(a, b", "", 0);
        row("\"x y\" thr", "threat.name:", 6);
        row("xqzzyw", "", 0);
    }
    void completesFieldNames()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, first);
        QFETCH(const int, begin);
        const std::vector<std::string> extra = {"zscaler.oddity", "user.name"};
        const auto suggestions = complete(text.toStdString(), static_cast<std::size_t>(text.size()), extra);
        QCOMPARE(suggestions.empty(), first.isEmpty());
        if (!suggestions.empty()) {
            QCOMPARE(QByteArray::fromStdString(suggestions.front().insert), first);
            QCOMPARE(static_cast<int>(suggestions.front().begin), begin);
            QCOMPARE(static_cast<int>(suggestions.front().end), static_cast<int>(text.size()));
            QVERIFY(!suggestions.front().help.empty() && suggestions.size() <= 50);
        }
    }

    void termsComeBack_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char *value :
             {"alice", "IT Lab", "a\"b", "C:\\dir\\", "*", "a*?(b)", "-x", "\xc3\xa4 ~/x/", "@now"}) {
            QTest::newRow(value) << QByteArray(value);
        }
    }
    void termsComeBack()
    {
        QFETCH(const QByteArray, value);
        event::BlockBuilder builder;
        for (const std::string &text : {value.toStdString(), std::string("other")}) {
            builder.beginRow(text);
            builder.set(event::Field::UserName, text);
            builder.commitRow();
        }
        const auto block = builder.finish();
        const auto parsed = parse(termFor("user.name", value.toStdString()), systemClock());
        QVERIFY2(parsed.has_value(), parsed ? "" : describe(parsed.error()).c_str());
        const auto rows = parsed->evaluate(block);
        QVERIFY(rows.contains(0) && !rows.contains(1));
        const auto negated = parse(termFor("user.name", value.toStdString(), true), systemClock());
        QVERIFY(negated->evaluate(block).contains(1) && !negated->evaluate(block).contains(0));
    }

    void anyTextEndsInAnAnswer()
    {
        static constexpr std::string_view kPieces[] = {"user",  ":",  "(",  ")",  "\"",   "-",  "not ", " or ",
                                                       " and ", "@",  "..", "~/", "/",    "*",  "?",    ",",
                                                       "\\",    ">=", "<",  "1h", "\xff", "\0", " ",    "a"};
        std::mt19937 random(11);
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (auto n = random() % 12; n > 0; --n) {
                text += kPieces[random() % std::size(kPieces)];
            }
            const auto parsed = parse(text, systemClock());
            QVERIFY(parsed || (parsed.error().place.column >= 1 && parsed.error().place.column <= text.size() + 1));
            for (std::size_t c = 0; parsed && c < parsed->clauses().size(); ++c) {
                QVERIFY(parsed->clauses()[c].begin < parsed->clauses()[c].end &&
                        parsed->clauses()[c].end <= text.size());
            }
            (void)complete(text, random() % 12);
        }
    }
};

QTEST_GUILESS_MAIN(TestQueryText)
#include "tst_querytext.moc"
