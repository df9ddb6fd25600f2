// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/httpserver.h"
#include "support/support.h"

#include "base/text.h"
#include "intel/taxii.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace nightjar;
using namespace nightjar::intel;
using testsupport::HttpServer;
using testsupport::ScriptedAnswer;
using testsupport::SeenRequest;

namespace {

using Json = nlohmann::json;

class NoSleep final : public net::Sleeper {
public:
    bool sleep(std::int64_t micros, const CancelToken &cancel) override
    {
        waits.push_back(micros);
        return !cancel.cancelled();
    }
    std::vector<std::int64_t> waits;
};

/// An object of a made-up collection: number and date added (seconds after midnight).
struct Item {
    int number;
    int second;
};

std::string dateOf(int second)
{
    return formatIsoTime(1'767'225'600 * kMicrosPerSecond + second * kMicrosPerSecond); // 2026-01-01
}

Json objectOf(const Item &item)
{
    return {{"type", "indicator"},
            {"id", "indicator--" + std::to_string(item.number)},
            {"modified", "2026-01-01T00:00:00Z"},
            {"pattern", "[domain-name:value = 'h" + std::to_string(item.number) + ".example']"}};
}

/// How the server behaves.
struct Manners {
    std::size_t most = 3;    ///< objects a page, whatever is asked for
    bool next = true;        ///< gives `next`
    int forgets = 0;         ///< so many uses of `next` are answered with 400
    bool dates = true;       ///< sends X-TAXII-Date-Added-…
    bool alwaysMore = false; ///< lies about the end
    bool sameNext = false;   ///< and gives the same page for ever
    bool obeysLimit = false; ///< takes the limit that is asked for
};

std::string parameter(const std::string &target, const std::string &name)
{
    const std::size_t at = target.find(name + "=");
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t from = at + name.size() + 1;
    std::string value = target.substr(from, target.find('&', from) - from);
    for (std::size_t colon = value.find("%3A"); colon != std::string::npos; colon = value.find("%3A")) {
        value.replace(colon, 3, ":");
    }
    return value;
}

ScriptedAnswer json(const Json &body)
{
    return {200, body.dump(), {{"Content-Type", "application/taxii+json;version=2.1"}}};
}

ScriptedAnswer objects(const std::vector<Item> &items, Manners &manners, const std::string &target)
{
    const std::string after = parameter(target, "added_after");
    const std::string next = parameter(target, "next");
    if (!next.empty() && manners.forgets > 0) {
        --manners.forgets;
        return {400, R"({"title":"next has expired"})", {{"Content-Type", "application/taxii+json;version=2.1"}}};
    }
    std::vector<Item> left;
    const auto limit = static_cast<Timestamp>(after.empty() ? 0 : parseIsoTime(after).value_or(0));
    for (const Item &item : items) {
        if (after.empty() || parseIsoTime(dateOf(item.second)).value() > limit) {
            left.push_back(item);
        }
    }
    std::size_t from = next.empty() || manners.sameNext ? 0 : std::stoul(next);
    const std::size_t asked = std::stoul("0" + parameter(target, "limit"));
    const std::size_t most = manners.obeysLimit && asked > 0 ? asked : manners.most;
    Json page = Json::object();
    ScriptedAnswer answer;
    for (std::size_t i = from; i < std::min(left.size(), from + most); ++i) {
        page["objects"].push_back(objectOf(left[i]));
    }
    const bool more = from + most < left.size();
    if (more || manners.alwaysMore) {
        page["more"] = true;
        if (manners.next) {
            page["next"] = manners.sameNext ? std::string("0") : std::to_string(from + most);
        }
    }
    answer = json(page);
    if (manners.dates && from < left.size()) {
        answer.headers.emplace_back("X-TAXII-Date-Added-First", dateOf(left[from].second));
        answer.headers.emplace_back("X-TAXII-Date-Added-Last",
                                    dateOf(left[std::min(left.size(), from + most) - 1].second));
    }
    return answer;
}

struct Bench {
    explicit Bench(HttpServer::Script script, const std::string &path = "/taxii2/")
        : server(std::move(script))
        , fetch(http, sleeper, systemClock(),
                {net::originOf(server.url()), {{"Authorization", "Bearer sesame"}}, std::size_t{16} << 20U})
        , client(fetch, {server.url(path)})
    {
    }
    HttpServer server;
    net::CurlClient http;
    NoSleep sleeper;
    WebFetch fetch;
    TaxiiClient client;
};

} // namespace

class TaxiiTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void collectionsAreFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("discovery") << u"/taxii2/"_qs;
        QTest::newRow("no slash") << u"/taxii2"_qs;
        QTest::newRow("server") << u"/"_qs;
        QTest::newRow("root") << u"/api/"_qs;
        QTest::newRow("hidden root") << u"/hidden/"_qs;
        QTest::newRow("collection") << u"/api/collections/c1/"_qs;
        QTest::newRow("its objects") << u"/api/collections/c1/objects/"_qs;
    }
    void collectionsAreFound()
    {
        QFETCH(QString, path);
        const Json c1{{"id", "c1"}, {"title", "One"}, {"can_read", true}};
        Bench bench(
            [&](const SeenRequest &request) -> ScriptedAnswer {
                if (request.target == "/taxii2/") {
                    return json({{"title", "t"}, {"api_roots", {"/api/", "/broken/"}}});
                }
                if (request.target == "/api/") {
                    return json({{"title", "r"}, {"versions", {"application/taxii+json;version=2.1"}}});
                }
                if (request.target == "/api/collections/" || request.target == "/hidden/collections/") {
                    return json({{"collections", {c1}}});
                }
                if (request.target == "/api/collections/c1/") {
                    return json(c1);
                }
                return {404, "<html>no</html>", {{"Content-Type", "text/html"}}};
            },
            path.toStdString());
        const auto found = bench.client.collections({});
        QVERIFY2(found, found ? "" : describe(found.error()).c_str());
        QCOMPARE(found->size(), std::size_t{1});
        QCOMPARE(found->front().title, std::string("One"));
        QVERIFY(found->front().url.ends_with("/collections/c1/"));
        const bool discovered = path.startsWith(u"/taxii2"_qs) || path == u"/"_qs;
        QCOMPARE(bench.client.problems().size(), std::size_t(discovered ? 1 : 0)); // the broken root is told
        for (const SeenRequest &request : bench.server.seen()) {
            QVERIFY(request.has("Accept: application/taxii+json;version=2.1"));
            QVERIFY(request.has("Authorization: Bearer sesame"));
        }
    }

    void serversAreTold_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        QTest::newRow("web page") << 200 << QByteArray("text/html") << QByteArray("<html>") << u"NJ-INTEL-070"_qs;
        QTest::newRow("taxii 2.0") << 200 << QByteArray("application/vnd.oasis.taxii+json; version=2.0")
                                   << QByteArray("{}") << u"NJ-INTEL-070"_qs;
        QTest::newRow("not acceptable") << 406 << QByteArray("text/plain") << QByteArray("no") << u"NJ-INTEL-070"_qs;
        QTest::newRow("refused") << 401 << QByteArray("text/html") << QByteArray("<html>") << u"NJ-INTEL-060"_qs;
        QTest::newRow("broken json") << 200 << QByteArray("application/json") << QByteArray("{\"a\":")
                                     << u"NJ-INTEL-070"_qs;
        QTest::newRow("server error") << 500 << QByteArray("text/plain") << QByteArray("") << u"NJ-INTEL-062"_qs;
    }
    void serversAreTold()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QString, code);
        Bench bench([&](const SeenRequest &) -> ScriptedAnswer {
            return {status, body.toStdString(), {{"Content-Type", type.toStdString()}}};
        });
        const auto found = bench.client.collections({});
        QVERIFY(!found);
        QCOMPARE(QString::fromStdString(found.error().code), code);
    }

    void everyObjectComes_data()
    {
        QTest::addColumn<int>("how");
        QTest::addColumn<bool>("complete");
        const char *names[] = {"next",        "lower limit, no next", "next expires once", "next expires each time",
                               "no dates",    "one large date",       "more for ever",     "the same page for ever",
                               "empty at all"};
        for (int i = 0; i < 9; ++i) {
            QTest::newRow(names[i]) << i << (i != 6 && i != 7);
        }
    }
    void everyObjectComes()
    {
        QFETCH(int, how);
        QFETCH(bool, complete);
        std::vector<Item> items;
        for (int i = 0; i < 20; ++i) {
            items.push_back({i, how == 5 && i >= 4 && i < 16 ? 4 : i / 2});
        }
        Manners manners;
        manners.next = how != 1 && how != 5 && how != 6;
        manners.forgets = how == 2 ? 1 : how == 3 ? 1'000 : 0;
        manners.dates = how != 4;
        manners.obeysLimit = how == 5;
        manners.alwaysMore = how == 6 || how == 7;
        manners.sameNext = how == 7;
        if (how == 8) {
            items.clear();
        }
        Bench bench([&](const SeenRequest &request) { return objects(items, manners, request.target); });
        TaxiiClient small(bench.fetch, {bench.server.url("/"), 5});
        std::set<std::string> got;
        std::string last;
        const auto walked = small.walk({"c", "C", "", bench.server.url("/c/")}, "",
                                       [&](const TaxiiPage &page) -> Status {
                                           const Json envelope = Json::parse(page.body);
                                           for (const Json &object : envelope["objects"]) {
                                               got.insert(object["id"].get<std::string>());
                                           }
                                           last = page.addedUpTo;
                                           return {};
                                       },
                                       {});
        if (how == 7) { // only what the page held
            QCOMPARE(got.size(), std::size_t{3});
        } else {
            QCOMPARE(got.size(), items.size());
        }
        QCOMPARE(walked.has_value() && walked->complete, complete);
        if (!complete) {
            QCOMPARE(walked.error().code, std::string("NJ-INTEL-071"));
        }
        QVERIFY2(bench.server.seen().size() < 200, std::to_string(bench.server.seen().size()).c_str());
        if (how == 0) {
            QCOMPARE(last, dateOf(9));
        }
    }

    void patienceIsBounded()
    {
        int calls = 0;
        Bench bench([&](const SeenRequest &) -> ScriptedAnswer {
            ++calls;
            return calls == 1   ? ScriptedAnswer{429, "", {{"Retry-After", "7"}}}
                   : calls == 2 ? ScriptedAnswer{503, "", {}}
                   : calls == 3 ? ScriptedAnswer{200, "{\"collec", {}, true} // a lost connection
                                : json({{"collections", Json::array()}});
        });
        QVERIFY(bench.client.collections({}));
        QCOMPARE(bench.sleeper.waits.front(), 7 * kMicrosPerSecond);
        QCOMPARE(bench.sleeper.waits.size(), std::size_t{3});

        Bench slow([](const SeenRequest &) -> ScriptedAnswer {
            return {429, "", {{"Retry-After", "Fri, 31 Dec 2038 23:59:59 GMT"}}};
        });
        QCOMPARE(slow.client.collections({}).error().code, std::string("NJ-INTEL-064"));
        QVERIFY(slow.sleeper.waits.empty());
    }

    void credentialsStayAtHome()
    {
        HttpServer thief([](const SeenRequest &) { return json(Json::object()); });
        Bench bench([&](const SeenRequest &request) -> ScriptedAnswer {
            if (request.target == "/taxii2/") {
                return json({{"api_roots", {thief.url("/root/"), "/moved/"}}});
            }
            return {302, "", {{"Location", thief.url("/elsewhere")}}};
        });
        const auto found = bench.client.collections({});
        QVERIFY(found);
        QCOMPARE(bench.client.problems().size(), std::size_t{1});
        QCOMPARE(bench.client.problems().front().code, std::string("NJ-INTEL-063"));
        for (const SeenRequest &request : thief.seen()) {
            QVERIFY(!request.has("sesame"));
        }
    }

    void anErrorOfTheTakerStops()
    {
        Manners manners;
        std::vector<Item> items{{1, 1}, {2, 2}, {3, 3}, {4, 4}};
        Bench bench([&](const SeenRequest &request) { return objects(items, manners, request.target); });
        const auto walked = bench.client.walk(
            {"c", "C", "", bench.server.url("/c/")}, dateOf(1),
            [](const TaxiiPage &page) -> Status { return page.objects == 3 ? fail("X", "full") : Status(); }, {});
        QVERIFY(!walked);
        QCOMPARE(walked.error().code, std::string("X"));
    }
};

QTEST_GUILESS_MAIN(TaxiiTest)
#include "tst_taxii.moc"
