// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/findings.h"

#include "base/text.h"

#include <cmath>

namespace nightjar::pipeline {

alerts::Finding beaconFinding(const anomaly::BeaconFinding &beacon)
{
    alerts::Finding finding;
    finding.engine = alerts::Engine::Anomaly;
    finding.key = "beacon\n" + beacon.user + '\n' + beacon.host;
    finding.rule = "beacon";
    finding.title = "Beacon to " + defang(beacon.host);
    finding.score = static_cast<int>(std::lround(beacon.score));
    finding.severity = beacon.score >= 90   ? alerts::Severity::Critical
                       : beacon.score >= 75 ? alerts::Severity::High
                                            : alerts::Severity::Medium;
    finding.user = beacon.user;
    finding.entity = beacon.host;
    finding.summary = beacon.summary;
    finding.attack = {"attack.command_and_control", "attack.t1071.001"};
    for (const anomaly::BeaconFeature &feature : beacon.features) {
        finding.reasons.push_back({feature.name, feature.observed, feature.usual, feature.points, feature.points > 0});
    }
    finding.observables = {{"domain", beacon.host, beacon.count}, {"user", beacon.user, beacon.count}};
    finding.picture = {beacon.beats, beacon.intervalCounts, beacon.intervalBucketSeconds, beacon.periodSeconds};
    finding.events = beacon.count;
    finding.first = beacon.first;
    finding.last = beacon.last;
    return finding;
}

} // namespace nightjar::pipeline
