// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertjson.h"
#include "alerts/alertrows.h"
#include "alerts/alertstore.h"
#include "base/compression.h"
#include "store/catalog.h"

#include <algorithm>
#include <utility>

/// What the engines found goes into groups.
namespace nightjar::alerts {

namespace {

using store::Database;
using store::Statement;

void bindFinding(Statement &s, const Finding &f, Timestamp now)
{
    s.bind(1, std::string_view(f.key)).bind(2, static_cast<int>(f.engine)).bind(3, std::string_view(f.rule));
    s.bind(4, std::string_view(f.title)).bind(5, std::string_view(f.summary)).bind(6, static_cast<int>(f.severity));
    s.bind(7, f.score).bind(8, std::string_view(f.user)).bind(9, std::string_view(f.entity));
    s.bind(10, std::string_view(detailToJson(f))).bind(11, f.events).bind(12, f.first).bind(13, f.last);
    s.bind(14, f.retro ? 1 : 0).bind(15, now).bind(16, now);
}

/// The statements that every finding needs, prepared once a call.
struct Recorder {
    Statement find;
    Statement save;
    Statement history;
    Statement evidenceCount;
    Statement evidence;

    static Result<Recorder> prepare(Database &db)
    {
        auto find = db.prepare("SELECT " + std::string(kColumns) + " FROM alert WHERE key = ?");
        auto save =
            db.prepare("INSERT INTO alert(key, engine, rule, title, summary, severity, score, user, entity, detail, "
                       "events, first, last, retro, created, updated) "
                       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16) ON CONFLICT(key) DO UPDATE SET "
                       "summary=?5, severity=?6, score=?7, detail=?10, events=?11, first=?12, last=?13, updated=?16");
        auto history = db.prepare(kInsertHistory);
        auto count = db.prepare("SELECT count(*) FROM alert_evidence WHERE alert = ?");
        auto evidence =
            db.prepare("INSERT OR IGNORE INTO alert_evidence(alert, event, time, content) VALUES(?, ?, ?, ?)");
        for (const auto *statement : {&find, &save, &history, &count, &evidence}) {
            if (!*statement) {
                return fail(statement->error());
            }
        }
        return Recorder{std::move(*find), std::move(*save), std::move(*history), std::move(*count),
                        std::move(*evidence)};
    }
};

/// Id of the alert, and whether it is new.
Result<std::pair<std::int64_t, bool>> upsert(Database &db, Recorder &recorder, const Finding &finding, Timestamp now)
{
    recorder.find.bind(1, std::string_view(finding.key));
    const Result<bool> found = recorder.find.step();
    if (!found) {
        return fail(found.error());
    }
    std::int64_t id = 0;
    Finding merged;
    if (*found) {
        Alert old = readAlert(recorder.find);
        id = old.id;
        merged = std::move(old.finding);
        mergeFacts(merged, finding);
    }
    recorder.find.reset();
    bindFinding(recorder.save, id != 0 ? merged : finding, now);
    if (auto done = recorder.save.run(); !done) {
        return fail(done.error());
    }
    if (id != 0) {
        return std::pair(id, false);
    }
    id = db.lastInsertId();
    const std::string how =
        finding.retro ? "raised by a retro-hunt" : "raised by the " + std::string(name(finding.engine)) + " engine";
    if (auto noted = addHistory(recorder.history, id, now, "nightjar", how); !noted) {
        return fail(noted.error());
    }
    return std::pair(id, true);
}

nightjar::Status addEvidence(Recorder &recorder, std::int64_t alert, const std::vector<Evidence> &evidence)
{
    if (evidence.empty()) {
        return {};
    }
    recorder.evidenceCount.bind(1, alert);
    if (auto row = recorder.evidenceCount.step(); !row) {
        return fail(row.error());
    }
    const auto kept = static_cast<std::size_t>(recorder.evidenceCount.integer(0));
    recorder.evidenceCount.reset();
    const std::size_t room = kept >= kMaxEvidence ? 0 : kMaxEvidence - kept;
    for (const Evidence &e : std::span(evidence).first(std::min(room, evidence.size()))) {
        const std::string packed = packEvidence(e);
        recorder.evidence.bind(1, alert).bind(2, e.eventId).bind(3, e.time).bindBlob(4, packed);
        if (auto done = recorder.evidence.run(); !done) {
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
    const std::string packed = state.empty() ? std::string() : pack(state);
    if (!state.empty()) {
        update->bindBlob(2, packed);
    }
    return update->run();
}

/// Number of new alerts.
Result<std::int64_t> recordAll(Database &db, std::span<const Finding> findings, Timestamp now)
{
    auto recorder = Recorder::prepare(db);
    if (!recorder) {
        return fail(recorder.error());
    }
    std::int64_t added = 0;
    for (const Finding &finding : findings) {
        const auto alert = upsert(db, *recorder, finding, now);
        if (!alert) {
            return fail(alert.error());
        }
        added += alert->second ? 1 : 0;
        if (auto kept = addEvidence(*recorder, alert->first, finding.evidence); !kept) {
            return fail(kept.error());
        }
    }
    return added;
}

} // namespace

Result<std::int64_t> AlertStore::record(std::span<const Finding> findings, std::int64_t detectedThrough,
                                        const std::string &detectorState)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Result<std::int64_t> {
        auto added = findings.empty() ? Result<std::int64_t>(0) : recordAll(db, findings, now);
        if (added && detectedThrough > 0) {
            if (auto saved = saveProgress(db, detectedThrough, detectorState); !saved) {
                return fail(saved.error());
            }
        }
        return added;
    });
}

Result<std::int64_t> AlertStore::recordWith(std::span<const Finding> findings,
                                            const std::function<nightjar::Status(Database &)> &also)
{
    const Timestamp now = m_clock->now();
    return m_catalog->write([&](Database &db) -> Result<std::int64_t> {
        auto added = recordAll(db, findings, now);
        if (added) {
            if (auto done = also(db); !done) {
                return fail(done.error());
            }
        }
        return added;
    });
}

} // namespace nightjar::alerts
