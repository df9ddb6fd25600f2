// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertrows.h"
#include "alerts/alertstore.h"
#include "store/catalog.h"

/// Triage steps and their undo.
namespace nightjar::alerts {

namespace {

using store::Database;

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

} // namespace nightjar::alerts
