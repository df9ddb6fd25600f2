// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"

#include "base/text.h"

namespace nightjar::workspace {

using alerts::Severity;

alerts::Alert fakeAlert(std::int64_t id, Severity severity, int score, const std::string &title,
                        const std::string &user, const std::string &entity, alerts::Engine engine, Timestamp last,
                        std::int64_t events)
{
    alerts::Alert alert;
    alert.id = id;
    alert.created = last;
    alert.updated = last;
    alert.finding.engine = engine;
    alert.finding.title = title;
    alert.finding.summary = title + " by " + user;
    alert.finding.severity = severity;
    alert.finding.score = score;
    alert.finding.user = user;
    alert.finding.entity = entity;
    alert.finding.events = events;
    alert.finding.last = last;
    alert.finding.first = last - 3'600 * kMicrosPerSecond;
    alert.finding.observables = {{"domain", entity, events}};
    alert.finding.reasons = {{"selection: url contains setup", "free-pdf-tools.example/setup_x64.exe", "", 0, true},
                             {"filter: category is Business", "Shareware", "", 0, false}};
    alert.history = {{last, "nightjar", "raised by the " + std::string(alerts::name(engine)) + " engine"}};
    return alert;
}

alerts::Alert fakeBeacon(std::int64_t id, Timestamp last)
{
    alerts::Alert alert = fakeAlert(id, Severity::Critical, 94, "Beacon to a new domain", "a.diaz",
                                    "q7-metrics.example", alerts::Engine::Anomaly, last, 312);
    alerts::Finding &finding = alert.finding;
    finding.summary = "A request every 5 minutes, day and night, to a domain that nobody else in the company has ever "
                      "visited.";
    finding.attack = {"attack.command_and_control", "attack.t1071.001"};
    finding.reasons = {{"Interval regularity", "97 % within 300 s ± 10 s", "≤ 31 %", 34, true},
                       {"Nobody else goes there", "1 of 5,112 users, 26 h old", "≥ 40 users", 27, true},
                       {"Runs while the user is away", "144 of 312 at night", "0–6 a night", 18, true},
                       {"Same size each time", "412 B out in 98 %", "spread 40×", 14, true},
                       {"No referrer, POST only", "312 of 312", "8 %", 7, true}};
    finding.observables = {{"domain", "q7-metrics.example", 312},
                           {"ip", "203.0.113.87", 312},
                           {"url", "q7-metrics.example/v2/collect", 312},
                           {"user", "a.diaz", 312}};
    finding.picture.periodSeconds = 300;
    finding.picture.intervalBucketSeconds = 10;
    finding.picture.intervalCounts.assign(60, 0);
    finding.picture.intervalCounts[29] = 40;
    finding.picture.intervalCounts[30] = 258;
    finding.picture.intervalCounts[31] = 12;
    finding.picture.intervalCounts[58] = 2;
    for (std::int64_t i = 0; i < 312; ++i) {
        const std::int64_t jitter = (i * 7'919 % 9 - 4) * kMicrosPerSecond;
        finding.picture.beats.push_back(last - (311 - i) * 301 * kMicrosPerSecond + jitter);
    }
    finding.first = finding.picture.beats.front();
    for (std::int64_t i = 0; i < 12; ++i) {
        alerts::Evidence evidence;
        evidence.eventId = 100'000 - i;
        evidence.time = last - i * 301 * kMicrosPerSecond;
        evidence.json =
            R"({"event.action":"Allowed","event.type":"allowed","http.request.method":"POST","url.original":)" +
            jsonQuote("q7-metrics.example/v2/collect?s=" + std::to_string(81 - i)) +
            R"(,"http.response.status_code":200,"source.bytes":412,"destination.bytes":96})";
        evidence.raw = evidence.json;
        finding.evidence.push_back(evidence);
    }
    return alert;
}

std::vector<alerts::Alert> fakeQueue(Timestamp now)
{
    const auto ago = [now](std::int64_t minutes) { return now - minutes * 60 * kMicrosPerSecond; };
    using alerts::Engine;
    std::vector<alerts::Alert> queue = {
        fakeBeacon(1, ago(4)),
        fakeAlert(2, Severity::High, 86, "Malware blocked, then allowed", "k.moreau", "invoices.example", Engine::Sigma,
                  ago(18), 7),
        fakeAlert(3, Severity::High, 82, "Retro-hunt hit: invoices.example", "3 users", "invoices.example",
                  Engine::Intel, ago(41), 3),
        fakeAlert(4, Severity::High, 78, "Upload 9.3× own baseline", "s.tanaka", "fileshare.example", Engine::Anomaly,
                  ago(65), 1),
        fakeAlert(5, Severity::High, 76, "Odd user agent on a server", "", "192.0.2.77", Engine::Sigma, ago(82), 19),
        fakeAlert(6, Severity::Medium, 68, "DGA-like DNS names", "r.haddad", "dyn.example", Engine::Anomaly, ago(130),
                  214),
        fakeAlert(7, Severity::Medium, 61, "Executable from a rare domain", "n.silva", "free-pdf-tools.example",
                  Engine::Anomaly, ago(151), 2),
        fakeAlert(8, Severity::Medium, 58, "Many blocked categories in an hour", "t.baker", "t.baker", Engine::Sigma,
                  ago(160), 31),
        fakeAlert(9, Severity::Low, 31, "Scanner user agent", "", "192.0.2.99", Engine::Sigma, ago(188), 120),
    };
    queue.push_back(fakeAlert(10, Severity::Medium, 57, "Large download from a new host", "svc-build", "mirror.example",
                              Engine::Anomaly, ago(28), 2));
    queue.back().status = alerts::Status::Closed;
    queue.back().verdict = alerts::Verdict::FalsePositive;
    return queue;
}

} // namespace nightjar::workspace
