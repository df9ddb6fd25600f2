// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "base/utf8.h"

#include <QTest>

using namespace nightjar;

namespace {
std::string str(const QByteArray &bytes)
{
    return bytes.toStdString();
}
} // namespace

class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fold_data();
    void fold();
    void foldIsStable();
    void utf8_data();
    void utf8();
    void percent_data();
    void percent();
    void base64_data();
    void base64();
    void base64Refuses_data();
    void base64Refuses();
    void numbers();
    void json_data();
    void json();
    void findAndCompare();
    void splitAndTrim();
};

void TestText::fold_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("folded");
    const auto row = [](const char *name, const char *text, const char *folded) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(folded);
    };
    row("ASCII", "AbC-123 [Z]", "abc-123 [z]");
    row("Latin-1", "ÀÖØÞ ×÷", "àöøþ ×÷");
    row("Latin Extended", "ĀŁŸŽ", "āłÿž");
    row("sharp s", "Straße", "strasse");
    row("capital sharp s", "STRAẞE", "strasse");
    row("long s", "ſ", "s");
    row("Greek with final sigma", "ΣΊΣΥΦΟΣ", "σίσυφοσ");
    row("final sigma itself", "ς", "σ");
    row("Greek extended", "ᾈ", "ᾀ");
    row("micro sign", "µ", "μ");
    row("Cyrillic", "ПРИВЕТ Ё", "привет ё");
    row("Armenian", "ԱԲ", "աբ");
    row("Georgian Mtavruli", "Ა", "ა");
    row("Cherokee folds up", "ꭰ", "Ꭰ");
    row("full-width", "ＡＺ", "ａｚ");
    row("Kelvin and Angstrom", "KÅ", "kå");
    row("dotted I stays in simple folding", "İ", "İ");
    row("dotless i stays", "ı", "ı");
    row("ligature stays", "ﬁ", "ﬁ");
    row("Deseret, 4 bytes", "𐐀", "𐐨");
    row("titlecase digraph", "ǅ", "ǆ");
    row("invalid bytes stay", "A\xFF\xC3", "a\xFF\xC3");
    row("empty", "", "");
}

void TestText::fold()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, folded);
    QCOMPARE(QByteArray::fromStdString(foldCase(str(text))), folded);
}

void TestText::foldIsStable()
{
    for (char32_t value = 0; value <= 0x10FFFF; ++value) {
        if (value >= 0xD800 && value < 0xE000) {
            continue;
        }
        std::string text;
        appendUtf8(text, value);
        const std::string once = foldCase(text);
        QVERIFY2(foldCase(once) == once, qPrintable(QString::number(value, 16)));
        QVERIFY(isValidUtf8(once));
    }
}

void TestText::utf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("repaired");
    const auto row = [](const char *name, const char *text, const char *repaired) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(repaired);
    };
    row("valid", "aé€😀", "aé€😀");
    row("Latin-1", "caf\xE9", "caf\xEF\xBF\xBD");
    row("lone continuation", "\x80", "\xEF\xBF\xBD");
    row("truncated", "\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD");
    row("overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
    row("overlong 3", "\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    row("surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    row("above the range", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    row("highest", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF");
    QTest::newRow("bad byte after a long run")
        << QByteArray(100, 'a') + "\xFF" << QByteArray(100, 'a') + "\xEF\xBF\xBD";
}

void TestText::utf8()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, repaired);
    QCOMPARE(isValidUtf8(str(text)), text == repaired);
    QCOMPARE(QByteArray::fromStdString(repairUtf8(str(text))), repaired);
    QVERIFY(isValidUtf8(repairUtf8(str(text))));
}

void TestText::percent_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("decoded");
    const auto row = [](const char *text, const char *decoded) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(decoded);
    };
    row("Road%20Warrior", "Road Warrior");
    row("KHTML%2c", "KHTML,");
    row("jdoe%40corp.example", "jdoe@corp.example");
    row("%2541", "%41");
    row("100%", "100%");
    row("%2", "%2");
    row("%zz%4", "%zz%4");
    row("%%41", "%A");
    row("%C3%A9", "é");
    row("", "");
}

void TestText::percent()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, decoded);
    QCOMPARE(QByteArray::fromStdString(percentDecode(str(text))), decoded);
    QCOMPARE(needsPercentDecode(str(text)), text.contains('%'));
}

void TestText::base64_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("1") << QByteArray("f") << QByteArray("Zg==");
    QTest::newRow("2") << QByteArray("fo") << QByteArray("Zm8=");
    QTest::newRow("3") << QByteArray("foo") << QByteArray("Zm9v");
    QTest::newRow("6") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
    QTest::newRow("binary") << QByteArray("\xFF\xFE\x00", 3) << QByteArray("//4A");
}

void TestText::base64()
{
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, encoded);
    QCOMPARE(QByteArray::fromStdString(base64Encode(str(plain))), encoded);
    QCOMPARE(base64Decode(str(encoded)).value_or("?"), str(plain));
    QByteArray bare = encoded;
    bare.replace("=", "");
    QCOMPARE(base64Decode(str(bare)).value_or("?"), str(plain));
}

void TestText::base64Refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"Z", "Zg=", "Zg===", "Zg==Zg==", "Z*g=", "=", "Zm9vY"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestText::base64Refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!base64Decode(str(text)).has_value());
}

void TestText::numbers()
{
    QCOMPARE(parseInteger("-42").value_or(0), std::int64_t{-42});
    QCOMPARE(parseInteger("9223372036854775807").value_or(0), std::numeric_limits<std::int64_t>::max());
    for (const char *text : {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "1e3"}) {
        QVERIFY2(!parseInteger(text).has_value(), text);
    }
    QCOMPARE(parseNumber("-1.5e3").value_or(0), -1500.0);
    for (const char *text : {"", "nan", "inf", "1,5", "1e999", "1x"}) {
        QVERIFY2(!parseNumber(text).has_value(), text);
    }
    QCOMPARE(groupThousands(0), std::string("0"));
    QCOMPARE(groupThousands(-999), std::string("-999"));
    QCOMPARE(groupThousands(1234567), std::string("1,234,567"));
    QCOMPARE(groupThousands(-100000), std::string("-100,000"));
    QCOMPARE(hexEncode(std::string_view("\x00\xAB\x7F", 3)), std::string("00ab7f"));
}

void TestText::json_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("quoted");
    const auto row = [](const char *name, const QByteArray &text, const char *quoted) {
        QTest::newRow(name) << text << QByteArray(quoted);
    };
    row("plain", "abc", R"("abc")");
    row("quote and backslash", R"(a"b\c)", R"("a\"b\\c")");
    row("line ends", "a\r\n\tb", R"("a\r\n\tb")");
    row("control", "\x1b[31m", R"("\u001b[31m")");
    row("NUL", QByteArray("a\0b", 3), R"("a\u0000b")");
    row("C1", "\u009b", R"("\u009b")");
    row("bidi", "a\u202Eb", R"("a\u202eb")");
    row("tag, a pair", "\U000E0041", R"("\udb40\udc41")");
    row("non-ASCII stays", "é€😀", "\"é€😀\"");
    row("invalid", "a\xFF", "\"a\xEF\xBF\xBD\"");
}

void TestText::json()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, quoted);
    QCOMPARE(QByteArray::fromStdString(jsonQuote(str(text))), quoted);
}

void TestText::findAndCompare()
{
    QCOMPARE(findIgnoreCase("Mozilla/5.0 PowerShell", "powershell"), std::size_t{12});
    QCOMPARE(findIgnoreCase("aab", "AB"), std::size_t{1});
    QCOMPARE(findIgnoreCase("abc", ""), std::size_t{0});
    QCOMPARE(findIgnoreCase("abc", "abcd"), std::string_view::npos);
    QCOMPARE(findIgnoreCase("", "a"), std::string_view::npos);
    QCOMPARE(findIgnoreCase("[", "{"), std::string_view::npos); // differ by the case bit, are no letters
    QVERIFY(equalsIgnoreCase("ABC", "abc") && !equalsIgnoreCase("ab", "abc") && !equalsIgnoreCase("@", "`"));
    QVERIFY(startsWithIgnoreCase("HTTPS", "http") && !startsWithIgnoreCase("ht", "http"));
    QVERIFY(endsWithIgnoreCase("setup.EXE", ".exe") && !endsWithIgnoreCase("exe", ".exe"));
}

void TestText::splitAndTrim()
{
    const std::vector<std::string_view> expected{"a", "", "b", ""};
    QVERIFY(split("a|| b|", '|').size() == 4);
    QVERIFY(split("a||b|", '|') == expected);
    QVERIFY(split("", '|') == std::vector<std::string_view>{""});
    QVERIFY(trim(" \t a b \r\n") == "a b");
    QVERIFY(trim(" \n").empty());
}

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
