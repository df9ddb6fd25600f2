// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/runstore.h"

#include <algorithm>

/// What the run store keeps beside runs: loops, enabled playbooks, marks, tags, changed alerts.
namespace nightjar::playbook {

namespace {

using store::Database;
using store::Statement;

std::string_view view(const std::string &text)
{
    return text;
}

template <class Bind>
Status change(store::Catalog &catalog, std::string_view sql, Bind &&bind)
{
    return catalog.write([&](Database &db) -> Status {
        auto statement = db.prepare(sql);
        if (!statement) {
            return fail(statement.error());
        }
        bind(*statement);
        return statement->run();
    });
}

template <class Bind, class Visit>
Status each(store::Catalog &catalog, std::string_view sql, Bind &&bind, Visit &&visit)
{
    return catalog.read([&](Database &db) -> Status {
        auto statement = db.prepare(sql);
        if (!statement) {
            return fail(statement.error());
        }
        bind(*statement);
        for (;;) {
            const auto row = statement->step();
            if (!row || !*row) {
                return row ? Status() : fail(row.error());
            }
            visit(*statement);
        }
    });
}

} // namespace

Status RunStore::noteOrigin(const std::string &value, std::int64_t run, const std::string &chain)
{
    return change(*m_catalog, "INSERT OR REPLACE INTO playbook_origin VALUES(?, ?, ?, ?)", [&](Statement &s) {
        s.bind(1, view(value)).bind(2, run).bind(3, view(chain)).bind(4, m_clock->now());
    });
}

Result<std::string> RunStore::chainOf(std::span<const std::string> values) const
{
    std::string chain;
    for (const std::string &value : values) {
        auto done = each(
            *m_catalog, "SELECT chain FROM playbook_origin WHERE value = ?",
            [&](Statement &s) { s.bind(1, view(value)); }, [&](const Statement &row) { chain += row.text(0); });
        if (!done) {
            return fail(done.error());
        }
    }
    return chain;
}

Result<std::map<std::string, RunStore::Enabled>> RunStore::enabled() const
{
    std::map<std::string, Enabled> all;
    auto done = each(
        *m_catalog, "SELECT playbook, hash, since, stopped FROM playbook_enabled", [](Statement &) {},
        [&](const Statement &row) {
            all[std::string(row.text(0))] = {std::string(row.text(1)), row.integer(2), std::string(row.text(3))};
        });
    return done ? Result<std::map<std::string, Enabled>>(std::move(all)) : fail(done.error());
}

Status RunStore::enable(const std::string &playbook, const std::string &hash)
{
    return change(*m_catalog, "INSERT OR REPLACE INTO playbook_enabled VALUES(?, ?, ?, '')",
                  [&](Statement &s) { s.bind(1, view(playbook)).bind(2, view(hash)).bind(3, m_clock->now()); });
}

Status RunStore::disable(const std::string &playbook)
{
    return change(*m_catalog, "DELETE FROM playbook_enabled WHERE playbook = ?",
                  [&](Statement &s) { s.bind(1, view(playbook)); });
}

Status RunStore::stop(const std::string &playbook, const std::string &why)
{
    return change(*m_catalog, "UPDATE playbook_enabled SET stopped = ? WHERE playbook = ?",
                  [&](Statement &s) { s.bind(1, view(why)).bind(2, view(playbook)); });
}

Result<std::optional<std::int64_t>> RunStore::mark(const std::string &name) const
{
    std::optional<std::int64_t> value;
    auto done = each(
        *m_catalog, "SELECT value FROM playbook_mark WHERE name = ?", [&](Statement &s) { s.bind(1, view(name)); },
        [&](const Statement &row) { value = row.integer(0); });
    return done ? Result<std::optional<std::int64_t>>(value) : fail(done.error());
}

Status RunStore::setMark(const std::string &name, std::int64_t value)
{
    return change(*m_catalog, "INSERT OR REPLACE INTO playbook_mark VALUES(?, ?)",
                  [&](Statement &s) { s.bind(1, view(name)).bind(2, value); });
}

Status RunStore::addTags(std::int64_t alert, std::span<const std::string> tags)
{
    for (const std::string &tag : tags) {
        auto done = change(*m_catalog, "INSERT OR IGNORE INTO playbook_tag VALUES(?, ?)",
                           [&](Statement &s) { s.bind(1, alert).bind(2, view(tag)); });
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<std::vector<std::string>> RunStore::tags(std::int64_t alert) const
{
    std::vector<std::string> tags;
    auto done = each(
        *m_catalog, "SELECT tag FROM playbook_tag WHERE alert = ? ORDER BY tag",
        [&](Statement &s) { s.bind(1, alert); }, [&](const Statement &row) { tags.emplace_back(row.text(0)); });
    return done ? Result<std::vector<std::string>>(std::move(tags)) : fail(done.error());
}

Result<std::int64_t> RunStore::newestHistory() const
{
    std::int64_t newest = 0;
    auto done = each(
        *m_catalog, "SELECT coalesce(max(id), 0) FROM alert_history", [](Statement &) {},
        [&](const Statement &row) { newest = row.integer(0); });
    return done ? Result<std::int64_t>(newest) : fail(done.error());
}

Result<RunStore::Changed> RunStore::changedAlerts(std::int64_t history, Timestamp grewSince, std::size_t limit) const
{
    Changed changed;
    changed.history = history;
    // A new alert and each step of triage leave a line of history; an alert that only grew does not.
    auto done = each(
        *m_catalog, "SELECT id, alert FROM alert_history WHERE id > ? ORDER BY id LIMIT ?",
        [&](Statement &s) { s.bind(1, history).bind(2, static_cast<std::int64_t>(limit)); },
        [&](const Statement &row) {
            changed.history = row.integer(0);
            changed.alerts.push_back(row.integer(1));
        });
    if (done) {
        done = each(
            *m_catalog, "SELECT id FROM alert WHERE status = 0 AND updated >= ? ORDER BY id LIMIT ?",
            [&](Statement &s) { s.bind(1, grewSince).bind(2, static_cast<std::int64_t>(limit)); },
            [&](const Statement &row) { changed.alerts.push_back(row.integer(0)); });
    }
    std::sort(changed.alerts.begin(), changed.alerts.end());
    changed.alerts.erase(std::unique(changed.alerts.begin(), changed.alerts.end()), changed.alerts.end());
    return done ? Result<Changed>(std::move(changed)) : fail(done.error());
}

} // namespace nightjar::playbook
