// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "query/query.h"
#include "support/support.h"

#include <set>

using namespace nightjar;
using namespace nightjar::query;
using event::Field;

namespace {

constexpr Timestamp kNow = 1'772'323'200 * kMicrosPerSecond; // 2026-03-01T00:00:00Z

struct FixedClock : Clock {
    [[nodiscard]] Timestamp now() const override { return kNow; }
};

/// Rows a to h; what each test expects is written as their letters.
event::EventBlock sample()
{
    event::BlockBuilder builder;
    const auto add = [&](const char *raw, Timestamp time, std::initializer_list<std::pair<Field, const char *>> texts,
                         std::int64_t bytes) {
        builder.beginRow(raw);
        if (time != kNoTime) {
            builder.setTime(time);
        }
        for (const auto &[field, value] : texts) {
            builder.set(field, value);
        }
        if (bytes >= 0) {
            builder.setInteger(Field::SourceBytes, bytes);
        }
        builder.commitRow();
    };
    const Timestamp hour = 3'600 * kMicrosPerSecond;
    add("one MALWARE here", kNow - hour,
        {{Field::UserName, "Alice"}, {Field::UrlDomain, "a.example"}, {Field::SourceIp, "10.1.2.3"}}, 0);
    add("two", kNow - 2 * hour,
        {{Field::UserName, "alice b"}, {Field::UrlDomain, "cdn.b.example"}, {Field::SourceIp, "192.168.0.1"}}, 5);
    add("three mal", kNow - 30 * hour,
        {{Field::UserName, "bob"}, {Field::UrlOriginal, "b.example/x.php?id=1"}, {Field::SourceIp, "2001:db8::1"}},
        100);
    add("ware four", kNow, {{Field::UserName, "STRASSE"}, {Field::UrlOriginal, "b.example/x_php?id=1"}}, 1'000);
    add("five \"quoted\" C:\\dir*", kNow + hour, {{Field::UserName, "straße"}, {Field::UserDepartment, "IT Lab"}}, -1);
    add("six", kNoTime, {{Field::UserName, ""}, {Field::DnsResolvedIp, "10.0.0.1"}, {Field::DnsResolvedIp, "8.8.8.8"}},
        70);
    builder.beginRow("seven");
    builder.setNull(builder.handle(Field::UserName));
    builder.setEmptyList(builder.handle(Field::DnsResolvedIp));
    builder.set(builder.extraHandle("odd"), "Yes");
    builder.setTime(kNow - 25 * hour);
    builder.commitRow();
    add("eight \xff bytes", kNow - hour / 2, {{Field::UserName, "a*b"}}, 6);
    return builder.finish();
}

QString lettersOf(const event::RowSet &rows)
{
    QString letters;
    rows.forEach([&](std::size_t row) { letters += QChar::fromLatin1(static_cast<char>('a' + row)); });
    return letters;
}

} // namespace

class TestQuery : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void finds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("rows");
        const auto row = [](const char *text, const char *rows) {
            QTest::newRow(text[0] != '\0' ? text : "(empty)") << QByteArray(text) << QString::fromLatin1(rows);
        };
        row("", "abcdefgh");
        row("  ", "abcdefgh");
        row("user:alice", "a");
        row("user.name:ALICE", "a");
        row("USER:alice", "a");
        row("user=alice", "a");
        row("-user:alice", "bcdefgh");
        row("not user:alice", "bcdefgh");
        row("not not user:alice", "a");
        row("user:\"alice b\"", "b");
        row("user:(alice, bob)", "ac");
        row("user:( \"alice b\" ,bob )", "bc");
        row("user:(alice, b*)", "ac");
        row("-user:(alice, bob)", "bdefgh");
        row("user:alice*", "ab");
        row("user:?ob", "c");
        row("user:a\\*b", "h");
        row("user:\"a*b\"", "h");
        row("user:a*b", "bh");
        row("user:*", "abcdefh");
        row("-user:*", "g");
        row("user:\"\"", "f");
        row("user:stra\xc3\x9f"
            "e",
            "de");
        row("user:STRASSE", "de");
        row("dept:\"IT Lab\"", "e");
        row("bytes_out>=100", "cd");
        row("bytes_out>100", "d");
        row("bytes_out<5", "a");
        row("bytes_out<=5", "ab");
        row("bytes_out:>=100", "cd");
        row("bytes_out:5", "b");
        row("source.bytes>=0.5 bytes_out<7", "bh");
        row("src:10.0.0.0/8", "a");
        row("src:192.168.0.0/16", "b");
        row("src:2001:db8::/32", "c");
        row("src:2001:db8:0:0:0:0:0:1", "c");
        row("answer:10.0.0.0/8", "f");
        row("answer:8.8.8.8", "f");
        row("-answer:8.8.8.8", "abcdegh");
        row("url:~/\\.php\\?id=/", "c");
        row("url:~/X.PHP/i", "cd");
        row("url:~/X.PHP/", "");
        row("url:~/b.example\\/x/", "cd");
        row("url:b.example/x.php?id=1", "c");
        row("zscaler.odd:yes", "g");
        row("zscaler.none:*", "");
        row("malware", "a");
        row("MAL", "ac");
        row("\"malware here\"", "a");
        row("three mal", "c"); // both words
        row("\"\\\"quoted\\\"\"", "e");
        row("c:\\dir", "!");
        row("\"c:\\dir\"", "e");
        row("se?en", "g");
        row("one*here", "a");
        row("-malware -mal", "bdefgh");
        row("user:alice or user:bob", "ac");
        row("user:alice OR user:bob and src:10.0.0.0/8", "a");
        row("(user:alice or user:bob) and src:10.0.0.0/8", "a");
        row("(user:alice or user:bob) -src:10.0.0.0/8", "c");
        row("not (user:alice or user:bob)", "bdefgh");
        row("-(user:alice or user:bob) user:*", "bdefh");
        row("((((user:bob))))", "c");
        row("@-24h..now", "abh");
        row("@-2h", "abdeh");
        row("@..-24h", "cg");
        row("@-2h..now user:alice*", "ab");
        row("@-2h..now @-1h..", "ah");
        row("@2026-03-01", "de");
        row("@2026-02-28T23:00..2026-03-01T00:00", "ah");
        row("user:*@example", "");
        row("orange", "");
        row("nothing", "");
    }
    void finds()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, rows);
        const auto parsed = parse(text.toStdString(), FixedClock());
        if (rows == QStringLiteral("!")) {
            QVERIFY(!parsed.has_value());
            return;
        }
        QVERIFY2(parsed.has_value(), parsed ? "" : describe(parsed.error()).c_str());
        const auto block = sample();
        QCOMPARE(lettersOf(parsed->evaluate(block)), rows);
    }

    void textColumnsStandInForRaw_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("rows");
        QTest::newRow("word") << QByteArray("ALIC") << QStringLiteral("ab");
        QTest::newRow("other column") << QByteArray("it") << QStringLiteral("e");
        QTest::newRow("not there") << QByteArray("malware") << QString();
        QTest::newRow("negated") << QByteArray("-alic") << QStringLiteral("cdefgh");
    }
    void textColumnsStandInForRaw()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, rows);
        auto block = sample();
        block.dropRaw();
        QCOMPARE(lettersOf(parse(text.toStdString(), FixedClock())->evaluate(block)), rows);
    }

    void neverMatchesOverTwoRecords()
    {
        // "three mal" + "ware four" lie side by side in the raw bytes.
        QCOMPARE(lettersOf(parse("malware", FixedClock())->evaluate(sample())), QStringLiteral("a"));
    }

    void blocksAreSkippedOnlyWhenSafe_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("may"); // of a block with user.name alice, host a.example, of the last hour
        QTest::newRow("there") << QByteArray("user:ALICE") << true;
        QTest::newRow("not there") << QByteArray("user:bob") << false;
        QTest::newRow("one of") << QByteArray("user:(bob, alice)") << true;
        QTest::newRow("none of") << QByteArray("user:(bob, carl)") << false;
        QTest::newRow("negated") << QByteArray("-user:bob") << true;
        QTest::newRow("and") << QByteArray("user:alice host:b.example") << false;
        QTest::newRow("or") << QByteArray("user:bob or host:a.example") << true;
        QTest::newRow("wildcard") << QByteArray("user:b*") << true;
        QTest::newRow("mixed list") << QByteArray("user:(bob, c*)") << true;
        QTest::newRow("regex") << QByteArray("user:~/b/") << true;
        QTest::newRow("exists") << QByteArray("user:*") << true;
        QTest::newRow("text") << QByteArray("bob") << true;
        QTest::newRow("time in") << QByteArray("@-1h..now") << true;
        QTest::newRow("time out") << QByteArray("@..-2h") << false;
        QTest::newRow("time after") << QByteArray("@2026-03-02..") << false;
        QTest::newRow("all") << QByteArray("") << true;
    }
    void blocksAreSkippedOnlyWhenSafe()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, may);
        const auto contains = [](std::string_view column, std::string_view value) {
            return (column == "user.name" && value == "alice") || (column == "url.domain" && value == "a.example");
        };
        const auto parsed = parse(text.toStdString(), FixedClock());
        QCOMPARE(parsed->mayMatch(kNow - 3'600 * kMicrosPerSecond, kNow - 1, contains), may);
    }

    void untimedBlocksMatchNoRange()
    {
        const auto any = [](std::string_view, std::string_view) { return true; };
        QVERIFY(!parse("@-1h..now", FixedClock())->mayMatch(kNoTime, kNoTime, any));
        QVERIFY(parse("user:a", FixedClock())->mayMatch(kNoTime, kNoTime, any));
    }

    void tellsItsColumns()
    {
        const auto parsed = parse("user:a (host:b or -user:c) zscaler.odd:* word", FixedClock());
        QVERIFY((parsed->columns() == std::vector<std::string>{"url.domain", "user.name", "zscaler.odd"}));
        QVERIFY(parsed->hasFreeText());
        QVERIFY(!parse("user:a", FixedClock())->hasFreeText());
        QVERIFY(parse("@-1h..now", FixedClock())->matchesAll());
    }

    void hugeQueriesEnd()
    {
        const FixedClock clock;
        QCOMPARE(parse(std::string(100'000, 'a'), clock).error().code, std::string("NJ-QUERY-006"));
        QCOMPARE(parse(std::string(5'000, '('), clock).error().code, std::string("NJ-QUERY-006"));
        QCOMPARE(parse(std::string(5'000, '-') + "a", clock).error().code, std::string("NJ-QUERY-006"));
        std::string many = "user:(v0";
        for (int i = 1; i < 5'000; ++i) {
            many += ",v" + std::to_string(i);
        }
        QVERIFY(parse(many + ")", clock).has_value());
    }
};

QTEST_GUILESS_MAIN(TestQuery)
#include "tst_query.moc"
