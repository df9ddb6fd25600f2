// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/backup.h"

#include "store/databaseerror.h"
#include "store/manifest.h"
#include "store/segment.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include <memory>

namespace nightjar::store {
namespace {

constexpr int kPagesAtOnce = 512;

struct CloseDatabase {
    void operator()(sqlite3 *database) const { sqlite3_close_v2(database); }
};
using Connection = std::unique_ptr<sqlite3, CloseDatabase>;

Result<Connection> connect(const std::filesystem::path &path, int flags)
{
    sqlite3 *opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(opened);
    if (code != SQLITE_OK) {
        return fail(
            databaseError(code, opened != nullptr ? sqlite3_errmsg(opened) : sqlite3_errstr(code), path.string()));
    }
    sqlite3_busy_timeout(opened, 5'000);
    return connection;
}

Status copyPages(sqlite3 *from, sqlite3 *into, const std::filesystem::path &path, const UpkeepObserver &observer,
                 const CancelToken &cancel)
{
    sqlite3_backup *backup = sqlite3_backup_init(into, "main", from, "main");
    if (backup == nullptr) {
        return fail(databaseError(sqlite3_extended_errcode(into), sqlite3_errmsg(into), path.string()));
    }
    int code = SQLITE_OK;
    while (code == SQLITE_OK && !cancel.cancelled()) {
        code = sqlite3_backup_step(backup, kPagesAtOnce);
        if (observer) {
            const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
            observer({"copying " + path.filename().string(),
                      total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup)), total});
        }
    }
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) {
        return {};
    }
    return code == SQLITE_OK ? fail("NJ-STORE-008", "The work was cancelled")
                             : Status(fail(databaseError(code, sqlite3_errmsg(into), path.string())));
}

} // namespace

Status backupDatabase(const std::filesystem::path &from, const std::filesystem::path &into,
                      const UpkeepObserver &observer, const CancelToken &cancel)
{
    auto source = connect(from, SQLITE_OPEN_READONLY);
    if (!source) {
        return fail(source.error());
    }
    removeDatabaseFiles(into);
    Status done;
    {
        auto target = connect(into, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        if (!target) {
            return fail(target.error());
        }
        // Within a read transaction the pages stay as they are, however long it takes and whoever writes.
        const int code =
            sqlite3_exec(source->get(), "BEGIN; SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
        done = code == SQLITE_OK ? copyPages(source->get(), target->get(), from, observer, cancel)
                                 : Status(fail(databaseError(code, sqlite3_errmsg(source->get()), from.string())));
    }
    if (!done) {
        removeDatabaseFiles(into);
    }
    return done;
}

Status reconcileManifest(const std::filesystem::path &eventsFolder)
{
    auto manifest = Manifest::open(eventsFolder / "manifest.db", OpenMode::ReadWrite);
    const auto entries = manifest ? (*manifest)->entries() : fail(manifest.error());
    if (!entries) {
        return fail(entries.error());
    }
    for (const Manifest::Entry &entry : *entries) {
        std::error_code ignored;
        const auto file = eventsFolder / "segments" / fmt::format("{:06}.db", entry.number);
        if (!std::filesystem::exists(file, ignored)) {
            if (Status forgotten = (*manifest)->forget(entry.number); !forgotten) {
                return forgotten;
            }
        }
    }
    return {};
}

} // namespace nightjar::store
