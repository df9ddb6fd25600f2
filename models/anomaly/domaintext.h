// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Domain names as the model of generated names sees them.
namespace nightjar::anomaly {

struct DomainParts {
    std::string whole;  ///< lower case, without a dot at the end, at most 253 bytes
    std::string core;   ///< the label that somebody chose: the first of the registrable domain, or under a dynamic-DNS
                        ///< domain the one in front of it
    std::string suffix; ///< what follows the core
};
DomainParts domainPartsOf(std::string_view name);

/// Hash of a short text, the same on every machine.
std::uint64_t textHash(std::string_view text, std::uint64_t seed = 0);

/// One group of characters of the whole name, and how strongly it counts.
struct Gram {
    std::uint32_t slot = 0; ///< below 2^kGramBits
    float value = 0;        ///< 1 + ln(times that it occurs)
};
constexpr unsigned kGramBits = 18;
constexpr std::size_t kGramLength = 4;
/// The groups of one to four characters of "^whole$", each slot once.
std::vector<Gram> gramsOf(std::string_view whole);

} // namespace nightjar::anomaly
