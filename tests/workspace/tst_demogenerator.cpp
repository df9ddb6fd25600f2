// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"
#include "base/files.h"
#include "base/text.h"
#include "base/url.h"
#include "support/support.h"
#include "workspace/demogenerator.h"
#include "workspace/demotraffic.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace nightjar;
using namespace nightjar::workspace;

namespace {

constexpr std::uint64_t kLimit = 1'000'000'000;
const Timestamp kEnd = parseIsoTime("2026-03-12T09:30:00Z").value_or(kNoTime);

DemoOptions smallOptions()
{
    DemoOptions options;
    options.end = kEnd;
    options.events = kLeastDemoEvents;
    return options;
}

std::string wholeText(const DemoManifest &manifest)
{
    std::string text;
    for (const std::filesystem::path &file : manifest.files) {
        text += readFile(file, kLimit).value_or("");
    }
    return text;
}

struct Record {
    QJsonObject fields;
    Timestamp time = kNoTime;
    [[nodiscard]] std::string at(const char *key) const
    {
        return fields.value(QString::fromLatin1(key)).toString().toStdString();
    }
};

std::vector<Record> parse(const std::filesystem::path &file)
{
    std::vector<Record> records;
    const std::string text = readFile(file, kLimit).value_or("");
    for (const std::string_view line : split(text, '\n')) {
        if (line.empty()) {
            continue;
        }
        const QByteArray bytes(line.data(), static_cast<qsizetype>(line.size()));
        Record record;
        record.fields = QJsonDocument::fromJson(bytes).object().value(QStringLiteral("event")).toObject();
        record.time = parseCtime(record.at("datetime")).value_or(kNoTime);
        records.push_back(std::move(record));
    }
    return records;
}

bool isMadeUp(const std::string &host)
{
    if (host.empty() || host == "None" || host == "NXDOMAIN") {
        return true;
    }
    if (const auto address = IpAddress::parse(host)) {
        return address->isReserved();
    }
    return host.ends_with(".example");
}

const PlantedAttack &attack(const DemoManifest &manifest, const std::string &id)
{
    const auto found = std::find_if(manifest.attacks.begin(), manifest.attacks.end(),
                                    [&](const PlantedAttack &a) { return a.id == id; });
    if (found == manifest.attacks.end()) {
        qFatal("no attack %s", id.c_str());
    }
    return *found;
}

} // namespace

class TestDemoGenerator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesBadOptions_data();
    void refusesBadOptions();
    void refusesBadPlace();
    void isDeterministic();
    void countsAndOrder();
    void nothingIsReal();
    void beaconIsAsPlanted();
    void randomNamesDoNotExist();
    void downloadThenExfiltration();
    void verdictIsBlocked();
    void indicatorsAreHit();
    void pollersAreShared();
    void hostileTextIsThere();
    void everyWeekdayOfTheEnd_data();
    void everyWeekdayOfTheEnd();
    void benchmarkLog();

private:
    testsupport::TemporaryFolder m_folder;
    DemoManifest m_manifest;
    std::vector<Record> m_web;
    std::vector<Record> m_firewall;
    std::vector<Record> m_dns;
};

void TestDemoGenerator::initTestCase()
{
    const Result<DemoManifest> made = writeDemoLogs(m_folder / "demo", smallOptions());
    QVERIFY2(made.has_value(), made ? "" : describe(made.error()).c_str());
    m_manifest = *made;
    QCOMPARE(m_manifest.files.size(), std::size_t{3});
    m_web = parse(m_manifest.files[0]);
    m_firewall = parse(m_manifest.files[1]);
    m_dns = parse(m_manifest.files[2]);
}

void TestDemoGenerator::refusesBadOptions_data()
{
    QTest::addColumn<qint64>("end");
    QTest::addColumn<qulonglong>("events");
    QTest::newRow("no end") << static_cast<qint64>(kNoTime) << qulonglong{60'000};
    QTest::newRow("negative end") << qint64{-1} << qulonglong{60'000};
    QTest::newRow("far end") << std::numeric_limits<qint64>::max() << qulonglong{60'000};
    QTest::newRow("too few") << static_cast<qint64>(kEnd) << qulonglong{kLeastDemoEvents - 1};
    QTest::newRow("too many") << static_cast<qint64>(kEnd) << (qulonglong{1} << 60U);
}

void TestDemoGenerator::refusesBadOptions()
{
    QFETCH(qint64, end);
    QFETCH(qulonglong, events);
    DemoOptions options;
    options.end = end;
    options.events = events;
    const Result<DemoManifest> made = writeDemoLogs(m_folder / "refused", options);
    QVERIFY(!made.has_value());
    QCOMPARE(made.error().code, std::string("NJ-WORKSPACE-090"));
    QVERIFY(!std::filesystem::exists(m_folder / "refused"));
}

void TestDemoGenerator::refusesBadPlace()
{
    QVERIFY(writeFileAtomically(m_folder / "file", "x").has_value());
    const Result<DemoManifest> made = writeDemoLogs(m_folder / "file/below", smallOptions());
    QVERIFY(!made.has_value());
    QCOMPARE(made.error().code, std::string("NJ-WORKSPACE-091"));
    const Status bench = writeBenchmarkLog(m_folder / "none/bench", 10, 1);
    QVERIFY(!bench.has_value());
    QCOMPARE(bench.error().code, std::string("NJ-WORKSPACE-091"));
}

void TestDemoGenerator::isDeterministic()
{
    const Result<DemoManifest> again = writeDemoLogs(m_folder / "again", smallOptions());
    QVERIFY(again.has_value());
    const std::string text = wholeText(m_manifest);
    QVERIFY(wholeText(*again) == text);
    QVERIFY(again->indicatorsCsv == m_manifest.indicatorsCsv);
    DemoOptions other = smallOptions();
    other.seed += 1;
    const Result<DemoManifest> different = writeDemoLogs(m_folder / "again", other);
    QVERIFY(different.has_value());
    QVERIFY(wholeText(*different) != text);
}

void TestDemoGenerator::countsAndOrder()
{
    QVERIFY(DemoOptions().events >= 200'000);
    QCOMPARE(m_manifest.events, kLeastDemoEvents);
    QCOMPARE(m_web.size() + m_firewall.size() + m_dns.size(), kLeastDemoEvents);
    QVERIFY(m_firewall.size() > 3000 && m_dns.size() > 3000 && m_web.size() > 30'000);
    std::set<std::string> users;
    std::set<std::string> ids;
    for (const std::vector<Record> *log : {&m_web, &m_firewall, &m_dns}) {
        Timestamp last = kEnd - kDemoDays * kMicrosPerDay - kMicrosPerSecond;
        for (const Record &record : *log) {
            QVERIFY(record.time >= last && record.time < kEnd);
            last = record.time;
            users.insert(record.at("user"));
            ids.insert(record.at(log == &m_web ? "event_id" : "recordid"));
        }
    }
    QCOMPARE(users.size(), std::size_t{40});
    QCOMPARE(ids.size(), kLeastDemoEvents);
    QCOMPARE(m_manifest.attacks.size(), std::size_t{9});
    for (const PlantedAttack &planted : m_manifest.attacks) {
        QVERIFY2(planted.events > 0 && !planted.users.empty() && !planted.description.empty(), planted.id.c_str());
        QVERIFY(planted.first >= kEnd - kDemoDays * kMicrosPerDay && planted.last < kEnd &&
                planted.first <= planted.last);
    }
}

void TestDemoGenerator::nothingIsReal()
{
    for (const Record &record : m_web) {
        QVERIFY2(isMadeUp(record.at("hostname")), record.at("hostname").c_str());
        const std::string referer(splitUrl(percentDecode(record.at("refererURL"))).host);
        QVERIFY2(isMadeUp(refang(referer)), referer.c_str());
        QVERIFY(isMadeUp(record.at("serverip")) && isMadeUp(record.at("ClientIP")) &&
                isMadeUp(record.at("clientpublicIP")));
        QVERIFY(record.at("user").ends_with("@alderfinch.example"));
    }
    for (const Record &record : m_firewall) {
        QVERIFY2(isMadeUp(record.at("cdfqdn")), record.at("cdfqdn").c_str());
        QVERIFY(isMadeUp(record.at("cdip")) && isMadeUp(record.at("sdip")) && isMadeUp(record.at("csip")));
    }
    for (const Record &record : m_dns) {
        QVERIFY2(isMadeUp(record.at("dns_req")), record.at("dns_req").c_str());
        QVERIFY2(isMadeUp(record.at("dns_resp")), record.at("dns_resp").c_str());
    }
    const std::string text = wholeText(m_manifest) + m_manifest.indicatorsCsv;
    for (const char *suffix : {".com", ".net", ".org", ".io", ".dev", ".info", ".co.", ".gov"}) {
        QVERIFY2(text.find(suffix) == std::string::npos, suffix);
    }
}

void TestDemoGenerator::beaconIsAsPlanted()
{
    const PlantedAttack &planted = attack(m_manifest, "beacon");
    std::vector<const Record *> hits;
    for (const Record &record : m_web) {
        if (record.at("hostname") == planted.host) {
            hits.push_back(&record);
        }
    }
    QCOMPARE(hits.size(), planted.events);
    QCOMPARE(planted.events, std::size_t{312});
    for (std::size_t i = 0; i < hits.size(); ++i) {
        QCOMPARE(hits[i]->at("user"), planted.users.front());
        QCOMPARE(hits[i]->at("requestmethod"), std::string("POST"));
        const std::int64_t sent = parseInteger(hits[i]->at("requestsize")).value_or(0);
        QVERIFY(sent >= 408 && sent <= 416);
        if (i > 0) {
            const Timestamp gap = (hits[i]->time - hits[i - 1]->time) / kMicrosPerSecond;
            QVERIFY2(gap >= 291 && gap <= 309, std::to_string(gap).c_str()); // both ends move by up to 4 s
        }
    }
}

void TestDemoGenerator::randomNamesDoNotExist()
{
    const PlantedAttack &planted = attack(m_manifest, "dga");
    std::size_t hits = 0;
    std::set<std::string> names;
    for (const Record &record : m_dns) {
        const bool plantedOne = record.at("user") == planted.users.front() && record.at("dns_resp") == "NXDOMAIN" &&
                                record.at("dns_req").size() >= 20 &&
                                record.at("dns_req").find('-') == std::string::npos &&
                                !record.at("dns_req").ends_with("alderfinch.example");
        hits += plantedOne ? 1U : 0U;
        if (plantedOne) {
            names.insert(record.at("dns_req"));
        }
    }
    QCOMPARE(hits, planted.events);
    QCOMPARE(names.size(), planted.events);
}

void TestDemoGenerator::downloadThenExfiltration()
{
    const PlantedAttack &download = attack(m_manifest, "malware-download");
    const PlantedAttack &leak = attack(m_manifest, "exfiltration");
    QCOMPARE(download.users, leak.users);
    QVERIFY(leak.first > download.last && leak.first - download.last < kMicrosPerDay);
    std::int64_t bytes = 0;
    int blocked = 0;
    int passed = 0;
    for (const Record &record : m_web) {
        if (record.at("hostname") == leak.host && record.at("user") == leak.users.front() &&
            record.time >= leak.first - kMicrosPerSecond) {
            bytes += parseInteger(record.at("requestsize")).value_or(0);
        }
        if (record.at("hostname") == download.host && record.at("filename").ends_with(".exe")) {
            const bool caught = record.at("action") == "Blocked" && record.at("threatname") != "None";
            blocked += caught ? 1 : 0;
            passed += record.at("action") == "Allowed" && record.at("threatname") == "None" ? 1 : 0;
        }
    }
    QVERIFY(bytes > 1'000'000'000);
    QCOMPARE(blocked, 1);
    QCOMPARE(passed, 1);
}

void TestDemoGenerator::verdictIsBlocked()
{
    const PlantedAttack &planted = attack(m_manifest, "verdict");
    std::size_t hits = 0;
    for (const Record &record : m_web) {
        if (record.at("hostname") == planted.host) {
            ++hits;
            QCOMPARE(record.at("action"), std::string("Blocked"));
            QVERIFY(record.at("threatname") != "None");
            QCOMPARE(record.at("serverip"), std::string("0.0.0.0"));
        }
    }
    QCOMPARE(hits, planted.events);
}

void TestDemoGenerator::indicatorsAreHit()
{
    const std::vector<std::string_view> lines = split(m_manifest.indicatorsCsv, '\n');
    QVERIFY(lines.size() > 240);
    QVERIFY(lines.front().starts_with("value,type,"));
    std::set<std::string> domains;
    for (const std::string_view line : lines) {
        std::vector<std::string> cells;
        if (!line.empty() && splitCsvRecord(trim(line), ',', cells) && cells.at(1) == "domain") {
            domains.insert(cells[0]);
        }
    }
    std::size_t hits = 0;
    for (const std::vector<Record> *log : {&m_web, &m_dns}) {
        for (const Record &record : *log) {
            const std::string host = record.at(log == &m_web ? "hostname" : "dns_req");
            hits += std::any_of(domains.begin(), domains.end(),
                                [&](const std::string &d) { return host.ends_with("." + d); });
        }
    }
    QCOMPARE(hits, attack(m_manifest, "indicator-domain").events);
    QCOMPARE(attack(m_manifest, "indicator-domain").users.size(), std::size_t{4});
    const std::string &address = attack(m_manifest, "indicator-address").host;
    const auto toAddress =
        std::count_if(m_firewall.begin(), m_firewall.end(), [&](const Record &r) { return r.at("cdip") == address; }) +
        std::count_if(m_web.begin(), m_web.end(), [&](const Record &r) { return r.at("hostname") == address; });
    QCOMPARE(static_cast<std::size_t>(toAddress), attack(m_manifest, "indicator-address").events);
    const std::string &url = attack(m_manifest, "indicator-url").host;
    QCOMPARE(static_cast<std::size_t>(
                 std::count_if(m_web.begin(), m_web.end(), [&](const Record &r) { return r.at("url") == url; })),
             attack(m_manifest, "indicator-url").events);
    const std::string &hash = attack(m_manifest, "indicator-hash").host;
    QCOMPARE(static_cast<std::size_t>(
                 std::count_if(m_web.begin(), m_web.end(), [&](const Record &r) { return r.at("sha256") == hash; })),
             attack(m_manifest, "indicator-hash").events);
    for (const std::string &value : {address, hash, "http://" + url}) {
        QVERIFY2(m_manifest.indicatorsCsv.find(value) != std::string::npos, value.c_str());
    }
}

void TestDemoGenerator::pollersAreShared()
{
    std::map<std::string, std::set<std::string>> usersOf;
    for (const Record &record : m_web) {
        usersOf[record.at("hostname")].insert(record.at("user"));
    }
    QCOMPARE(usersOf["updates.deskware.example"].size(), std::size_t{40});
    QVERIFY(usersOf["telemetry.deskware.example"].size() >= 20);
    QVERIFY(usersOf["mail.alderfinch.example"].size() >= 20);
    QCOMPARE(usersOf[attack(m_manifest, "beacon").host].size(), std::size_t{1});
}

void TestDemoGenerator::hostileTextIsThere()
{
    const std::string web = readFile(m_manifest.files[0], kLimit).value_or("");
    QVERIFY(isValidUtf8(web));
    for (const char *needle : {"<img src=/etc/hostname>", "100%2", "&", "\\u202e", "\\u001b[31m", "\\u2066"}) {
        QVERIFY2(web.find(needle) != std::string::npos || web.find(needle + 1) != std::string::npos, needle);
    }
    QVERIFY(web.find('\x1b') == std::string::npos);
}

void TestDemoGenerator::everyWeekdayOfTheEnd_data()
{
    QTest::addColumn<int>("shift");
    for (int day = 0; day < 7; ++day) {
        QTest::addRow("end + %d days, midnight %s", day, day % 2 == 0 ? "exactly" : "almost") << day;
    }
}

void TestDemoGenerator::everyWeekdayOfTheEnd()
{
    QFETCH(int, shift);
    const Timestamp end = kEnd - kEnd % kMicrosPerDay + shift * kMicrosPerDay - (shift % 2 == 0 ? 0 : 1);
    DemoRandom random(3);
    const DemoWorld world = makeDemoWorld(random);
    std::vector<DemoEvent> events;
    DemoManifest manifest;
    addDemoAttacks(events, manifest, world, end, random);
    for (const PlantedAttack &planted : manifest.attacks) {
        QVERIFY2(planted.first >= end - kDemoDays * kMicrosPerDay && planted.last < end, planted.id.c_str());
    }
    addDemoMachines(events, world, end, random);
    QVERIFY(events.size() < kLeastDemoEvents); // room is left for people, whatever the day
}

void TestDemoGenerator::benchmarkLog()
{
    constexpr std::size_t kRecords = 20'000;
    QVERIFY(writeBenchmarkLog(m_folder / "bench.ndjson", kRecords, 5).has_value());
    QVERIFY(writeBenchmarkLog(m_folder / "bench2.ndjson", kRecords, 5).has_value());
    const std::string text = readFile(m_folder / "bench.ndjson", kLimit).value_or("");
    QVERIFY(readFile(m_folder / "bench2.ndjson", kLimit).value_or("") == text);
    QCOMPARE(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), kRecords);
    const std::size_t mean = text.size() / kRecords;
    QVERIFY2(mean > 1'100 && mean < 1'500, std::to_string(mean).c_str());

    QVERIFY(writeBenchmarkLog(m_folder / "few.ndjson", 2'000, 6).has_value());
    Timestamp last = 0;
    for (const Record &record : parse(m_folder / "few.ndjson")) {
        QVERIFY(record.time >= last);
        last = record.time;
        QVERIFY2(record.fields.size() >= 48, std::to_string(record.fields.size()).c_str());
        QVERIFY2(isMadeUp(record.at("hostname")) && isMadeUp(record.at("serverip")), record.at("hostname").c_str());
        QVERIFY(record.at("url").starts_with(record.at("hostname") + "/"));
    }
    QVERIFY(last > 0);
}

QTEST_GUILESS_MAIN(TestDemoGenerator)
#include "tst_demogenerator.moc"
