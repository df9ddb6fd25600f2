// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"
#include "workspace/healthjson.h"

#include <array>

namespace nightjar::workspace {

namespace {

constexpr std::array<store::Migration, 2> kMigrations{{{"sources", 1, R"sql(
CREATE TABLE source(
    key TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    records INTEGER NOT NULL, duplicates INTEGER NOT NULL, quarantined INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
)sql"},
                                                       {"sources", 2, R"sql(
ALTER TABLE source ADD COLUMN config TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN health TEXT NOT NULL DEFAULT '';
CREATE TABLE watched(source TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL,
    PRIMARY KEY(source, path)) WITHOUT ROWID;
)sql"}}};

std::string stateName(FileState state, const std::string &kind)
{
    switch (state) {
    case FileState::Failed:
        return "failed";
    case FileState::Cancelled:
        return "partial";
    default:
        return kind == "tail" ? "following" : "done";
    }
}

} // namespace

Status Engine::openSources()
{
    return catalog->migrate(kMigrations);
}

Status Engine::noteSource(const FileResult &result, const std::string &kind)
{
    if (result.key.empty() || result.state == FileState::AlreadyImported) {
        return {};
    }
    return catalog->write([&](store::Database &db) -> Status {
        auto save = db.prepare("INSERT INTO source(key, name, kind, state, records, duplicates, quarantined, last) "
                               "VALUES(?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT(key) DO UPDATE SET name=?2, state=?4, "
                               "records=records+?5, duplicates=duplicates+?6, quarantined=quarantined+?7, last=?8");
        if (!save) {
            return fail(save.error());
        }
        save->bind(1, std::string_view(result.key))
            .bind(2, std::string_view(result.file))
            .bind(3, std::string_view(kind));
        save->bind(4, std::string_view(stateName(result.state, kind)))
            .bind(5, result.records)
            .bind(6, result.duplicates);
        save->bind(7, result.quarantined).bind(8, clock.now());
        return save->run();
    });
}

Result<std::vector<SourceInfo>> Engine::sources()
{
    return catalog->read([](store::Database &db) -> Result<std::vector<SourceInfo>> {
        auto query = db.prepare(
            "SELECT name, kind, state, records, duplicates, quarantined, last, health FROM source ORDER BY last DESC");
        if (!query) {
            return fail(query.error());
        }
        std::vector<SourceInfo> sources;
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return sources;
            }
            sources.push_back({std::string(query->text(0)), std::string(query->text(1)), std::string(query->text(2)),
                               query->integer(3), query->integer(4), query->integer(5), query->integer(6),
                               healthFromJson(query->text(7))});
        }
    });
}

Result<std::map<std::string, std::string>> Engine::sourceNames()
{
    return catalog->read([](store::Database &db) -> Result<std::map<std::string, std::string>> {
        auto query = db.prepare("SELECT key, name FROM source");
        if (!query) {
            return fail(query.error());
        }
        std::map<std::string, std::string> names;
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return names;
            }
            names.emplace(query->text(0), query->text(1));
        }
    });
}

} // namespace nightjar::workspace
