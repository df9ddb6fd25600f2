// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/generations.h"
#include "anomaly/stream.h"
#include "anomaly/streamrows.h"

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

/// What a StreamDetector remembers; for its own .cpp files.
namespace nightjar::anomaly {

constexpr std::size_t kSizeSteps = 40; ///< powers of two of bytes

/// Hourly sums of bytes as powers of two, halved when one step is full.
struct SizeHistogram {
    std::array<std::uint8_t, kSizeSteps> counts{};

    void add(std::uint64_t bytes);
    [[nodiscard]] unsigned total() const;
    /// The power of two that `share` of the hours stay below.
    [[nodiscard]] unsigned quantile(double share) const;
};

/// A user, or a client address where nobody signed in. Times in seconds or in hours and ten minutes since 1970, UTC.
struct Client {
    std::uint64_t sentInHour = 0;
    std::uint64_t namesCounted = 0; ///< Bloom filter of made-up names in the burst
    std::uint32_t first = 0;
    std::uint32_t events = 0;
    std::uint32_t hour = 0;
    std::uint32_t window = 0;                 ///< of ten minutes
    std::uint32_t denied = 0, requests = 0;   ///< in it
    float usualDenied = 0, usualRequests = 0; ///< a window with events, moving mean
    std::uint32_t windows = 0;
    float names = 0; ///< weight of made-up names, fading
    std::uint32_t namesAt = 0, namesFrom = 0, namesSeen = 0;
    std::uint32_t placedAt = 0;
    float latitude = 0, longitude = 0;
    std::uint64_t agent = 0, country = 0;      ///< the last ones
    std::array<std::uint16_t, 4> novelties{};  ///< values met for the first time: agent, application, country, action
    std::array<std::uint8_t, 48> activeDays{}; ///< by local hour, then those of weekends
    std::uint8_t workdays = 0, weekendDays = 0;
    std::uint32_t localHour = 0, localDay = 0; ///< the last ones with events, since 1970
    SizeHistogram sent;
    std::array<std::uint32_t, kStreamKinds> alerted{};  ///< second of the last alert
    std::array<std::uint8_t, kStreamKinds> alertedAt{}; ///< its severity
};

/// A host name or address, a registrable domain, or an agent, application, country or action of the tenant.
struct Destination {
    std::uint32_t first = 0;
    std::uint32_t clients = 0; ///< one bit a client, by hash
    std::uint8_t severity = 0; ///< as a made-up name

    void use(std::uint64_t client) { clients |= std::uint32_t{1} << (client >> 59U); }
    /// About; grows coarse above 30.
    [[nodiscard]] int users() const { return std::popcount(clients); }
};

/// Names below one domain, asked for by one client within an hour.
struct Tunnel {
    std::uint32_t hour = 0;
    std::uint32_t names = 0;
    float bits = 0; ///< information in the labels
};

struct RecentIds {
    std::array<std::int64_t, 16> ids{};
    std::uint32_t count = 0;
};

/// How often findings of each severity came, fading by half in a week: what the budget of alerts is kept by.
struct SeverityRates {
    std::array<double, 101> counts{};
    double days = 0; ///< of the counts, fading likewise
    std::uint32_t day = 0;

    void turn(std::uint32_t today);
    void add(int severity) { counts[static_cast<std::size_t>(severity)] += 1; }
    /// Findings a day of this severity and above, so far.
    [[nodiscard]] double perDay(int severity) const;
};

/// Of one event.
struct StreamRow {
    std::size_t row = 0;
    std::int64_t id = 0;
    std::uint32_t second = 0;
    RowType type = RowType::Other;
    std::uint8_t flags = 0;
    std::uint64_t user = 0, host = 0;
    std::uint64_t sent = 0;
};

struct StreamDetector::State {
    explicit State(StreamOptions given);

    StreamOptions options;
    GenerationTable<Client> clients;
    GenerationTable<Destination> destinations; ///< the tenant's
    GenerationTable<std::uint32_t> habits;     ///< client and value → second of the first use
    GenerationTable<Tunnel> tunnels;
    GenerationTable<RecentIds> recent; ///< client and kind
    SizeHistogram tenantSent;
    SeverityRates rates;
    std::uint32_t epoch = 0; ///< second of the first event
    std::vector<StreamFinding> findings;
    StreamRows *rows = nullptr; ///< during observe()

    void look(const StreamRow &row);
    void turn(Client &client, const StreamRow &row);
    void newName(const StreamRow &row, Destination &host, Client &client);
    void madeUp(const StreamRow &row, Client &client, std::uint64_t domain);
    void tunnel(const StreamRow &row, Client &client, std::string_view host, std::string_view domain);
    void upload(const StreamRow &row, Client &client);
    void bursts(const StreamRow &row, Client &client);
    void newDomain(const StreamRow &row, Client &client, const Destination &host);
    void longConnection(const StreamRow &row, Client &client, const Destination &host);
    void travel(const StreamRow &row, Client &client);
    void habit(const StreamRow &row, Client &client, std::uint64_t value, std::size_t which);
    void offHours(const StreamRow &row, Client &client);

    [[nodiscard]] bool atUnusualHour(const Client &client, std::uint32_t second) const;
    void remember(const StreamRow &row, StreamKind kind);
    /// Fills in who, when and the evidence, and keeps the finding unless it is too weak or was told lately.
    void tell(const StreamRow &row, Client &client, StreamFinding &&finding, double severity);
};

/// "1.5 GB"; "3 h".
std::string sizeText(double bytes);
std::string spanText(double seconds);

} // namespace nightjar::anomaly
