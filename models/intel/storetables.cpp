// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/storetables.h"

#include "intel/sortedbatch.h"

#include <array>
#include <optional>

namespace nightjar::intel::tables {

using store::Database;
using store::Statement;

namespace {

/// `indicator_before` holds rows as they were before an import changed them; `created` is the import that brought a
/// row.
constexpr std::array<store::Migration, 3> kMigrations{{{"intel", 1, R"sql(
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
)sql"},
                                                       {"intel", 2, R"sql(
ALTER TABLE indicator_row ADD COLUMN kill_chain TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator_row ADD COLUMN external TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator_row ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_row ADD COLUMN compromised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_row ADD COLUMN active INTEGER NOT NULL DEFAULT -1;
ALTER TABLE indicator_row ADD COLUMN active_days REAL NOT NULL DEFAULT -1;
ALTER TABLE indicator_row ADD COLUMN delivered INTEGER NOT NULL DEFAULT -9223372036854775808;
ALTER TABLE indicator_row ADD COLUMN days_carried REAL NOT NULL DEFAULT 0;
ALTER TABLE indicator_row ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_before ADD COLUMN kill_chain TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator_before ADD COLUMN external TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator_before ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_before ADD COLUMN compromised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_before ADD COLUMN active INTEGER NOT NULL DEFAULT -1;
ALTER TABLE indicator_before ADD COLUMN active_days REAL NOT NULL DEFAULT -1;
ALTER TABLE indicator_before ADD COLUMN delivered INTEGER NOT NULL DEFAULT -9223372036854775808;
ALTER TABLE indicator_before ADD COLUMN days_carried REAL NOT NULL DEFAULT 0;
ALTER TABLE indicator_before ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
)sql"},
                                                       {"intel", 3, R"sql(
ALTER TABLE indicator_key ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE indicator_import ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
CREATE TABLE indicator_bookmark(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql"}}};

constexpr std::string_view kRowColumns =
    "fp, source, created, confidence, tlp, threat, malware, reference, valid_from, "
    "valid_until, first_seen, last_seen, to_ids, kill_chain, external, revoked, compromised, active, active_days, "
    "delivered, days_carried, returns";

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
    s.bind(12, i.lastSeen).bind(13, i.toIds ? 1 : 0).bind(14, std::string_view(i.killChain));
    s.bind(15, std::string_view(i.externalId)).bind(16, i.revoked ? 1 : 0).bind(17, i.compromised ? 1 : 0);
    s.bind(18, i.present ? (*i.present ? 1 : 0) : -1).bind(19, i.activeDays);
}

} // namespace

std::span<const store::Migration> migrations()
{
    return kMigrations;
}

SetOrigin origin(Database &db)
{
    auto query = db.prepare("SELECT revision, seed FROM indicator_key");
    if (!query) {
        return {};
    }
    const auto row = query->step();
    return row && *row
               ? SetOrigin{static_cast<std::uint64_t>(query->integer(0)), static_cast<std::uint64_t>(query->integer(1))}
               : SetOrigin{};
}

Status nextRevision(Database &db)
{
    return db.execute("UPDATE indicator_key SET revision = revision + 1");
}

Status setBookmark(Database &db, const Bookmark &bookmark)
{
    auto put = db.prepare("INSERT OR REPLACE INTO indicator_bookmark VALUES(?, ?)");
    if (!put) {
        return fail(put.error());
    }
    put->bind(1, std::string_view(bookmark.name)).bind(2, std::string_view(bookmark.value));
    return put->run();
}

struct BatchWriter::State {
    Statement addValue, addRow, keepBefore, differs, updateRow, addHunt;
    Database &db;
    std::int64_t batch = 0;
    std::int64_t source = 0;
    Timestamp at = kNoTime;
    Timestamp previous = kNoTime; ///< delivery of the source
    std::int64_t added = 0, updated = 0, revoked = 0;
    SortedBatch waiting = {};

    Status write(const Indicator &indicator, std::int64_t fp);
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
    auto journal = db.prepare("INSERT INTO indicator_import(source, file, at, partial) VALUES(?, ?, ?, ?)");
    if (!journal) {
        return fail(journal.error());
    }
    journal->bind(1, *source).bind(2, std::string_view(batch.file)).bind(3, batch.at);
    journal->bind(4, batch.partial ? 1 : 0);
    if (Status done = journal->run(); !done) {
        return fail(done.error());
    }
    batch.id = db.lastInsertId();
    const std::string columns(kRowColumns);
    auto addValue = db.prepare("INSERT INTO indicator VALUES(?, ?, ?, ?) ON CONFLICT(fp) DO NOTHING");
    auto addRow = db.prepare("INSERT INTO indicator_row(" + columns +
                             ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?20,0,0) ON CONFLICT DO NOTHING");
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
        "last_seen = max(last_seen, ?12), to_ids = ?13, kill_chain = iif(?14 = '', kill_chain, ?14), "
        "external = iif(?15 = '', external, ?15), revoked = ?16, compromised = max(compromised, ?17), "
        "active = iif(?18 < 0, active, ?18), active_days = max(active_days, ?19), "
        // Carried since the source's delivery before this one: its days count on. Else it was away and came back.
        "days_carried = days_carried + iif(delivered = ?21 AND ?20 > delivered, (?20 - delivered) / 86400e6, 0), "
        "returns = returns + iif(delivered < ?21, 1, 0), delivered = max(delivered, ?20) WHERE fp = ?1 AND source = ?2 "
        "AND ?3 IS NOT NULL");
    // A later sighting alone is no change of what is known.
    auto differs = db.prepare(
        "SELECT revoked < ?16, (?4 IS NOT NULL AND confidence IS NOT ?4) OR (?5 <> 0 AND tlp <> ?5) OR "
        "(?6 <> '' AND threat <> ?6) OR (?7 <> '' AND malware <> ?7) OR (?8 <> '' AND reference <> ?8) OR "
        "(?9 <> -9223372036854775808 AND valid_from <> ?9) OR (?10 <> -9223372036854775808 AND valid_until <> ?10) OR "
        "to_ids <> ?13 OR (?14 <> '' AND kill_chain <> ?14) OR revoked <> ?16 OR compromised < ?17 OR "
        "(?18 >= 0 AND active <> ?18) OR active_days < ?19 FROM indicator_row WHERE fp = ?1 AND source = ?2 AND "
        "ifnull(?3, 0) + ifnull(?11, 0) + ifnull(?12, 0) + ifnull(length(?15), 0) IS NOT NULL");
    auto hunt = db.prepare("INSERT OR IGNORE INTO indicator_hunt VALUES(?, ?)");
    for (const auto *one : {&addValue, &addRow, &keep, &differs, &update, &hunt}) {
        if (!*one) {
            return fail(one->error());
        }
    }
    auto last = db.prepare("SELECT max(at) FROM indicator_import WHERE source = ?1 AND undone = 0 AND id <> ?2 AND "
                           "at <= ?3");
    if (!last) {
        return fail(last.error());
    }
    last->bind(1, *source).bind(2, batch.id).bind(3, batch.at);
    const auto row = last->step();
    if (!row) {
        return fail(row.error());
    }
    const Timestamp previous = *row && !last->isNull(0) && !batch.partial ? last->integer(0) : kNoTime;
    last->reset();
    auto state = std::unique_ptr<State>(new State{std::move(*addValue), std::move(*addRow), std::move(*keep),
                                                  std::move(*differs), std::move(*update), std::move(*hunt), db,
                                                  batch.id, *source, batch.at});
    state->previous = previous;
    return BatchWriter(std::move(state));
}

Status BatchWriter::add(const Indicator &indicator)
{
    return m_state->waiting.add(indicator, fingerprint(indicator));
}

Status BatchWriter::State::write(const Indicator &indicator, std::int64_t fp)
{
    State &s = *this;
    s.addValue.bind(1, fp).bind(2, static_cast<int>(indicator.type)).bind(3, std::string_view(indicator.value));
    s.addValue.bind(4, static_cast<int>(indicator.port));
    if (Status done = s.addValue.run(); !done) {
        return done;
    }
    const bool isNew = s.db.changes() > 0;
    bindRow(s.addRow, fp, s.source, s.batch, indicator);
    s.addRow.bind(20, s.at);
    bool changed = !isNew;
    if (Status done = s.addRow.run(); !done) {
        return done;
    }
    if (s.db.changes() == 0) {
        s.keepBefore.bind(1, s.batch).bind(2, fp).bind(3, s.source);
        bindRow(s.updateRow, fp, s.source, s.batch, indicator);
        s.updateRow.bind(20, s.at).bind(21, s.previous);
        bindRow(s.differs, fp, s.source, s.batch, indicator);
        const auto row = s.differs.step();
        if (!row) {
            return fail(row.error());
        }
        changed = *row && s.differs.integer(1) != 0;
        s.revoked += *row && s.differs.integer(0) != 0 ? 1 : 0;
        s.differs.reset();
        if (Status done = s.keepBefore.run(); !done) {
            return done;
        }
        if (Status done = s.updateRow.run(); !done) {
            return done;
        }
    }
    s.added += isNew ? 1 : 0;
    s.updated += changed ? 1 : 0;
    if (!isNew) {
        return {};
    }
    s.addHunt.bind(1, fp).bind(2, s.batch);
    return s.addHunt.run();
}

Status BatchWriter::finish(ImportBatch &batch, const CancelToken &cancel)
{
    const Status written = m_state->waiting.drain([&](const Indicator &indicator, std::uint64_t fp) {
        return cancel.cancelled() ? fail("NJ-INTEL-041", "The import was cancelled", "nothing was changed")
                                  : m_state->write(indicator, static_cast<std::int64_t>(fp));
    });
    if (!written) {
        return written;
    }
    batch.added = m_state->added;
    batch.updated = m_state->updated;
    batch.revoked = m_state->revoked;
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
    if (Status changed = nextRevision(db); !changed) {
        return fail(changed.error());
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

namespace {

Status forEach(Database &db, const std::string &columns, const std::string &tail,
               const std::function<void(Statement &)> &bind, const std::function<void(Indicator &&, Statement &)> &use)
{
    auto query = db.prepare(
        "SELECT i.type, i.value, i.port, s.name, r.confidence, r.tlp, r.threat, r.malware, r.reference, r.valid_from, "
        "r.valid_until, r.first_seen, r.last_seen, r.to_ids, r.created, "
        "r.kill_chain, r.external, r.revoked, r.compromised, r.active, r.active_days" +
        columns +
        " FROM indicator i JOIN indicator_row r ON r.fp = "
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
        i.killChain = query->text(15);
        i.externalId = query->text(16);
        i.revoked = query->integer(17) != 0;
        i.compromised = query->integer(18) != 0;
        if (query->integer(19) >= 0) {
            i.present = query->integer(19) != 0;
        }
        i.activeDays = query->real(20);
        use(std::move(i), *query);
    }
}

} // namespace

Status forEachRow(Database &db, const std::string &tail, const std::function<void(Statement &)> &bind,
                  const std::function<void(Indicator &&, std::int64_t)> &use)
{
    return forEach(db, "", tail, bind, [&](Indicator &&i, Statement &query) { use(std::move(i), query.integer(14)); });
}

Status forEachPresence(Database &db, const std::string &tail, const std::function<void(Statement &)> &bind,
                       const std::function<void(Presence &&)> &use)
{
    return forEach(db, ", r.delivered >= ifnull(d.last, r.delivered), r.days_carried", tail, bind,
                   [&](Indicator &&i, Statement &query) {
                       const double days = query.real(22);
                       i.activeDays = i.activeDays < 0 && days > 0 ? days : i.activeDays;
                       use(Presence{std::move(i), query.integer(21) != 0});
                   });
}

} // namespace nightjar::intel::tables
