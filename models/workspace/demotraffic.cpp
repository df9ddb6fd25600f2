// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demotraffic.h"

#include <array>

namespace nightjar::workspace {
namespace {

constexpr std::array<std::string_view, 10> kSegments{"index", "products", "account", "search",  "docs",
                                                     "help",  "images",   "static",  "reports", "item"};
constexpr std::array<std::string_view, 8> kAssets{"/app.js",      "/main.css",  "/logo.svg",      "/hero.webp",
                                                  "/fonts.woff2", "/api/v1/me", "/api/v1/events", "/favicon.ico"};
constexpr std::array<std::string_view, 5> kHelpers{"static.libcache.example", "metrics.pageview.example",
                                                   "fonts.typeshelf.example", "img.fastedge.example",
                                                   "ads.bannerhall.example"};

int weekdayOf(Timestamp midnight)
{
    return static_cast<int>((midnight / kMicrosPerDay + 3) % 7);
} // 0 is Monday

/// Inside the user's working hours, more in their middle; now and then in the evening.
Timestamp timeOfDay(const DemoUser &user, DemoRandom &random)
{
    if (random.chance(0.04)) {
        return user.lastHour * kDemoHour + random.between(0, 4 * kDemoHour);
    }
    const auto length = static_cast<double>((user.lastHour - user.firstHour) * kDemoHour);
    const double share = 0.7 * random.unit() + 0.3 * (random.unit() + random.unit()) / 2;
    return user.firstHour * kDemoHour + static_cast<Timestamp>(length * share);
}

struct Poller {
    std::string_view host;
    std::string_view path;
    std::string_view method;
    std::string_view agent;
    std::size_t everyNth; ///< user; 1 is everybody
    Timestamp period;
    Timestamp jitter;
    std::uint64_t sent;
    std::uint64_t received;
};

// Timed like beacons, but used by many, known since the first day, and silent when people have gone home.
constexpr std::array<Poller, 4> kPollers{
    {{"updates.deskware.example", "/v2/check?channel=stable", "GET", "DeskwareUpdater/4.2", 1, kDemoHour,
      5 * kDemoMinute, 630, 1290},
     {"telemetry.deskware.example", "/collect", "POST", "DeskwareAgent/4.2", 2, 15 * kDemoMinute, 20 * kDemoSecond, 870,
      310},
     {"mail.alderfinch.example", "/sync?cmd=ping", "POST", "MailClient/16.0", 2, 10 * kDemoMinute, 8 * kDemoSecond, 540,
      420},
     {"time.alderfinch.example", "/status", "GET", "DeviceManager/11", 3, kDemoHour, kDemoMinute, 350, 260}}};

void addPoller(std::vector<DemoEvent> &events, const Poller &poller, const DemoWorld &world, Timestamp end,
               DemoRandom &random)
{
    const std::string server = demoServerAddress(random);
    auto extras = std::make_shared<DemoExtras>();
    extras->userAgent = poller.agent;
    extras->category = "Computers & Software";
    for (std::uint32_t user = 0; user < world.users.size(); user += static_cast<std::uint32_t>(poller.everyNth)) {
        for (Timestamp day = end - kDemoDays * kMicrosPerDay; day < end; day += kMicrosPerDay) {
            const Timestamp midnight = day - day % kMicrosPerDay;
            if (weekdayOf(midnight) > 4) {
                continue;
            }
            const Timestamp on =
                midnight + world.users[user].firstHour * kDemoHour + random.between(0, 40 * kDemoMinute);
            const Timestamp off = midnight + world.users[user].lastHour * kDemoHour;
            for (Timestamp at = on; at < off; at += poller.period + random.between(-poller.jitter, poller.jitter)) {
                DemoEvent event;
                event.time = at;
                event.user = user;
                event.method = poller.method;
                event.host = poller.host;
                event.detail = poller.path;
                event.server = server;
                event.sent = poller.sent + random.below(40);
                event.received = poller.received + random.below(90);
                event.extras = extras;
                events.push_back(std::move(event));
            }
        }
    }
}

/// Firewall noise: blocked protocols, and names that do not exist.
void addNoise(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    auto extras = std::make_shared<DemoExtras>();
    extras->ruleLabel = "Block legacy protocols";
    constexpr std::array<std::pair<std::string_view, std::uint16_t>, 3> kServices{
        {{"SMB", 445}, {"TELNET", 23}, {"FTP", 21}}};
    constexpr std::array<std::string_view, 4> kTypos{"wpad.alderfinch.example", "printer-old.alderfinch.example",
                                                     "intranett.alderfinch.example", "amber-bnak.example"};
    for (int i = 0; i < 1200; ++i) {
        DemoEvent event;
        event.user = static_cast<std::uint32_t>(random.below(world.users.size()));
        event.time = end - static_cast<Timestamp>(random.below(kDemoDays)) * kMicrosPerDay;
        event.time += timeOfDay(world.users[event.user], random) - event.time % kMicrosPerDay - kMicrosPerDay;
        if (i % 3 == 0) {
            event.log = DemoLog::Dns;
            event.method = "A record";
            event.host = random.pick(kTypos);
            event.detail = "NXDOMAIN";
        } else {
            const auto &service = random.pick(kServices);
            event.log = DemoLog::Firewall;
            event.method = service.first;
            event.port = service.second;
            event.server = demoServerAddress(random);
            event.sent = 60 + random.below(60);
            event.blocked = true;
            event.extras = extras;
        }
        events.push_back(std::move(event));
    }
}

/// Text that breaks careless displays: markup, half escapes, bidi marks, terminal escapes. Harmless otherwise.
void addOddTexts(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    struct Odd {
        std::string_view path;
        std::string_view agent;
        std::string_view referer;
        std::string_view file;
    };
    constexpr std::array<Odd, 5> kOdd{{{"/search?q=100%2", "<img src=/etc/hostname>", "", ""},
                                       {"/a&b?x=<b>1</b>&y=%&z=\"", "<a href=\"x\">Agent</a> & Co", "", ""},
                                       {"/invoice", "viewer \u202Efdp.exe/1.0", "", "invoice\u202Efdp.doc"},
                                       {"/notes", "tool/1.0 \x1b[31mred\x1b[0m", "", ""},
                                       {"/%1%2%n", "=1+1 \u2066\u200B", "ev\u200Bil.example/\u2066x", ""}}};
    for (std::size_t i = 0; i < 4 * kOdd.size(); ++i) {
        const Odd &odd = kOdd[i % kOdd.size()];
        auto extras = std::make_shared<DemoExtras>();
        extras->userAgent = odd.agent;
        extras->referer = odd.referer;
        extras->fileName = odd.file;
        DemoEvent event;
        event.user = static_cast<std::uint32_t>(random.below(world.users.size()));
        event.time = demoWorkday(end, 1 + static_cast<int>(i % 9)) + timeOfDay(world.users[event.user], random);
        event.site = static_cast<std::uint32_t>(random.below(30));
        event.host = "www." + world.sites[event.site].domain;
        event.server = world.sites[event.site].address;
        event.detail = odd.path;
        event.sent = random.size(300, 2'000);
        event.received = random.size(500, 20'000);
        event.extras = std::move(extras);
        events.push_back(std::move(event));
    }
}

std::string pathFor(bool asset, DemoRandom &random)
{
    if (asset) {
        return "/" + std::string(random.pick(kSegments)) + std::string(random.pick(kAssets));
    }
    std::string path = "/" + std::string(random.pick(kSegments));
    if (random.chance(0.5)) {
        path += "/" + std::to_string(random.below(4000));
    }
    return random.chance(0.25) ? path + "?id=" + random.hex(8) : path;
}

/// The look-up and the connection that stand behind a first request.
void addLookUp(std::vector<DemoEvent> &events, const DemoEvent &web, DemoRandom &random)
{
    DemoEvent look = web;
    look.log = DemoLog::Dns;
    look.blocked = false;
    look.method = random.chance(0.8) ? "A record" : "AAAA record";
    look.detail = web.server;
    look.time -= random.between(5'000, 60'000);
    look.extras = nullptr;
    DemoEvent connection = web;
    connection.log = DemoLog::Firewall;
    connection.method = "HTTPS";
    connection.extras = nullptr;
    if (random.chance(0.6)) {
        events.push_back(std::move(look));
    }
    if (!web.blocked && random.chance(0.7)) {
        events.push_back(std::move(connection));
    }
}

void addVisit(std::vector<DemoEvent> &events, std::uint32_t user, std::uint32_t site, Timestamp time,
              const DemoWorld &world, DemoRandom &random)
{
    const DemoSite &place = world.sites[site];
    const std::size_t requests = place.blocked ? 1 : 1 + random.below(9);
    for (std::size_t i = 0; i < requests; ++i) {
        DemoEvent event;
        const bool helper = i > 0 && random.chance(0.3);
        const std::size_t helperAt = helper ? random.below(kHelpers.size()) : 0;
        event.time = time;
        event.user = user;
        event.site = helper ? DemoEvent::kNoSite : site;
        event.host =
            helper ? std::string(kHelpers[helperAt]) : (i > 0 && random.chance(0.3) ? "api." : "www.") + place.domain;
        event.server = helper ? "192.0.2." + std::to_string(240 + helperAt) : place.address;
        event.blocked = place.blocked || (helperAt == 4 && random.chance(0.5));
        event.method = random.chance(0.12) ? "POST" : "GET";
        event.detail = pathFor(i > 0, random);
        event.sent = random.size(event.method == "POST" ? 700 : 350, event.method == "POST" ? 9'000 : 1'600);
        event.received = event.blocked ? 13'000 + random.below(200) : random.size(300, 900'000);
        event.status = random.chance(0.9) ? 200 : random.chance(0.5) ? 304 : 404;
        if (i == 0) {
            addLookUp(events, event, random);
        }
        events.push_back(std::move(event));
        time += random.between(80'000, 4'000'000);
    }
}

} // namespace

Timestamp demoWorkday(Timestamp end, int back)
{
    Timestamp midnight = end - back * kMicrosPerDay;
    midnight -= midnight % kMicrosPerDay;
    while (weekdayOf(midnight) > 3) {
        midnight -= kMicrosPerDay;
    }
    return midnight;
}

void addDemoMachines(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random)
{
    for (const Poller &poller : kPollers) {
        addPoller(events, poller, world, end, random);
    }
    addNoise(events, world, end, random);
    addOddTexts(events, world, end, random);
}

void addDemoVisits(std::vector<DemoEvent> &events, std::size_t wanted, const DemoWorld &world, Timestamp end,
                   DemoRandom &random)
{
    const ZipfTable popularity(world.sites.size(), 0.95);
    const Timestamp start = end - kDemoDays * kMicrosPerDay;
    while (events.size() < wanted) {
        const auto user = static_cast<std::uint32_t>(random.below(world.users.size()));
        if (!random.chance(world.users[user].activity / 2)) {
            continue;
        }
        const Timestamp day = start + static_cast<Timestamp>(random.below(kDemoDays + 1)) * kMicrosPerDay;
        const Timestamp midnight = day - day % kMicrosPerDay;
        if (weekdayOf(midnight) > 4 && !random.chance(0.1)) {
            continue;
        }
        const Timestamp time = midnight + timeOfDay(world.users[user], random);
        // Most people return to their own part of the web.
        std::size_t site = popularity.draw(random);
        site = random.chance(0.5) ? site : (site * 5 + user * 17) % world.sites.size();
        if (time >= start + kDemoMinute && time < end - kDemoMinute) {
            addVisit(events, user, static_cast<std::uint32_t>(site), time, world, random);
        }
    }
    events.resize(wanted);
}

} // namespace nightjar::workspace
