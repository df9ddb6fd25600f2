// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::intel {

enum class Type : std::uint8_t { Domain, Url, Ipv4, Ipv6, Cidr, Md5, Sha1, Sha256, Email, UserAgent };
constexpr std::size_t kTypeCount = 10;
/// Traffic light protocol. `Unmarked`: the source says nothing.
enum class Tlp : std::uint8_t { Unmarked, Clear, Green, Amber, AmberStrict, Red };

/// "domain", "url", "ipv4", …
std::string_view name(Type type);
/// By the names that feeds use: "FQDN", "ip:port", "Intel::ADDR", "sha256_hash", … Empty when not known.
std::optional<Type> parseType(std::string_view text);
std::string_view name(Tlp tlp);
/// "tlp:amber", "WHITE", "AMBER+STRICT"; unknown text counts as amber, empty text as unmarked.
Tlp parseTlp(std::string_view text);

/// One indicator of compromise, in canonical spelling:
/// - Domain: A-labels, lower case, no trailing dot; sub-domains are meant too unless it is a public suffix;
/// - Url: the key of base/url.h (no scheme, no fragment); Ipv4/Ipv6: canonical text; Cidr: network/length;
/// - hashes: lower-case hexadecimal digits; Email: lower-case host; UserAgent: as written.
struct Indicator {
    Type type = Type::Domain;
    std::string value;
    std::uint16_t port = 0; ///< of "address:port"; 0: any
    std::string source;
    std::optional<int> confidence; ///< 0–100; empty: the source says nothing
    Tlp tlp = Tlp::Unmarked;
    std::string threat; ///< "botnet_cc", "phishing", as the source writes it
    std::string malware;
    Timestamp validFrom = kNoTime;
    Timestamp validUntil = kNoTime; ///< exclusive; kNoTime: life of the type counts from lastSeen
    Timestamp firstSeen = kNoTime;
    Timestamp lastSeen = kNoTime;
    bool toIds = true; ///< false: context only, not meant for detection
    std::string reference;
    std::string killChain;       ///< phases, as the source names them
    std::string externalId;      ///< the source's own id: STIX, MISP attribute
    bool revoked = false;        ///< taken back by its source: no longer matched
    bool compromised = false;    ///< a hacked site of somebody innocent: never more than the exact host or URL
    std::optional<bool> present; ///< still carried, if the delivery itself says so
    double activeDays = -1;      ///< days it was carried, if the delivery itself says so

    bool operator==(const Indicator &) const = default;
};

/// Identity of a value in the store: 64 keyed bits of type, value and port.
std::uint64_t fingerprint(const Indicator &indicator, std::uint64_t key = 0);

/// Life of an indicator without an end, counted from its last sighting in a source: addresses and URLs 30 days,
/// networks 90, domains 180, hashes without end (kNoTime).
std::int64_t defaultLife(Type type);
/// The instant from which events no longer count, before grace; kNoTime: never.
Timestamp effectiveEnd(const Indicator &indicator);

/// Where a text stands: an entry of a list, or running text, where a bare "script.pl" is more likely a file.
enum class Origin : std::uint8_t { List, FreeText };

/// Reads one value, defanged or not, and puts it into canonical form; only type, value and port are set. `hint` is what
/// the source says about the type; it helps where the text alone is ambiguous.
/// Errors: NJ-INTEL-001 empty or too long, -002 not an indicator, -003 private or reserved address, -004 public suffix,
/// -005 single label, -006 network too wide, -007 hash of an empty file, -008 looks like a file name.
Result<Indicator> indicatorFromText(std::string_view cell, std::optional<Type> hint = {}, Origin origin = Origin::List);

/// Addresses that never name somebody else's server: private, loopback, link-local, carrier NAT, multicast, reserved.
/// Documentation networks are let through.
bool isNeverIndicator(const IpAddress &address);

/// Bytes of a hexadecimal text; empty when it is none.
std::optional<std::string> bytesFromHex(std::string_view text);

} // namespace nightjar::intel
