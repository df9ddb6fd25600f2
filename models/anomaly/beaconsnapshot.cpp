// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconstate.h"
#include "base/hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>

/// The checkpoint of a BeaconDetector: numbers in base 128 (most are small) and counted texts, a hash over all at the
/// end.
namespace nightjar::anomaly {

namespace {

constexpr std::string_view kMagic = "NJBEACON3";

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

void writeCheckIn(Writer &out, const CheckIn &one)
{
    out.number(one.second);
    out.number(one.sent);
    out.number(one.received);
}

CheckIn readCheckIn(Reader &in)
{
    CheckIn one;
    one.second = in.small();
    one.sent = in.small();
    one.received = in.small();
    return one;
}

void write(Writer &out, const LightPair &pair)
{
    writeCheckIn(out, pair.first);
    out.number(pair.second.second);
    if (pair.second.second != 0) {
        out.number(pair.second.sent);
        out.number(pair.second.received);
    }
}
void read(Reader &in, LightPair &pair)
{
    pair.first = readCheckIn(in);
    pair.second = {};
    pair.second.second = in.small();
    if (pair.second.second != 0) {
        pair.second.sent = in.small();
        pair.second.received = in.small();
    }
}
void write(Writer &out, const KnownHost &host)
{
    out.number(host.firstSecond);
    out.number(host.clients);
}
void read(Reader &in, KnownHost &host)
{
    host.firstSecond = in.small();
    host.clients = in.small();
}
void write(Writer &out, std::uint32_t value)
{
    out.number(value);
}
void read(Reader &in, std::uint32_t &value)
{
    value = in.small();
}

template <typename Value>
void writeTable(Writer &out, const GenerationTable<Value> &table)
{
    std::array<std::uint64_t, 2> counts{};
    table.visit([&](bool old, std::uint64_t, const Value &) { ++counts[old ? 0 : 1]; });
    out.number(counts[0]);
    out.number(counts[1]);
    table.visit([&](bool, std::uint64_t key, const Value &value) {
        out.number(key);
        write(out, value);
    });
}

template <typename Value>
void readTable(Reader &in, GenerationTable<Value> &table)
{
    const std::array<std::uint64_t, 2> counts{in.number(), in.number()};
    for (std::size_t generation = 0; generation < counts.size(); ++generation) {
        for (std::uint64_t i = 0; i < counts[generation] && in.good(); ++i) {
            const std::uint64_t key = in.number();
            read(in, *table.at(key).first);
        }
        if (generation == 0 && counts[0] != 0) {
            table.age();
        }
    }
}

void writePair(Writer &out, const Pair &pair)
{
    out.text(pair.user);
    out.text(pair.host);
    for (const std::uint64_t value :
         {pair.key, pair.hostHash, static_cast<std::uint64_t>(pair.count), static_cast<std::uint64_t>(pair.nextLook),
          std::uint64_t{pair.first}, std::uint64_t{pair.last}, std::uint64_t{pair.lastHour},
          std::uint64_t{pair.activeHours}, std::uint64_t{pair.longestGap}, std::uint64_t{pair.lastLook},
          std::uint64_t{pair.lastAlert}, std::bit_cast<std::uint64_t>(pair.lastScore),
          static_cast<std::uint64_t>(pair.lastCount), std::uint64_t{pair.checkIns.size()},
          std::uint64_t{pair.ids.size()}}) {
        out.number(value);
    }
    for (const CheckIn &one : pair.checkIns) {
        writeCheckIn(out, one);
    }
    for (const std::int64_t id : pair.ids) {
        out.number(static_cast<std::uint64_t>(id));
    }
}

/// Nothing where it says too little.
std::optional<Pair> readPair(Reader &in)
{
    Pair pair;
    pair.user = in.text();
    pair.host = in.text();
    pair.key = in.number();
    pair.hostHash = in.number();
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
        pair.checkIns.push_back(readCheckIn(in));
    }
    for (std::uint64_t i = 0; i < ids && in.good(); ++i) {
        pair.ids.push_back(static_cast<std::int64_t>(in.number()));
    }
    return pair.checkIns.empty() ? std::nullopt : std::optional(std::move(pair));
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
    out.number(m_state->epoch);
    out.number(m_state->bytes);
    out.number(m_state->clients);
    writeTable(out, m_state->light);
    writeTable(out, m_state->hosts);
    writeTable(out, m_state->users);
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
    s.epoch = in.small();
    s.bytes = in.number();
    s.clients = in.small();
    readTable(in, s.light);
    readTable(in, s.hosts);
    readTable(in, s.users);
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        std::optional<Pair> pair = readPair(in);
        if (!pair) {
            return damaged();
        }
        s.pairs.push_back(std::move(*pair));
        s.byKey.emplace(s.pairs.back().key, std::prev(s.pairs.end()));
    }
    return in.good() ? Result<BeaconDetector>(std::move(detector)) : damaged();
}

} // namespace nightjar::anomaly
