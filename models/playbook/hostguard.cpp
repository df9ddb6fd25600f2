// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/hostguard.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "net/http.h"

#include <algorithm>
#include <array>
#include <optional>

namespace nightjar::playbook {

namespace {

/// The IPv4 address within NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses, RFC 6052 and 3056.
std::optional<IpAddress> wrapped(const IpAddress &address)
{
    const auto &bytes = address.bytes();
    constexpr std::array<std::uint8_t, 12> kNat64{0x00, 0x64, 0xff, 0x9b};
    std::size_t at = 0;
    if (std::equal(kNat64.begin(), kNat64.end(), bytes.begin())) {
        at = 12;
    } else if (bytes[0] == 0x20 && bytes[1] == 0x02) {
        at = 2;
    } else {
        return std::nullopt;
    }
    std::string text;
    for (std::size_t i = at; i < at + 4; ++i) {
        text += (text.empty() ? "" : ".") + std::to_string(bytes[i]);
    }
    return IpAddress::parse(text);
}

std::string canonicalName(std::string_view text)
{
    if (text == "localhost") {
        return std::string(text);
    }
    const auto host = canonicalHost(text);
    return host ? *host : asciiLower(text);
}

} // namespace

Result<HostGuard> HostGuard::make(std::string_view hosts, std::string_view networks)
{
    HostGuard guard;
    for (const std::string_view part : split(hosts, ',')) {
        std::string_view text = trim(part);
        if (text.empty()) {
            continue;
        }
        Host host;
        if (text.starts_with("*.")) {
            host.below = true;
            text.remove_prefix(2);
        }
        const std::size_t colon = text.rfind(':');
        const bool bracket = text.find(']') != std::string_view::npos;
        const bool hasPort =
            colon != std::string_view::npos && (text.find(':') == colon || (bracket && text[colon - 1] == ']'));
        if (hasPort) {
            const auto port = parseInteger(text.substr(colon + 1));
            host.port = port && *port > 0 && *port < 65'536 ? static_cast<int>(*port) : -1;
            text = text.substr(0, colon);
        }
        if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
            text = text.substr(1, text.size() - 2);
        }
        host.name = canonicalName(text);
        const bool known = host.name == "localhost" || canonicalHost(text).has_value();
        if (!known || host.port < 0 || (host.below && isPublicSuffix(host.name))) {
            return fail("NJ-PLAYBOOK-004", "\"" + visible(trim(part)) + "\" is no host for playbooks",
                        host.below ? "it would allow the hosts of many owners" : "it takes a name or an address",
                        "Write hooks.example.com, *.example.org or 192.0.2.7:8443, separated by commas.");
        }
        guard.m_hosts.push_back(std::move(host));
    }
    for (const std::string_view part : split(networks, ',')) {
        const std::string_view text = trim(part);
        if (text.empty()) {
            continue;
        }
        auto network = Cidr::parse(text);
        if (const auto one = IpAddress::parse(text); !network && one) {
            network = Cidr::parse(std::string(text) + (one->isV4() ? "/32" : "/128"));
        }
        if (!network) {
            return fail("NJ-PLAYBOOK-004", "\"" + visible(text) + "\" is no network", "it takes address and length",
                        "Write 10.1.0.0/16, separated by commas.");
        }
        guard.m_networks.push_back(*network);
    }
    return guard;
}

Status HostGuard::mayAsk(const std::string &url) const
{
    const auto target = net::targetOf(url);
    if (!target) {
        return fail("NJ-PLAYBOOK-022", "The request is not sent", target.error().reason, target.error().hint);
    }
    if (target->hasUserInfo) {
        return fail("NJ-PLAYBOOK-022", "The request is not sent", "its address holds a user name",
                    "Write auth: basic with user and password instead.");
    }
    const std::string name = canonicalName(target->host);
    const bool listed = std::any_of(m_hosts.begin(), m_hosts.end(), [&](const Host &host) {
        const bool same = host.below ? name != host.name && isSameOrSubdomain(name, host.name) : name == host.name;
        return same && (host.port == 0 || host.port == target->port);
    });
    if (!listed) {
        return fail("NJ-PLAYBOOK-022", "The request is not sent",
                    "playbooks may not reach " + visible(name) + ":" + std::to_string(target->port),
                    "Add it: nightjar-cli config set playbook.hosts " + visible(name));
    }
    return {};
}

bool HostGuard::mayConnect(const IpAddress &address) const
{
    const auto inside = wrapped(address);
    const bool named = std::any_of(m_networks.begin(), m_networks.end(), [&](const Cidr &network) {
        return network.contains(address) || (inside && network.contains(*inside));
    });
    return named || (!address.isReserved() && !(inside && inside->isReserved()));
}

} // namespace nightjar::playbook
