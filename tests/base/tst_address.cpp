// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"

#include <QTest>

using nightjar::Cidr;
using nightjar::IpAddress;

class TestAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void lenient_data();
    void lenient();
    void reserved_data();
    void reserved();
    void cidr_data();
    void cidr();
    void cidrRefuses_data();
    void cidrRefuses();
    void order();
};

void TestAddress::parse_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("canonical");
    const auto row = [](const char *name, const char *text, const char *canonical) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(canonical);
    };
    row("v4", "192.0.2.1", "192.0.2.1");
    row("v4 zero", "0.0.0.0", "0.0.0.0");
    row("v4 all ones", "255.255.255.255", "255.255.255.255");
    row("v4 leading zero", "192.0.2.01", "");
    row("v4 too large", "256.256.254.256", "");
    row("v4 short", "192.0.2", "");
    row("v4 long", "192.0.2.1.5", "");
    row("v4 trailing dot", "192.0.2.1.", "");
    row("v4 blank", " 192.0.2.1", "");
    row("v4 number", "3325256713", "");
    row("empty", "", "");
    row("v6 full", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1");
    row("v6 any", "::", "::");
    row("v6 loopback", "::1", "::1");
    row("v6 one zero group stays", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
    row("v6 first of equal runs", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
    row("v6 run at the end", "2001:db8:1:0:0:0:0:0", "2001:db8:1::");
    row("v6 mapped is v4", "::ffff:198.51.100.7", "198.51.100.7");
    row("v6 mapped in hex is v4", "::FFFF:c633:6407", "198.51.100.7");
    row("v6 zone dropped", "fe80::1%eth0", "fe80::1");
    row("v6 two runs", "1::2::3", "");
    row("v6 brackets are not its business", "[::1]", "");
    row("v6 nine groups", "1:2:3:4:5:6:7:8:9", "");
    QTest::newRow("v6 with NUL") << QByteArray("::1\0x", 5) << QByteArray();
    QTest::newRow("v6 very long") << QByteArray(5000, ':') << QByteArray();
}

void TestAddress::parse()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, canonical);
    const auto address = IpAddress::parse({text.data(), static_cast<std::size_t>(text.size())});
    QCOMPARE(address.has_value(), !canonical.isEmpty());
    if (address) {
        QCOMPARE(QByteArray::fromStdString(address->toString()), canonical);
    }
}

void TestAddress::lenient_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("canonical");
    const auto row = [](const char *name, const char *text, const char *canonical) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(canonical);
    };
    row("decimal", "3325256713", "198.51.100.9");
    row("octal", "0306.063.0144.011", "198.51.100.9");
    row("hexadecimal", "0xC6336409", "198.51.100.9");
    row("hexadecimal parts", "0xc6.0x33.0x64.0x9", "198.51.100.9");
    row("mixed bases", "0xc6.51.0144.9", "198.51.100.9");
    row("two parts", "198.3367945", "198.51.100.9");
    row("three parts", "198.51.25609", "198.51.100.9");
    row("trailing dot", "198.51.100.9.", "198.51.100.9");
    row("zero x", "0x", "0.0.0.0");
    row("v6 still works", "2001:db8::1", "2001:db8::1");
    row("over 32 bits", "4294967296", "");
    row("part too large", "198.256.1", "");
    row("last part too large", "198.51.65536", "");
    row("bad octal", "08.1.1.1", "");
    row("five parts", "1.2.3.4.5", "");
    row("empty part", "1..2", "");
    row("minus", "-1", "");
    row("word", "dead.beef", "");
    row("endless digits", "111111111111111111111111111111111111111111111", "");
}

void TestAddress::lenient()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, canonical);
    const auto address = IpAddress::parseLenient(text.toStdString());
    QCOMPARE(address.has_value(), !canonical.isEmpty());
    if (address) {
        QCOMPARE(QByteArray::fromStdString(address->toString()), canonical);
    }
}

void TestAddress::reserved_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("reserved");
    for (const char *text : {"10.1.2.3", "172.31.255.255", "192.168.0.1", "127.0.0.1", "100.64.0.1", "169.254.1.1",
                             "203.0.113.9", "224.0.0.1", "255.255.255.255", "0.0.0.0", "::", "::1", "fe80::1",
                             "fd00::1", "2001:db8::1", "ff02::1", "::ffff:10.0.0.1"}) {
        QTest::newRow(text) << QByteArray(text) << true;
    }
    for (const char *text : {"9.255.255.255", "11.0.0.0", "172.32.0.0", "100.128.0.0", "8.8.8.8", "192.0.3.1",
                             "2600::1", "::ffff:8.8.8.8"}) {
        QTest::newRow(text) << QByteArray(text) << false;
    }
}

void TestAddress::reserved()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, reserved);
    const auto address = IpAddress::parse(text.toStdString());
    QVERIFY(address.has_value());
    QCOMPARE(address->isReserved(), reserved);
}

void TestAddress::cidr_data()
{
    QTest::addColumn<QByteArray>("network");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("inside");
    const auto row = [](const char *network, const char *address, bool inside) {
        QTest::addRow("%s %s", network, address) << QByteArray(network) << QByteArray(address) << inside;
    };
    row("203.0.113.0/24", "203.0.113.0", true);
    row("203.0.113.0/24", "203.0.113.255", true);
    row("203.0.113.0/24", "203.0.114.0", false);
    row("203.0.113.0/24", "::ffff:203.0.113.9", true);
    row("198.51.100.8/30", "198.51.100.11", true);
    row("198.51.100.8/30", "198.51.100.12", false);
    row("192.0.2.1/32", "192.0.2.1", true);
    row("192.0.2.1/32", "192.0.2.2", false);
    row("0.0.0.0/0", "255.1.2.3", true);
    row("0.0.0.0/0", "2001:db8::1", false);
    row("::/0", "2001:db8::1", true);
    row("::/0", "192.0.2.1", false);
    row("2001:db8::/33", "2001:db8:7fff::1", true);
    row("2001:db8::/33", "2001:db8:8000::1", false);
}

void TestAddress::cidr()
{
    QFETCH(QByteArray, network);
    QFETCH(QByteArray, address);
    QFETCH(bool, inside);
    const auto cidr = Cidr::parse(network.toStdString(), true);
    QVERIFY(cidr.has_value());
    QCOMPARE(QByteArray::fromStdString(cidr->toString()), network);
    QCOMPARE(cidr->contains(*IpAddress::parse(address.toStdString())), inside);
    QVERIFY(cidr->contains(cidr->first()));
    QVERIFY(cidr->contains(cidr->last()));
}

void TestAddress::cidrRefuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "192.0.2.0", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/8x", "/8",
                             "2001:db8::/129", "192.0.2/24", "192.0.2.1/24"}) {
        QTest::addRow("'%s'", text) << QByteArray(text);
    }
}

void TestAddress::cidrRefuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!Cidr::parse(text.toStdString(), true).has_value());
}

void TestAddress::order()
{
    const auto loose = Cidr::parse("192.0.2.77/24");
    QVERIFY(loose.has_value());
    QCOMPARE(loose->toString(), std::string("192.0.2.0/24"));
    QCOMPARE(loose->last().toString(), std::string("192.0.2.255"));
    QVERIFY(*IpAddress::parse("9.0.0.0") < *IpAddress::parse("10.0.0.0"));
    QVERIFY(*IpAddress::parse("255.0.0.0") < *IpAddress::parse("2001:db8::1"));
    QCOMPARE(Cidr::parse("::ffff:192.0.2.0/120")->toString(), std::string("192.0.2.0/24"));
}

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
