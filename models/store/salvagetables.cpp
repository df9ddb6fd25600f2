// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/salvage.h"
#include "store/segment.h"

#include <algorithm>

/// Rows of any database, table by table.
namespace nightjar::store {
namespace {

std::string quotedName(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + '"';
}

struct Table {
    std::string name;
    bool hasRowid = true;
};

/// Copies between the attached damaged database and the fresh one.
class TableCopy {
public:
    TableCopy(Database &database, std::string table)
        : m_database(database)
        , m_name(quotedName(table))
    {
    }
    Status all() { return copy(""); }
    /// Halves a range until what cannot be read is known; the number of rows that are lost at most.
    std::int64_t range(std::int64_t first, std::int64_t last)
    {
        if (first > last || copy(" WHERE rowid BETWEEN " + std::to_string(first) + " AND " + std::to_string(last))) {
            return 0;
        }
        if (first == last) {
            return 1;
        }
        const std::int64_t middle = first + (last - first) / 2;
        return range(first, middle) + range(middle + 1, last);
    }
    /// As many rows as can be read from the beginning on.
    void prefix()
    {
        std::int64_t good = 0;
        for (std::int64_t step = std::int64_t{1} << 20; step > 0; step /= 2) {
            while (copy(" LIMIT " + std::to_string(step) + " OFFSET " + std::to_string(good))) {
                if (m_database.changes() == 0) {
                    return;
                }
                good += step;
            }
        }
    }
    std::int64_t largestRowid()
    {
        auto row = m_database.prepare("SELECT max(rowid) FROM damaged." + m_name);
        const bool found = row && row->step().value_or(false);
        return found ? row->integer(0) : std::int64_t{1} << 24;
    }

private:
    Status copy(const std::string &condition)
    {
        return m_database.execute("INSERT OR IGNORE INTO main." + m_name + " SELECT * FROM damaged." + m_name +
                                  condition);
    }
    Database &m_database;
    std::string m_name;
};

Result<std::vector<std::pair<std::string, std::string>>> schemaOf(Database &database, const std::string &condition)
{
    auto rows = database.prepare("SELECT name, sql FROM damaged.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE"
                                 " 'sqlite\\_%' ESCAPE '\\' AND " +
                                 condition);
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<std::pair<std::string, std::string>> found;
    Result<bool> more = rows->step();
    for (; more && *more; more = rows->step()) {
        found.emplace_back(rows->text(0), rows->text(1));
    }
    return more ? Result<std::vector<std::pair<std::string, std::string>>>(std::move(found)) : fail(more.error());
}

void copyTable(Database &database, const std::string &name, const std::string &sql, RepairedFile &report)
{
    TableCopy copy(database, name);
    if (copy.all()) {
        return;
    }
    if (sql.find("WITHOUT ROWID") != std::string::npos) {
        copy.prefix();
        report.lost.push_back("rows of the table " + name);
        return;
    }
    const std::int64_t lost = copy.range(1, copy.largestRowid());
    report.lost.push_back(std::to_string(lost) + " rows of the table " + name + " at most");
}

} // namespace

Status salvageDatabase(const std::filesystem::path &from, const std::filesystem::path &into, RepairedFile &report)
{
    removeDatabaseFiles(into);
    auto opened = Database::open(into, OpenMode::ReadWrite);
    if (!opened) {
        return fail(opened.error());
    }
    Database &database = **opened;
    auto attach = database.prepare("ATTACH ? AS damaged");
    Status done = attach ? attach->bind(1, std::string_view(from.native())).run() : fail(attach.error());
    const auto tables = done ? schemaOf(database, "type = 'table'") : fail(done.error());
    const auto others = tables ? schemaOf(database, "type <> 'table'") : fail(tables.error());
    if (!others) {
        return fail(others.error());
    }
    (void)database.execute("PRAGMA foreign_keys=OFF");
    for (const auto &[name, sql] : *tables) {
        if (done = database.execute(sql); !done) {
            return done;
        }
        copyTable(database, name, sql, report);
    }
    (void)database.execute("INSERT OR REPLACE INTO main.sqlite_sequence SELECT * FROM damaged.sqlite_sequence");
    for (const auto &[name, sql] : *others) {
        if (Status made = database.execute(sql); !made) {
            report.lost.push_back("the index " + name);
        }
    }
    return database.execute("DETACH damaged; PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace nightjar::store
