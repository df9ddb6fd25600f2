// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/safety.h"

#include "base/domain.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace nightjar::respond {

namespace {

std::vector<std::string> canonicalNames(const std::vector<std::string> &names)
{
    std::vector<std::string> result;
    for (const std::string &name : names) {
        std::string_view text = trim(name);
        while (!text.empty() && (text.front() == '.' || text.front() == '*')) {
            text.remove_prefix(1);
        }
        if (std::optional<std::string> canonical = canonicalDomain(text)) {
            result.push_back(std::move(*canonical));
        }
    }
    return result;
}

std::vector<Cidr> networks(const std::vector<std::string> &texts)
{
    std::vector<Cidr> result;
    for (const std::string &text : texts) {
        const std::string_view trimmed = trim(text);
        std::optional<Cidr> network = Cidr::parse(trimmed);
        if (!network) {
            if (const std::optional<IpAddress> address = IpAddress::parse(trimmed)) {
                network = Cidr::parse(address->toString() + (address->isV4() ? "/32" : "/128"));
            }
        }
        if (network) {
            result.push_back(*network);
        }
    }
    return result;
}

bool holds(const std::vector<Cidr> &list, const IpAddress &address)
{
    return std::any_of(list.begin(), list.end(), [&](const Cidr &network) { return network.contains(address); });
}

/// "a.b.example" as "example.b.a.", so that what lies under a name follows it in sorted order.
std::string reversedLabels(std::string_view host)
{
    const std::vector<std::string_view> labels = split(host, '.');
    std::string result;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        result.append(*label).append(".");
    }
    return result;
}

Judgement refused(std::string why)
{
    return {Verdict::Refused, std::move(why)};
}
Judgement asks(std::string why)
{
    return {Verdict::AsksConfirmation, std::move(why)};
}

} // namespace

bool isZscalerHost(std::string_view canonicalHost)
{
    constexpr std::array<std::string_view, 17> kZones{
        "zscaler.com",     "zscaler.net",      "zscalerone.net",  "zscalertwo.net", "zscalerthree.net", "zscloud.net",
        "zscalerbeta.net", "zscalergov.net",   "zscalergov.us",   "zscalerten.net", "zspreview.net",    "zslogin.net",
        "zsapi.net",       "zidentitygov.net", "zidentitygov.us", "zpath.net",      "zdxcloud.net"};
    const bool known = std::any_of(kZones.begin(), kZones.end(),
                                   [&](std::string_view zone) { return isSameOrSubdomain(canonicalHost, zone); });
    const std::string_view zone = registrableDomain(canonicalHost); // zslogin<cloud>.net
    return known || (zone.substr(0, 7) == "zslogin" && endsWithIgnoreCase(zone, ".net"));
}

std::vector<std::string> linesOfList(std::string_view text)
{
    std::vector<std::string> lines;
    for (std::string_view line : split(text, '\n')) {
        line = trim(line.substr(0, line.find('#')));
        if (!line.empty()) {
            lines.emplace_back(line);
        }
    }
    return lines;
}

Guard::Guard(const GuardLists &lists)
    : m_ownDomains(canonicalNames(lists.ownDomains))
    , m_ownNetworks(networks(lists.ownNetworks))
    , m_resolvers(networks(lists.resolvers))
    , m_sharedNetworks(networks(lists.sharedNetworks))
{
    for (std::string &name : canonicalNames(lists.topSites)) {
        m_topReversed.push_back(reversedLabels(name));
        m_topSites.insert(std::move(name));
    }
    std::sort(m_topReversed.begin(), m_topReversed.end());
    for (std::string &name : canonicalNames(lists.sharedHosts)) {
        m_sharedHosts.insert(std::move(name));
    }
}

Judgement Guard::judge(const DenyEntry &entry) const
{
    return IpAddress::parse(entry.host) ? judgeAddress(entry) : judgeName(entry);
}

Judgement Guard::judgeAddress(const DenyEntry &entry) const
{
    const std::optional<IpAddress> address = IpAddress::parse(entry.host);
    if (address->isReserved()) {
        return refused("the address is private, reserved or multicast: it is not on the Internet");
    }
    if (holds(m_ownNetworks, *address)) {
        return refused("the address belongs to your own networks");
    }
    if (holds(m_resolvers, *address)) {
        return asks("the address is a public resolver");
    }
    if (entry.wholeHost && holds(m_sharedNetworks, *address)) {
        return asks("the address belongs to a cloud or CDN network and is shared by many sites");
    }
    return {};
}

Judgement Guard::judgeName(const DenyEntry &entry) const
{
    const std::string &host = entry.host;
    for (const std::string &own : m_ownDomains) {
        if (isSameOrSubdomain(host, own)) {
            return refused("it lies in your own domain " + own);
        }
        if (entry.subdomains && isSameOrSubdomain(own, host)) {
            return refused("it would cover your own domain " + own);
        }
    }
    if (isZscalerHost(host)) {
        return refused("it is a host of Zscaler itself: blocking it would lock you out");
    }
    if (isPublicSuffix(host, true)) {
        return refused("it is a public suffix, under which anybody can register names");
    }
    if (isPublicSuffix(host)) {
        if (entry.subdomains) {
            return refused("it is a public suffix of a hosting service: the wildcard would cover all its customers");
        }
        if (entry.wholeHost) {
            return asks("it is the host of a service under which anybody can register names");
        }
    }
    if (!entry.wholeHost && !entry.subdomains) {
        return {};
    }
    const std::string bare = host.compare(0, 4, "www.") == 0 ? host.substr(4) : host;
    if (m_topSites.contains(host) || m_topSites.contains(bare)) {
        return asks("it is one of the most visited sites");
    }
    if (m_sharedHosts.contains(host) || m_sharedHosts.contains(bare)) {
        return asks("it is a shared host (hosting, CDN or link service): the whole of it would be blocked");
    }
    if (entry.subdomains && coversTopSite(host)) {
        return asks("the wildcard would cover one of the most visited sites");
    }
    return {};
}

bool Guard::coversTopSite(std::string_view host) const
{
    const std::string prefix = reversedLabels(host);
    const auto found = std::lower_bound(m_topReversed.begin(), m_topReversed.end(), prefix);
    return found != m_topReversed.end() && found->compare(0, prefix.size(), prefix) == 0;
}

} // namespace nightjar::respond
