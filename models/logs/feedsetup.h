// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What an administrator enters in the portal so that a new feed reaches Nightjar whole.
namespace nightjar::logs {

enum class FeedTransport : std::uint8_t { Nss, CloudNss, Lss };
std::string_view transportName(FeedTransport transport);

struct FeedSetup {
    std::string name; ///< as asked for: web, firewall, tunnel-event, zpa-audit, …
    FeedTransport transport = FeedTransport::Nss;
    std::string format;                                        ///< the feed output format
    std::string escape;                                        ///< feed escape characters
    std::vector<std::pair<std::string, std::string>> settings; ///< label of the portal, value
    std::vector<std::string> steps;                            ///< sentences
};

/// Names for which there is a set-up.
std::vector<std::string_view> feedSetupNames();

/// `folder`: where the formats are kept, resources/feeds. Errors: NJ-LOGS-035 no such feed, -036 the transport does
/// not carry it, -037 its format file cannot be read.
Result<FeedSetup> feedSetup(std::string_view name, std::string_view transport, const std::filesystem::path &folder);

} // namespace nightjar::logs
