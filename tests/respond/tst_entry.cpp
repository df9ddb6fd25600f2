// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"

#include "respond/denyservice.h"
#include "respond/entry.h"
#include "respond/obfuscation.h"
#include "respond/safety.h"
#include "simulator/grammar.h"

using namespace nightjar;
using namespace nightjar::respond;

class TestEntry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void obfuscation_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("expected");
        QTest::newRow("letters") << u"ABCDEFGHIJKL"_qs << u"1389681124480"_qs << u"BCEEIACIEEGC"_qs;
        QTest::newRow("all zero") << u"abcdef123456"_qs << u"1700000000000"_qs << u"aaaaaacccccc"_qs;
        QTest::newRow("one") << u"abcdef123456"_qs << u"1700000000001"_qs << u"aaaaabcccccc"_qs;
        QTest::newRow("all nine") << u"q7Wm2ZxK9pRt"_qs << u"1699999999999"_qs << u"ppppppxttttt"_qs;
        QTest::newRow("leading zero") << u"q7Wm2ZxK9pRt"_qs << u"1712345098765"_qs << u"qp9KxZWxtZR2"_qs;
        QTest::newRow("mixed") << u"jj7tg80fEGao"_qs << u"1389681124480"_qs << u"j7ggEj7Egg07"_qs;
        QTest::newRow("digits") << u"0123456789AB"_qs << u"1735689600123"_qs << u"600123522283"_qs;
    }
    void obfuscation()
    {
        QFETCH(QString, key);
        QFETCH(QString, time);
        QFETCH(QString, expected);
        const Result<std::string> result = obfuscateKey(key.toStdString(), time.toStdString());
        QVERIFY(result.has_value());
        QCOMPARE(QString::fromStdString(*result), expected);
    }
    void obfuscationRefuses()
    {
        QVERIFY(!obfuscateKey("short", "1389681124480"));
        QVERIFY(!obfuscateKey("ABCDEFGHIJKL", "12345"));
        QVERIFY(!obfuscateKey("ABCDEFGHIJKL", "13896811244x0"));
        QVERIFY(obfuscateKey("short", "1389681124480").error().reason.find("short") == std::string::npos);
    }

    void entries_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        QTest::newRow("domain") << u"evil.example"_qs << u"evil.example"_qs;
        QTest::newRow("capitals and dot") << u" Evil.EXAMPLE. "_qs << u"evil.example"_qs;
        QTest::newRow("dot form") << u".evil.example"_qs << u".evil.example"_qs;
        QTest::newRow("defanged") << u"hxxps://evil[.]example/a"_qs << u"evil.example/a"_qs;
        QTest::newRow("defanged (.)") << u"evil(.)example"_qs << u"evil.example"_qs;
        QTest::newRow("scheme and slash") << u"http://evil.example/"_qs << u"evil.example"_qs;
        QTest::newRow("default port https") << u"https://evil.example:443/x"_qs << u"evil.example/x"_qs;
        QTest::newRow("foreign default port") << u"http://evil.example:443/x"_qs << u"evil.example:443/x"_qs;
        QTest::newRow("port") << u"http://evil.example:8080/"_qs << u"evil.example:8080"_qs;
        QTest::newRow("port without scheme") << u"evil.example:443"_qs << u"evil.example"_qs;
        QTest::newRow("user information") << u"http://user:pw@evil.example/a"_qs << u"evil.example/a"_qs;
        QTest::newRow("fragment") << u"http://evil.example/a#frag"_qs << u"evil.example/a"_qs;
        QTest::newRow("path case") << u"HTTP://EVIL.example/A/b?Q=Z"_qs << u"evil.example/A/b?Q=Z"_qs;
        QTest::newRow("query only") << u"evil.example?x=1"_qs << u"evil.example/?x=1"_qs;
        QTest::newRow("blank in path") << u"http://evil.example/a b"_qs << u"evil.example/a%20b"_qs;
        QTest::newRow("braces") << u"http://evil.example/{a}|b"_qs << u"evil.example/%7Ba%7D%7Cb"_qs;
        QTest::newRow("dot segments") << u"http://evil.example/a/../b"_qs << u"evil.example/b"_qs;
        QTest::newRow("only dot segments") << u"http://evil.example/./"_qs << u"evil.example"_qs;
        QTest::newRow("IDN") << u"http://bücher.example/"_qs << u"xn--bcher-kva.example"_qs;
        QTest::newRow("IPv4") << u"9.9.9.10"_qs << u"9.9.9.10"_qs;
        QTest::newRow("IPv4 defanged with port") << u"hxxp://45[.]77[.]1[.]2:8080/x"_qs << u"45.77.1.2:8080/x"_qs;
        QTest::newRow("IPv6 in brackets") << u"http://[2A00:1450::5]/"_qs << u"2a00:1450::5"_qs;
        QTest::newRow("mapped") << u"::ffff:45.77.1.2"_qs << u"45.77.1.2"_qs;
        QTest::newRow("underscore in subdomain") << u"a_b.evil.example.com"_qs << u"a_b.evil.example.com"_qs;
        QTest::newRow("underscore in second level of two") << u"safe_x.example"_qs << u"safe_x.example"_qs;
    }
    void entries()
    {
        QFETCH(QString, value);
        QFETCH(QString, expected);
        const Result<DenyEntry> entry = makeEntry(value.toStdString());
        QVERIFY2(entry.has_value(), entry ? "" : describe(entry.error()).c_str());
        QCOMPARE(QString::fromStdString(entry->text), expected);
        QVERIFY(checkEntry(entry->text).has_value());
        QVERIFY2(simulator::isAcceptedEntry(entry->text), "the stand-in's own grammar must take it");
        QVERIFY2(readEntry(entry->text)->text == entry->text, "an entry is its own entry");
        QVERIFY(entryKey(entry->text) == entry->key);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("code");
        QTest::newRow("empty") << u"  "_qs << u"NJ-RESPOND-040"_qs;
        QTest::newRow("md5") << u"d41d8cd98f00b204e9800998ecf8427e"_qs << u"NJ-RESPOND-041"_qs;
        QTest::newRow("sha256") << QString(64, u'a') << u"NJ-RESPOND-041"_qs;
        QTest::newRow("CIDR") << u"45.77.0.0/16"_qs << u"NJ-RESPOND-042"_qs;
        QTest::newRow("CIDR 6") << u"2a00:1450::/32"_qs << u"NJ-RESPOND-042"_qs;
        QTest::newRow("range") << u"45.77.0.1-45.77.0.9"_qs << u"NJ-RESPOND-042"_qs;
        QTest::newRow("e-mail") << u"bad@evil.example"_qs << u"NJ-RESPOND-043"_qs;
        QTest::newRow("backslash") << u"http://good.example\\@evil.example/"_qs << u"NJ-RESPOND-044"_qs;
        QTest::newRow("decimal address") << u"http://760021250/"_qs << u"NJ-RESPOND-044"_qs;
        QTest::newRow("hex address") << u"http://0x2d4d0102/"_qs << u"NJ-RESPOND-044"_qs;
        QTest::newRow("octal address") << u"http://055.0115.01.02/"_qs << u"NJ-RESPOND-044"_qs;
        QTest::newRow("single label") << u"intranet"_qs << u"NJ-RESPOND-045"_qs;
        QTest::newRow("top-level domain") << u".com"_qs << u"NJ-RESPOND-045"_qs;
        QTest::newRow("words") << u"not a domain"_qs << u"NJ-RESPOND-046"_qs;
        QTest::newRow("underscore with subdomain") << u"www.safe_x.example"_qs << u"NJ-RESPOND-046"_qs;
        QTest::newRow("lone underscore") << u"_.evil.example.com"_qs << u"NJ-RESPOND-046"_qs;
        QTest::newRow("port 0") << u"http://evil.example:0/"_qs << u"NJ-RESPOND-046"_qs;
        QTest::newRow("port too high") << u"http://evil.example:70000/"_qs << u"NJ-RESPOND-046"_qs;
        QTest::newRow("too long") << u"http://evil.example/"_qs + QString(1'100, u'a') << u"NJ-RESPOND-046"_qs;
        QTest::newRow("huge") << QString(1'000'000, u'a') << u"NJ-RESPOND-046"_qs;
        QTest::newRow("only dots") << u"..."_qs << QString();
        QTest::newRow("slash") << u"/"_qs << QString();
        QTest::newRow("NUL") << QString(u"evil.exa\0mple"_qs) << QString();
    }
    void refused()
    {
        QFETCH(QString, value);
        QFETCH(QString, code);
        const Result<DenyEntry> entry = makeEntry(value.toStdString());
        QVERIFY2(!entry, entry ? entry->text.c_str() : "");
        if (!code.isEmpty()) {
            QCOMPARE(QString::fromStdString(entry.error().code), code);
        }
    }

    void subdomainScope()
    {
        QVERIFY(makeEntry("evil.example", DomainScope::Subdomains)->text == ".evil.example");
        QVERIFY(makeEntry("http://evil.example/a", DomainScope::Subdomains)->text == "evil.example/a");
        QVERIFY(makeEntry("45.77.1.2", DomainScope::Subdomains)->text == "45.77.1.2");
    }

    void keysOfStoredSpellings_data()
    {
        QTest::addColumn<QString>("stored");
        QTest::addColumn<QString>("key");
        QTest::newRow("capitals") << u".directTV.com"_qs << u".directtv.com"_qs;
        QTest::newRow("empty port") << u"host.example:"_qs << u"host.example"_qs;
        QTest::newRow("trailing dot") << u"host.example./A"_qs << u"host.example/A"_qs;
        QTest::newRow("slash alone") << u"host.example/"_qs << u"host.example"_qs;
        QTest::newRow("comment") << u"host.example // from Jo"_qs << u"host.example"_qs;
        QTest::newRow("path case kept") << u"Host.example/AbC"_qs << u"host.example/AbC"_qs;
        QTest::newRow("broken escape") << u"host.example/%zz{"_qs << u"host.example/%zz{"_qs;
        QTest::newRow("fragment") << u"host.example/a#b"_qs << u"host.example/a"_qs;
        QTest::newRow("port") << u"host.example:443/a"_qs << u"host.example:443/a"_qs;
        QTest::newRow("IPv6") << u"2A00:1450:0::5"_qs << u"2a00:1450::5"_qs;
        QTest::newRow("empty") << QString() << QString();
    }
    void keysOfStoredSpellings()
    {
        QFETCH(QString, stored);
        QFETCH(QString, key);
        QCOMPARE(QString::fromStdString(entryKey(stored.toStdString())), key);
    }

    void guard_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("verdict");
        const int ok = static_cast<int>(Verdict::Ok);
        const int asks = static_cast<int>(Verdict::AsksConfirmation);
        const int no = static_cast<int>(Verdict::Refused);
        QTest::newRow("plain") << u"evil.example"_qs << ok;
        QTest::newRow("public address") << u"45.77.1.2"_qs << ok;
        QTest::newRow("private address") << u"10.0.0.1"_qs << no;
        QTest::newRow("private in URL") << u"http://192.168.1.1/x"_qs << no;
        QTest::newRow("loopback") << u"127.0.0.1"_qs << no;
        QTest::newRow("multicast") << u"224.0.0.5"_qs << no;
        QTest::newRow("CGNAT") << u"100.64.1.1"_qs << no;
        QTest::newRow("unique local 6") << u"fd00::1"_qs << no;
        QTest::newRow("own") << u"corp.example.com"_qs << no;
        QTest::newRow("under own") << u"http://mail.corp.example.com/x"_qs << no;
        QTest::newRow("wildcard over own") << u".example.com"_qs << no;
        QTest::newRow("beside own") << u"notcorp.example.com"_qs << ok;
        QTest::newRow("own network") << u"81.2.3.4"_qs << no;
        QTest::newRow("Zscaler") << u"zsapi.zscalertwo.net"_qs << no;
        QTest::newRow("Zscaler login cloud") << u"acme.zsloginbeta.net"_qs << no;
        QTest::newRow("Zscaler look-alike") << u"zscaler.net.evil.example"_qs << ok;
        QTest::newRow("ICANN suffix") << u"co.uk"_qs << no;
        QTest::newRow("wildcard ICANN suffix") << u".co.uk"_qs << no;
        QTest::newRow("private suffix wildcard") << u".github.io"_qs << no;
        QTest::newRow("private suffix host") << u"github.io"_qs << asks;
        QTest::newRow("under private suffix") << u"evil.github.io"_qs << ok;
        QTest::newRow("top site") << u"wikipedia.org"_qs << asks;
        QTest::newRow("top site www") << u"https://www.wikipedia.org/"_qs << asks;
        QTest::newRow("top site path") << u"wikipedia.org/evil"_qs << ok;
        QTest::newRow("wildcard covers top site") << u".search.example.net"_qs << asks;
        QTest::newRow("shared host") << u"cdn.example.org"_qs << asks;
        QTest::newRow("below shared host") << u"x.cdn.example.org"_qs << ok;
        QTest::newRow("resolver") << u"8.8.8.8"_qs << asks;
        QTest::newRow("shared network") << u"104.16.1.1"_qs << asks;
        QTest::newRow("URL in shared network") << u"104.16.1.1/evil.bin"_qs << ok;
    }
    void guard()
    {
        QFETCH(QString, value);
        QFETCH(int, verdict);
        GuardLists lists;
        lists.ownDomains = {"Corp.Example.com", "*.partner.example"};
        lists.ownNetworks = {"81.2.3.0/24", "rubbish"};
        lists.topSites = {"wikipedia.org", "www.search.example.net"};
        lists.resolvers = {"8.8.8.8", "1.1.1.0/24"};
        lists.sharedHosts = {"cdn.example.org"};
        lists.sharedNetworks = {"104.16.0.0/13"};
        const Guard judge(lists);
        const Result<DenyEntry> entry = makeEntry(value.toStdString());
        QVERIFY2(entry.has_value(), entry ? "" : describe(entry.error()).c_str());
        const Judgement judgement = judge.judge(*entry);
        QVERIFY2(static_cast<int>(judgement.verdict) == verdict, judgement.why.c_str());
        QCOMPARE(judgement.why.empty(), judgement.verdict == Verdict::Ok);
    }

    void listLines()
    {
        const std::vector<std::string> lines = linesOfList("# head\n a.example  # note\n\nb.example\r\n");
        QVERIFY(lines == (std::vector<std::string>{"a.example", "b.example"}));
    }

    void userInformationIsMasked()
    {
        QVERIFY(withoutUserInfo("http://user:secret@evil.example/a@b") == "http://***@evil.example/a@b");
        QVERIFY(withoutUserInfo("evil.example/a@b") == "evil.example/a@b");
        QVERIFY(withoutUserInfo("user:secret@evil.example") == "***@evil.example");
        QVERIFY(withoutUserInfo("") == "");
    }
};

QTEST_GUILESS_MAIN(TestEntry)
#include "tst_entry.moc"
