// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/runstore.h"

#include <algorithm>
#include <array>

namespace nightjar::playbook {

namespace {

using store::Database;
using store::Statement;

constexpr std::array<std::string_view, 9> kRunStates{"pending", "running", "waiting", "approval",   "done",
                                                     "failed",  "denied",  "skipped", "interrupted"};
constexpr std::array<std::string_view, 8> kStepStates{"started", "done",     "failed", "skipped",
                                                      "waiting", "approved", "denied", "unknown"};
constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;

constexpr std::array<store::Migration, 1> kMigrations{{{"playbook", 1, R"sql(
CREATE TABLE playbook_run(
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
    playbook TEXT NOT NULL, title TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL,
    trigger TEXT NOT NULL, alert INTEGER NOT NULL, context TEXT NOT NULL, chain TEXT NOT NULL, actor TEXT NOT NULL,
    state INTEGER NOT NULL, why TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, wake INTEGER NOT NULL);
CREATE INDEX playbook_run_state ON playbook_run(state, wake);
CREATE INDEX playbook_run_playbook ON playbook_run(playbook, id);
CREATE TABLE playbook_step(
    run INTEGER NOT NULL REFERENCES playbook_run(id) ON DELETE CASCADE, path TEXT NOT NULL,
    name TEXT NOT NULL, kind TEXT NOT NULL, state INTEGER NOT NULL,
    started INTEGER NOT NULL, ended INTEGER NOT NULL, wake INTEGER NOT NULL, actions INTEGER NOT NULL,
    sends TEXT NOT NULL, result TEXT NOT NULL, error TEXT NOT NULL, who TEXT NOT NULL, UNIQUE(run, path));
CREATE INDEX playbook_step_started ON playbook_step(started) WHERE actions > 0;
CREATE TABLE playbook_origin(
    value TEXT NOT NULL, run INTEGER NOT NULL, chain TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(value, run)) WITHOUT ROWID;
CREATE TABLE playbook_enabled(
    playbook TEXT PRIMARY KEY, hash TEXT NOT NULL, since INTEGER NOT NULL, stopped TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE playbook_mark(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE playbook_tag(alert INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(alert, tag)) WITHOUT ROWID;
)sql"}}};

/// Runs `visit` for each row of a prepared query.
template <class Visit>
Status eachRow(Statement &query, Visit &&visit)
{
    for (;;) {
        const auto row = query.step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
        visit(query);
    }
}

template <class Bind>
Status change(Database &db, std::string_view sql, Bind &&bind)
{
    auto statement = db.prepare(sql);
    if (!statement) {
        return fail(statement.error());
    }
    bind(*statement);
    return statement->run();
}

template <class Bind, class Visit>
Status query(Database &db, std::string_view sql, Bind &&bind, Visit &&visit)
{
    auto statement = db.prepare(sql);
    if (!statement) {
        return fail(statement.error());
    }
    bind(*statement);
    return eachRow(*statement, visit);
}

std::string_view view(const std::string &text)
{
    return text;
}

constexpr std::string_view kRunColumns =
    "id, key, playbook, title, version, trigger, alert, chain, actor, state, why, created, updated, wake";

Run readRun(const Statement &row)
{
    Run run;
    run.id = row.integer(0);
    run.key = row.text(1);
    run.playbook = row.text(2);
    run.title = row.text(3);
    run.version = static_cast<int>(row.integer(4));
    run.trigger = row.text(5);
    run.alert = row.integer(6);
    run.chain = row.text(7);
    run.actor = row.text(8);
    run.state = static_cast<RunState>(row.integer(9));
    run.why = row.text(10);
    run.created = row.integer(11);
    run.updated = row.integer(12);
    run.wake = row.integer(13);
    return run;
}

} // namespace

std::string_view name(RunState state)
{
    return kRunStates[static_cast<std::size_t>(state)];
}
std::string_view name(StepState state)
{
    return kStepStates[static_cast<std::size_t>(state)];
}

Result<RunStore> RunStore::open(store::Catalog &catalog, const Clock &clock)
{
    if (auto migrated = catalog.migrate(kMigrations); !migrated) {
        return fail(migrated.error());
    }
    return RunStore(catalog, clock);
}

Result<std::optional<std::int64_t>> RunStore::add(const Run &run)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Result<std::optional<std::int64_t>> {
        auto done =
            change(db,
                   "INSERT OR IGNORE INTO playbook_run(key, playbook, title, version, text, trigger, alert, context, "
                   "chain, actor, state, why, created, updated, wake) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                   [&](Statement &s) {
                       s.bind(1, view(run.key)).bind(2, view(run.playbook)).bind(3, view(run.title));
                       s.bind(4, run.version).bind(5, view(run.text)).bind(6, view(run.trigger));
                       s.bind(7, run.alert).bind(8, view(run.context)).bind(9, view(run.chain));
                       s.bind(10, view(run.actor)).bind(11, static_cast<int>(run.state)).bind(12, view(run.why));
                       s.bind(13, now).bind(14, now).bind(15, run.wake);
                   });
        if (!done) {
            return fail(done.error());
        }
        return db.changes() > 0 ? std::optional(db.lastInsertId()) : std::nullopt;
    });
}

Result<Run> RunStore::get(std::int64_t id) const
{
    return m_catalog->read([&](Database &db) -> Result<Run> {
        std::optional<Run> found;
        const std::string sql = "SELECT " + std::string(kRunColumns) + ", text, context FROM playbook_run WHERE id = ?";
        auto done = query(
            db, sql, [&](Statement &s) { s.bind(1, id); },
            [&](const Statement &row) {
                found = readRun(row);
                found->text = row.text(14);
                found->context = row.text(15);
            });
        if (!done) {
            return fail(done.error());
        }
        if (!found) {
            return fail("NJ-PLAYBOOK-040", "There is no run " + std::to_string(id), "No run has this number.",
                        "nightjar-cli playbook runs lists them.");
        }
        return std::move(*found);
    });
}

Result<std::vector<Run>> RunStore::list(std::size_t limit) const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<Run>> {
        std::vector<Run> runs;
        const std::string sql = "SELECT " + std::string(kRunColumns) + " FROM playbook_run ORDER BY id DESC LIMIT ?";
        auto done = query(
            db, sql, [&](Statement &s) { s.bind(1, static_cast<std::int64_t>(limit)); },
            [&](const Statement &row) { runs.push_back(readRun(row)); });
        return done ? Result<std::vector<Run>>(std::move(runs)) : fail(done.error());
    });
}

Result<std::vector<std::int64_t>> RunStore::due() const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> runs;
        auto done = query(
            db, "SELECT id FROM playbook_run WHERE state IN (0, 1) OR (state IN (2, 3) AND wake <= ?) ORDER BY id",
            [&](Statement &s) { s.bind(1, m_clock->now()); },
            [&](const Statement &row) { runs.push_back(row.integer(0)); });
        return done ? Result<std::vector<std::int64_t>>(std::move(runs)) : fail(done.error());
    });
}

Status RunStore::setState(std::int64_t id, RunState state, const std::string &why, Timestamp wake)
{
    return m_catalog->write([&](Database &db) -> Status {
        return change(db, "UPDATE playbook_run SET state = ?, why = ?, wake = ?, updated = ? WHERE id = ?",
                      [&](Statement &s) {
                          s.bind(1, static_cast<int>(state)).bind(2, view(why)).bind(3, wake);
                          s.bind(4, m_clock->now()).bind(5, id);
                      });
    });
}

Result<std::map<std::string, StepRecord>> RunStore::steps(std::int64_t run) const
{
    return m_catalog->read([&](Database &db) -> Result<std::map<std::string, StepRecord>> {
        std::map<std::string, StepRecord> steps;
        auto done = query(
            db,
            "SELECT path, name, kind, state, started, ended, wake, actions, sends, result, error, who FROM "
            "playbook_step "
            "WHERE run = ? ORDER BY started",
            [&](Statement &s) { s.bind(1, run); },
            [&](const Statement &row) {
                StepRecord step;
                step.path = row.text(0);
                step.name = row.text(1);
                step.kind = row.text(2);
                step.state = static_cast<StepState>(row.integer(3));
                step.started = row.integer(4);
                step.ended = row.integer(5);
                step.wake = row.integer(6);
                step.actions = row.integer(7);
                step.sends = row.text(8);
                step.result = row.text(9);
                step.error = row.text(10);
                step.who = row.text(11);
                steps.emplace(step.path, std::move(step));
            });
        return done ? Result<std::map<std::string, StepRecord>>(std::move(steps)) : fail(done.error());
    });
}

Status RunStore::putStep(std::int64_t run, const StepRecord &step)
{
    return m_catalog->write([&](Database &db) -> Status {
        return change(db, "INSERT OR REPLACE INTO playbook_step VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", [&](Statement &s) {
            s.bind(1, run).bind(2, view(step.path)).bind(3, view(step.name)).bind(4, view(step.kind));
            s.bind(5, static_cast<int>(step.state)).bind(6, step.started).bind(7, step.ended).bind(8, step.wake);
            s.bind(9, step.actions).bind(10, view(step.sends)).bind(11, view(step.result)).bind(12, view(step.error));
            s.bind(13, view(step.who));
        });
    });
}

Status RunStore::decide(std::int64_t run, bool approved, const std::string &who)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Status {
        auto step =
            change(db,
                   "UPDATE playbook_step SET state = ?1, ended = ?2, who = ?3 WHERE run = ?4 AND state = 4 AND kind = "
                   "'approve' AND EXISTS(SELECT 1 FROM playbook_run WHERE id = ?4 AND state = 3)",
                   [&](Statement &s) {
                       s.bind(1, static_cast<int>(approved ? StepState::Approved : StepState::Denied));
                       s.bind(2, now).bind(3, view(who)).bind(4, run);
                   });
        if (!step) {
            return step;
        }
        if (db.changes() == 0) {
            return fail("NJ-PLAYBOOK-041", "Run " + std::to_string(run) + " does not wait for approval",
                        "it has been answered, has ended, or there is no such run",
                        "nightjar-cli playbook runs shows its state.");
        }
        return change(db, "UPDATE playbook_run SET state = 0, updated = ? WHERE id = ?",
                      [&](Statement &s) { s.bind(1, now).bind(2, run); });
    });
}

Result<RunStore::Spent> RunStore::spent(const std::string &playbook) const
{
    const Timestamp from = m_clock->now() - kHour;
    return m_catalog->read([&](Database &db) -> Result<Spent> {
        Spent spent;
        auto done = query(
            db,
            "SELECT coalesce(sum(s.actions), 0), min(s.started) FROM playbook_step s JOIN playbook_run r ON r.id = "
            "s.run "
            "WHERE s.actions > 0 AND s.started > ?1 AND (?2 = '' OR r.playbook = ?2)",
            [&](Statement &s) { s.bind(1, from).bind(2, view(playbook)); },
            [&](const Statement &row) {
                spent.actions = row.integer(0);
                spent.freeAt = row.isNull(1) ? kNoTime : row.integer(1) + kHour;
            });
        return done ? Result<Spent>(spent) : fail(done.error());
    });
}

Result<std::vector<RunState>> RunStore::newestStates(const std::string &playbook, std::size_t limit) const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<RunState>> {
        std::vector<RunState> states;
        auto done = query(
            db, "SELECT state FROM playbook_run WHERE playbook = ? AND state > 3 ORDER BY id DESC LIMIT ?",
            [&](Statement &s) { s.bind(1, view(playbook)).bind(2, static_cast<std::int64_t>(limit)); },
            [&](const Statement &row) { states.push_back(static_cast<RunState>(row.integer(0))); });
        return done ? Result<std::vector<RunState>>(std::move(states)) : fail(done.error());
    });
}

} // namespace nightjar::playbook
