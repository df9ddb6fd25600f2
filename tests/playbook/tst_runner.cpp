// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "answerserver.h"
#include "support/manualclock.h"
#include "support/support.h"

#include "base/files.h"
#include "playbook/runner.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <csignal>
#include <filesystem>

#include <sys/wait.h>

using namespace nightjar;
using namespace nightjar::playbook;
using nightjar::testsupport::AnswerServer;

namespace {

constexpr const char *kSecret = "canary-secret-7731";

class FakeActions final : public Actions {
public:
    Done perform(StepKind kind, const Json &arguments, const Deed &deed, const CancelToken &) override
    {
        if (!deed.dry) {
            done.push_back({{"kind", static_cast<int>(kind)}, {"arguments", arguments}, {"key", deed.key}});
        }
        return {Json{{"good", 1}}, error, false};
    }
    Done callTenant(const HttpOrder &order, const Deed &, const CancelToken &) override
    {
        done.push_back({{"path", order.request.url}});
        return {Json{{"status", 200}, {"json", Json{{"id", 5}}}}, std::nullopt, false};
    }
    Result<std::string> secret(const std::string &name) override
    {
        return name == "token" ? Result<std::string>(kSecret) : fail("NJ-PLAYBOOK-027", "none");
    }
    std::vector<Json> done;
    std::optional<Error> error;
};

/// A catalog, a runner and what it acts on.
class Desk {
public:
    explicit Desk(const std::string &networks = "127.0.0.0/8") { open(networks); }

    void open(const std::string &networks = "127.0.0.0/8")
    {
        runs.reset();
        catalog.reset();
        auto opened = store::Catalog::open(folder / "catalog.db");
        catalog = std::move(*opened);
        auto store = RunStore::open(*catalog, clock);
        runs.emplace(std::move(*store));
        limits.hosts = *HostGuard::make("127.0.0.1,localhost", networks);
    }
    Runner runner() { return {{&*runs, &actions, &http, &sleeper, &clock}, limits}; }

    std::int64_t add(const std::string &steps, const std::string &key = "x@1", const std::string &more = {})
    {
        Run run;
        run.key = key;
        run.playbook = "x";
        run.title = "t";
        run.text = "nightjar_playbook: 1\nid: x\ntitle: t\ntrigger: {manual: true}\n" + more + "steps:\n" + steps;
        run.alert = 1;
        run.context = dump(context());
        const Reading reading = read(run.text, "x.yaml");
        if (!reading.playbook) {
            qWarning("%s", describe(reading.problems.front()).c_str());
            return 0;
        }
        const auto added = runs->add(run);
        return added && *added ? **added : 0;
    }
    static Json context()
    {
        return {{"alert",
                 {{"id", 1},
                  {"entity", "evil.example\"}&x=1\r\nX: y"},
                  {"score", 90},
                  {"domains", {"a.example", "b.example"}},
                  {"user", ""}}}};
    }
    RunState go(std::int64_t run)
    {
        auto ready = runner();
        const auto ended = ready.go(run, cancel);
        return ended ? *ended : RunState::Pending;
    }
    std::string why(std::int64_t run)
    {
        const auto found = runs->get(run);
        return found ? found->why : found.error().code;
    }
    StepRecord step(std::int64_t run, const std::string &path) { return (*runs->steps(run))[path]; }

    testsupport::TemporaryFolder folder;
    testsupport::ManualClock clock;
    testsupport::ManualSleeper sleeper{clock};
    std::unique_ptr<store::Catalog> catalog;
    std::optional<RunStore> runs;
    FakeActions actions;
    net::CurlClient http;
    Limits limits;
    CancelToken cancel;
};

#define NJ_STATE(desk, run, expected)                                                                                  \
    do {                                                                                                               \
        const RunState njState = (desk).go(run);                                                                       \
        QVERIFY2(njState == RunState::expected, (std::string(name(njState)) + ": " + (desk).why(run)).c_str());        \
    } while (false)

std::string post(const std::string &url, const std::string &more = {})
{
    return "  - name: send\n    http:\n      method: POST\n      url: " + url +
           "\n      json: {value: \"{{ alert.entity }}\", n: \"{{ alert.score }}\"}\n" + more;
}

} // namespace

class TestRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestIsSentAsMeant()
    {
        AnswerServer server([](const std::string &, int) {
            return AnswerServer::ok("{\"id\":42,\"echo\":\"" + std::string(kSecret) + "\"}", "201 Created");
        });
        server.start();
        Desk desk;
        const auto run = desk.add(
            post(server.url("/t/{{ alert.entity }}"),
                 "      params: {q: \"{{ alert.entity }}\"}\n      headers: {X-Entity: \"{{ alert.entity }}\"}\n"
                 "      auth: bearer\n      token: \"{{ secret.token }}\"\n      capture: {number: id}\n"
                 "  - note: \"ticket {{ steps.send.captured.number }}, {{ steps.send.status }}\"\n"));
        NJ_STATE(desk, run, Done);
        QCOMPARE(server.seen().size(), std::size_t(1));
        const std::string request = server.seen().front();
        QVERIFY2(request.starts_with(
                     "POST /t/evil.example%22%7D%26x%3D1%0D%0AX%3A%20y?q=evil.example%22%7D%26x%3D1%0D%0AX%3A%20y "
                     "HTTP/1.1\r\n"),
                 request.c_str());
        QVERIFY2(request.find("X-Entity: evil.example\"}&x=1  X: y\r\n") != std::string::npos, request.c_str());
        QVERIFY(request.find("Authorization: Bearer canary-secret-7731\r\n") != std::string::npos);
        QVERIFY(request.find("Idempotency-Key: ") != std::string::npos);
        QVERIFY2(request.ends_with("{\"value\":\"evil.example\\\"}&x=1\\r\\nX: y\",\"n\":90}"), request.c_str());
        QVERIFY(desk.actions.done.front()["arguments"]["text"] == "ticket 42, 201");
        const StepRecord step = desk.step(run, "1");
        const Json result = Json::parse(step.result);
        QVERIFY(result["status"] == 201 && result["reason"] == "Created" && result["json"]["id"] == 42);
        QVERIFY(step.sends.find("secret token") != std::string::npos);
    }

    void secretIsNowhereOnDisk()
    {
        AnswerServer server([](const std::string &request, int) {
            return AnswerServer::ok(request, "500 Oh", "X-Echo: " + std::string(kSecret) + "\r\n");
        });
        server.start();
        Desk desk;
        const auto run = desk.add(
            "  - http: {url: \"" + server.url() +
            "\", params: {k: \"{{ secret.token }}\"}, auth: basic, user: u, password: \"{{ secret.token }}\"}\n");
        NJ_STATE(desk, run, Failed);
        QVERIFY(server.seen().front().find(kSecret) != std::string::npos);
        desk.runs.reset();
        desk.catalog.reset();
        int files = 0;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(desk.folder.path())) {
            const auto bytes = readFile(entry.path(), 1U << 26U);
            QVERIFY(bytes.has_value());
            QVERIFY2(bytes->find(kSecret) == std::string::npos, entry.path().c_str());
            ++files;
        }
        QVERIFY(files > 0);
    }

    void answersDecide_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<int>("state");
        QTest::addColumn<QByteArray>("says");
        const auto failed = static_cast<int>(RunState::Failed);
        const auto done = static_cast<int>(RunState::Done);
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("wrong status") << bytes(AnswerServer::ok("no", "403 Forbidden")) << QByteArray() << failed
                                      << QByteArray("NJ-PLAYBOOK-024");
        QTest::newRow("expected status") << bytes(AnswerServer::ok("no", "403 Forbidden"))
                                         << QByteArray("      expect: [\"403\"]\n") << done << QByteArray();
        QTest::newRow("expected class") << bytes(AnswerServer::ok("no", "404 Gone"))
                                        << QByteArray("      expect: 4xx\n") << done << QByteArray();
        QTest::newRow("go on") << bytes(AnswerServer::ok("no", "403 Forbidden"))
                               << QByteArray("    on_error: continue\n") << done << QByteArray();
        QTest::newRow("capture missing") << bytes(AnswerServer::ok("{}")) << QByteArray("      capture: {a: b.c}\n")
                                         << failed << QByteArray("NJ-PLAYBOOK-026");
        QTest::newRow("big body") << bytes(AnswerServer::ok(std::string(5'000, 'x')))
                                  << QByteArray("      max_body: 1000\n") << static_cast<int>(RunState::Interrupted)
                                  << QByteArray("NJ-NET-024");
        QTest::newRow("redirect away") << bytes(AnswerServer::ok("", "302 Found", "Location: http://127.0.0.1:1/\r\n"))
                                       << QByteArray("      follow_redirects: true\n") << failed
                                       << QByteArray("NJ-PLAYBOOK-025");
        QTest::newRow("redirect not wanted") << bytes(AnswerServer::ok("", "302 Found", "Location: /b\r\n"))
                                             << QByteArray() << failed << QByteArray("NJ-PLAYBOOK-025");
        QTest::newRow("redirect without end")
            << bytes(AnswerServer::ok("", "307 Temporary", "Location: /b\r\n"))
            << QByteArray("      follow_redirects: true\n") << failed << QByteArray("NJ-PLAYBOOK-025");
        QTest::newRow("no answer") << QByteArray() << QByteArray() << static_cast<int>(RunState::Interrupted)
                                   << QByteArray("not known");
        QTest::newRow("half an answer") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab") << QByteArray()
                                        << static_cast<int>(RunState::Interrupted) << QByteArray("carried out");
    }
    void answersDecide()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, more);
        QFETCH(int, state);
        QFETCH(QByteArray, says);
        AnswerServer server([&](const std::string &, int) { return answer.toStdString(); });
        server.start();
        Desk desk;
        const auto run = desk.add(post(server.url(), more.toStdString()));
        QVERIFY(run > 0);
        const RunState ended = desk.go(run);
        QVERIFY2(static_cast<int>(ended) == state, (std::string(name(ended)) + ": " + desk.why(run)).c_str());
        QVERIFY2(desk.why(run).find(says.toStdString()) != std::string::npos, desk.why(run).c_str());
        const std::size_t requests = server.seen().size();
        QCOMPARE(desk.go(run), ended); // an ended run stays so
        QCOMPARE(server.seen().size(), requests);
    }

    void sameOriginRedirectIsFollowed()
    {
        AnswerServer server([](const std::string &request, int) {
            return request.starts_with("POST /a ") ? AnswerServer::ok("", "303 See", "Location: b?c=1\r\n")
                                                   : AnswerServer::ok("{\"ok\":1}");
        });
        server.start();
        Desk desk;
        const auto run = desk.add(post(server.url("/a"), "      follow_redirects: true\n"));
        NJ_STATE(desk, run, Done);
        QCOMPARE(server.seen().size(), std::size_t(2));
        QVERIFY2(server.seen()[1].starts_with("GET /b?c=1 HTTP/1.1"), server.seen()[1].c_str());
    }

    void busyIsRepeatedAndKeepsItsKey()
    {
        AnswerServer server([](const std::string &, int number) {
            return number < 3 ? AnswerServer::ok("", "503 Busy", "Retry-After: 7\r\n") : AnswerServer::ok("{}");
        });
        server.start();
        Desk desk;
        const auto run = desk.add(post(server.url(), "      retries: 3\n"));
        NJ_STATE(desk, run, Done);
        QCOMPARE(server.seen().size(), std::size_t(3));
        QCOMPARE(desk.sleeper.slept(), std::int64_t(14 * kMicrosPerSecond));
        const auto keyOf = [](const std::string &request) {
            return request.substr(request.find("Idempotency-Key: "), 49);
        };
        QCOMPARE(keyOf(server.seen()[0]), keyOf(server.seen()[2]));
    }

    void digestAnswersTheChallenge()
    {
        AnswerServer server([](const std::string &request, int) {
            return request.find("Authorization: Digest ") == std::string::npos
                       ? AnswerServer::ok(
                             "", "401 Who",
                             "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n")
                       : AnswerServer::ok("{}");
        });
        server.start();
        Desk desk;
        const auto run = desk.add("  - http: {url: \"" + server.url() +
                                  "\", auth: digest, user: u, password: \"{{ secret.token }}\"}\n");
        NJ_STATE(desk, run, Done);
        QVERIFY(server.seen().back().find(kSecret) == std::string::npos);
    }

    void addressIsCheckedWhereItConnects()
    {
        AnswerServer server([](const std::string &, int) { return AnswerServer::ok("{}"); });
        server.start();
        // The names are allowed; what they stand for is not. A name that resolves anew changes nothing: the address of
        // the very connection is asked.
        for (const char *host : {"127.0.0.1", "localhost"}) {
            Desk desk("");
            const auto run = desk.add(post(server.url("/", host)));
            NJ_STATE(desk, run, Failed);
            QVERIFY2(desk.why(run).find("NJ-NET-016") != std::string::npos, desk.why(run).c_str());
        }
        QVERIFY(server.seen().empty());
        Desk other;
        const auto run = other.add("  - http: https://elsewhere.example/\n");
        NJ_STATE(other, run, Failed);
        QVERIFY(other.why(run).find("NJ-PLAYBOOK-022") != std::string::npos);
    }

    void killedWithinARequestIsNotRepeated()
    {
        std::atomic<pid_t> child = 0;
        AnswerServer server([&child](const std::string &, int) {
            while (child == 0) {
                ::usleep(1'000);
            }
            ::kill(child, SIGKILL);
            ::usleep(50'000);
            return std::string();
        });
        Desk desk;
        const auto run = desk.add("  - tag: before\n" + post(server.url()) + "  - tag: after\n");
        QVERIFY(run > 0);
        desk.runs.reset();
        desk.catalog.reset();
        const pid_t pid = ::fork();
        if (pid == 0) {
            desk.open();
            desk.go(run);
            ::_exit(0);
        }
        server.start();
        child = pid;
        int status = 0;
        QCOMPARE(::waitpid(pid, &status, 0), pid);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        desk.open();
        QVERIFY(desk.runs->get(run)->state == RunState::Running);
        QVERIFY(*desk.runs->due() == std::vector{run});
        NJ_STATE(desk, run, Interrupted);
        QVERIFY2(desk.why(run).find("within step 2 (send)") != std::string::npos, desk.why(run).c_str());
        QCOMPARE(server.seen().size(), std::size_t(1));
        QVERIFY(desk.actions.done.empty()); // neither the step before again nor the one behind
    }

    void killedWithinWhatMayBeRepeatedGoesOn()
    {
        Desk desk;
        const auto run = desk.add("  - block: a.example\n  - tag: after\n");
        StepRecord begun;
        begun.path = "1";
        begun.name = "step1";
        begun.kind = "block";
        begun.started = desk.clock.now();
        QVERIFY(desk.runs->putStep(run, begun).has_value());
        NJ_STATE(desk, run, Done);
        QCOMPARE(desk.actions.done.size(), std::size_t(2));
    }

    void waitsAndApprovalsParkOnDisk()
    {
        Desk desk;
        const auto run = desk.add("  - wait: 10m\n  - name: ask\n    approve: {text: \"block {{ alert.id }}?\", "
                                  "timeout: 1h}\n  - note: \"by {{ steps.ask.approved_by }}\"\n");
        NJ_STATE(desk, run, Waiting);
        QVERIFY(desk.runs->due()->empty());
        desk.clock.advance(601 * kMicrosPerSecond);
        desk.open();
        QCOMPARE(desk.runs->due()->size(), std::size_t(1));
        NJ_STATE(desk, run, Approval);
        QVERIFY(desk.why(run) == "block 1?");
        QVERIFY(desk.actions.done.empty());
        QVERIFY(desk.runs->decide(run, true, "ann").has_value());
        QVERIFY(!desk.runs->decide(run, true, "ann").has_value());
        NJ_STATE(desk, run, Done);
        QVERIFY(desk.actions.done.front()["arguments"]["text"] == "by ann");
    }

    void unansweredAndDeniedEndTheRun()
    {
        Desk desk;
        const auto denied = desk.add("  - approve: \"a?\"\n  - tag: b\n", "x@1");
        NJ_STATE(desk, denied, Approval);
        QVERIFY(desk.runs->decide(denied, false, "ann").has_value());
        NJ_STATE(desk, denied, Denied);
        const auto late = desk.add("  - approve: {text: \"a?\", timeout: 1h}\n  - tag: b\n", "x@2");
        NJ_STATE(desk, late, Approval);
        desk.clock.advance(3'601 * kMicrosPerSecond);
        NJ_STATE(desk, late, Denied);
        QVERIFY(!desk.runs->decide(late, true, "ann").has_value());
        QVERIFY(desk.actions.done.empty());
    }

    void sameKeyRunsOnce()
    {
        Desk desk;
        QVERIFY(desk.add("  - tag: a\n") > 0);
        QCOMPARE(desk.add("  - tag: a\n"), std::int64_t(0));
    }

    void actionsOfAnHourAreBounded()
    {
        Desk desk;
        desk.limits.actionsAnHour = 3;
        const auto first = desk.add("  - block: [a.example, b.example]\n", "x@1");
        NJ_STATE(desk, first, Done);
        const auto second = desk.add("  - block: [c.example, d.example]\n", "x@2");
        NJ_STATE(desk, second, Waiting);
        QCOMPARE(desk.actions.done.size(), std::size_t(1));
        desk.clock.advance(3'601 * kMicrosPerSecond);
        NJ_STATE(desk, second, Done);
        const auto never = desk.add("  - block: [a.example, b.example, c.example, d.example]\n", "x@3");
        desk.clock.advance(3'601 * kMicrosPerSecond);
        NJ_STATE(desk, never, Failed);
        QVERIFY(desk.why(never).find("NJ-PLAYBOOK-033") != std::string::npos);
        desk.limits.actionsAnHour = 100;
        const auto own = desk.add("  - block: a.example\n  - block: b.example\n", "x@4", "actions_an_hour: 1\n");
        NJ_STATE(desk, own, Waiting);
    }

    void loopsAndConditions()
    {
        Desk desk;
        const auto run = desk.add("  - for_each:\n      in: \"{{ alert.domains }}\"\n      as: host\n      steps:\n    "
                                  "    - when: {value: \"{{ host }}\", is_not: a.example}\n"
                                  "          block: \"{{ host }}\"\n        - note: \"{{ host }}\"\n  - when: {value: "
                                  "\"{{ alert.user }}\", exists: true}\n    tag: never\n",
                                  "x@1", "conditions:\n  - {value: \"{{ alert.score }}\", at_least: 80}\n");
        NJ_STATE(desk, run, Done);
        QCOMPARE(desk.actions.done.size(), std::size_t(3));
        QVERIFY(desk.step(run, "1.1.1").state == StepState::Skipped);
        QVERIFY(desk.actions.done[1]["arguments"]["values"] == Json({"b.example"}));
        const auto skipped =
            desk.add("  - tag: a\n", "x@2", "conditions:\n  - {value: \"{{ alert.score }}\", at_least: 95}\n");
        NJ_STATE(desk, skipped, Skipped);
        QVERIFY(desk.why(skipped).find("90") != std::string::npos);
    }

    void programs()
    {
        Desk desk;
        const std::string steps =
            "  - name: say\n    run_command: {argv: [/bin/cat, \"-\"], input: \"{{ alert.entity }}\"}\n";
        const auto off = desk.add(steps, "x@1");
        NJ_STATE(desk, off, Failed);
        QVERIFY(desk.why(off).find("NJ-PLAYBOOK-029") != std::string::npos);
        desk.limits.commands = true;
        const auto on = desk.add(steps, "x@2");
        NJ_STATE(desk, on, Done);
        QVERIFY(Json::parse(desk.step(on, "1").result)["out"] == Desk::context()["alert"]["entity"]);
        const auto shell = desk.add("  - run_command: [/bin/echo, \"$(id) {{ alert.entity }}\"]\n", "x@3");
        NJ_STATE(desk, shell, Done);
        QVERIFY(Json::parse(desk.step(shell, "1").result)["out"].get<std::string>().starts_with("$(id) evil.example"));
        const auto option = desk.add("  - for_each:\n      in: [\"--version\"]\n      steps:\n        - run_command: "
                                     "[/bin/echo, \"{{ item }}\"]\n",
                                     "x@4");
        NJ_STATE(desk, option, Failed);
        QVERIFY(desk.why(option).find("NJ-PLAYBOOK-028") != std::string::npos);
        const auto slow = desk.add("  - run_command: {argv: [/bin/sleep, \"20\"], timeout: 200ms}\n", "x@5");
        NJ_STATE(desk, slow, Interrupted);
        const auto bad = desk.add("  - run_command: [/bin/false]\n", "x@6");
        NJ_STATE(desk, bad, Failed);
        const auto none = desk.add("  - run_command: [/no/such/program]\n", "x@7");
        NJ_STATE(desk, none, Failed);
    }

    void dryRunSendsNothing()
    {
        AnswerServer server([](const std::string &, int) { return AnswerServer::ok("{}"); });
        server.start();
        Desk desk;
        desk.limits.commands = true;
        const Reading reading =
            read("nightjar_playbook: 1\nid: x\ntitle: t\ntrigger: {manual: true}\nsteps:\n" +
                     post(server.url(), "      auth: bearer\n      token: \"{{ secret.missing }}\"\n") +
                     "  - note: \"{{ steps.send.json.id }}\"\n  - when: {value: \"{{ steps.send.status }}\", is: "
                     "201}\n    block: \"{{ alert.domains }}\"\n"
                     "  - http: https://elsewhere.example/\n  - run_command: [/usr/bin/touch, " +
                     (desk.folder / "made").string() + "]\n  - wait: 1h\n  - approve: ok?\n",
                 "x.yaml");
        QVERIFY2(reading.playbook, reading.problems.empty() ? "" : describe(reading.problems.front()).c_str());
        Deed deed;
        deed.dry = true;
        deed.key = "x@1";
        auto runner = desk.runner();
        const auto steps = runner.rehearse(*reading.playbook, Desk::context(), deed, desk.cancel);
        QVERIFY2(steps.has_value(), steps ? "" : describe(steps.error()).c_str());
        QCOMPARE(steps->size(), std::size_t(7));
        QVERIFY((*steps)[0].state == "would_run");
        QVERIFY2((*steps)[0].sends.find("Bearer ‹secret missing›") != std::string::npos, (*steps)[0].sends.c_str());
        QVERIFY((*steps)[1].state == "depends" && (*steps)[1].sends.find("‹steps.send.json.id›") != std::string::npos);
        QVERIFY((*steps)[2].sends.find("a.example") != std::string::npos);
        QVERIFY((*steps)[3].state == "refused" && (*steps)[3].why.find("NJ-PLAYBOOK-022") != std::string::npos);
        QVERIFY((*steps)[4].state == "would_run" && !std::filesystem::exists(desk.folder / "made"));
        QVERIFY(server.seen().empty() && desk.actions.done.empty() && desk.runs->list(10)->empty());
    }

    void tenantCallsGoThroughTheTenant()
    {
        Desk desk;
        const auto run = desk.add("  - name: ask\n    http: {url: /urlCategories/lite, auth: zscaler, capture: {first: "
                                  "id}}\n  - note: \"{{ steps.ask.captured.first }}\"\n");
        NJ_STATE(desk, run, Done);
        QVERIFY(desk.actions.done[0]["path"] == "/urlCategories/lite");
        QVERIFY(desk.actions.done[1]["arguments"]["text"] == 5 || desk.actions.done[1]["arguments"]["text"] == "5");
    }
};

QTEST_GUILESS_MAIN(TestRunner)
#include "tst_runner.moc"
