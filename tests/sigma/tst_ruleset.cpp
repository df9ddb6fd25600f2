// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/explain.h"
#include "sigma/flatjson.h"
#include "sigma/ruleset.h"
#include "support/support.h"

#include <QTest>

#include <fstream>
#include <random>
#include <string>
#include <thread>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

Rule ruleOf(const std::string &item, const std::string &logSource = "category: proxy")
{
    auto parsed = parseRules(
        "title: T\nlogsource: {" + logSource + "}\ndetection:\n  s:\n    " + item + "\n  condition: s\n", "f");
    return parsed.front().rule ? *parsed.front().rule : Rule();
}

event::EventBlock normalised(const std::vector<std::string> &events)
{
    const std::vector<std::string_view> views(events.begin(), events.end());
    auto block = normalisedBlock(views);
    return block ? std::move(*block) : event::EventBlock();
}

std::vector<std::size_t> rowsOf(const RuleSet &rules, const event::EventBlock &block)
{
    std::vector<std::size_t> result;
    for (const RuleMatch &match : rules.evaluate(block)) {
        match.rows.forEach([&](std::size_t row) { result.push_back(row); });
    }
    return result;
}

void write(const std::filesystem::path &path, const std::string &text)
{
    std::ofstream(path) << text;
}

constexpr const char *kRule = "logsource: {category: proxy}\ndetection: {s: {cs-method: GET}, condition: s}\n";

} // namespace

/// Mapping, routing, loading, explanations; the fast evaluation against the plain one.
class TstRuleSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mapping_data();
    void mapping();
    void routing_data();
    void routing();
    void loading();
    void remarks();
    void explains();
    void emptyThings();
    void agreesWithThePlainWay();
    void threads();
};

void TstRuleSet::mapping_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("event");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const char *item, const char *event, bool matches) {
        QTest::newRow(name) << QString::fromUtf8(item) << QString::fromUtf8(event) << matches;
    };
    const char *url = R"("network.protocol":"HTTPS","url.original":"Host.example.com/A%20b/file.EXE?x=%2e%2e&y=1")";
    row("full url with https", "c-uri|startswith: https://host.example.com/", url, true);
    row("not http", "c-uri|startswith: 'http://'", url, false);
    row("http without protocol", "c-uri|startswith: 'http://a'", R"("url.original":"a.example/x")", true);
    row("tunnel over TLS", "c-uri|startswith: 'https://a'",
        R"("url.original":"a.example/x","network.protocol":"TUNNEL_SSL")", true);
    row("scheme already there", "c-uri: 'ftp://a.example/x'", R"("url.original":"ftp://a.example/x")", true);
    row("path by equality", "c-uri: '/a%20b/file.exe?x=%2e%2e&y=1'", url, true);
    row("decoded", "c-uri|contains: '/a b/'", url, true);
    row("decoded query", "cs-uri-query|contains: 'x=..'", url, true);
    row("stem", "cs-uri-stem|endswith: /file.exe", url, true);
    row("decoded stem", "cs-uri-stem: /a b/file.exe", url, true);
    row("query holds the path as well", "cs-uri-query|contains: file.exe?x", url, true);
    row("query alone", "cs-uri-query|startswith: 'x='", url, true);
    row("extension", "c-uri-extension: exe", url, true);
    row("extension of the file name", "c-uri-extension: msi",
        R"("url.original":"a.example/get","file.name":"Setup.MSI")", true);
    row("no extension in a host", "c-uri-extension: com", R"("url.original":"a.example.com")", false);
    row("host of the url", "cs-host: host.example.com", url, true);
    row("stem of a bare host", "cs-uri-stem: /", R"("url.original":"a.example.com")", true);
    row("user agent absent", "c-useragent: ''", R"("user_agent.original":null,"http.request.method":"POST")", true);
    row("user agent not visible", "c-useragent: ''", R"("user_agent.original":null,"http.request.method":"CONNECT")",
        false);
    row("user agent missing from the feed", "c-useragent: ''", R"("http.request.method":"POST")", false);
    row("bytes", "cs-bytes|gt: 1000", R"("source.bytes":1001)", true);
    row("status", "sc-status: 404", R"("http.response.status_code":404)", true);
    row("status wildcard", "sc-status: '40*'", R"("http.response.status_code":404)", true);
    row("dns name with a dot at the end", "query|endswith: .evil.example", R"("dns.question.name":"A.Evil.Example.")",
        true);
    row("translated address", "dst_ip|cidr: 10.0.0.0/8",
        R"("destination.ip":"1.2.3.4","destination.nat.ip":"10.1.1.1")", true);
    row("forward", "action: forward", R"("event.action":"Allow")", true);
    row("deny", "action: deny", R"("event.action":"Block/Drop")", true);
    row("not blocked", "blocked: 'false'", R"("event.type":"allowed")", true);
    row("blocked boolean", "blocked: true", R"("event.action":"Drop")", true);
    row("schema name", "url.category: News", R"("url.category":"news")", true);
    row("alias", "qtype: TXT", R"("dns.question.type":"TXT")", true);
    row("token", "zscaler.dept: HR", R"("zscaler.dept":"hr")", true);
    row("bare token", "ssldecrypted: 'Yes'", R"("zscaler.ssldecrypted":"Yes")", true);
    row("time", "'@timestamp|hour': 14", R"("@timestamp":"2026-03-12T14:42:00Z")", true);
    row("null needs all candidates", "c-uri: null", url, false);
    row("null of a missing field", "c-uri: null", R"("source.bytes":1)", true);
    row("exists", "c-uri|exists: false", R"("source.bytes":1)", true);
    row("list member", "dst_ip: 1.1.1.1", R"("destination.ip":["2.2.2.2","1.1.1.1"])", true);
    row("neq over candidates", "dst_ip|neq: 10.1.1.1", R"("destination.ip":"1.2.3.4","destination.nat.ip":"10.1.1.1")",
        false);
}

void TstRuleSet::mapping()
{
    QFETCH(QString, item);
    QFETCH(QString, event);
    QFETCH(bool, matches);
    const Rule rule = ruleOf(item.toStdString());
    QVERIFY(!rule.items.empty());
    const auto block = normalised({"{\"log_type\":\"web\"}", "{\"log_type\":\"web\"," + event.toStdString() + "}"});
    QCOMPARE(block.rows(), std::size_t{2});
    const auto found = rowsOf(RuleSet::compile({rule}, FieldMapping::zscaler()), block);
    QCOMPARE(std::find(found.begin(), found.end(), std::size_t{1}) != found.end(), matches);
    QCOMPARE(explain(rule, FieldMapping::zscaler(), block, 1).matched, matches);
}

void TstRuleSet::routing_data()
{
    QTest::addColumn<QString>("logSource");
    QTest::addColumn<QString>("rows"); // of web, dns, firewall, tunnel
    QTest::newRow("proxy") << "category: proxy"
                           << "0";
    QTest::newRow("dns") << "category: dns"
                         << "1";
    QTest::newRow("firewall") << "category: firewall"
                              << "2";
    QTest::newRow("product alone") << "product: zscaler"
                                   << "0123";
    QTest::newRow("service web") << "product: zscaler, service: web"
                                 << "0";
    QTest::newRow("service and category") << "category: dns, product: Zscaler, service: dns"
                                          << "1";
    QTest::newRow("they contradict") << "category: dns, service: web"
                                     << "";
    QTest::newRow("windows") << "product: windows"
                             << "";
    QTest::newRow("web server") << "category: webserver"
                                << "";
    QTest::newRow("other service") << "product: zscaler, service: zpa"
                                   << "";
}

void TstRuleSet::routing()
{
    QFETCH(QString, logSource);
    QFETCH(QString, rows);
    const auto block =
        normalised({R"({"log_type":"web","user.name":"a"})", R"({"log_type":"dns","user.name":"a"})",
                    R"({"log_type":"firewall","user.name":"a"})", R"({"log_type":"tunnel","user.name":"a"})"});
    QString found;
    for (const std::size_t row :
         rowsOf(RuleSet::compile({ruleOf("user: a", logSource.toStdString())}, FieldMapping::zscaler()), block)) {
        found += QString::number(row);
    }
    QCOMPARE(found, rows);
}

void TstRuleSet::loading()
{
    const testsupport::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "sub");
    write(folder / "a.yml", std::string("title: A\nid: 11111111-1111-4111-8111-111111111111\n") + kRule);
    write(folder / "sub/b.YAML", std::string("title: B\nid: 11111111-1111-4111-8111-111111111111\n") + kRule);
    write(folder / "sub/c.yml", "title: [\n");
    write(folder / "notes.txt", "not a rule");
    write(folder / "large.yml", "# " + std::string(1'100'000, 'x'));
    const std::vector<std::filesystem::path> paths{folder.path(), folder / "a.yml", folder / "absent.yml"};
    const LoadResult loaded = load(paths, FieldMapping::zscaler());
    QCOMPARE(loaded.rules->rules().size(), std::size_t{1});
    QCOMPARE(loaded.verdicts.size(), std::size_t{5});
    QCOMPARE(loaded.rules->rules().front().file, (folder / "a.yml").string());
    int rejected = 0;
    bool doubled = false;
    for (const LoadVerdict &verdict : loaded.verdicts) {
        rejected += verdict.status == LoadVerdict::Rejected ? 1 : 0;
        QVERIFY(verdict.status == LoadVerdict::Ok || !verdict.reason.empty());
        doubled = doubled || (verdict.title == "B" && verdict.reason.find("already used") != std::string::npos);
    }
    QCOMPARE(rejected, 3); // absent, too large, no YAML; the double is told, and does not run
    QVERIFY(doubled);
}

void TstRuleSet::remarks()
{
    const RuleSet rules =
        RuleSet::compile({ruleOf("cs-method: GET"), ruleOf("cs-cookie: x"), ruleOf("Image: x", "product: windows")},
                         FieldMapping::zscaler());
    QVERIFY(rules.remark(0).empty());
    QVERIFY(rules.remark(1).find("cs-cookie") != std::string::npos);
    QVERIFY(rules.remark(2).find("windows") != std::string::npos);
}

void TstRuleSet::explains()
{
    const Rule rule = ruleOf("cs-method: [GET, POST]\n    c-uri|contains: evil\n    user|exists: true");
    const auto block =
        normalised({R"({"log_type":"web","http.request.method":"POST","url.original":"good.example/x"})"});
    const ExplainNode tree = explain(rule, FieldMapping::zscaler(), block, 0);
    QVERIFY(!tree.matched);
    const ExplainNode &items = tree.children.front();
    QCOMPARE(items.text, std::string("s"));
    QCOMPARE(items.children.size(), std::size_t{3});
    QVERIFY(items.children[0].matched && !items.children[1].matched && !items.children[2].matched);
    QCOMPARE(items.children[0].value, std::string("POST"));
    QVERIFY(!items.children[0].children[0].matched && items.children[0].children[1].matched);
    QVERIFY(items.children[1].value.find("http://good.example/x") != std::string::npos);
    QCOMPARE(items.children[2].value, std::string("(missing)"));
    QVERIFY(toText(tree).find("true      cs-method: GET, POST  [POST]") != std::string::npos);
}

void TstRuleSet::emptyThings()
{
    const RuleSet none;
    QVERIFY(none.rules().empty());
    QVERIFY(none.evaluate(normalised({"{\"log_type\":\"web\"}"})).empty());
    const RuleSet one = RuleSet::compile({ruleOf("cs-method: null")}, FieldMapping::zscaler());
    QVERIFY(one.evaluate(event::EventBlock()).empty());
    QVERIFY(one.evaluate(normalised({"{}"})).empty()); // no log type: no proxy event
    const std::vector<std::string_view> bad{"[1]"};
    QVERIFY(!rawBlock(bad));
}

void TstRuleSet::agreesWithThePlainWay()
{
    std::mt19937 random(2026);
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const auto word = [&] {
        std::string text;
        for (unsigned i = pick(5); i-- > 0;) {
            constexpr std::string_view kLetters[] = {"a", "B", "b", "1", ".", "-", "/", "ß", "É", " "};
            text += kLetters[pick(10)];
        }
        return text;
    };
    std::vector<Rule> rules;
    while (rules.size() < 400) {
        constexpr std::string_view kModifiers[] = {
            "",       "",     "|contains",         "|startswith",     "|endswith", "|contains|all", "|re",
            "|cased", "|neq", "|windash|contains", "|contains|cased", "|gt",       "|exists",       "|fieldref"};
        std::string text = "title: T\nlogsource: {category: proxy}\ndetection:\n";
        for (const char *name : {"a", "b", "c"}) {
            const std::string_view modifier = kModifiers[pick(14)];
            const bool keyword = pick(12) == 0 && modifier != "|exists" && modifier != "|fieldref";
            text += std::string("  ") + name + ":\n    '" +
                    (keyword ? "" : std::string("f") + std::to_string(pick(3))) +
                    std::string(keyword && modifier.empty() ? "|contains" : modifier) + "': ";
            if (modifier == "|gt") {
                text += std::to_string(pick(3)) + "\n";
            } else if (modifier == "|exists") {
                text += pick(2) == 0 ? "true\n" : "false\n";
            } else if (modifier == "|fieldref") {
                text += "f" + std::to_string(pick(3)) + "\n";
            } else if (modifier == "|re") {
                text += "'^[aB1].?" + std::string(pick(2) == 0 ? "$" : "") + "'\n";
            } else {
                text += "['" + word() + "', '" + word() + "*']\n";
            }
        }
        constexpr std::string_view kConditions[] = {"a",         "a and b",     "a or not b", "not (a and b) and c",
                                                    "1 of them", "all of them", "not a",      "a and not 1 of b*"};
        text += "  condition: " + std::string(kConditions[pick(8)]) + "\n";
        auto parsed = parseRules(text, "f");
        QVERIFY2(parsed.front().rule, (text + parsed.front().verdict.reason).c_str());
        rules.push_back(*parsed.front().rule);
    }
    std::vector<std::string> events;
    for (int i = 0; i < 150; ++i) {
        std::string json = "{\"x\":1";
        for (int field = 0; field < 3; ++field) {
            const std::string key = ",\"f" + std::to_string(field) + "\":";
            switch (pick(7)) {
            case 0:
                break;
            case 1:
                json += key + "null";
                break;
            case 2:
                json += key + "[\"" + word() + "\",\"" + word() + "\"]";
                break;
            case 3:
                json += key + std::to_string(pick(4));
                break;
            default:
                json += key + "\"" + word() + "\"";
            }
        }
        events.push_back(json + "}");
    }
    const std::vector<std::string_view> views(events.begin(), events.end());
    const auto block = rawBlock(views);
    QVERIFY(block);
    const RuleSet set = RuleSet::compile(rules, FieldMapping::raw());
    std::vector<event::RowSet> found(rules.size(), event::RowSet(block->rows()));
    for (const RuleMatch &match : set.evaluate(*block)) {
        found[match.rule] = match.rows;
    }
    std::size_t matched = 0;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        for (std::size_t row = rule % 5; row < events.size(); row += 5) {
            const bool fast = found[rule].contains(row);
            matched += fast ? 1 : 0;
            const ExplainNode plain = explain(rules[rule], FieldMapping::raw(), *block, row);
            QVERIFY2(plain.matched == fast, (events[row] + "\n" + toText(plain)).c_str());
        }
    }
    QVERIFY(matched > 1000 && matched < 11'000);
}

void TstRuleSet::threads()
{
    const RuleSet rules = RuleSet::compile(
        {ruleOf("c-uri|re: 'x[0-9]+'"), ruleOf("c-uri|contains: [a1, a2, a3, a4, a5, a6, a7, a8, a9, b1]")},
        FieldMapping::zscaler());
    std::vector<std::string> events;
    for (int i = 0; i < 500; ++i) {
        events.push_back(R"({"log_type":"web","url.original":"h.example/x)" + std::to_string(i) +
                         (i % 3 == 0 ? "a5" : "") + "\"}");
    }
    const auto block = normalised(events);
    const auto wanted = rowsOf(rules, block);
    QCOMPARE(wanted.size(), std::size_t{500 + 167});
    std::array<bool, 4> same{};
    std::vector<std::thread> threads;
    for (bool &one : same) {
        threads.emplace_back([&] {
            one = true;
            for (int round = 0; round < 20; ++round) {
                one = one && rowsOf(rules, block) == wanted;
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    QVERIFY(same[0] && same[1] && same[2] && same[3]);
}

QTEST_GUILESS_MAIN(TstRuleSet)
#include "tst_ruleset.moc"
