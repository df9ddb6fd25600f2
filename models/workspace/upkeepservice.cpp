// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/upkeepservice.h"

#include "base/files.h"
#include "net/ratelimit.h"
#include "store/backup.h"
#include "workspace/backupfile.h"
#include "workspace/engine.h"

#include <algorithm>

namespace nightjar::workspace {

namespace {

constexpr std::int64_t kRoundMicros = 10LL * 60 * kMicrosPerSecond;
constexpr int kRoundsAnHour = 6;
constexpr std::uint64_t kGigabyte = 1'000'000'000;

std::uint64_t fileBytes(const std::filesystem::path &path)
{
    std::error_code absent;
    const std::uintmax_t size = std::filesystem::file_size(path, absent);
    return absent ? 0 : size;
}

std::uint64_t bytesOf(const Engine &engine)
{
    return engine.events->diskBytes() + fileBytes(engine.catalog->path());
}

/// Copies of the catalog, the list of segments and the segments, in this order: what is stored later than the catalog's
/// copy is looked at by the detectors when the copy is opened, and what retention drops meanwhile is no longer listed.
Result<std::size_t> copyDatabases(const Engine &engine, const std::filesystem::path &into,
                                  const store::UpkeepObserver &observer, const CancelToken &cancel)
{
    const auto segments = into / "events" / "segments";
    std::error_code problem;
    if (std::filesystem::create_directories(segments, problem); problem) {
        return fail(systemError("NJ-WORK-131", "Cannot write the backup", segments, problem.value()));
    }
    const auto events = engine.folder / "events";
    std::vector<std::pair<std::filesystem::path, std::filesystem::path>> copies{
        {engine.catalog->path(), into / "catalog.db"},
        {events / "manifest.db", into / "events" / "manifest.db"},
    };
    std::vector<std::filesystem::path> files;
    for (const auto &item : std::filesystem::directory_iterator(events / "segments", problem)) {
        if (item.path().extension() == ".db") {
            files.push_back(item.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const auto &file : files) {
        copies.emplace_back(file, segments / file.filename());
    }
    for (const auto &[from, to] : copies) {
        if (auto copied = store::backupDatabase(from, to, observer, cancel); !copied) {
            if (!std::filesystem::exists(from, problem)) {
                continue; // dropped meanwhile
            }
            return fail(copied.error());
        }
    }
    if (auto reconciled = store::reconcileManifest(into / "events"); !reconciled) {
        return fail(reconciled.error());
    }
    return copies.size();
}

} // namespace

UpkeepService::~UpkeepService()
{
    m_ending.cancel();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

Result<StoreCheck> UpkeepService::check(const store::UpkeepObserver &observer, const CancelToken &cancel)
{
    auto problems = m_engine.events->check(cancel, observer);
    if (!problems) {
        return fail(problems.error());
    }
    StoreCheck check{m_engine.events->snapshot().events(), bytesOf(m_engine), std::move(*problems)};
    for (Error &problem : store::checkDatabase(m_engine.catalog->path())) {
        check.problems.push_back(std::move(problem));
    }
    return check;
}

Result<CompactReport> UpkeepService::compact(const store::UpkeepObserver &observer, const CancelToken &cancel)
{
    CompactReport report;
    report.bytesBefore = bytesOf(m_engine);
    store::MergeOptions options;
    options.fewest = 2;
    options.eager = true;
    auto merged = m_engine.events->merge(options, observer, cancel);
    if (!merged) {
        return fail(merged.error());
    }
    report.merged = *merged;
    if (auto shrunk = m_engine.events->shrink(observer, cancel); !shrunk) {
        return fail(shrunk.error());
    }
    if (auto pointed = m_engine.events->checkpoint(); !pointed) {
        return fail(pointed.error());
    }
    const auto vacuumed = m_engine.catalog->write(
        [](store::Database &database) { return database.execute("PRAGMA incremental_vacuum"); });
    if (!vacuumed) {
        return fail(vacuumed.error());
    }
    report.bytesAfter = bytesOf(m_engine);
    return report;
}

Result<BackupReport> UpkeepService::backup(const std::filesystem::path &file, const store::UpkeepObserver &observer,
                                           const CancelToken &cancel)
{
    std::error_code problem;
    if (std::filesystem::exists(file, problem)) {
        return fail(Error{"NJ-WORK-130", "The backup is not written", "a file of this name exists",
                          Place{file.string(), 0, 0}, "Choose another name, or remove the file first."});
    }
    const TemporaryFolder folder = TemporaryFolder::beside(file);
    if (!folder.valid()) {
        return fail(systemError("NJ-WORK-131", "Cannot write the backup", file, folder.error()));
    }
    BackupReport report;
    report.events = m_engine.events->snapshot().events(); // what comes in meanwhile may be there besides
    const auto copied = copyDatabases(m_engine, folder.path(), observer, cancel);
    if (!copied) {
        return fail(copied.error());
    }
    report.databases = *copied;
    report.leftOut = {"secrets (keychain and vault)", "the set of indicators for matching, which is made anew"};
    if (auto taken = copyPlainFiles(m_engine.folder, folder.path()); !taken) {
        return fail(taken.error());
    }
    if (auto written = writeArchive(folder.path(), file, observer, cancel); !written) {
        return fail(written.error());
    }
    report.file = file;
    report.bytes = fileBytes(file);
    return report;
}

RetainLimits UpkeepService::limits() const
{
    return {m_engine.settings->number("retention.days"), m_engine.settings->number("retention.gigabytes")};
}

Result<RetainReport> UpkeepService::retain(const RetainLimits &limits)
{
    RetainReport report;
    report.bytesBefore = m_engine.events->diskBytes();
    if (limits.days > 0) {
        const auto dropped = m_engine.events->dropBefore(m_engine.clock.now() - limits.days * kMicrosPerDay);
        if (!dropped) {
            return fail(dropped.error());
        }
        report.events += *dropped;
    }
    if (limits.gigabytes > 0) {
        const auto dropped = m_engine.events->dropOldest(static_cast<std::uint64_t>(limits.gigabytes) * kGigabyte);
        if (!dropped) {
            return fail(dropped.error());
        }
        report.events += *dropped;
    }
    report.bytesAfter = m_engine.events->diskBytes();
    return report;
}

void UpkeepService::keepInOrder(bool retaining, const CancelToken &cancel)
{
    if (retaining) {
        (void)retain(limits());
    }
    if (m_engine.events->mergeable({}) > 0) {
        (void)m_engine.events->merge({}, {}, cancel);
    }
}

void UpkeepService::start()
{
    std::lock_guard lock(m_mutex);
    if (m_thread.joinable() || m_engine.readOnly) {
        return;
    }
    m_thread = std::thread([this] {
        for (int round = 0; net::systemSleeper().sleep(kRoundMicros, m_ending); ++round) {
            keepInOrder(round % kRoundsAnHour == 0, m_ending);
        }
    });
}

Result<store::RepairReport> repairWorkspace(const std::filesystem::path &folder, const store::UpkeepObserver &observer,
                                            const CancelToken &cancel)
{
    std::error_code problem;
    if (!std::filesystem::exists(folder / "events", problem) &&
        !std::filesystem::exists(folder / "catalog.db", problem)) {
        return fail("NJ-WORK-001", "There is no workspace at " + folder.string(), "The folder holds no store.",
                    "Check the path after -w.");
    }
    auto report = store::repairEventStore(folder / "events", observer, cancel);
    if (!report || cancel.cancelled()) {
        return report;
    }
    if (std::filesystem::exists(folder / "catalog.db", problem)) {
        auto catalog = store::repairDatabase(folder / "catalog.db", folder / "damaged");
        if (!catalog) {
            return catalog;
        }
        std::move(catalog->files.begin(), catalog->files.end(), std::back_inserter(report->files));
    }
    return report;
}

} // namespace nightjar::workspace
