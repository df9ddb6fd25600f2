// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "base/url.h"

#include <QTest>

using namespace nightjar;

namespace {
std::string str(const QByteArray &bytes)
{
    return bytes.toStdString();
}
} // namespace

class TestTextShow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defang_data();
    void defang();
    void refang_data();
    void refang();
    void visible_data();
    void visible();
    void cell_data();
    void cell();
    void record_data();
    void record();
    void cellRoundTrip();
};

void TestTextShow::defang_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *text, const char *shown) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(shown);
    };
    row("https://evil.example/a", "hxxps://evil[.]example/a");
    row("http://a.evil.example:8080/x.php?q=1.2", "hxxp://a[.]evil[.]example:8080/x.php?q=1.2");
    row("http://user@evil.example/", "hxxp://user@evil[.]example/");
    row("evil.example", "evil[.]example");
    row("evil.example/a.b", "evil[.]example/a.b");
    row("bücher.example", "bücher[.]example");
    row("198.51.100.7", "198[.]51[.]100[.]7");
    row("2001:db8::1", "2001[:]db8::1");
    row("http://[2001:db8::1]/x", "hxxp://[2001[:]db8::1]/x");
    row("ftp://evil.example/a", "fxp://evil[.]example/a");
    row("bob@evil.example", "bob[@]evil[.]example");
    row("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef");
    row("localhost", "localhost");
    row("1.2", "1.2");
    row("plain words. More words.", "plain words. More words.");
    row("seen at https://evil.example/a today", "seen at hxxps://evil[.]example/a today");
    row("", "");
}

void TestTextShow::defang()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(nightjar::defang(str(text))), shown);
    if (!text.contains(' ')) {
        QCOMPARE(QByteArray::fromStdString(nightjar::refang(str(shown))), text);
    }
}

void TestTextShow::refang_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("real");
    const auto row = [](const char *text, const char *real) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(real);
    };
    row("hxxp://evil[.]example/a", "http://evil.example/a");
    row("hXXps://evil(.)example", "https://evil.example");
    row("h**p://evil{.}example", "http://evil.example");
    row("http[:]//evil<.>example", "http://evil.example");
    row("http[://]evil.example", "http://evil.example");
    row("http:\\\\evil.example\\a", "http://evil.example\\a");
    row("http:/evil.example/", "http://evil.example/");
    row("hxxp ://evil.example", "http://evil.example");
    row("meow://evil.example", "http://evil.example");
    row("evil[.example", "evil.example");
    row("evil.]example", "evil.example");
    row("evil[dot]example", "evil.example");
    row("evil(DOT)example", "evil.example");
    row("evil{dot}example", "evil.example");
    row("evil [dot] example", "evil.example");
    row("evil dot example", "evil.example");
    row("evil[punkt]example", "evil.example");
    row("evil[punto]example", "evil.example");
    row("evil\\.example", "evil.example");
    row("198,51,100,7", "198.51.100.7");
    row("1,2,3", "1,2,3");
    row("evil。example", "evil.example");
    row("evil．example", "evil.example");
    row("bob[@]evil.example", "bob@evil.example");
    row("bob(at)evil(dot)example", "bob@evil.example");
    row("bob AT evil DOT example", "bob@evil.example");
    row("http:[/][/]evil.example[/]a", "http://evil.example/a");
    row("http:\\/\\/evil.example\\/a", "http://evil.example/a");
    row("[www].evil.example", "www.evil.example");
    row("\"evil.example\"", "evil.example");
    row("`evil.example`,", "evil.example");
    row("<http://evil.example/>", "http://evil.example/");
    row("evil.example).", "evil.example");
    row("http://evil.example/a_(b)", "http://evil.example/a_(b)");
    row("ev\u200Bil\u00AD.example", "evil.example");
    row("\u00A0evil.example\u00A0", "evil.example");
    row("http://[2001:db8::1]/x", "http://[2001:db8::1]/x");
    row("[2001:db8::1]", "[2001:db8::1]");
    row("two words", "two words");
    row("evil.example", "evil.example");
    row("http.evil.example:8080", "http.evil.example:8080");
    row("https-login.example", "https-login.example");
    row("", "");
    row("[", "[");
    row("hxxp", "hxxp");
}

void TestTextShow::refang()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, real);
    QCOMPARE(QByteArray::fromStdString(nightjar::refang(str(text))), real);
}

void TestTextShow::visible_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const QByteArray &text, const char *shown) {
        QTest::newRow(name) << text << QByteArray(shown);
    };
    row("plain", "a b é €", "a b é €");
    row("markup is text", "<img src=/etc/hostname>&%2", "<img src=/etc/hostname>&%2");
    row("escape", "\x1b[31mred", "⟨U+001B⟩[31mred");
    row("NUL", QByteArray("a\0b", 3), "a⟨U+0000⟩b");
    row("newline", "a\nb", "a⟨U+000A⟩b");
    row("delete", "\x7F", "⟨U+007F⟩");
    row("C1", "\u009B", "⟨U+009B⟩");
    row("raw C1 byte", "\x9B", "⟨0x9B⟩");
    row("override", "invoice\u202Efdp.exe", "invoice⟨U+202E⟩fdp.exe");
    row("isolate", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩");
    row("zero width", "ev\u200Bil\uFEFF", "ev⟨U+200B⟩il⟨U+FEFF⟩");
    row("line separator", "a\u2028b", "a⟨U+2028⟩b");
    row("soft hyphen", "\u00AD", "⟨U+00AD⟩");
    row("Hangul filler", "\u3164", "⟨U+3164⟩");
    row("tag", "\U000E0041", "⟨U+E0041⟩");
    row("Arabic stays", "مرحبا", "مرحبا");
    row("emoji stays", "😀", "😀");
}

void TestTextShow::visible()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(nightjar::visible(str(text))), shown);
}

void TestTextShow::cell_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("cell");
    const auto row = [](const char *name, const char *text, const char *cell) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(cell);
    };
    row("plain", "abc", "abc");
    row("empty", "", "");
    row("comma", "a,b", "\"a,b\"");
    row("quote", "a\"b", "\"a\"\"b\"");
    row("line end", "a\r\nb", "\"a\r\nb\"");
    row("equals", "=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1");
    row("equals with comma", "=A(1,2)", "\"'=A(1,2)\"");
    row("plus", "+1", "'+1");
    row("minus", "-1", "'-1");
    row("at", "@SUM(1)", "'@SUM(1)");
    row("tab", "\t=1", "\"'\t=1\"");
    row("CR", "\r=1", "\"'\r=1\"");
    row("full-width equals", "＝1", "'＝1");
    row("full-width at", "＠x", "'＠x");
    row("equals inside", "a=b", "a=b");
    row("blank at the edge", " a", "\" a\"");
    row("semicolon", "a;=1", "\"a;=1\"");
}

void TestTextShow::cell()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, cell);
    QCOMPARE(QByteArray::fromStdString(csvCell(str(text))), cell);
}

void TestTextShow::record_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<QByteArray>("fields"); // joined by |
    QTest::addColumn<bool>("whole");
    const auto row = [](const char *record, const char *fields, bool whole) {
        QTest::newRow(record) << QByteArray(record) << QByteArray(fields) << whole;
    };
    row("a,b,c", "a|b|c", true);
    row("a,,", "a||", true);
    row("", "", true);
    row("\"a,b\",c", "a,b|c", true);
    row("\"a\"\"b\",c", "a\"b|c", true);
    row("a, \"b, c\" ,d", "a|b, c|d", true);
    row("\"\",x", "|x", true);
    row("a\"b,c", "a\"b|c", true);
    row("\"a\"b,c", "ab|c", true);
    row("\"a,b", "a,b", false);
    row("\"", "", false);
    row("\"two\nlines\",x", "two\nlines|x", true);
}

void TestTextShow::record()
{
    QFETCH(QByteArray, record);
    QFETCH(QByteArray, fields);
    QFETCH(bool, whole);
    std::vector<std::string> got;
    QCOMPARE(splitCsvRecord(str(record), ',', got), whole);
    QByteArray joined;
    for (std::size_t i = 0; i < got.size(); ++i) {
        joined += (i > 0 ? "|" : "") + QByteArray::fromStdString(got[i]);
    }
    QCOMPARE(joined, fields);
}

void TestTextShow::cellRoundTrip()
{
    const std::vector<std::string> cells{"plain", "", "with,comma", "with \"quotes\"", " edge ", "two\nlines", "x=1"};
    std::string line;
    for (const std::string &cell : cells) {
        line += (line.empty() ? "" : ",") + csvCell(cell);
    }
    std::vector<std::string> back;
    QVERIFY(splitCsvRecord(line, ',', back));
    QVERIFY(back == cells);
    QVERIFY(splitCsvRecord("a\t\"b\tc\"", '\t', back));
    QVERIFY((back == std::vector<std::string>{"a", "b\tc"}));
    QVERIFY(splitCsvRecord("a, \"b\"", ',', back, false));
    QVERIFY((back == std::vector<std::string>{"a", " \"b\""}));
}

QTEST_GUILESS_MAIN(TestTextShow)
#include "tst_textshow.moc"
