// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/findings.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace nightjar::pipeline {

namespace {

struct KindWords {
    const char *title; ///< before the key
    const char *observable;
    std::array<const char *, 2> attack;
};

const KindWords &wordsOf(anomaly::StreamKind kind)
{
    static constexpr std::array<KindWords, anomaly::kStreamKinds> kWords{{
        {"Burst of made-up names", "domain", {"attack.command_and_control", "attack.t1568.002"}},
        {"Possible DNS tunnel below", "domain", {"attack.command_and_control", "attack.t1071.004"}},
        {"Unusual upload to", "domain", {"attack.exfiltration", "attack.t1567"}},
        {"Burst of blocked requests, last to", "domain", {"attack.discovery", "attack.t1046"}},
        {"Burst of requests, last to", "domain", {"attack.impact", "attack.t1498"}},
        {"First use of", "", {"attack.defense_evasion", "attack.t1036"}},
        {"File over a new domain:", "domain", {"attack.command_and_control", "attack.t1105"}},
        {"Long connection to", "domain", {"attack.command_and_control", "attack.t1572"}},
        {"Impossible travel", "", {"attack.initial_access", "attack.t1078"}},
        {"Admin action at an unusual hour", "", {"attack.persistence", "attack.t1078"}},
    }};
    return kWords[static_cast<std::size_t>(kind)];
}

} // namespace

alerts::Finding streamFinding(const anomaly::StreamFinding &stream)
{
    constexpr std::size_t kMaxShown = 200; ///< bytes of a value in a title
    const KindWords &words = wordsOf(stream.kind);
    const std::string detector(anomaly::name(stream.kind));
    const std::string shown = repairUtf8(stream.key.substr(0, kMaxShown));
    const bool isHost = words.observable[0] != '\0';
    alerts::Finding finding;
    finding.engine = alerts::Engine::Anomaly;
    finding.key = detector + '\n' + stream.entity + '\n' + stream.key + '\n' + formatIsoTime(stream.time).substr(0, 10);
    finding.rule = detector;
    finding.title = words.title;
    if (!shown.empty()) {
        finding.title += " " + (isHost ? defang(shown) : shown);
    }
    finding.summary = repairUtf8(stream.summary);
    finding.score = stream.severity;
    finding.severity = stream.severity >= 90   ? alerts::Severity::Critical
                       : stream.severity >= 75 ? alerts::Severity::High
                                               : alerts::Severity::Medium;
    finding.user = stream.entity;
    finding.entity = stream.key.empty() ? stream.entity : stream.key;
    finding.attack.assign(words.attack.begin(), words.attack.end());
    for (const anomaly::StreamFeature &feature : stream.features) {
        finding.reasons.push_back(
            {feature.name, repairUtf8(feature.observed), feature.usual, feature.decides ? 1.0 : 0.0, feature.decides});
    }
    char rate[40];
    std::snprintf(rate, sizeof rate, "%.2f", stream.expectedPerDay);
    finding.reasons.push_back({"findings as severe, a day", rate, "below detect.alerts_per_day", 0, false});
    if (isHost && !stream.key.empty()) {
        finding.observables.push_back({words.observable, stream.key, stream.events});
    }
    finding.observables.push_back({"user", stream.entity, stream.events});
    finding.events = std::max<std::int64_t>(stream.events, std::ssize(stream.evidence));
    finding.total = true;
    finding.first = stream.first;
    finding.last = stream.time;
    return finding;
}

} // namespace nightjar::pipeline
