// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconscore.h"

#include "anomaly/beaconfeatures.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMostKnots = 6;
/// The model knows series of three days with up to ten hours between calls. What comes once a day may be a habit of a
/// person: it is shown, but raises no alert.
constexpr double kLongestPeriod = 12.0 * 3600;
constexpr double kMostOfHabits = 60;

/// What a feature adds to the log-odds: a line that bends at the knots. Knots that are not needed lie at 2.
struct Curve {
    double usual; ///< median over harmless series
    double slope;
    std::array<double, kMostKnots> knots;
    std::array<double, kMostKnots> bends; ///< change of the slope behind each knot

    [[nodiscard]] double at(double value) const
    {
        double sum = slope * value;
        for (std::size_t i = 0; i < kMostKnots && value > knots[i]; ++i) {
            sum += bends[i] * (value - knots[i]);
        }
        return sum;
    }
};

#include "models/beacon.inc"

constexpr std::array<std::string_view, kBeaconFeatures> kNames{"intervals at one period or its multiples",
                                                               "evenness of the intervals",
                                                               "few different lengths of interval",
                                                               "active in every hour of its life",
                                                               "active at night",
                                                               "no long pause",
                                                               "same amount sent each time",
                                                               "same amount received each time",
                                                               "requests of one exact size",
                                                               "few other clients use the host",
                                                               "host is new here",
                                                               "even load over the hours",
                                                               "spread of the intervals",
                                                               "intervals follow their neighbours",
                                                               "intervals unlike chance",
                                                               "many sizes sent",
                                                               "many sizes received",
                                                               "requests all different",
                                                               "longest intervals against the usual",
                                                               "shortest intervals against the usual",
                                                               "answers larger than requests",
                                                               "spread over the day",
                                                               "answers of one exact size",
                                                               "intervals of one exact length"};

} // namespace

std::string_view featureName(std::size_t feature)
{
    return kNames[feature];
}

double featureUsual(std::size_t feature)
{
    return kBeaconCurves[feature].usual;
}

BeaconScore scoreBeacon(const BeaconSeries &series)
{
    BeaconScore out;
    const auto shape = shapeOf(series);
    if (!shape) {
        return out;
    }
    out.periodSeconds = shape->periodSeconds;
    out.jitter = shape->jitter;
    out.features = shape->features;
    double logOdds = kBeaconBias;
    for (std::size_t i = 0; i < kBeaconFeatures; ++i) {
        const Curve &curve = kBeaconCurves[i];
        const double adds = curve.at(out.features[i]);
        logOdds += adds;
        out.points[i] = adds - curve.at(curve.usual);
    }
    const double severity = 100 / (1 + std::exp(-kBeaconSlope * (logOdds - kBeaconMiddle)));
    out.severity = out.periodSeconds > kLongestPeriod ? std::min(severity, kMostOfHabits) : severity;
    return out;
}

} // namespace nightjar::anomaly
