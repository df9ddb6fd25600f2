// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/importer.h"
#include "intel/selection.h"
#include "intel/stixpattern.h"
#include "support/support.h"

#include <algorithm>
#include <string>

using namespace nightjar;
using namespace nightjar::intel;

namespace {

struct Read {
    QStringList values;
    std::vector<Indicator> all;
    ImportReport report;
};

Read read(const std::string &text, ToIdsChoice choice = ToIdsChoice::Keep)
{
    Read out;
    ImportDefaults defaults;
    defaults.toIds = choice;
    const auto report = importText(text, defaults, [&](Indicator &&one) -> Status {
        out.values.append(QString::fromStdString(one.value));
        out.all.push_back(std::move(one));
        return {};
    });
    if (report) {
        out.report = *report;
    } else {
        out.values.append(QString::fromStdString(report.error().code));
    }
    out.values.sort();
    return out;
}

} // namespace

class TestFormats : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void patterns_data();
    void patterns();
    void documents_data();
    void documents();
    void stixContext();
    void mispChoice();
    void selectionPrefersWhatLasts();
};

void TestFormats::patterns_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("values");
    QTest::addColumn<int>("unsupported");
    QTest::newRow("plain") << "[domain-name:value='a.example']"
                           << "a.example" << 0;
    QTest::newRow("or") << " [ url:value == 'http://a.example/' OR ipv4-addr:value IN ('192.0.2.1', '192.0.2.2') ] "
                        << "http://a.example/ 192.0.2.1 192.0.2.2" << 0;
    QTest::newRow("or of brackets") << "[file:hashes.MD5 = 'x'] OR ([file:hashes.'SHA-1' = 'y'])"
                                    << "x y" << 0;
    QTest::newRow("hash and name") << "[file:name = 'a.exe' AND file:hashes.SHA-256 = 'x']"
                                   << "x" << 0;
    QTest::newRow("escapes") << "[url:value = 'a\\'b\\\\c']"
                             << "a'b\\c" << 0;
    QTest::newRow("suffix") << "[domain-name:value LIKE '%.x.example']"
                            << "x.example" << 0;
    QTest::newRow("port") << "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = "
                             "'192.0.2.1' AND network-traffic:dst_port = 443]"
                          << "192.0.2.1:443" << 0;
    QTest::newRow("lenient") << "[domain-name:value = \u2018a.example\u2019 or domain-name:value = 'b.example'];"
                             << "a.example b.example" << 0;
    QTest::newRow("and of values") << "[domain-name:value = 'a' AND ipv4-addr:value = 'b']"
                                   << "" << 1;
    QTest::newRow("not") << "[domain-name:value NOT = 'a']"
                         << "" << 1;
    QTest::newRow("differs") << "[domain-name:value != 'a']"
                             << "" << 1;
    QTest::newRow("followed") << "[domain-name:value = 'a'] FOLLOWEDBY [domain-name:value = 'b']"
                              << "" << 1;
    QTest::newRow("within") << "[domain-name:value = 'a'] WITHIN 5 SECONDS"
                            << "" << 1;
    QTest::newRow("no field") << "[process:name = 'a' OR domain-name:value = 'b']"
                              << "b" << 1;
    QTest::newRow("wrong unit") << "[domain-name:value = 'a'] WITHIN 5 MINUTES"
                                << "NJ-INTEL-026" << 0;
    QTest::newRow("wrong not") << "[domain-name:value = 'a' AND NOT url:value = 'b']"
                               << "NJ-INTEL-026" << 0;
    QTest::newRow("wrong quotes") << "[file:hashes.\"MD5\" = 'x']"
                                  << "NJ-INTEL-026" << 0;
    QTest::newRow("cut off") << "[domain-name:value = 'a"
                             << "NJ-INTEL-026" << 0;
    QTest::newRow("deep") << QString(100'000, QLatin1Char('(')) << "NJ-INTEL-026" << 0;
}

void TestFormats::patterns()
{
    QFETCH(QString, pattern);
    const auto reading = readStixPattern(pattern.toStdString());
    QStringList values;
    if (reading) {
        for (const PatternValue &value : reading->values) {
            values.append(
                QString::fromStdString(value.text + (value.port > 0 ? ":" + std::to_string(value.port) : "")));
        }
        QTEST(static_cast<int>(reading->unsupported.size()), "unsupported");
    } else {
        values.append(QString::fromStdString(reading.error().code));
    }
    QTEST(values.join(QLatin1Char(' ')), "values");
}

void TestFormats::documents_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("values");
    QTest::newRow("misp") << "{'Event':{'Attribute':[{'type':'domain|ip','value':'a.example|192.0.2.1','to_ids':true},"
                             "{'type':'link','value':'http://x.example/'}],'Object':[{'Attribute':[{'type':"
                             "'filename|md5','value':'a|00112233445566778899aabbccddeeff'}]}]}}"
                          << "00112233445566778899aabbccddeeff 192.0.2.1 a.example";
    QTest::newRow("otx") << "{'indicators':[{'type':'hostname','indicator':'a.example'},{'type':'CVE','indicator':"
                            "'CVE-2020-1'}]}"
                         << "a.example";
    QTest::newRow("drop lines") << "{'cidr':'192.0.2.0/24','sblid':'SBL1'}\n{'type':'metadata','size':1}"
                                << "192.0.2.0/24";
    QTest::newRow("grouped") << "{'1':[{'ioc_value':'192.0.2.1:80','ioc_type':'ip:port'}]}"
                             << "192.0.2.1";
    QTest::newRow("broken") << "{'objects':["
                            << "NJ-INTEL-025";
    QTest::newRow("other xml") << "<?xml version='1.0'?><stix:STIX_Package/>"
                               << "NJ-INTEL-021";
    QTest::newRow("openioc") << "<?xml version='1.0'?><ioc><definition><Indicator operator='OR'><IndicatorItem "
                                "condition='is'><Context search='PortItem/remoteIP'/><Content type='IP'>192.0.2.1"
                                "</Content></IndicatorItem><Indicator operator='AND'><IndicatorItem condition='is'>"
                                "<Context search='DnsEntryItem/Host'/><Content>a.example</Content></IndicatorItem>"
                                "<IndicatorItem condition='is'><Context search='FileItem/FileName'/><Content>x"
                                "</Content></IndicatorItem></Indicator></Indicator></definition></ioc>"
                             << "192.0.2.1";
    QTest::newRow("hash index") << "00112233445566778899aabbccddeeff,0dbb179a-1c8c-4e7c-a264-2440414dbac8\n"
                                   "10112233445566778899aabbccddeeff,0dbb179a-1c8c-4e7c-a264-2440414dbac8\n"
                                << "";
    QTest::newRow("sekoia pattern") << "name,pattern,pattern_type\nx,[domain-name:value = 'a.example'],stix\n"
                                       "y,rule y {},yara\n"
                                    << "a.example";
    QTest::newRow("notes") << "The loader talks to evil[.]example and 192.0.2.7, see setup.py\n"
                           << "192.0.2.7 evil.example";
}

void TestFormats::documents()
{
    QFETCH(QString, text);
    const QString quoted = text.startsWith(QLatin1Char('{')) ? text.replace(QLatin1Char('\''), QLatin1Char('"')) : text;
    QTEST(read(quoted.toStdString()).values.join(QLatin1Char(' ')), "values");
}

void TestFormats::stixContext()
{
    const QString bundle =
        QStringLiteral("{'type':'bundle','objects':[{'type':'relationship','id':'relationship--1','relationship_type':"
                       "'indicates','source_ref':'indicator--1','target_ref':'malware--1'},{'type':'indicator','id':"
                       "'indicator--1','modified':'2020-01-01T00:00:00Z','pattern':'[url:value = @old.example/a@]'},"
                       "{'type':'indicator','id':'indicator--1','modified':'2021-01-01T00:00:00Z','revoked':true,"
                       "'pattern':'[url:value = @new.example/a@]','confidence':70,'valid_until':"
                       "'2022-01-01T00:00:00.123456Z','object_marking_refs':["
                       "'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da','marking-definition--unknown']},"
                       "{'type':'malware','id':'malware--1','name':'Loader'}]}");
    QString text = bundle;
    text.replace(QLatin1Char('\''), QLatin1Char('"')).replace(QLatin1Char('@'), QLatin1Char('\''));
    const Read out = read(text.toStdString());
    QCOMPARE(out.all.size(), 1U);
    const Indicator &one = out.all.front();
    QCOMPARE(one.value, std::string("new.example/a"));
    QVERIFY(one.revoked);
    QCOMPARE(one.confidence.value_or(0), 70);
    QCOMPARE(one.malware, std::string("Loader"));
    QVERIFY(one.tlp == Tlp::Amber); // the unknown marking is the stricter one
    QCOMPARE(formatIsoTime(one.validUntil).substr(0, 19), std::string("2022-01-01T00:00:00"));
}

void TestFormats::mispChoice()
{
    const std::string event =
        "{\"Event\":{\"Attribute\":[{\"type\":\"domain\",\"value\":\"a.example\",\"to_ids\":false}"
        "]}}";
    QVERIFY(!read(event).all.front().toIds);
    QCOMPARE(read(event).report.contextOnly, 1);
    QVERIFY(read(event, ToIdsChoice::Drop).all.empty());
    QVERIFY(read(event, ToIdsChoice::Ignore).all.front().toIds);
}

/// Worked example of the model: what lasted goes before what is new; gone comes last; five URLs make their host one.
void TestFormats::selectionPrefersWhatLasts()
{
    constexpr Timestamp kNow = 1'600'000'000 * kMicrosPerSecond;
    SelectionOptions options;
    options.at = kNow;
    options.places = 3;
    Selector selector(options, nullptr);
    const auto add = [&](Type type, const std::string &value, double days, bool present) {
        Presence row;
        row.indicator.type = type;
        row.indicator.value = value;
        row.indicator.activeDays = days;
        row.indicator.present = present;
        row.indicator.lastSeen = present ? kNow : kNow - 10 * kMicrosPerDay;
        selector.add({row});
    };
    add(Type::Domain, "new.example", 0, true);
    add(Type::Domain, "old.example", 120, true);
    add(Type::Domain, "gone.example", 120, false);
    for (const char *page : {"a", "b", "c", "d", "e"}) {
        add(Type::Url, std::string("pages.example/") + page, 2, true);
    }
    const auto chosen = selector.finish();
    QStringList entries;
    for (const SelectedEntry &entry : chosen->entries) {
        entries.append(QString::fromStdString(entry.entry));
    }
    QCOMPARE(entries.join(QLatin1Char(' ')), QStringLiteral("pages.example old.example new.example"));
    QCOMPARE(chosen->entries.front().covers, 5U);
    QCOMPARE(chosen->missed, 1U);
}

QTEST_GUILESS_MAIN(TestFormats)
#include "tst_formats.moc"
