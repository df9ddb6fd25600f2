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

alerts::Finding describe(const sigma::Rule &rule, const RowGroup &group, const RowReader &reader)
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
    finding.user = reader.text(event::Field::UserName, group.firstRow());
    finding.entity = group.mainDestination();
    const std::string who = reader.who(group.firstRow());
    const std::string threat = reader.text(event::Field::ThreatName, group.firstRow());
    finding.summary = who + (finding.entity.empty() ? "" : " with " + finding.entity) +
                      (threat.empty() ? "" : ", threat " + threat) + ": " +
                      (rule.description.empty() ? rule.title : rule.description);
    std::replace(finding.summary.begin(), finding.summary.end(), '\n', ' ');
    finding.summary.resize(std::min<std::size_t>(finding.summary.size(), 600));
    finding.summary = repairUtf8(trim(finding.summary));
    group.fill(finding);
    return finding;
}

} // namespace

std::vector<alerts::Finding> sigmaFindings(const event::EventBlock &block, const sigma::RuleSet &rules)
{
    std::vector<alerts::Finding> findings;
    const RowReader reader(block);
    for (const sigma::RuleMatch &match : rules.evaluate(block)) {
        const sigma::Rule &rule = rules.rules()[match.rule];
        if (rule.level == "informational") {
            continue; // the specification: they enrich, they do not alert
        }
        std::map<std::string, RowGroup> groups;
        match.rows.forEach(
            [&](std::size_t row) { groups[reader.who(row) + '\n' + dayOf(block.times()[row])].add(reader, row); });
        for (const auto &[key, group] : groups) {
            findings.push_back(describe(rule, group, reader));
            addReasons(sigma::explain(rule, rules.mapping(), block, group.firstRow()), findings.back().reasons);
            findings.back().key = "sigma\n" + rule.reference() + '\n' + key;
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
