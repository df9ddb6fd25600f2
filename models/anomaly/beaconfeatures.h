// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/beaconscore.h"

#include <array>
#include <optional>

/// What is measured of a series of check-ins, without scale: facts/anomaly.md §4 of the project's research.
namespace nightjar::anomaly {

/// The newness of a host whose first sight is not known.
constexpr double kUnknownNewness = 0.20;

struct BeaconShape {
    double periodSeconds = 0;
    double jitter = 0;                              ///< mean deviation from the period, as a share of it
    std::array<double, kBeaconFeatures> features{}; ///< 0–1, the correlation of neighbours (number 13) −1–1
};

/// Nothing for less than six check-ins, or when they shrink to less once those close together are merged.
std::optional<BeaconShape> shapeOf(const BeaconSeries &series);

} // namespace nightjar::anomaly
