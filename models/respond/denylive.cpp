// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/denysteps.h"

#include <iterator>

/// From saved to live: activation, waiting for it, reading back.
namespace nightjar::respond {

std::vector<Responder::Item *> Responder::savedOf(std::vector<Item> &items)
{
    std::vector<Item *> saved;
    for (Item &item : items) {
        if (item.step == Item::Step::Saved) {
            item.outcome.state = "saved";
            item.outcome.result = "queued";
            saved.push_back(&item);
        }
    }
    return saved;
}

bool Responder::goLive(const std::vector<Item *> &saved, const BlockOptions &options, const StageCallback &progress,
                       const CancelToken &cancel)
{
    const ActivationEnd end =
        options.activate
            ? makeLive(options, cancel)
            : ActivationEnd{
                  false, "saved",
                  "saved, not activated as asked; it goes live with the next activation or when a session ends"};
    for (Item *item : saved) {
        if (end.live) {
            tell(progress, item->outcome.value, Stage::Activated);
        } else {
            item->end("queued", end.why, end.state);
        }
    }
    if (!end.live) {
        noteAll(saved, ChangePhase::Saved);
    }
    return end.live;
}

void Responder::finish(std::vector<Item> &items, ChangeAction action, const BlockOptions &options,
                       const StageCallback &progress, const CancelToken &cancel)
{
    std::vector<Item *> saved = savedOf(items);
    if (!saved.empty() && goLive(saved, options, progress, cancel)) {
        readBack(saved, action, progress, cancel);
    }
}

Responder::ActivationEnd Responder::makeLive(const BlockOptions &options, const CancelToken &cancel)
{
    const Result<TenantState> state = m_client->activate(cancel, options.activationPatience);
    if (!state) {
        const bool unknown = state.error().code == "NJ-RESPOND-031";
        return {false, unknown ? "unknown" : "saved", "saved, but not activated: " + sentence(state.error())};
    }
    return awaitLive(*state, options.activationPatience, cancel);
}

Responder::ActivationEnd Responder::awaitLive(TenantState state, std::int64_t patience, const CancelToken &cancel)
{
    for (std::size_t poll = 0; state != TenantState::Active; ++poll) {
        const bool pending = state == TenantState::Pending;
        const std::string why =
            pending ? "the activation waits for another administrator who is editing" : "the activation is in progress";
        const std::int64_t wait = m_tuning.pollWaits.empty()
                                      ? kMicrosPerSecond
                                      : m_tuning.pollWaits[std::min(poll, m_tuning.pollWaits.size() - 1)];
        if (wait > patience) {
            return {false, "pending", why + "; it goes live without further doing"};
        }
        patience -= wait;
        if (!m_tuning.sleeper->sleep(wait, cancel)) {
            return {false, "pending", why + "; waiting was cancelled"};
        }
        const Result<TenantState> next = m_client->status(cancel);
        if (!next) {
            return {false, "pending", why + "; its state could not be read: " + sentence(next.error())};
        }
        state = *next;
    }
    return {true, "live", {}};
}

Result<PresentMap> Responder::readPresent(const CancelToken &cancel)
{
    const Result<std::vector<std::string>> list = m_client->denyList(cancel);
    if (!list) {
        return fail(list.error());
    }
    return presentMap(*list);
}

/// The service took less than it echoed: the rest once more. True when that went live.
bool Responder::sendMissing(const std::vector<Item *> &items, ChangeAction action, const PresentMap &present,
                            const CancelToken &cancel)
{
    std::vector<std::string> entries;
    for (const Item *item : items) {
        if (action == ChangeAction::Block) {
            entries.push_back(item->entry.text);
        } else {
            const std::vector<std::string> &left = present.at(item->entry.key);
            entries.insert(entries.end(), left.begin(), left.end());
        }
    }
    for (std::size_t from = 0; from < entries.size(); from += m_tuning.batch) {
        const auto part = std::span(entries).subspan(from, std::min(m_tuning.batch, entries.size() - from));
        const ListChange change = action == ChangeAction::Block ? m_client->addToDenyList(part, cancel)
                                                                : m_client->removeFromDenyList(part, cancel);
        if (change.error) {
            return false;
        }
    }
    return makeLive({}, cancel).live;
}

void Responder::readBack(std::vector<Item *> &items, ChangeAction action, const StageCallback &progress,
                         const CancelToken &cancel, bool again)
{
    const bool blocks = action == ChangeAction::Block;
    const auto missingIn = [&items, blocks](const PresentMap &present) {
        std::vector<Item *> missing;
        std::copy_if(items.begin(), items.end(), std::back_inserter(missing),
                     [&](const Item *item) { return present.contains(item->entry.key) != blocks; });
        return missing;
    };
    Result<PresentMap> present = readPresent(cancel);
    if (present && again && !missingIn(*present).empty()) { // a cache in between may give an old list
        m_tuning.sleeper->sleep(2 * kMicrosPerSecond, cancel);
        present = readPresent(cancel);
    }
    if (!present) {
        for (Item *item : items) {
            item->end("queued", "activated, but the list could not be read back: " + sentence(present.error()),
                      "unknown");
        }
        noteAll(items, ChangePhase::Saved);
        return;
    }
    std::vector<Item *> missing = missingIn(*present);
    if (again && !missing.empty() && sendMissing(missing, action, *present, cancel)) {
        readBack(items, action, progress, cancel, false);
        return;
    }
    std::vector<Item *> live;
    for (Item *item : items) {
        if (present->contains(item->entry.key) == blocks) {
            item->end(blocks ? (item->wasThere ? "already" : "blocked") : "unblocked",
                      item->wasThere ? "it was on the list but not active; now it is" : "", "live");
            live.push_back(item);
        } else {
            item->end("failed",
                      blocks ? "activated, but the entry is not on the list when read back"
                             : "activated, but the entry is still on the list when read back",
                      "unknown");
        }
        tell(progress, item->outcome.value, item->outcome.result == "failed" ? Stage::Failed : Stage::Verified);
    }
    noteAll(live, ChangePhase::Live);
    noteAll(missing, ChangePhase::Failed);
    settleOthers(*present);
}

/// An activation makes every saved change live: earlier ones of the journal too.
void Responder::settleOthers(const PresentMap &present)
{
    const Result<std::vector<Change>> unfinished = m_journal->unfinished();
    if (!unfinished) {
        return;
    }
    std::vector<ChangeNote> notes;
    for (const Change &change : *unfinished) {
        const bool blocks = change.action == ChangeAction::Block;
        if (change.phase == ChangePhase::Saved && present.contains(change.key) == blocks) {
            notes.push_back(
                {change.id, ChangePhase::Live, blocks ? "blocked" : "unblocked", "live with a later activation"});
        }
    }
    if (!notes.empty()) {
        static_cast<void>(m_journal->note(notes).has_value()); // what stays unfinished is settled by `recover`
    }
}

} // namespace nightjar::respond
