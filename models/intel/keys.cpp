// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/keys.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"

#include <array>

namespace nightjar::intel::keys {

namespace {

IpAddress addressOf(std::string_view bytes)
{
    // The public interface reads text only; these strings are made here and well formed.
    std::string text;
    if (bytes.size() == 4) {
        for (const char c : bytes) {
            text += (text.empty() ? "" : ".") + std::to_string(static_cast<std::uint8_t>(c));
        }
    } else {
        const std::string hex = hexEncode(bytes);
        for (std::size_t i = 0; i < hex.size(); i += 4) {
            text += (text.empty() ? "" : ":") + hex.substr(i, 4);
        }
    }
    return IpAddress::parse(text).value_or(IpAddress());
}

std::string networkText(std::string_view key)
{
    const IpAddress address = addressOf(key.substr(1, 16));
    const int bits = static_cast<std::uint8_t>(key[17]);
    return address.toString() + "/" + std::to_string(bits);
}

} // namespace

std::string ofIndicator(const Indicator &indicator)
{
    switch (indicator.type) {
    case Type::Domain:
        return kDomain + reversed(indicator.value);
    case Type::Url:
        return kUrl + indicator.value;
    case Type::Email:
        return kEmail + indicator.value;
    case Type::UserAgent:
        return kAgent + indicator.value;
    case Type::Md5:
    case Type::Sha1:
    case Type::Sha256:
        if (const auto bytes = bytesFromHex(indicator.value)) {
            return kHash + *bytes;
        }
        return {};
    case Type::Ipv4:
    case Type::Ipv6:
        if (const auto address = IpAddress::parse(indicator.value)) {
            std::string key = ofAddress(*address);
            key.push_back(static_cast<char>(indicator.port >> 8U));
            key.push_back(static_cast<char>(indicator.port & 0xFFU));
            return key;
        }
        return {};
    case Type::Cidr:
        if (const auto network = Cidr::parse(indicator.value)) {
            std::string key(1, kNetwork);
            const IpAddress first = network->first();
            for (const std::uint8_t byte : first.bytes()) {
                key.push_back(static_cast<char>(byte));
            }
            key.push_back(static_cast<char>(network->prefixLength()));
            return key;
        }
        return {};
    }
    return {};
}

Indicator toIndicator(std::string_view key)
{
    Indicator out;
    const std::string_view rest = key.substr(1);
    switch (key.front()) {
    case kDomain:
        out.value = reversed(rest);
        break;
    case kUrl:
        out.type = Type::Url;
        out.value = rest;
        break;
    case kEmail:
        out.type = Type::Email;
        out.value = rest;
        break;
    case kAgent:
        out.type = Type::UserAgent;
        out.value = rest;
        break;
    case kHash:
        out.type = rest.size() == 16 ? Type::Md5 : rest.size() == 20 ? Type::Sha1 : Type::Sha256;
        out.value = hexEncode(rest);
        break;
    case kNetwork:
        out.type = Type::Cidr;
        out.value = networkText(key);
        break;
    default:
        out.type = key.front() == kAddress4 ? Type::Ipv4 : Type::Ipv6;
        out.value = addressOf(rest.substr(0, rest.size() - 2)).toString();
        out.port = static_cast<std::uint16_t>((static_cast<std::uint8_t>(rest[rest.size() - 2]) << 8U) |
                                              static_cast<std::uint8_t>(rest.back()));
        break;
    }
    return out;
}

std::string_view hostOfUrl(std::string_view url)
{
    return splitUrl(url).host;
}

std::uint64_t filterHash(char kind, std::string_view text, std::uint64_t seed)
{
    return hash64(text, seed + static_cast<std::uint8_t>(kind) * 0x9E3779B97F4A7C15U);
}

} // namespace nightjar::intel::keys
