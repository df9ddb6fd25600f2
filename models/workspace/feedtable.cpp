// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/feedtable.h"

#include <array>

namespace nightjar::workspace::feedtable {

namespace {

constexpr std::array<store::Migration, 1> kMigrations{{{"feeds", 1, R"sql(
CREATE TABLE feed(
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, address TEXT NOT NULL, collection TEXT NOT NULL, user TEXT NOT NULL,
    header TEXT NOT NULL, minutes INTEGER NOT NULL, enabled INTEGER NOT NULL, secret INTEGER NOT NULL,
    last_poll INTEGER NOT NULL, last_good INTEGER NOT NULL, next_poll INTEGER NOT NULL, failures INTEGER NOT NULL,
    error TEXT NOT NULL) WITHOUT ROWID;
)sql"}}};

} // namespace

Status open(store::Catalog &catalog)
{
    return catalog.migrate(kMigrations);
}

Result<std::vector<FeedInfo>> read(store::Catalog &catalog)
{
    return catalog.read([](store::Database &db) -> Result<std::vector<FeedInfo>> {
        auto query = db.prepare("SELECT name, kind, address, collection, user, header, minutes, enabled, secret, "
                                "last_poll, last_good, next_poll, failures, error FROM feed ORDER BY name");
        if (!query) {
            return fail(query.error());
        }
        std::vector<FeedInfo> out;
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return out;
            }
            FeedInfo feed;
            feed.config = {std::string(query->text(0)),         std::string(query->text(1)),
                           std::string(query->text(2)),         std::string(query->text(3)),
                           std::string(query->text(4)),         std::string(query->text(5)),
                           static_cast<int>(query->integer(6)), query->integer(7) != 0};
            feed.hasSecret = query->integer(8) != 0;
            feed.lastPoll = query->integer(9);
            feed.lastGood = query->integer(10);
            feed.nextPoll = query->integer(11);
            feed.failures = static_cast<int>(query->integer(12));
            feed.error = query->text(13);
            out.push_back(std::move(feed));
        }
    });
}

Status put(store::Catalog &catalog, const FeedInfo &feed)
{
    return catalog.write([&](store::Database &db) -> Status {
        auto save = db.prepare("INSERT OR REPLACE INTO feed VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        if (!save) {
            return fail(save.error());
        }
        const FeedConfig &c = feed.config;
        save->bind(1, std::string_view(c.name)).bind(2, std::string_view(c.kind)).bind(3, std::string_view(c.address));
        save->bind(4, std::string_view(c.collection)).bind(5, std::string_view(c.user));
        save->bind(6, std::string_view(c.header)).bind(7, c.minutes).bind(8, c.enabled ? 1 : 0);
        save->bind(9, feed.hasSecret ? 1 : 0).bind(10, feed.lastPoll).bind(11, feed.lastGood);
        save->bind(12, feed.nextPoll).bind(13, feed.failures).bind(14, std::string_view(feed.error));
        return save->run();
    });
}

Result<bool> remove(store::Catalog &catalog, const std::string &name)
{
    return catalog.write([&](store::Database &db) -> Result<bool> {
        auto gone = db.prepare("DELETE FROM feed WHERE name = ?");
        if (!gone) {
            return fail(gone.error());
        }
        gone->bind(1, std::string_view(name));
        const Status done = gone->run();
        return done ? Result<bool>(db.changes() > 0) : fail(done.error());
    });
}

} // namespace nightjar::workspace::feedtable
