// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/storetables.h"

#include <array>
#include <optional>

namespace nightjar::intel::tables {

using store::Database;
using store::Statement;

namespace {

/// `indicator_before` holds rows as they were before an import changed them; `created` is the import that brought a
/// row.
constexpr std::array<store::Migration, 1> kMigrations{{{"intel", 1, R"sql(
CREATE TABLE indicator(fp INTEGER PRIMARY KEY, type INTEGER NOT NULL, value TEXT NOT NULL, port INTEGER NOT NULL);
CREATE TABLE indicator_origin(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE indicator_row(
    fp INTEGER NOT NULL, source INTEGER NOT NULL, created INTEGER NOT NULL, confidence INTEGER, tlp INTEGER NOT NULL,
    threat TEXT NOT NULL, malware TEXT NOT NULL, reference TEXT NOT NULL, valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, to_ids INTEGER NOT NULL,
    PRIMARY KEY(fp, source)) WITHOUT ROWID;
CREATE TABLE indicator_before(
    batch INTEGER NOT NULL, fp INTEGER NOT NULL, source INTEGER NOT NULL, created INTEGER NOT NULL, confidence INTEGER,
    tlp INTEGER NOT NULL, threat TEXT NOT NULL, malware TEXT NOT NULL, reference TEXT NOT NULL,
    valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
    to_ids INTEGER NOT NULL, PRIMARY KEY(fp, source, batch)) WITHOUT ROWID;
CREATE TABLE indicator_import(
    id INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL REFERENCES indicator_origin(id), file TEXT NOT NULL,
    at INTEGER NOT NULL, read INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0, invalid INTEGER NOT NULL DEFAULT 0, undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE indicator_hunt(fp INTEGER PRIMARY KEY, batch INTEGER NOT NULL);
CREATE TABLE indicator_key(seed INTEGER NOT NULL);
INSERT INTO indicator_key VALUES(random());
)sql"}}};

constexpr std::string_view kRowColumns =
    "fp, source, created, confidence, tlp, threat, malware, reference, valid_from, "
    "valid_until, first_seen, last_seen, to_ids";

Result<std::int64_t> originId(Database &db, const std::string &name)
{
    auto insert = db.prepare("INSERT OR IGNORE INTO indicator_origin(name) VALUES(?)");
    auto find = db.prepare("SELECT id FROM indicator_origin WHERE name = ?");
    if (!insert || !find) {
        return fail(!insert ? insert.error() : find.error());
    }
    insert->bind(1, std::string_view(name));
    if (Status done = insert->run(); !done) {
        return fail(done.error());
    }
    find->bind(1, std::string_view(name));
    const auto row = find->step();
    return row ? Result<std::int64_t>(find->integer(0)) : fail(row.error());
}

void bindRow(Statement &s, std::int64_t fp, std::int64_t source, std::int64_t batch, const Indicator &i)
{
    s.bind(1, fp).bind(2, source).bind(3, batch);
    if (i.confidence) {
        s.bind(4, *i.confidence);
    } else {
        s.bind(4, nullptr);
    }
    s.bind(5, static_cast<int>(i.tlp)).bind(6, std::string_view(i.threat)).bind(7, std::string_view(i.malware));
    s.bind(8, std::string_view(i.reference)).bind(9, i.validFrom).bind(10, i.validUntil).bind(11, i.firstSeen);
    s.bind(12, i.lastSeen).bind(13, i.toIds ? 1 : 0);
}

} // namespace

std::span<const store::Migration> migrations()
{
    return kMigrations;
}

std::uint64_t filterSeed(Database &db)
{
    auto query = db.prepare("SELECT seed FROM indicator_key");
    if (!query) {
        return 0;
    }
    const auto row = query->step();
    return row && *row ? static_cast<std::uint64_t>(query->integer(0)) : 0;
}

struct BatchWriter::State {
    Statement addValue, addRow, keepBefore, updateRow, addHunt;
    Database &db;
    std::int64_t batch = 0;
    std::int64_t source = 0;
    std::int64_t added = 0, updated = 0;
};

BatchWriter::BatchWriter(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
BatchWriter::BatchWriter(BatchWriter &&) noexcept = default;
BatchWriter &BatchWriter::operator=(BatchWriter &&) noexcept = default;
BatchWriter::~BatchWriter() = default;

Result<BatchWriter> BatchWriter::begin(Database &db, ImportBatch &batch)
{
    const auto source = originId(db, batch.source);
    if (!source) {
        return fail(source.error());
    }
    auto journal = db.prepare("INSERT INTO indicator_import(source, file, at) VALUES(?, ?, ?)");
    if (!journal) {
        return fail(journal.error());
    }
    journal->bind(1, *source).bind(2, std::string_view(batch.file)).bind(3, batch.at);
    if (Status done = journal->run(); !done) {
        return fail(done.error());
    }
    batch.id = db.lastInsertId();
    const std::string columns(kRowColumns);
    auto addValue = db.prepare("INSERT INTO indicator VALUES(?, ?, ?, ?) ON CONFLICT(fp) DO NOTHING");
    auto addRow = db.prepare("INSERT INTO indicator_row(" + columns +
                             ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING");
    auto keep = db.prepare("INSERT OR IGNORE INTO indicator_before(batch, " + columns + ") SELECT ?1, " + columns +
                           " FROM indicator_row WHERE fp = ?2 AND source = ?3 AND created <> ?1");
    // ?3 stays unused: `created` is not touched. INT64_MIN stands for "no time".
    auto update = db.prepare(
        "UPDATE indicator_row SET confidence = ifnull(?4, confidence), tlp = iif(?5 = 0, tlp, ?5), "
        "threat = iif(?6 = '', threat, ?6), malware = iif(?7 = '', malware, ?7), "
        "reference = iif(?8 = '', reference, ?8), valid_from = iif(?9 = -9223372036854775808, valid_from, ?9), "
        "valid_until = iif(?10 = -9223372036854775808, valid_until, ?10), "
        "first_seen = iif(first_seen = -9223372036854775808, ?11, iif(?11 = -9223372036854775808, first_seen, "
        "min(first_seen, ?11))), "
        "last_seen = max(last_seen, ?12), to_ids = ?13 WHERE fp = ?1 AND source = ?2 AND ?3 IS NOT NULL");
    auto hunt = db.prepare("INSERT OR IGNORE INTO indicator_hunt VALUES(?, ?)");
    for (const auto *one : {&addValue, &addRow, &keep, &update, &hunt}) {
        if (!*one) {
            return fail(one->error());
        }
    }
    return BatchWriter(std::unique_ptr<State>(new State{std::move(*addValue), std::move(*addRow), std::move(*keep),
                                                        std::move(*update), std::move(*hunt), db, batch.id, *source}));
}

Status BatchWriter::add(const Indicator &indicator)
{
    State &s = *m_state;
    const auto fp = static_cast<std::int64_t>(fingerprint(indicator));
    s.addValue.bind(1, fp).bind(2, static_cast<int>(indicator.type)).bind(3, std::string_view(indicator.value));
    s.addValue.bind(4, static_cast<int>(indicator.port));
    if (Status done = s.addValue.run(); !done) {
        return done;
    }
    const bool isNew = s.db.changes() > 0;
    bindRow(s.addRow, fp, s.source, s.batch, indicator);
    if (Status done = s.addRow.run(); !done) {
        return done;
    }
    if (s.db.changes() == 0) {
        s.keepBefore.bind(1, s.batch).bind(2, fp).bind(3, s.source);
        bindRow(s.updateRow, fp, s.source, s.batch, indicator);
        if (Status done = s.keepBefore.run(); !done) {
            return done;
        }
        if (Status done = s.updateRow.run(); !done) {
            return done;
        }
    }
    s.added += isNew ? 1 : 0;
    s.updated += isNew ? 0 : 1;
    if (!isNew) {
        return {};
    }
    s.addHunt.bind(1, fp).bind(2, s.batch);
    return s.addHunt.run();
}

Status BatchWriter::finish(ImportBatch &batch)
{
    batch.added = m_state->added;
    batch.updated = m_state->updated;
    auto journal = m_state->db.prepare(
        "UPDATE indicator_import SET read = ?2, added = ?3, updated = ?4, invalid = ?5 WHERE id = ?1");
    if (!journal) {
        return fail(journal.error());
    }
    journal->bind(1, batch.id).bind(2, batch.read).bind(3, batch.added).bind(4, batch.updated).bind(5, batch.invalid);
    return journal->run();
}

Result<std::int64_t> undoBatch(Database &db, std::int64_t batch)
{
    auto mark = db.prepare("UPDATE indicator_import SET undone = 1 WHERE id = ? AND undone = 0");
    if (!mark) {
        return fail(mark.error());
    }
    mark->bind(1, batch);
    if (Status done = mark->run(); !done) {
        return fail(done.error());
    }
    if (db.changes() == 0) {
        return fail("NJ-INTEL-042", "Cannot undo the import",
                    "there is no import " + std::to_string(batch) + ", or it has been undone already");
    }
    const std::string id = std::to_string(batch);
    const std::string columns(kRowColumns);
    const auto next = [&](const std::string &row) {
        return "(SELECT min(n.batch) FROM indicator_before n WHERE n.fp = " + row + ".fp AND n.source = " + row +
               ".source AND n.batch > " + id + ")";
    };
    // What the import brought passes to the next import that had it too; else it goes. What it changed goes back to the
    // image taken before, unless a later import has changed it again: then that one inherits the image.
    const std::string sql = "CREATE TEMP TABLE indicator_gone AS SELECT fp FROM indicator_row WHERE created = " + id +
                            ";" + "DELETE FROM indicator_row WHERE created = " + id + " AND " + next("indicator_row") +
                            " IS NULL;" + "UPDATE indicator_row SET created = " + next("indicator_row") +
                            " WHERE created = " + id + ";" + "UPDATE indicator_before AS x SET created = " + next("x") +
                            " WHERE created = " + id + ";" + "DELETE FROM indicator_before WHERE batch = created;" +
                            "INSERT OR REPLACE INTO indicator_row(" + columns + ") SELECT " + columns +
                            " FROM indicator_before a WHERE batch = " + id + " AND " + next("a") + " IS NULL;" +
                            "INSERT OR REPLACE INTO indicator_before(batch, " + columns + ") SELECT " + next("a") +
                            ", " + columns + " FROM indicator_before a WHERE batch = " + id + " AND " + next("a") +
                            " IS NOT NULL;" + "DELETE FROM indicator_before WHERE batch = " + id + ";" +
                            "DELETE FROM indicator WHERE fp IN (SELECT fp FROM indicator_gone) AND NOT EXISTS"
                            "(SELECT 1 FROM indicator_row r WHERE r.fp = indicator.fp);";
    if (Status done = db.execute(sql); !done) {
        return fail(done.error());
    }
    auto gone = db.prepare(
        "SELECT count(*) FROM (SELECT DISTINCT fp FROM indicator_gone) WHERE fp NOT IN (SELECT fp FROM indicator)");
    if (!gone) {
        return fail(gone.error());
    }
    const auto row = gone->step();
    if (!row) {
        return fail(row.error());
    }
    const std::int64_t count = gone->integer(0);
    gone->reset();
    const Status cleaned = db.execute("DELETE FROM indicator_hunt WHERE fp NOT IN (SELECT fp FROM indicator);"
                                      "DROP TABLE indicator_gone;");
    return cleaned ? Result<std::int64_t>(count) : fail(cleaned.error());
}

Status forEachRow(Database &db, const std::string &tail, const std::function<void(Statement &)> &bind,
                  const std::function<void(Indicator &&, std::int64_t)> &use)
{
    auto query = db.prepare(
        "SELECT i.type, i.value, i.port, s.name, r.confidence, r.tlp, r.threat, r.malware, r.reference, r.valid_from, "
        "r.valid_until, r.first_seen, r.last_seen, r.to_ids, r.created FROM indicator i JOIN indicator_row r ON r.fp = "
        "i.fp "
        "JOIN indicator_origin s ON s.id = r.source " +
        tail);
    if (!query) {
        return fail(query.error());
    }
    bind(*query);
    for (auto row = query->step();; row = query->step()) {
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
        Indicator i;
        const std::int64_t type = query->integer(0);
        if (type < 0 || type >= static_cast<std::int64_t>(kTypeCount)) {
            continue;
        }
        i.type = static_cast<Type>(type);
        i.value = query->text(1);
        i.port = static_cast<std::uint16_t>(query->integer(2));
        i.source = query->text(3);
        if (!query->isNull(4)) {
            i.confidence = static_cast<int>(query->integer(4));
        }
        i.tlp = static_cast<Tlp>(query->integer(5) & 7);
        i.threat = query->text(6);
        i.malware = query->text(7);
        i.reference = query->text(8);
        i.validFrom = query->integer(9);
        i.validUntil = query->integer(10);
        i.firstSeen = query->integer(11);
        i.lastSeen = query->integer(12);
        i.toIds = query->integer(13) != 0;
        use(std::move(i), query->integer(14));
    }
}

} // namespace nightjar::intel::tables
