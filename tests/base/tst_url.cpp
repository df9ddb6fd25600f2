// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/url.h"

#include <QTest>

using namespace nightjar;

namespace {
QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}
} // namespace

class TestUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void split_data();
    void split();
    void host_data();
    void host();
    void canonical_data();
    void canonical();
    void same_data();
    void same();
};

void TestUrl::split_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("parts"); // scheme|host|port|path|query
    const auto row = [](const char *text, const char *parts) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(parts);
    };
    row("http://a.example/x?y=1#z", "http|a.example||/x|y=1");
    row("a.example", "|a.example|||");
    row("a.example:443", "|a.example|443||");
    row("a.example?q", "|a.example|||q");
    row("a.example/x?", "|a.example||/x|");
    row("//a.example/x", "|a.example||/x|");
    row("https://user:p@w@a.example:8443/x@y", "https|a.example|8443|/x@y|");
    row("[2001:db8::1]:8080/x", "|2001:db8::1|8080|/x|");
    row("http://[::1]", "http|::1|||");
    row("2001:db8::1", "|2001:db8::1|||");
    row("http:\\\\a.example\\x", "http|a.example||\\x|");
    row("good.example\\@evil.example/", "|good.example||\\@evil.example/|");
    row("a.example:", "|a.example|||");
    row("a.example:x/y", "|a.example:x||/y|");
    row("a.example#f?q", "|a.example|||");
    row("a.example/?u=http://b.example/", "|a.example||/|u=http://b.example/");
    row("[::1]x", "|[::1]x|||");
    row("[::1", "|[::1|||");
    row("", "||||");
    row("http://", "http||||");
    row("/path/only", "|||/path/only|");
}

void TestUrl::split()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, parts);
    const std::string input = text.toStdString();
    const UrlParts got = splitUrl(input);
    const QByteArray joined = bytes(got.scheme) + '|' + bytes(got.host) + '|' + bytes(got.port) + '|' +
                              bytes(got.path) + '|' + bytes(got.query);
    QCOMPARE(joined, parts);
}

void TestUrl::host_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("EVIL.Example.", "evil.example");
    row("bücher.example", "xn--bcher-kva.example");
    row("b%C3%BCcher.example", "xn--bcher-kva.example");
    row("%65vil.example", "evil.example");
    row("3325256713", "198.51.100.9");
    row("0306.063.0144.011", "198.51.100.9");
    row("0xC6.0x33.0x64.0x09", "198.51.100.9");
    row("[2001:DB8:0:0:0:0:0:1]", "2001:db8::1");
    row("::ffff:198.51.100.7", "198.51.100.7");
    row("fe80::1%25eth0", "fe80::1");
    row(" evil.example ", "evil.example");
    row("1password.example", "1password.example");
    row("", "");
    row("None", "none");
    row("evil example", "");
    row("256.1.1.1", "");
    row("%", "");
    row("a.example:x", "");
}

void TestUrl::host()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(canonicalHost(text.toStdString()).value_or("")), expected);
}

void TestUrl::canonical_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("http://Evil.example", "evil.example/");
    row("evil.example:443", "evil.example/");
    row("evil.example:0080/", "evil.example/");
    row("evil.example:8080", "evil.example:8080/");
    row("evil.example:65536", "");
    row("evil.example/?", "evil.example/");
    row("evil.example?x=1", "evil.example/?x=1");
    row("http://[2001:DB8::1]:81/x", "[2001:db8::1]:81/x");
    row("http://0xC6336409/x", "198.51.100.9/x");
    row("evil.example/%7Euser/%2e%2E/x", "evil.example/x");
    row("evil.example/a/./b/../c/..", "evil.example/a/");
    row("evil.example/../../x", "evil.example/x");
    row("evil.example/a//b/", "evil.example/a//b/");
    row("evil.example/a%2fb", "evil.example/a%2Fb");
    row("evil.example/A%3db", "evil.example/A%3Db");
    row("evil.example/a b", "evil.example/a%20b");
    row("evil.example/é", "evil.example/%C3%A9");
    row("evil.example/%c3%a9", "evil.example/%C3%A9");
    row("evil.example/100%", "evil.example/100%25");
    row("evil.example/%%41", "evil.example/%25A");
    row("evil.example/%2541", "evil.example/%2541");
    row("evil.example/%zz", "evil.example/%25zz");
    row("evil.example/a\\b", "evil.example/a/b");
    row("evil.example/\"<x>\"", "evil.example/%22%3Cx%3E%22");
    row("evil.example/x?a=b c&d=../e#f", "evil.example/x?a=b%20c&d=../e");
    row("http://user:pw@evil.example/a#top", "evil.example/a");
    row("javascript:alert(1)", "");
    row("mailto:bob", "");
    row("not a url", "");
    row("", "");
}

void TestUrl::canonical()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto url = canonicalUrl(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(url.value_or("")), expected);
    if (url) {
        QCOMPARE(canonicalUrl(*url).value_or(""), *url); // a fixed point
    }
}

void TestUrl::same_data()
{
    QTest::addColumn<QByteArray>("indicator");
    QTest::addColumn<QByteArray>("logged");
    QTest::addColumn<bool>("same");
    const auto row = [](const char *indicator, const char *logged, bool same) {
        QTest::addRow("%s ~ %s", indicator, logged) << QByteArray(indicator) << QByteArray(logged) << same;
    };
    row("http://bad.example/p/q.php", "bad.example/p/q.php", true);
    row("https://bad.example:443/p/", "bad.example/p/", true);
    row("http://bad.example:8080/p", "bad.example/p", false);
    row("http://bad.example/P", "bad.example/p", false);
    row("http://bad.example/p?x=1", "bad.example/p?x=2", false);
    row("hxxp://bad[.]example/p", "BAD.example/p", true);
    row("http://bad.example/login", "bad.example:443", false);
    row("http://bücher.example/p", "xn--bcher-kva.example/p", true);
    row("http://sub.bad.example/p", "bad.example/p", false);
    row("http://198.51.100.7/x", "3325256711/x", true);
}

void TestUrl::same()
{
    QFETCH(QByteArray, indicator);
    QFETCH(QByteArray, logged);
    QFETCH(bool, same);
    const auto key = canonicalUrl(refang(indicator.toStdString()));
    QVERIFY(key.has_value());
    QCOMPARE(key == canonicalUrl(logged.toStdString()), same);
}

QTEST_GUILESS_MAIN(TestUrl)
#include "tst_url.moc"
