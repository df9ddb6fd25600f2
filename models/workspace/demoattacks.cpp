// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "workspace/demotraffic.h"

#include <algorithm>
#include <array>

namespace nightjar::workspace {
namespace {

constexpr std::string_view kScriptAgent = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1)";

/// Collects the events of one attack and keeps its entry of the manifest in step.
class Attack {
public:
    Attack(std::vector<DemoEvent> &events, const DemoWorld &world, PlantedAttack about)
        : m_events(events)
        , m_world(world)
        , m_about(std::move(about))
    {
    }
    void add(DemoEvent event)
    {
        const std::string &login = m_world.users[event.user].login;
        if (std::find(m_about.users.begin(), m_about.users.end(), login) == m_about.users.end()) {
            m_about.users.push_back(login);
        }
        m_about.first = m_about.events == 0 ? event.time : std::min(m_about.first, event.time);
        m_about.last = m_about.events == 0 ? event.time : std::max(m_about.last, event.time);
        ++m_about.events;
        m_events.push_back(std::move(event));
    }
    [[nodiscard]] PlantedAttack finish() { return std::move(m_about); }

private:
    std::vector<DemoEvent> &m_events;
    const DemoWorld &m_world;
    PlantedAttack m_about;
};

PlantedAttack about(std::string id, std::string name, std::string description, std::string host)
{
    PlantedAttack attack;
    attack.id = std::move(id);
    attack.name = std::move(name);
    attack.description = std::move(description);
    attack.host = std::move(host);
    return attack;
}

DemoEvent webEvent(Timestamp time, std::uint32_t user, std::string_view host, std::string path, std::string_view server)
{
    DemoEvent event;
    event.time = time;
    event.user = user;
    event.host = host;
    event.detail = std::move(path);
    event.server = server;
    return event;
}

PlantedAttack beacon(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    constexpr std::string_view kHost = "cdn7.glasswort-relay.example";
    Attack attack(
        events, world,
        about("beacon", "Beacon every five minutes",
              "One device posts about 412 bytes to a host nobody else uses, every 300 s ± 4 s, day and night for 26 h.",
              std::string(kHost)));
    auto extras = std::make_shared<DemoExtras>();
    extras->userAgent = kScriptAgent;
    const Timestamp start = end - 30 * kDemoHour;
    for (int i = 0; i < 26 * 12; ++i) {
        DemoEvent event = webEvent(start + i * 300 * kDemoSecond + random.between(-4 * kDemoSecond, 4 * kDemoSecond), 7,
                                   kHost, "/api/v2/metrics", "203.0.113.210");
        event.method = "POST";
        event.sent = static_cast<std::uint64_t>(random.between(408, 416));
        event.received = static_cast<std::uint64_t>(random.between(180, 196));
        event.extras = extras;
        attack.add(std::move(event));
    }
    return attack.finish();
}

struct Indicators {
    std::vector<std::string> domains{"glimmerpost.example", "parcel-notice.example", "hollow-lantern.example"};
    std::string address = "203.0.113.222";
    std::string urlHost = "files.brightquill.example";
    std::string urlPath = "/share/Q3-report.php?id=88";
    std::string sha256;
    std::string md5;
};

PlantedAttack domainHits(std::vector<DemoEvent> &events, const DemoWorld &world, const Indicators &known, Timestamp end,
                         DemoRandom &random)
{
    Attack attack(
        events, world,
        about("indicator-domain", "Sub-domains of known bad domains",
              "Four users reach sub-domains of domains from the indicator list; the names are looked up first.",
              known.domains.front()));
    constexpr std::array<std::uint32_t, 4> kUsers{3, 9, 15, 28};
    constexpr std::array<std::string_view, 4> kLabels{"login", "track", "cdn", "a1.portal"};
    for (std::size_t i = 0; i < 24; ++i) {
        const std::uint32_t user = kUsers[i % kUsers.size()];
        const Timestamp time = demoWorkday(end, 2 + static_cast<int>(i % 4) * 2) + 9 * kDemoHour +
                               static_cast<Timestamp>(i) * 7 * kDemoMinute + random.between(0, kDemoMinute);
        DemoEvent event = webEvent(time, user, std::string(kLabels[i % kLabels.size()]) + "." + known.domains[i % 3],
                                   "/p/" + random.hex(6), "203.0.113.220");
        event.sent = random.size(400, 1'500);
        event.received = random.size(2'000, 60'000);
        if (i % 2 == 0) {
            DemoEvent look = event;
            look.log = DemoLog::Dns;
            look.method = "A record";
            look.detail = event.server;
            look.time -= 40'000;
            attack.add(std::move(look));
        }
        attack.add(std::move(event));
    }
    return attack.finish();
}

PlantedAttack addressHits(std::vector<DemoEvent> &events, const DemoWorld &world, const Indicators &known,
                          Timestamp end, DemoRandom &random)
{
    Attack attack(events, world,
                  about("indicator-address", "Connections to a known bad address",
                        "Two devices connect to an address from the indicator list on port 8443 and by a bare URL.",
                        known.address));
    for (int i = 0; i < 8; ++i) {
        const Timestamp time =
            demoWorkday(end, 5) + 13 * kDemoHour + i * 11 * kDemoMinute + random.between(0, kDemoMinute);
        DemoEvent event =
            webEvent(time, i % 2 == 0 ? 9 : 15, i < 6 ? "" : known.address, i < 6 ? "" : "/gate", known.address);
        event.log = i < 6 ? DemoLog::Firewall : DemoLog::Web;
        event.method = i < 6 ? "TCP_8443" : "GET";
        event.port = i < 6 ? 8443 : 80;
        event.sent = random.size(900, 9'000);
        event.received = random.size(900, 9'000);
        attack.add(std::move(event));
    }
    return attack.finish();
}

PlantedAttack urlHits(std::vector<DemoEvent> &events, const DemoWorld &world, const Indicators &known, Timestamp end,
                      DemoRandom &random)
{
    Attack attack(
        events, world,
        about(
            "indicator-url", "A known bad URL on a shared host",
            "One page of a file host is on the indicator list; other pages of that host are harmless and are used too.",
            known.urlHost + known.urlPath));
    for (int i = 0; i < 3; ++i) {
        const Timestamp time = demoWorkday(end, 4) + 10 * kDemoHour + i * 9 * kDemoMinute;
        DemoEvent event = webEvent(time, 28, known.urlHost, known.urlPath, "203.0.113.180");
        event.sent = random.size(400, 900);
        event.received = random.size(9'000, 30'000);
        attack.add(std::move(event));
    }
    return attack.finish();
}

PlantedAttack hashHits(std::vector<DemoEvent> &events, const DemoWorld &world, const Indicators &known, Timestamp end)
{
    Attack attack(
        events, world,
        about("indicator-hash", "A known bad file",
              "Two users download a document whose hashes are on the indicator list, from two harmless-looking hosts.",
              known.sha256));
    auto extras = std::make_shared<DemoExtras>();
    extras->fileName = "tender-2026.xlsm";
    extras->fileType = "Microsoft Excel (xls, xlsx, xlsm)";
    extras->sha256 = known.sha256;
    extras->md5 = known.md5;
    for (std::uint32_t i = 0; i < 2; ++i) {
        const DemoSite &site = world.sites[60 + 40 * i];
        DemoEvent event = webEvent(demoWorkday(end, 6) + (11 + i) * kDemoHour, i == 0 ? 3 : 22, "www." + site.domain,
                                   "/files/tender-2026.xlsm", site.address);
        event.site = 60 + 40 * i;
        event.sent = 712;
        event.received = 184'320;
        event.extras = extras;
        attack.add(std::move(event));
    }
    return attack.finish();
}

PlantedAttack malwareDownload(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    constexpr std::string_view kHost = "get.pinecone-setup.example";
    Attack attack(
        events, world,
        about(
            "malware-download", "Program from a new domain",
            "A program from a domain never seen before is blocked with a verdict; minutes later its twin gets through.",
            std::string(kHost)));
    const Timestamp start = demoWorkday(end, 3) + 14 * kDemoHour + 12 * kDemoMinute;
    auto caught = std::make_shared<DemoExtras>();
    caught->category = "Newly Registered Domains";
    caught->fileName = "setup_x64.exe";
    caught->fileType = "Windows Executables (exe, exe64, scr)";
    caught->md5 = random.hex(32);
    caught->sha256 = random.hex(64);
    auto passed = std::make_shared<DemoExtras>(*caught);
    passed->fileName = "setup_x64_v2.exe";
    passed->md5 = random.hex(32);
    passed->sha256 = random.hex(64);
    caught->threatName = "Win32.Downloader.Pinecone";
    caught->threatCategory = "Trojan";
    caught->threatClass = "Virus";
    caught->threatSeverity = "High (75–89)";
    caught->reason = "Malware block: malicious file";
    caught->ruleLabel = "Malware protection";
    auto page = std::make_shared<DemoExtras>();
    page->category = "Newly Registered Domains";
    for (int i = 0; i < 4; ++i) {
        const bool file = i == 1 || i == 3;
        const std::string path = !file ? "/" : i == 1 ? "/dl/setup_x64.exe" : "/dl/setup_x64_v2.exe";
        DemoEvent event = webEvent(start + i * 3 * kDemoMinute, 12, kHost, path, "203.0.113.230");
        event.blocked = i == 1;
        event.sent = random.size(450, 700);
        event.received = i == 3 ? 1'482'752 : 13'120;
        event.extras = i == 1 ? caught : i == 3 ? passed : page;
        attack.add(std::move(event));
    }
    return attack.finish();
}

PlantedAttack exfiltration(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    constexpr std::string_view kHost = "upload.dropsilo.example";
    Attack attack(events, world,
                  about("exfiltration", "Large uploads at night",
                        "The night after the program came in, the same device uploads about 1.5 GB in archives to a "
                        "file-sharing host.",
                        std::string(kHost)));
    Timestamp time = demoWorkday(end, 3) + 25 * kDemoHour + 20 * kDemoMinute;
    for (int i = 0; i < 26; ++i) {
        auto extras = std::make_shared<DemoExtras>();
        extras->category = "File Host";
        extras->userAgent = "curl/8.5.0";
        extras->fileName = "part" + std::to_string(i) + ".7z";
        extras->fileType = "Archive (7z)";
        extras->md5 = random.hex(32);
        extras->upload = true;
        DemoEvent event = webEvent(time, 12, kHost, "/v1/put/" + random.hex(12), "203.0.113.231");
        event.method = "POST";
        event.sent = static_cast<std::uint64_t>(random.between(40'000'000, 75'000'000));
        event.received = 260 + random.below(30);
        event.extras = std::move(extras);
        attack.add(std::move(event));
        time += random.between(2 * kDemoMinute, 6 * kDemoMinute);
    }
    return attack.finish();
}

std::string randomName(DemoRandom &random)
{
    std::string name;
    const std::size_t length = 12 + random.below(8);
    for (std::size_t i = 0; i < length; ++i) {
        name.push_back("qwxzvkjybfghptdcmnrlsuioae0123456789"[random.below(i % 5 == 4 ? 36 : 26)]);
    }
    return name + ".example";
}

PlantedAttack randomNames(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    Attack attack(
        events, world,
        about("dga", "Bursts of made-up names",
              "One device looks up hundreds of random names that do not exist, in five bursts of about a minute.",
              "(random names)"));
    for (int burst = 0; burst < 5; ++burst) {
        Timestamp time = demoWorkday(end, 2) + (8 + 2 * burst) * kDemoHour + random.between(0, 40 * kDemoMinute);
        for (int i = 0; i < 84; ++i) {
            DemoEvent event = webEvent(time, 19, randomName(random), "NXDOMAIN", "");
            event.log = DemoLog::Dns;
            event.method = "A record";
            attack.add(std::move(event));
            time += random.between(150'000, 1'300'000);
        }
    }
    return attack.finish();
}

PlantedAttack verdicts(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    constexpr std::string_view kHost = "cdn.sorrel-banner.example";
    Attack attack(events, world,
                  about("verdict", "Blocked by the service itself",
                        "The service names a threat and blocks six requests of one user to an advertisement host.",
                        std::string(kHost)));
    auto extras = std::make_shared<DemoExtras>();
    extras->category = "Malicious Content";
    extras->threatName = "JS.Inject.Sorrel";
    extras->threatCategory = "Botnet Callback";
    extras->threatClass = "Advanced Threat";
    extras->threatSeverity = "Critical (90–100)";
    extras->reason = "Malicious content blocked";
    extras->ruleLabel = "Advanced threat protection";
    for (int i = 0; i < 6; ++i) {
        const Timestamp time =
            demoWorkday(end, 1) + 10 * kDemoHour + i * 8 * kDemoMinute + random.between(0, kDemoMinute);
        DemoEvent event = webEvent(time, 23, kHost, "/js/b" + std::to_string(i) + ".js", "203.0.113.240");
        event.blocked = true;
        event.sent = random.size(400, 800);
        event.received = 13'100;
        event.extras = extras;
        attack.add(std::move(event));
    }
    return attack.finish();
}

/// Harmless use of hosts that an attack uses too: the whole host must not be taken for bad.
void addInnocentUse(std::vector<DemoEvent> &events, const Indicators &known, Timestamp end, DemoRandom &random)
{
    for (std::uint32_t i = 0; i < 60; ++i) {
        const bool share = i % 2 == 0;
        DemoEvent event =
            webEvent(demoWorkday(end, static_cast<int>(1 + i % 11)) + 9 * kDemoHour + random.between(0, 7 * kDemoHour),
                     (i * 3) % kDemoUsers, share ? known.urlHost : "upload.dropsilo.example", "/share/" + random.hex(8),
                     share ? "203.0.113.180" : "203.0.113.231");
        event.method = share ? "GET" : "POST";
        event.sent = share ? random.size(400, 900) : random.size(20'000, 900'000);
        event.received = random.size(500, 400'000);
        events.push_back(std::move(event));
    }
}

void appendRow(std::string &csv, const std::vector<std::string> &cells)
{
    for (std::size_t i = 0; i < cells.size(); ++i) {
        csv += (i > 0 ? "," : "") + csvCell(cells[i]);
    }
    csv += "\r\n";
}

std::string indicatorList(const Indicators &known, Timestamp end, DemoRandom &random)
{
    std::string csv = "value,type,first_seen,valid_until,confidence,tlp,threat_type,malware,tags,reference\r\n";
    const std::string seen = formatIsoTime(end - 20 * kMicrosPerDay);
    const std::string until = formatIsoTime(end + 180 * kMicrosPerDay);
    const auto add = [&](const std::string &value, const std::string &type, int confidence,
                         const std::string &malware) {
        appendRow(csv, {value, type, seen, until, std::to_string(confidence), "TLP:AMBER", "malware", malware, "demo",
                        "https://intel.northlight.example/report/17"});
    };
    for (const std::string &domain : known.domains) {
        add(domain, "domain", 85, "Lanternfly");
    }
    add(known.address, "ip", 80, "Lanternfly");
    add("http://" + known.urlHost + known.urlPath, "url", 90, "Quillbot");
    add(known.sha256, "sha256", 95, "TenderTrap");
    add(known.md5, "md5", 95, "TenderTrap");
    constexpr std::array<std::string_view, 6> kWords{"mirror", "parcel", "billing", "verify", "secure", "update"};
    for (int i = 0; i < 240; ++i) { // never seen in the logs
        const std::string name = std::string(random.pick(kWords)) + "-" + random.hex(6) + ".example";
        if (i % 3 == 0) {
            add("http://" + name + "/" + random.hex(5) + ".php", "url", 40 + i % 50, "Quillbot");
        } else {
            add(name, "domain", 40 + i % 50, i % 3 == 1 ? "Lanternfly" : "Quillbot");
        }
    }
    return csv;
}

} // namespace

void addDemoAttacks(std::vector<DemoEvent> &events, DemoManifest &manifest, const DemoWorld &world, Timestamp end,
                    DemoRandom &random)
{
    Indicators known;
    known.sha256 = random.hex(64);
    known.md5 = random.hex(32);
    std::vector<PlantedAttack> &attacks = manifest.attacks;
    attacks.push_back(beacon(events, world, end, random));
    attacks.push_back(domainHits(events, world, known, end, random));
    attacks.push_back(addressHits(events, world, known, end, random));
    attacks.push_back(urlHits(events, world, known, end, random));
    attacks.push_back(hashHits(events, world, known, end));
    attacks.push_back(malwareDownload(events, world, end, random));
    attacks.push_back(exfiltration(events, world, end, random));
    attacks.push_back(randomNames(events, world, end, random));
    attacks.push_back(verdicts(events, world, end, random));
    addInnocentUse(events, known, end, random);
    manifest.indicatorsCsv = indicatorList(known, end, random);
    manifest.indicatorSourceName = "Northlight demo indicators";
}

} // namespace nightjar::workspace
