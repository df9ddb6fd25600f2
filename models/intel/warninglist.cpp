// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/warninglist.h"

#include "base/domain.h"
#include "base/files.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>

namespace nightjar::intel {

Result<WarningLists> WarningLists::load(const std::vector<std::filesystem::path> &folders)
{
    WarningLists lists;
    for (const std::filesystem::path &folder : folders) {
        if (Status added = lists.addFolder(folder); !added) {
            return fail(added.error());
        }
    }
    lists.sortNetworks();
    return lists;
}

Status WarningLists::addFolder(const std::filesystem::path &folder)
{
    std::error_code problem;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
        if (at->path().extension() == ".txt") {
            files.push_back(at->path());
        }
    }
    if (problem) {
        return fail(systemError("NJ-INTEL-050", "Cannot read the warning lists", folder, problem.value()));
    }
    std::sort(files.begin(), files.end());
    for (const std::filesystem::path &file : files) {
        if (Status added = add(file); !added) {
            return added;
        }
    }
    return {};
}

void WarningLists::sortNetworks()
{
    std::stable_sort(m_networks.begin(), m_networks.end(),
                     [](const Network &a, const Network &b) { return a.first < b.first; });
    for (std::size_t i = 1; i < m_networks.size(); ++i) {
        m_networks[i].furthest = std::max(m_networks[i].last, m_networks[i - 1].furthest);
    }
}

std::optional<std::size_t> WarningLists::networkOf(const IpAddress &address) const
{
    auto above = std::partition_point(m_networks.begin(), m_networks.end(),
                                      [&](const Network &network) { return network.first <= address; });
    while (above != m_networks.begin() && (above - 1)->furthest >= address) {
        --above;
        if (above->last >= address) {
            return above->list;
        }
    }
    return std::nullopt;
}

Status WarningLists::add(const std::filesystem::path &file)
{
    const auto text = readFile(file, 16u << 20U);
    if (!text) {
        return fail(text.error());
    }
    List list;
    const std::size_t number = m_lists.size();
    std::uint64_t lineNumber = 0;
    for (const std::string_view raw : split(*text, '\n')) {
        ++lineNumber;
        const std::string_view line = trim(raw);
        if (line.starts_with("# title:")) {
            list.title = trim(line.substr(8));
        } else if (line.starts_with("# effect:")) {
            list.effect = trim(line.substr(9)) == "shared" ? WarningEffect::Shared : WarningEffect::Silence;
        }
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const bool below = line.front() == '.';
        if (const auto address = IpAddress::parse(line)) {
            m_networks.push_back({*address, *address, *address, number});
        } else if (const auto network = Cidr::parse(line)) {
            m_networks.push_back({network->first(), network->last(), network->last(), number});
        } else if (const auto host = canonicalDomain(below ? line.substr(1) : line)) {
            m_hosts.emplace(below ? "." + *host : *host, number);
        } else {
            Error error{"NJ-INTEL-050", "Cannot read the warning list", "this is neither a host nor a network", {}, {}};
            error.place = {file.string(), lineNumber, 1};
            return fail(std::move(error));
        }
    }
    if (list.title.empty()) {
        return fail(Error{"NJ-INTEL-050",
                          "Cannot read the warning list",
                          "the line \"# title: …\" is missing",
                          {file.string(), 1, 1},
                          {}});
    }
    m_lists.push_back(std::move(list));
    return {};
}

Warning WarningLists::warningOf(std::size_t list, std::string_view value) const
{
    const List &one = m_lists[list];
    return {one.effect, one.title,
            one.effect == WarningEffect::Silence
                ? std::string(value) + " is on the list \"" + one.title + "\" of well-known harmless services"
                : std::string(value) + " belongs to \"" + one.title + "\": many unrelated owners share it"};
}

std::optional<Warning> WarningLists::checkHost(std::string_view host) const
{
    if (const auto address = IpAddress::parse(host)) {
        const auto list = networkOf(*address);
        return list ? std::optional(warningOf(*list, host)) : std::nullopt;
    }
    if (const auto exact = m_hosts.find(std::string(host)); exact != m_hosts.end()) {
        return warningOf(exact->second, host);
    }
    for (std::string_view name = host;;) {
        if (const auto below = m_hosts.find("." + std::string(name)); below != m_hosts.end()) {
            // A tenant of a shared platform is somebody of its own; the platform itself is what the warning is about.
            const bool tenant = m_lists[below->second].effect == WarningEffect::Shared && name.size() != host.size();
            return tenant ? std::nullopt : std::optional(warningOf(below->second, host));
        }
        const std::size_t dot = name.find('.');
        if (dot == std::string_view::npos) {
            return std::nullopt;
        }
        name.remove_prefix(dot + 1);
    }
}

std::optional<Warning> WarningLists::check(const Indicator &indicator) const
{
    switch (indicator.type) {
    case Type::Domain:
    case Type::Ipv4:
    case Type::Ipv6:
        return checkHost(indicator.value);
    case Type::Url: { // a URL on a shared or popular host is what URL indicators are for
        const UrlParts parts = splitUrl(indicator.value);
        const bool whole = parts.path.size() <= 1 && !parts.hasQuery;
        return whole ? checkHost(parts.host) : std::nullopt;
    }
    case Type::Cidr:
        if (const auto network = Cidr::parse(indicator.value)) {
            if (const auto around = networkOf(network->first())) {
                return warningOf(*around, indicator.value);
            }
            const auto inside = std::partition_point(m_networks.begin(), m_networks.end(),
                                                     [&](const Network &n) { return n.first < network->first(); });
            if (inside != m_networks.end() && inside->first <= network->last()) {
                return warningOf(inside->list, indicator.value);
            }
        }
        return std::nullopt;
    case Type::Md5:
    case Type::Sha1:
    case Type::Sha256:
    case Type::Email:
    case Type::UserAgent:
        break;
    }
    return std::nullopt;
}

} // namespace nightjar::intel
