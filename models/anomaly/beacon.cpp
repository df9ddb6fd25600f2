// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beacon.h"

#include "anomaly/beaconstate.h"

#include <algorithm>
#include <array>
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

/// Value of an Integer column as a bounded size; 0 when absent.
std::uint32_t sizeAt(const event::Column *column, std::size_t row)
{
    if (column == nullptr || column->kind() != event::Kind::Integer || column->code(row) < event::kFirstEntry) {
        return 0;
    }
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(column->integer(column->code(row) - event::kFirstEntry),
                                                               0, std::numeric_limits<std::uint32_t>::max()));
}

/// The columns of one block that matter here.
class Rows {
public:
    explicit Rows(const event::EventBlock &block)
        : m_type(block.column(event::Field::LogType))
        , m_sessions(block.column("zscaler.numsessions"))
        , m_users{block.column(event::Field::UserName), block.column(event::Field::SourceIp)}
        , m_hosts{block.column(event::Field::UrlDomain), block.column(event::Field::DestinationDomain),
                  block.column(event::Field::DestinationIp)}
        , m_sent(block.column(event::Field::SourceBytes))
        , m_received(block.column(event::Field::DestinationBytes))
    {
    }
    [[nodiscard]] bool counts(std::size_t row)
    {
        const std::string_view type = m_type == nullptr ? std::string_view() : m_type->value(row, m_scratch);
        if (type == "dns" || type == "audit") {
            return false;
        }
        const std::string_view sessions =
            m_sessions == nullptr ? std::string_view() : m_sessions->value(row, m_scratch);
        return sessions.empty() || sessions == "0" || sessions == "1";
    }
    [[nodiscard]] std::string_view user(std::size_t row) { return firstOf(m_users, row, m_userScratch); }
    [[nodiscard]] std::string_view host(std::size_t row) { return firstOf(m_hosts, row, m_hostScratch); }
    [[nodiscard]] std::uint32_t sent(std::size_t row) const { return sizeAt(m_sent, row); }
    [[nodiscard]] std::uint32_t received(std::size_t row) const { return sizeAt(m_received, row); }

private:
    template <std::size_t N>
    static std::string_view firstOf(const std::array<const event::Column *, N> &columns, std::size_t row,
                                    std::string &scratch)
    {
        for (const event::Column *column : columns) {
            const std::string_view value = column == nullptr ? std::string_view() : column->value(row, scratch);
            if (!value.empty() && value.size() <= 256) {
                return value;
            }
        }
        return {};
    }
    const event::Column *m_type;
    const event::Column *m_sessions;
    std::array<const event::Column *, 2> m_users;
    std::array<const event::Column *, 3> m_hosts;
    const event::Column *m_sent;
    const event::Column *m_received;
    std::string m_scratch, m_userScratch, m_hostScratch;
};

Party &partyOf(Parties &parties, std::string_view name, std::uint32_t second, std::uint32_t &nextNumber)
{
    if (const auto found = parties.find(name); found != parties.end()) {
        return found->second;
    }
    return parties.emplace(std::string(name), Party{nextNumber++, 0, second}).first->second;
}

void leave(Parties &parties, const std::string &name)
{
    const auto found = parties.find(name);
    if (found != parties.end() && --found->second.pairs == 0) {
        parties.erase(found);
    }
}

} // namespace

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
    bytes -= std::min(bytes, kPairBytes + pair->checkIns.size() * sizeof(CheckIn));
    leave(users, pair->user);
    leave(hosts, pair->host);
    byKey.erase(pair->key);
    pairs.erase(pair);
}

void BeaconDetector::State::evict()
{
    while (pairs.size() > 1 && (pairs.size() > options.maxPairs || bytes > options.maxBytes)) {
        forget(std::prev(pairs.end()));
    }
}

Pair &BeaconDetector::State::pairOf(std::string_view user, std::string_view host, std::uint32_t second)
{
    Party &from = partyOf(users, user, second, nextNumber);
    Party &to = partyOf(hosts, host, second, nextNumber);
    const std::uint64_t key = std::uint64_t{from.number} << 32U | to.number;
    if (const auto found = byKey.find(key); found != byKey.end()) {
        pairs.splice(pairs.begin(), pairs, found->second);
        return pairs.front();
    }
    ++from.pairs;
    ++to.pairs;
    Pair fresh;
    fresh.user = user;
    fresh.host = host;
    fresh.key = key;
    pairs.push_front(std::move(fresh));
    byKey.emplace(key, pairs.begin());
    bytes += kPairBytes;
    evict();
    return pairs.front();
}

/// Events may come a little out of order; check-ins are kept sorted.
void BeaconDetector::State::add(Pair &pair, const CheckIn &checkIn, std::int64_t id)
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
    if (pair.count == 0) {
        pair.first = pair.last = checkIn.second;
    } else if (checkIn.second > pair.last) {
        pair.longestGap = std::max(pair.longestGap, checkIn.second - pair.last);
    }
    const std::uint32_t hour = checkIn.second / 3600;
    if (pair.count == 0 || hour != pair.lastHour) {
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
    const auto host = hosts.find(pair.host);
    const double clients = host == hosts.end() ? 1 : static_cast<double>(host->second.pairs);
    // The one client that must be there says nothing; a small organisation has no share below 1 %.
    series.prevalence = (clients - 0.9) / std::max<double>(20, static_cast<double>(users.size()));
    if (second >= epoch && second - epoch >= kKnowsAges && host != hosts.end() && second >= host->second.firstSecond) {
        series.ageDays = static_cast<double>(second - host->second.firstSecond) / 86'400.0;
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
    const auto host = hosts.find(pair.host);
    const double clients = host == hosts.end() ? 1 : static_cast<double>(host->second.pairs);
    if (clients >= 4 && clients > options.maxPrevalence * static_cast<double>(users.size())) {
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
    Rows rows(block);
    for (std::size_t row = 0; row < block.rows(); ++row) {
        const Timestamp time = block.times()[row];
        if (time < kMicrosPerSecond || time / kMicrosPerSecond > std::numeric_limits<std::uint32_t>::max() ||
            !rows.counts(row)) {
            continue;
        }
        const std::string_view user = rows.user(row);
        const std::string_view host = rows.host(row);
        if (user.empty() || host.empty()) {
            continue;
        }
        const auto second = static_cast<std::uint32_t>(time / kMicrosPerSecond);
        if (s.epoch == 0) {
            s.epoch = second;
        }
        Pair &pair = s.pairOf(user, host, second);
        const std::int64_t before = pair.count;
        s.add(pair, {second, rows.sent(row), rows.received(row)}, firstId + static_cast<std::int64_t>(row));
        if (pair.count != before) {
            s.look(pair, second);
        }
        s.evict();
    }
}

} // namespace nightjar::anomaly
