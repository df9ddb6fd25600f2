// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/findings.h"
#include "pipeline/grouping.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace nightjar::pipeline {

namespace {

using event::Field;

struct Hit {
    std::vector<std::size_t> rows;
    const intel::Sighting *first = nullptr;
    std::int64_t denied = 0;
};

std::string observableKind(intel::Type type)
{
    switch (type) {
    case intel::Type::Domain:
        return "domain";
    case intel::Type::Url:
        return "url";
    case intel::Type::Ipv4:
    case intel::Type::Ipv6:
    case intel::Type::Cidr:
        return "ip";
    default:
        return "hash";
    }
}

/// What was blocked already is lower; confident command-and-control indicators are higher.
alerts::Severity severityOf(const intel::Indicator &indicator, bool allDenied)
{
    if (allDenied) {
        return alerts::Severity::Low;
    }
    const bool control = findIgnoreCase(indicator.threat, "c2") != std::string::npos ||
                         findIgnoreCase(indicator.threat, "botnet") != std::string::npos;
    const int confidence = indicator.confidence.value_or(50);
    if (control && confidence >= 75) {
        return alerts::Severity::Critical;
    }
    return confidence >= 50 ? alerts::Severity::High : alerts::Severity::Medium;
}

alerts::Finding describe(const intel::Indicator &indicator, const Hit &hit, const RowReader &reader, bool retro)
{
    alerts::Finding finding;
    const std::size_t row = hit.rows.front();
    const bool allDenied = hit.denied == static_cast<std::int64_t>(hit.rows.size());
    finding.engine = alerts::Engine::Intel;
    finding.rule = std::string(intel::name(indicator.type)) + ":" + indicator.value;
    finding.severity = severityOf(indicator, allDenied);
    constexpr int kScores[] = {5, 30, 55, 80, 95};
    finding.score = kScores[static_cast<std::size_t>(finding.severity)];
    finding.title = std::string(retro ? "Retro-hunt hit: " : "Indicator hit: ") + defang(indicator.value);
    const std::string threat = indicator.malware.empty() ? indicator.threat : indicator.malware;
    finding.summary = reader.who(row) + " reached " + defang(hit.first->value) +
                      (threat.empty() ? "" : ", known for " + threat) +
                      (allDenied ? "; every request was blocked" : "");
    finding.user = reader.text(Field::UserName, row);
    finding.entity = indicator.value;
    finding.retro = retro;
    finding.attack = {"attack.command_and_control"};
    RowFacts facts = factsOf(reader, hit.rows);
    finding.events = static_cast<std::int64_t>(hit.rows.size());
    finding.first = facts.first;
    finding.last = facts.last;
    finding.observables = std::move(facts.observables);
    finding.reasons.push_back({"Indicator", indicator.value, std::string(intel::name(indicator.type)), 1, true});
    finding.reasons.push_back({"Found in", hit.first->value, std::string(hit.first->column), 1, true});
    finding.reasons.push_back({"Source", indicator.source, {}, 0, true});
    if (indicator.confidence) {
        finding.reasons.push_back({"Confidence", std::to_string(*indicator.confidence) + " of 100", {}, 0, true});
    }
    if (!threat.empty()) {
        finding.reasons.push_back({"Threat", threat, {}, 0, true});
    }
    finding.reasons.push_back({"Blocked by Zscaler already",
                               std::to_string(hit.denied) + " of " + std::to_string(hit.rows.size()) + " requests",
                               {},
                               0,
                               allDenied});
    // The indicator itself is the first thing to block.
    const alerts::Observable own{observableKind(indicator.type), indicator.value, finding.events};
    std::erase_if(finding.observables, [&](const auto &o) { return o.kind == own.kind && o.value == own.value; });
    finding.observables.insert(finding.observables.begin(), own);
    return finding;
}

} // namespace

std::vector<alerts::Finding> intelFindings(const event::EventBlock &block, const intel::IndicatorSet &indicators,
                                           std::span<const intel::Sighting> sightings, bool retro, ToldGroups *told)
{
    const RowReader reader(block);
    std::map<std::pair<intel::IndicatorId, RowReader::Party>, Hit> hits;
    for (const intel::Sighting &sighting : sightings) {
        Hit &hit = hits[{sighting.indicator, reader.party(sighting.row)}];
        hit.first = hit.first == nullptr ? &sighting : hit.first;
        if (hit.rows.empty() || hit.rows.back() != sighting.row) {
            hit.rows.push_back(sighting.row);
            hit.denied += reader.text(Field::EventType, sighting.row) == "denied" ? 1 : 0;
        }
    }
    std::vector<alerts::Finding> findings;
    for (const auto &[key, hit] : hits) {
        alerts::Finding &finding = findings.emplace_back(describe(indicators.indicator(key.first), hit, reader, retro));
        // No day: the same pair of indicator and user is alerted once, also by a later hunt.
        finding.key = "intel\n" + finding.rule + '\n' + reader.who(hit.rows.front());
        ToldGroups once;
        const auto wanted = (told != nullptr ? *told : once).ask(finding.key, finding.score, hit.rows.size());
        finding.evidence = evidenceOf(reader, hit.rows, wanted.evidence);
    }
    return findings;
}

} // namespace nightjar::pipeline
