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
    RowGroup group;
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
    const std::size_t row = hit.group.firstRow();
    const bool allDenied = hit.denied == static_cast<std::int64_t>(hit.group.rows());
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
    hit.group.fill(finding);
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
                               std::to_string(hit.denied) + " of " + std::to_string(hit.group.rows()) + " requests",
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
                                           std::span<const intel::Sighting> sightings, bool retro)
{
    const RowReader reader(block);
    std::map<std::pair<std::string, std::string>, Hit> hits;
    std::map<std::pair<std::string, std::string>, intel::IndicatorId> ids;
    for (const intel::Sighting &sighting : sightings) {
        const intel::Indicator indicator = indicators.indicator(sighting.indicator);
        const auto key =
            std::pair(std::string(intel::name(indicator.type)) + ":" + indicator.value, reader.who(sighting.row));
        Hit &hit = hits[key];
        if (hit.first == nullptr) {
            hit.first = &sighting;
            ids[key] = sighting.indicator;
        }
        hit.group.add(reader, sighting.row);
        hit.denied += reader.text(Field::EventType, sighting.row) == "denied" ? 1 : 0;
    }
    std::vector<alerts::Finding> findings;
    for (const auto &[key, hit] : hits) {
        findings.push_back(describe(indicators.indicator(ids[key]), hit, reader, retro));
        // No day: the same pair of indicator and user is alerted once, also by a later hunt.
        findings.back().key = "intel\n" + key.first + '\n' + key.second;
    }
    return findings;
}

} // namespace nightjar::pipeline
