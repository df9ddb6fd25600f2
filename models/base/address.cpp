// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace nightjar {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

Bytes mapped(std::uint32_t v4)
{
    Bytes bytes{};
    bytes[10] = bytes[11] = 0xFF;
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[12 + i] = static_cast<std::uint8_t>(v4 >> (24U - 8U * static_cast<unsigned>(i)));
    }
    return bytes;
}

std::optional<std::uint32_t> parseDotted(std::string_view text)
{
    std::uint32_t value = 0;
    std::size_t at = 0;
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && (at == text.size() || text[at++] != '.')) {
            return std::nullopt;
        }
        const std::size_t start = at;
        std::uint32_t number = 0;
        while (at < text.size() && at - start < 3 && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + static_cast<std::uint32_t>(text[at++] - '0');
        }
        if (at == start || number > 255 || (at - start > 1 && text[start] == '0')) {
            return std::nullopt;
        }
        value = value << 8U | number;
    }
    return at == text.size() ? std::optional(value) : std::nullopt;
}

/// One part as inet_aton and the WHATWG URL standard read it: 0x… hexadecimal, 0… octal, else decimal.
std::optional<std::uint64_t> parseAnyBase(std::string_view part)
{
    int base = 10;
    if (startsWithIgnoreCase(part, "0x")) {
        base = 16;
        part.remove_prefix(2);
        if (part.empty()) {
            return 0;
        }
    } else if (part.size() > 1 && part.front() == '0') {
        base = 8;
        part.remove_prefix(1);
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
    if (error != std::errc() || end != part.data() + part.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint32_t> parseParts(std::string_view text)
{
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    if (text.empty() || text.size() > 64 || text.front() < '0' || text.front() > '9') {
        return std::nullopt;
    }
    const std::vector<std::string_view> parts = split(text, '.');
    if (parts.size() > 4) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::optional<std::uint64_t> part = parseAnyBase(parts[i]);
        const bool last = i + 1 == parts.size();
        const std::uint64_t limit = last ? std::uint64_t{1} << (8 * (5 - parts.size())) : 256;
        if (!part || *part >= limit) {
            return std::nullopt;
        }
        value += last ? *part : *part << (8 * (3 - i));
    }
    return static_cast<std::uint32_t>(value);
}

std::optional<Bytes> parseV6(std::string_view text)
{
    text = text.substr(0, text.find('%'));
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size() || text.find(':') == std::string_view::npos) {
        return std::nullopt;
    }
    std::copy(text.begin(), text.end(), buffer.begin());
    Bytes bytes{};
    if (text.find('\0') != std::string_view::npos || ::inet_pton(AF_INET6, buffer.data(), bytes.data()) != 1) {
        return std::nullopt;
    }
    return bytes;
}

/// Position and length of the longest run of two or more zero groups, the first of equals (RFC 5952 §4.2).
std::pair<std::size_t, std::size_t> longestZeroRun(const std::array<unsigned, 8> &groups)
{
    std::size_t bestStart = 8;
    std::size_t bestLength = 1;
    for (std::size_t start = 0; start < 8;) {
        std::size_t end = start;
        while (end < 8 && groups[end] == 0) {
            ++end;
        }
        if (end - start > bestLength) {
            bestStart = start;
            bestLength = end - start;
        }
        start = end + 1;
    }
    return {bestStart, bestLength};
}

std::string formatV6(const Bytes &bytes)
{
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(bytes[2 * i]) << 8U | bytes[2 * i + 1];
    }
    const auto [zeroStart, zeroLength] = longestZeroRun(groups);
    std::string text;
    for (std::size_t i = 0; i < 8;) {
        if (i == zeroStart) {
            text += "::";
            i += zeroLength;
            continue;
        }
        if (!text.empty() && text.back() != ':') {
            text.push_back(':');
        }
        std::array<char, 8> digits{};
        const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
        text.append(digits.data(), written.ptr);
        ++i;
    }
    return text;
}

const std::vector<Cidr> &reservedNetworks()
{
    // IANA special-purpose registries (RFC 6890 and successors), multicast and class E.
    static const std::vector<Cidr> kNetworks = [] {
        std::vector<Cidr> networks;
        for (const std::string_view text :
             {"0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
              "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
              "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/128",         "::1/128",        "64:ff9b:1::/48",
              "100::/64",       "2001::/23",    "2001:db8::/32",  "3fff::/20",      "5f00::/16",      "fc00::/7",
              "fe80::/10",      "fec0::/10",    "ff00::/8"}) {
            if (const std::optional<Cidr> network = Cidr::parse(text, true)) {
                networks.push_back(*network);
            }
        }
        return networks;
    }();
    return kNetworks;
}

void maskAfter(Bytes &bytes, int bits, bool ones)
{
    for (int bit = bits; bit < 128; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % 8));
        std::uint8_t &byte = bytes[static_cast<std::size_t>(bit / 8)];
        byte = static_cast<std::uint8_t>(ones ? byte | mask : byte & ~mask);
    }
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    IpAddress address;
    if (const std::optional<std::uint32_t> v4 = parseDotted(text)) {
        address.m_bytes = mapped(*v4);
        return address;
    }
    const std::optional<Bytes> v6 = parseV6(text);
    if (!v6) {
        return std::nullopt;
    }
    address.m_bytes = *v6;
    return address;
}

std::optional<IpAddress> IpAddress::parseLenient(std::string_view text)
{
    if (std::optional<IpAddress> address = parse(text)) {
        return address;
    }
    const std::optional<std::uint32_t> v4 = parseParts(text);
    if (!v4) {
        return std::nullopt;
    }
    IpAddress address;
    address.m_bytes = mapped(*v4);
    return address;
}

bool IpAddress::isV4() const
{
    return m_bytes[10] == 0xFF && m_bytes[11] == 0xFF &&
           std::all_of(m_bytes.begin(), m_bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
}

std::string IpAddress::toString() const
{
    if (!isV4()) {
        return formatV6(m_bytes);
    }
    std::string text;
    for (std::size_t i = 12; i < 16; ++i) {
        text += std::to_string(m_bytes[i]);
        if (i < 15) {
            text.push_back('.');
        }
    }
    return text;
}

bool IpAddress::isReserved() const
{
    const std::vector<Cidr> &networks = reservedNetworks();
    return std::any_of(networks.begin(), networks.end(), [this](const Cidr &n) { return n.contains(*this); });
}

std::optional<Cidr> Cidr::parse(std::string_view text, bool strict)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view addressText = text.substr(0, slash);
    const std::optional<IpAddress> address = IpAddress::parse(addressText);
    const std::optional<std::int64_t> length = parseInteger(text.substr(slash + 1));
    const bool dotted = addressText.find(':') == std::string_view::npos;
    if (!address || !length || *length < 0 || *length > (dotted ? 32 : 128)) {
        return std::nullopt;
    }
    Cidr cidr;
    cidr.m_bits = static_cast<int>(*length) + (dotted ? 96 : 0);
    cidr.m_network = *address;
    maskAfter(cidr.m_network.m_bytes, cidr.m_bits, false);
    if (strict && cidr.m_network != *address) {
        return std::nullopt;
    }
    return cidr;
}

bool Cidr::contains(const IpAddress &address) const
{
    if (m_network.isV4() != address.isV4()) {
        return false; // ::/0 is every IPv6 address, no IPv4 one
    }
    const auto whole = static_cast<std::size_t>(m_bits / 8);
    const auto rest = static_cast<unsigned>(m_bits % 8);
    const Bytes &network = m_network.m_bytes;
    if (!std::equal(network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole), address.m_bytes.begin())) {
        return false;
    }
    return rest == 0 || (network[whole] ^ address.m_bytes[whole]) >> (8U - rest) == 0;
}

IpAddress Cidr::last() const
{
    IpAddress address = m_network;
    maskAfter(address.m_bytes, m_bits, true);
    return address;
}

std::string Cidr::toString() const
{
    return m_network.toString() + "/" + std::to_string(prefixLength());
}

} // namespace nightjar
