// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "sigma/explain.h"
#include "sigma/flatjson.h"
#include "sigma/ruleset.h"
#include "support/support.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <map>
#include <set>
#include <sstream>

using namespace nightjar;
using namespace nightjar::sigma;
using Json = nlohmann::ordered_json;

namespace {

std::vector<Json> readLines(const std::filesystem::path &path)
{
    std::vector<Json> result;
    const auto text = readFile(path, 64u << 20);
    if (text) {
        std::istringstream stream(*text);
        for (std::string line; std::getline(stream, line);) {
            result.push_back(Json::parse(line));
        }
    }
    return result;
}

/// Rows of the first rule's matches.
std::set<std::size_t> matchedRows(const RuleSet &rules, const event::EventBlock &block)
{
    std::set<std::size_t> result;
    for (const RuleMatch &match : rules.evaluate(block)) {
        match.rows.forEach([&](std::size_t row) { result.insert(row); });
    }
    return result;
}

event::EventBlock blockOf(const std::vector<Json> &events)
{
    std::vector<std::string> texts;
    for (const Json &one : events) {
        texts.push_back(one.dump());
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    auto block = rawBlock(views);
    return block ? std::move(*block) : event::EventBlock();
}

} // namespace

/// The reference cases beside the checkout.
class TstCases : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void conformance();
    void realRules();
};

void TstCases::conformance()
{
    const auto folder = testsupport::sharedData();
    if (folder.empty()) {
        QSKIP("the reference data are not here");
    }
    int right = 0;
    int total = 0;
    int wrongClear = 0;
    for (const Json &one : readLines(folder / "sigma-cases" / "cases.jsonl")) {
        const std::string feature = one["feature"];
        ++total;
        auto parsed = parseRules(one["rule_yaml"].get<std::string>(), "case");
        const bool ambiguous = one.value("ambiguous", false);
        std::string trouble;
        for (const ParsedDocument &document : parsed) {
            if (document.filter && parsed.front().rule) {
                applyFilters({&*document.filter, 1}, *parsed.front().rule);
            }
        }
        if (one.value("expect_error", false)) {
            trouble = parsed.front().rule ? "accepted" : parsed.front().verdict.reason.empty() ? "no reason" : "";
        } else if (!parsed.front().rule) {
            trouble = "rejected: " + parsed.front().verdict.reason;
        } else {
            const event::EventBlock block = blockOf(one["events"].get<std::vector<Json>>());
            const std::set<std::size_t> found =
                matchedRows(RuleSet::compile({*parsed.front().rule}, FieldMapping::raw()), block);
            const auto list = one["matches"].get<std::vector<std::size_t>>();
            if (found != std::set<std::size_t>(list.begin(), list.end())) {
                trouble = "matched " + Json(found).dump() + " instead of " + Json(list).dump();
            }
            for (std::size_t row = 0; row < block.rows(); ++row) {
                if (explain(*parsed.front().rule, FieldMapping::raw(), block, row).matched != found.contains(row)) {
                    trouble += " explain differs at row " + std::to_string(row);
                }
            }
        }
        right += trouble.empty() ? 1 : 0;
        wrongClear += !trouble.empty() && !ambiguous ? 1 : 0;
        if (!trouble.empty()) {
            qInfo("%s %s%s: %s", one["id"].get<std::string>().c_str(), feature.c_str(), ambiguous ? " (ambiguous)" : "",
                  trouble.c_str());
        }
    }
    qInfo("single-event cases right: %d of %d", right, total);
    QCOMPARE(wrongClear, 0);
    QVERIFY(right >= total - 2); // look-around, which RE2 does not offer
}

void TstCases::realRules()
{
    const auto folder = testsupport::sharedData();
    if (folder.empty()) {
        QSKIP("the reference data are not here");
    }
    const std::vector<std::filesystem::path> paths{folder / "sigma-rules"};
    const LoadResult loaded = load(paths, FieldMapping::raw());
    std::map<std::string, std::uint32_t> byId;
    for (std::uint32_t i = 0; i < loaded.rules->rules().size(); ++i) {
        byId[loaded.rules->rules()[i].id] = i;
    }
    const std::vector<Json> lines = readLines(folder / "sigma-cases" / "rules_hits.jsonl");
    std::vector<Json> events;
    for (const Json &line : lines) {
        events.push_back(line["event"]);
    }
    const event::EventBlock block = blockOf(events);
    std::map<std::uint32_t, event::RowSet> found;
    for (RuleMatch &match : loaded.rules->evaluate(block)) {
        found.emplace(match.rule, std::move(match.rows));
    }
    int right = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto rule = byId.find(lines[i]["rule_id"].get<std::string>());
        QVERIFY2(rule != byId.end(), lines[i]["file"].get<std::string>().c_str());
        const auto rows = found.find(rule->second);
        const bool matched = rows != found.end() && rows->second.contains(i);
        const bool ok = matched == lines[i]["match"].get<bool>();
        right += ok ? 1 : 0;
        if (!ok) {
            qInfo("%s line %zu", lines[i]["file"].get<std::string>().c_str(), i + 1);
        }
    }
    int ok = 0;
    for (const LoadVerdict &verdict : loaded.verdicts) {
        ok += verdict.status == LoadVerdict::Ok ? 1 : 0;
        if (verdict.status != LoadVerdict::Ok) {
            qInfo("%s: %s", verdict.file.c_str(), verdict.reason.c_str());
        }
    }
    qInfo("real rules loaded: %d of %zu, events right: %d of %zu", ok, loaded.verdicts.size(), right, lines.size());
    QCOMPARE(right, static_cast<int>(lines.size()));
}

QTEST_GUILESS_MAIN(TstCases)
#include "tst_cases.moc"
