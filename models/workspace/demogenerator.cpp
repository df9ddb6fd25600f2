// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demogenerator.h"

#include "workspace/demofile.h"
#include "workspace/demotraffic.h"

#include <algorithm>
#include <array>

namespace nightjar::workspace {
namespace {

constexpr std::uint64_t kFirstRecordId = 7'529'859'230'000'000'000; // beyond 2^53, as real ones are
constexpr std::size_t kMostDemoEvents = 20'000'000;

Status check(const DemoOptions &options)
{
    if (options.events < kLeastDemoEvents || options.events > kMostDemoEvents) {
        return fail(
            "NJ-WORKSPACE-090", "The number of demo events is out of range", std::to_string(options.events) + " events",
            "Choose between " + std::to_string(kLeastDemoEvents) + " and " + std::to_string(kMostDemoEvents) + ".");
    }
    if (options.end < kDemoDays * 2 * kMicrosPerDay || options.end > 253'402'300'800 * kMicrosPerSecond) {
        return fail("NJ-WORKSPACE-090", "The end of the demo is out of range", "it lies outside the years 1970 to 9999",
                    "Choose a time such as now.");
    }
    return {};
}

Status writeLog(const std::filesystem::path &path, DemoLog log, const std::vector<DemoEvent> &events,
                const DemoWorld &world)
{
    Result<DemoFile> file = DemoFile::create(path);
    if (!file) {
        return fail(file.error());
    }
    std::uint64_t recordId = kFirstRecordId + static_cast<std::uint64_t>(log) * 1'000'000'000;
    for (const DemoEvent &event : events) {
        if (event.log == log) {
            appendDemoRecord(file->buffer(), world, event, ++recordId);
            if (Status status = file->flushIfFull(); !status) {
                return status;
            }
        }
    }
    return file->flush();
}

} // namespace

Result<DemoManifest> writeDemoLogs(const std::filesystem::path &folder, const DemoOptions &options)
{
    if (const Status status = check(options); !status) {
        return fail(status.error());
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(
            systemError("NJ-WORKSPACE-091", "Cannot make the folder " + folder.string(), folder, error.value()));
    }
    DemoRandom random(options.seed);
    const DemoWorld world = makeDemoWorld(random);
    DemoManifest manifest;
    std::vector<DemoEvent> events;
    events.reserve(options.events + 64);
    addDemoAttacks(events, manifest, world, options.end, random);
    addDemoMachines(events, world, options.end, random);
    std::erase_if(events, [&](const DemoEvent &event) {
        return event.time < options.end - kDemoDays * kMicrosPerDay || event.time >= options.end;
    });
    addDemoVisits(events, options.events, world, options.end, random);
    std::stable_sort(events.begin(), events.end(),
                     [](const DemoEvent &a, const DemoEvent &b) { return a.time < b.time; });
    manifest.events = events.size();
    constexpr std::array<std::string_view, 3> kNames{"web.ndjson", "firewall.ndjson", "dns.ndjson"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        manifest.files.push_back(folder / kNames[i]);
        if (const Status status = writeLog(manifest.files.back(), static_cast<DemoLog>(i), events, world); !status) {
            return fail(status.error());
        }
    }
    return manifest;
}

} // namespace nightjar::workspace
