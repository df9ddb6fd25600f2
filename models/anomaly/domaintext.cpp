// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/domaintext.h"

#include "base/domain.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMostBytes = 253;

/// Domains under which anybody gets a name, and that the public suffix list does not know as such.
constexpr std::array<std::string_view, 36> kDynamicDns{
    "afraid.org",      "chickenkiller.com", "crabdance.com",  "ddnsfree.com",
    "dns-dns.com",     "dnsd.me",           "dtdns.net",      "duia.us",
    "dynamic-dns.net", "dyndns.info",       "dynserv.com",    "dynserv.net",
    "dynserv.org",     "dynu.com",          "giize.com",      "ignorelist.com",
    "jumpingcrab.com", "kozow.com",         "loseyourip.com", "mooo.com",
    "mrbasic.com",     "my03.com",          "myddns.com",     "ooguy.com",
    "ourhobby.com",    "strangled.net",     "toh.info",       "twilightparadox.com",
    "us.to",           "xxuz.com",          "yi.org",         "zenno.info",
    "zyns.com",        "changeip.org",      "dsmtp.com",      "casacam.net"};

std::uint64_t mix(std::uint64_t z)
{
    z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27U) * 0x94D049BB133111EBULL;
    return z ^ z >> 31U;
}

} // namespace

std::uint64_t textHash(std::string_view text, std::uint64_t seed)
{
    std::uint64_t hash = seed + 0x9E3779B97F4A7C15ULL * (text.size() + 1);
    for (const char c : text) {
        hash = hash * 0x100000001B3ULL + static_cast<std::uint8_t>(c) + 1;
    }
    return mix(hash);
}

DomainParts domainPartsOf(std::string_view name)
{
    DomainParts out;
    name = trim(name);
    while (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    out.whole = asciiLower(name.substr(0, kMostBytes));
    std::string_view chosen = registrableDomain(out.whole);
    if (chosen.empty()) {
        chosen = out.whole;
    }
    if (chosen.size() < out.whole.size() &&
        std::find(kDynamicDns.begin(), kDynamicDns.end(), chosen) != kDynamicDns.end()) {
        const std::size_t before = out.whole.size() - chosen.size() - 1; // the dot in front
        const std::size_t dot = before == 0 ? std::string::npos : out.whole.rfind('.', before - 1);
        chosen = std::string_view(out.whole).substr(dot == std::string::npos ? 0 : dot + 1);
    }
    const std::size_t dot = chosen.find('.');
    out.core = chosen.substr(0, dot);
    out.suffix = dot == std::string_view::npos ? std::string_view() : chosen.substr(dot + 1);
    return out;
}

std::vector<Gram> gramsOf(std::string_view whole)
{
    const std::string text = "^" + std::string(whole) + "$";
    std::vector<std::uint32_t> slots;
    slots.reserve(text.size() * kGramLength);
    for (std::size_t start = 0; start < text.size(); ++start) {
        std::uint64_t hash = 0;
        for (std::size_t n = 1; n <= kGramLength && start + n <= text.size(); ++n) {
            hash = hash * 257 + static_cast<std::uint8_t>(text[start + n - 1]) + 1;
            slots.push_back(static_cast<std::uint32_t>(mix(hash + n * 0x9E3779B97F4A7C15ULL)) >> (32 - kGramBits));
        }
    }
    std::sort(slots.begin(), slots.end());
    std::vector<Gram> out;
    out.reserve(slots.size());
    for (std::size_t i = 0; i < slots.size();) {
        std::size_t end = i + 1;
        while (end < slots.size() && slots[end] == slots[i]) {
            ++end;
        }
        out.push_back({slots[i], static_cast<float>(1 + std::log(static_cast<double>(end - i)))});
        i = end;
    }
    return out;
}

} // namespace nightjar::anomaly
