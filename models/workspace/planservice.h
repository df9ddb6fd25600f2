// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"
#include "workspace/workspace.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nightjar::respond {
struct Plan;
}

namespace nightjar::workspace {

/// The deny list as it should be against what it is: what the journal knows as Nightjar's (by hand and by playbooks)
/// and, with the setting respond.selection, the selection of the indicator engine in the places that are left.
/// Entries of others are never removed but by `revert`, one by one and confirmed. Thread: any; shares the lock of
/// pushes. Errors: those of the tenant (NJ-RESPOND-…), the store and the guard's lists.
class PlanService {
public:
    PlanService(Engine &engine, IntelService &intel)
        : m_engine(engine)
        , m_intel(intel)
    {
    }

    /// One difference, with what became of it after a sync.
    struct Row {
        std::string action; ///< "add", "remove", "evict", "activate", "leave_out"
        std::string entry, value, reason, owner, source, why;
        Timestamp expiry = kNoTime;
        double score = 0;
        std::string result, state, requestId; ///< after a sync, as for block and unblock
    };
    struct Report {
        std::vector<Row> rows;
        std::int64_t capacity = 0, foreign = 0, manual = 0, chosen = 0, kept = 0;
        double cut = 0; ///< score of the weakest entry that has a place by ranking
        bool dry = true;
    };
    /// What `sync` would do. Reads the tenant, writes nothing.
    Result<Report> plan(const CancelToken &cancel);
    Result<Report> sync(const RespondService::Progress &progress, const CancelToken &cancel);

    /// One thing that others did to the list.
    struct Drift {
        std::string kind; ///< "added", "removed", "changed"
        std::string entry, was;
        std::string owner, reason; ///< of Nightjar's entry
        std::string result, state, why;
    };
    /// The first look takes the entries of others for given; later ones tell what has changed since the last look that
    /// `adopt` or the first drift made.
    Result<std::vector<Drift>> drift(const CancelToken &cancel);
    struct DriftOptions {
        std::vector<std::string> entries; ///< empty: all
        std::vector<std::string> confirmed;
        bool dryRun = false;
    };
    /// The list is right: what was added becomes Nightjar's, what was removed is no longer wanted, what was changed is
    /// wanted as it is now. Sends nothing.
    Result<std::vector<Drift>> adopt(const DriftOptions &options, const CancelToken &cancel);
    /// The journal is right: removed entries are put back, changed ones as they were, added ones are taken away when
    /// they are confirmed.
    Result<std::vector<Drift>> revert(const DriftOptions &options, const RespondService::Progress &progress,
                                      const CancelToken &cancel);

private:
    struct View;
    Result<View> look(const CancelToken &cancel);
    Result<respond::Plan> makePlan(const View &view);
    Result<std::vector<Drift>> driftOf(const View &view, const DriftOptions &options);
    Status adoptOne(const Drift &drift, const View &view);

    Engine &m_engine;
    IntelService &m_intel;
};

} // namespace nightjar::workspace
