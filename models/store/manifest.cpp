// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/manifest.h"

#include <array>

namespace nightjar::store {
namespace {

constexpr std::array kMigrations = {Migration{"manifest", 1, R"(
CREATE TABLE segment(number INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, dropped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE cursor(
  source TEXT PRIMARY KEY, sequence INTEGER NOT NULL, delivery INTEGER NOT NULL, offset INTEGER NOT NULL,
  framer BLOB NOT NULL, records INTEGER NOT NULL, duplicates INTEGER NOT NULL, quarantined INTEGER NOT NULL,
  done INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE last_id(id INTEGER NOT NULL);
INSERT INTO last_id VALUES(0);
)"},
                                    Migration{"manifest", 2, "ALTER TABLE cursor ADD COLUMN sum INTEGER"}};

Status runWith(Database &database, std::string_view sql, std::int64_t first, std::int64_t second, bool two)
{
    auto statement = database.prepare(sql);
    if (!statement) {
        return fail(statement.error());
    }
    statement->bind(1, first);
    if (two) {
        statement->bind(2, second);
    }
    return statement->run();
}

} // namespace

Result<std::unique_ptr<Manifest>> Manifest::open(const std::filesystem::path &path, OpenMode mode)
{
    auto database = Database::open(path, mode);
    if (!database) {
        return fail(database.error());
    }
    if (mode == OpenMode::ReadWrite) {
        if (Status migrated = (*database)->migrate(kMigrations); !migrated) {
            return fail(migrated.error());
        }
    }
    return std::unique_ptr<Manifest>(new Manifest(std::move(*database)));
}

Result<std::vector<Manifest::Entry>> Manifest::entries()
{
    auto rows = m_database->prepare("SELECT number, first_id, dropped FROM segment ORDER BY number");
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<Entry> entries;
    Result<bool> more = rows->step();
    for (; more && *more; more = rows->step()) {
        entries.push_back({rows->integer(0), rows->integer(1), rows->integer(2) != 0});
    }
    if (!more) {
        return fail(more.error());
    }
    return entries;
}

Status Manifest::add(std::int64_t number, std::int64_t firstId)
{
    return runWith(*m_database, "INSERT OR IGNORE INTO segment(number, first_id) VALUES(?, ?)", number, firstId, true);
}

Status Manifest::drop(std::span<const std::int64_t> numbers, std::span<const StoredCursor> cursors, std::int64_t lastId)
{
    auto transaction = Transaction::begin(*m_database);
    if (!transaction) {
        return fail(transaction.error());
    }
    Status done = runWith(*m_database, "UPDATE last_id SET id = max(id, ?)", lastId, 0, false);
    for (std::size_t i = 0; i < numbers.size() && done; ++i) {
        done = runWith(*m_database, "UPDATE segment SET dropped = 1 WHERE number = ?", numbers[i], 0, false);
    }
    for (std::size_t i = 0; i < cursors.size() && done; ++i) {
        done = writeCursor(*m_database, cursors[i].cursor, cursors[i].sequence);
    }
    return done ? transaction->commit() : done;
}

Status Manifest::forget(std::int64_t number)
{
    return runWith(*m_database, "DELETE FROM segment WHERE number = ?", number, 0, false);
}

Status Manifest::keep(std::span<const StoredCursor> cursors)
{
    return drop({}, cursors, 0);
}

Result<std::int64_t> Manifest::lastId()
{
    auto row = m_database->prepare("SELECT max(id) FROM last_id");
    if (!row) {
        return fail(row.error());
    }
    const Result<bool> found = row->step();
    if (!found) {
        return fail(found.error());
    }
    return *found ? row->integer(0) : 0;
}

} // namespace nightjar::store
