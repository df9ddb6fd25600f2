// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nightjar {

/// An IPv4 or IPv6 address. IPv4 is held as its mapped form (::ffff:a.b.c.d), so that one order covers both.
class IpAddress {
public:
    /// Dotted IPv4 (four decimal parts, no leading zeros beyond one digit) or IPv6 text, also mapped; zone dropped.
    static std::optional<IpAddress> parse(std::string_view text);
    /// Also what browsers accept as IPv4: decimal, octal, hexadecimal, fewer parts (inet_aton).
    static std::optional<IpAddress> parseLenient(std::string_view text);

    [[nodiscard]] bool isV4() const;
    /// Dotted, or RFC 5952.
    [[nodiscard]] std::string toString() const;
    [[nodiscard]] const std::array<std::uint8_t, 16> &bytes() const { return m_bytes; }
    /// Private, loopback, link-local, CGNAT, documentation, multicast, reserved, unspecified (RFC 6890 and successors).
    [[nodiscard]] bool isReserved() const;

    auto operator<=>(const IpAddress &) const = default;

private:
    friend class Cidr;
    std::array<std::uint8_t, 16> m_bytes{};
};

/// A network: address with prefix length. Host bits are zero.
class Cidr {
public:
    /// "10.0.0.0/8", "2001:db8::/32". Empty when malformed or when host bits are set and `strict`.
    static std::optional<Cidr> parse(std::string_view text, bool strict = false);

    [[nodiscard]] bool contains(const IpAddress &address) const;
    [[nodiscard]] IpAddress first() const { return m_network; }
    [[nodiscard]] IpAddress last() const;
    /// In the family's own terms: 0–32 or 0–128.
    [[nodiscard]] int prefixLength() const { return m_network.isV4() ? m_bits - 96 : m_bits; }
    [[nodiscard]] std::string toString() const;

    auto operator<=>(const Cidr &) const = default;

private:
    IpAddress m_network;
    int m_bits = 128; ///< of the 128-bit form
};

} // namespace nightjar
