// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconstate.h"
#include "base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>

/// The checkpoint of a BeaconDetector: numbers in base 128 (most are small) and counted texts, a hash over all at the
/// end.
namespace nightjar::anomaly {

namespace {

constexpr std::string_view kMagic = "NJBEACON2";

class Writer {
public:
    void number(std::uint64_t value)
    {
        for (; value >= 0x80U; value >>= 7U) {
            m_out.push_back(static_cast<char>(value | 0x80U));
        }
        m_out.push_back(static_cast<char>(value));
    }
    void text(std::string_view value)
    {
        number(value.size());
        m_out.append(value);
    }
    std::string finish()
    {
        const std::uint64_t hash = hash64(m_out);
        m_out.append(reinterpret_cast<const char *>(&hash), sizeof hash);
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
        for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<std::uint8_t>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80U) {
                return value;
            }
        }
        m_good = false;
        return 0;
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
    out.number(parties.byName.size());
    for (const auto &[name, party] : parties.byName) {
        out.text(name);
        out.number(party.number);
        out.number(party.firstSecond);
    }
}

using ByNumber = std::unordered_map<std::uint32_t, Parties::Entry *>;

ByNumber readParties(Reader &in, Parties &parties)
{
    ByNumber byNumber;
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        std::string name = in.text();
        Party party;
        party.number = in.small();
        party.firstSecond = in.small();
        byNumber[party.number] = &*parties.byName.emplace(std::move(name), party).first;
    }
    return byNumber;
}

void writePair(Writer &out, const Pair &pair)
{
    const bool once = pair.checkIns.empty();
    const auto checkIns = once ? std::span(&pair.firstCheckIn, 1) : std::span(pair.checkIns);
    const auto ids = once ? std::span(&pair.firstId, 1) : std::span(pair.ids);
    for (const std::uint64_t value :
         {std::uint64_t{pair.user->second.number}, std::uint64_t{pair.host->second.number},
          static_cast<std::uint64_t>(pair.count), static_cast<std::uint64_t>(pair.nextLook), std::uint64_t{pair.first},
          std::uint64_t{pair.last}, std::uint64_t{pair.lastHour}, std::uint64_t{pair.activeHours},
          std::uint64_t{pair.longestGap}, std::uint64_t{pair.lastLook}, std::uint64_t{pair.lastAlert},
          std::bit_cast<std::uint64_t>(pair.lastScore), static_cast<std::uint64_t>(pair.lastCount),
          std::uint64_t{checkIns.size()}, std::uint64_t{ids.size()}}) {
        out.number(value);
    }
    for (const CheckIn &one : checkIns) {
        out.number(one.second);
        out.number(one.sent);
        out.number(one.received);
    }
    for (const std::int64_t id : ids) {
        out.number(static_cast<std::uint64_t>(id));
    }
}

/// Nothing where a party is unknown.
std::optional<Pair> readPair(Reader &in, const ByNumber &users, const ByNumber &hosts)
{
    Pair pair;
    const auto user = users.find(in.small());
    const auto host = hosts.find(in.small());
    if (user == users.end() || host == hosts.end()) {
        return std::nullopt;
    }
    pair.user = user->second;
    pair.host = host->second;
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
        CheckIn one;
        one.second = in.small();
        one.sent = in.small();
        one.received = in.small();
        pair.checkIns.push_back(one);
    }
    for (std::uint64_t i = 0; i < ids && in.good(); ++i) {
        pair.ids.push_back(static_cast<std::int64_t>(in.number()));
    }
    if (pair.checkIns.empty() || pair.ids.empty()) {
        return std::nullopt;
    }
    if (pair.count == 1 && pair.ids.size() == 1) {
        pair.firstCheckIn = pair.checkIns.front();
        pair.firstId = pair.ids.front();
        pair.checkIns = {};
        pair.ids = {};
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
    std::uint64_t hash = 0;
    if (bytes.size() < kMagic.size() + sizeof hash || !bytes.starts_with(kMagic)) {
        return damaged();
    }
    std::memcpy(&hash, bytes.data() + bytes.size() - sizeof hash, sizeof hash);
    if (hash != hash64(bytes.substr(0, bytes.size() - sizeof hash))) {
        return damaged();
    }
    Reader in(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - 8));
    BeaconDetector detector(options);
    State &s = *detector.m_state;
    s.nextNumber = in.small();
    s.epoch = in.small();
    s.bytes = in.number();
    const ByNumber users = readParties(in, s.users);
    const ByNumber hosts = readParties(in, s.hosts);
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        std::optional<Pair> pair = readPair(in, users, hosts);
        if (!pair) {
            return damaged();
        }
        ++pair->user->second.pairs;
        ++pair->host->second.pairs;
        pair->key = std::uint64_t{pair->user->second.number} << 32U | pair->host->second.number;
        s.pairs.push_back(std::move(*pair));
        s.byKey.emplace(s.pairs.back().key, std::prev(s.pairs.end()));
    }
    return in.good() ? Result<BeaconDetector>(std::move(detector)) : damaged();
}

} // namespace nightjar::anomaly
