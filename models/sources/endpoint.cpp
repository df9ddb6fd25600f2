// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/endpoint.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <netinet/in.h>
#include <sys/socket.h>

namespace nightjar::sources {

namespace {

tl::unexpected<Error> noEndpoint(std::string_view text, std::string reason)
{
    return fail("NJ-SOURCES-020", "\"" + std::string(text) + "\" is no address to listen on", std::move(reason),
                "Write ADDRESS:PORT, for example 127.0.0.1:9014, [::1]:9014 or 0.0.0.0:9014; port 0 picks a free one.");
}

/// Fills `storage`; the size of what was filled.
socklen_t fillAddress(const Endpoint &endpoint, sockaddr_storage &storage)
{
    const auto &bytes = endpoint.address.bytes();
    if (endpoint.address.isV4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
        std::memcpy(&storage, &v4, sizeof v4);
        return sizeof v4;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, bytes.data(), 16);
    std::memcpy(&storage, &v6, sizeof v6);
    return sizeof v6;
}

std::uint16_t boundPort(int socket)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(socket, reinterpret_cast<sockaddr *>(&storage), &size) != 0) {
        return 0;
    }
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    std::memcpy(&v4, &storage, sizeof v4);
    std::memcpy(&v6, &storage, sizeof v6);
    return ntohs(storage.ss_family == AF_INET ? v4.sin_port : v6.sin6_port);
}

} // namespace

Result<Endpoint> Endpoint::parse(std::string_view text)
{
    const std::string_view whole = trim(text);
    const std::size_t colon = whole.rfind(':');
    std::string_view host = colon == std::string_view::npos ? std::string_view() : whole.substr(0, colon);
    const std::string_view digits = colon == std::string_view::npos ? whole : whole.substr(colon + 1);
    const auto port = parseInteger(digits);
    if (!port || *port < 0 || *port > 65'535) {
        return noEndpoint(text, "the part behind the last colon is no port (0 to 65535)");
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = IpAddress::parse(host.empty() || host == "localhost" ? "127.0.0.1" : host);
    if (!address) {
        return noEndpoint(text, "names are not looked up; it takes an IP address");
    }
    return Endpoint{*address, static_cast<std::uint16_t>(*port)};
}

std::string Endpoint::toString() const
{
    const std::string host = address.toString();
    return (address.isV4() ? host : "[" + host + "]") + ":" + std::to_string(port);
}

bool Endpoint::isLoopback() const
{
    const auto &bytes = address.bytes();
    if (address.isV4()) {
        return bytes[12] == 127;
    }
    return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) && bytes.back() == 1;
}

Result<FileDescriptor> listenOn(Endpoint &endpoint, int backlog)
{
    const int family = endpoint.address.isV4() ? AF_INET : AF_INET6;
    FileDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    sockaddr_storage storage{};
    const socklen_t size = fillAddress(endpoint, storage);
    if (!socket.valid() || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0 ||
        ::listen(socket.get(), backlog) != 0) {
        const int problem = errno;
        return fail("NJ-SOURCES-021", "Cannot listen on " + endpoint.toString(),
                    std::generic_category().message(problem),
                    problem == EADDRINUSE ? "Another program listens there; choose another port, or 0 for a free one."
                                          : "Check the address and, for ports below 1024, the permission.");
    }
    endpoint.port = boundPort(socket.get());
    return socket;
}

IpAddress peerAddress(const sockaddr *address)
{
    std::array<char, 64> text{};
    if (address != nullptr && address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::array<std::uint8_t, 4> b{};
        std::memcpy(b.data(), &v4.sin_addr, 4);
        const std::string dotted =
            std::to_string(b[0]) + '.' + std::to_string(b[1]) + '.' + std::to_string(b[2]) + '.' + std::to_string(b[3]);
        return IpAddress::parse(dotted).value_or(IpAddress());
    }
    if (address != nullptr && address->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        std::string groups;
        for (std::size_t i = 0; i < 16; i += 2) {
            std::snprintf(text.data(), text.size(), "%s%x", i == 0 ? "" : ":",
                          static_cast<unsigned>(v6.sin6_addr.s6_addr[i] << 8U | v6.sin6_addr.s6_addr[i + 1]));
            groups += text.data();
        }
        return IpAddress::parse(groups).value_or(IpAddress());
    }
    return {};
}

Result<AllowList> AllowList::parse(std::string_view text)
{
    AllowList list;
    std::string separated(text);
    std::replace(separated.begin(), separated.end(), ' ', ',');
    for (const std::string_view part : split(separated, ',')) {
        const std::string_view network = trim(part);
        if (network.empty()) {
            continue;
        }
        const bool single = network.find('/') == std::string_view::npos;
        const auto cidr = Cidr::parse(std::string(network) + (!single                                       ? ""
                                                              : network.find(':') == std::string_view::npos ? "/32"
                                                                                                            : "/128"));
        if (!cidr) {
            return fail("NJ-SOURCES-022", "\"" + std::string(network) + "\" is no network", {},
                        "Write networks as 10.0.0.0/8 or 2001:db8::/32, or single addresses.");
        }
        list.m_networks.push_back(*cidr);
    }
    return list;
}

bool AllowList::allows(const IpAddress &peer) const
{
    return m_networks.empty() || std::any_of(m_networks.begin(), m_networks.end(),
                                             [&](const Cidr &network) { return network.contains(peer); });
}

std::string AllowList::toString() const
{
    std::string text;
    for (const Cidr &network : m_networks) {
        text += (text.empty() ? "" : ",") + network.toString();
    }
    return text;
}

} // namespace nightjar::sources
