// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "anomaly/beacon.h"
#include "anomaly/stream.h"
#include "event/block.h"
#include "intel/indicatorset.h"
#include "sigma/correlationset.h"
#include "sigma/ruleset.h"

#include <cstdint>
#include <span>
#include <vector>

/// What the engines found in a block, as findings that the alert store groups. Evidence carries the *row* as its event
/// id until shiftIds() knows the block's first id.
namespace nightjar::pipeline {

class ToldGroups;

/// One finding for each rule and user (client address where nobody signed in) and day; rules tagged
/// "nightjar.zscaler-verdict" count as the service's own findings. With `told`, what has been said of a group in an
/// earlier block is left out.
/// Rules that only feed correlations (null: there are none) make no findings.
std::vector<alerts::Finding> sigmaFindings(const event::EventBlock &block, const sigma::RuleSet &rules,
                                           std::span<const sigma::RuleMatch> matches,
                                           const sigma::CorrelationSet *correlations = nullptr,
                                           ToldGroups *told = nullptr);

/// One finding for each indicator and user.
std::vector<alerts::Finding> intelFindings(const event::EventBlock &block, const intel::IndicatorSet &indicators,
                                           std::span<const intel::Sighting> sightings, bool retro,
                                           ToldGroups *told = nullptr);

/// The alert of a beacon; evidence is left to the caller, who can fetch the sample events.
alerts::Finding beaconFinding(const anomaly::BeaconFinding &beacon);

/// The alert of a stream detector, one a detector, client, key and day (UTC); evidence is left to the caller.
alerts::Finding streamFinding(const anomaly::StreamFinding &stream);

/// Turns rows into event ids.
void shiftIds(std::vector<alerts::Finding> &findings, std::int64_t firstId);

} // namespace nightjar::pipeline
