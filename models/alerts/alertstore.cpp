// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertstore.h"

#include "alerts/alertjson.h"
#include "base/text.h"
#include "store/catalog.h"

#include <algorithm>
#include <array>

namespace nightjar::alerts {

namespace {

using store::Database;
using store::Statement;

constexpr std::array<store::Migration, 1> kMigrations{{{"alerts", 1, R"sql(
CREATE TABLE alert(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    engine INTEGER NOT NULL, rule TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL,
    severity INTEGER NOT NULL, score INTEGER NOT NULL,
    user TEXT NOT NULL, entity TEXT NOT NULL, detail TEXT NOT NULL,
    events INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, retro INTEGER NOT NULL,
    status INTEGER NOT NULL DEFAULT 0, verdict INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE INDEX alert_open ON alert(status, severity DESC, last DESC);
CREATE TABLE alert_evidence(
    alert INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE,
    event INTEGER NOT NULL, time INTEGER NOT NULL, json TEXT NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY(alert, event)) WITHOUT ROWID;
CREATE TABLE alert_history(
    id INTEGER PRIMARY KEY, alert INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE,
    at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL);
CREATE INDEX alert_history_alert ON alert_history(alert);
CREATE TABLE triage_step(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE triage_before(
    step INTEGER NOT NULL REFERENCES triage_step(id) ON DELETE CASCADE, alert INTEGER NOT NULL,
    status INTEGER NOT NULL, verdict INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY(step, alert)) WITHOUT ROWID;
CREATE TABLE detection_progress(
    id INTEGER PRIMARY KEY CHECK(id = 1), through INTEGER NOT NULL, state_through INTEGER NOT NULL, state BLOB NOT NULL);
INSERT INTO detection_progress VALUES(1, 0, 0, x'');
)sql"}}};

constexpr std::string_view kColumns =
    "id, engine, rule, title, summary, severity, score, user, entity, detail, events, "
    "first, last, retro, status, verdict, note, created, updated, key";

Alert readAlert(const Statement &row)
{
    Alert alert;
    Finding &f = alert.finding;
    alert.id = row.integer(0);
    f.engine = static_cast<Engine>(std::clamp<std::int64_t>(row.integer(1), 0, 3));
    f.rule = row.text(2);
    f.title = row.text(3);
    f.summary = row.text(4);
    f.severity = static_cast<Severity>(std::clamp<std::int64_t>(row.integer(5), 0, 4));
    f.score = static_cast<int>(row.integer(6));
    f.user = row.text(7);
    f.entity = row.text(8);
    detailFromJson(row.text(9), f);
    f.events = row.integer(10);
    f.first = row.integer(11);
    f.last = row.integer(12);
    f.retro = row.integer(13) != 0;
    alert.status = static_cast<Status>(std::clamp<std::int64_t>(row.integer(14), 0, 3));
    alert.verdict = static_cast<Verdict>(std::clamp<std::int64_t>(row.integer(15), 0, 4));
    alert.note = row.text(16);
    alert.created = row.integer(17);
    alert.updated = row.integer(18);
    f.key = row.text(19);
    return alert;
}

nightjar::Status addHistory(Database &db, std::int64_t alert, Timestamp at, const std::string &who,
                            const std::string &what)
{
    auto insert = db.prepare("INSERT INTO alert_history(alert, at, who, what) VALUES(?, ?, ?, ?)");
    if (!insert) {
        return fail(insert.error());
    }
    insert->bind(1, alert).bind(2, at).bind(3, std::string_view(who)).bind(4, std::string_view(what));
    return insert->run();
}

/// Widens an existing group by what a further block brought.
void mergeInto(Finding &old, const Finding &added)
{
    // An ordered detector tells how much it has seen in all; the others what a block brought.
    const bool total = added.engine == Engine::Anomaly;
    old.events = total ? std::max(old.events, added.events) : old.events + added.events;
    old.first =
        old.first == kNoTime ? added.first : (added.first == kNoTime ? old.first : std::min(old.first, added.first));
    old.last = std::max(old.last, added.last);
    if (added.score >= old.score || total) {
        old.score = std::max(old.score, added.score);
        old.severity = std::max(old.severity, added.severity);
        old.summary = added.summary;
        old.reasons = added.reasons;
        if (!added.picture.beats.empty()) {
            old.picture = added.picture;
        }
    }
    for (const Observable &observable : added.observables) {
        const auto same = std::find_if(old.observables.begin(), old.observables.end(), [&](const Observable &o) {
            return o.kind == observable.kind && o.value == observable.value;
        });
        if (same != old.observables.end()) {
            same->count = total ? std::max(same->count, observable.count) : same->count + observable.count;
        } else if (old.observables.size() < 50) {
            old.observables.push_back(observable);
        }
    }
}

void bindFinding(Statement &s, const Finding &f, Timestamp now)
{
    s.bind(1, std::string_view(f.key)).bind(2, static_cast<int>(f.engine)).bind(3, std::string_view(f.rule));
    s.bind(4, std::string_view(f.title)).bind(5, std::string_view(f.summary)).bind(6, static_cast<int>(f.severity));
    s.bind(7, f.score).bind(8, std::string_view(f.user)).bind(9, std::string_view(f.entity));
    s.bind(10, std::string_view(detailToJson(f))).bind(11, f.events).bind(12, f.first).bind(13, f.last);
    s.bind(14, f.retro ? 1 : 0).bind(15, now).bind(16, now);
}

/// Id of the alert, and whether it is new.
Result<std::pair<std::int64_t, bool>> upsert(Database &db, const Finding &finding, Timestamp now)
{
    auto find = db.prepare("SELECT " + std::string(kColumns) + " FROM alert WHERE key = ?");
    if (!find) {
        return fail(find.error());
    }
    find->bind(1, std::string_view(finding.key));
    const Result<bool> found = find->step();
    if (!found) {
        return fail(found.error());
    }
    Finding merged = finding;
    std::int64_t id = 0;
    if (*found) {
        Alert old = readAlert(*find);
        id = old.id;
        merged = old.finding;
        mergeInto(merged, finding);
    }
    find->reset();
    auto save =
        db.prepare("INSERT INTO alert(key, engine, rule, title, summary, severity, score, user, entity, detail, "
                   "events, first, last, "
                   "retro, created, updated) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16) ON "
                   "CONFLICT(key) DO UPDATE SET "
                   "summary=?5, severity=?6, score=?7, detail=?10, events=?11, first=?12, last=?13, updated=?16");
    if (!save) {
        return fail(save.error());
    }
    bindFinding(*save, merged, now);
    if (auto done = save->run(); !done) {
        return fail(done.error());
    }
    if (id != 0) {
        return std::pair(id, false);
    }
    id = db.lastInsertId();
    const std::string how =
        finding.retro ? "raised by a retro-hunt" : "raised by the " + std::string(name(finding.engine)) + " engine";
    if (auto noted = addHistory(db, id, now, "nightjar", how); !noted) {
        return fail(noted.error());
    }
    return std::pair(id, true);
}

nightjar::Status addEvidence(Database &db, std::int64_t alert, const std::vector<Evidence> &evidence)
{
    if (evidence.empty()) {
        return {};
    }
    auto count = db.prepare("SELECT count(*) FROM alert_evidence WHERE alert = ?");
    auto insert =
        db.prepare("INSERT OR IGNORE INTO alert_evidence(alert, event, time, json, raw) VALUES(?, ?, ?, ?, ?)");
    if (!count || !insert) {
        return fail(!count ? count.error() : insert.error());
    }
    count->bind(1, alert);
    if (auto row = count->step(); !row) {
        return fail(row.error());
    }
    const auto kept = static_cast<std::size_t>(count->integer(0));
    const std::size_t room = kept >= kMaxEvidence ? 0 : kMaxEvidence - kept;
    for (std::size_t i = 0; i < std::min(room, evidence.size()); ++i) {
        const Evidence &e = evidence[i];
        insert->bind(1, alert).bind(2, e.eventId).bind(3, e.time).bind(4, std::string_view(e.json)).bindBlob(5, e.raw);
        if (auto done = insert->run(); !done) {
            return done;
        }
    }
    return {};
}

nightjar::Status saveProgress(Database &db, std::int64_t through, const std::string &state)
{
    auto update = db.prepare(
        state.empty() ? "UPDATE detection_progress SET through = max(through, ?1)"
                      : "UPDATE detection_progress SET through = max(through, ?1), state_through = ?1, state = ?2");
    if (!update) {
        return fail(update.error());
    }
    update->bind(1, through);
    if (!state.empty()) {
        update->bindBlob(2, state);
    }
    return update->run();
}

} // namespace

Result<AlertStore> AlertStore::open(store::Catalog &catalog, const Clock &clock)
{
    if (auto migrated = catalog.migrate(kMigrations); !migrated) {
        return fail(migrated.error());
    }
    return AlertStore(catalog, clock);
}

Result<std::int64_t> AlertStore::record(std::span<const Finding> findings, std::int64_t detectedThrough,
                                        const std::string &detectorState)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Result<std::int64_t> {
        std::int64_t added = 0;
        for (const Finding &finding : findings) {
            const auto alert = upsert(db, finding, now);
            if (!alert) {
                return fail(alert.error());
            }
            added += alert->second ? 1 : 0;
            if (auto kept = addEvidence(db, alert->first, finding.evidence); !kept) {
                return fail(kept.error());
            }
        }
        if (detectedThrough > 0) {
            if (auto saved = saveProgress(db, detectedThrough, detectorState); !saved) {
                return fail(saved.error());
            }
        }
        return added;
    });
}

Result<AlertStore::Progress> AlertStore::progress() const
{
    return m_catalog->read([](Database &db) -> Result<Progress> {
        auto query = db.prepare("SELECT through, state_through, state FROM detection_progress");
        if (!query) {
            return fail(query.error());
        }
        const auto row = query->step();
        if (!row || !*row) {
            return row ? Result<Progress>(Progress{}) : fail(row.error());
        }
        return Progress{query->integer(0), query->integer(1), std::string(query->blob(2))};
    });
}

Result<std::vector<Alert>> AlertStore::list(const Filter &filter) const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<Alert>> {
        auto query = db.prepare("SELECT " + std::string(kColumns) +
                                " FROM alert WHERE (?1 = 0 OR status <> 3) AND (?2 < 0 OR status = ?2) "
                                "ORDER BY severity DESC, score DESC, last DESC, id DESC");
        if (!query) {
            return fail(query.error());
        }
        const auto status = parseStatus(filter.status);
        query->bind(1, filter.openOnly ? 1 : 0).bind(2, status ? static_cast<int>(*status) : -1);
        std::vector<Alert> alerts;
        while (alerts.size() < filter.limit) {
            const auto row = query->step();
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                break;
            }
            Alert alert = readAlert(*query);
            const Finding &f = alert.finding;
            const auto contains = [&](const std::string &text) {
                return findIgnoreCase(text, filter.text) != std::string::npos;
            };
            if (filter.text.empty() || contains(f.title) || contains(f.summary) || contains(f.user) ||
                contains(f.entity)) {
                alert.finding.reasons.clear();
                alert.finding.picture = {};
                alerts.push_back(std::move(alert));
            }
        }
        return alerts;
    });
}

namespace {

nightjar::Status readEvidence(Database &db, Alert &alert)
{
    auto query =
        db.prepare("SELECT event, time, json, raw FROM alert_evidence WHERE alert = ? ORDER BY time DESC, event DESC");
    if (!query) {
        return fail(query.error());
    }
    query->bind(1, alert.id);
    for (;;) {
        const auto row = query->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
        alert.finding.evidence.push_back(
            {query->integer(0), query->integer(1), std::string(query->text(2)), std::string(query->blob(3))});
    }
}

nightjar::Status readHistory(Database &db, Alert &alert)
{
    auto query = db.prepare("SELECT at, who, what FROM alert_history WHERE alert = ? ORDER BY id DESC");
    if (!query) {
        return fail(query.error());
    }
    query->bind(1, alert.id);
    for (;;) {
        const auto row = query->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
        alert.history.push_back({query->integer(0), std::string(query->text(1)), std::string(query->text(2))});
    }
}

Result<Alert> readOne(Database &db, std::int64_t id)
{
    auto query = db.prepare("SELECT " + std::string(kColumns) + " FROM alert WHERE id = ?");
    if (!query) {
        return fail(query.error());
    }
    query->bind(1, id);
    const auto row = query->step();
    if (!row) {
        return fail(row.error());
    }
    if (!*row) {
        return fail("NJ-ALERTS-001", "There is no alert " + std::to_string(id), "No alert has this number.",
                    "List the alerts to see their numbers.");
    }
    return readAlert(*query);
}

std::string describeChange(const Change &change)
{
    std::string what;
    if (change.status) {
        what += "status " + std::string(name(*change.status));
    }
    if (change.verdict) {
        what += std::string(what.empty() ? "" : ", ") + "verdict " + std::string(name(*change.verdict));
    }
    if (change.note) {
        what += std::string(what.empty() ? "" : ", ") + "note";
    }
    return what;
}

nightjar::Status write(Database &db, std::int64_t id, Status status, Verdict verdict, std::string_view note,
                       Timestamp now)
{
    auto update = db.prepare("UPDATE alert SET status = ?, verdict = ?, note = ?, updated = ? WHERE id = ?");
    if (!update) {
        return fail(update.error());
    }
    update->bind(1, static_cast<int>(status)).bind(2, static_cast<int>(verdict)).bind(3, note).bind(4, now).bind(5, id);
    return update->run();
}

nightjar::Status remember(Database &db, std::int64_t step, const Alert &alert)
{
    auto insert = db.prepare("INSERT OR IGNORE INTO triage_before VALUES(?, ?, ?, ?, ?)");
    if (!insert) {
        return fail(insert.error());
    }
    insert->bind(1, step)
        .bind(2, alert.id)
        .bind(3, static_cast<int>(alert.status))
        .bind(4, static_cast<int>(alert.verdict));
    insert->bind(5, std::string_view(alert.note));
    return insert->run();
}

} // namespace

Result<Alert> AlertStore::get(std::int64_t id) const
{
    return m_catalog->read([&](Database &db) -> Result<Alert> {
        auto alert = readOne(db, id);
        if (!alert) {
            return alert;
        }
        for (auto *part : {&readEvidence, &readHistory}) {
            if (auto done = (*part)(db, *alert); !done) {
                return fail(done.error());
            }
        }
        return alert;
    });
}

nightjar::Status AlertStore::change(std::span<const std::int64_t> ids, const Change &change, const std::string &who)
{
    const Timestamp now = m_clock->now();
    const std::string what = describeChange(change);
    return m_catalog->write([&](Database &db) -> nightjar::Status {
        auto step = db.prepare("INSERT INTO triage_step(at, who, what) VALUES(?, ?, ?)");
        if (!step) {
            return fail(step.error());
        }
        const std::string counted =
            what + " of " + std::to_string(ids.size()) + (ids.size() == 1 ? " alert" : " alerts");
        step->bind(1, now).bind(2, std::string_view(who)).bind(3, std::string_view(counted));
        if (auto done = step->run(); !done) {
            return done;
        }
        const std::int64_t stepId = db.lastInsertId();
        for (const std::int64_t id : ids) {
            const auto alert = readOne(db, id);
            if (!alert) {
                return fail(alert.error());
            }
            // Reopening takes the verdict back: an open alert has none.
            const Status status = change.status.value_or(alert->status);
            const Verdict verdict = change.verdict.value_or(status == Status::Closed ? alert->verdict : Verdict::None);
            for (auto done :
                 {remember(db, stepId, *alert), write(db, id, status, verdict, change.note.value_or(alert->note), now),
                  addHistory(db, id, now, who, what)}) {
                if (!done) {
                    return done;
                }
            }
        }
        return {};
    });
}

Result<std::string> AlertStore::undo(const std::string &who)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Result<std::string> {
        auto newest = db.prepare("SELECT id, what FROM triage_step ORDER BY id DESC LIMIT 1");
        if (!newest) {
            return fail(newest.error());
        }
        const auto row = newest->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return fail("NJ-ALERTS-002", "There is nothing to undo", "No triage step is left to take back.");
        }
        const std::int64_t step = newest->integer(0);
        const std::string what(newest->text(1));
        newest->reset();
        auto before = db.prepare("SELECT alert, status, verdict, note FROM triage_before WHERE step = ?");
        if (!before) {
            return fail(before.error());
        }
        before->bind(1, step);
        for (auto more = before->step(); more && *more; more = before->step()) {
            const std::int64_t id = before->integer(0);
            for (auto done : {write(db, id, static_cast<Status>(before->integer(1)),
                                    static_cast<Verdict>(before->integer(2)), before->text(3), now),
                              addHistory(db, id, now, who, "took back: " + what)}) {
                if (!done) {
                    return fail(done.error());
                }
            }
        }
        before->reset();
        auto forget = db.prepare("DELETE FROM triage_step WHERE id = ?");
        if (!forget) {
            return fail(forget.error());
        }
        forget->bind(1, step);
        if (auto done = forget->run(); !done) {
            return fail(done.error());
        }
        return what;
    });
}

Result<std::int64_t> AlertStore::count(bool openOnly) const
{
    return m_catalog->read([&](Database &db) -> Result<std::int64_t> {
        auto query = db.prepare("SELECT count(*) FROM alert WHERE ?1 = 0 OR status <> 3");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, openOnly ? 1 : 0);
        const auto row = query->step();
        return row ? Result<std::int64_t>(query->integer(0)) : fail(row.error());
    });
}

} // namespace nightjar::alerts
