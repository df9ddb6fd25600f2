// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/denysteps.h"

#include "base/hash.h"

#include <array>
#include <iterator>
#include <unordered_set>

/// Blocking, and the way from a push to a verified list that unblocking shares.
namespace nightjar::respond {

namespace {

/// The allow-list entry that takes the effect of `entry` away; empty when there is none. Only whole hosts are compared.
std::string shadowOf(const DenyEntry &entry, const std::unordered_map<std::string, std::string> &allow)
{
    std::vector<std::string> keys{entry.key};
    if (!entry.subdomains) {
        keys.push_back(entry.host);
    }
    keys.push_back("." + entry.host);
    for (std::size_t dot = entry.host.find('.'); dot != std::string::npos; dot = entry.host.find('.', dot + 1)) {
        keys.push_back(entry.host.substr(dot));
    }
    for (const std::string &key : keys) {
        if (const auto found = allow.find(key); found != allow.end()) {
            return found->second;
        }
    }
    return {};
}

std::string requestIdOf(const std::vector<std::string> &entries, Timestamp now)
{
    std::uint64_t hash = static_cast<std::uint64_t>(now);
    for (const std::string &entry : entries) {
        hash = hash64(entry, hash);
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string id = "nj-";
    for (int shift = 60; shift >= 0; shift -= 4) {
        id += kHex[(hash >> static_cast<unsigned>(shift)) & 15U];
    }
    return id;
}

} // namespace

std::string withoutUserInfo(std::string_view value)
{
    const std::size_t scheme = value.find("://");
    const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(value.find_first_of("/?#", from), value.size());
    const std::size_t at = value.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < from) {
        return std::string(value);
    }
    return std::string(value.substr(0, from)) + "***" + std::string(value.substr(at));
}

Responder::Responder(ZscalerClient *client, Journal *journal, Guard guard, ResponderTuning tuning)
    : m_client(client)
    , m_journal(journal)
    , m_guard(std::move(guard))
    , m_tuning(std::move(tuning))
{
    constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;
    if (m_client != nullptr && m_journal != nullptr) {
        const Timestamp now = m_tuning.clock->now();
        if (auto times = m_journal->activationsSince(now - kHour)) {
            // Written while the clock was ahead: they would use the budget up until it gets there again.
            std::erase_if(*times, [now](Timestamp at) { return at > now; });
            m_client->preloadActivations(*times);
        }
        // Before it is sent, so that a crash does not hide one. What cannot be noted, the tenant's own limit stands
        // for.
        m_client->onActivation([journal = m_journal] { static_cast<void>(journal->noteActivation().has_value()); });
    }
}

std::vector<Outcome> Responder::outcomes(std::vector<Item> &items)
{
    std::vector<Outcome> result;
    for (Item &item : items) {
        if (item.twin != Item::kNoTwin) {
            Outcome same = result[item.twin];
            same.value = item.outcome.value;
            item.outcome = std::move(same);
        }
        result.push_back(std::move(item.outcome));
    }
    return result;
}

std::vector<Responder::Item> Responder::prepareBlock(std::span<const std::string> values,
                                                     const BlockOptions &options) const
{
    std::vector<Item> items;
    std::unordered_map<std::string, std::size_t> seen;
    for (const std::string &value : values) {
        Item item;
        item.outcome.value = value;
        Result<DenyEntry> entry = options.undoOf != 0 ? readEntry(value) : makeEntry(value, options.scope);
        if (!entry) {
            item.end("refused", entry.error().reason);
            items.push_back(std::move(item));
            continue;
        }
        item.entry = std::move(*entry);
        item.outcome.entry = item.entry.text;
        const Judgement judgement = m_guard.judge(item.entry);
        if (judgement.verdict == Verdict::Refused) {
            item.end("refused", judgement.why);
        } else if (judgement.verdict == Verdict::AsksConfirmation && !isConfirmed(options, value, item.entry.text)) {
            item.end("refused", judgement.why + "; repeat the value to confirm (--confirm)");
        } else if (const auto [first, isNew] = seen.emplace(item.entry.key, items.size()); !isNew) {
            item.twin = first->second;
            item.step = Item::Step::Done;
        } else if (options.dryRun) {
            item.end("would_block", {});
        }
        items.push_back(std::move(item));
    }
    return items;
}

/// False when nothing is left to do; without tenant or journal the open items fail.
bool Responder::ready(std::vector<Item> &items) const
{
    bool open = false;
    for (Item &item : items) {
        if (item.step != Item::Step::Done && (m_client == nullptr || m_journal == nullptr)) {
            item.end("failed", m_client == nullptr ? "NJ-RESPOND-001: no tenant is connected"
                                                   : "NJ-RESPOND-003: there is no journal to write to");
        }
        open = open || item.step != Item::Step::Done;
    }
    return open;
}

Result<Responder::TenantView> Responder::readTenant(bool withAllowList, const CancelToken &cancel)
{
    Result<std::vector<std::string>> list = m_client->denyList(cancel);
    if (!list) {
        return fail(list.error());
    }
    TenantView view{presentMap(*list), list->size(), {}};
    if (withAllowList) {
        Result<std::vector<std::string>> allow = m_client->allowList(cancel);
        if (!allow && allow.error().code != "NJ-RESPOND-021") { // a role may lack the right to read it
            return fail(allow.error());
        }
        for (const std::string &stored : allow ? *allow : std::vector<std::string>()) {
            view.allow.emplace(entryKey(stored), stored);
        }
    }
    return view;
}

void Responder::compareBlock(std::vector<Item> &items, const TenantView &view, const CancelToken &cancel)
{
    std::size_t room = m_tuning.capacity > view.size ? m_tuning.capacity - view.size : 0;
    const Result<std::vector<Change>> unfinished = m_journal->unfinished();
    std::unordered_set<std::string> waiting;
    for (const Change &change : unfinished ? *unfinished : std::vector<Change>()) {
        if (change.action == ChangeAction::Block) {
            waiting.insert(change.key);
        }
    }
    std::optional<Result<TenantState>> state;
    for (Item &item : items) {
        if (item.step == Item::Step::Done) {
            continue;
        }
        if (const std::string shadow = shadowOf(item.entry, view.allow); !shadow.empty()) {
            item.end("refused", "the tenant's allow list holds " + shadow +
                                    ", which wins over the deny list: blocking would have no effect");
            continue;
        }
        const auto found = view.present.find(item.entry.key);
        if (found == view.present.end()) {
            if (room == 0) {
                item.end("failed", "the deny list is full (" + std::to_string(m_tuning.capacity) + " entries)");
            } else {
                --room;
            }
            continue;
        }
        item.outcome.entry = found->second.front();
        item.wasThere = true;
        item.step = Item::Step::Saved;
        if (!state) {
            state = m_client->status(cancel);
        }
        if (!waiting.contains(item.entry.key) && *state && **state == TenantState::Active) {
            item.end("already", "it is on the deny list", "live");
        }
    }
}

std::vector<Outcome> Responder::block(std::span<const std::string> values, const BlockOptions &options,
                                      const StageCallback &progress, const CancelToken &cancel)
{
    std::vector<Item> items = prepareBlock(values, options);
    if (!ready(items)) {
        return outcomes(items);
    }
    for (const Item &item : items) {
        if (item.step == Item::Step::Push) {
            tell(progress, item.outcome.value, Stage::Queued);
        }
    }
    Result<TenantView> view = readTenant(true, cancel);
    if (!view) {
        for (Item &item : items) {
            if (item.step != Item::Step::Done) {
                item.end("failed", sentence(view.error()));
                tell(progress, item.outcome.value, Stage::Failed);
            }
        }
        return outcomes(items);
    }
    compareBlock(items, *view, cancel);
    push(items, ChangeAction::Block, options, progress, cancel);
    finish(items, ChangeAction::Block, options, progress, cancel);
    return outcomes(items);
}

void Responder::push(std::vector<Item> &items, ChangeAction action, const BlockOptions &options,
                     const StageCallback &progress, const CancelToken &cancel)
{
    std::vector<Item *> open;
    for (Item &item : items) {
        if (item.step == Item::Step::Push) {
            item.action = action;
            open.push_back(&item);
        }
    }
    intend(open, options, progress);
    sendAll(open, action, progress, cancel);
}

Change Responder::changeOf(const Item &item, const BlockOptions &options, Timestamp now) const
{
    const bool blocks = item.action == ChangeAction::Block;
    Change change;
    change.batch = item.outcome.requestId;
    change.action = item.action;
    change.value = withoutUserInfo(item.outcome.value);
    change.entry = item.outcome.entry;
    change.key = item.entry.key;
    change.list = "deny";
    if (item.wish != nullptr) {
        change.reason = item.wish->reason;
        change.actor = item.wish->actor;
        change.source = item.wish->source;
        change.expiry = blocks ? item.wish->expiry : kNoTime;
        change.undoOf = item.wish->undoOf;
        return change;
    }
    change.reason = options.reason;
    change.actor = options.actor;
    change.source = options.source;
    change.expiry = blocks && options.ttl > 0 ? now + options.ttl : kNoTime;
    change.undoOf = options.undoOf;
    return change;
}

void Responder::intend(std::vector<Item *> &items, const BlockOptions &options, const StageCallback &progress)
{
    std::vector<Change> intents;
    std::string batch;
    const Timestamp now = m_tuning.clock->now();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i % m_tuning.batch == 0) {
            std::vector<std::string> entries;
            for (std::size_t j = i; j < std::min(i + m_tuning.batch, items.size()); ++j) {
                entries.push_back(items[j]->entry.key);
            }
            batch = requestIdOf(entries, now);
        }
        items[i]->outcome.requestId = batch;
        intents.push_back(changeOf(*items[i], options, now));
    }
    const Result<std::vector<std::int64_t>> ids =
        intents.empty() ? Result<std::vector<std::int64_t>>(std::vector<std::int64_t>()) : m_journal->begin(intents);
    if (!ids) {
        for (Item *item : items) {
            item->end("failed", "nothing was sent: " + sentence(ids.error()));
            item->outcome.requestId.clear();
            tell(progress, item->outcome.value, Stage::Failed);
        }
        items.clear();
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i]->outcome.change = (*ids)[i];
    }
}

void Responder::sendAll(const std::vector<Item *> &items, ChangeAction action, const StageCallback &progress,
                        const CancelToken &cancel)
{
    for (std::size_t from = 0; from < items.size(); from += m_tuning.batch) {
        const std::size_t to = std::min(from + m_tuning.batch, items.size());
        std::vector<Item *> part(items.begin() + static_cast<std::ptrdiff_t>(from),
                                 items.begin() + static_cast<std::ptrdiff_t>(to));
        std::vector<std::string> entries;
        for (const Item *item : part) {
            if (action == ChangeAction::Block) {
                entries.push_back(item->entry.text);
            } else {
                entries.insert(entries.end(), item->spellings.begin(), item->spellings.end());
            }
        }
        takeReport(part,
                   action == ChangeAction::Block ? m_client->addToDenyList(entries, cancel)
                                                 : m_client->removeFromDenyList(entries, cancel),
                   action, progress);
    }
}

void Responder::takeReport(std::vector<Item *> &items, const ListChange &report, ChangeAction action,
                           const StageCallback &progress)
{
    std::unordered_map<std::string, std::string> refused;
    for (const RefusedEntry &entry : report.refused) {
        refused.emplace(entry.entry, entry.why);
    }
    const std::string cause = report.error ? sentence(*report.error) : std::string();
    std::unordered_map<std::string, bool> notDone; // entry → unknown
    for (const std::string &entry : report.failed) {
        notDone.emplace(entry, false);
    }
    for (const std::string &entry : report.unknown) {
        notDone.emplace(entry, true);
    }
    std::vector<Item *> saved;
    std::vector<Item *> failed;
    std::vector<Item *> unknown;
    for (Item *item : items) {
        const std::string &sent = action == ChangeAction::Block ? item->entry.text : item->spellings.front();
        if (const auto bad = refused.find(sent); bad != refused.end()) {
            item->end("refused", bad->second);
            failed.push_back(item);
        } else if (const auto left = notDone.find(sent); left != notDone.end()) {
            item->end("failed", cause, left->second ? "unknown" : "none");
            (left->second ? unknown : failed).push_back(item);
        } else {
            item->step = Item::Step::Saved;
            item->outcome.state = "saved";
            item->outcome.result = "queued";
            saved.push_back(item);
        }
        tell(progress, item->outcome.value, item->step == Item::Step::Saved ? Stage::Sent : Stage::Failed);
    }
    noteAll(saved, ChangePhase::Saved);
    noteAll(failed, ChangePhase::Failed);
    noteAll(unknown, ChangePhase::Unknown);
}

void Responder::noteAll(const std::vector<Item *> &items, ChangePhase phase)
{
    std::vector<ChangeNote> notes;
    for (const Item *item : items) {
        if (item->outcome.change != 0) {
            notes.push_back({item->outcome.change, phase, item->outcome.result, item->outcome.why});
        }
    }
    if (notes.empty()) {
        return;
    }
    if (Status noted = m_journal->note(notes); !noted) {
        for (Item *item : items) { // the intent stands: `recover` settles it
            item->outcome.why += (item->outcome.why.empty() ? "" : "; ") +
                                 std::string("the journal could not be completed: ") + sentence(noted.error());
        }
    }
}

} // namespace nightjar::respond
