// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/indicator.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nightjar::intel {

namespace {

constexpr std::array<std::string_view, kTypeCount> kTypeNames{"domain", "url",  "ipv4",   "ipv6",  "cidr",
                                                              "md5",    "sha1", "sha256", "email", "user-agent"};
constexpr std::array<std::string_view, 6> kTlpNames{"", "clear", "green", "amber", "amber+strict", "red"};

/// Names of feeds, lower case, without blanks, hyphens and underscores.
constexpr std::array<std::pair<std::string_view, Type>, 61> kAliases{{
    {"domain", Type::Domain},
    {"domainname", Type::Domain},
    {"domainnamevalue", Type::Domain},
    {"hostname", Type::Domain},
    {"host", Type::Domain},
    {"fqdn", Type::Domain},
    {"intel::domain", Type::Domain},
    {"url", Type::Url},
    {"uri", Type::Url},
    {"urlvalue", Type::Url},
    {"intel::url", Type::Url},
    {"link", Type::Url},
    {"ip", Type::Ipv4},
    {"ipv4", Type::Ipv4},
    {"ipv4addr", Type::Ipv4},
    {"ipaddress", Type::Ipv4},
    {"ipv4address", Type::Ipv4},
    {"address", Type::Ipv4},
    {"ip:port", Type::Ipv4},
    {"ipdst", Type::Ipv4},
    {"ipsrc", Type::Ipv4},
    {"ipdst|port", Type::Ipv4},
    {"intel::addr", Type::Ipv4},
    {"ipv4addrvalue", Type::Ipv4},
    {"ipv6", Type::Ipv6},
    {"ipv6addr", Type::Ipv6},
    {"ipv6address", Type::Ipv6},
    {"cidr", Type::Cidr},
    {"subnet", Type::Cidr},
    {"network", Type::Cidr},
    {"netblock", Type::Cidr},
    {"intel::subnet", Type::Cidr},
    {"md5", Type::Md5},
    {"md5hash", Type::Md5},
    {"filehashmd5", Type::Md5},
    {"hash", Type::Sha256},
    {"filehash", Type::Sha256},
    {"intel::filehash", Type::Sha256},
    {"sha1", Type::Sha1},
    {"sha1hash", Type::Sha1},
    {"filehashsha1", Type::Sha1},
    {"sha256", Type::Sha256},
    {"sha256hash", Type::Sha256},
    {"filehashsha256", Type::Sha256},
    {"sha256sum", Type::Sha256},
    {"email", Type::Email},
    {"emailaddr", Type::Email},
    {"emailsrc", Type::Email},
    {"intel::email", Type::Email},
    {"emaildst", Type::Email},
    {"emailaddress", Type::Email},
    {"emailaddrvalue", Type::Email},
    {"ipsrc|port", Type::Ipv4},
    {"ipv6addrvalue", Type::Ipv6},
    {"ipv4cidr", Type::Cidr},
    {"useragent", Type::UserAgent},
    {"filesha256", Type::Sha256},
    {"filesha1", Type::Sha1},
    {"filemd5", Type::Md5},
    {"hostname|port", Type::Domain},
    {"iprange", Type::Cidr},
}};

} // namespace

std::string_view name(Type type)
{
    return kTypeNames[static_cast<std::size_t>(type)];
}

std::string_view name(Tlp tlp)
{
    return kTlpNames[static_cast<std::size_t>(tlp)];
}

std::optional<Type> parseType(std::string_view text)
{
    std::string plain;
    for (const char c : trim(text)) {
        if (c != ' ' && c != '-' && c != '_') {
            plain.push_back(asciiLower(c));
        }
    }
    const auto found =
        std::find_if(kAliases.begin(), kAliases.end(), [&](const auto &alias) { return alias.first == plain; });
    return found == kAliases.end() ? std::nullopt : std::optional(found->second);
}

Tlp parseTlp(std::string_view text)
{
    std::string plain = asciiLower(trim(text));
    if (plain.starts_with("tlp:")) {
        plain.erase(0, 4);
    }
    if (plain == "white") {
        return Tlp::Clear;
    }
    const auto found = std::find(kTlpNames.begin(), kTlpNames.end(), plain);
    return found == kTlpNames.end() ? Tlp::Amber : static_cast<Tlp>(found - kTlpNames.begin());
}

std::uint64_t fingerprint(const Indicator &indicator, std::uint64_t key)
{
    const std::uint64_t kind = (static_cast<std::uint64_t>(indicator.type) << 16U) | indicator.port;
    return hash64(indicator.value, key ^ (kind * 0x9E3779B97F4A7C15U));
}

std::int64_t defaultLife(Type type)
{
    switch (type) {
    case Type::Domain:
    case Type::Email:
        return 180 * kMicrosPerDay;
    case Type::Cidr:
        return 90 * kMicrosPerDay;
    case Type::Url:
    case Type::Ipv4:
    case Type::Ipv6:
        return 30 * kMicrosPerDay;
    case Type::Md5:
    case Type::Sha1:
    case Type::Sha256:
    case Type::UserAgent:
        break;
    }
    return kNoTime;
}

Timestamp effectiveEnd(const Indicator &indicator)
{
    if (indicator.validUntil != kNoTime) {
        return indicator.validUntil;
    }
    const std::int64_t life = defaultLife(indicator.type);
    return life == kNoTime || indicator.lastSeen == kNoTime ? kNoTime : indicator.lastSeen + life;
}

} // namespace nightjar::intel
