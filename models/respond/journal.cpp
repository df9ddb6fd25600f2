// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/journal.h"

#include <array>

namespace nightjar::respond {

namespace {

using store::Database;
using store::Statement;

constexpr std::string_view kSchema = R"sql(
CREATE TABLE respond_changes(
  id INTEGER PRIMARY KEY AUTOINCREMENT, batch TEXT NOT NULL, at INTEGER NOT NULL, action TEXT NOT NULL,
  value TEXT NOT NULL, entry TEXT NOT NULL, entry_key TEXT NOT NULL, list TEXT NOT NULL, reason TEXT NOT NULL,
  actor TEXT NOT NULL, source TEXT NOT NULL, expiry INTEGER, undo_of INTEGER NOT NULL);
CREATE INDEX respond_changes_undo ON respond_changes(undo_of) WHERE undo_of <> 0;
CREATE TABLE respond_phases(
  id INTEGER PRIMARY KEY AUTOINCREMENT, change INTEGER NOT NULL REFERENCES respond_changes(id), at INTEGER NOT NULL,
  phase TEXT NOT NULL, result TEXT NOT NULL, why TEXT NOT NULL);
CREATE INDEX respond_phases_change ON respond_phases(change, id);
CREATE TRIGGER respond_changes_keep BEFORE UPDATE ON respond_changes BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER respond_changes_stay BEFORE DELETE ON respond_changes BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER respond_phases_keep BEFORE UPDATE ON respond_phases BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER respond_phases_stay BEFORE DELETE ON respond_phases BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE respond_owned(
  entry_key TEXT PRIMARY KEY, change INTEGER NOT NULL REFERENCES respond_changes(id), saved_at INTEGER NOT NULL, live_at INTEGER);
CREATE TABLE respond_activations(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL);
)sql";

/// The empty key stands for the look itself, so that a list without entries of others is known as such.
constexpr std::string_view kForeign = "CREATE TABLE respond_foreign(entry_key TEXT PRIMARY KEY) WITHOUT ROWID;";

constexpr std::array<store::Migration, 2> kMigrations{{{"respond", 1, kSchema}, {"respond", 2, kForeign}}};

constexpr std::array<std::pair<ChangePhase, std::string_view>, 5> kPhases{{{ChangePhase::Intent, "intent"},
                                                                           {ChangePhase::Saved, "saved"},
                                                                           {ChangePhase::Live, "live"},
                                                                           {ChangePhase::Failed, "failed"},
                                                                           {ChangePhase::Unknown, "unknown"}}};

ChangePhase phaseOf(std::string_view text)
{
    for (const auto &[phase, name] : kPhases) {
        if (name == text) {
            return phase;
        }
    }
    return ChangePhase::Unknown;
}

void bindTime(Statement &statement, int index, Timestamp time)
{
    if (time == kNoTime) {
        statement.bind(index, nullptr);
    } else {
        statement.bind(index, time);
    }
}

Timestamp timeOf(const Statement &statement, int column)
{
    return statement.isNull(column) ? kNoTime : statement.integer(column);
}

Change readChange(const Statement &row)
{
    const auto text = [&row](int column) { return std::string(row.text(column)); };
    Change change;
    change.id = row.integer(0);
    change.batch = text(1);
    change.at = row.integer(2);
    change.action = row.text(3) == nameOf(ChangeAction::Unblock) ? ChangeAction::Unblock : ChangeAction::Block;
    change.value = text(4);
    change.entry = text(5);
    change.key = text(6);
    change.list = text(7);
    change.reason = text(8);
    change.actor = text(9);
    change.source = text(10);
    change.expiry = timeOf(row, 11);
    change.undoOf = row.integer(12);
    change.phase = phaseOf(row.text(13));
    change.phaseAt = row.integer(14);
    change.result = text(15);
    change.why = text(16);
    change.undoneBy = row.isNull(17) ? 0 : row.integer(17);
    return change;
}

Status keepOwned(Database &database, std::int64_t change, ChangePhase phase, Timestamp now)
{
    if (phase != ChangePhase::Saved && phase != ChangePhase::Live) {
        return {};
    }
    auto remove =
        database.prepare("DELETE FROM respond_owned WHERE entry_key = (SELECT entry_key FROM respond_changes WHERE "
                         "id = ?1 AND action = 'unblock')");
    if (!remove) {
        return fail(remove.error());
    }
    remove->bind(1, change);
    if (Status done = remove->run(); !done) {
        return done;
    }
    auto insert = database.prepare(
        "INSERT INTO respond_owned(entry_key, change, saved_at, live_at) SELECT entry_key, id, ?2, ?3 FROM "
        "respond_changes "
        "WHERE id = ?1 AND action = 'block' ON CONFLICT(entry_key) DO UPDATE SET change = excluded.change, "
        "saved_at = CASE WHEN change = excluded.change THEN saved_at ELSE excluded.saved_at END, live_at = "
        "excluded.live_at");
    if (!insert) {
        return fail(insert.error());
    }
    insert->bind(1, change).bind(2, now);
    bindTime(*insert, 3, phase == ChangePhase::Live ? now : kNoTime);
    return insert->run();
}

Status appendPhase(Database &database, const ChangeNote &note, Timestamp now)
{
    auto insert = database.prepare("INSERT INTO respond_phases(change, at, phase, result, why) VALUES(?, ?, ?, ?, ?)");
    if (!insert) {
        return fail(insert.error());
    }
    insert->bind(1, note.change).bind(2, now).bind(3, nameOf(note.phase)).bind(4, note.result).bind(5, note.why);
    return insert->run();
}

Result<std::int64_t> insertChange(Database &database, const Change &change, Timestamp now)
{
    auto insert =
        database.prepare("INSERT INTO respond_changes(batch, at, action, value, entry, entry_key, list, reason, actor, "
                         "source, expiry, undo_of) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) {
        return fail(insert.error());
    }
    insert->bind(1, change.batch)
        .bind(2, now)
        .bind(3, nameOf(change.action))
        .bind(4, change.value)
        .bind(5, change.entry);
    insert->bind(6, change.key)
        .bind(7, change.list)
        .bind(8, change.reason)
        .bind(9, change.actor)
        .bind(10, change.source);
    bindTime(*insert, 11, change.expiry);
    insert->bind(12, change.undoOf);
    if (Status done = insert->run(); !done) {
        return fail(done.error());
    }
    return database.lastInsertId();
}

} // namespace

std::string_view nameOf(ChangePhase phase)
{
    for (const auto &[known, name] : kPhases) {
        if (known == phase) {
            return name;
        }
    }
    return "unknown";
}

std::string_view nameOf(ChangeAction action)
{
    return action == ChangeAction::Block ? "block" : "unblock";
}

Journal::Journal(store::Catalog &catalog, const Clock &clock)
    : m_catalog(catalog)
    , m_clock(clock)
{
}

std::span<const store::Migration> Journal::migrations()
{
    return kMigrations;
}

Result<std::vector<std::int64_t>> Journal::begin(std::span<const Change> intents)
{
    const Timestamp now = m_clock.now();
    return m_catalog.write([&](Database &database) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> ids;
        for (const Change &change : intents) {
            Result<std::int64_t> id = insertChange(database, change, now);
            if (!id) {
                return fail(id.error());
            }
            if (Status phase = appendPhase(database, {*id, ChangePhase::Intent, {}, {}}, now); !phase) {
                return fail(phase.error());
            }
            ids.push_back(*id);
        }
        return ids;
    });
}

Status Journal::note(std::span<const ChangeNote> notes)
{
    const Timestamp now = m_clock.now();
    return m_catalog.write([&](Database &database) -> Status {
        for (const ChangeNote &note : notes) {
            if (Status phase = appendPhase(database, note, now); !phase) {
                return phase;
            }
            if (Status owned = keepOwned(database, note.change, note.phase, now); !owned) {
                return owned;
            }
        }
        return {};
    });
}

Result<std::vector<Change>> Journal::query(std::string_view condition, std::int64_t argument, std::size_t limit)
{
    std::string sql =
        "SELECT c.id, c.batch, c.at, c.action, c.value, c.entry, c.entry_key, c.list, c.reason, c.actor, c.source, "
        "c.expiry, c.undo_of, p.phase, p.at, p.result, p.why, (SELECT u.id FROM respond_changes u WHERE u.undo_of "
        "= c.id AND u.undo_of <> 0 AND (SELECT q.phase FROM respond_phases q WHERE q.change = u.id ORDER BY q.id "
        "DESC LIMIT 1) <> 'failed' LIMIT 1) FROM respond_changes c JOIN respond_phases p ON p.id = (SELECT "
        "max(q.id) FROM respond_phases q WHERE q.change = c.id) ";
    sql.append(condition).append(" LIMIT ?2");
    return m_catalog.read([&](Database &database) -> Result<std::vector<Change>> {
        auto select = database.prepare(sql);
        if (!select) {
            return fail(select.error());
        }
        select->bind(1, argument).bind(2, limit);
        std::vector<Change> changes;
        for (;;) {
            const Result<bool> row = select->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return changes;
            }
            changes.push_back(readChange(*select));
        }
    });
}

Result<std::vector<Change>> Journal::list(std::size_t limit)
{
    return query("WHERE c.id > ?1 ORDER BY c.id DESC", 0, limit);
}

Result<std::optional<Change>> Journal::find(std::int64_t id)
{
    Result<std::vector<Change>> found = query("WHERE c.id = ?1", id, 1);
    if (!found) {
        return fail(found.error());
    }
    return found->empty() ? std::nullopt : std::optional<Change>(std::move(found->front()));
}

Result<std::vector<Change>> Journal::unfinished()
{
    return query("WHERE c.id > ?1 AND p.phase IN ('intent', 'saved', 'unknown') ORDER BY c.id", 0, 1'000'000);
}

Result<std::vector<Change>> Journal::pushedWith(std::int64_t id)
{
    // Intents of one push are written in one transaction with one time, and one after the other.
    return query("WHERE c.at = (SELECT w.at FROM respond_changes w WHERE w.id = ?1) ORDER BY c.id", id, 1'000'000);
}

Result<std::optional<std::vector<std::string>>> Journal::knownForeign()
{
    return m_catalog.read([](Database &database) -> Result<std::optional<std::vector<std::string>>> {
        auto select = database.prepare("SELECT entry_key FROM respond_foreign ORDER BY entry_key");
        if (!select) {
            return fail(select.error());
        }
        std::optional<std::vector<std::string>> keys;
        for (;;) {
            const Result<bool> row = select->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return keys;
            }
            keys = keys ? std::move(keys) : std::vector<std::string>();
            if (!select->text(0).empty()) {
                keys->emplace_back(select->text(0));
            }
        }
    });
}

Status Journal::noteForeign(std::span<const std::string> keys)
{
    return m_catalog.write([&](Database &database) -> Status {
        if (Status gone = database.execute("DELETE FROM respond_foreign"); !gone) {
            return gone;
        }
        auto row = database.prepare("INSERT OR IGNORE INTO respond_foreign(entry_key) VALUES(?)");
        if (!row) {
            return fail(row.error());
        }
        const auto insert = [&row](std::string_view key) -> Status {
            row->bind(1, key);
            return row->run();
        };
        if (Status look = insert(""); !look) {
            return look;
        }
        for (const std::string &key : keys) {
            if (Status done = insert(key); !done) {
                return done;
            }
        }
        return {};
    });
}

Result<std::vector<OwnedEntry>> Journal::owned()
{
    return m_catalog.read([](Database &database) -> Result<std::vector<OwnedEntry>> {
        auto select =
            database.prepare("SELECT o.entry_key, c.entry, c.value, c.reason, c.actor, c.source, c.expiry, o.saved_at, "
                             "o.live_at, o.change FROM respond_owned o JOIN respond_changes c ON c.id = o.change");
        if (!select) {
            return fail(select.error());
        }
        std::vector<OwnedEntry> entries;
        for (;;) {
            const Result<bool> row = select->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return entries;
            }
            const auto text = [&select](int column) { return std::string(select->text(column)); };
            entries.push_back({text(0), text(1), text(2), text(3), text(4), text(5), timeOf(*select, 6),
                               timeOf(*select, 7), timeOf(*select, 8), select->integer(9)});
        }
    });
}

Status Journal::disown(std::string_view key)
{
    return m_catalog.write([&](Database &database) -> Status {
        auto remove = database.prepare("DELETE FROM respond_owned WHERE entry_key = ?");
        if (!remove) {
            return fail(remove.error());
        }
        remove->bind(1, key);
        return remove->run();
    });
}

Status Journal::noteActivation()
{
    const Timestamp now = m_clock.now();
    return m_catalog.write([&](Database &database) -> Status {
        auto insert = database.prepare("INSERT INTO respond_activations(at) VALUES(?)");
        if (!insert) {
            return fail(insert.error());
        }
        insert->bind(1, now);
        return insert->run();
    });
}

Result<std::vector<Timestamp>> Journal::activationsSince(Timestamp time)
{
    return m_catalog.read([&](Database &database) -> Result<std::vector<Timestamp>> {
        auto select = database.prepare("SELECT at FROM respond_activations WHERE at >= ? ORDER BY at");
        if (!select) {
            return fail(select.error());
        }
        select->bind(1, time);
        std::vector<Timestamp> times;
        for (;;) {
            const Result<bool> row = select->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return times;
            }
            times.push_back(select->integer(0));
        }
    });
}

} // namespace nightjar::respond
