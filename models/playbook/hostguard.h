// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace nightjar::playbook {

/// Where requests of playbooks may go: names first, then the address that a name stands for at the moment of the
/// connection. Thread: any, once made.
class HostGuard {
public:
    /// `hosts`: "hooks.example.com", "*.example.org" (names below it), "192.0.2.7", each with ":port" or for any port.
    /// `networks`: private and reserved networks that may be reached all the same.
    /// NJ-PLAYBOOK-004 for what is neither.
    static Result<HostGuard> make(std::string_view hosts, std::string_view networks);

    /// NJ-PLAYBOOK-022: not on the list, user information in the address, no address at all.
    [[nodiscard]] Status mayAsk(const std::string &url) const;
    /// Public addresses may be connected to; private, loopback, link-local (metadata services) and other reserved ones
    /// only within the named networks. IPv4 addresses wrapped in IPv6 (NAT64, 6to4) count as what they wrap.
    [[nodiscard]] bool mayConnect(const IpAddress &address) const;

private:
    struct Host {
        std::string name;
        int port = 0; ///< 0: any
        bool below = false;
    };
    std::vector<Host> m_hosts;
    std::vector<Cidr> m_networks;
};

} // namespace nightjar::playbook
