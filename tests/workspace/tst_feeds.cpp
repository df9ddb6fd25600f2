// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/httpserver.h"
#include "support/support.h"
#include "workspace/feedservice.h"
#include "workspace/intelservice.h"
#include "workspace/workspace.h"

#include <QTest>

#include <algorithm>
#include <fstream>

using namespace nightjar;
using namespace nightjar::workspace;
using testsupport::HttpServer;
using testsupport::ScriptedAnswer;
using testsupport::SeenRequest;
namespace fs = std::filesystem;

namespace {

std::string indicator(int number, bool revoked = false)
{
    const std::string n = std::to_string(number);
    return "{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--00000000-0000-4000-8000-00000000000" +
           n + "\",\"created\":\"2026-01-01T00:00:00.000Z\",\"modified\":\"2026-01-0" + (revoked ? "2" : "1") +
           "T00:00:00.000Z\",\"pattern_type\":\"stix\",\"pattern\":\"[domain-name:value = 'bad" + n +
           ".example']\",\"valid_from\":\"2026-01-01T00:00:00Z\"" + (revoked ? ",\"revoked\":true" : "") + "}";
}

ScriptedAnswer envelope(const std::string &objects, const std::string &rest, const std::string &added)
{
    ScriptedAnswer answer{
        200, "{\"objects\":[" + objects + "]" + rest + "}", {{"Content-Type", "application/taxii+json;version=2.1"}}};
    if (!added.empty()) {
        answer.headers.emplace_back("X-TAXII-Date-Added-Last", added);
    }
    return answer;
}

void write(const fs::path &file, const std::string &text)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

} // namespace

class FeedsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<testsupport::TemporaryFolder>();
        open();
    }
    void cleanup()
    {
        m_workspace.reset();
        m_folder.reset();
    }

    void taxiiGoesOnWhereItStopped()
    {
        // The second page fails at first; what the first one brought stays, and the next poll goes on behind it.
        bool broken = true;
        HttpServer server([&](const SeenRequest &request) -> ScriptedAnswer {
            if (request.target == "/r/") {
                return {200,
                        R"({"versions":["application/taxii+json;version=2.1"]})",
                        {{"Content-Type", "application/json"}}};
            }
            if (request.target == "/r/collections/") {
                return {
                    200,
                    R"({"collections":[{"id":"c1","title":"One","can_read":true},{"id":"c2","title":"Two","can_read":false}]})",
                    {{"Content-Type", "application/json"}}};
            }
            if (request.target.find("next=") != std::string::npos) {
                return broken ? ScriptedAnswer{403, "", {}} : envelope(indicator(2), "", "2026-01-01T00:00:02Z");
            }
            if (request.target.find("added_after=") != std::string::npos) {
                return envelope(indicator(1) + "," + indicator(2), "", "2026-01-01T00:00:02Z");
            }
            return envelope(indicator(1), R"(,"more":true,"next":"n1")", "2026-01-01T00:00:01Z");
        });
        FeedConfig config{"server", "taxii", server.url("/r/"), {}, {}, {}, 60, true};
        QVERIFY(m_workspace->feeds().save(config, {}).has_value());
        const auto first = m_workspace->feeds().poll("server", {}, {});
        QVERIFY(!first);
        QCOMPARE(first.error().code, std::string("NJ-INTEL-060"));
        QCOMPARE(m_workspace->intel().list({}, 10)->size(), std::size_t{1});
        auto feed = m_workspace->feeds().list()->front();
        QCOMPARE(feed.failures, 1);
        QVERIFY(!feed.error.empty() && feed.nextPoll > feed.lastPoll);

        broken = false;
        open(); // another process
        const auto second = m_workspace->feeds().poll("server", {}, {});
        QVERIFY2(second, second ? "" : describe(second.error()).c_str());
        QCOMPARE(second->added, std::int64_t{1});
        QVERIFY(server.seen().back().has("added_after=2026-01-01T00%3A00%3A00"));
        const auto third = m_workspace->feeds().poll("server", {}, {});
        QCOMPARE(third->added + third->updated, std::int64_t{0});
        feed = m_workspace->feeds().list()->front();
        QVERIFY(feed.error.empty() && feed.failures == 0);

        config.collection = "none";
        const auto none = m_workspace->feeds().pollOnce(config, {}, {}, {});
        QCOMPARE(none.error().code, std::string("NJ-INTEL-073"));
        QVERIFY(none.error().hint.find("One (c1), Two (c2)") != std::string::npos);
        config.collection = "Two"; // asked for by name although it says that it cannot be read
        QVERIFY(m_workspace->feeds().pollOnce(config, {}, {}, {}));
    }

    void listsAreFetchedWhenTheyChanged()
    {
        std::string body = "one.example\ntwo.example\n";
        std::string tag = "\"v1\"";
        HttpServer server([&](const SeenRequest &request) -> ScriptedAnswer {
            if (!request.has("Auth-Key: sesame")) {
                return {401, "", {}};
            }
            return request.has("If-None-Match: " + tag) ? ScriptedAnswer{304, "", {}}
                                                        : ScriptedAnswer{200, body, {{"ETag", tag}}};
        });
        const FeedConfig config{"list", "url", server.url("/list.txt"), {}, {}, "Auth-Key", 60, true};
        const auto poll = [&] { return m_workspace->feeds().pollOnce(config, "sesame", {}, {}); };
        QCOMPARE(poll()->added, std::int64_t{2});
        QCOMPARE(poll()->read, std::int64_t{0}); // 304
        body = "two.example\nthree.example\n";
        tag = "\"v2\"";
        QCOMPARE(poll()->added, std::int64_t{1});
        body = "<!DOCTYPE html><html><body>please sign in</body></html>";
        tag = "\"v3\"";
        QCOMPARE(poll().error().code, std::string("NJ-INTEL-020"));
        QCOMPARE(m_workspace->intel().list({}, 10)->size(), std::size_t{3});
        QVERIFY(std::none_of(fs::directory_iterator(m_folder->path() / "w"), fs::directory_iterator(),
                             [](const auto &entry) { return entry.path().filename().string().starts_with("feed-"); }));
        FeedConfig wrong = config;
        wrong.header = "X-Key";
        QCOMPARE(m_workspace->feeds().pollOnce(wrong, "sesame", {}, {}).error().code, std::string("NJ-INTEL-060"));
    }

    void foldersAreSourcesByFile()
    {
        const fs::path drop = m_folder->path() / "drop";
        write(drop / "a.txt", "one.example\n");
        write(drop / "b.txt", "two.example\nthree.example\n");
        FeedConfig config{"drop", "folder", drop.string(), {}, {}, {}, 5, true};
        QVERIFY(m_workspace->feeds().save(config, {}).has_value());
        QCOMPARE(m_workspace->feeds().pollDue({})->size(), std::size_t{1});
        QCOMPARE(m_workspace->intel().list({}, 10)->size(), std::size_t{3});
        QVERIFY(m_workspace->feeds().pollDue({})->empty());                         // not due
        QCOMPARE(m_workspace->feeds().poll("drop", {}, {})->read, std::int64_t{0}); // nothing changed
        write(drop / "c.txt", "four.example\n");
        QCOMPARE(m_workspace->feeds().poll("drop", {}, {})->added, std::int64_t{1});
        fs::remove_all(drop);
        QCOMPARE(m_workspace->feeds().poll("drop", {}, {}).error().code, std::string("NJ-WORK-123"));
        QVERIFY(m_workspace->feeds().remove("drop").has_value());
        QCOMPARE(m_workspace->feeds().remove("drop").error().code, std::string("NJ-WORK-121"));
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("minutes");
        QTest::newRow("no name") << u""_qs << u"url"_qs << u"https://a.example/"_qs << 60;
        QTest::newRow("path as name") << u"../a"_qs << u"url"_qs << u"https://a.example/"_qs << 60;
        QTest::newRow("kind") << u"a"_qs << u"ftp"_qs << u"https://a.example/"_qs << 60;
        QTest::newRow("no URL") << u"a"_qs << u"url"_qs << u"a.example"_qs << 60;
        QTest::newRow("password in URL") << u"a"_qs << u"taxii"_qs << u"https://u:p@a.example/"_qs << 60;
        QTest::newRow("too often") << u"a"_qs << u"url"_qs << u"https://a.example/"_qs << 1;
        QTest::newRow("relative folder") << u"a"_qs << u"folder"_qs << u"drop"_qs << 60;
    }
    void nonsenseIsRefused()
    {
        QFETCH(QString, name);
        QFETCH(QString, kind);
        QFETCH(QString, address);
        QFETCH(int, minutes);
        const FeedConfig config{
            name.toStdString(), kind.toStdString(), address.toStdString(), {}, {}, {}, minutes, true};
        QCOMPARE(m_workspace->feeds().save(config, {}).error().code, std::string("NJ-WORK-120"));
        QVERIFY(m_workspace->feeds().list()->empty());
    }

    void warningListsSilence()
    {
        const fs::path list = m_folder->path() / "list.json";
        write(list, R"({"name":"Made-up offices","type":"hostname","matching_attributes":["domain"],"version":1,)"
                    R"("list":[".office.example","plain.example","10.0.0.0/8","no host"]})");
        const auto taken = m_workspace->intel().importWarningList(list);
        QVERIFY2(taken, taken ? "" : describe(taken.error()).c_str());
        QCOMPARE(taken->second, std::size_t{3});
        write(m_folder->path() / "i.txt", "www.office.example\nplain.example\nwww.plain.example\n");
        const auto summary = m_workspace->intel().importFile(m_folder->path() / "i.txt", "s", {}, {});
        QCOMPARE(summary->warned, std::int64_t{2});
        write(list, R"({"name":"Patterns","type":"regex","matching_attributes":[],"list":["/x/"]})");
        QCOMPARE(m_workspace->intel().importWarningList(list).error().code, std::string("NJ-INTEL-051"));
    }

private:
    void open()
    {
        m_workspace.reset();
        auto opened = Workspace::open(m_folder->path() / "w", {.create = true, .readOnly = false});
        QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
        m_workspace = std::move(*opened);
    }

    std::unique_ptr<testsupport::TemporaryFolder> m_folder;
    std::unique_ptr<Workspace> m_workspace;
};

QTEST_GUILESS_MAIN(FeedsTest)
#include "tst_feeds.moc"
