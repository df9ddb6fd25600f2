// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/denysteps.h"

#include <iterator>

/// Removals and additions in one push, and the undo of a whole one.
namespace nightjar::respond {

Responder::Item Responder::prepareWish(const Wish &wish, const BlockOptions &options) const
{
    Item item;
    item.action = wish.action;
    item.wish = &wish;
    item.outcome.value = wish.value.empty() ? wish.entry : wish.value;
    item.outcome.entry = wish.entry;
    item.entry.key = entryKey(wish.entry);
    if (wish.action == ChangeAction::Unblock) {
        if (options.dryRun) {
            item.end("would_unblock", {});
        }
        return item;
    }
    Result<DenyEntry> entry = readEntry(wish.entry);
    if (!entry) {
        item.end("refused", entry.error().reason);
        return item;
    }
    item.entry = std::move(*entry);
    item.outcome.entry = item.entry.text;
    const Judgement judgement = m_guard.judge(item.entry);
    const bool agreed = wish.confirmed || isConfirmed(options, item.outcome.value, item.entry.text);
    if (judgement.verdict == Verdict::Refused || (judgement.verdict == Verdict::AsksConfirmation && !agreed)) {
        item.end("refused", judgement.why);
    } else if (options.dryRun) {
        item.end("would_block", {});
    }
    return item;
}

std::vector<Responder::Item> Responder::prepareWishes(std::span<const Wish> wishes, ChangeAction action,
                                                      const BlockOptions &options) const
{
    std::vector<Item> items;
    std::unordered_map<std::string, std::size_t> seen;
    for (const Wish &wish : wishes) {
        if (wish.action != action) {
            continue;
        }
        Item item = prepareWish(wish, options);
        if (item.step != Item::Step::Done) {
            if (const auto [first, isNew] = seen.emplace(item.entry.key, items.size()); !isNew) {
                item.twin = first->second;
                item.step = Item::Step::Done;
            }
        }
        items.push_back(std::move(item));
    }
    return items;
}

void Responder::compareRemovals(std::vector<Item> &items, const TenantView &view)
{
    const Result<std::vector<OwnedEntry>> owned = m_journal->owned();
    const OwnedIndex index(owned ? *owned : std::vector<OwnedEntry>());
    for (Item &item : items) {
        if (item.step == Item::Step::Done) {
            continue;
        }
        const auto found = view.present.find(item.entry.key);
        const bool own = index.keys.contains(item.entry.key);
        if (!owned) {
            item.end("failed", "nothing was sent: " + sentence(owned.error()));
        } else if (found == view.present.end()) {
            item.end("not_blocked", "it is not on the deny list");
            if (own) {
                static_cast<void>(m_journal->disown(item.entry.key).has_value()); // tried again next time
            }
        } else if (!own && !item.wish->confirmed && !item.wish->undoOf) {
            item.end("refused", "Nightjar did not add this entry", "live");
        } else {
            item.spellings = found->second;
            item.outcome.entry = item.spellings.front();
        }
    }
}

std::vector<Outcome> Responder::apply(std::span<const Wish> wishes, const BlockOptions &options,
                                      const StageCallback &progress, const CancelToken &cancel)
{
    std::vector<Item> removals = prepareWishes(wishes, ChangeAction::Unblock, options);
    std::vector<Item> adds = prepareWishes(wishes, ChangeAction::Block, options);
    const auto end = [&] {
        std::vector<Outcome> all = outcomes(removals);
        std::vector<Outcome> more = outcomes(adds);
        all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
        return all;
    };
    const bool removes = ready(removals);
    if (const bool blocks = ready(adds); !removes && !blocks) {
        return end();
    }
    Result<TenantView> view = readTenant(!adds.empty(), cancel);
    for (std::vector<Item> *items : {&removals, &adds}) {
        for (Item &item : *items) {
            if (item.step != Item::Step::Done && !view) {
                item.end("failed", sentence(view.error()));
            }
        }
    }
    if (!view) {
        return end();
    }
    compareRemovals(removals, *view);
    const auto isOpen = [](const Item &item) { return item.step == Item::Step::Push; };
    view->size -=
        std::min(view->size, static_cast<std::size_t>(std::count_if(removals.begin(), removals.end(), isOpen)));
    compareBlock(adds, *view, cancel);
    std::vector<Item *> open;
    for (std::vector<Item> *items : {&removals, &adds}) {
        for (Item &item : *items) {
            if (isOpen(item)) {
                open.push_back(&item);
            }
        }
    }
    intend(open, options, progress);
    for (const ChangeAction action : {ChangeAction::Unblock, ChangeAction::Block}) {
        std::vector<Item *> part;
        std::copy_if(open.begin(), open.end(), std::back_inserter(part),
                     [action](const Item *item) { return item->action == action; });
        sendAll(part, action, progress, cancel);
    }
    std::vector<Item *> gone = savedOf(removals);
    std::vector<Item *> there = savedOf(adds);
    std::vector<Item *> saved = gone;
    saved.insert(saved.end(), there.begin(), there.end());
    if (!saved.empty() && goLive(saved, options, progress, cancel)) {
        if (!gone.empty()) {
            readBack(gone, ChangeAction::Unblock, progress, cancel);
        }
        if (!there.empty()) {
            readBack(there, ChangeAction::Block, progress, cancel);
        }
    }
    return end();
}

Result<std::vector<Outcome>> Responder::undoBulk(std::int64_t change, const BlockOptions &options,
                                                 const StageCallback &progress, const CancelToken &cancel)
{
    if (m_journal == nullptr) {
        return fail("NJ-RESPOND-003", "Nothing can be undone", "there is no journal");
    }
    const Result<std::vector<Change>> bulk = m_journal->pushedWith(change);
    if (!bulk) {
        return fail(bulk.error());
    }
    if (bulk->empty()) {
        return fail("NJ-RESPOND-050", "Nothing to undo", "the journal has no change " + std::to_string(change),
                    "List the journal to see the numbers.");
    }
    std::vector<Wish> wishes;
    for (const Change &done : *bulk) {
        if (done.undoable()) {
            const bool blocked = done.action == ChangeAction::Block;
            wishes.push_back({blocked ? ChangeAction::Unblock : ChangeAction::Block, done.value, done.entry,
                              options.reason.empty() ? "undo of change " + std::to_string(done.id) : options.reason,
                              options.actor, options.source, kNoTime, done.id, true});
        }
    }
    if (wishes.empty()) {
        return fail("NJ-RESPOND-051", "Nothing to undo",
                    "no change that was pushed together with change " + std::to_string(change) +
                        " has an effect that could be taken back");
    }
    return apply(wishes, options, progress, cancel);
}

} // namespace nightjar::respond
