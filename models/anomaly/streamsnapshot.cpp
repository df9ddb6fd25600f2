// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/streamstate.h"

#include "base/hash.h"

#include <cstring>
#include <type_traits>

/// The checkpoint of a StreamDetector: its tables entry by entry as they lie in memory, a hash over all at the end. It
/// is read by the program that wrote it or not at all (the size of the structures is part of the magic).
namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMostBytes = std::size_t{32} << 20U;

std::string magic()
{
    return "NJSTREAM2:" + std::to_string(sizeof(Client)) + ":" + std::to_string(sizeof(Destination)) + ":" +
           std::to_string(kStreamKinds) + "\n";
}

template <typename T>
void put(std::string &out, const T &value)
{
    static_assert(std::is_trivially_copyable_v<T>);
    out.append(reinterpret_cast<const char *>(&value), sizeof value);
}

template <typename T>
bool take(std::string_view &rest, T &value)
{
    if (rest.size() < sizeof value) {
        return false;
    }
    std::memcpy(&value, rest.data(), sizeof value);
    rest.remove_prefix(sizeof value);
    return true;
}

template <typename Value>
void putTable(std::string &out, const GenerationTable<Value> &table)
{
    std::uint64_t counts[2] = {0, 0};
    table.visit([&](bool old, std::uint64_t, const Value &) { ++counts[old ? 0 : 1]; });
    put(out, counts[0]);
    put(out, counts[1]);
    table.visit([&](bool, std::uint64_t key, const Value &value) {
        put(out, key);
        put(out, value);
    });
}

template <typename Value>
bool takeTable(std::string_view &rest, GenerationTable<Value> &table)
{
    std::uint64_t counts[2] = {0, 0};
    if (!take(rest, counts[0]) || !take(rest, counts[1])) {
        return false;
    }
    for (std::size_t generation = 0; generation < 2; ++generation) {
        for (std::uint64_t i = 0; i < counts[generation]; ++i) {
            std::uint64_t key = 0;
            Value value{};
            if (!take(rest, key) || !take(rest, value)) {
                return false;
            }
            *table.at(key).first = value;
        }
        if (generation == 0 && counts[0] != 0) {
            table.age();
        }
    }
    return true;
}

} // namespace

std::string StreamDetector::snapshot() const
{
    const State &s = *m_state;
    if (memoryBytes() > 2 * kMostBytes) {
        return {};
    }
    std::string out = magic();
    put(out, s.epoch);
    put(out, s.tenantSent);
    put(out, s.rates);
    putTable(out, s.clients);
    putTable(out, s.destinations);
    putTable(out, s.habits);
    putTable(out, s.tunnels);
    putTable(out, s.recent);
    put(out, hash64(out));
    return out.size() > kMostBytes ? std::string() : out;
}

Result<StreamDetector> StreamDetector::restore(std::string_view bytes, StreamOptions options)
{
    const auto damaged = [] {
        return fail("NJ-ANOMALY-008", "Cannot read the detectors' checkpoint", "it is damaged or of another version",
                    "The detectors learn again from the stored events.");
    };
    const std::string head = magic();
    std::uint64_t hash = 0;
    if (bytes.size() < head.size() + sizeof hash || !bytes.starts_with(head)) {
        return damaged();
    }
    std::string_view tail = bytes.substr(bytes.size() - sizeof hash);
    take(tail, hash);
    bytes.remove_suffix(sizeof hash);
    if (hash != hash64(bytes)) {
        return damaged();
    }
    StreamDetector detector(std::move(options));
    State &s = *detector.m_state;
    std::string_view rest = bytes.substr(head.size());
    if (!take(rest, s.epoch) || !take(rest, s.tenantSent) || !take(rest, s.rates) || !takeTable(rest, s.clients) ||
        !takeTable(rest, s.destinations) || !takeTable(rest, s.habits) || !takeTable(rest, s.tunnels) ||
        !takeTable(rest, s.recent) || !rest.empty()) {
        return damaged();
    }
    return detector;
}

} // namespace nightjar::anomaly
