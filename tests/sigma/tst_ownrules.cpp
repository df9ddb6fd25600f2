// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "nightjar_resources.h"
#include "sigma/explain.h"
#include "sigma/flatjson.h"
#include "sigma/ruleset.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace nightjar;
using namespace nightjar::sigma;
using Json = nlohmann::ordered_json;

namespace {

std::vector<Json> readLines(const std::string &name)
{
    std::vector<Json> result;
    const auto text = readFile(std::filesystem::path(NIGHTJAR_TEST_FOLDER) / "rules" / name, 4u << 20);
    if (text) {
        std::istringstream stream(*text);
        for (std::string line; std::getline(stream, line);) {
            result.push_back(Json::parse(line));
        }
    }
    return result;
}

event::EventBlock blockOf(const std::vector<Json> &lines)
{
    std::vector<std::string> texts;
    for (const Json &line : lines) {
        texts.push_back(line["event"].dump());
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    auto block = normalisedBlock(views);
    return block ? std::move(*block) : event::EventBlock();
}

/// A technique of ATT&CK and a tactic.
bool isMapped(const std::vector<std::string> &tags)
{
    const auto isTechnique = [](const std::string &tag) {
        return tag.starts_with("attack.t") && tag.size() >= 12 && tag[8] >= '0' && tag[8] <= '9';
    };
    const auto isTactic = [&](const std::string &tag) { return tag.starts_with("attack.") && !isTechnique(tag); };
    return std::any_of(tags.begin(), tags.end(), isTechnique) && std::any_of(tags.begin(), tags.end(), isTactic);
}

} // namespace

/// The rules we ship, against events they must find and near misses they must not.
class TstOwnRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void allLoad();
    void metadata();
    void matches_data();
    void matches();
    void benignTrafficIsQuiet();

private:
    LoadResult m_loaded;
};

void TstOwnRules::initTestCase()
{
    const std::vector<std::filesystem::path> paths{std::filesystem::path(NIGHTJAR_RESOURCES) / "rules"};
    m_loaded = load(paths, FieldMapping::zscaler());
}

void TstOwnRules::allLoad()
{
    for (const LoadVerdict &verdict : m_loaded.verdicts) {
        QVERIFY2(verdict.status == LoadVerdict::Ok, (verdict.file + ": " + verdict.reason).c_str());
        QVERIFY2(verdict.reason.empty(), (verdict.file + ": " + verdict.reason).c_str());
    }
    QVERIFY(m_loaded.rules->rules().size() >= 250);
}

void TstOwnRules::metadata()
{
    std::set<std::string> titles;
    for (const Rule &rule : m_loaded.rules->rules()) {
        const char *file = rule.file.c_str();
        QVERIFY2(titles.insert(rule.title).second, file);
        QVERIFY2(rule.id.size() == 36 && !rule.level.empty() && isMapped(rule.tags), file);
        QVERIFY2(!rule.description.empty() && !rule.falsePositives.empty(), file);
        QVERIFY2(rule.author == "The Nightjar authors" && rule.license == "GPL-3.0-or-later" && !rule.date.empty(),
                 file);
    }
}

void TstOwnRules::matches_data()
{
    QTest::addColumn<QString>("file");
    const auto rules = std::filesystem::path(NIGHTJAR_RESOURCES) / "rules";
    for (const auto &folder : std::filesystem::directory_iterator(rules)) {
        const std::string name = folder.path().filename().string();
        if (folder.is_directory() && name != "correlations") {
            QTest::newRow(name.c_str()) << QString::fromStdString(name + ".jsonl");
        }
    }
}

void TstOwnRules::matches()
{
    QFETCH(QString, file);
    const std::string name = file.toStdString();
    const std::vector<Json> lines = readLines(name);
    QVERIFY(!lines.empty());
    const event::EventBlock block = blockOf(lines);
    std::map<std::string, event::RowSet> found;
    for (RuleMatch &match : m_loaded.rules->evaluate(block)) {
        found.emplace(m_loaded.rules->rules()[match.rule].id, std::move(match.rows));
    }
    std::map<std::string, std::pair<int, int>> events; // hits and near misses
    for (std::size_t row = 0; row < lines.size(); ++row) {
        const std::string id = lines[row]["rule"];
        const bool wanted = lines[row]["match"];
        const auto rows = found.find(id);
        const bool matched = rows != found.end() && rows->second.contains(row);
        (wanted ? events[id].first : events[id].second)++;
        QVERIFY2(matched == wanted, (name + " line " + std::to_string(row + 1) + ", rule " + id).c_str());
    }
    for (const Rule &rule : m_loaded.rules->rules()) {
        if (rule.file.find("/" + name.substr(0, name.find('.')) + "/") == std::string::npos) {
            continue;
        }
        QVERIFY2(events[rule.id].first > 0 && events[rule.id].second > 0, rule.file.c_str());
        for (std::size_t row = 0; row < lines.size(); row += 3) {
            const auto rows = found.find(rule.id);
            const bool matched = rows != found.end() && rows->second.contains(row);
            QVERIFY2(explain(rule, FieldMapping::zscaler(), block, row).matched == matched, rule.file.c_str());
        }
    }
}

void TstOwnRules::benignTrafficIsQuiet()
{
    const std::vector<Json> lines = readLines("benign.jsonl");
    QVERIFY(lines.size() >= 30);
    const event::EventBlock block = blockOf(lines);
    for (const RuleMatch &match : m_loaded.rules->evaluate(block)) {
        const Rule &rule = m_loaded.rules->rules()[match.rule];
        match.rows.forEach([&](std::size_t row) {
            if (rule.level != "low" && rule.level != "informational") {
                QFAIL((rule.title + " fires on " + lines[row].dump()).c_str());
            }
        });
    }
}

QTEST_GUILESS_MAIN(TstOwnRules)
#include "tst_ownrules.moc"
