// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/summary.h"

#include "base/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace nightjar::cli {

namespace {

double rounded(double value, double unit)
{
    return static_cast<double>(static_cast<std::int64_t>(value / unit + 0.5)) * unit;
}

const char *stateName(workspace::FileState state)
{
    constexpr const char *kNames[] = {"imported", "already_imported", "with_bad_records", "failed", "cancelled"};
    return kNames[static_cast<std::size_t>(state)];
}

} // namespace

std::string importSummaryJson(const workspace::ImportSummary &s)
{
    nlohmann::ordered_json stages;
    for (const auto &[name, seconds] :
         {std::pair("parse", s.stages.parse), std::pair("deduplicate", s.stages.deduplicate),
          std::pair("detect", s.stages.detect), std::pair("encode", s.stages.encode),
          std::pair("anomaly", s.stages.anomaly), std::pair("store", s.stages.store)}) {
        stages[name] = rounded(seconds, 0.001);
    }
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    for (const workspace::FileResult &file : s.results) {
        nlohmann::ordered_json line{
            {"file", file.file},     {"state", stateName(file.state)}, {"records", file.records},
            {"events", file.events}, {"duplicates", file.duplicates},  {"quarantined", file.quarantined}};
        if (file.error) {
            line["error"] = {{"code", file.error->code}, {"title", file.error->title}, {"reason", file.error->reason}};
        }
        results.push_back(std::move(line));
    }
    const nlohmann::ordered_json json{{"files", s.files},
                                      {"records", s.records},
                                      {"events", s.events},
                                      {"duplicates", s.duplicates},
                                      {"quarantined", s.quarantined},
                                      {"alerts", s.alerts},
                                      {"seconds", rounded(s.seconds, 0.001)},
                                      {"bytes", s.bytes},
                                      {"store_bytes", s.storeBytes},
                                      {"events_per_second", rounded(s.eventsPerSecond, 1)},
                                      {"peak_rss_bytes", s.peakRssBytes},
                                      {"cpu_seconds", rounded(s.cpuSeconds, 0.001)},
                                      {"cancelled", s.cancelled},
                                      {"stage_cpu_seconds", stages},
                                      {"results", results}};
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string importSummaryText(const workspace::ImportSummary &s)
{
    std::string text = fmt::format("{} records in {} files, {} events stored", groupThousands(s.records), s.files,
                                   groupThousands(s.events));
    if (s.duplicates > 0) {
        text += fmt::format(", {} stored before", groupThousands(s.duplicates));
    }
    if (s.quarantined > 0) {
        text += fmt::format(", {} could not be parsed (nightjar-cli quarantine list)", groupThousands(s.quarantined));
    }
    text += fmt::format(", {} new alerts. {:.1f} s, {} events/s", s.alerts, s.seconds,
                        groupThousands(static_cast<std::int64_t>(s.eventsPerSecond)));
    return text;
}

} // namespace nightjar::cli
