// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/plan.h"

#include "respond/entry.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace nightjar::respond {

namespace {

using Keys = std::unordered_set<std::string>;
using Stored = std::unordered_map<std::string, const std::string *>; ///< key → spelling on the list

bool isOver(const OwnedEntry &entry, Timestamp now)
{
    return entry.expiry != kNoTime && entry.expiry <= now;
}

PlanStep stepOf(const OwnedEntry &owned, PlanAction action, std::string why)
{
    return {action,      owned.entry,  owned.key,    owned.value, owned.reason,
            owned.owner, owned.source, owned.expiry, 0,           std::move(why)};
}

/// A ranked entry that is on the list by Nightjar, or that would like to be.
struct Candidate {
    const RankedEntry *ranked = nullptr; ///< null: the ranking does not know it any more
    const OwnedEntry *owned = nullptr;   ///< null: a challenger
    std::string key;

    [[nodiscard]] double score() const { return ranked == nullptr ? 0 : ranked->score; }
};

/// The places of the ranking: who holds one, who would take one, and who has to go.
class Places {
public:
    Places(const PlanInput &input, const PlanOptions &options, const Keys &taken, const Stored &stored)
        : m_input(input)
        , m_options(options)
        , m_taken(taken)
        , m_stored(stored)
    {
    }

    void fill(std::size_t places, Plan &plan, std::vector<PlanStep> &adds)
    {
        collect(places);
        std::vector<Candidate> evicted;
        while (m_held.size() > places) { // weakest last
            evicted.push_back(std::move(m_held.back()));
            m_held.pop_back();
        }
        std::size_t next = 0;
        std::vector<Candidate> chosen;
        while (m_held.size() + chosen.size() < places && nextAllowed(next)) {
            chosen.push_back(std::move(m_challengers[next++]));
        }
        while (!m_held.empty() && nextAllowed(next) &&
               m_challengers[next].score() > m_held.back().score() * (1 + m_options.margin)) {
            evicted.push_back(std::move(m_held.back()));
            m_held.pop_back();
            chosen.push_back(std::move(m_challengers[next++]));
        }
        tell(evicted, chosen, plan, adds);
    }

private:
    /// Held entries by falling score, and as many challengers as could take a place.
    void collect(std::size_t places)
    {
        std::unordered_map<std::string, std::size_t> held;
        for (const OwnedEntry &owned : m_input.owned) {
            if (owned.source == kSelectionSource && !isOver(owned, m_options.now) && !m_taken.contains(owned.key)) {
                if (m_stored.contains(owned.key)) {
                    held.emplace(owned.key, m_held.size());
                    m_held.push_back({nullptr, &owned, owned.key});
                }
            }
        }
        Keys seen;
        std::size_t found = 0;
        const std::size_t enough = places + kSpare;
        for (const RankedEntry &ranked : m_input.ranked) {
            if (found == held.size() && m_challengers.size() >= enough) {
                break;
            }
            std::string key = entryKey(ranked.entry);
            if (const auto known = held.find(key); known != held.end()) {
                Candidate &candidate = m_held[known->second];
                found += candidate.ranked == nullptr ? 1U : 0U;
                candidate.ranked = candidate.ranked == nullptr ? &ranked : candidate.ranked;
            } else if (m_challengers.size() < enough && !m_taken.contains(key) && !m_stored.contains(key) &&
                       seen.insert(key).second) {
                m_challengers.push_back({&ranked, nullptr, std::move(key)});
            }
        }
        const auto known = [](const Candidate &candidate) { return candidate.ranked != nullptr; };
        const auto gone = std::stable_partition(m_held.begin(), m_held.end(), known);
        m_gone.assign(std::make_move_iterator(gone), std::make_move_iterator(m_held.end()));
        m_held.erase(gone, m_held.end());
        std::stable_sort(m_held.begin(), m_held.end(),
                         [](const Candidate &a, const Candidate &b) { return a.score() > b.score(); });
    }

    /// Skips challengers that the guard refuses.
    bool nextAllowed(std::size_t &next) const
    {
        while (next < m_challengers.size() && m_options.allowed &&
               !m_options.allowed(m_challengers[next].ranked->entry)) {
            ++next;
        }
        return next < m_challengers.size();
    }

    void tell(const std::vector<Candidate> &evicted, const std::vector<Candidate> &chosen, Plan &plan,
              std::vector<PlanStep> &adds) const
    {
        for (const Candidate &candidate : m_gone) {
            remove(candidate, PlanAction::Remove, "the indicator engine does not offer it any more", plan);
        }
        for (const Candidate &candidate : evicted) {
            remove(candidate, PlanAction::Evict, "better ones take its place", plan);
        }
        for (const Candidate &candidate : chosen) {
            const std::string &entry = candidate.ranked->entry;
            adds.push_back({PlanAction::Add, entry, candidate.key, entry, "chosen by the indicator engine", "nightjar",
                            kSelectionSource, kNoTime, candidate.score(), "it ranks among the places that are left"});
        }
        plan.kept += m_held.size();
        plan.chosen = m_held.size() + chosen.size();
        plan.cut = m_held.empty() ? 0 : m_held.back().score();
        if (!chosen.empty()) {
            plan.cut = m_held.empty() ? chosen.back().score() : std::min(plan.cut, chosen.back().score());
        }
    }

    void remove(const Candidate &candidate, PlanAction action, const char *why, Plan &plan) const
    {
        PlanStep step = stepOf(*candidate.owned, action, why);
        step.entry = *m_stored.at(candidate.key);
        step.score = candidate.score();
        plan.steps.push_back(std::move(step));
    }

    static constexpr std::size_t kSpare = 5'000; ///< challengers beyond the places, for those the guard refuses

    const PlanInput &m_input;
    const PlanOptions &m_options;
    const Keys &m_taken;
    const Stored &m_stored;
    std::vector<Candidate> m_held, m_challengers, m_gone;
};

void addActivation(const PlanInput &input, const Stored &stored, Plan &plan)
{
    Keys waiting(input.waitingAdds.begin(), input.waitingAdds.end());
    Keys leaves;
    for (const PlanStep &step : plan.steps) {
        leaves.insert(step.key);
    }
    for (const OwnedEntry &owned : input.owned) {
        const bool live = owned.liveAt != kNoTime && input.settled && !waiting.contains(owned.key);
        if (!live && stored.contains(owned.key) && !leaves.contains(owned.key)) {
            plan.steps.push_back(stepOf(owned, PlanAction::Activate, "it is saved, but not known to be live"));
        }
    }
}

} // namespace

std::string_view nameOf(PlanAction action)
{
    constexpr std::string_view kNames[] = {"add", "remove", "evict", "activate", "leave_out"};
    return kNames[static_cast<std::size_t>(action)];
}

std::string_view nameOf(DriftKind kind)
{
    constexpr std::string_view kNames[] = {"added", "removed", "changed"};
    return kNames[static_cast<std::size_t>(kind)];
}

Plan makePlan(const PlanInput &input, const PlanOptions &options)
{
    Plan plan;
    plan.capacity = options.capacity;
    Stored stored;
    for (const std::string &entry : input.present) {
        stored.emplace(entryKey(entry), &entry);
    }
    Keys ownedKeys;
    Keys manual;
    for (const OwnedEntry &owned : input.owned) {
        ownedKeys.insert(owned.key);
    }
    for (const std::string &entry : input.present) {
        plan.foreign += ownedKeys.contains(entryKey(entry)) ? 0U : 1U;
    }
    const std::size_t places = options.capacity > plan.foreign ? options.capacity - plan.foreign : 0;
    std::vector<PlanStep> adds;
    for (const OwnedEntry &owned : input.owned) {
        const bool isThere = stored.contains(owned.key);
        const bool chosenBefore = owned.source == kSelectionSource;
        if (isOver(owned, options.now) || (chosenBefore && !options.selection)) {
            if (isThere) {
                PlanStep step = stepOf(owned, PlanAction::Remove,
                                       isOver(owned, options.now) ? "its time is over" : "the selection is off");
                step.entry = *stored.at(owned.key);
                plan.steps.push_back(std::move(step));
            }
        } else if (!chosenBefore) {
            manual.insert(owned.key);
            if (isThere) {
                ++plan.kept;
            } else {
                adds.push_back(stepOf(owned, PlanAction::Add, "wanted, but not on the list"));
            }
        }
    }
    plan.manual = manual.size();
    const std::size_t present = plan.manual - adds.size();
    std::vector<PlanStep> left;
    while (present + adds.size() > places && !adds.empty()) { // what is on the list stays
        adds.back().action = PlanAction::LeaveOut;
        adds.back().why = "wanted, but the list is full";
        left.push_back(std::move(adds.back()));
        adds.pop_back();
    }
    if (options.selection) {
        const std::size_t used = present + adds.size();
        Places(input, options, manual, stored).fill(places > used ? places - used : 0, plan, adds);
    }
    std::move(adds.begin(), adds.end(), std::back_inserter(plan.steps));
    addActivation(input, stored, plan);
    std::move(left.begin(), left.end(), std::back_inserter(plan.steps));
    return plan;
}

namespace {

/// The key without a leading dot: what a change of reach leaves as it is.
std::string bareOf(const std::string &key)
{
    return key.starts_with('.') ? key.substr(1) : key;
}

} // namespace

std::vector<Drift> findDrift(std::span<const OwnedEntry> owned, std::span<const std::string> present,
                             std::span<const std::string> known)
{
    const Keys knownKeys(known.begin(), known.end());
    std::unordered_map<std::string, const OwnedEntry *> mine;
    for (const OwnedEntry &entry : owned) {
        mine.emplace(entry.key, &entry);
    }
    std::vector<Drift> drift;
    Keys seen;
    std::unordered_map<std::string, std::size_t> added; // bare key → place in `drift`
    for (const std::string &entry : present) {
        const std::string key = entryKey(entry);
        const auto found = mine.find(key);
        if (!seen.insert(key).second) {
            continue; // a second spelling blocks nothing more
        }
        if (found == mine.end() && !knownKeys.contains(key)) {
            added.emplace(bareOf(key), drift.size());
            drift.push_back({DriftKind::Added, entry, {}, key});
        } else if (found != mine.end() && found->second->entry != entry) {
            drift.push_back({DriftKind::Changed, entry, found->second->entry, key});
        }
    }
    for (const OwnedEntry &entry : owned) {
        if (seen.contains(entry.key)) {
            continue;
        }
        if (const auto other = added.find(bareOf(entry.key)); other != added.end()) {
            drift[other->second] = {DriftKind::Changed, drift[other->second].entry, entry.entry, entry.key};
        } else {
            drift.push_back({DriftKind::Removed, entry.entry, {}, entry.key});
        }
    }
    std::sort(drift.begin(), drift.end(), [](const Drift &a, const Drift &b) { return a.entry < b.entry; });
    return drift;
}

} // namespace nightjar::respond
