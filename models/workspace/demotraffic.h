// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/demogenerator.h"
#include "workspace/demorecord.h"

#include <vector>

/// The two halves of a demo: what harmless people and machines do, and what is hidden among it.
namespace nightjar::workspace {

/// Adds pollers, background noise and odd but harmless texts.
void addDemoMachines(std::vector<DemoEvent> &events, const DemoWorld &world, Timestamp end, DemoRandom &random);

/// Adds people's visits until `events` holds `wanted` events.
void addDemoVisits(std::vector<DemoEvent> &events, std::size_t wanted, const DemoWorld &world, Timestamp end,
                   DemoRandom &random);

/// Adds every attack; the manifest gets them and the indicator list.
void addDemoAttacks(std::vector<DemoEvent> &events, DemoManifest &manifest, const DemoWorld &world, Timestamp end,
                    DemoRandom &random);

/// Midnight UTC of the latest Monday–Thursday that lies at least `back` days before `end`.
Timestamp demoWorkday(Timestamp end, int back);

constexpr Timestamp kDemoSecond = kMicrosPerSecond;
constexpr Timestamp kDemoMinute = 60 * kDemoSecond;
constexpr Timestamp kDemoHour = 60 * kDemoMinute;

} // namespace nightjar::workspace
