// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::sigma {

constexpr Timestamp kOpenTime = std::numeric_limits<Timestamp>::max();

/// Groups of a list-valued event that are looked at; further combinations are left out.
constexpr std::size_t kMaxGroupsOfEvent = 16;
/// Values of one event that are looked at.
constexpr std::size_t kMaxValuesOfEvent = 256;

/// What one event brings to one correlation and group.
struct CorrelationInput {
    std::uint32_t correlation = 0;
    std::uint32_t key = 0;        ///< index into CorrelationHits::keys
    std::uint64_t slots = 0;      ///< references that the event matched, as bits
    std::uint32_t firstValue = 0; ///< in CorrelationHits::values
    std::uint32_t values = 0;
};

/// What one block of events brings to the correlations: small, without reference to the block. Plain value.
struct CorrelationHits {
    struct Key {
        std::uint64_t hash = 0;
        std::size_t at = 0; ///< in `text`
        std::size_t size = 0;
    };
    struct Event {
        Timestamp time = kNoTime;
        Timestamp seen = kNoTime; ///< newest time of the block's rows up to this one, in order of arrival
        std::uint32_t row = 0;
        std::uint32_t firstInput = 0;
        std::uint32_t inputs = 0; ///< in order of correlation
    };

    std::uint64_t set = 0;     ///< fingerprint of the set that collected
    std::vector<Event> events; ///< in order of rows
    std::vector<CorrelationInput> inputs;
    std::vector<Key> keys;
    std::string text;                  ///< of the keys, see encodeGroup()
    std::vector<std::uint64_t> values; ///< hashes (value_count) or the bits of doubles
    Timestamp newest = kNoTime;        ///< of all rows
    std::uint32_t undated = 0;         ///< matches without a time: left out
    std::uint32_t future = 0;          ///< matches later than allowed: left out

    [[nodiscard]] std::string_view key(const Key &one) const { return std::string_view(text).substr(one.at, one.size); }
};

/// Group values as one text: a single value as it is, several each behind its length.
void appendGroupValue(std::string &out, std::string_view value, std::size_t fields);
/// The values again; `fields` of them.
std::vector<std::string> decodeGroup(std::string_view key, std::size_t fields);

} // namespace nightjar::sigma
