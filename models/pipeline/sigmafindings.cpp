// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/findings.h"
#include "pipeline/grouping.h"

#include "base/text.h"
#include "sigma/explain.h"

#include <algorithm>
#include <map>

namespace nightjar::pipeline {

namespace {

using alerts::Severity;

constexpr std::string_view kServiceTag = "nightjar.zscaler-verdict";

Severity severityOf(const std::string &level)
{
    return alerts::parseSeverity(level).value_or(Severity::Medium);
}

int scoreOf(Severity severity)
{
    constexpr int kScores[] = {5, 25, 50, 75, 92};
    return kScores[static_cast<std::size_t>(severity)];
}

/// The rule's items with the values of the event, as lines of the alert's why.
void addReasons(const sigma::ExplainNode &node, std::vector<alerts::Reason> &reasons)
{
    constexpr std::size_t kMaxReasons = 12;
    constexpr std::size_t kMaxText = 500;
    for (const sigma::ExplainNode &child : node.children) {
        addReasons(child, reasons);
    }
    if (node.children.empty() && reasons.size() < kMaxReasons) {
        alerts::Reason reason;
        reason.text = node.text.substr(0, kMaxText);
        reason.observed = node.value.substr(0, kMaxText);
        reason.matched = node.matched;
        reasons.push_back(std::move(reason));
    }
}

std::string summaryOf(const sigma::Rule &rule, const std::string &entity, std::size_t row, const RowReader &reader)
{
    constexpr std::size_t kMaxSummary = 600;
    const std::string threat = reader.text(event::Field::ThreatName, row);
    std::string summary = reader.who(row) + (entity.empty() ? "" : " with " + entity) +
                          (threat.empty() ? "" : ", threat " + threat) + ": " +
                          (rule.description.empty() ? rule.title : rule.description);
    std::replace(summary.begin(), summary.end(), '\n', ' ');
    summary.resize(std::min(summary.size(), kMaxSummary));
    return repairUtf8(trim(summary));
}

/// All of a finding but its key, reasons and evidence.
alerts::Finding describe(const sigma::Rule &rule, std::span<const std::size_t> rows, const RowReader &reader)
{
    alerts::Finding finding;
    const bool service = std::find(rule.tags.begin(), rule.tags.end(), kServiceTag) != rule.tags.end();
    finding.engine = service ? alerts::Engine::Zscaler : alerts::Engine::Sigma;
    finding.rule = rule.reference();
    finding.title = rule.title;
    finding.severity = severityOf(rule.level);
    finding.score = scoreOf(finding.severity);
    for (const std::string &tag : rule.tags) {
        if (tag.starts_with("attack.")) {
            finding.attack.push_back(tag);
        }
    }
    RowFacts facts = factsOf(reader, rows);
    finding.user = reader.text(event::Field::UserName, rows.front());
    finding.entity = std::move(facts.mainDestination);
    finding.summary = summaryOf(rule, finding.entity, rows.front(), reader);
    finding.events = static_cast<std::int64_t>(rows.size());
    finding.first = facts.first;
    finding.last = facts.last;
    finding.observables = std::move(facts.observables);
    return finding;
}

/// A party's rows of one day; the day counts from 1970, undated rows have the least.
using PartyDay = std::pair<RowReader::Party, std::int64_t>;

std::map<PartyDay, std::vector<std::size_t>> groupRows(const RowReader &reader, const event::RowSet &rows)
{
    constexpr std::int64_t kDay = 86'400 * kMicrosPerSecond;
    std::map<PartyDay, std::vector<std::size_t>> groups;
    rows.forEach([&](std::size_t row) {
        const Timestamp time = reader.block().times()[row];
        const std::int64_t day = time == kNoTime ? kNoTime : time / kDay - (time % kDay < 0 ? 1 : 0);
        groups[{reader.party(row), day}].push_back(row);
    });
    return groups;
}

} // namespace

std::vector<alerts::Finding> sigmaFindings(const event::EventBlock &block, const sigma::RuleSet &rules,
                                           std::span<const sigma::RuleMatch> matches,
                                           const sigma::CorrelationSet *correlations, ToldGroups *told)
{
    std::vector<alerts::Finding> findings;
    const RowReader reader(block);
    for (const sigma::RuleMatch &match : matches) {
        const sigma::Rule &rule = rules.rules()[match.rule];
        if (rule.level == "informational" || (correlations != nullptr && correlations->silences(match.rule))) {
            continue; // the specification: they enrich, they do not alert
        }
        for (const auto &[party, rows] : groupRows(reader, match.rows)) {
            alerts::Finding &finding = findings.emplace_back(describe(rule, rows, reader));
            finding.key = "sigma\n" + rule.reference() + '\n' + reader.who(rows.front()) + '\n' +
                          dayOf(block.times()[rows.front()]);
            ToldGroups once;
            const auto wanted = (told != nullptr ? *told : once).ask(finding.key, finding.score, rows.size());
            finding.evidence = evidenceOf(reader, rows, wanted.evidence);
            if (wanted.description) {
                addReasons(sigma::explain(rule, rules.mapping(), block, rows.front()), finding.reasons);
            }
        }
    }
    return findings;
}

void shiftIds(std::vector<alerts::Finding> &findings, std::int64_t firstId)
{
    for (alerts::Finding &finding : findings) {
        for (alerts::Evidence &evidence : finding.evidence) {
            evidence.eventId += firstId;
        }
    }
}

} // namespace nightjar::pipeline
