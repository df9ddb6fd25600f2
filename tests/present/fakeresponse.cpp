// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks and unblocks of the fake workspace.
#include "fakeworkspace.h"

#include <algorithm>

namespace nightjar::workspace {

Result<BlockPreview> RespondService::preview(const std::string &value)
{
    const std::lock_guard lock(m_engine.mutex);
    BlockPreview preview;
    preview.value = value;
    preview.guard = m_engine.guard;
    preview.entry = m_engine.guard == GuardLevel::Refused ? "" : value;
    if (m_engine.guard == GuardLevel::Ask) {
        preview.reasons = {"It is on the list of top sites: used by most people every day.", "1,204 users need it."};
    } else if (m_engine.guard == GuardLevel::Refused) {
        preview.reasons = {"It is one of your own domains."};
    }
    preview.requests = 312;
    preview.users = 1;
    preview.lastSeen = m_engine.newest;
    preview.used = 21'304 + static_cast<std::int64_t>(m_engine.blocked.size());
    preview.alreadyBlocked =
        std::find(m_engine.blocked.begin(), m_engine.blocked.end(), value) != m_engine.blocked.end();
    preview.requestsToSend = {{"POST /api/v1/security/advanced/blacklistUrls?action=ADD_TO_LIST", "{}"}};
    return preview;
}

namespace {

BlockOutcome push(Engine &engine, const std::string &value, const RespondService::Options &options,
                  const RespondService::Progress &progress, bool block)
{
    for (const BlockStage stage : {BlockStage::Queued, BlockStage::Sent, BlockStage::Activated}) {
        progress(stage, "step");
    }
    const std::lock_guard lock(engine.mutex);
    const bool confirmed =
        std::find(options.confirmed.begin(), options.confirmed.end(), value) != options.confirmed.end();
    if (block && (engine.guard == GuardLevel::Refused || (engine.guard == GuardLevel::Ask && !confirmed))) {
        return {value, value, "deny", "refused", "none", "It asks for the value", ""};
    }
    if (!engine.blockFailure.empty()) {
        return {value, value, "deny", "failed", "unknown", engine.blockFailure, "r-1"};
    }
    std::erase(engine.blocked, value);
    if (block) {
        engine.blocked.push_back(value);
    }
    JournalLine line;
    line.id = static_cast<std::int64_t>(engine.journal.size()) + 1;
    line.at = engine.newest;
    line.who = options.who;
    line.action = block ? "block" : "unblock";
    line.entry = value;
    line.result = block ? "blocked" : "unblocked";
    line.state = "live";
    line.undoable = true;
    engine.journal.insert(engine.journal.begin(), line);
    ++engine.revision;
    return {value, value, "deny", line.result, "live", "", "r-1"};
}

} // namespace

Result<std::vector<BlockOutcome>> RespondService::block(const std::vector<std::string> &values, const Options &options,
                                                        const Progress &progress, const CancelToken &)
{
    std::vector<BlockOutcome> outcomes;
    for (const std::string &value : values) {
        outcomes.push_back(push(m_engine, value, options, progress, true));
        if (outcomes.back().result == "blocked") {
            progress(BlockStage::Verified, "read back");
        }
    }
    return outcomes;
}
Result<std::vector<BlockOutcome>> RespondService::unblock(const std::vector<std::string> &values,
                                                          const Options &options, const Progress &progress,
                                                          const CancelToken &)
{
    std::vector<BlockOutcome> outcomes;
    for (const std::string &value : values) {
        outcomes.push_back(push(m_engine, value, options, progress, false));
        progress(BlockStage::Verified, "read back");
    }
    return outcomes;
}
Result<std::vector<BlockOutcome>> RespondService::settle(const CancelToken &)
{
    return std::vector<BlockOutcome>();
}
Result<DenyListState> RespondService::denyList(bool)
{
    DenyListState state;
    state.connected = true;
    state.simulated = true;
    for (const std::string &value : m_engine.blocked) {
        state.entries.emplace_back(value, true);
    }
    return state;
}
Result<std::vector<JournalLine>> RespondService::journal(std::size_t)
{
    const std::lock_guard lock(m_engine.mutex);
    return m_engine.journal;
}
Result<std::vector<BlockOutcome>> RespondService::undo(std::int64_t journalId, const Progress &progress,
                                                       const CancelToken &)
{
    std::string value;
    bool wasBlock = false;
    {
        const std::lock_guard lock(m_engine.mutex);
        for (const JournalLine &line : m_engine.journal) {
            if (line.id == journalId) {
                value = line.entry;
                wasBlock = line.action == "block";
            }
        }
    }
    return std::vector<BlockOutcome>{push(m_engine, value, {}, progress, !wasBlock)};
}

} // namespace nightjar::workspace
