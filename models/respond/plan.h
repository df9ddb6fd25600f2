// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "respond/journal.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// What a deny list should hold against what it holds. Pure: no clock, no tenant, no store.
namespace nightjar::respond {

/// Source of entries that the indicator engine chose, in journal and plan.
constexpr const char *kSelectionSource = "selection";

/// One entry that the ranking offers, best first.
struct RankedEntry {
    std::string entry; ///< as the service spells it
    double score = 0;  ///< expected harm prevented
};

struct PlanOptions {
    Timestamp now = kNoTime;
    std::size_t capacity = 25'000; ///< of the tenant's list; what others hold is taken off
    bool selection = false;        ///< the ranking takes the places that manual entries leave
    double margin = 0.1;           ///< a challenger's score must beat a held entry's by this share to take its place
    /// False for a ranked entry that the guard does not let through. Asked only for those that would take a place.
    std::function<bool(const std::string &entry)> allowed;
};

/// What the plan is made of. The lists are read once; nothing is kept.
struct PlanInput {
    std::span<const OwnedEntry> owned;        ///< of the journal: what Nightjar put there and wants there
    std::span<const std::string> present;     ///< the tenant's list in stored spelling
    std::span<const RankedEntry> ranked;      ///< best first; empty without selection
    std::span<const std::string> waitingAdds; ///< keys of blocks that are on the list, but not known to be live
    bool settled = true;                      ///< the tenant says that everything saved is live
};

enum class PlanAction {
    Add,      ///< wanted, not on the list
    Remove,   ///< on the list by Nightjar, not wanted any more
    Evict,    ///< as Remove, but only because a better one takes the place
    Activate, ///< on the list, not live
    LeaveOut, ///< wanted, but there is no place
};
std::string_view nameOf(PlanAction action);

struct PlanStep {
    PlanAction action = PlanAction::Add;
    std::string entry; ///< the spelling to send, or the stored one to remove
    std::string key;
    std::string value;
    std::string reason;
    std::string owner;
    std::string source;
    Timestamp expiry = kNoTime;
    double score = 0; ///< of the ranking; 0 for what is not ranked
    std::string why;  ///< one sentence
};

/// The difference, smallest possible: what is right already stands in no step. Steps in the order in which they are
/// carried out: removals, evictions, additions (manual ones first, then by score), activation, what finds no place.
struct Plan {
    std::vector<PlanStep> steps;
    std::size_t capacity = 0;
    std::size_t foreign = 0; ///< entries of others; never touched
    std::size_t manual = 0;  ///< wanted by people and playbooks
    std::size_t chosen = 0;  ///< of the ranking, with a place
    std::size_t kept = 0;    ///< right as they are
    double cut = 0;          ///< score of the weakest chosen entry
};

/// Stable: planning again after the plan was carried out, with the same ranking, gives no step. Cost: one pass over
/// the ranking. Two ranked entries with one key count once, the better one.
Plan makePlan(const PlanInput &input, const PlanOptions &options);

enum class DriftKind {
    Added,   ///< by others, since the last look
    Removed, ///< an entry of Nightjar's, by others
    Changed, ///< its spelling or its reach (with or without sub-domains), by others
};
std::string_view nameOf(DriftKind kind);

struct Drift {
    DriftKind kind = DriftKind::Added;
    std::string entry; ///< on the list now; of Removed: as it was
    std::string was;   ///< of Changed: Nightjar's spelling
    std::string key;   ///< of the entry of Nightjar's; of Added: of the new one
};

/// What others did to the list. `known`: keys of others' entries at the last look. Sorted by entry.
std::vector<Drift> findDrift(std::span<const OwnedEntry> owned, std::span<const std::string> present,
                             std::span<const std::string> known);

} // namespace nightjar::respond
