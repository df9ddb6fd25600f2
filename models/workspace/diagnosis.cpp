// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/upkeepservice.h"

#include "base/text.h"
#include "base/time.h"
#include "store/filesystem.h"
#include "workspace/engine.h"

#include <fmt/format.h>

#include <unistd.h>

/// What may be wrong with the machine, the program's files and the workspace, without reading all that is stored.
namespace nightjar::workspace {

namespace {

using State = Diagnosis::State;

constexpr std::uint64_t kGigabyte = 1'000'000'000;
constexpr Timestamp kAheadOfClock = kMicrosPerDay;

Diagnosis resources()
{
    const auto folder = resourcesFolder();
    std::error_code problem;
    for (const char *name : {"rules", "playbooks", "models", "warning"}) {
        if (!std::filesystem::is_directory(folder / name, problem)) {
            return {State::Bad, "resources", "the folder " + (folder / name).string() + " is missing",
                    "Install the program again, or set NIGHTJAR_RESOURCES_DIR."};
        }
    }
    return {State::Good, "resources", folder.string(), {}};
}

Diagnosis zones()
{
    if (const auto zone = TimeZone::named("Europe/Berlin"); !zone) {
        return {State::Bad, "time zones", zone.error().reason, "Install the package tzdata."};
    }
    return {State::Good, "time zones", "the system's database can be read", {}};
}

Diagnosis folderState(const Engine &engine)
{
    if (const auto network = store::networkFileSystem(engine.folder)) {
        return {State::Note, "folder", engine.folder.string() + " lies on a network file system (" + *network + ")",
                "Locks and syncs of such a file system cannot be relied on; move the workspace to a local disk."};
    }
    if (::access(engine.folder.c_str(), W_OK) != 0) {
        return {State::Bad, "folder", engine.folder.string() + " cannot be written to",
                "Give yourself the right to write, or choose another folder with -w."};
    }
    return {State::Good, "folder", engine.folder.string(), {}};
}

Diagnosis disk(const Engine &engine)
{
    std::error_code problem;
    const auto space = std::filesystem::space(engine.folder, problem);
    if (problem) {
        return {State::Bad, "disk", problem.message(), "Check the disk."};
    }
    const std::string text =
        fmt::format("{:.1f} GB free; the store takes {:.2f} GB", static_cast<double>(space.available) / kGigabyte,
                    static_cast<double>(engine.events->diskBytes()) / kGigabyte);
    const bool scarce = space.available < kGigabyte;
    return {scarce ? State::Bad : State::Good, "disk", text,
            scarce ? "Make room, or set retention.days or retention.gigabytes." : ""};
}

Diagnosis blocks(const Engine &engine)
{
    const auto snapshot = engine.events->snapshot();
    const std::int64_t small = engine.events->mergeable({});
    return {
        small > 0 ? State::Note : State::Good, "blocks",
        fmt::format("{} events in {} blocks, {} of which could be merged", snapshot.events(), snapshot.blocks(), small),
        small > 0 ? "The window and listen merge them by themselves; so does nightjar-cli store compact." : ""};
}

Diagnosis eventTimes(const Engine &engine)
{
    const Timestamp newest = engine.events->snapshot().maxTime();
    if (newest != kNoTime && newest > engine.clock.now() + kAheadOfClock) {
        return {State::Note, "clock", "the newest event is at " + formatIsoTime(newest) + ", in the future",
                "This machine's clock is wrong, or a feed's time zone is (import.zone)."};
    }
    return {State::Good, "clock", formatIsoTime(engine.clock.now()), {}};
}

Diagnosis quarantined(const Engine &engine)
{
    const std::int64_t count = engine.events->quarantinedCount();
    return {count > 0 ? State::Note : State::Good, "quarantine", fmt::format("{} records could not be parsed", count),
            count > 0 ? "nightjar-cli quarantine list tells why." : ""};
}

Diagnosis tenantState(Engine &engine)
{
    if (engine.tenant->simulated()) {
        return {State::Good, "tenant", "simulated, as this is a demo workspace", {}};
    }
    if (engine.secrets->vault().locked()) { // nobody is asked for a passphrase here
        return {State::Note, "tenant", "the vault is locked, so that a login in it cannot be seen", {}};
    }
    const TenantConnection tenant = SecretsService(engine).connection();
    if (tenant.known) {
        return {State::Good, "tenant", "a login is kept in: " + tenant.where, {}};
    }
    const std::string why = tenant.error ? describe(*tenant.error) : "no login is kept";
    return {State::Note, "tenant", why, "nightjar-cli zia connect keeps one; without it nothing can be blocked."};
}

} // namespace

std::vector<Diagnosis> UpkeepService::diagnose()
{
    std::vector<Diagnosis> all{resources(),           zones(),
                               folderState(m_engine), disk(m_engine),
                               blocks(m_engine),      eventTimes(m_engine),
                               quarantined(m_engine), tenantState(m_engine)};
    for (const Error &problem : m_engine.problems) {
        all.push_back({State::Bad, "workspace", describe(problem), problem.hint});
    }
    for (const SecretPlace &place : m_engine.secrets->places()) {
        all.push_back({State::Good, "secrets", place.where + (place.usable ? "" : ": not usable, " + place.why), {}});
    }
    return all;
}

} // namespace nightjar::workspace
