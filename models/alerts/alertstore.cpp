// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertstore.h"

#include "alerts/alertrows.h"
#include "base/compression.h"
#include "base/text.h"
#include "store/catalog.h"

#include <algorithm>
#include <array>

namespace nightjar::alerts {

namespace {

using store::Database;

constexpr std::size_t kMaxState = 1U << 30U; ///< bytes

constexpr std::array<store::Migration, 2> kMigrations{{{"alerts", 1, R"sql(
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
)sql"},
                                                       {"alerts", 2, R"sql(
-- Where json is null, content is what packEvidence() made; else it is the raw record.
CREATE TABLE packed_evidence(
    alert INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE,
    event INTEGER NOT NULL, time INTEGER NOT NULL, json TEXT, content BLOB NOT NULL, UNIQUE(alert, event));
INSERT INTO packed_evidence SELECT alert, event, time, json, raw FROM alert_evidence;
DROP TABLE alert_evidence;
ALTER TABLE packed_evidence RENAME TO alert_evidence;
UPDATE detection_progress SET state_through = 0, state = x'';
)sql"}}};

} // namespace

Result<AlertStore> AlertStore::open(store::Catalog &catalog, const Clock &clock)
{
    if (auto migrated = catalog.migrate(kMigrations); !migrated) {
        return fail(migrated.error());
    }
    return AlertStore(catalog, clock);
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
        // A state that cannot be read is as none: the detectors then look at the stored events.
        auto state = unpack(query->blob(2), kMaxState);
        return Progress{query->integer(0), state ? query->integer(1) : 0, std::move(state).value_or(std::string())};
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
    auto query = db.prepare(
        "SELECT event, time, json, content FROM alert_evidence WHERE alert = ? ORDER BY time DESC, event DESC");
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
        Evidence evidence{query->integer(0), query->integer(1), std::string(query->text(2)), {}};
        if (!evidence.json.empty()) {
            evidence.raw = query->blob(3);
        } else if (!unpackEvidence(query->blob(3), evidence)) {
            return fail("NJ-ALERTS-003", "Cannot read the evidence of alert " + std::to_string(alert.id),
                        "its record " + std::to_string(evidence.eventId) + " is damaged in the catalog",
                        "The event itself may still be found in Events.");
        }
        alert.finding.evidence.push_back(std::move(evidence));
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
