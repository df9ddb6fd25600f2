// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"

#include "base/files.h"
#include "nightjar_resources.h"
#include "playbook/context.h"
#include "playbook/hostguard.h"
#include "playbook/playbook.h"

#include <nlohmann/json.hpp>

using namespace nightjar;
using namespace nightjar::playbook;

namespace {

const std::string kHead = "nightjar_playbook: 1\nid: x\ntitle: t\ntrigger: {manual: true}\n";

std::string rendered(const char *text, Target target, const Json &values)
{
    const auto parsed = parseTemplate(text, {});
    if (!parsed) {
        return parsed.error().code;
    }
    Scope scope;
    scope.values = &values;
    scope.secret = [](const std::string &name) { return Result<std::string>("value of " + name); };
    const auto out = render(*parsed, target, scope);
    return out ? *out : out.error().code;
}

alerts::Alert alertOf(alerts::Engine engine, std::vector<alerts::Observable> observables)
{
    alerts::Alert alert;
    alert.id = 7;
    alert.finding.engine = engine;
    alert.finding.severity = alerts::Severity::High;
    alert.finding.rule = "domain:evil.example";
    alert.finding.entity = "evil.example";
    alert.finding.attack = {"attack.t1071"};
    alert.finding.observables = std::move(observables);
    return alert;
}

} // namespace

class TestPlaybookFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void problemsNameTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        const QByteArray head = QByteArray::fromStdString(kHead);
        QTest::newRow("no YAML") << QByteArray("a: [1") << QByteArray("NJ-PLAYBOOK-001") << 1 << 0;
        QTest::newRow("key twice") << head + "id: y\nsteps: [{note: a}]\n" << QByteArray("NJ-PLAYBOOK-001") << 5 << 1;
        QTest::newRow("two documents") << head + "---\n" + head << QByteArray("NJ-PLAYBOOK-001") << 1 << 1;
        QTest::newRow("version")
            << QByteArray("nightjar_playbook: 2\nid: x\ntitle: t\ntrigger: {manual: true}\nsteps: [{note: a}]\n")
            << QByteArray("NJ-PLAYBOOK-008") << 1 << 20;
        QTest::newRow("unknown key") << head + "stepps: []\nsteps:\n  - note: a\n"
                                     << QByteArray("NJ-PLAYBOOK-002") << 5 << 1;
        QTest::newRow("unknown step") << head + "steps:\n  - blok: a\n" << QByteArray("NJ-PLAYBOOK-002") << 6 << 5;
        QTest::newRow("no steps") << head << QByteArray("NJ-PLAYBOOK-003") << 1 << 1;
        QTest::newRow("bad choice") << head + "steps:\n  - set_status: closd\n"
                                    << QByteArray("NJ-PLAYBOOK-004") << 6 << 17;
        QTest::newRow("bad duration") << head + "steps:\n  - wait: soon\n" << QByteArray("NJ-PLAYBOOK-004") << 6 << 11;
        QTest::newRow("braces") << head + "steps:\n  - note: \"a {{ alert.id \"\n"
                                << QByteArray("NJ-PLAYBOOK-005") << 6 << 14;
        QTest::newRow("filter") << head + "steps:\n  - note: \"{{ alert.id | shout }}\"\n"
                                << QByteArray("NJ-PLAYBOOK-005") << 6 << 12;
        QTest::newRow("unknown name") << head + "steps:\n  - note: \"a {{ alert.entty }}\"\n"
                                      << QByteArray("NJ-PLAYBOOK-006") << 6 << 14;
        QTest::newRow("later step") << head + "steps:\n  - note: \"{{ steps.b.status }}\"\n  - name: b\n    tag: x\n"
                                    << QByteArray("NJ-PLAYBOOK-006") << 6 << 12;
        QTest::newRow("secret in a note") << head + "steps:\n  - note: \"{{ secret.a }}\"\n"
                                          << QByteArray("NJ-PLAYBOOK-007") << 6 << 12;
        QTest::newRow("secret in argv") << head + "steps:\n  - run_command: [/bin/echo, \"{{ secret.a }}\"]\n"
                                        << QByteArray("NJ-PLAYBOOK-007") << 6 << 31;
        QTest::newRow("name twice") << head + "steps:\n  - {name: a, note: x}\n  - {name: a, note: y}\n"
                                    << QByteArray("NJ-PLAYBOOK-009") << 7 << 5;
        QTest::newRow("host from outside") << head + "steps:\n  - http: \"https://{{ alert.entity }}/\"\n"
                                           << QByteArray("NJ-PLAYBOOK-004") << 6 << 11;
        QTest::newRow("host half from outside") << head + "steps:\n  - http: \"https://a.example{{ alert.entity }}/\"\n"
                                                << QByteArray("NJ-PLAYBOOK-004") << 6 << 11;
        QTest::newRow("file") << head + "steps:\n  - http: file:///etc/passwd\n"
                              << QByteArray("NJ-PLAYBOOK-004") << 6 << 11;
        QTest::newRow("body of GET") << head + "steps:\n  - http: {url: \"https://a.example/\", text: a}\n"
                                     << QByteArray("NJ-PLAYBOOK-004") << 6 << 45;
        QTest::newRow("schedule")
            << QByteArray(
                   "nightjar_playbook: 1\nid: x\ntitle: t\ntrigger: {schedule: {daily: 99}}\nsteps: [{note: a}]\n")
            << QByteArray("NJ-PLAYBOOK-004") << 4 << 29;
    }
    void problemsNameTheirPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, code);
        QFETCH(int, line);
        QFETCH(int, column);
        const Reading reading = read(text.toStdString(), "a.yaml");
        QVERIFY(!reading.playbook);
        QVERIFY(!reading.problems.empty());
        const Error &error = reading.problems.front();
        const std::string told = describe(error);
        QVERIFY2(error.code == code.toStdString(), told.c_str());
        QVERIFY2(error.place.file == "a.yaml" && error.place.line == static_cast<std::uint64_t>(line), told.c_str());
        QVERIFY2(column == 0 || error.place.column == static_cast<std::uint64_t>(column), told.c_str());
        QVERIFY2(!error.hint.empty() && !error.reason.empty(), told.c_str());
    }

    void allProblemsAreToldAtOnce()
    {
        const Reading reading =
            read(kHead + "steps:\n  - blok: a\n  - wait: soon\n  - note: \"{{ alret.id }}\"\n", "a.yaml");
        QCOMPARE(reading.problems.size(), std::size_t(4)); // the unknown step is also none
        QVERIFY(reading.problems.front().hint.find("block") != std::string::npos);
    }

    void hostileTextStaysText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("target");
        QTest::addColumn<QByteArray>("expected");
        const auto url = static_cast<int>(Target::Url);
        QTest::newRow("plain") << QByteArray("<{{ a }}>") << static_cast<int>(Target::Plain)
                               << QByteArray("<x&y=1/../#\"\r\nX: z>");
        QTest::newRow("url") << QByteArray("https://h/{{ a }}?q=1") << url
                             << QByteArray("https://h/x%26y%3D1%2F..%2F%23%22%0D%0AX%3A%20z?q=1");
        QTest::newRow("urlencode once") << QByteArray("https://h/{{ a | urlencode }}") << url
                                        << QByteArray("https://h/x%26y%3D1%2F..%2F%23%22%0D%0AX%3A%20z");
        QTest::newRow("dots") << QByteArray("https://h/a/{{ dots }}/b") << url << QByteArray("NJ-PLAYBOOK-021");
        QTest::newRow("header") << QByteArray("{{ a }}") << static_cast<int>(Target::Header)
                                << QByteArray("x&y=1/../#\"  X: z");
        QTest::newRow("json text") << QByteArray("{\"v\":\"{{ a }}\"}") << static_cast<int>(Target::JsonText)
                                   << QByteArray("{\"v\":\"x&y=1/../#\\\"\\r\\nX: z\"}");
        QTest::newRow("json value") << QByteArray("{\"v\":{{ list | json }}}") << static_cast<int>(Target::JsonText)
                                    << QByteArray("{\"v\":[\"p\",\"q\"]}");
        QTest::newRow("missing") << QByteArray("{{ nothing.here }}") << url << QByteArray("NJ-PLAYBOOK-020");
        QTest::newRow("default") << QByteArray("{{ nothing.here | default(\"d e\") }}") << url << QByteArray("d%20e");
        QTest::newRow("list") << QByteArray("{{ list }}") << static_cast<int>(Target::Plain) << QByteArray("p, q");
        QTest::newRow("filters") << QByteArray("{{ list | first | upper }}{{ list | count }}")
                                 << static_cast<int>(Target::Plain) << QByteArray("P2");
        QTest::newRow("defang") << QByteArray("{{ host | defang }}") << static_cast<int>(Target::Plain)
                                << QByteArray("evil[.]example");
        QTest::newRow("index") << QByteArray("{{ list[1] }}") << static_cast<int>(Target::Plain) << QByteArray("q");
        QTest::newRow("braces in data") << QByteArray("{{ braces }}") << static_cast<int>(Target::Plain)
                                        << QByteArray("{{ secret.a }}");
        QTest::newRow("secret address") << QByteArray("{{ secret.hook }}") << url << QByteArray("value of hook");
    }
    void hostileTextStaysText()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, target);
        QFETCH(QByteArray, expected);
        const Json values{{"a", "x&y=1/../#\"\r\nX: z"},
                          {"dots", ".."},
                          {"list", {"p", "q"}},
                          {"host", "evil.example"},
                          {"braces", "{{ secret.a }}"}};
        const std::string out = rendered(text.constData(), static_cast<Target>(target), values);
        QCOMPARE(QByteArray::fromStdString(out), expected);
    }

    void bodiesKeepTypes()
    {
        const Reading reading =
            read(kHead + "steps:\n  - http:\n      url: https://a.example/\n      method: POST\n      json:\n"
                         "        n: \"{{ alert.score }}\"\n        s: \"{{ alert.title }}\"\n        five: 5\n        "
                         "text: \"5\"\n        yes: true\n",
                 "a.yaml");
        QVERIFY2(reading.playbook, reading.problems.empty() ? "" : describe(reading.problems.front()).c_str());
        const Json values{{"alert", {{"score", 88}, {"title", "\",\"admin\":true,\"x\":\""}}}};
        Scope scope;
        scope.values = &values;
        const auto body = renderValue(*reading.playbook->steps.front().arguments.find("json"), scope);
        QVERIFY(body.has_value());
        QVERIFY((*body)["n"] == 88 && (*body)["five"] == 5 && (*body)["text"] == "5" && (*body)["yes"] == true);
        QVERIFY((*body)["s"] == values["alert"]["title"]);
        QCOMPARE(body->size(), std::size_t(5));
    }

    void hosts_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("named") << QByteArray("https://hooks.example.com/a") << true;
        QTest::newRow("upper case") << QByteArray("https://HOOKS.example.com/a") << true;
        QTest::newRow("end dot") << QByteArray("https://hooks.example.com./a") << true;
        QTest::newRow("below") << QByteArray("https://a.b.example.org/") << true;
        QTest::newRow("not the name itself") << QByteArray("https://example.org/") << false;
        QTest::newRow("port named") << QByteArray("https://tickets.example.net:8443/") << true;
        QTest::newRow("other port") << QByteArray("https://tickets.example.net/") << false;
        QTest::newRow("other") << QByteArray("https://evil.example/") << false;
        QTest::newRow("suffix") << QByteArray("https://hooks.example.com.evil.example/") << false;
        QTest::newRow("user info") << QByteArray("https://hooks.example.com@evil.example/") << false;
        QTest::newRow("user info of it") << QByteArray("https://a:b@hooks.example.com/") << false;
        QTest::newRow("backslash") << QByteArray("https://evil.example\\@hooks.example.com/") << false;
        QTest::newRow("number") << QByteArray("https://2130706433/") << false;
        QTest::newRow("hexadecimal") << QByteArray("https://0x7f.1/") << false;
        QTest::newRow("no scheme") << QByteArray("hooks.example.com/a") << false;
        QTest::newRow("ftp") << QByteArray("ftp://hooks.example.com/a") << false;
        QTest::newRow("line end") << QByteArray("https://hooks.example.com/\r\nX: y") << false;
    }
    void hosts()
    {
        QFETCH(QByteArray, url);
        QFETCH(bool, allowed);
        const auto guard = HostGuard::make("hooks.example.com, *.example.org,tickets.example.net:8443", "");
        QVERIFY2(guard.has_value(), guard ? "" : describe(guard.error()).c_str());
        const auto may = guard->mayAsk(url.toStdString());
        QVERIFY2(may.has_value() == allowed, may ? "allowed" : describe(may.error()).c_str());
    }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("public") << QByteArray("93.184.216.34") << true;
        QTest::newRow("public v6") << QByteArray("2606:2800:220:1::1") << true;
        QTest::newRow("named network") << QByteArray("10.1.2.3") << true;
        QTest::newRow("private") << QByteArray("10.2.0.1") << false;
        QTest::newRow("loopback") << QByteArray("127.0.0.1") << false;
        QTest::newRow("loopback v6") << QByteArray("::1") << false;
        QTest::newRow("metadata") << QByteArray("169.254.169.254") << false;
        QTest::newRow("metadata mapped") << QByteArray("::ffff:169.254.169.254") << false;
        QTest::newRow("metadata through NAT64") << QByteArray("64:ff9b::a9fe:a9fe") << false;
        QTest::newRow("private through 6to4") << QByteArray("2002:c0a8:0101::1") << false;
        QTest::newRow("link-local v6") << QByteArray("fe80::1") << false;
        QTest::newRow("unique local") << QByteArray("fd00:ec2::254") << false;
        QTest::newRow("any") << QByteArray("0.0.0.0") << false;
    }
    void addresses()
    {
        QFETCH(QByteArray, address);
        QFETCH(bool, allowed);
        const auto guard = HostGuard::make("", "10.1.0.0/16");
        QVERIFY(guard.has_value());
        const auto parsed = IpAddress::parse(address.constData());
        QVERIFY(parsed.has_value());
        QCOMPARE(guard->mayConnect(*parsed), allowed);
    }
    void tooWideHostsAreRefused()
    {
        QVERIFY(!HostGuard::make("*.com", ""));
        QVERIFY(!HostGuard::make("*", ""));
        QVERIFY(!HostGuard::make("a b", ""));
        QVERIFY(!HostGuard::make("", "10.0.0.0/99"));
    }

    void triggers_data()
    {
        QTest::addColumn<QByteArray>("trigger");
        QTest::addColumn<bool>("expected");
        QTest::newRow("any") << QByteArray("alert:") << true;
        QTest::newRow("engine") << QByteArray("alert: {engine: [intel, sigma]}") << true;
        QTest::newRow("other engine") << QByteArray("alert: {engine: anomaly}") << false;
        QTest::newRow("at least") << QByteArray("alert: {severity: medium}") << true;
        QTest::newRow("more") << QByteArray("alert: {severity: critical}") << false;
        QTest::newRow("rule") << QByteArray("alert: {rule: \"domain:*\"}") << true;
        QTest::newRow("entity") << QByteArray("alert: {entity: \"*.EXAMPLE\"}") << true;
        QTest::newRow("other entity") << QByteArray("alert: {entity: \"*.corp\"}") << false;
        QTest::newRow("technique") << QByteArray("alert: {tag: attack.t1071}") << true;
        QTest::newRow("tag") << QByteArray("alert: {tag: vip}") << true;
        QTest::newRow("other tag") << QByteArray("alert: {tag: nobody}") << false;
        QTest::newRow("verdict") << QByteArray("alert: {verdict: false_positive}") << false;
        QTest::newRow("manual") << QByteArray("manual: true") << false;
    }
    void triggers()
    {
        QFETCH(QByteArray, trigger);
        QFETCH(bool, expected);
        const Reading reading = read("nightjar_playbook: 1\nid: x\ntitle: t\ntrigger:\n  " + trigger.toStdString() +
                                         "\nsteps: [{note: a}]\n",
                                     "a.yaml");
        QVERIFY2(reading.playbook, reading.problems.empty() ? "" : describe(reading.problems.front()).c_str());
        alerts::Alert alert = alertOf(alerts::Engine::Intel, {});
        QCOMPARE(triggeredBy(*reading.playbook, alert, {"vip"}), expected);
        alert.status = alerts::Status::Closed;
        alert.verdict = alerts::Verdict::FalsePositive;
        QCOMPARE(triggeredBy(*reading.playbook, alert, {"vip"}), trigger.contains("verdict"));
    }

    void onlyTheIndicatorIsBlockable()
    {
        const auto intel = alertContext(
            alertOf(alerts::Engine::Intel, {{"url", "good.example/bad", 1}, {"domain", "good.example", 1}}), {});
        QVERIFY(intel["blockable"] == Json({"good.example/bad"}));
        const auto hash =
            alertContext(alertOf(alerts::Engine::Intel, {{"hash", "aa", 1}, {"domain", "good.example", 1}}), {});
        QVERIFY(hash["blockable"].empty());
        const auto beacon = alertContext(
            alertOf(alerts::Engine::Anomaly, {{"domain", "c2.example", 9}, {"ip", "192.0.2.7", 9}}), {"vip"});
        QVERIFY(beacon["blockable"] == Json({"c2.example"}));
        QVERIFY(beacon["tags"] == Json({"vip"}));
    }

    void secretsAreMaskedInEverySpelling()
    {
        Masker masker;
        masker.add("key", "s3cr t/\"x");
        const std::string text = "s3cr t/\"x s3cr%20t%2F%22x s3cr t/\\\"x czNjciB0LyJ4";
        const std::string out = masker.masked(text);
        QVERIFY2(out.find("s3cr") == std::string::npos && out.find("czNj") == std::string::npos, out.c_str());
    }

    void readyMadeOnesAreWellFormed()
    {
        int count = 0;
        for (const auto &entry :
             std::filesystem::directory_iterator(std::filesystem::path(NIGHTJAR_RESOURCES) / "playbooks")) {
            const auto text = readFile(entry.path(), 1U << 20U);
            QVERIFY(text.has_value());
            const Reading reading = read(*text, entry.path().string());
            QVERIFY2(reading.playbook, reading.problems.empty() ? "" : describe(reading.problems.front()).c_str());
            QVERIFY2(reading.playbook->id == entry.path().stem(), entry.path().c_str());
            ++count;
        }
        QCOMPARE(count, 10);
    }

    void schedules()
    {
        ScheduleTrigger hourly;
        hourly.every = 3'600 * kMicrosPerSecond;
        QVERIFY(dueAt(hourly, *parseIsoTime("2026-03-12T08:59:59Z")) == *parseIsoTime("2026-03-12T08:00:00Z"));
        ScheduleTrigger nightly;
        nightly.minuteOfDay = 120;
        nightly.zone = "Europe/Berlin";
        QVERIFY(dueAt(nightly, *parseIsoTime("2026-07-12T00:00:01Z")) == *parseIsoTime("2026-07-12T00:00:00Z"));
        QVERIFY(dueAt(nightly, *parseIsoTime("2026-07-11T23:59:59Z")) == *parseIsoTime("2026-07-11T00:00:00Z"));
        QVERIFY(dueAt(nightly, *parseIsoTime("2026-01-12T00:59:59Z")) == *parseIsoTime("2026-01-11T01:00:00Z"));
    }
};

QTEST_GUILESS_MAIN(TestPlaybookFormat)
#include "tst_format.moc"
