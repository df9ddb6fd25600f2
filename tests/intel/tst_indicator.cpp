// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/indicator.h"

#include "support/support.h"

using namespace nightjar;
using namespace nightjar::intel;

class TestIndicator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hint");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("port");
        const auto row = [](const char *text, const char *hint, const char *type, const char *value, int port = 0) {
            QTest::addRow("%s", text) << QByteArray(text) << QByteArray(hint) << QByteArray(type) << QByteArray(value)
                                      << port;
        };
        row("EVIL.Example.", "", "domain", "evil.example");
        row("bücher.example", "", "domain", "xn--bcher-kva.example");
        row("evil[.]example", "", "domain", "evil.example");
        row("*.evil.example", "", "domain", "evil.example");
        row("evil.example:8443", "", "domain", "evil.example");
        row("invoice[.]zip", "", "domain", "invoice.zip");
        row("invoice.zip", "domain", "domain", "invoice.zip");
        row("www.invoice.zip", "", "domain", "www.invoice.zip");
        row("kotek.pl", "", "domain", "kotek.pl");
        row("pages.dev", "", "domain", "pages.dev");
        row("hxxps://evil[.]example/a/b.php?x=1#top", "", "url", "evil.example/a/b.php?x=1");
        row("http://evil.example", "", "url", "evil.example/");
        row("evil.example/a", "", "url", "evil.example/a");
        row("evil.example", "url", "url", "evil.example/");
        row("http://update.exe.example/setup.exe", "", "url", "update.exe.example/setup.exe");
        row("http://evil.example:8080/%7Ea", "", "url", "evil.example:8080/~a");
        row("198.51.100.7", "", "ipv4", "198.51.100.7");
        row("198[.]51[.]100[.]7:443", "", "ipv4", "198.51.100.7", 443);
        row("::ffff:198.51.100.7", "", "ipv4", "198.51.100.7");
        row("2001:DB8::1", "", "ipv6", "2001:db8::1");
        row("203.0.113.0/24", "", "cidr", "203.0.113.0/24");
        row("203.0.113.7/32", "", "ipv4", "203.0.113.7");
        row("0123456789ABCDEF0123456789ABCDEF", "", "md5", "0123456789abcdef0123456789abcdef");
        row("0123456789abcdef0123456789abcdef01234567", "sha256", "sha1", "0123456789abcdef0123456789abcdef01234567");
        row("Bad.Guy[at]evil[.]example", "", "email", "bad.guy@evil.example");
        row("198.51.100.7", "domain", "ipv4", "198.51.100.7");
    }

    void accepts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, hint);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, value);
        QFETCH(int, port);
        const auto got = indicatorFromText(text.toStdString(), parseType(hint.toStdString()));
        QVERIFY2(got, got ? "" : describe(got.error()).c_str());
        QCOMPARE(std::string(name(got->type)), type.toStdString());
        QCOMPARE(got->value, value.toStdString());
        QCOMPARE(static_cast<int>(got->port), port);
        // What is canonical stays as it is.
        if (got->type != Type::Url) {
            const auto again = indicatorFromText(got->value, got->type);
            QVERIFY(again && again->value == got->value);
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("freeText");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *text, const char *code, bool freeText = false) {
            QTest::addRow("%s", text) << QByteArray(text) << freeText << QByteArray(code);
        };
        row("", "NJ-INTEL-001");
        row("two words", "NJ-INTEL-002");
        row("10", "NJ-INTEL-002");
        row("999.1.2.3", "NJ-INTEL-002");
        row("10.1.2.3", "NJ-INTEL-003");
        row("127.0.0.1:80", "NJ-INTEL-003");
        row("http://192.168.1.1/x", "NJ-INTEL-003");
        row("fe80::1", "NJ-INTEL-003");
        row("10.0.0.0/8", "NJ-INTEL-003");
        row("8.0.0.0/7", "NJ-INTEL-006");
        row("2001::/15", "NJ-INTEL-006");
        row("co.uk", "NJ-INTEL-004");
        row("localhost", "NJ-INTEL-005");
        row("update.exe", "NJ-INTEL-008");
        row("invoice.zip", "NJ-INTEL-008");
        row("script.sh", "NJ-INTEL-008");
        row("module.rs", "NJ-INTEL-008", true);
        row("d41d8cd98f00b204e9800998ecf8427e", "NJ-INTEL-007");
        row("ldap://evil.example/x", "NJ-INTEL-002");
        row("198.51.100.7:70000", "NJ-INTEL-002");
        row("198.51.100.0/33", "NJ-INTEL-002");
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, freeText);
        QFETCH(QByteArray, code);
        const auto got = indicatorFromText(text.toStdString(), {}, freeText ? Origin::FreeText : Origin::List);
        QVERIFY2(!got, got ? got->value.c_str() : "");
        QCOMPARE(got.error().code, code.toStdString());
        QVERIFY(!got.error().reason.empty());
    }

    void marks()
    {
        QCOMPARE(parseTlp("TLP:WHITE"), Tlp::Clear);
        QCOMPARE(parseTlp("tlp:amber+strict"), Tlp::AmberStrict);
        QCOMPARE(parseTlp("something"), Tlp::Amber);
        QCOMPARE(parseTlp(""), Tlp::Unmarked);
        Indicator a;
        a.value = "evil.example";
        Indicator b = a;
        b.type = Type::Email;
        QVERIFY(fingerprint(a) != fingerprint(b));
        QVERIFY(fingerprint(a) != fingerprint(a, 7));
        a.lastSeen = 0;
        QCOMPARE(effectiveEnd(a), 180 * kMicrosPerDay);
        a.type = Type::Sha256;
        QCOMPARE(effectiveEnd(a), kNoTime);
    }
};

QTEST_GUILESS_MAIN(TestIndicator)
#include "tst_indicator.moc"
