// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/domain.h"

#include <QTest>

#include <string>
#include <thread>
#include <vector>

using namespace nightjar;

class TestDomain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void canonical_data();
    void canonical();
    void suffix_data();
    void suffix();
    void registrable_data();
    void registrable();
    void subdomain_data();
    void subdomain();
    void threads();
};

void TestDomain::canonical_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &text, const char *expected) {
        QTest::newRow(name) << text << QByteArray(expected);
    };
    row("plain", "evil.example", "evil.example");
    row("case and trailing dot", "EVIL.Example.", "evil.example");
    row("IDN", "bücher.example", "xn--bcher-kva.example");
    row("IDN upper case", "BÜCHER.example", "xn--bcher-kva.example");
    row("IDN decomposed", "bu\u0308cher.example", "xn--bcher-kva.example");
    row("A-label stays", "XN--BCHER-KVA.example", "xn--bcher-kva.example");
    row("sharp s, non-transitional", "straße.example", "xn--strae-oqa.example");
    row("full-width", "ｅｖｉｌ．example", "evil.example");
    row("ideographic dot", "evil。example", "evil.example");
    row("Cyrillic", "пример.example", "xn--e1afmkfd.example");
    row("underscore", "_dmarc.mail_host.example", "_dmarc.mail_host.example");
    row("double hyphen", "r3---sn-x.example", "r3---sn-x.example");
    row("single label", "localhost", "localhost");
    row("trailing hyphen, as resolvers take it", "foo-.example", "foo-.example");
    row("label of 63", QByteArray(63, 'a') + ".example", QByteArray(QByteArray(63, 'a') + ".example").constData());
    row("label of 64", QByteArray(64, 'a') + ".example", "");
    row("too long", QByteArray(QByteArray(62, 'a') + '.').repeated(5) + "example", "");
    row("huge", QByteArray(100000, 'a'), "");
    row("huge non-ASCII", QByteArray("ü").repeated(50000), "");
    row("empty", "", "");
    row("dot", ".", "");
    row("empty label", "a..example", "");
    row("two trailing dots", "a.example..", "");
    row("leading dot", ".example", "");
    row("hyphen alone", "-", "");
    row("blank", "evil example", "");
    row("address", "192.0.2.1", "");
    row("number", "3325256713", "");
    row("hexadecimal number", "foo.0x1f", "");
    row("wildcard", "*.example", "");
    row("port", "evil.example:443", "");
    row("slash", "evil.example/a", "");
    row("markup", "<img>.example", "");
    row("bidi mark", "evil\u202E.example", "");
    row("invalid UTF-8", "ev\xFFil.example", "");
    QTest::newRow("NUL") << QByteArray("evil\0.example", 13) << QByteArray();
    QTest::newRow("NUL beside non-ASCII") << QByteArray("ü\0.example", 11) << QByteArray();
}

void TestDomain::canonical()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto name = canonicalDomain({text.data(), static_cast<std::size_t>(text.size())});
    QCOMPARE(QByteArray::fromStdString(name.value_or("")), expected);
    QCOMPARE(name.has_value(), !expected.isEmpty());
    if (name) {
        QCOMPARE(canonicalDomain(*name).value_or(""), *name); // a fixed point
    }
}

void TestDomain::suffix_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("any");
    QTest::addColumn<bool>("icann");
    const auto row = [](const char *name, bool any, bool icann) {
        QTest::newRow(name) << QByteArray(name) << any << icann;
    };
    row("com", true, true);
    row("co.uk", true, true);
    row("uk", true, true);
    row("example.co.uk", false, false);
    row("pages.dev", true, false);
    row("bad.pages.dev", false, false);
    row("azurewebsites.net", true, false);
    row("duckdns.org", true, false);
    row("github.io", true, false);
    row("evil.example", false, false);
    row("localhost", true, true);
    row("xn--p1ai", true, true);
    QTest::newRow("empty") << QByteArray() << false << false;
    QTest::newRow("huge") << QByteArray("a.").repeated(5000) << false << false;
}

void TestDomain::suffix()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, any);
    QFETCH(bool, icann);
    QCOMPARE(isPublicSuffix(name.toStdString()), any);
    QCOMPARE(isPublicSuffix(name.toStdString(), true), icann);
}

void TestDomain::registrable_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *expected) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(expected);
    };
    row("a.b.example.co.uk", "example.co.uk");
    row("example.co.uk", "example.co.uk");
    row("co.uk", "");
    row("a.bad.pages.dev", "bad.pages.dev");
    row("pages.dev", "");
    row("cdn.evil.example", "evil.example");
    row("localhost", "");
    row("www.xn--bcher-kva.example", "xn--bcher-kva.example");
    row("a.www.ck", "www.ck");         // an exception rule
    row("x.y.kobe.jp", "x.y.kobe.jp"); // a wildcard rule
    row("192.0.2.1", "");
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TestDomain::registrable()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, expected);
    const std::string text = name.toStdString();
    const std::string_view got = registrableDomain(text);
    QCOMPARE(QByteArray(got.data(), static_cast<qsizetype>(got.size())), expected);
    if (!got.empty()) {
        QCOMPARE(static_cast<const void *>(got.data() + got.size()),
                 static_cast<const void *>(text.data() + text.size()));
    }
}

void TestDomain::subdomain_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("parent");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const char *parent, bool expected) {
        QTest::addRow("%s in %s", name, parent) << QByteArray(name) << QByteArray(parent) << expected;
    };
    row("evil.example", "evil.example", true);
    row("cdn.evil.example", "evil.example", true);
    row("notevil.example", "evil.example", false);
    row("evil.example.good.example", "evil.example", false);
    row("evil.example", "www.evil.example", false);
    row("example", "evil.example", false);
    row("evil.example", "", false);
    row("", "", false);
}

void TestDomain::subdomain()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, parent);
    QFETCH(bool, expected);
    QCOMPARE(isSameOrSubdomain(name.toStdString(), parent.toStdString()), expected);
}

void TestDomain::threads()
{
    std::vector<int> right(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < right.size(); ++i) {
        threads.emplace_back([&right, i] {
            for (int n = 0; n < 2000; ++n) {
                const std::string name = canonicalDomain("Büro" + std::to_string(n) + ".example.co.uk").value_or("");
                right[i] += registrableDomain(name) == "example.co.uk" ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    QCOMPARE(right, std::vector<int>(4, 2000));
}

QTEST_GUILESS_MAIN(TestDomain)
#include "tst_domain.moc"
