// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/stream.h"

#include "anomaly/streamstate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nightjar::anomaly {

std::string_view name(StreamKind kind)
{
    constexpr std::array<std::string_view, kStreamKinds> kNames{
        "dga-burst",  "dns-tunnel", "upload",          "block-burst",       "request-burst",
        "first-seen", "new-domain", "long-connection", "impossible-travel", "off-hours"};
    return kNames[static_cast<std::size_t>(kind)];
}

void SizeHistogram::add(std::uint64_t bytes)
{
    const std::size_t step = std::min<std::size_t>(std::bit_width(bytes), kSizeSteps - 1);
    if (counts[step] == std::numeric_limits<std::uint8_t>::max()) {
        for (std::uint8_t &count : counts) {
            count = static_cast<std::uint8_t>((count + 1U) / 2);
        }
    }
    ++counts[step];
}

unsigned SizeHistogram::total() const
{
    unsigned sum = 0;
    for (const std::uint8_t count : counts) {
        sum += count;
    }
    return sum;
}

unsigned SizeHistogram::quantile(double share) const
{
    const auto above = static_cast<unsigned>((1 - share) * total());
    unsigned seen = 0;
    for (std::size_t step = kSizeSteps; step > 0; --step) {
        seen += counts[step - 1];
        if (seen > above) {
            return static_cast<unsigned>(step - 1);
        }
    }
    return 0;
}

void SeverityRates::turn(std::uint32_t today)
{
    if (today <= day) {
        return;
    }
    const double passed = day == 0 ? 1 : today - day;
    const double kept = std::exp2(-passed / 7);
    for (double &count : counts) {
        count *= kept;
    }
    days = days * kept + std::min(passed, 14.0);
    day = today;
}

double SeverityRates::perDay(int severity) const
{
    double sum = 0;
    for (std::size_t at = static_cast<std::size_t>(severity); at < counts.size(); ++at) {
        sum += counts[at];
    }
    return sum / std::max(days, 1.0);
}

StreamDetector::State::State(StreamOptions given)
    : options(std::move(given))
    , clients(options.maxClients)
    , destinations(options.maxDestinations)
    , habits(options.maxHabits)
    , tunnels(std::size_t{1} << 16U)
    , recent(std::size_t{1} << 14U)
{
}

StreamDetector::StreamDetector(StreamOptions options)
    : m_state(std::make_unique<State>(std::move(options)))
{
}
StreamDetector::~StreamDetector() = default;
StreamDetector::StreamDetector(StreamDetector &&) noexcept = default;
StreamDetector &StreamDetector::operator=(StreamDetector &&) noexcept = default;

std::vector<StreamFinding> StreamDetector::takeFindings()
{
    return std::exchange(m_state->findings, {});
}

std::size_t StreamDetector::memoryBytes() const
{
    const State &s = *m_state;
    return s.clients.bytes() + s.destinations.bytes() + s.habits.bytes() + s.tunnels.bytes() + s.recent.bytes();
}

void StreamDetector::State::remember(const StreamRow &row, StreamKind kind)
{
    RecentIds &ids = *recent.at(mixed(row.user, static_cast<std::uint64_t>(kind) + 1)).first;
    ids.ids[ids.count % ids.ids.size()] = row.id;
    ++ids.count;
}

void StreamDetector::State::tell(const StreamRow &row, Client &client, StreamFinding &&finding, double severity)
{
    const auto kind = static_cast<std::size_t>(finding.kind);
    finding.severity = static_cast<int>(std::lround(std::clamp(severity, 0.0, 100.0)));
    const std::uint32_t last = client.alerted[kind];
    const bool silent = last != 0 && (row.second < last || row.second - last < options.refractorySeconds) &&
                        finding.severity < client.alertedAt[kind] + 15;
    if (finding.severity < options.alertFrom || silent) {
        return;
    }
    client.alerted[kind] = row.second;
    client.alertedAt[kind] = static_cast<std::uint8_t>(finding.severity);
    rates.turn(row.second / 86'400);
    const double before = rates.perDay(finding.severity);
    rates.add(finding.severity);
    if (before >= options.alertsPerDay) {
        return; // so many as severe come anyway
    }
    finding.expectedPerDay = before;
    finding.entity = rows->user.text(row.row);
    finding.time = row.second * kMicrosPerSecond;
    finding.first = finding.first == kNoTime ? finding.time : finding.first;
    const RecentIds &ids = *recent.at(mixed(row.user, kind + 1)).first;
    finding.evidence.assign(ids.ids.begin(),
                            ids.ids.begin() + std::min<std::ptrdiff_t>(ids.count, std::ssize(ids.ids)));
    finding.evidence.push_back(row.id);
    std::sort(finding.evidence.begin(), finding.evidence.end());
    finding.evidence.erase(std::unique(finding.evidence.begin(), finding.evidence.end()), finding.evidence.end());
    findings.push_back(std::move(finding));
}

bool StreamDetector::State::atUnusualHour(const Client &client, std::uint32_t second) const
{
    const std::int64_t local = options.zone.toLocal(second * kMicrosPerSecond) / kMicrosPerSecond;
    const std::int64_t day = local / 86'400;
    const bool weekend = (day + 3) % 7 >= 5;
    const unsigned days = weekend ? client.weekendDays : client.workdays;
    if (client.workdays < 8) {
        return false; // not known well enough
    }
    const std::int64_t hour = local / 3600 % 24;
    unsigned seen = 0;
    for (const std::int64_t near : {hour + 23, hour, hour + 1}) {
        seen += client.activeDays[static_cast<std::size_t>(near % 24 + (weekend ? 24 : 0))];
    }
    return seen <= 1 && (days >= 2 || !weekend || client.workdays >= 10);
}

/// Ends the hour and the ten minutes that lie behind, and notes when the client is active.
void StreamDetector::State::turn(Client &client, const StreamRow &row)
{
    if (const std::uint32_t window = row.second / 600; window > client.window) {
        if (client.window != 0) {
            const float weight = 1.0F / static_cast<float>(std::min(++client.windows, 64U));
            client.usualDenied += (static_cast<float>(client.denied) - client.usualDenied) * weight;
            client.usualRequests += (static_cast<float>(client.requests) - client.usualRequests) * weight;
        }
        client.window = window;
        client.denied = client.requests = 0;
    }
    if (const std::uint32_t hour = row.second / 3600; hour > client.hour) {
        if (client.hour != 0) {
            client.sent.add(client.sentInHour);
            tenantSent.add(client.sentInHour);
        }
        client.hour = hour;
        client.sentInHour = 0;
    }
}

/// Behind the detectors, so that they compare with the past.
static void noteActivity(Client &client, std::int64_t local)
{
    const auto hour = static_cast<std::uint32_t>(local / 3600);
    if (hour <= client.localHour) {
        return;
    }
    const std::uint32_t day = hour / 24;
    const bool weekend = (day + 3) % 7 >= 5;
    const auto raise = [](std::uint8_t &count) { count = static_cast<std::uint8_t>(std::min(count + 1, 255)); };
    if (day != client.localDay) {
        raise(weekend ? client.weekendDays : client.workdays);
        client.localDay = day;
    }
    raise(client.activeDays[hour % 24 + (weekend ? 24 : 0)]);
    client.localHour = hour;
}

void StreamDetector::State::look(const StreamRow &row)
{
    const auto [known, isNew] = clients.at(row.user);
    Client &client = *known;
    if (isNew) {
        client.first = row.second;
    }
    ++client.events;
    const bool hourTurns = row.second / 3600 != client.localHour || client.hour != row.second / 3600;
    turn(client, row);
    client.sentInHour += row.sent;
    bursts(row, client);
    if (row.sent >= (std::uint64_t{1} << 18U)) {
        upload(row, client);
    }
    if (row.type == RowType::Audit) {
        offHours(row, client);
        habit(row, client, rows->action.hash(row.row), 3);
    } else {
        if (const std::uint64_t agent = rows->agent.hash(row.row); agent != client.agent && agent != 0) {
            habit(row, client, agent, 0);
            client.agent = agent;
        }
        habit(row, client, rows->application.hash(row.row), 1);
    }
    if (const std::uint64_t country = rows->country.hash(row.row); country != client.country && country != 0) {
        habit(row, client, country, 2);
        client.country = country;
    }
    travel(row, client);
    if (row.host != 0) {
        const auto [host, fresh] = destinations.at(row.host);
        if (fresh) {
            host->first = row.second;
            newName(row, *host, client);
        }
        Destination &destination = fresh ? *destinations.at(row.host).first : *host;
        destination.use(row.user);
        if (destination.severity >= 75 && !fresh) {
            madeUp(row, client, row.host);
        }
        if ((row.flags & kProgram) != 0 || row.sent >= (std::uint64_t{1} << 20U)) {
            newDomain(row, client, destination);
        }
        longConnection(row, client, destination);
    }
    if (hourTurns) {
        noteActivity(client, options.zone.toLocal(row.second * kMicrosPerSecond) / kMicrosPerSecond);
    }
}

void StreamDetector::observe(const event::EventBlock &block, std::int64_t firstId)
{
    StreamRows rows(block);
    State &s = *m_state;
    s.rows = &rows;
    for (std::size_t at = 0; at < block.rows(); ++at) {
        const Timestamp time = block.times()[at];
        if (time < kMicrosPerSecond || time / kMicrosPerSecond > std::numeric_limits<std::uint32_t>::max()) {
            continue;
        }
        StreamRow row;
        row.user = rows.user.hash(at);
        if (row.user == 0) {
            continue;
        }
        row.row = at;
        row.id = firstId + static_cast<std::int64_t>(at);
        row.second = static_cast<std::uint32_t>(time / kMicrosPerSecond);
        row.type = rows.type(at);
        row.flags = rows.flags(at);
        row.host = row.type == RowType::Audit ? 0 : rows.host.hash(at);
        row.sent = rows.sent(at);
        s.epoch = s.epoch == 0 ? row.second : s.epoch;
        s.look(row);
    }
    s.rows = nullptr;
}

} // namespace nightjar::anomaly
