// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/streamstate.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

/// The detectors one by one. Each says by which formula it scores; severity 70 is where alerts begin.
namespace nightjar::anomaly {

namespace {

constexpr std::uint32_t kDay = 86'400;

std::string number(double value, int decimals = 0)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

StreamFinding made(StreamKind kind, std::string key, double score, std::int64_t events)
{
    StreamFinding finding;
    finding.kind = kind;
    finding.key = std::move(key);
    finding.score = score;
    finding.events = events;
    return finding;
}

/// Bits in the labels as letters drawn by their own frequencies.
double informationBits(std::string_view labels)
{
    std::array<unsigned, 256> counts{};
    unsigned total = 0;
    for (const char c : labels) {
        if (c != '.') {
            ++counts[static_cast<std::uint8_t>(c)];
            ++total;
        }
    }
    double bits = 0;
    for (const unsigned count : counts) {
        if (count != 0) {
            bits -= count * std::log2(static_cast<double>(count) / total);
        }
    }
    return bits;
}

/// Great-circle distance.
double kilometres(float latitudeA, float longitudeA, float latitudeB, float longitudeB)
{
    constexpr double kRadians = std::numbers::pi / 180;
    const double a = latitudeA * kRadians;
    const double b = latitudeB * kRadians;
    const double sine = std::sin((b - a) / 2);
    const double other = std::sin((longitudeB - longitudeA) * kRadians / 2);
    return 2 * 6371 * std::asin(std::min(1.0, std::sqrt(sine * sine + std::cos(a) * std::cos(b) * other * other)));
}

} // namespace

std::string sizeText(double bytes)
{
    constexpr std::array<const char *, 5> kUnits{" B", " KB", " MB", " GB", " TB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) {
        bytes /= 1024;
    }
    return number(bytes, unit == 0 || bytes >= 10 ? 0 : 1) + kUnits[unit];
}

std::string spanText(double seconds)
{
    return seconds < 120    ? number(seconds) + " s"
           : seconds < 7200 ? number(seconds / 60) + " min"
                            : number(seconds / 3600, 1) + " h";
}

/// The first event of the tenant to a host: what its name says is worked out once, here.
void StreamDetector::State::newName(const StreamRow &row, Destination &host, Client &client)
{
    const std::string text = asciiLower(rows->host.text(row.row));
    const std::string_view domain = registrableDomain(text);
    const bool address =
        text.find_first_not_of("0123456789.") == std::string::npos || text.find(':') != std::string::npos;
    if (domain.empty() || address) {
        return;
    }
    std::uint64_t domainHash = row.host;
    if (domain.size() != text.size()) {
        domainHash = std::max<std::uint64_t>(hash64(domain), 2);
        const auto [known, fresh] = destinations.at(domainHash); // `host` does not hold any longer
        if (!fresh) {
            if (row.type == RowType::Dns) {
                tunnel(row, client, text, domain);
            }
            return;
        }
        known->first = row.second;
    } else if (options.names != nullptr) {
        host.severity = static_cast<std::uint8_t>(std::lround(options.names->score(text).severity));
        if (host.severity >= 75) {
            madeUp(row, client, row.host);
        }
        return;
    }
    if (options.names != nullptr) {
        const double severity = options.names->score(text).severity;
        destinations.at(row.host).first->severity = static_cast<std::uint8_t>(std::lround(severity));
        if (severity >= 75) {
            madeUp(row, client, row.host);
        }
    }
}

/// Sum of made-up names, each counted once in a burst, fading by half in ten minutes: 1 for a name that does not exist,
/// 0.3 for one that answers. Severity 70 at five, 100 at twenty.
void StreamDetector::State::madeUp(const StreamRow &row, Client &client, std::uint64_t domain)
{
    const std::uint64_t bit = std::uint64_t{1} << (domain >> 58U);
    const std::uint32_t passed = row.second > client.namesAt ? row.second - client.namesAt : 0;
    if (passed > 3600) {
        client.names = 0;
        client.namesCounted = 0;
        client.namesFrom = row.second;
        client.namesSeen = 0;
    }
    if ((client.namesCounted & bit) != 0 && client.namesSeen < 48) {
        return;
    }
    client.namesCounted |= bit;
    client.names = client.names * static_cast<float>(std::exp2(-static_cast<double>(passed) / 600)) +
                   ((row.flags & (kNoName | kDenied)) != 0 ? 1.0F : 0.3F);
    client.namesAt = std::max(client.namesAt, row.second);
    ++client.namesSeen;
    remember(row, StreamKind::DgaBurst);
    if (client.names < 5) {
        return;
    }
    const std::string host = rows->host.text(row.row);
    StreamFinding finding = made(StreamKind::DgaBurst, "", client.names, client.namesSeen);
    finding.first = client.namesFrom * kMicrosPerSecond;
    finding.features = {{"names made by a program, lately", number(client.names, 1), "below 5"},
                        {"different names since the burst began", std::to_string(client.namesSeen), "0 or 1 an hour"},
                        {"the last one", host, "a word or a brand", false}};
    finding.summary = std::to_string(client.namesSeen) + " names that look made by a program within " +
                      spanText(row.second - client.namesFrom) + ", most of them unanswered; the last one is " + host +
                      ".";
    tell(row, client, std::move(finding), 70 + 15 * std::log2(client.names / 5));
}

/// Names below one domain that the tenant never asked for before: at least 60 in an hour with 50 bits each.
void StreamDetector::State::tunnel(const StreamRow &row, Client &client, std::string_view host, std::string_view domain)
{
    const std::string_view labels = host.substr(0, host.size() - domain.size() - 1);
    Tunnel &known = *tunnels.at(mixed(row.user, hash64(domain))).first;
    if (known.hour != row.second / 3600) {
        known = {row.second / 3600, 0, 0};
    }
    ++known.names;
    known.bits += static_cast<float>(informationBits(labels));
    remember(row, StreamKind::DnsTunnel);
    const double mean = known.bits / static_cast<float>(known.names);
    if (known.names < 60 || known.names % 10 != 0 || mean < 50) {
        return;
    }
    StreamFinding finding = made(StreamKind::DnsTunnel, std::string(domain), known.bits, known.names);
    finding.first = known.hour * std::int64_t{3600} * kMicrosPerSecond;
    finding.features = {{"new names below the domain, this hour", std::to_string(known.names), "below 60"},
                        {"information in a name", number(mean) + " bits", "below 50 bits"},
                        {"in all", sizeText(known.bits / 8), "below 400 B"}};
    finding.summary = std::to_string(known.names) + " names below " + std::string(domain) +
                      " within the hour that nobody asked for before, with " + number(mean) +
                      " bits each: data may leave in the names.";
    tell(row, client, std::move(finding), 60 + 10 * std::log2(known.names / 60.0) + (mean - 50) / 5);
}

/// Bytes sent in the running hour against the hours of the client, drawn towards those of the tenant while it is little
/// known (20 hours' weight); each doubling above the 99 % quantile is 8 points.
void StreamDetector::State::upload(const StreamRow &row, Client &client)
{
    constexpr std::uint64_t kFloor = 20'000'000;
    constexpr unsigned kLearnt = 100;
    remember(row, StreamKind::Upload);
    if (client.sentInHour < kFloor || tenantSent.total() < kLearnt) {
        return;
    }
    const unsigned own = client.sent.total();
    const double usual = (own * client.sent.quantile(0.99) + 20.0 * tenantSent.quantile(0.99)) / (own + 20.0);
    const double doublings = std::log2(static_cast<double>(client.sentInHour)) - usual;
    const bool odd = atUnusualHour(client, row.second);
    const double severity = 50 + 8 * doublings + (odd ? 10 : 0);
    if (severity < options.alertFrom) {
        return;
    }
    StreamFinding finding = made(StreamKind::Upload, rows->host.text(row.row), doublings, 0);
    finding.first = client.hour * std::int64_t{3600} * kMicrosPerSecond;
    finding.features = {
        {"sent in the running hour", sizeText(static_cast<double>(client.sentInHour)),
         "below " + sizeText(std::exp2(usual))},
        {"own hours, 99 % of " + std::to_string(own), "", "below " + sizeText(std::exp2(client.sent.quantile(0.99))),
         false},
        {"hours of all clients, 99 %", "", "below " + sizeText(std::exp2(tenantSent.quantile(0.99))), false},
        {"at an hour without activity before", odd ? "yes" : "no", "no", odd}};
    finding.summary = sizeText(static_cast<double>(client.sentInHour)) + " sent within the hour, the last of it to " +
                      finding.key + "; 99 % of comparable hours stay below " + sizeText(std::exp2(usual)) + ".";
    tell(row, client, std::move(finding), severity);
}

/// Blocked, and all, requests in the running ten minutes against the moving mean of the client's own.
void StreamDetector::State::bursts(const StreamRow &row, Client &client)
{
    ++client.requests;
    const auto told = [&](StreamKind kind, double count, double usual, double severity, const std::string &what) {
        if (severity < options.alertFrom) {
            return;
        }
        StreamFinding finding =
            made(kind, rows->host.text(row.row), count / (usual + 1), static_cast<std::int64_t>(count));
        finding.first = client.window * std::int64_t{600} * kMicrosPerSecond;
        finding.features = {{what + " in ten minutes", number(count), "about " + number(usual, 1)},
                            {"windows that are known", std::to_string(client.windows), "", false}};
        finding.summary = number(count) + " " + what + " within ten minutes, about " + number(usual, 1) +
                          " are usual; the last one to " + finding.key + ".";
        tell(row, client, std::move(finding), severity);
    };
    if ((row.flags & kDenied) != 0) {
        ++client.denied;
        remember(row, StreamKind::BlockBurst);
        if (client.denied >= 60 && client.denied % 16 == 0 && client.windows >= 12) {
            told(StreamKind::BlockBurst, client.denied, client.usualDenied,
                 40 + 12 * std::log2(static_cast<double>(client.denied) / (client.usualDenied + 8)),
                 "blocked requests");
        }
    }
    if (client.requests >= 3000 && client.requests % 256 == 0 && client.windows >= 12) {
        told(StreamKind::RequestBurst, client.requests, client.usualRequests,
             40 + 10 * std::log2(static_cast<double>(client.requests) / (client.usualRequests + 100)), "requests");
    }
}

/// A program, an archive or an upload over a domain that one client alone uses and that is known for less than a day.
void StreamDetector::State::newDomain(const StreamRow &row, Client &client, const Destination &host)
{
    if (row.second - epoch < 2 * kDay || host.users() > 1 || row.second < host.first ||
        row.second - host.first > kDay) {
        return;
    }
    const bool program = (row.flags & kProgram) != 0;
    const bool young = (row.flags & kNewborn) != 0;
    const bool odd = host.severity >= 75;
    const double severity = 45 + (program ? 15 : 0) + (young ? 15 : 0) + (odd ? 15 : 0) +
                            (row.sent >= (std::uint64_t{1} << 20U) ? 10 : 0) +
                            (atUnusualHour(client, row.second) ? 5 : 0);
    if (severity < options.alertFrom) {
        return;
    }
    StreamFinding finding = made(StreamKind::NewDomain, rows->host.text(row.row), severity, 1);
    finding.first = host.first * kMicrosPerSecond;
    finding.features = {
        {"clients that use the host", "1", "several"},
        {"known for", spanText(row.second - host.first), "more than a day"},
        {"carries a program or an archive", program ? "yes" : "no", "no", program},
        {"category", rows->category(row.row), "one of settled domains", young},
        {"sent", sizeText(static_cast<double>(row.sent)), "below 1 MB", row.sent >= (std::uint64_t{1} << 20U)},
        {"severity of the name as made-up", std::to_string(host.severity), "below 75", odd}};
    finding.summary = std::string(program ? "A program or an archive" : "An upload") + " over " + finding.key +
                      ", which nobody else uses and which was first met " + spanText(row.second - host.first) +
                      " before.";
    tell(row, client, std::move(finding), severity);
}

/// Bands of 4, 8 and 12 hours, to hosts that few clients use.
void StreamDetector::State::longConnection(const StreamRow &row, Client &client, const Destination &host)
{
    const std::uint64_t seconds = row.type == RowType::Dns ? 0 : rows->durationSeconds(row.row);
    if (seconds < std::uint64_t{4} * 3600 || host.users() > 3) {
        return;
    }
    StreamFinding finding = made(StreamKind::LongConnection, rows->host.text(row.row), static_cast<double>(seconds), 1);
    finding.first =
        (std::int64_t{row.second} - static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, row.second))) *
        kMicrosPerSecond;
    finding.features = {{"length of the session", spanText(static_cast<double>(seconds)), "below 4 h"},
                        {"clients that use the host", std::to_string(host.users()), "more than 3"}};
    finding.summary = "A session of " + spanText(static_cast<double>(seconds)) + " to " + finding.key +
                      ", which hardly anybody else uses.";
    tell(row, client, std::move(finding),
         seconds >= std::uint64_t{12} * 3600  ? 80
         : seconds >= std::uint64_t{8} * 3600 ? 72
                                              : 60);
}

/// Faster than 1,000 km/h over at least 500 km.
void StreamDetector::State::travel(const StreamRow &row, Client &client)
{
    float latitude = 0;
    float longitude = 0;
    if (!rows->place(row.row, latitude, longitude) || row.second < client.placedAt) {
        return;
    }
    if (client.placedAt != 0) {
        const double distance = kilometres(client.latitude, client.longitude, latitude, longitude);
        const double hours = std::max<double>(row.second - client.placedAt, 60) / 3600;
        if (distance >= 500 && distance / hours > 1000) {
            StreamFinding finding =
                made(StreamKind::ImpossibleTravel, rows->country.text(row.row), distance / hours, 2);
            finding.first = client.placedAt * kMicrosPerSecond;
            finding.features = {{"distance between two places", number(distance) + " km", "below 500 km"},
                                {"time between", spanText(row.second - client.placedAt),
                                 "more than " + spanText(distance / 900 * 3600)},
                                {"speed", number(distance / hours) + " km/h", "below 1000 km/h"}};
            finding.summary =
                "Two places " + number(distance) + " km apart within " + spanText(row.second - client.placedAt) + ".";
            tell(row, client, std::move(finding), 65 + 7 * std::log2(distance / hours / 1000));
        }
    }
    client.placedAt = row.second;
    client.latitude = latitude;
    client.longitude = longitude;
    recent.at(mixed(row.user, static_cast<std::uint64_t>(StreamKind::ImpossibleTravel) + 1)).first->count = 0;
    remember(row, StreamKind::ImpossibleTravel);
}

/// A value that is new to the client and used by nobody else, of a client that seldom has new ones (Good–Turing: new
/// values a day below one in four). Countries and admin actions alert by themselves; agents and applications need an
/// unusual hour, a refusal or a body besides.
void StreamDetector::State::habit(const StreamRow &row, Client &client, std::uint64_t value, std::size_t which)
{
    if (value == 0) {
        return;
    }
    const auto [since, fresh] = habits.at(mixed(mixed(row.user, which + 1), value));
    if (!fresh) {
        return;
    }
    *since = row.second;
    client.novelties[which] = static_cast<std::uint16_t>(std::min(client.novelties[which] + 1, 65'535));
    const auto [tenant, first] = destinations.at(mixed(value, which + 101));
    tenant->first = first ? row.second : tenant->first;
    tenant->use(row.user);
    const double days = row.second > client.first ? static_cast<double>(row.second - client.first) / kDay : 0;
    const double rate = (client.novelties[which] - 1) / std::max(days, 1.0);
    if (days < 3 || tenant->users() > 1 || rate > (which == 1 ? 1 : 0.5) || client.events < 50) {
        return;
    }
    constexpr std::array<double, 4> kSeverity{45, 45, 70, 70};
    constexpr std::array<const char *, 4> kWhat{"user agent", "application", "country", "admin action"};
    const bool odd = atUnusualHour(client, row.second);
    const bool denied = (row.flags & kDenied) != 0;
    const bool body = (row.flags & kBodied) != 0;
    const double severity = kSeverity[which] + (odd ? 15 : 0) + (denied ? 5 : 0) + (body ? 10 : 0);
    if (severity < options.alertFrom) {
        return;
    }
    HashedColumns &column = which == 0   ? rows->agent
                            : which == 1 ? rows->application
                            : which == 2 ? rows->country
                                         : rows->action;
    StreamFinding finding = made(StreamKind::FirstSeen, column.text(row.row), severity, 1);
    finding.features = {
        {std::string(kWhat[which]) + " new to this client and to all", finding.key, "one that was used before"},
        {"new ones of this client", number(rate, 2) + " a day", "", false},
        {"known for", number(days, 1) + " days", "", false},
        {"at an hour without activity before", odd ? "yes" : "no", "no", odd},
        {"sends a body", body ? "yes" : "no", "no", body},
        {"refused", denied ? "yes" : "no", "no", denied}};
    finding.summary = "The " + std::string(kWhat[which]) + " \"" + finding.key +
                      "\" has not been seen before, with this client or any other.";
    tell(row, client, std::move(finding), severity);
}

/// An admin at work at a local hour at which, with the hours beside it, they were on one day at most.
void StreamDetector::State::offHours(const StreamRow &row, Client &client)
{
    remember(row, StreamKind::OffHours);
    if (!atUnusualHour(client, row.second)) {
        return;
    }
    const std::int64_t local = options.zone.toLocal(row.second * kMicrosPerSecond) / kMicrosPerSecond;
    const std::int64_t hour = local / 3600 % 24;
    StreamFinding finding = made(StreamKind::OffHours, "", client.workdays, 1);
    finding.features = {{"hour of the action, " + options.zone.name(), number(static_cast<double>(hour)) + " o'clock",
                         "an hour of earlier days"},
                        {"working days known", std::to_string(client.workdays), "", false}};
    finding.summary = "An admin action at " + number(static_cast<double>(hour)) + " o'clock (" + options.zone.name() +
                      "); in " + std::to_string(client.workdays) +
                      " known working days there was hardly any at that hour.";
    tell(row, client, std::move(finding), 70 + std::min<double>(client.workdays, 20) / 2);
}

} // namespace nightjar::anomaly
