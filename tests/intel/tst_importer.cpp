// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/importer.h"

#include "support/support.h"

#include <fstream>

using namespace nightjar;
using namespace nightjar::intel;

namespace {

struct Imported {
    std::vector<Indicator> all;
    ImportReport report;
};

Result<Imported> import(std::string_view text, ImportDefaults defaults = {}, ImportHooks hooks = {})
{
    Imported out;
    const auto report = importText(
        text, defaults,
        [&](Indicator &&indicator) -> Status {
            out.all.push_back(std::move(indicator));
            return {};
        },
        hooks);
    if (!report) {
        return fail(report.error());
    }
    out.report = *report;
    return out;
}

QByteArray listed(const std::vector<Indicator> &all)
{
    std::string out;
    for (const Indicator &one : all) {
        out += std::string(out.empty() ? "" : " ") + std::string(name(one.type)) + "=" + one.value +
               (one.port != 0 ? "@" + std::to_string(one.port) : "");
    }
    return QByteArray::fromStdString(out);
}

} // namespace

class TestImporter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layouts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("want");
        QTest::addColumn<int>("invalid");
        QTest::newRow("plain list, comments, CRLF, BOM")
            << QByteArray(
                   "\xEF\xBB\xBF# one\r\n; two\r\n! three\r\n// four\r\nevil.example\r\n\r\n198.51.100.7 # note\r\n")
            << QByteArray("domain=evil.example ipv4=198.51.100.7") << 0;
        QTest::newRow("hosts file") << QByteArray(
                                           "127.0.0.1 localhost\n0.0.0.0 evil.example bad.example\n::1 ip6-localhost\n")
                                    << QByteArray("domain=evil.example domain=bad.example") << 0;
        QTest::newRow("ad-block")
            << QByteArray("! Title\n||evil.example^\nbad.example$all\n||bad.example/a$doc\n@@||good.example^\n")
            << QByteArray("domain=evil.example domain=bad.example url=bad.example/a") << 1;
        QTest::newRow("dnsmasq") << QByteArray("address=/evil.example/0.0.0.0\nserver=/bad.example/\n")
                                 << QByteArray("domain=evil.example domain=bad.example") << 0;
        QTest::newRow("trails") << QByteArray("198.51.100.7:443\nevil.example/panel\n203.0.113.0/24\n")
                                << QByteArray("ipv4=198.51.100.7@443 url=evil.example/panel cidr=203.0.113.0/24") << 0;
        QTest::newRow("address and count")
            << QByteArray("# IP\tnumber of lists\n#\n198.51.100.7\t10\n198.51.100.8\t9\n")
            << QByteArray("ipv4=198.51.100.7 ipv4=198.51.100.8") << 0;
        QTest::newRow("semicolon note") << QByteArray("; list\n198.51.100.0/24 ; SBL1\n203.0.113.0/24 ; SBL2\n")
                                        << QByteArray("cidr=198.51.100.0/24 cidr=203.0.113.0/24") << 0;
        QTest::newRow("comma, blank, quote; header in a comment")
            << QByteArray(
                   "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"confidence_level\"\n"
                   "\"2026-01-02 03:04:05\", \"1\", \"198.51.100.7:443\", \"ip:port\", \"botnet_cc\", \"90\"\n"
                   "\"2026-01-02 03:04:05\", \"2\", \"evil.example\", \"domain\", \"botnet_cc\", \"90\"\n"
                   "# Number of entries: 2\n")
            << QByteArray("ipv4=198.51.100.7@443 domain=evil.example") << 0;
        QTest::newRow("commas in quoted URLs")
            << QByteArray("# id,dateadded,url,url_status,urlhaus_link\r\n"
                          "\"1\",\"2026-02-26 "
                          "12:05:20\",\"http://evil.example/a,b\",\"online\",\"https://list.example/1\"\r\n")
            << QByteArray("url=evil.example/a,b") << 0;
        QTest::newRow("address and port columns")
            << QByteArray("\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"malware\"\n\"2026-01-02 "
                          "03:04:05\",\"198.51.100.7\",\"8080\",\"Emotet\"\n")
            << QByteArray("ipv4=198.51.100.7@8080") << 0;
        QTest::newRow("Zeek table") << QByteArray("#fields\tindicator\tindicator_type\tmeta.source\nevil."
                                                  "example\tIntel::DOMAIN\tx\nevil.example/a\tIntel::URL\tx\n")
                                    << QByteArray("domain=evil.example url=evil.example/a") << 0;
        QTest::newRow("no header, semicolons")
            << QByteArray("2026-01-02;evil.example;phishing\n2026-01-03;bad.example;phishing\n")
            << QByteArray("domain=evil.example domain=bad.example") << 0;
        QTest::newRow("three hashes in a cell")
            << QByteArray(
                   "IOC, Valid "
                   "From\n0123456789abcdef0123456789abcdef;0123456789abcdef0123456789abcdef01234567,2026-01-01\n")
            << QByteArray("md5=0123456789abcdef0123456789abcdef sha1=0123456789abcdef0123456789abcdef01234567") << 0;
        QTest::newRow("line end in quotes")
            << QByteArray("indicator,context\n\"evil.example\",\"two\nlines\"\nbad.example,one\n")
            << QByteArray("domain=evil.example domain=bad.example") << 0;
        QTest::newRow("withdrawn and unsupported")
            << QByteArray("type,indicator,classification\ndomain,good.example,legitimate\nyara,rule "
                          "x,malware\ndomain,evil.example,malware\n")
            << QByteArray("domain=evil.example") << 2;
        QTest::newRow("duplicates, defanged") << QByteArray("evil.example\nEVIL[.]example\nhxxp://evil.example\n")
                                              << QByteArray("domain=evil.example url=evil.example/") << 0;
        QTest::newRow("named column") << QByteArray("domain\nevil.example\nbad.example\n")
                                      << QByteArray("domain=evil.example domain=bad.example") << 0;
        QTest::newRow("bad rows") << QByteArray("evil.example\n10.0.0.1\nsetup.exe\n\x01\x02\n")
                                  << QByteArray("domain=evil.example") << 3;
        QTest::newRow("nothing") << QByteArray("") << QByteArray("") << 0;
    }

    void layouts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, want);
        QFETCH(int, invalid);
        const auto got = import(text.toStdString());
        QVERIFY2(got, got ? "" : describe(got.error()).c_str());
        QCOMPARE(listed(got->all), want);
        QCOMPARE(got->report.invalid, static_cast<std::int64_t>(invalid));
        QCOMPARE(got->report.unique, static_cast<std::int64_t>(got->all.size()));
        QVERIFY(got->report.read >= got->report.unique + got->report.invalid);
    }

    void contextOfRows()
    {
        ImportDefaults defaults;
        defaults.source = "feed";
        defaults.at = *parseIsoTime("2026-03-01");
        defaults.confidence = 40;
        const auto got =
            import("ioc,confidence,tlp,threat_type,malware,valid_until,first_seen,reference\n"
                   "evil.example,90,tlp:red,botnet_cc,Emotet,2026-06-01,2026-01-01,https://list.example/1\n"
                   "bad.example,None,,,,,,\n",
                   defaults);
        QVERIFY(got && got->all.size() == 2);
        const Indicator &first = got->all[0];
        QCOMPARE(first.source, std::string("feed"));
        QCOMPARE(first.confidence.value_or(-1), 90);
        QCOMPARE(first.tlp, Tlp::Red);
        QCOMPARE(first.threat, std::string("botnet_cc"));
        QCOMPARE(first.malware, std::string("Emotet"));
        QCOMPARE(first.validUntil, *parseIsoTime("2026-06-01"));
        QCOMPARE(first.firstSeen, *parseIsoTime("2026-01-01"));
        QCOMPARE(first.lastSeen, defaults.at);
        QCOMPARE(first.reference, std::string("https://list.example/1"));
        QCOMPARE(got->all[1].confidence.value_or(-1), 40);
        QCOMPARE(got->all[1].firstSeen, defaults.at);
    }

    void tellsLinesAndReasons()
    {
        const auto got = import("# list\nevil.example\n192.168.0.1\nbad.example\nreport.pdf\n");
        QVERIFY(got && got->report.invalidRows.size() == 2);
        QCOMPARE(got->report.invalidRows[0].line, std::uint64_t{3});
        QCOMPARE(got->report.invalidRows[1].line, std::uint64_t{5});
        QVERIFY(got->report.invalidRows[0].reason.find("private") != std::string::npos);
        QVERIFY(got->report.invalidRows[1].text == "report.pdf");
    }

    void boundsHostileInput()
    {
        std::string text = "evil.example\n" + std::string(3'000'000, 'a') + "\nbad.example\n";
        for (int i = 0; i < 3000; ++i) {
            text += "bad row " + std::to_string(i) + "\n";
        }
        const auto got = import(text);
        QVERIFY(got);
        QCOMPARE(listed(got->all), QByteArray("domain=evil.example domain=bad.example"));
        QCOMPARE(got->report.invalid, std::int64_t{3001});
        QCOMPARE(got->report.invalidRows.size(), 3001U);
        QCOMPARE(got->report.invalidRows[1].line, std::uint64_t{4});
        // An open quote must not swallow the file.
        const auto open = import("ioc,note\n\"evil.example,x\nbad.example,y\n" + [] {
            std::string rows;
            for (int i = 0; i < 200; ++i) {
                rows += "d" + std::to_string(i) + ".example,z\n";
            }
            return rows;
        }());
        QVERIFY(open && open->report.unique > 100 && open->report.invalid >= 1);
    }

    void refusesOtherFormats_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("html") << QByteArray("<!DOCTYPE html><html>") << QByteArray("NJ-INTEL-020");
        QTest::newRow("json") << QByteArray("{\"type\":\"bundle\"") << QByteArray("NJ-INTEL-025");
        QTest::newRow("binary") << QByteArray("PK\x03\x04\0\0\0", 7) << QByteArray("NJ-INTEL-022");
    }

    void refusesOtherFormats()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, code);
        const auto got = import(text.toStdString());
        QVERIFY(!got);
        QCOMPARE(got.error().code, code.toStdString());
        QVERIFY(!importFile("/nowhere/list.txt", {}, [](Indicator &&) { return Status(); }));
    }

    void stopsWhenAsked()
    {
        ImportHooks hooks;
        std::string text;
        for (int i = 0; i < 50'000; ++i) {
            text += "d" + std::to_string(i) + ".example\n";
        }
        hooks.progress = [&](std::uint64_t, std::uint64_t) { hooks.cancel.cancel(); };
        const auto got = import(text, {}, hooks);
        QVERIFY(got && got->report.cancelled);
        QVERIFY(got->report.unique > 0 && got->report.unique < 50'000);
        // The sink's error ends the import.
        const auto failed = importText("evil.example\n", {}, [](Indicator &&) -> Status { return fail("X", "no"); });
        QVERIFY(!failed && failed.error().code == "X");
    }

    void realFiles()
    {
        const auto folder = testsupport::sharedData();
        if (folder.empty()) {
            QSKIP("the development data is not here");
        }
        struct Expected {
            const char *file;
            std::int64_t least;
            std::int64_t mostInvalid;
        };
        for (const Expected &one : {Expected{"cti/text/ipsum_head.txt", 480, 0},
                                    {"cti/text/maltrail_emotet_head.txt", 400, 5},
                                    {"cti/text/urlhaus_filter_online.txt", 2500, 20},
                                    {"cti/csv/blackbook_head.csv", 350, 20},
                                    {"cti/csv/unit42_oilrig.csv", 80, 10},
                                    {"cti/infoblox-csv/rdga_20240717_iocs.csv", 15, 2},
                                    {"cti/sekoia/stealc_iocs_20230220.csv", 150, 20},
                                    {"cti/sekoia/apt31_iocs.csv", 100, 20},
                                    {"cti/zeek-intel/Amnesty_NSO_Domains.intel", 1000, 5},
                                    {"cti/zeek-intel/abuse-ch-threatfox-ip_head.intel", 300, 5}}) {
            std::int64_t count = 0;
            const auto report = importFile(folder / one.file, {}, [&](Indicator &&) -> Status {
                ++count;
                return {};
            });
            QVERIFY2(report, one.file);
            std::string why = std::string(one.file) + ": " + std::to_string(report->unique) + " of " +
                              std::to_string(report->read) + ", invalid " + std::to_string(report->invalid);
            for (const InvalidRow &row : report->invalidRows) {
                why += "\n" + std::to_string(row.line) + " " + row.reason + ": " + row.text;
            }
            QVERIFY2(count >= one.least && report->invalid <= one.mostInvalid, why.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestImporter)
#include "tst_importer.moc"
