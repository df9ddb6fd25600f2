// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How much a series of connections of one client to one host looks like an implant calling home: an additive model of
/// the features of beaconfeatures.h, made by tests/train/trainbeacons.
namespace nightjar::anomaly {

/// One check-in: connections closer than five seconds are one.
struct CheckIn {
    std::uint32_t second = 0; ///< since 1970
    std::uint32_t sent = 0;   ///< bytes, capped
    std::uint32_t received = 0;
    bool operator==(const CheckIn &) const = default;
};

/// What the score is made from. Times ascending. The life-time figures may cover more than the check-ins kept.
struct BeaconSeries {
    std::vector<CheckIn> checkIns;
    std::int64_t count = 0;       ///< check-ins in all
    std::int64_t spanSeconds = 0; ///< first to last of all
    std::int64_t activeHours = 0; ///< distinct clock hours with a check-in
    std::int64_t longestGap = 0;  ///< seconds
    double prevalence = 0;        ///< share of all clients that use the host, 0–1
    double ageDays = -1;          ///< since the organisation first met the host; negative: not known
};

constexpr std::size_t kBeaconFeatures = 24;
struct BeaconScore {
    double severity = 0; ///< 0–100
    double periodSeconds = 0;
    double jitter = 0;                              ///< mean deviation from the period, as a share of it
    std::array<double, kBeaconFeatures> features{}; ///< as in BeaconShape
    std::array<double, kBeaconFeatures> points{};   ///< what each adds to or takes from the score (log-odds)
};
/// Name of a feature in words, and what is usual for people and harmless programs (0–1).
std::string_view featureName(std::size_t feature);
double featureUsual(std::size_t feature);

/// Less than six check-ins give severity 0.
BeaconScore scoreBeacon(const BeaconSeries &series);

/// Fills the life-time figures from the check-ins themselves.
void summarise(BeaconSeries &series);

/// Reads a file of the layout "series,prevalence,first_seen_days,timestamps,bytes_sent,bytes_recv" (lists joined by
/// ";"), in order. Error NJ-ANOMALY-001 when the header is another one.
Result<std::vector<BeaconSeries>> readBeaconSeries(std::string_view csv);
/// One severity a data row of such a file.
Result<std::vector<double>> scoreBeaconSeries(std::string_view csv);

} // namespace nightjar::anomaly
