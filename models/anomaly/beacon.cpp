// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beacon.h"

#include "anomaly/beaconrows.h"
#include "anomaly/beaconstate.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace nightjar::anomaly {

namespace {

constexpr std::uint32_t kMergeSeconds = 5;
constexpr std::uint32_t kLookEverySeconds = 6 * 3600;
constexpr std::size_t kPairBytes = 400; ///< of a pair without its check-ins, with the tables around it

std::uint32_t sum(std::uint32_t a, std::uint32_t b)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{a} + b, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

bool LightPair::take(const CheckIn &checkIn)
{
    const auto join = [&checkIn](CheckIn &known) {
        const std::uint32_t apart = std::max(known.second, checkIn.second) - std::min(known.second, checkIn.second);
        if (known.second == 0 || apart >= kMergeSeconds) {
            return false;
        }
        known.sent = sum(known.sent, checkIn.sent);
        known.received = sum(known.received, checkIn.received);
        return true;
    };
    if (first.second == 0) {
        first = checkIn;
        return true;
    }
    if (join(second) || join(first)) {
        return true;
    }
    if (second.second != 0) {
        return false;
    }
    second = checkIn;
    if (second.second < first.second) {
        std::swap(first, second);
    }
    return true;
}

BeaconDetector::BeaconDetector(BeaconOptions options)
    : m_state(std::make_unique<State>(options))
{
}
BeaconDetector::~BeaconDetector() = default;
BeaconDetector::BeaconDetector(BeaconDetector &&) noexcept = default;
BeaconDetector &BeaconDetector::operator=(BeaconDetector &&) noexcept = default;

std::size_t BeaconDetector::pairs() const
{
    return m_state->pairs.size();
}

std::vector<BeaconFinding> BeaconDetector::takeFindings()
{
    return std::exchange(m_state->findings, {});
}

void BeaconDetector::State::forget(std::list<Pair>::iterator pair)
{
    bytes -= std::min(bytes, kPairBytes + pair->checkIns.size() * sizeof(CheckIn));
    byKey.erase(pair->key);
    pairs.erase(pair);
}

void BeaconDetector::State::evict()
{
    while (pairs.size() > 1 && (pairs.size() > options.maxPairs || bytes > options.maxBytes)) {
        forget(std::prev(pairs.end()));
    }
}

LightPair *BeaconDetector::State::lightOf(std::uint64_t key, std::uint64_t user, std::uint64_t host,
                                          std::uint32_t second)
{
    const auto [known, fresh] = light.at(key);
    if (known->heavy()) {
        if (const auto found = byKey.find(key); found != byKey.end()) {
            pairs.splice(pairs.begin(), pairs, found->second);
            return nullptr;
        }
        *known = {}; // had to go
        return known;
    }
    if (!fresh) {
        return known;
    }
    if (const auto found = byKey.find(key); found != byKey.end()) {
        known->first.second = LightPair::kHeavy;
        pairs.splice(pairs.begin(), pairs, found->second);
        return nullptr;
    }
    const auto [place, newHost] = hosts.at(host);
    place->firstSecond = newHost ? second : place->firstSecond;
    ++place->clients;
    if (const auto [since, newUser] = users.at(user); newUser) {
        *since = second;
        ++clients;
    }
    return known;
}

/// Keeps a pair whole from now on.
Pair &BeaconDetector::State::raise(LightPair &known, std::uint64_t key, std::uint64_t hostHash)
{
    pairs.emplace_front();
    Pair &pair = pairs.front();
    pair.key = key;
    pair.hostHash = hostHash;
    pair.checkIns = {known.first, known.second};
    pair.count = 2;
    pair.first = known.first.second;
    pair.last = known.second.second;
    pair.longestGap = pair.last - pair.first;
    pair.lastHour = pair.last / 3600;
    pair.activeHours = pair.first / 3600 == pair.lastHour ? 1 : 2;
    byKey[key] = pairs.begin();
    bytes += kPairBytes + 2 * sizeof(CheckIn);
    known = {};
    known.first.second = LightPair::kHeavy;
    return pair;
}

/// Events may come a little out of order; check-ins are kept sorted.
void BeaconDetector::State::keep(Pair &pair, const CheckIn &checkIn, std::int64_t id)
{
    pair.ids.push_back(id);
    if (pair.ids.size() > kKeptIds) {
        pair.ids.erase(pair.ids.begin());
    }
    auto &all = pair.checkIns;
    const auto later = std::upper_bound(all.begin(), all.end(), checkIn.second,
                                        [](std::uint32_t second, const CheckIn &c) { return second < c.second; });
    const auto join = [&](CheckIn &known) {
        known.sent = sum(known.sent, checkIn.sent);
        known.received = sum(known.received, checkIn.received);
    };
    if (later != all.begin() && checkIn.second - (later - 1)->second < kMergeSeconds) {
        return join(*(later - 1));
    }
    if (later != all.end() && later->second - checkIn.second < kMergeSeconds) {
        return join(*later);
    }
    if (checkIn.second > pair.last) {
        pair.longestGap = std::max(pair.longestGap, checkIn.second - pair.last);
    }
    const std::uint32_t hour = checkIn.second / 3600;
    if (hour != pair.lastHour) {
        ++pair.activeHours;
        pair.lastHour = hour;
    }
    ++pair.count;
    pair.first = std::min(pair.first, checkIn.second);
    pair.last = std::max(pair.last, checkIn.second);
    if (all.size() >= kKeptCheckIns) {
        if (later == all.begin()) {
            return; // older than everything that is kept
        }
        all.insert(later, checkIn);
        all.erase(all.begin());
        return;
    }
    all.insert(later, checkIn);
    bytes += sizeof(CheckIn);
}

BeaconSeries BeaconDetector::State::seriesOf(const Pair &pair, std::uint32_t second)
{
    constexpr std::uint32_t kKnowsAges = 7 * 86'400;
    BeaconSeries series;
    series.checkIns = pair.checkIns;
    series.count = pair.count;
    series.spanSeconds = pair.last - pair.first;
    series.activeHours = pair.activeHours;
    series.longestGap = pair.longestGap;
    const KnownHost host = *hosts.at(pair.hostHash).first;
    // The one client that must be there says nothing; a small organisation has no share below 1 %.
    series.prevalence = (std::max(host.clients, 1U) - 0.9) / std::max<double>(20, clients);
    if (second >= epoch && second - epoch >= kKnowsAges && second >= host.firstSecond) {
        series.ageDays = static_cast<double>(second - host.firstSecond) / 86'400.0;
    }
    return series;
}

void BeaconDetector::State::look(Pair &pair, std::uint32_t second)
{
    const bool due =
        pair.count >= pair.nextLook || (second >= pair.lastLook && second - pair.lastLook >= kLookEverySeconds);
    const std::int64_t span = pair.last - pair.first;
    const bool enough = pair.count >= 12 || (pair.count >= 6 && span >= 6 * 3600);
    if (!due || !enough || span < options.leastSpanSeconds) {
        return;
    }
    pair.nextLook = pair.count + std::max<std::int64_t>(1, pair.count / 8);
    pair.lastLook = second;
    const std::uint32_t together = hosts.at(pair.hostHash).first->clients;
    if (together >= 4 && together > options.maxPrevalence * clients) {
        return;
    }
    const BeaconScore score = scoreBeacon(seriesOf(pair, second));
    const bool silent =
        pair.lastAlert != 0 &&
        (second < pair.lastAlert ||
         static_cast<std::int64_t>(second - pair.lastAlert) * kMicrosPerSecond < options.refractoryMicros) &&
        score.severity < 1.5 * pair.lastScore && pair.count < 2 * pair.lastCount;
    if (score.severity < options.alertFrom || silent) {
        return;
    }
    pair.lastAlert = second;
    pair.lastScore = score.severity;
    pair.lastCount = pair.count;
    findings.push_back(findingOf(pair, score));
}

void BeaconDetector::observe(const event::EventBlock &block, std::int64_t firstId)
{
    State &s = *m_state;
    BeaconRows rows(block);
    for (std::size_t row = 0; row < block.rows(); ++row) {
        const Timestamp time = block.times()[row];
        if (time < kMicrosPerDay || time / kMicrosPerSecond > std::numeric_limits<std::uint32_t>::max() ||
            !rows.counts(row)) {
            continue;
        }
        const std::uint64_t user = rows.users.hash(row);
        const std::uint64_t host = user == 0 ? 0 : rows.hosts.hash(row);
        if (host == 0) {
            continue;
        }
        const auto second = static_cast<std::uint32_t>(time / kMicrosPerSecond);
        s.epoch = s.epoch == 0 ? second : s.epoch;
        const CheckIn checkIn{second, rows.sent(row), rows.received(row)};
        const std::uint64_t key = mixed(user, host);
        LightPair *light = s.lightOf(key, user, host, second);
        if (light != nullptr) {
            if (light->take(checkIn)) {
                continue;
            }
            Pair &fresh = s.raise(*light, key, host);
            fresh.user = rows.users.text(row);
            fresh.host = rows.hosts.text(row);
        }
        Pair &pair = s.pairs.front();
        const std::int64_t before = pair.count;
        s.keep(pair, checkIn, firstId + static_cast<std::int64_t>(row));
        if (pair.count != before) {
            s.look(pair, second);
        }
        s.evict();
    }
}

} // namespace nightjar::anomaly
