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

Parties::Entry &Parties::of(std::string_view name, std::uint32_t second, std::uint32_t &nextNumber)
{
    if (const auto found = byName.find(name); found != byName.end()) {
        return *found;
    }
    return *byName.emplace(std::string(name), Party{nextNumber++, 0, second}).first;
}

void Parties::leave(Entry &entry)
{
    if (--entry.second.pairs == 0) {
        ++erased;
        byName.erase(byName.find(entry.first));
    }
}

BeaconDetector::BeaconDetector(BeaconOptions options)
    : m_state(std::make_unique<State>())
{
    m_state->options = options;
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
    bytes -= std::min(bytes, kPairBytes + std::max<std::size_t>(pair->checkIns.size(), 1) * sizeof(CheckIn));
    users.leave(*pair->user);
    hosts.leave(*pair->host);
    byKey.erase(pair->key);
    pairs.erase(pair);
}

void BeaconDetector::State::evict()
{
    while (pairs.size() > 1 && (pairs.size() > options.maxPairs || bytes > options.maxBytes)) {
        forget(std::prev(pairs.end()));
    }
}

Pair &BeaconDetector::State::pairOf(Parties::Entry &user, Parties::Entry &host)
{
    const std::uint64_t key = std::uint64_t{user.second.number} << 32U | host.second.number;
    const auto [known, isNew] = byKey.try_emplace(key);
    if (!isNew) {
        pairs.splice(pairs.begin(), pairs, known->second);
        return pairs.front();
    }
    ++user.second.pairs;
    ++host.second.pairs;
    pairs.emplace_front();
    Pair &fresh = pairs.front();
    fresh.user = &user;
    fresh.host = &host;
    fresh.key = key;
    known->second = pairs.begin();
    bytes += kPairBytes;
    evict();
    return fresh;
}

/// Events may come a little out of order; check-ins are kept sorted.
void BeaconDetector::State::add(Pair &pair, const CheckIn &checkIn, std::int64_t id)
{
    if (pair.count == 0) {
        pair.firstCheckIn = checkIn;
        pair.firstId = id;
        pair.count = 1;
        pair.first = pair.last = checkIn.second;
        pair.activeHours = 1;
        pair.lastHour = checkIn.second / 3600;
        bytes += sizeof(CheckIn);
        return;
    }
    if (pair.checkIns.empty()) {
        pair.checkIns.push_back(pair.firstCheckIn);
        pair.ids.push_back(pair.firstId);
    }
    keep(pair, checkIn, id);
}

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

BeaconSeries BeaconDetector::State::seriesOf(const Pair &pair, std::uint32_t second) const
{
    constexpr std::uint32_t kKnowsAges = 7 * 86'400;
    BeaconSeries series;
    series.checkIns = pair.checkIns;
    series.count = pair.count;
    series.spanSeconds = pair.last - pair.first;
    series.activeHours = pair.activeHours;
    series.longestGap = pair.longestGap;
    const Party &host = pair.host->second;
    const auto clients = static_cast<double>(host.pairs);
    // The one client that must be there says nothing; a small organisation has no share below 1 %.
    series.prevalence = (clients - 0.9) / std::max<double>(20, static_cast<double>(users.byName.size()));
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
    const Party &host = pair.host->second;
    const auto clients = static_cast<double>(host.pairs);
    if (clients >= 4 && clients > options.maxPrevalence * static_cast<double>(users.byName.size())) {
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
    BeaconRows rows(block, s.users, s.hosts);
    for (std::size_t row = 0; row < block.rows(); ++row) {
        const Timestamp time = block.times()[row];
        if (time < kMicrosPerSecond || time / kMicrosPerSecond > std::numeric_limits<std::uint32_t>::max() ||
            !rows.counts(row)) {
            continue;
        }
        const auto second = static_cast<std::uint32_t>(time / kMicrosPerSecond);
        const auto parties = rows.parties(row, second, s.nextNumber);
        if (!parties) {
            continue;
        }
        if (s.epoch == 0) {
            s.epoch = second;
        }
        Pair &pair = s.pairOf(*parties->first, *parties->second);
        const std::int64_t before = pair.count;
        s.add(pair, {second, rows.sent(row), rows.received(row)}, firstId + static_cast<std::int64_t>(row));
        if (pair.count != before) {
            s.look(pair, second);
        }
        s.evict();
    }
}

} // namespace nightjar::anomaly
