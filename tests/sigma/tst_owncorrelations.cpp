// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "nightjar_resources.h"
#include "sigma/correlator.h"
#include "sigma/flatjson.h"
#include "sigma/ruleset.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <map>
#include <set>
#include <sstream>

using namespace nightjar;
using namespace nightjar::sigma;
using Json = nlohmann::ordered_json;

namespace {

void replaceNumber(Json &value, int number)
{
    if (value.is_string()) {
        std::string text = value.get<std::string>();
        for (std::size_t at = text.find("{n}"); at != std::string::npos; at = text.find("{n}", at)) {
            text.replace(at, 3, std::to_string(number));
        }
        value = text;
    }
    if (value.is_structured()) {
        for (Json &member : value) {
            replaceNumber(member, number);
        }
    }
}

/// The events of a case, see resources/rules/README.md.
std::vector<std::string> eventsOf(const Json &steps)
{
    const Timestamp start = *parseIsoTime("2026-03-02T09:00:00Z");
    std::vector<std::string> events;
    for (const Json &step : steps) {
        for (int n = 0; n < step.value("times", 1); ++n) {
            const double seconds = step.value("at", 0.0) + n * step.value("every", 1.0);
            Json event = step["event"];
            replaceNumber(event, n);
            event["@timestamp"] = formatIsoTime(start + static_cast<Timestamp>(seconds * 1e6));
            events.push_back(event.dump());
        }
    }
    return events;
}

} // namespace

/// The correlations we ship, against events that must complete them and near misses that must not.
class TstOwnCorrelations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void allLoad();
    void cases_data();
    void cases();
    void everyOneIsTested();

private:
    LoadResult m_loaded;
    std::map<std::string, std::set<bool>> m_tested;
};

void TstOwnCorrelations::initTestCase()
{
    const std::vector<std::filesystem::path> paths{std::filesystem::path(NIGHTJAR_RESOURCES) / "rules"};
    m_loaded = load(paths, FieldMapping::zscaler());
}

void TstOwnCorrelations::allLoad()
{
    std::set<std::string> titles;
    for (const CompiledCorrelation &one : m_loaded.correlations->correlations()) {
        const Rule &head = one.rule.head;
        const char *file = head.file.c_str();
        QVERIFY2(titles.insert(head.title).second, file);
        QVERIFY2(head.id.size() == 36 && !head.level.empty() && !head.tags.empty(), file);
        QVERIFY2(!head.description.empty() && !head.falsePositives.empty(), file);
        QVERIFY2(head.author == "The Nightjar authors" && head.license == "GPL-3.0-or-later" && !head.date.empty(),
                 file);
    }
    QVERIFY(titles.size() >= 50);
}

void TstOwnCorrelations::cases_data()
{
    QTest::addColumn<QByteArray>("line");
    const auto text = readFile(std::filesystem::path(NIGHTJAR_TEST_FOLDER) / "rules" / "correlations.jsonl", 16u << 20);
    QVERIFY(text);
    std::istringstream stream(*text);
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        QTest::addRow("line %d", ++number) << QByteArray::fromStdString(line);
    }
}

void TstOwnCorrelations::cases()
{
    QFETCH(QByteArray, line);
    const Json one = Json::parse(line.toStdString(), nullptr, false);
    QVERIFY2(one.is_object() && one.contains("rule") && one.contains("match") && one.contains("steps"), "format");
    const std::vector<std::string> events = eventsOf(one["steps"]);
    const std::vector<std::string_view> views(events.begin(), events.end());
    const auto block = normalisedBlock(views);
    QVERIFY(block);
    CorrelatorOptions options;
    options.lateness = kOpenTime;
    Correlator correlator(m_loaded.correlations, options);
    correlator.observe(m_loaded.correlations->collect(*block, m_loaded.rules->evaluate(*block)), 1);
    correlator.drain();

    const std::string rule = one["rule"];
    const bool wanted = one["match"];
    bool known = false;
    for (const CompiledCorrelation &compiled : m_loaded.correlations->correlations()) {
        known = known || compiled.rule.head.id == rule;
    }
    QVERIFY2(known, rule.c_str());
    bool fired = false;
    for (const CorrelationFinding &finding : correlator.takeFindings()) {
        const CompiledCorrelation &compiled = m_loaded.correlations->correlations()[finding.correlation];
        if (compiled.rule.head.id == rule) {
            fired = true;
            for (const auto &[field, value] : finding.group) {
                const std::string expected = one.value("group", Json::object()).value(field, value);
                QVERIFY2(value == expected, (field + " is " + value).c_str());
            }
        }
    }
    m_tested[rule].insert(wanted);
    QCOMPARE(fired, wanted);
}

void TstOwnCorrelations::everyOneIsTested()
{
    for (const CompiledCorrelation &one : m_loaded.correlations->correlations()) {
        if (!one.silent) {
            QVERIFY2(m_tested[one.rule.head.id].size() == 2, one.rule.head.title.c_str());
        }
    }
}

QTEST_GUILESS_MAIN(TstOwnCorrelations)
#include "tst_owncorrelations.moc"
