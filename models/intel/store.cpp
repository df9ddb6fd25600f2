// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/store.h"

#include "intel/storetables.h"

namespace nightjar::intel {

using store::Database;
using store::Statement;

Result<IndicatorStore> IndicatorStore::open(store::Catalog &catalog, const Clock &clock)
{
    if (Status migrated = catalog.migrate(tables::migrations()); !migrated) {
        return fail(migrated.error());
    }
    return IndicatorStore(catalog, clock);
}

Result<IndicatorStore::Imported> IndicatorStore::importFile(const std::filesystem::path &path, ImportDefaults defaults,
                                                            const ImportHooks &hooks)
{
    if (defaults.source.empty()) {
        defaults.source = path.filename().string();
    }
    return importWith(
        std::move(defaults), path.string(),
        [&](const ImportDefaults &d, const IndicatorSink &sink) { return intel::importFile(path, d, sink, hooks); },
        hooks.cancel);
}

Result<IndicatorStore::Imported> IndicatorStore::importText(std::string_view text, ImportDefaults defaults,
                                                            const ImportHooks &hooks)
{
    if (defaults.source.empty()) {
        defaults.source = "pasted";
    }
    return importWith(
        std::move(defaults), {},
        [&](const ImportDefaults &d, const IndicatorSink &sink) { return intel::importText(text, d, sink, hooks); },
        hooks.cancel);
}

Result<IndicatorStore::Imported> IndicatorStore::importWith(ImportDefaults defaults, const std::string &file,
                                                            const Reader &reader, const CancelToken &cancel)
{
    if (defaults.at == kNoTime) {
        defaults.at = m_clock->now();
    }
    return m_catalog->write([&](Database &db) -> Result<Imported> {
        Imported out;
        out.batch.source = defaults.source;
        out.batch.file = file;
        out.batch.at = defaults.at;
        out.batch.partial = defaults.partial;
        auto writer = tables::BatchWriter::begin(db, out.batch);
        if (!writer) {
            return fail(writer.error());
        }
        auto report = reader(defaults, [&](Indicator &&indicator) { return writer->add(indicator); });
        if (!report) {
            return fail(report.error());
        }
        if (report->cancelled) {
            return fail("NJ-INTEL-041", "The import was cancelled", "nothing was changed");
        }
        out.report = std::move(*report);
        out.batch.read = out.report.read;
        out.batch.invalid = out.report.invalid;
        Status ended = writer->finish(out.batch, cancel);
        if (ended) {
            ended = tables::nextRevision(db);
        }
        if (ended && !defaults.bookmark.name.empty()) {
            ended = tables::setBookmark(db, defaults.bookmark);
        }
        if (!ended) {
            return fail(ended.error());
        }
        return out;
    });
}

Result<std::int64_t> IndicatorStore::undo(std::int64_t import)
{
    return m_catalog->write([&](Database &db) { return tables::undoBatch(db, import); });
}

Result<std::vector<ImportBatch>> IndicatorStore::imports(std::size_t limit) const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<ImportBatch>> {
        auto query =
            db.prepare("SELECT b.id, s.name, b.file, b.at, b.read, b.added, b.updated, b.invalid, b.undone "
                       "FROM indicator_import b JOIN indicator_origin s ON s.id = b.source ORDER BY b.id DESC LIMIT ?");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, static_cast<std::int64_t>(limit));
        std::vector<ImportBatch> out;
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return out;
            }
            out.push_back({query->integer(0), std::string(query->text(1)), std::string(query->text(2)),
                           query->integer(3), query->integer(4), query->integer(5), query->integer(6),
                           query->integer(7), query->integer(8) != 0});
        }
    });
}

Result<std::int64_t> IndicatorStore::count() const
{
    return m_catalog->read([](Database &db) -> Result<std::int64_t> {
        auto query = db.prepare("SELECT count(*) FROM indicator");
        if (!query) {
            return fail(query.error());
        }
        const auto row = query->step();
        return row ? Result<std::int64_t>(query->integer(0)) : fail(row.error());
    });
}

Result<std::vector<ListedIndicator>> IndicatorStore::select(const std::string &where, std::string_view text,
                                                            std::int64_t limit) const
{
    return m_catalog->read([&](Database &db) -> Result<std::vector<ListedIndicator>> {
        std::vector<ListedIndicator> out;
        const Status read = tables::forEachRow(
            db, where,
            [&](Statement &query) {
                query.bind(1, text);
                query.bind(2, limit);
            },
            [&](Indicator &&indicator, std::int64_t import) {
                out.push_back({std::move(indicator), import});
            });
        return read ? Result<std::vector<ListedIndicator>>(std::move(out)) : fail(read.error());
    });
}

Result<std::vector<ListedIndicator>> IndicatorStore::list(std::string_view text, std::size_t limit) const
{
    return select("WHERE instr(i.value, ?1) > 0 OR ?1 = '' ORDER BY r.created DESC, i.value LIMIT ?2", text,
                  static_cast<std::int64_t>(limit));
}

Result<std::vector<ListedIndicator>> IndicatorStore::find(Type type, std::string_view value) const
{
    return select("WHERE i.value = ?1 AND i.type = " + std::to_string(static_cast<int>(type)) + " LIMIT ?2", value,
                  1000);
}

Status IndicatorStore::forEach(std::string_view text, const std::function<void(const Indicator &)> &visit) const
{
    return m_catalog->read([&](Database &db) {
        return tables::forEachRow(
            db, "WHERE instr(i.value, ?1) > 0 OR ?1 = ''", [&](Statement &rows) { rows.bind(1, text); },
            [&](Indicator &&indicator, std::int64_t) { visit(indicator); });
    });
}

Result<std::shared_ptr<const IndicatorSet>> IndicatorStore::load() const
{
    const std::filesystem::path file = m_catalog->path().parent_path() / "indicators.set";
    return m_catalog->read([&](Database &db) -> Result<std::shared_ptr<const IndicatorSet>> {
        const SetOrigin origin = tables::origin(db);
        if (auto kept = openSet(origin, file)) {
            return kept;
        }
        IndicatorSet::Builder builder(false, origin.seed);
        const Status read = tables::forEachRow(
            db, "WHERE r.revoked = 0", [](Statement &) {},
            [&](Indicator &&indicator, std::int64_t) { builder.add(indicator); });
        if (!read) {
            return fail(read.error());
        }
        auto set = builder.finish();
        if (!m_catalog->readOnly()) {
            (void)saveSet(*set, origin, file); // a cache: without it the next start takes longer
        }
        return set;
    });
}

Result<std::shared_ptr<const IndicatorSet>> IndicatorStore::ofImport(std::int64_t import) const
{
    return m_catalog->read([&](Database &db) -> Result<std::shared_ptr<const IndicatorSet>> {
        IndicatorSet::Builder builder(true, tables::origin(db).seed);
        const Status read = tables::forEachRow(
            db, "WHERE r.revoked = 0 AND r.created = ?1", [&](Statement &rows) { rows.bind(1, import); },
            [&](Indicator &&indicator, std::int64_t) { builder.add(indicator); });
        return read ? Result<std::shared_ptr<const IndicatorSet>>(builder.finish()) : fail(read.error());
    });
}

Result<std::string> IndicatorStore::bookmark(const std::string &name) const
{
    return m_catalog->read([&](Database &db) -> Result<std::string> {
        auto query = db.prepare("SELECT value FROM indicator_bookmark WHERE name = ?");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, std::string_view(name));
        const auto row = query->step();
        if (!row) {
            return fail(row.error());
        }
        return *row ? std::string(query->text(0)) : std::string();
    });
}

Result<std::shared_ptr<const Selection>> IndicatorStore::select(const SelectionOptions &options,
                                                                const WarningLists *warnings) const
{
    return m_catalog->read([&](Database &db) -> Result<std::shared_ptr<const Selection>> {
        Selector selector(options, warnings);
        std::vector<Presence> rows;
        const auto sameValue = [&](const Indicator &i) {
            const Indicator &first = rows.front().indicator;
            return first.type == i.type && first.value == i.value && first.port == i.port;
        };
        // Present: the source's last delivery had it. Only deliveries up to the chosen time are looked at.
        const std::string sql = "AND i.type IN (0, 1, 2) LEFT JOIN (SELECT source, max(at) AS last FROM "
                                "indicator_import WHERE undone = 0 AND partial = 0 AND "
                                "at <= ?1 GROUP BY source) d ON d.source = r.source ORDER BY i.fp";
        const Status read = tables::forEachPresence(
            db, sql, [&](Statement &query) { query.bind(1, options.at); },
            [&](Presence &&row) {
                if (!rows.empty() && !sameValue(row.indicator)) {
                    selector.add(rows);
                    rows.clear();
                }
                rows.push_back(std::move(row));
            });
        if (!read) {
            return fail(read.error());
        }
        if (!rows.empty()) {
            selector.add(rows);
        }
        return selector.finish();
    });
}

Result<PendingHunt> IndicatorStore::pendingHunt(std::size_t limit) const
{
    return m_catalog->read([&](Database &db) -> Result<PendingHunt> {
        PendingHunt out;
        auto query =
            db.prepare("SELECT fp, (SELECT count(*) FROM indicator_hunt) FROM indicator_hunt ORDER BY fp LIMIT ?");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, static_cast<std::int64_t>(limit));
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                break;
            }
            out.marks.push_back(query->integer(0));
            out.remaining = query->integer(1);
        }
        out.remaining -= static_cast<std::int64_t>(out.marks.size());
        IndicatorSet::Builder builder(true, tables::origin(db).seed);
        const Status read = tables::forEachRow(
            db, "WHERE r.revoked = 0 AND i.fp IN (SELECT fp FROM indicator_hunt ORDER BY fp LIMIT ?1)",
            [&](Statement &rows) { rows.bind(1, static_cast<std::int64_t>(limit)); },
            [&](Indicator &&indicator, std::int64_t) { builder.add(indicator); });
        out.set = builder.finish();
        return read ? Result<PendingHunt>(std::move(out)) : fail(read.error());
    });
}

Status IndicatorStore::skipHunts()
{
    return m_catalog->write([](Database &db) { return db.execute("DELETE FROM indicator_hunt"); });
}

Status IndicatorStore::finishHunt(Database &catalog, const std::vector<std::int64_t> &marks)
{
    auto remove = catalog.prepare("DELETE FROM indicator_hunt WHERE fp = ?");
    if (!remove) {
        return fail(remove.error());
    }
    for (const std::int64_t mark : marks) {
        remove->bind(1, mark);
        if (Status done = remove->run(); !done) {
            return done;
        }
    }
    return {};
}

} // namespace nightjar::intel
