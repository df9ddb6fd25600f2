// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/repair.h"

#include "base/files.h"
#include "base/time.h"
#include "store/manifest.h"
#include "store/salvage.h"
#include "store/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::store {
namespace {

void syncFolder(const std::filesystem::path &folder)
{
    const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.valid()) {
        ::fsync(descriptor.get());
    }
}

/// A name in `folder` that is free: "000012-20260301T120000.db".
std::filesystem::path asidePath(const std::filesystem::path &folder, const std::filesystem::path &file)
{
    std::string when = formatIsoTime(systemClock().now()).substr(0, 19);
    std::erase_if(when, [](char c) { return c == '-' || c == ':'; });
    std::filesystem::path path = folder / (file.stem().string() + "-" + when + ".db");
    std::error_code ignored;
    for (int more = 2; std::filesystem::exists(path, ignored); ++more) {
        path = folder / fmt::format("{}-{}-{}.db", file.stem().string(), when, more);
    }
    return path;
}

/// The damaged file goes aside with what SQLite keeps beside it, the salvaged one takes its place.
Status exchange(const std::filesystem::path &file, const std::filesystem::path &salvaged,
                const std::filesystem::path &folder, RepairedFile &report)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    ::chmod(folder.c_str(), S_IRWXU);
    const std::filesystem::path aside = asidePath(folder, file);
    for (const char *suffix : {"-wal", "-shm", ""}) {
        if (std::filesystem::exists(file.string() + suffix, problem)) {
            std::filesystem::rename(file.string() + suffix, aside.string() + suffix, problem);
            if (problem) {
                return fail(systemError("NJ-STORE-002", "Cannot put the damaged file aside", file, problem.value()));
            }
        }
    }
    std::filesystem::rename(salvaged, file, problem);
    if (problem) {
        return fail(systemError("NJ-STORE-002", "Cannot put the salvaged file in its place", file, problem.value()));
    }
    syncFolder(file.parent_path());
    syncFolder(folder);
    report.aside = aside;
    return {};
}

/// Files with problems, and of missing ones what is told about them.
struct Findings {
    std::set<std::filesystem::path> damaged;
    std::map<std::filesystem::path, Error> missing;
};

Result<Findings> look(EventStore &store, const UpkeepObserver &observer, const CancelToken &cancel)
{
    const auto errors = store.check(cancel, observer);
    if (!errors) {
        return fail(errors.error());
    }
    if (cancel.cancelled()) {
        return fail("NJ-STORE-008", "The work was cancelled");
    }
    Findings findings;
    for (const Error &error : *errors) {
        if (error.code == "NJ-STORE-011") {
            findings.missing.emplace(error.place.file, error);
        } else if (error.code == "NJ-STORE-012" || error.code == "NJ-STORE-013" || error.code == "NJ-STORE-004" ||
                   error.code == "NJ-STORE-007") {
            findings.damaged.insert(error.place.file);
        }
    }
    return findings;
}

/// Ids of each segment file, as the manifest has them.
std::map<std::filesystem::path, IdRange> idsOf(const std::filesystem::path &folder)
{
    std::map<std::filesystem::path, IdRange> ids;
    auto manifest = Manifest::open(folder / "manifest.db", OpenMode::ReadOnly);
    const auto entries = manifest ? (*manifest)->entries() : fail(manifest.error());
    for (std::size_t i = 0; entries && i < entries->size(); ++i) {
        const bool isLast = i + 1 == entries->size();
        ids[folder / "segments" / fmt::format("{:06}.db", (*entries)[i].number)] = {
            std::max<std::int64_t>(1, (*entries)[i].firstId), isLast ? 0 : (*entries)[i + 1].firstId - 1};
    }
    return ids;
}

/// A manifest that cannot be opened is made anew from the segments; the places of sources in it go with it.
Status replaceManifest(const std::filesystem::path &folder, RepairReport &report)
{
    const std::filesystem::path path = folder / "manifest.db";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored) || checkDatabase(path).empty()) {
        return {};
    }
    auto repaired = repairDatabase(path, folder / "damaged");
    if (repaired) {
        report.files.insert(report.files.end(), repaired->files.begin(), repaired->files.end());
        return {};
    }
    RepairedFile file{path, {}, {"the list of segments; it is made anew from the files"}};
    const std::filesystem::path aside = asidePath(folder / "damaged", path);
    std::filesystem::create_directories(folder / "damaged", ignored);
    std::filesystem::rename(path, aside, ignored);
    for (const char *suffix : {"-wal", "-shm"}) {
        std::filesystem::remove(path.string() + suffix, ignored);
    }
    file.aside = aside;
    report.files.push_back(std::move(file));
    return {};
}

} // namespace

std::filesystem::path salvagedPath(const std::filesystem::path &segment)
{
    return segment.string() + ".salvaged";
}

Result<RepairReport> repairDatabase(const std::filesystem::path &path, const std::filesystem::path &aside)
{
    RepairReport report;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored) || checkDatabase(path).empty()) {
        return report;
    }
    RepairedFile file{path, {}, {}};
    const std::filesystem::path salvaging = path.string() + ".salvaging";
    Status done = salvageDatabase(path, salvaging, file);
    if (done) {
        done = exchange(path, salvaging, aside, file);
    }
    if (!done) {
        removeDatabaseFiles(salvaging);
        return fail(done.error());
    }
    report.files.push_back(std::move(file));
    return report;
}

Result<RepairReport> repairEventStore(const std::filesystem::path &folder, const UpkeepObserver &observer,
                                      const CancelToken &cancel)
{
    RepairReport report;
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored)) {
        return report;
    }
    Findings findings;
    {
        // Opened once so that nobody else has it, then for what the check says.
        if (Status made = replaceManifest(folder, report); !made) {
            return fail(made.error());
        }
        auto store = EventStore::open(folder);
        if (!store) {
            return fail(store.error());
        }
        auto found = look(**store, observer, cancel);
        if (!found) {
            return fail(found.error());
        }
        findings = std::move(*found);
        if (!findings.missing.empty()) {
            if (Status forgotten = (*store)->forgetMissing(); !forgotten) {
                return fail(forgotten.error());
            }
        }
    }
    for (const auto &[file, error] : findings.missing) {
        report.files.push_back({file, {}, {error.reason}});
    }
    const auto ids = idsOf(folder);
    std::uint64_t done = 0;
    for (const std::filesystem::path &path : findings.damaged) {
        if (path.parent_path() != folder / "segments") {
            continue;
        }
        if (observer) {
            observer({"salvaging " + path.filename().string(), done++, findings.damaged.size()});
        }
        RepairedFile file{path, {}, {}};
        const std::filesystem::path salvaging = path.string() + ".salvaging";
        const auto range = ids.find(path);
        Status saved = salvageSegment(path, salvaging, range == ids.end() ? IdRange{} : range->second, file, cancel);
        if (!saved) {
            return fail(saved.error());
        }
        std::filesystem::rename(salvaging, salvagedPath(path), ignored);
        syncFolder(path.parent_path());
        if (saved = exchange(path, salvagedPath(path), folder / "damaged", file); !saved) {
            return fail(saved.error());
        }
        report.files.push_back(std::move(file));
    }
    return report;
}

} // namespace nightjar::store
