// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "store/catalog.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::respond {

enum class ChangeAction { Block, Unblock };

/// How far a change got. Intent is written before the request is sent, so that a crash leaves a trace to settle.
enum class ChangePhase {
    Intent,  ///< about to be sent, or sent without a known end
    Saved,   ///< on the tenant's list as asked, not known to be live
    Live,    ///< activated and read back
    Failed,  ///< not carried out
    Unknown, ///< sent; neither an answer nor a read-back came
};
std::string_view nameOf(ChangePhase phase);
std::string_view nameOf(ChangeAction action);

/// One change of one entry, with its latest phase.
struct Change {
    std::int64_t id = 0;
    std::string batch; ///< request id, shared by what was pushed together
    Timestamp at = kNoTime;
    ChangeAction action = ChangeAction::Block;
    std::string value; ///< as given by the analyst, user information masked
    std::string entry; ///< spelling on the list
    std::string key;   ///< see `entryKey`
    std::string list;  ///< "deny"
    std::string reason;
    std::string actor;  ///< who
    std::string source; ///< what asked for it: "cli", "alert 12", …
    Timestamp expiry = kNoTime;
    std::int64_t undoOf = 0;   ///< the change that this one takes back
    std::int64_t undoneBy = 0; ///< the change that took this one back
    ChangePhase phase = ChangePhase::Intent;
    Timestamp phaseAt = kNoTime;
    std::string result; ///< the word shown: "blocked", "queued", …
    std::string why;

    [[nodiscard]] bool undoable() const
    {
        return undoneBy == 0 && (phase == ChangePhase::Saved || phase == ChangePhase::Live);
    }
};

/// An entry on the tenant's list that Nightjar put there.
struct OwnedEntry {
    std::string key;
    std::string entry;
    std::string value;
    std::string reason;
    std::string owner;
    std::string source;
    Timestamp expiry = kNoTime;
    Timestamp savedAt = kNoTime;
    Timestamp liveAt = kNoTime;
    std::int64_t change = 0;
};

/// What became of a change, for `Journal::note`.
struct ChangeNote {
    std::int64_t change = 0;
    ChangePhase phase = ChangePhase::Intent;
    std::string result;
    std::string why;
};

/// The journal of pushes and the entries owned, in the catalog. Changes and their phases are only ever appended (a
/// trigger refuses anything else). Thread: as the catalog's. Errors: those of the store. `catalog` and `clock` must
/// outlive it.
class Journal {
public:
    explicit Journal(store::Catalog &catalog, const Clock &clock = systemClock());

    /// To hand to `Catalog::migrate`.
    static std::span<const store::Migration> migrations();

    /// Writes intents in one transaction and returns their ids, in order.
    Result<std::vector<std::int64_t>> begin(std::span<const Change> intents);
    /// Appends phases in one transaction and keeps the owned entries in step with them.
    Status note(std::span<const ChangeNote> notes);

    /// Newest first.
    Result<std::vector<Change>> list(std::size_t limit = 10'000);
    Result<std::optional<Change>> find(std::int64_t id);
    /// The change and all that were intended in the same push, oldest first; empty when there is no such change.
    Result<std::vector<Change>> pushedWith(std::int64_t id);
    /// Changes in phase Intent, Saved or Unknown, oldest first.
    Result<std::vector<Change>> unfinished();

    Result<std::vector<OwnedEntry>> owned();
    /// The entry is not on the list any more, whoever removed it.
    Status disown(std::string_view key);

    /// Keys of the entries of others at the last look; none when there was no look yet.
    Result<std::optional<std::vector<std::string>>> knownForeign();
    /// Replaces them.
    Status noteForeign(std::span<const std::string> keys);

    Status noteActivation();
    Result<std::vector<Timestamp>> activationsSince(Timestamp time);

private:
    Result<std::vector<Change>> query(std::string_view condition, std::int64_t argument, std::size_t limit);

    store::Catalog &m_catalog;
    const Clock &m_clock;
};

} // namespace nightjar::respond
