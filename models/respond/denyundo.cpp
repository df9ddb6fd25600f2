// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/denysteps.h"

#include <array>
#include <iterator>
#include <unordered_set>

/// Unblocking, undo, expiry, and recovery after a crash.
namespace nightjar::respond {

namespace {

void addKey(std::vector<std::string> &keys, std::string key)
{
    if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(std::move(key));
    }
}

} // namespace

/// The entries a value may stand for: owned under this value first, then as an entry, then as an indicator.
std::vector<std::string> Responder::candidateKeys(const std::string &value, const OwnedIndex &owned, DomainScope scope)
{
    std::vector<std::string> keys;
    const std::string masked = withoutUserInfo(value);
    for (const std::string &text : {value, masked}) {
        for (auto [known, end] = owned.byText.equal_range(text); known != end; ++known) {
            addKey(keys, known->second);
        }
    }
    addKey(keys, entryKey(value));
    if (const Result<DenyEntry> entry = makeEntry(value, scope)) {
        addKey(keys, entry->key);
    }
    for (const DomainScope other : {DomainScope::HostOnly, DomainScope::Subdomains}) {
        const Result<DenyEntry> entry = makeEntry(value, other);
        if (entry && owned.keys.contains(entry->key)) {
            addKey(keys, entry->key);
        }
    }
    return keys;
}

void Responder::resolveUnblock(Item &item, const OwnedIndex &owned, const TenantView &view,
                               const BlockOptions &options) const
{
    const std::string &value = item.outcome.value;
    const std::vector<std::string> keys = candidateKeys(value, owned, options.scope);
    const auto hit =
        std::find_if(keys.begin(), keys.end(), [&](const std::string &key) { return view.present.contains(key); });
    if (hit == keys.end()) {
        item.entry.key = keys.empty() ? std::string() : keys.front();
        if (const Result<DenyEntry> entry = makeEntry(value, options.scope)) {
            item.outcome.entry = entry->text;
        }
        item.end("not_blocked", "it is not on the deny list");
        return;
    }
    item.entry.key = *hit;
    item.spellings = view.present.at(*hit);
    item.outcome.entry = item.spellings.front();
    const bool isOwned = owned.keys.contains(*hit);
    if (!isOwned && !isConfirmed(options, value, item.outcome.entry)) {
        item.end("refused", "Nightjar did not add this entry; repeat the value to confirm (--confirm)", "live");
    }
}

void Responder::compareUnblock(std::vector<Item> &items, const TenantView &view, const BlockOptions &options)
{
    const Result<std::vector<OwnedEntry>> owned = m_journal->owned();
    const Result<std::vector<Change>> unfinished = m_journal->unfinished();
    const OwnedIndex index(owned ? *owned : std::vector<OwnedEntry>());
    std::unordered_set<std::string> waiting;
    for (const Change &change : unfinished ? *unfinished : std::vector<Change>()) {
        if (change.action == ChangeAction::Unblock && change.phase == ChangePhase::Saved) {
            waiting.insert(change.key);
        }
    }
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Item &item = items[i];
        if (item.step == Item::Step::Done) {
            continue;
        }
        if (!owned || !unfinished) {
            item.end("failed", "nothing was sent: " + sentence(owned ? unfinished.error() : owned.error()));
            continue;
        }
        resolveUnblock(item, index, view, options);
        if (item.outcome.result == "not_blocked") {
            if (waiting.contains(item.entry.key)) {
                item.step = Item::Step::Saved; // removed earlier, but that never went live
            } else if (index.keys.contains(item.entry.key)) {
                item.outcome.why = "somebody else removed it from the deny list";
                static_cast<void>(m_journal->disown(item.entry.key).has_value()); // tried again next time
            }
        } else if (item.step != Item::Step::Done) {
            if (const auto [first, isNew] = seen.emplace(item.entry.key, i); !isNew) {
                item.twin = first->second;
                item.step = Item::Step::Done;
            }
        }
    }
}

std::vector<Outcome> Responder::unblock(std::span<const std::string> values, const BlockOptions &options,
                                        const StageCallback &progress, const CancelToken &cancel)
{
    std::vector<Item> items;
    for (const std::string &value : values) {
        Item item;
        item.outcome.value = value;
        if (options.dryRun) {
            const Result<DenyEntry> entry = makeEntry(value, options.scope);
            item.outcome.entry = entry ? entry->text : std::string();
            item.end(entry ? "would_unblock" : "refused", entry ? std::string() : entry.error().reason);
        }
        items.push_back(std::move(item));
    }
    if (!ready(items)) {
        return outcomes(items);
    }
    Result<TenantView> view = readTenant(false, cancel);
    for (Item &item : items) {
        tell(progress, item.outcome.value, view ? Stage::Queued : Stage::Failed);
        if (!view) {
            item.end("failed", sentence(view.error()));
        }
    }
    if (!view) {
        return outcomes(items);
    }
    compareUnblock(items, *view, options);
    push(items, ChangeAction::Unblock, options, progress, cancel);
    finish(items, ChangeAction::Unblock, options, progress, cancel);
    return outcomes(items);
}

Result<Outcome> Responder::undo(std::int64_t change, const BlockOptions &options, const StageCallback &progress,
                                const CancelToken &cancel)
{
    if (m_journal == nullptr) {
        return fail("NJ-RESPOND-003", "Nothing can be undone", "there is no journal");
    }
    Result<std::optional<Change>> found = m_journal->find(change);
    if (!found) {
        return fail(found.error());
    }
    if (!*found) {
        return fail("NJ-RESPOND-050", "Nothing to undo", "the journal has no change " + std::to_string(change),
                    "List the journal to see the numbers.");
    }
    const Change &done = **found;
    if (!done.undoable()) {
        return fail("NJ-RESPOND-051", "Nothing to undo",
                    done.undoneBy != 0 ? "change " + std::to_string(change) + " was taken back by change " +
                                             std::to_string(done.undoneBy)
                                       : "change " + std::to_string(change) + " was not carried out");
    }
    BlockOptions inverse = options;
    inverse.undoOf = change;
    if (inverse.reason.empty()) {
        inverse.reason = "undo of change " + std::to_string(change);
    }
    inverse.confirmed.push_back(done.entry); // it stood on the list before
    const std::array<std::string, 1> values{done.entry};
    std::vector<Outcome> ends;
    if (done.action == ChangeAction::Block) {
        ends = unblock(values, inverse, progress, cancel);
    } else {
        ends = block(values, inverse, progress, cancel);
    }
    return std::move(ends.front());
}

Result<std::vector<Outcome>> Responder::releaseExpired(const BlockOptions &options, const CancelToken &cancel)
{
    if (m_journal == nullptr) {
        return fail("NJ-RESPOND-003", "Nothing can be released", "there is no journal");
    }
    Result<std::vector<OwnedEntry>> owned = m_journal->owned();
    if (!owned) {
        return fail(owned.error());
    }
    std::vector<std::string> over;
    for (const OwnedEntry &entry : *owned) {
        if (entry.expiry != kNoTime && entry.expiry <= m_tuning.clock->now()) {
            over.push_back(entry.entry);
        }
    }
    return over.empty() ? std::vector<Outcome>() : unblock(over, options, {}, cancel);
}

Result<std::vector<Outcome>> Responder::recover(const CancelToken &cancel)
{
    if (m_journal == nullptr || m_client == nullptr) {
        return fail("NJ-RESPOND-001", "Nothing can be recovered", "no tenant is connected");
    }
    Result<std::vector<Change>> changes = m_journal->unfinished();
    if (!changes) {
        return fail(changes.error());
    }
    if (changes->empty()) {
        return std::vector<Outcome>();
    }
    Result<TenantView> view = readTenant(false, cancel);
    if (!view) {
        return fail(view.error());
    }
    return recoverAll(*changes, *view, cancel);
}

void Responder::sendLeft(std::vector<Item *> &left, const std::vector<Change> &changes, std::vector<Item> &items,
                         std::vector<Item *> &arrived, const CancelToken &cancel)
{
    std::reverse(left.begin(), left.end()); // oldest first, as it was asked for
    for (const ChangeAction action : {ChangeAction::Unblock, ChangeAction::Block}) {
        std::vector<Item *> part;
        std::copy_if(left.begin(), left.end(), std::back_inserter(part), [&](const Item *item) {
            return changes[static_cast<std::size_t>(item - items.data())].action == action;
        });
        sendAll(part, action, {}, cancel);
        std::copy_if(part.begin(), part.end(), std::back_inserter(arrived),
                     [](const Item *item) { return item->step == Item::Step::Saved; });
    }
}

std::vector<Outcome> Responder::recoverAll(const std::vector<Change> &changes, const TenantView &view,
                                           const CancelToken &cancel)
{
    std::vector<Item> items(changes.size());
    std::vector<Item *> arrived;
    std::vector<Item *> lost;
    std::vector<Item *> left;
    std::unordered_set<std::string> newer;
    for (std::size_t i = changes.size(); i-- > 0;) { // newest first: an older change of the same entry is history
        const Change &change = changes[i];
        Item &item = items[i];
        item.outcome.value = change.value;
        item.outcome.entry = change.entry;
        item.outcome.requestId = change.batch;
        item.outcome.change = change.id;
        item.entry.key = change.key;
        const bool asAsked = view.present.contains(change.key) == (change.action == ChangeAction::Block);
        if (!newer.insert(change.key).second) {
            item.end("failed", "a later change of the same entry took its place");
            lost.push_back(&item);
        } else if (!asAsked && change.phase == ChangePhase::Saved) {
            item.end("failed", "somebody changed the list since");
            lost.push_back(&item);
        } else if (!asAsked && change.action == ChangeAction::Block && change.expiry != kNoTime &&
                   change.expiry <= m_tuning.clock->now()) {
            item.end("failed", "it never reached the tenant, and its time is over");
            lost.push_back(&item);
        } else if (!asAsked) {
            item.entry.text = change.entry;
            if (change.action == ChangeAction::Unblock) {
                item.spellings = view.present.at(change.key);
            }
            left.push_back(&item);
        } else {
            item.step = Item::Step::Saved;
            item.outcome.result = "queued";
            item.outcome.why = "found as asked on the list after an interruption";
            arrived.push_back(&item);
        }
    }
    noteAll(lost, ChangePhase::Failed);
    noteAll(arrived, ChangePhase::Saved);
    sendLeft(left, changes, items, arrived, cancel);
    if (!arrived.empty()) {
        const ActivationEnd end = makeLive({}, cancel);
        std::vector<Item *> blocked;
        std::vector<Item *> unblocked;
        for (Item *item : arrived) {
            const auto index = static_cast<std::size_t>(item - items.data());
            (changes[index].action == ChangeAction::Block ? blocked : unblocked).push_back(item);
            if (!end.live) {
                item->end("queued", end.why, end.state);
            }
        }
        if (end.live && !blocked.empty()) {
            readBack(blocked, ChangeAction::Block, {}, cancel);
        }
        if (end.live && !unblocked.empty()) {
            readBack(unblocked, ChangeAction::Unblock, {}, cancel);
        }
    }
    return outcomes(items);
}

} // namespace nightjar::respond
