// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "anomaly/beacon.h"
#include "event/block.h"
#include "intel/indicatorset.h"
#include "sigma/ruleset.h"

#include <cstdint>
#include <span>
#include <vector>

/// What the engines found in a block, as findings that the alert store groups. Evidence carries the *row* as its event
/// id until shiftIds() knows the block's first id.
namespace nightjar::pipeline {

/// One finding for each rule and user (client address where nobody signed in) and day; rules tagged
/// "nightjar.zscaler-verdict" count as the service's own findings.
std::vector<alerts::Finding> sigmaFindings(const event::EventBlock &block, const sigma::RuleSet &rules);

/// One finding for each indicator and user.
std::vector<alerts::Finding> intelFindings(const event::EventBlock &block, const intel::IndicatorSet &indicators,
                                           std::span<const intel::Sighting> sightings, bool retro);

/// The alert of a beacon; evidence is left to the caller, who can fetch the sample events.
alerts::Finding beaconFinding(const anomaly::BeaconFinding &beacon);

/// Turns rows into event ids.
void shiftIds(std::vector<alerts::Finding> &findings, std::int64_t firstId);

} // namespace nightjar::pipeline
