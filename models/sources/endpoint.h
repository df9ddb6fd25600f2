// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/files.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace nightjar::sources {

/// Where a receiver listens. Loopback unless an address is told.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0; ///< 0: the system picks one

    /// "127.0.0.1:9014", "[::1]:9014", "0.0.0.0:9014"; "9014" and ":9014" stand for loopback. NJ-SOURCES-020.
    static Result<Endpoint> parse(std::string_view text);
    [[nodiscard]] std::string toString() const;
    [[nodiscard]] bool isLoopback() const;
};

/// A listening TCP socket, non-blocking; `endpoint.port` is filled in. NJ-SOURCES-021 when it cannot be had.
Result<FileDescriptor> listenOn(Endpoint &endpoint, int backlog);

/// The address of a peer; the unspecified address when it is of another family.
IpAddress peerAddress(const sockaddr *address);

/// Who may connect. Empty: everybody.
class AllowList {
public:
    /// "10.0.0.0/8,192.0.2.7"; commas or blanks separate. NJ-SOURCES-022.
    static Result<AllowList> parse(std::string_view text);
    [[nodiscard]] bool allows(const IpAddress &peer) const;
    [[nodiscard]] std::string toString() const;

private:
    std::vector<Cidr> m_networks;
};

} // namespace nightjar::sources
