// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/demorandom.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::workspace {

/// Somebody of the made-up company, with one device.
struct DemoUser {
    std::string login;
    std::string department;
    std::string location;
    std::string deviceName;
    std::string deviceOwner;
    std::string clientIp;
    std::string publicIp;
    std::string userAgent;
    std::string osType;
    int firstHour = 8; ///< working hours, UTC
    int lastHour = 17;
    double activity = 1; ///< weight against the others
};

/// A web site with its hosts, popular ones first.
struct DemoSite {
    std::string domain;
    std::string address;
    std::string category;
    std::string superCategory;
    std::string urlClass;
    std::string appName;
    std::string appClass;
    int risk = 0;
    bool blocked = false; ///< by policy, harmless
};

/// The company, its people and the sites they use. Immutable once made.
struct DemoWorld {
    std::vector<DemoUser> users;
    std::vector<DemoSite> sites;
    DemoSite unknown; ///< what a host without a site of its own is filed under
};

constexpr std::size_t kDemoUsers = 40;
constexpr std::size_t kDemoSites = 700;
constexpr std::string_view kDemoCompany = "Alder & Finch";
constexpr std::string_view kDemoCompanyDomain = "alderfinch.example";

/// The order of draws is part of the format: a change of it changes every demo.
DemoWorld makeDemoWorld(DemoRandom &random);

/// 192.0.2.1 … or 203.0.113.1 … 199: addresses of harmless servers. 203.0.113.200 and above belong to the attacks.
std::string demoServerAddress(DemoRandom &random);

} // namespace nightjar::workspace
