// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/setfile.h"
#include "intel/store.h"
#include "store/database.h"

#include <functional>
#include <memory>
#include <span>
#include <string>

/// The tables behind IndicatorStore; for store.cpp only.
namespace nightjar::intel::tables {

std::span<const store::Migration> migrations();

/// How often the indicators have changed, and the installation's key of the filters, made when the tables were.
SetOrigin origin(store::Database &db);
Status nextRevision(store::Database &db);
Status setBookmark(store::Database &db, const Bookmark &bookmark);

/// Writes the rows of one import within the caller's transaction.
class BatchWriter {
public:
    /// Sets `batch.id`.
    static Result<BatchWriter> begin(store::Database &db, ImportBatch &batch);
    BatchWriter(BatchWriter &&) noexcept;
    BatchWriter &operator=(BatchWriter &&) noexcept;
    ~BatchWriter();
    Status add(const Indicator &indicator);
    /// Writes what was added, in the order of its keys, and the journal's line; sets the counts of added and updated.
    Status finish(ImportBatch &batch, const CancelToken &cancel);

private:
    struct State;
    explicit BatchWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

Result<std::int64_t> undoBatch(store::Database &db, std::int64_t batch);

/// Rows of "indicator i JOIN indicator_row r JOIN indicator_origin s" followed by `tail`, with the import that created
/// each.
Status forEachRow(store::Database &db, const std::string &tail, const std::function<void(store::Statement &)> &bind,
                  const std::function<void(Indicator &&, std::int64_t)> &use);

/// The same for choosing; `tail` joins "d" with the last delivery of each source as d.last.
Status forEachPresence(store::Database &db, const std::string &tail,
                       const std::function<void(store::Statement &)> &bind,
                       const std::function<void(Presence &&)> &use);

} // namespace nightjar::intel::tables
