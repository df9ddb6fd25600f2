// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/explain.h"
#include "sigma/flatjson.h"
#include "sigma/ruleset.h"
#include "support/support.h"

#include <QTest>

#include <fstream>
#include <string>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

const std::string kRule = "title: R\nid: 6F3E2987-db24-4c78-a860-b4f4095a7095\nname: base\n"
                          "logsource: {category: proxy, product: zscaler}\n"
                          "detection: {selection: {f: x}, selection_b: {f: y}, condition: 1 of selection*}\n";

std::string filterOf(const std::string &logSource, const std::string &body)
{
    return "title: F\nlogsource: {" + logSource + "}\nfilter:\n" + body;
}

std::vector<std::size_t> rowsOf(const Rule &rule, const std::vector<std::string> &events)
{
    const std::vector<std::string_view> views(events.begin(), events.end());
    const auto block = rawBlock(views);
    std::vector<std::size_t> rows;
    const RuleSet set = RuleSet::compile({rule}, FieldMapping::raw());
    for (const RuleMatch &match : set.evaluate(*block)) {
        match.rows.forEach([&](std::size_t row) { rows.push_back(row); });
    }
    for (std::size_t row = 0; row < block->rows(); ++row) {
        const bool found = std::find(rows.begin(), rows.end(), row) != rows.end();
        if (explain(rule, FieldMapping::raw(), *block, row).matched != found) {
            rows.push_back(1000 + row); // the two ways differ
        }
    }
    return rows;
}

} // namespace

/// Filters upon rules, and placeholders.
class TstFilters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void applies_data();
    void applies();
    void remarks();
    void fromFiles();
    void placeholders_data();
    void placeholders();
};

void TstFilters::applies_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("excludes");
    const auto row = [](const char *name, const std::string &source, const std::string &rules, bool excludes) {
        QTest::newRow(name) << QString::fromStdString(filterOf(source, "  rules: " + rules +
                                                                           "\n  selection: {u: a}\n"
                                                                           "  selection_b: {u: b}\n"
                                                                           "  condition: not 1 of selection*\n"))
                            << excludes;
    };
    row("any", "category: proxy", "any", true);
    row("empty list is any", "category: proxy", "[]", true);
    row("by id, case does not count", "category: proxy", "[6f3e2987-db24-4c78-a860-b4f4095a7095]", true);
    row("by name", "category: proxy", "[other, base]", true);
    row("one name, no list", "category: proxy", "base", true);
    row("another rule", "category: proxy", "[nobody]", false);
    row("the title is no name", "category: proxy", "[R]", false);
    row("narrower logsource equal", "category: proxy, product: zscaler", "any", true);
    row("logsource states more", "category: proxy, service: web", "any", false);
    row("other logsource", "category: dns", "any", false);
}

void TstFilters::applies()
{
    QFETCH(QString, filter);
    QFETCH(bool, excludes);
    auto parsed = parseRules(kRule + "---\n" + filter.toStdString(), "f.yml");
    QCOMPARE(parsed.size(), std::size_t{2});
    QVERIFY2(parsed[1].filter, parsed[1].verdict.reason.c_str());
    Rule rule = *parsed[0].rule;
    QCOMPARE(applyFilters({&*parsed[1].filter, 1}, rule), std::size_t{excludes ? 1U : 0U});
    const std::vector<std::string> events{R"({"f":"x","u":"a"})", R"({"f":"y","u":"b"})", R"({"f":"x","u":"c"})",
                                          R"({"f":"x"})", R"({"u":"c"})"};
    const std::vector<std::size_t> wanted =
        excludes ? std::vector<std::size_t>{2, 3} : std::vector<std::size_t>{0, 1, 2, 3};
    QCOMPARE(rowsOf(rule, events), wanted);
}

void TstFilters::remarks()
{
    const auto odd = parseRules(filterOf("category: proxy", "  rules: any\n  s: {u: a}\n  condition: s\n"), "f");
    QVERIFY(odd.front().filter && odd.front().verdict.reason.find("no \"not\"") != std::string::npos);
    const auto none = parseRules(filterOf("category: proxy", "  s: {u: a}\n  condition: not s\n"), "f");
    QVERIFY(none.front().verdict.reason.find("which rules") != std::string::npos);
}

void TstFilters::fromFiles()
{
    const testsupport::TemporaryFolder folder;
    std::ofstream(folder / "rule.yml") << kRule;
    std::ofstream(folder / "a-filter.yml")
        << filterOf("category: proxy", "  rules: [base]\n  s: {u: a}\n  condition: not s\n");
    const std::vector<std::filesystem::path> paths{folder.path()};
    const LoadResult loaded = load(paths, FieldMapping::raw());
    QCOMPARE(loaded.filters.size(), std::size_t{1});
    QCOMPARE(rowsOf(loaded.rules->rules().front(), {R"({"f":"x","u":"a"})", R"({"f":"x"})"}),
             std::vector<std::size_t>{1});
}

void TstFilters::placeholders_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("rows"); ///< of the events below; "needs" when the rule wants values, "never" refused
    const auto row = [](const char *item, const char *rows) {
        QTest::newRow(item) << QString::fromLatin1(item) << QString::fromLatin1(rows);
    };
    row("u|expand: '%admins%'", "0 1");
    row("u|expand: ['%admins%', carol]", "0 1 2");
    row("u|contains|expand: '%admins%'", "0 1 3");
    row("u|expand: '%admins%@%zone%'", "3");
    row("u|expand: '\\%admins%'", "4");
    row("u: '%admins%'", "4");
    row("u|expand: '%nobody%'", "needs");
    row("u|expand: '%empty%'", "needs");
    row("u|expand: '50% of 60%'", "");
    row("u|expand|endswith: '%zone%'", "3");
    row("u|expand|re: '^%admins%$'", "0 1");
    row("u|expand: '%wild%'", "2");
}

void TstFilters::placeholders()
{
    QFETCH(QString, item);
    QFETCH(QString, rows);
    ParseOptions options;
    options.placeholders.sets = {
        {"admins", {"alice", "bob"}}, {"zone", {"corp.example"}}, {"empty", {}}, {"wild", {"car?l"}}};
    const auto parsed = parseRules("title: T\nlogsource: {category: proxy}\ndetection:\n  s:\n    " +
                                       item.toStdString() + "\n  condition: s\n",
                                   "f", options);
    if (rows == QLatin1String("needs")) {
        QCOMPARE(static_cast<int>(parsed.front().verdict.status), static_cast<int>(LoadVerdict::NeedsPlaceholder));
        return;
    }
    QVERIFY2(parsed.front().rule, parsed.front().verdict.reason.c_str());
    QStringList found;
    for (const std::size_t row : rowsOf(*parsed.front().rule, {R"({"u":"alice"})", R"({"u":"BOB"})", R"({"u":"carol"})",
                                                               R"({"u":"bob@corp.example"})", R"({"u":"%admins%"})"})) {
        found.append(QString::number(row));
    }
    // expressions are case-sensitive
    QCOMPARE(found.join(QLatin1Char(' ')), item.contains(QLatin1String("|re")) ? QStringLiteral("0") : rows);
}

QTEST_GUILESS_MAIN(TstFilters)
#include "tst_filters.moc"
