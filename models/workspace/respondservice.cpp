// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/responding.h"
#include "workspace/warnings.h"

#include "base/url.h"
#include "query/query.h"
#include "respond/denyservice.h"
#include "workspace/predicate.h"

#include <algorithm>
#include <functional>

namespace nightjar::workspace {

namespace {

respond::DomainScope scopeOf(const Engine &engine)
{
    return engine.settings->text("respond.scope") == "subdomains" ? respond::DomainScope::Subdomains
                                                                  : respond::DomainScope::HostOnly;
}

} // namespace

BlockStage stageOf(respond::Stage stage)
{
    constexpr BlockStage kStages[] = {BlockStage::Queued, BlockStage::Sent, BlockStage::Activated, BlockStage::Verified,
                                      BlockStage::Failed};
    return kStages[static_cast<std::size_t>(stage)];
}

std::vector<BlockOutcome> outcomesOf(const std::vector<respond::Outcome> &outcomes)
{
    std::vector<BlockOutcome> out;
    for (const respond::Outcome &o : outcomes) {
        out.push_back({o.value, o.entry, o.list, o.result, o.state, o.why, o.requestId});
    }
    return out;
}

respond::BlockOptions optionsOf(const Engine &engine, const RespondService::Options &options)
{
    respond::BlockOptions out;
    out.reason = options.reason;
    out.actor = options.who;
    out.source = "nightjar";
    out.ttl = options.ttlMicros;
    out.dryRun = options.dryRun;
    out.activate = options.activate;
    out.confirmed = options.confirmed;
    out.scope = scopeOf(engine);
    return out;
}

Result<respond::Responder> responderFor(Engine &engine, bool dryRun)
{
    const auto lists = guardLists(engine.settings->text("respond.own_domains"));
    if (!lists) {
        return fail(lists.error());
    }
    if (dryRun) {
        return respond::Responder(nullptr, nullptr, respond::Guard(*lists));
    }
    auto client = engine.tenant->client();
    if (!client) {
        return fail(client.error());
    }
    respond::ResponderTuning tuning;
    tuning.capacity = static_cast<std::size_t>(engine.settings->number("respond.capacity"));
    return respond::Responder(*client, &*engine.journal, respond::Guard(*lists), tuning);
}

Result<std::vector<BlockOutcome>> carryOut(Engine &engine, bool dryRun, const RespondService::Progress &progress,
                                           const CancelToken &cancel, const Push &push)
{
    std::lock_guard lock(engine.responding);
    auto responder = responderFor(engine, dryRun);
    if (!responder) {
        return fail(responder.error());
    }
    if (!dryRun) {
        // What cannot be settled now stays in the journal, and the push itself says why the tenant does not answer.
        static_cast<void>(responder->recover(cancel).has_value());
    }
    const auto tell = [&](const std::string &value, respond::Stage stage) {
        if (progress) {
            progress(stageOf(stage), value);
        }
    };
    const auto outcomes = push(*responder, tell);
    ++engine.changes;
    return outcomes ? Result<std::vector<BlockOutcome>>(outcomesOf(*outcomes)) : fail(outcomes.error());
}

Result<std::vector<BlockOutcome>> RespondService::block(const std::vector<std::string> &values, const Options &options,
                                                        const Progress &progress, const CancelToken &cancel)
{
    return carryOut(m_engine, options.dryRun, progress, cancel,
                    [&](respond::Responder &responder, const respond::StageCallback &tell) {
                        return responder.block(values, optionsOf(m_engine, options), tell, cancel);
                    });
}

Result<std::vector<BlockOutcome>> RespondService::unblock(const std::vector<std::string> &values,
                                                          const Options &options, const Progress &progress,
                                                          const CancelToken &cancel)
{
    return carryOut(m_engine, options.dryRun, progress, cancel,
                    [&](respond::Responder &responder, const respond::StageCallback &tell) {
                        return responder.unblock(values, optionsOf(m_engine, options), tell, cancel);
                    });
}

Result<std::vector<BlockOutcome>> RespondService::undo(std::int64_t journalId, const Progress &progress,
                                                       const CancelToken &cancel)
{
    Options options;
    options.who = m_engine.settings->text("respond.actor");
    return carryOut(m_engine, false, progress, cancel,
                    [&](respond::Responder &responder,
                        const respond::StageCallback &tell) -> Result<std::vector<respond::Outcome>> {
                        auto outcome = responder.undo(journalId, optionsOf(m_engine, options), tell, cancel);
                        if (!outcome) {
                            return fail(outcome.error());
                        }
                        return std::vector{std::move(*outcome)};
                    });
}

Result<std::vector<BlockOutcome>> RespondService::undoBulk(std::int64_t journalId, const Progress &progress,
                                                           const CancelToken &cancel)
{
    Options options;
    options.who = m_engine.settings->text("respond.actor");
    return carryOut(m_engine, false, progress, cancel,
                    [&](respond::Responder &responder, const respond::StageCallback &tell) {
                        return responder.undoBulk(journalId, optionsOf(m_engine, options), tell, cancel);
                    });
}

Result<std::vector<BlockOutcome>> RespondService::settle(const CancelToken &cancel)
{
    const auto unfinished = m_engine.journal->unfinished();
    const auto owned = m_engine.journal->owned();
    if (!unfinished || !owned) {
        return fail(unfinished ? owned.error() : unfinished.error());
    }
    const Timestamp now = m_engine.clock.now();
    const bool expired = std::any_of(owned->begin(), owned->end(),
                                     [&](const auto &o) { return o.expiry != kNoTime && o.expiry <= now; });
    if (m_engine.readOnly || (unfinished->empty() && !expired)) {
        return std::vector<BlockOutcome>();
    }
    std::lock_guard lock(m_engine.responding);
    auto responder = responderFor(m_engine, false);
    if (!responder) {
        return fail(responder.error());
    }
    auto ends = responder->recover(cancel);
    if (!ends) {
        return fail(ends.error());
    }
    Options options;
    options.who = m_engine.settings->text("respond.actor");
    options.reason = "its time is over";
    auto released = responder->releaseExpired(optionsOf(m_engine, options), cancel);
    if (!released) {
        return fail(released.error());
    }
    ends->insert(ends->end(), released->begin(), released->end());
    ++m_engine.changes;
    return outcomesOf(*ends);
}

Result<DenyListState> RespondService::denyList(bool readNow)
{
    std::lock_guard lock(m_engine.responding);
    DenyListState state;
    state.simulated = m_engine.tenant->simulated();
    state.tenant = m_engine.tenant->name();
    const auto owned = m_engine.journal->owned();
    if (!owned) {
        return fail(owned.error());
    }
    // The simulated tenant is on this machine: asking it costs nothing.
    auto client = readNow || state.simulated ? m_engine.tenant->client() : fail(Error{});
    if (!client) {
        // Without the tenant the entries of our own are still worth showing.
        for (const respond::OwnedEntry &entry : *owned) {
            state.entries.emplace_back(entry.entry, true);
        }
        if (readNow) {
            state.error = client.error();
        }
        return state;
    }
    const CancelToken cancel;
    const auto list = (*client)->denyList(cancel);
    const auto status = list ? (*client)->status(cancel) : fail(list.error());
    if (!list || !status) {
        state.error = list ? status.error() : list.error();
        return state;
    }
    state.connected = true;
    state.activation = *status == respond::TenantState::Active ? "ACTIVE" : respond::nameOf(*status);
    state.readAt = m_engine.clock.now();
    for (const std::string &entry : *list) {
        const std::string key = respond::entryKey(entry);
        const bool ours = std::any_of(owned->begin(), owned->end(), [&](const auto &o) { return o.key == key; });
        state.entries.emplace_back(entry, ours);
    }
    std::sort(state.entries.begin(), state.entries.end());
    return state;
}

Result<std::vector<JournalLine>> RespondService::journal(std::size_t limit)
{
    const auto changes = m_engine.journal->list(limit);
    if (!changes) {
        return fail(changes.error());
    }
    std::vector<JournalLine> lines;
    for (const respond::Change &c : *changes) {
        lines.push_back({c.id, c.at, c.actor, std::string(respond::nameOf(c.action)), c.entry, c.reason, c.result,
                         std::string(respond::nameOf(c.phase)), c.why, c.undoable()});
    }
    return lines;
}

namespace {

/// The own traffic that an entry would have met.
Status fillBlastRadius(Engine &engine, const respond::DenyEntry &entry, BlockPreview &preview)
{
    const bool address = entry.kind == respond::EntryKind::Address;
    const auto either = [](const char *first, const char *second, const std::string &value) {
        return query::termFor(first, value) + " or " + query::termFor(second, value);
    };
    std::string text = address ? either("destination.ip", "url.domain", entry.host)
                               : either("url.domain", "dns.question.name", entry.host);
    if (entry.subdomains) {
        text += " or url.domain:*." + entry.host + " or dns.question.name:*." + entry.host;
    }
    auto query = query::parse(text, engine.clock);
    if (!query) {
        return fail(query.error());
    }
    const CancelToken cancel;
    const auto snapshot = engine.events->snapshot();
    const auto predicate = predicateOf(*query);
    const auto facets = engine.events->facets(snapshot, {}, {"event.type", "user.name"}, predicate, 10, cancel);
    if (!facets) {
        return fail(facets.error());
    }
    for (const store::FacetCounts &facet : *facets) {
        if (facet.field == "user.name") {
            preview.users = facet.distinct;
        }
        for (const auto &[value, n] : facet.top) {
            preview.blockedSoFar += facet.field == "event.type" && value == "denied" ? n : 0;
        }
    }
    const auto count = engine.events->count(snapshot, {}, predicate, cancel);
    if (!count) {
        return fail(count.error());
    }
    preview.requests = *count;
    const auto newest = engine.events->page(snapshot, {}, predicate, {}, std::nullopt, 1, true, cancel);
    if (newest && !newest->rows.empty()) {
        preview.lastSeen = newest->rows.front().key.time;
    }
    return {};
}

} // namespace

Result<BlockPreview> RespondService::preview(const std::string &value)
{
    BlockPreview preview;
    preview.value = value;
    const auto entry = respond::makeEntry(value, scopeOf(m_engine));
    if (!entry) {
        preview.guard = GuardLevel::Refused;
        preview.reasons.push_back(entry.error().title + ": " + entry.error().reason);
        return preview;
    }
    preview.entry = entry->text;
    const auto lists = guardLists(m_engine.settings->text("respond.own_domains"));
    if (!lists) {
        return fail(lists.error());
    }
    const respond::Judgement judgement = respond::Guard(*lists).judge(*entry);
    preview.guard = judgement.verdict == respond::Verdict::Ok                 ? GuardLevel::Ok
                    : judgement.verdict == respond::Verdict::AsksConfirmation ? GuardLevel::Ask
                                                                              : GuardLevel::Refused;
    if (!judgement.why.empty()) {
        preview.reasons.push_back(judgement.why);
    }
    const auto owned = m_engine.journal->owned();
    if (!owned) {
        return fail(owned.error());
    }
    preview.used = static_cast<std::int64_t>(owned->size());
    preview.alreadyBlocked = std::any_of(owned->begin(), owned->end(),
                                         [&](const auto &o) { return o.key == entry->key && o.liveAt != kNoTime; });
    preview.requestsToSend = {{"POST /api/v1/security/advanced/blacklistUrls?action=ADD_TO_LIST",
                               "{\"blacklistUrls\":[\"" + entry->text + "\"]}"},
                              {"POST /api/v1/status/activate", ""},
                              {"GET /api/v1/security/advanced", ""}};
    if (auto filled = fillBlastRadius(m_engine, *entry, preview); !filled) {
        return fail(filled.error());
    }
    return preview;
}

} // namespace nightjar::workspace
