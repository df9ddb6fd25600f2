// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconstate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

/// What a finding says, in words and numbers.
namespace nightjar::anomaly {

namespace {

std::string percent(double share)
{
    return std::to_string(static_cast<int>(std::lround(share * 100))) + " %";
}

std::string durationText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 120) {
        return std::to_string(whole) + " s";
    }
    if (whole < 2 * 3600) {
        return std::to_string((whole + 30) / 60) + " min";
    }
    const std::int64_t tenths = (whole * 10 + 1800) / 3600;
    return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " h";
}

/// At most 40 equal bins from 0 to twice the period and a last one for all that is longer.
void fillHistogram(const Pair &pair, BeaconFinding &out)
{
    constexpr std::size_t kBins = 40;
    out.intervalBucketSeconds = std::max(1.0, std::ceil(out.periodSeconds * 2 / kBins));
    out.intervalCounts.assign(kBins + 1, 0);
    for (std::size_t i = 1; i < pair.checkIns.size(); ++i) {
        const double interval = static_cast<double>(pair.checkIns[i].second - pair.checkIns[i - 1].second);
        const auto bin = static_cast<std::size_t>(interval / out.intervalBucketSeconds);
        ++out.intervalCounts[std::min(bin, kBins)];
    }
}

} // namespace

BeaconFinding BeaconDetector::State::findingOf(const Pair &pair, const BeaconScore &score)
{
    BeaconFinding out;
    out.user = pair.user;
    out.host = pair.host;
    out.score = score.severity;
    out.severity = static_cast<int>(std::lround(score.severity));
    out.periodSeconds = score.periodSeconds;
    out.jitter = score.jitter;
    out.count = pair.count;
    out.users = std::max<std::int64_t>(hosts.at(pair.hostHash).first->clients, 1);
    out.allUsers = clients;
    out.first = pair.first * kMicrosPerSecond;
    out.last = pair.last * kMicrosPerSecond;
    out.sampleIds = pair.ids;
    std::sort(out.sampleIds.begin(), out.sampleIds.end());
    for (const CheckIn &one : pair.checkIns) {
        out.beats.push_back(one.second * kMicrosPerSecond);
        out.bytesSent += one.sent;
        out.bytesReceived += one.received;
    }
    fillHistogram(pair, out);
    std::array<std::size_t, kBeaconFeatures> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(score.points[a]) > std::abs(score.points[b]);
    });
    constexpr std::size_t kShown = 12; // those that decide
    for (const std::size_t i : std::span(order).first(kShown)) {
        out.features.push_back({std::string(featureName(i)), percent(score.features[i]), percent(featureUsual(i)),
                                std::round(score.points[i] * 100) / 100});
    }
    out.summary = out.user + " calls " + out.host + " about every " + durationText(score.periodSeconds) +
                  " (deviation " + percent(score.jitter) + "): " + std::to_string(pair.count) + " check-ins in " +
                  durationText(pair.last - pair.first) + ", " + percent(score.features[0]) +
                  " of the intervals at that period. " +
                  (out.users == 1 ? "No other client"
                                  : std::to_string(out.users - 1) + " other client" + (out.users == 2 ? "" : "s")) +
                  " of " + std::to_string(out.allUsers) + (out.users == 1 ? " uses" : " use") + " this host.";
    return out;
}

} // namespace nightjar::anomaly
