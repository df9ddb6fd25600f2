// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace nightjar::anomaly {

/// All that the beacon detector remembers. Private to this room.
struct BeaconState {
    static constexpr std::size_t kMaxSizes = 64;
    static constexpr std::size_t kMaxIds = 25;
    static constexpr std::size_t kMaxCallers = 64; ///< users remembered for a host

    struct Pair {
        std::string user, host;
        std::vector<std::uint32_t> beats; ///< newest check-ins, seconds since 1970
        std::vector<std::uint32_t> sizes; ///< bytes sent
        std::vector<std::int64_t> ids;
        std::int64_t count = 0, posts = 0;
        Timestamp first = kNoTime, last = kNoTime;
        Timestamp toldAt = kNoTime; ///< of the last finding
        double toldScore = 0;
        std::int64_t toldCount = 0;
    };

    std::unordered_map<std::string, Pair> pairs;                         ///< by user, separator, host
    std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> hosts; ///< hash of the host → hashes of its users
    std::unordered_set<std::uint64_t> users;

    /// A format byte, then everything in the machine's byte order.
    [[nodiscard]] std::string toBytes() const;
    /// False when the bytes are not of this format; the state is then unspecified.
    bool fromBytes(std::string_view bytes);
};

} // namespace nightjar::anomaly
