// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "respond/client.h"

using namespace nightjar;
using namespace nightjar::respond;
using nightjar::testsupport::Bench;

namespace {

std::vector<std::string> sorted(std::vector<std::string> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace

class TestClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsInOnceAndReads()
    {
        Bench bench;
        bench.lists(R"({"deny":[".directTV.com","b.example"],"allow":["good.example"]})");
        QVERIFY(bench.client->denyList({}).has_value());
        const Result<std::vector<std::string>> list = bench.client->denyList({});
        QVERIFY(list.has_value());
        QVERIFY(sorted(*list) == (std::vector<std::string>{".directTV.com", "b.example"}));
        QVERIFY(bench.client->allowList({}) == (std::vector<std::string>{"good.example"}));
        QVERIFY(bench.stateHas("\"logins\":1"));
        QVERIFY(bench.client->simulated());
        QVERIFY2(bench.sleeper.slept() >= kMicrosPerSecond, "the second read waits for the window");
    }

    void emptyListsReadAsEmpty()
    {
        Bench bench;
        QVERIFY(bench.client->denyList({})->empty());
        QVERIFY(bench.client->allowList({})->empty());
    }

    void refusedCredentials_data()
    {
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("key");
        QTest::addColumn<qint64>("skew");
        QTest::addColumn<QString>("code");
        QTest::newRow("password") << u"wrong-canary-7"_qs << QString::fromUtf8(testsupport::kApiKey) << qint64(0)
                                  << u"NJ-RESPOND-010"_qs;
        QTest::newRow("key") << QString::fromUtf8(testsupport::kPassword) << u"wrongkey1234"_qs << qint64(0)
                             << u"NJ-RESPOND-011"_qs;
        QTest::newRow("clock") << QString::fromUtf8(testsupport::kPassword) << QString::fromUtf8(testsupport::kApiKey)
                               << qint64(3 * 3'600) << u"NJ-RESPOND-011"_qs;
    }
    void refusedCredentials()
    {
        QFETCH(QString, password);
        QFETCH(QString, key);
        QFETCH(qint64, skew);
        QFETCH(QString, code);
        Bench bench;
        testsupport::ManualClock own;
        own.advance(skew * kMicrosPerSecond);
        ClientTuning tuning = bench.tuning();
        tuning.clock = &own;
        ZscalerClient client(
            *bench.http, {bench.server->url(), "robot@example.com", password.toStdString(), key.toStdString()}, tuning);
        const Result<SignIn> first = client.login({});
        QVERIFY(!first);
        QCOMPARE(QString::fromStdString(first.error().code), code);
        QVERIFY(describe(first.error()).find("canary") == std::string::npos);
        QVERIFY(!client.denyList({}));
        QVERIFY2(bench.stateHas("\"requests\":1"), "refused credentials are not tried again");
    }

    void sessionThatIsGoneIsRenewedOnce()
    {
        Bench bench;
        QVERIFY(bench.client->denyList({}).has_value());
        bench.clock.advance(600 * kMicrosPerSecond);
        QVERIFY(bench.client->denyList({}).has_value());
        QVERIFY(bench.stateHas("\"logins\":2"));
    }

    void logoutActivates()
    {
        Bench bench;
        const std::vector<std::string> entries{"evil.example"};
        QVERIFY(bench.client->addToDenyList(entries, {}).applied == entries);
        QVERIFY(!bench.holds("live", "evil.example"));
        QVERIFY(bench.client->status({}) == TenantState::Pending);
        QVERIFY(bench.client->logout({}).has_value());
        QVERIFY(bench.holds("live", "evil.example"));
    }

    void changesGoThroughFaults_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<bool>("settled");
        QTest::newRow("none") << QByteArray("{}") << false;
        QTest::newRow("204") << QByteArray(R"({"add_status":204})") << false;
        QTest::newRow("gzip") << QByteArray(R"({"gzip":true})") << false;
        QTest::newRow("edit lock") << QByteArray(R"({"edit_lock":3,"edit_lock_delay_ms":30})") << false;
        QTest::newRow("412") << QByteArray(R"({"precondition":2})") << false;
        QTest::newRow("429 header") << QByteArray(R"({"rate_limit":2})") << false;
        QTest::newRow("429 seconds") << QByteArray(R"({"rate_limit":2,"retry_after":"seconds"})") << false;
        QTest::newRow("429 zero") << QByteArray(R"({"rate_limit":2,"retry_after":"zero"})") << false;
        QTest::newRow("429 body") << QByteArray(R"({"rate_limit":2,"retry_after":"body"})") << false;
        QTest::newRow("lost before") << QByteArray(R"({"lose_before":1,"on":"POST /security"})") << true;
        QTest::newRow("lost after") << QByteArray(R"({"lose_after":1,"on":"POST /security"})") << true;
        QTest::newRow("half body") << QByteArray(R"({"half_body":1,"on":"POST /security"})") << true;
        QTest::newRow("HTML with 200") << QByteArray(R"({"html":1,"on":"POST /security"})") << true;
        QTest::newRow("500") << QByteArray(R"({"error_500":1,"on":"POST /security"})") << true;
        QTest::newRow("503 but applied") << QByteArray(R"({"error_after":1,"on":"POST /security"})") << true;
        QTest::newRow("error inside a 200 of the list")
            << QByteArray(R"({"error_in_ok":1,"on":"GET /security/advanced"})") << false;
        QTest::newRow("session gone") << QByteArray(R"({"session_gone":1,"on":"POST /security"})") << false;
        QTest::newRow("reads fail at first") << QByteArray(R"({"error_500":2,"on":"GET /security/advanced"})") << false;
    }
    void changesGoThroughFaults()
    {
        QFETCH(QByteArray, fault);
        QFETCH(bool, settled);
        Bench bench;
        bench.fault(fault.constData());
        const std::vector<std::string> entries{"a.example", "b.example/Path", "45.77.1.2"};
        const ListChange added = bench.client->addToDenyList(entries, {});
        QVERIFY2(!added.error, added.error ? describe(*added.error).c_str() : "");
        QVERIFY(sorted(added.applied) == sorted(entries));
        QCOMPARE(added.settledByReading, settled);
        QVERIFY(sorted(*bench.client->denyList({})) == sorted(entries));
        bench.fault(fault.constData());
        const ListChange removed = bench.client->removeFromDenyList(entries, {});
        QVERIFY2(!removed.error, removed.error ? describe(*removed.error).c_str() : "");
        QVERIFY(bench.client->denyList({})->empty());
    }

    void badEntriesAreCutOut_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::newRow("named") << QByteArray("{}");
        QTest::newRow("not named: halved") << QByteArray(R"({"unnamed_bad":true})");
    }
    void badEntriesAreCutOut()
    {
        QFETCH(QByteArray, fault);
        Bench bench;
        bench.fault(fault.constData());
        const std::vector<std::string> entries{
            "a.example", "http://scheme.example", "b.example", "UPPER.example", "c.example", "d.example",
            "com",       "e.example/x,y"};
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(!change.error);
        QCOMPARE(change.refused.size(), std::size_t(3));
        QCOMPARE(change.applied.size(), std::size_t(5));
        QCOMPARE(bench.client->denyList({})->size(), std::size_t(5));
    }

    void whatCannotBeRepaired_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QString>("code");
        QTest::newRow("read-only") << QByteArray(R"({"read_only":true})") << u"NJ-RESPOND-020"_qs;
        QTest::newRow("scope") << QByteArray(R"({"scope_limited":true})") << u"NJ-RESPOND-021"_qs;
        QTest::newRow("lock for ever") << QByteArray(R"({"edit_lock":99})") << u"NJ-RESPOND-023"_qs;
        QTest::newRow("hourly limit") << QByteArray(R"({"rate_limit":9,"retry_after":"long","on":"POST /security"})")
                                      << u"NJ-RESPOND-024"_qs;
        QTest::newRow("OneAPI only") << QByteArray(R"({"oneapi_only":true})") << u"NJ-RESPOND-013"_qs;
        QTest::newRow("redirect") << QByteArray(R"({"redirect":9})") << u"NJ-RESPOND-033"_qs;
        QTest::newRow("proxy says no") << QByteArray(R"({"proxy_error":9})") << u"NJ-RESPOND-033"_qs;
        QTest::newRow("session gone for ever") << QByteArray(R"({"session_gone":99})") << u"NJ-RESPOND-012"_qs;
        QTest::newRow("always HTML") << QByteArray(R"({"html":99})") << u"NJ-RESPOND-031"_qs;
        QTest::newRow("always lost") << QByteArray(R"({"lose_before":99})") << u"NJ-RESPOND-031"_qs;
    }
    void whatCannotBeRepaired()
    {
        QFETCH(QByteArray, fault);
        QFETCH(QString, code);
        Bench bench;
        bench.fault(fault.constData());
        const std::vector<std::string> entries{"a.example", "b.example"};
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(change.applied.empty());
        QCOMPARE(change.failed.size() + change.unknown.size(), std::size_t(2));
        QVERIFY(change.error.has_value());
        QCOMPARE(QString::fromStdString(change.error->code), code);
        const std::string told = describe(*change.error);
        QVERIFY2(told.find("canary") == std::string::npos, told.c_str());
        QVERIFY(!change.error->hint.empty());
    }

    void fullList_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::newRow("400") << QByteArray(R"({"limit_style":"400"})");
        QTest::newRow("403") << QByteArray(R"({"limit_style":"403"})");
    }
    void fullList()
    {
        QFETCH(QByteArray, fault);
        Bench bench(2);
        bench.fault(fault.constData());
        const std::vector<std::string> entries{"a.example", "b.example", "c.example"};
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(change.error.has_value());
        QVERIFY2(change.error->code == "NJ-RESPOND-022", describe(*change.error).c_str());
        QCOMPARE(change.failed.size(), std::size_t(3));
    }

    void duplicatesAreSuccess()
    {
        Bench bench;
        bench.lists(R"({"deny":["a.example"]})");
        bench.fault(R"({"duplicate_error":true})");
        const std::vector<std::string> entries{"a.example", "b.example"};
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(!change.error);
        QCOMPARE(change.applied.size(), std::size_t(2));
        QCOMPARE(bench.client->denyList({})->size(), std::size_t(2));
    }

    /// Half of two hundred are there: they are found by reading, not by halving the batch.
    void manyDuplicatesTakeOneReading()
    {
        Bench bench;
        std::string list = R"({"deny":[)";
        std::vector<std::string> entries;
        for (int i = 0; i < 200; ++i) {
            entries.push_back("h" + std::to_string(i) + ".example");
            list += i % 2 == 0 ? (i == 0 ? "\"" : ",\"") + entries.back() + "\"" : "";
        }
        bench.lists((list + "]}").c_str());
        bench.fault(R"({"duplicate_error":true})");
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(!change.error);
        QCOMPARE(change.applied.size(), std::size_t(200));
        QCOMPARE(bench.client->denyList({})->size(), std::size_t(200));
        QVERIFY2(bench.stateHas("\"requests\":5"), bench.server->tenant().state().c_str());
    }

    /// Many bad ones at the beginning, none of them named, do not keep the good ones behind from being sent.
    void manyUnnamedBadOnesLeaveTheRest()
    {
        Bench bench;
        bench.fault(R"({"unnamed_bad":true})");
        std::vector<std::string> entries;
        for (int i = 0; i < 12; ++i) {
            entries.push_back("http://bad" + std::to_string(i) + ".example");
        }
        for (int i = 0; i < 100; ++i) {
            entries.push_back("good" + std::to_string(i) + ".example");
        }
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(!change.error);
        QCOMPARE(change.applied.size(), std::size_t{100});
        QCOMPARE(change.refused.size(), std::size_t{12});
        QCOMPARE(bench.client->denyList({})->size(), std::size_t{100});
    }

    /// Every entry is refused and none is named: the client stops instead of halving the batch to the end.
    void refusalOfEverythingEnds()
    {
        Bench bench;
        bench.fault(R"({"unnamed_bad":true})");
        std::vector<std::string> entries;
        for (int i = 0; i < 1'000; ++i) {
            entries.push_back("http://h" + std::to_string(i) + ".example");
        }
        const Timestamp start = bench.clock.now();
        const ListChange change = bench.client->addToDenyList(entries, {});
        QVERIFY(change.error && change.error->code == "NJ-RESPOND-034");
        QVERIFY(change.applied.empty());
        QCOMPARE(change.refused.size() + change.failed.size(), entries.size());
        QVERIFY(bench.clock.now() - start < 60 * kMicrosPerSecond); // a request a second
    }

    void activationBudgetHolds()
    {
        Bench bench;
        for (int i = 0; i < 8; ++i) {
            QVERIFY(bench.client->activate({}, 0).has_value());
        }
        const Result<TenantState> ninth = bench.client->activate({}, kMicrosPerSecond);
        QVERIFY(!ninth);
        QVERIFY(ninth.error().code == "NJ-RESPOND-025");
        QVERIFY(bench.client->activate({}, 61 * kMicrosPerSecond).has_value());
        for (int i = 0; i < 27; ++i) {
            QVERIFY(bench.client->activate({}, 61 * kMicrosPerSecond).has_value());
        }
        QVERIFY2(!bench.client->activate({}, 120 * kMicrosPerSecond), "36 an hour");
        QVERIFY(bench.stateHas("\"activations\":36"));
    }

    void lookupInParts()
    {
        Bench bench;
        std::vector<std::string> urls(150, "a.example");
        urls.back() = "malware.example";
        const Result<std::vector<UrlClass>> found = bench.client->lookup(urls, {});
        QVERIFY2(found.has_value(), found ? "" : describe(found.error()).c_str());
        QCOMPARE(found->size(), std::size_t(150));
        QVERIFY(found->back().alerts == (std::vector<std::string>{"MALWARE_SITE"}));
    }

    void tenantThatIsDown()
    {
        Bench bench;
        ZscalerClient client(*bench.http, {"http://127.0.0.1:1/api/v1", "u", "p", "abcdefghijkl"}, bench.tuning());
        const Result<std::vector<std::string>> list = client.denyList({});
        QVERIFY(!list);
        QVERIFY(list.error().code == "NJ-RESPOND-032");
        QVERIFY(list.error().place.file == "http://127.0.0.1:1");
    }

    void cancelStopsWaiting()
    {
        Bench bench;
        bench.fault(R"({"edit_lock":99})");
        bench.cancel.cancel();
        const std::vector<std::string> entries{"a.example"};
        const ListChange change = bench.client->addToDenyList(entries, bench.cancel);
        QVERIFY(change.error.has_value());
        QVERIFY2(change.error->code == "NJ-RESPOND-035", describe(*change.error).c_str());
        QCOMPARE(change.failed.size(), std::size_t(1));
    }

    void environment()
    {
        qunsetenv("NIGHTJAR_ZIA_URL");
        qputenv("NIGHTJAR_ZIA_USER", "u");
        qputenv("NIGHTJAR_ZIA_PASSWORD", "canary-env");
        qputenv("NIGHTJAR_ZIA_API_KEY", "k");
        const Result<Credentials> missing = Credentials::fromEnvironment();
        QVERIFY(!missing);
        QVERIFY(missing.error().reason.find("NIGHTJAR_ZIA_URL") != std::string::npos);
        QVERIFY(describe(missing.error()).find("canary") == std::string::npos);
        qputenv("NIGHTJAR_ZIA_URL", "https://zsapi.zscaler.net/api/v1");
        QVERIFY(Credentials::fromEnvironment()->password == "canary-env");
    }
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
