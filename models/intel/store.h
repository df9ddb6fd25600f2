// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importer.h"
#include "intel/indicatorset.h"
#include "intel/selection.h"
#include "store/catalog.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::intel {

/// One import as kept in the journal of imports.
struct ImportBatch {
    std::int64_t id = 0;
    std::string source, file;
    Timestamp at = kNoTime;
    std::int64_t read = 0, added = 0, updated = 0, invalid = 0;
    bool undone = false;
    std::int64_t revoked = 0; ///< taken back by their source; known only right after the import
    bool partial = false;     ///< see ImportDefaults
};

struct ListedIndicator {
    Indicator indicator;
    std::int64_t import = 0; ///< that brought it first
};

/// New indicators that no retro-hunt has looked for yet.
struct PendingHunt {
    std::shared_ptr<const IndicatorSet> set; ///< with starts of validity
    std::vector<std::int64_t> marks;         ///< for finishHunt()
    std::int64_t remaining = 0;              ///< still queued behind these
};

/// Indicators in the workspace's catalog: one row a value and source, with first and last sighting; a journal of
/// imports, each of which can be undone; the queue of the retro-hunt, written in the import's own transaction.
/// The catalog must outlive it. Thread: any.
/// Errors: the importer's, the store's, NJ-INTEL-041 cancelled, -042 no such import or undone already.
class IndicatorStore {
public:
    static Result<IndicatorStore> open(store::Catalog &catalog, const Clock &clock);

    struct Imported {
        ImportBatch batch;
        ImportReport report;
    };
    /// All or nothing: an error, a crash or a cancel leaves the store as it was. `defaults.source` names the source
    /// (the file's name when empty), `defaults.at` the delivery (now when kNoTime). The same delivery again changes
    /// nothing but the last sighting.
    Result<Imported> importFile(const std::filesystem::path &path, ImportDefaults defaults,
                                const ImportHooks &hooks = {});
    Result<Imported> importText(std::string_view text, ImportDefaults defaults, const ImportHooks &hooks = {});

    /// Reads with the defaults, gives each indicator to the sink.
    using Reader = std::function<Result<ImportReport>(const ImportDefaults &, const IndicatorSink &)>;
    /// The same, read by the caller; `file` is remembered.
    Result<Imported> importWith(ImportDefaults defaults, const std::string &file, const Reader &reader,
                                const CancelToken &cancel = {});

    /// Takes an import back: what it brought goes, what it changed is as before; later imports of the same values keep
    /// theirs. Returns the number of indicators that are gone.
    Result<std::int64_t> undo(std::int64_t import);
    /// Newest first.
    Result<std::vector<ImportBatch>> imports(std::size_t limit = 1000) const;

    Result<std::int64_t> count() const;
    /// Values that contain `text` (any when empty), most recently imported first.
    Result<std::vector<ListedIndicator>> list(std::string_view text, std::size_t limit) const;
    /// Every row of which the value contains `text` (any when empty), in no order, without keeping them in memory.
    Status forEach(std::string_view text, const std::function<void(const Indicator &)> &visit) const;
    /// All sources' rows of one value.
    Result<std::vector<ListedIndicator>> find(Type type, std::string_view value) const;
    /// Everything, ready for matching. Kept as a file beside the catalog (indicators.set), which is made anew after a
    /// change of the indicators: about 2 µs an indicator, else 0.03.
    Result<std::shared_ptr<const IndicatorSet>> load() const;
    /// What an import brought first, for hunting.
    Result<std::shared_ptr<const IndicatorSet>> ofImport(std::int64_t import) const;
    /// What was kept last under the name; empty when nothing was.
    Result<std::string> bookmark(const std::string &name) const;

    /// The best use of a deny list's places; `warnings` may be null.
    Result<std::shared_ptr<const Selection>> select(const SelectionOptions &options,
                                                    const WarningLists *warnings) const;

    Result<PendingHunt> pendingHunt(std::size_t limit = 1'000'000) const;
    /// Takes hunted indicators out of the queue, in the transaction that records what was found.
    static Status finishHunt(store::Database &catalog, const std::vector<std::int64_t> &marks);
    /// Nothing is stored yet in which they could be found.
    Status skipHunts();

private:
    IndicatorStore(store::Catalog &catalog, const Clock &clock)
        : m_catalog(&catalog)
        , m_clock(&clock)
    {
    }
    Result<std::vector<ListedIndicator>> select(const std::string &where, std::string_view text,
                                                std::int64_t limit) const;

    store::Catalog *m_catalog;
    const Clock *m_clock;
};

} // namespace nightjar::intel
