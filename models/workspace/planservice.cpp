// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/planservice.h"

#include "intel/selection.h"
#include "respond/entry.h"
#include "respond/plan.h"
#include "workspace/intelservice.h"
#include "workspace/responding.h"
#include "workspace/warnings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

namespace nightjar::workspace {

namespace {

PlanService::Row rowOf(const respond::PlanStep &step)
{
    return {std::string(respond::nameOf(step.action)),
            step.entry,
            step.value,
            step.reason,
            step.owner,
            step.source,
            step.why,
            step.expiry,
            step.score,
            {},
            {},
            {}};
}

PlanService::Report reportOf(const respond::Plan &plan)
{
    const auto number = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    PlanService::Report report;
    for (const respond::PlanStep &step : plan.steps) {
        report.rows.push_back(rowOf(step));
    }
    report.capacity = number(plan.capacity);
    report.foreign = number(plan.foreign);
    report.manual = number(plan.manual);
    report.chosen = number(plan.chosen);
    report.kept = number(plan.kept);
    report.cut = plan.cut;
    return report;
}

/// The wish that carries a step out; none for what is only told.
std::optional<respond::Wish> wishOf(const respond::PlanStep &step)
{
    using respond::PlanAction;
    if (step.action == PlanAction::LeaveOut) {
        return std::nullopt;
    }
    const bool removes = step.action == PlanAction::Remove || step.action == PlanAction::Evict;
    const bool chosen = step.source == respond::kSelectionSource;
    return respond::Wish{removes ? respond::ChangeAction::Unblock : respond::ChangeAction::Block,
                         step.value,
                         step.entry,
                         removes ? step.why : step.reason,
                         step.owner,
                         step.source,
                         step.expiry,
                         0,
                         !chosen}; // a person or a playbook has asked for it, and answered then
}

} // namespace

/// Both sides at one moment.
struct PlanService::View {
    std::vector<respond::OwnedEntry> owned;
    std::vector<std::string> present;
    std::vector<std::string> waiting;
    bool settled = true;
};

Result<PlanService::View> PlanService::look(const CancelToken &cancel)
{
    const auto client = m_engine.tenant->client();
    if (!client) {
        return fail(client.error());
    }
    auto owned = m_engine.journal->owned();
    const auto unfinished = m_engine.journal->unfinished();
    if (!owned || !unfinished) {
        return fail(owned ? unfinished.error() : owned.error());
    }
    auto present = (*client)->denyList(cancel);
    const auto status = present ? (*client)->status(cancel) : fail(present.error());
    if (!status) {
        return fail(status.error());
    }
    View view{std::move(*owned), std::move(*present), {}, *status == respond::TenantState::Active};
    for (const respond::Change &change : *unfinished) {
        if (change.action == respond::ChangeAction::Block) {
            view.waiting.push_back(change.key);
        }
    }
    return view;
}

Result<respond::Plan> PlanService::makePlan(const View &view)
{
    respond::PlanOptions options;
    options.now = m_engine.clock.now();
    options.capacity = static_cast<std::size_t>(m_engine.settings->number("respond.capacity"));
    options.selection = m_engine.settings->flag("respond.selection");
    const auto lists = guardLists(m_engine.settings->text("respond.own_domains"));
    if (!lists) {
        return fail(lists.error());
    }
    const respond::Guard guard(*lists);
    options.allowed = [&guard](const std::string &text) {
        const auto entry = respond::readEntry(text);
        return entry && guard.judge(*entry).verdict == respond::Verdict::Ok;
    };
    std::vector<respond::RankedEntry> ranked;
    if (options.selection) {
        constexpr std::size_t kDepth = 4; // so deep that a held entry behind them is beaten, margin and all
        IntelService::Choice choice;
        choice.places = options.capacity * kDepth;
        const auto selection = m_intel.select(choice);
        if (!selection) {
            return fail(selection.error());
        }
        ranked.reserve((*selection)->entries.size());
        for (const intel::SelectedEntry &entry : (*selection)->entries) {
            ranked.push_back({entry.entry, entry.score});
        }
    }
    return respond::makePlan({view.owned, view.present, ranked, view.waiting, view.settled}, options);
}

Result<PlanService::Report> PlanService::plan(const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.responding);
    const auto view = look(cancel);
    if (!view) {
        return fail(view.error());
    }
    const auto plan = makePlan(*view);
    return plan ? Result<Report>(reportOf(*plan)) : fail(plan.error());
}

Result<PlanService::Report> PlanService::sync(const RespondService::Progress &progress, const CancelToken &cancel)
{
    Report report;
    const auto ends = carryOut(m_engine, false, progress, cancel,
                               [&](respond::Responder &responder,
                                   const respond::StageCallback &tell) -> Result<std::vector<respond::Outcome>> {
                                   const auto view = look(cancel);
                                   if (!view) {
                                       return fail(view.error());
                                   }
                                   const auto plan = makePlan(*view);
                                   if (!plan) {
                                       return fail(plan.error());
                                   }
                                   report = reportOf(*plan);
                                   std::vector<respond::Wish> wishes;
                                   for (const respond::PlanStep &step : plan->steps) {
                                       if (auto wish = wishOf(step)) {
                                           wishes.push_back(std::move(*wish));
                                       }
                                   }
                                   return wishes.empty() ? std::vector<respond::Outcome>()
                                                         : responder.apply(wishes, {}, tell, cancel);
                               });
    if (!ends) {
        return fail(ends.error());
    }
    report.dry = false;
    std::unordered_map<std::string, const BlockOutcome *> byKey;
    for (const BlockOutcome &end : *ends) {
        byKey.emplace(respond::entryKey(end.entry), &end);
    }
    for (Row &row : report.rows) {
        if (const auto end = byKey.find(respond::entryKey(row.entry)); end != byKey.end()) {
            row.result = end->second->result;
            row.state = end->second->state;
            row.requestId = end->second->requestId;
            row.why = end->second->why.empty() ? row.why : end->second->why;
        }
    }
    return report;
}

Result<std::vector<PlanService::Drift>> PlanService::driftOf(const View &view, const DriftOptions &options)
{
    const auto known = m_engine.journal->knownForeign();
    if (!known) {
        return fail(known.error());
    }
    std::unordered_map<std::string, const respond::OwnedEntry *> mine;
    for (const respond::OwnedEntry &entry : view.owned) {
        mine.emplace(entry.key, &entry);
    }
    std::vector<std::string> foreign;
    for (const std::string &entry : view.present) {
        if (std::string key = respond::entryKey(entry); !mine.contains(key)) {
            foreign.push_back(std::move(key));
        }
    }
    const bool first = !known->has_value();
    if (first && !m_engine.readOnly && !options.dryRun) {
        if (auto noted = m_engine.journal->noteForeign(foreign); !noted) {
            return fail(noted.error());
        }
    }
    std::vector<Drift> rows;
    for (const respond::Drift &drift : respond::findDrift(view.owned, view.present, first ? foreign : **known)) {
        Drift row;
        row.kind = respond::nameOf(drift.kind);
        row.entry = drift.entry;
        row.was = drift.was;
        if (const auto own = mine.find(drift.key); own != mine.end()) {
            row.owner = own->second->owner;
            row.reason = own->second->reason;
        }
        const auto named = [&row](const std::string &text) {
            return respond::entryKey(text) == respond::entryKey(row.entry) || text == row.was;
        };
        if (options.entries.empty() || std::any_of(options.entries.begin(), options.entries.end(), named)) {
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Result<std::vector<PlanService::Drift>> PlanService::drift(const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.responding);
    const auto view = look(cancel);
    return view ? driftOf(*view, {}) : fail(view.error());
}

Status PlanService::adoptOne(const Drift &drift, const View &view)
{
    const std::string oldKey = respond::entryKey(drift.kind == "changed" ? drift.was : drift.entry);
    respond::Change change;
    for (const respond::OwnedEntry &entry : view.owned) {
        if (entry.key == oldKey) {
            change.reason = entry.reason;
            change.expiry = entry.expiry;
            change.value = entry.value;
        }
    }
    if (drift.kind != "added") {
        if (auto gone = m_engine.journal->disown(oldKey); !gone || drift.kind == "removed") {
            return gone;
        }
    }
    change.batch = "adopted";
    change.value = change.value.empty() ? drift.entry : change.value;
    change.entry = drift.entry;
    change.key = respond::entryKey(drift.entry);
    change.list = "deny";
    change.reason = change.reason.empty() ? "adopted: it was added outside Nightjar" : change.reason;
    change.actor = m_engine.settings->text("respond.actor");
    change.source = "adopted";
    const auto ids = m_engine.journal->begin(std::array{change});
    if (!ids) {
        return fail(ids.error());
    }
    return m_engine.journal->note(std::array{
        respond::ChangeNote{ids->front(), view.settled ? respond::ChangePhase::Live : respond::ChangePhase::Saved,
                            "adopted", "nothing was sent"}});
}

Result<std::vector<PlanService::Drift>> PlanService::adopt(const DriftOptions &options, const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.responding);
    const auto view = look(cancel);
    if (!view) {
        return fail(view.error());
    }
    auto rows = driftOf(*view, options);
    if (!rows) {
        return rows;
    }
    for (Drift &row : *rows) {
        row.result = options.dryRun ? "would_adopt" : "adopted";
        if (options.dryRun) {
            continue;
        }
        if (auto done = adoptOne(row, *view); !done) {
            row.result = "failed";
            row.why = done.error().code + ": " + done.error().title;
        }
    }
    ++m_engine.changes;
    return rows;
}

Result<std::vector<PlanService::Drift>>
PlanService::revert(const DriftOptions &options, const RespondService::Progress &progress, const CancelToken &cancel)
{
    std::vector<Drift> rows;
    const auto ends = carryOut(
        m_engine, options.dryRun, progress, cancel,
        [&](respond::Responder &responder,
            const respond::StageCallback &tell) -> Result<std::vector<respond::Outcome>> {
            const auto view = look(cancel);
            if (!view) {
                return fail(view.error());
            }
            auto found = driftOf(*view, options);
            if (!found) {
                return fail(found.error());
            }
            rows = std::move(*found);
            const std::string actor = m_engine.settings->text("respond.actor");
            std::vector<respond::Wish> wishes;
            for (const Drift &row : rows) {
                if (row.kind != "removed") { // a new spelling of an entry of ours is ours to replace
                    const bool sameKey = respond::entryKey(row.entry) == respond::entryKey(row.was);
                    const bool agreed = std::find(options.confirmed.begin(), options.confirmed.end(), row.entry) !=
                                        options.confirmed.end();
                    if (row.kind == "added" || !sameKey) {
                        wishes.push_back({respond::ChangeAction::Unblock, row.entry, row.entry,
                                          "reverted: it was added outside Nightjar", actor, "revert", kNoTime, 0,
                                          agreed});
                    }
                }
                if (row.kind == "added") {
                    continue;
                }
                const std::string key = respond::entryKey(row.kind == "removed" ? row.entry : row.was);
                for (const respond::OwnedEntry &entry : view->owned) {
                    if (entry.key == key) {
                        wishes.push_back({respond::ChangeAction::Block, entry.value, entry.entry, entry.reason,
                                          entry.owner, entry.source, entry.expiry, 0, true});
                    }
                }
            }
            respond::BlockOptions how;
            how.dryRun = options.dryRun;
            return wishes.empty() ? std::vector<respond::Outcome>() : responder.apply(wishes, how, tell, cancel);
        });
    if (!ends) {
        return fail(ends.error());
    }
    for (Drift &row : rows) {
        const std::string meant = respond::entryKey(row.kind == "changed" ? row.was : row.entry);
        for (const BlockOutcome &end : *ends) {
            if (respond::entryKey(end.entry) == meant) {
                row.result = end.result;
                row.state = end.state;
                row.why = end.why == "Nightjar did not add this entry" ? end.why + "; repeat it to confirm (--confirm)"
                                                                       : end.why;
            }
        }
    }
    return rows;
}

} // namespace nightjar::workspace
