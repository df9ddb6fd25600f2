// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "workspace/demoworld.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nightjar::workspace {

enum class DemoLog : std::uint8_t { Web, Firewall, Dns };

/// What only few events carry; shared between those that carry the same.
struct DemoExtras {
    std::string userAgent;
    std::string referer;
    std::string category;
    std::string reason;
    std::string ruleLabel;
    std::string threatName;
    std::string threatCategory;
    std::string threatClass;
    std::string threatSeverity;
    std::string fileName;
    std::string fileType;
    std::string md5;
    std::string sha256;
    bool upload = false; ///< the file goes out
};

/// One event before it is text.
struct DemoEvent {
    Timestamp time = 0;
    DemoLog log = DemoLog::Web;
    bool blocked = false;
    std::uint16_t status = 200; ///< web
    std::uint16_t port = 443;
    std::uint32_t user = 0;
    std::uint32_t site = kNoSite;
    std::string_view method = "GET"; ///< web: method; firewall: service; DNS: record type. Static text.
    std::string host;                ///< web: host; firewall: name asked for; DNS: query
    std::string detail;              ///< web: path and query; DNS: answer
    std::string server;              ///< address
    std::uint64_t sent = 0;          ///< client to server
    std::uint64_t received = 0;
    std::shared_ptr<const DemoExtras> extras;

    static constexpr std::uint32_t kNoSite = 0xFFFFFFFF;
};

/// "Mon Oct 16 22:55:48 2023", UTC, the day padded with a blank.
std::string demoCtime(Timestamp time);

/// As the feed's e-fields do it: bytes up to 0x20, from 0x7F, and the escape characters become %HH.
std::string feedEscape(std::string_view text);

/// Appends one NDJSON line with the keys of Zscaler's own Splunk feed (facts/zscaler-logs.md §5.1–5.3).
void appendDemoRecord(std::string &out, const DemoWorld &world, const DemoEvent &event, std::uint64_t recordId);

} // namespace nightjar::workspace
