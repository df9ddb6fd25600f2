// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "store/eventstore.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nightjar::pipeline {

/// Stored events that a finding shall carry whole.
struct EvidenceWanted {
    alerts::Finding *finding = nullptr;
    std::vector<std::int64_t> ids; ///< the last ones count when there are more than fit
    bool observables = false;      ///< add what stands in the events to the finding's observables, too
};

/// Copies stored events into their findings, at most 25 each, fewer (3 at least) when many findings ask: the alert
/// keeps 100 over time, and what is copied must fit into memory. Reads every block once, however many findings there
/// are; ids that are not stored any more are left out. Errors: those of the store.
Status addStoredEvidence(const store::EventStore &events, const store::Snapshot &snapshot,
                         std::span<const EvidenceWanted> wanted);

} // namespace nightjar::pipeline
