// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "intel/indicator.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Byte form of indicator values inside an IndicatorSet: one byte for the kind, then what sorts well.
namespace nightjar::intel::keys {

constexpr char kDomain = 'D';   ///< the name backwards
constexpr char kUrl = 'U';      ///< the URL key
constexpr char kAddress4 = 'A'; ///< 4 bytes, then the port in 2
constexpr char kAddress6 = 'B'; ///< 16 bytes, then the port in 2
constexpr char kNetwork = 'C';  ///< 16 bytes, then the length of the prefix
constexpr char kHash = 'H';     ///< the digest's bytes
constexpr char kEmail = 'E';
constexpr char kAgent = 'G';   ///< a user agent, as written
constexpr char kUrlHost = 'h'; ///< filter only: a host that has URL indicators

inline std::string reversed(std::string_view text)
{
    return {text.rbegin(), text.rend()};
}

/// Of an address without port.
inline std::string ofAddress(const IpAddress &address)
{
    const auto &bytes = address.bytes();
    std::string key(1, address.isV4() ? kAddress4 : kAddress6);
    for (std::size_t i = address.isV4() ? 12 : 0; i < bytes.size(); ++i) {
        key.push_back(static_cast<char>(bytes[i]));
    }
    return key;
}

/// Key of an indicator; empty when its value is not in canonical form.
std::string ofIndicator(const Indicator &indicator);
/// The other way: type, value and port.
Indicator toIndicator(std::string_view key);
/// Host part of a URL key, without brackets and port.
std::string_view hostOfUrl(std::string_view url);

/// Hash for the filter; the kind is mixed into the seed so that no text need be put together.
std::uint64_t filterHash(char kind, std::string_view text, std::uint64_t seed);

} // namespace nightjar::intel::keys
