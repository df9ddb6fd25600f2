// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Made-up ZIA logs for the demo workspace, the tests and the benchmark. Every name lies under .example (RFC 2606),
/// every address in a documentation or private range (RFC 5737, RFC 1918): nothing of it can be a real host.
namespace nightjar::workspace {

struct DemoOptions {
    std::uint64_t seed = 20260311; ///< same seed, end and count: the same bytes
    Timestamp end = kNoTime;       ///< the events lie in the 14 days before it; must be set
    std::size_t events = 220'000;  ///< in all three files together; at least kLeastDemoEvents
};

constexpr std::size_t kLeastDemoEvents = 50'000;
constexpr int kDemoDays = 14;

/// One attack hidden in the logs. `events` counts its records; they lie in [first, last].
struct PlantedAttack {
    std::string id;          ///< "beacon", "indicator-domain", "indicator-address", "indicator-url", "indicator-hash",
                             ///< "malware-download", "exfiltration", "dga", "verdict"
    std::string name;        ///< for a list
    std::string description; ///< what happened, one or two sentences
    std::vector<std::string> users;
    std::string host; ///< host, address, or what the names have in common
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
    std::size_t events = 0;
};

struct DemoManifest {
    std::vector<PlantedAttack> attacks;
    std::string indicatorsCsv; ///< with a header line: value, type, first_seen, valid_until, confidence, tlp,
                               ///< threat_type, malware, tags, reference
    std::string indicatorSourceName;
    std::vector<std::filesystem::path> files; ///< web.ndjson, firewall.ndjson, dns.ndjson
    std::size_t events = 0;
};

/// Writes three NDJSON files, each in time order, as Cloud NSS sends them ({"sourcetype":…,"event":{…}}), into `folder`
/// (made when absent). Errors: NJ-WORKSPACE-090 an option is out of range, NJ-WORKSPACE-091 a file cannot be written.
/// Takes about 2 s and 150 MB for the default count. Thread: any.
Result<DemoManifest> writeDemoLogs(const std::filesystem::path &folder, const DemoOptions &options);

/// Writes `records` web records of about 1.4 KB with about 50 keys, in time order, nothing planted: the input of the
/// benchmark. Deterministic by seed. Error NJ-WORKSPACE-091. Memory stays under 30 MB. Thread: any.
Status writeBenchmarkLog(const std::filesystem::path &file, std::size_t records, std::uint64_t seed);

} // namespace nightjar::workspace
