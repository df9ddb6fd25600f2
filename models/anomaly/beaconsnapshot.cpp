// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconstate.h"
#include "base/hash.h"

#include <algorithm>
#include <bit>
#include <iterator>

/// The checkpoint of a BeaconDetector: little-endian numbers and counted texts, a hash over all at the end.
namespace nightjar::anomaly {

namespace {

constexpr std::string_view kMagic = "NJBEACON1";

class Writer {
public:
    void number(std::uint64_t value)
    {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            m_out.push_back(static_cast<char>(value >> shift & 0xFFU));
        }
    }
    void text(std::string_view value)
    {
        number(value.size());
        m_out.append(value);
    }
    std::string finish()
    {
        number(hash64(m_out));
        return std::move(m_out);
    }

private:
    std::string m_out{kMagic};
};

class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_rest(bytes)
    {
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        if (m_rest.size() < 8) {
            m_good = false;
            return 0;
        }
        for (unsigned i = 0; i < 8; ++i) {
            value |= std::uint64_t{static_cast<std::uint8_t>(m_rest[i])} << (8 * i);
        }
        m_rest.remove_prefix(8);
        return value;
    }
    std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
    std::string text()
    {
        const std::uint64_t size = number();
        if (size > m_rest.size()) {
            m_good = false;
            return {};
        }
        std::string out(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
        return out;
    }
    [[nodiscard]] bool good() const { return m_good; }

private:
    std::string_view m_rest;
    bool m_good = true;
};

void writeParties(Writer &out, const Parties &parties)
{
    out.number(parties.size());
    for (const auto &[name, party] : parties) {
        out.text(name);
        out.number(party.number);
        out.number(party.firstSecond);
    }
}

void readParties(Reader &in, Parties &parties)
{
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        std::string name = in.text();
        Party party;
        party.number = in.small();
        party.firstSecond = in.small();
        parties.emplace(std::move(name), party);
    }
}

void writePair(Writer &out, const Pair &pair)
{
    out.text(pair.user);
    out.text(pair.host);
    for (const std::uint64_t value :
         {static_cast<std::uint64_t>(pair.count), static_cast<std::uint64_t>(pair.nextLook), std::uint64_t{pair.first},
          std::uint64_t{pair.last}, std::uint64_t{pair.lastHour}, std::uint64_t{pair.activeHours},
          std::uint64_t{pair.longestGap}, std::uint64_t{pair.lastLook}, std::uint64_t{pair.lastAlert},
          std::bit_cast<std::uint64_t>(pair.lastScore), static_cast<std::uint64_t>(pair.lastCount),
          std::uint64_t{pair.checkIns.size()}, std::uint64_t{pair.ids.size()}}) {
        out.number(value);
    }
    for (const CheckIn &one : pair.checkIns) {
        out.number(std::uint64_t{one.second} << 32U | one.sent);
        out.number(one.received);
    }
    for (const std::int64_t id : pair.ids) {
        out.number(static_cast<std::uint64_t>(id));
    }
}

Pair readPair(Reader &in)
{
    Pair pair;
    pair.user = in.text();
    pair.host = in.text();
    pair.count = static_cast<std::int64_t>(in.number());
    pair.nextLook = static_cast<std::int64_t>(in.number());
    for (std::uint32_t *value : {&pair.first, &pair.last, &pair.lastHour, &pair.activeHours, &pair.longestGap,
                                 &pair.lastLook, &pair.lastAlert}) {
        *value = in.small();
    }
    pair.lastScore = std::bit_cast<double>(in.number());
    pair.lastCount = static_cast<std::int64_t>(in.number());
    const std::uint64_t checkIns = std::min<std::uint64_t>(in.number(), kKeptCheckIns);
    const std::uint64_t ids = std::min<std::uint64_t>(in.number(), kKeptIds);
    for (std::uint64_t i = 0; i < checkIns && in.good(); ++i) {
        const std::uint64_t both = in.number();
        pair.checkIns.push_back(
            {static_cast<std::uint32_t>(both >> 32U), static_cast<std::uint32_t>(both), in.small()});
    }
    for (std::uint64_t i = 0; i < ids && in.good(); ++i) {
        pair.ids.push_back(static_cast<std::int64_t>(in.number()));
    }
    return pair;
}

tl::unexpected<Error> damaged()
{
    return fail("NJ-ANOMALY-002", "Cannot read the detector's checkpoint", "it is damaged or of another version",
                "The detector learns again from the stored events.");
}

} // namespace

std::string BeaconDetector::snapshot() const
{
    Writer out;
    out.number(m_state->nextNumber);
    out.number(m_state->epoch);
    out.number(m_state->bytes);
    writeParties(out, m_state->users);
    writeParties(out, m_state->hosts);
    out.number(m_state->pairs.size());
    for (const Pair &pair : m_state->pairs) {
        writePair(out, pair);
    }
    return out.finish();
}

Result<BeaconDetector> BeaconDetector::restore(std::string_view bytes, BeaconOptions options)
{
    if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic) ||
        Reader(bytes.substr(bytes.size() - 8)).number() != hash64(bytes.substr(0, bytes.size() - 8))) {
        return damaged();
    }
    Reader in(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - 8));
    BeaconDetector detector(options);
    State &s = *detector.m_state;
    s.nextNumber = in.small();
    s.epoch = in.small();
    s.bytes = in.number();
    readParties(in, s.users);
    readParties(in, s.hosts);
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        Pair pair = readPair(in);
        const auto user = s.users.find(pair.user);
        const auto host = s.hosts.find(pair.host);
        if (user == s.users.end() || host == s.hosts.end()) {
            return damaged();
        }
        ++user->second.pairs;
        ++host->second.pairs;
        pair.key = std::uint64_t{user->second.number} << 32U | host->second.number;
        s.pairs.push_back(std::move(pair));
        s.byKey.emplace(s.pairs.back().key, std::prev(s.pairs.end()));
    }
    return in.good() ? Result<BeaconDetector>(std::move(detector)) : damaged();
}

} // namespace nightjar::anomaly
