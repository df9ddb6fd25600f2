// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "logs/framer.h"
#include "logs/parser.h"
#include "sigma/correlator.h"
#include "sigma/ruleset.h"
#include "support/support.h"
#include "workspace/demogenerator.h"
#include "workspace/engine.h"

#include "base/files.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace nightjar;
using namespace nightjar::workspace;

namespace {

constexpr std::uint64_t kLimit = 1'000'000'000;
constexpr int kAlertsPerDay = 5;

/// One alert as the user would see it: a rule, whom it is about, a day.
struct Alert {
    std::string rule;
    std::string user;
    std::int64_t day = 0;

    auto operator<=>(const Alert &) const = default;
};

std::vector<event::EventBlock> blocksOf(const std::filesystem::path &file)
{
    std::vector<event::EventBlock> blocks;
    logs::RecordFramer framer;
    logs::RecordParser parser;
    const auto text = readFile(file, kLimit);
    if (!text) {
        return blocks;
    }
    framer.feed(*text);
    const auto keep = [&](std::optional<logs::RecordBatch> batch) {
        if (batch) {
            event::BlockBuilder builder;
            std::vector<logs::Reject> rejects;
            parser.parse(*batch, builder, rejects);
            blocks.push_back(builder.finish());
        }
        return batch.has_value();
    };
    while (keep(framer.take())) {
    }
    while (keep(framer.finish())) {
    }
    return blocks;
}

std::string userOf(const event::EventBlock &block, std::size_t row)
{
    std::string scratch;
    const event::Column *column = block.column(event::Field::UserName);
    return column == nullptr ? std::string() : std::string(column->value(row, scratch));
}

} // namespace

/// The rules we ship, over the demo's two weeks: quiet about people at work, not about the attacks among them.
class TestDemoNoise : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void benignTrafficIsQuiet();
    void plantedAttacksAreTold_data();
    void plantedAttacksAreTold();

private:
    void tell(const std::string &rule, const std::string &user, Timestamp first, Timestamp last);
    void runRules(const event::EventBlock &block, const sigma::LoadResult &loaded,
                  const std::vector<sigma::RuleMatch> &matches);
    void runCorrelations(sigma::Correlator &correlator);

    testsupport::TemporaryFolder m_folder;
    DemoManifest m_manifest;
    std::set<Alert> m_benign;
    std::map<std::string, std::set<std::string>> m_planted; ///< attack → rules
};

/// An alert belongs to an attack when it is about one of its users while the attack goes on.
void TestDemoNoise::tell(const std::string &rule, const std::string &user, Timestamp first, Timestamp last)
{
    bool planted = false;
    for (const PlantedAttack &attack : m_manifest.attacks) {
        const bool ofIts = std::find(attack.users.begin(), attack.users.end(), user) != attack.users.end();
        if (ofIts && first <= attack.last + kMicrosPerSecond && last >= attack.first - kMicrosPerSecond) {
            m_planted[attack.id].insert(rule);
            planted = true;
        }
    }
    if (!planted) {
        m_benign.insert({rule, user, first / kMicrosPerDay});
    }
}

void TestDemoNoise::runRules(const event::EventBlock &block, const sigma::LoadResult &loaded,
                             const std::vector<sigma::RuleMatch> &matches)
{
    for (const sigma::RuleMatch &match : matches) {
        const sigma::Rule &rule = loaded.rules->rules()[match.rule];
        if (rule.level == "informational" || loaded.correlations->silences(match.rule)) {
            continue;
        }
        match.rows.forEach([&](std::size_t row) {
            const Timestamp time = block.times()[row];
            tell(rule.title, userOf(block, row), time, time);
        });
    }
}

void TestDemoNoise::runCorrelations(sigma::Correlator &correlator)
{
    correlator.drain();
    for (const sigma::CorrelationFinding &finding : correlator.takeFindings()) {
        const sigma::Rule &head = correlator.set()->correlations()[finding.correlation].rule.head;
        if (head.level == "informational") {
            continue;
        }
        std::string user;
        for (const auto &[field, value] : finding.group) {
            user = field == "user.name" ? value : user;
        }
        tell(head.title, user, finding.first, finding.last);
    }
}

void TestDemoNoise::initTestCase()
{
    DemoOptions options;
    options.end = parseIsoTime("2026-03-12T09:30:00Z").value_or(kNoTime);
    options.events = 110'000;
    auto manifest = writeDemoLogs(m_folder / "logs", options);
    QVERIFY(manifest);
    m_manifest = std::move(*manifest);
    const std::vector<std::filesystem::path> paths{resourcesFolder() / "rules"};
    const sigma::LoadResult loaded = sigma::load(paths, sigma::FieldMapping::zscaler());
    QVERIFY(loaded.rules->rules().size() >= 250);
    sigma::CorrelatorOptions open;
    open.lateness = sigma::kOpenTime;
    sigma::Correlator correlator(loaded.correlations, open);
    std::int64_t id = 1;
    for (const std::filesystem::path &file : m_manifest.files) {
        for (const event::EventBlock &block : blocksOf(file)) {
            const std::vector<sigma::RuleMatch> matches = loaded.rules->evaluate(block);
            runRules(block, loaded, matches);
            correlator.observe(loaded.correlations->collect(block, matches), id);
            id += static_cast<std::int64_t>(block.rows());
        }
    }
    QVERIFY(id > 100'000);
    runCorrelations(correlator);
}

void TestDemoNoise::benignTrafficIsQuiet()
{
    std::map<std::int64_t, std::set<Alert>> days;
    for (const Alert &alert : m_benign) {
        days[alert.day].insert(alert);
    }
    for (const auto &[day, alerts] : days) {
        std::string which;
        for (const Alert &alert : alerts) {
            which += "\n" + alert.rule + ", " + alert.user;
        }
        QVERIFY2(alerts.size() < kAlertsPerDay, which.c_str());
    }
}

void TestDemoNoise::plantedAttacksAreTold_data()
{
    QTest::addColumn<QString>("attack");
    for (const char *attack : {"malware-download", "exfiltration", "dga", "verdict"}) {
        QTest::newRow(attack) << QString::fromLatin1(attack);
    }
}

void TestDemoNoise::plantedAttacksAreTold()
{
    QFETCH(QString, attack);
    QVERIFY(!m_planted[attack.toStdString()].empty());
}

QTEST_GUILESS_MAIN(TestDemoNoise)
#include "tst_demonoise.moc"
