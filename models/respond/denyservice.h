// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "respond/client.h"
#include "respond/entry.h"
#include "respond/journal.h"
#include "respond/safety.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace nightjar::respond {

struct BlockOptions {
    std::string reason;
    std::string actor;                  ///< who, for the journal
    std::string source;                 ///< "cli", "alert 12", …
    std::int64_t ttl = 0;               ///< µs until it expires; 0: never
    bool dryRun = false;                ///< nothing is sent or written; needs neither tenant nor journal
    bool activate = true;               ///< false: saved only (a session that ends still makes it live)
    std::vector<std::string> confirmed; ///< values or entries repeated by the analyst
    DomainScope scope = DomainScope::HostOnly;
    std::int64_t activationPatience = 120 * kMicrosPerSecond; ///< for the budget, and again for PENDING / INPROGRESS
    std::int64_t undoOf = 0;                                  ///< set by `undo`
};

/// One value's end. The words are those of the command line's contract (design/cli.md).
struct Outcome {
    std::string value; ///< as given
    std::string entry; ///< empty when there is none
    std::string list = "deny";
    std::string result; ///< blocked already would_block refused queued failed / unblocked not_blocked would_unblock …
    std::string state = "none"; ///< none saved pending live unknown
    std::string why;
    std::string requestId;   ///< of the push, also in the journal; empty when nothing was sent
    std::int64_t change = 0; ///< journal id, 0 when nothing was sent
};

/// One change of one entry with its own story, for `Responder::apply`.
struct Wish {
    ChangeAction action = ChangeAction::Block;
    std::string value; ///< as the analyst gave it; empty: the entry
    std::string entry; ///< the spelling to send, or to remove
    std::string reason;
    std::string actor;
    std::string source;
    Timestamp expiry = kNoTime;
    std::int64_t undoOf = 0;
    bool confirmed = false; ///< a person has agreed: to what asks, or to removing what others added
};

using PresentMap = std::unordered_map<std::string, std::vector<std::string>>; ///< key → stored spellings

enum class Stage { Queued, Sent, Activated, Verified, Failed };
/// Called on the working thread for each value and stage reached.
using StageCallback = std::function<void(const std::string &value, Stage stage)>;

struct ResponderTuning {
    const Clock *clock = &systemClock();
    net::Sleeper *sleeper = &net::systemSleeper();
    std::size_t capacity = 25'000; ///< of the tenant's deny list
    std::size_t batch = 5'000;     ///< entries per request
    std::vector<std::int64_t> pollWaits{1'000'000, 2'000'000,  4'000'000,
                                        8'000'000, 15'000'000, 30'000'000}; ///< last repeats
};

/// Blocks and unblocks: guard → journal → one push per batch → one activation → read back. "blocked" is said only of
/// what is live and was read back; what was interrupted at any point is finished by `recover`. Thread: one call at a
/// time per tenant; run it on a worker. The arguments must outlive it; `client` and `journal` may be null for dry runs
/// only (NJ-RESPOND-001 / 003 in the outcome otherwise).
class Responder {
public:
    Responder(ZscalerClient *client, Journal *journal, Guard guard, ResponderTuning tuning = {});

    std::vector<Outcome> block(std::span<const std::string> values, const BlockOptions &options,
                               const StageCallback &progress, const CancelToken &cancel);
    /// Takes what was given to `block`, or the entry. Entries that Nightjar did not add need confirmation.
    std::vector<Outcome> unblock(std::span<const std::string> values, const BlockOptions &options,
                                 const StageCallback &progress, const CancelToken &cancel);
    /// Takes one change back by the inverse one. NJ-RESPOND-050 when there is no such change, -051 when it has no
    /// effect that could be taken back.
    Result<Outcome> undo(std::int64_t change, const BlockOptions &options, const StageCallback &progress,
                         const CancelToken &cancel);
    /// Takes back everything that was pushed together with `change`, in one push; what cannot be taken back any more is
    /// left out. NJ-RESPOND-050 and -051 as for `undo`.
    Result<std::vector<Outcome>> undoBulk(std::int64_t change, const BlockOptions &options,
                                          const StageCallback &progress, const CancelToken &cancel);
    /// Removals and additions together, each with its own reason, owner and expiry: one journal transaction, removals
    /// first, one activation, one reading back. Of `options` the dry run, activation and confirmed values count. An
    /// entry of others is removed only when its wish is confirmed.
    std::vector<Outcome> apply(std::span<const Wish> wishes, const BlockOptions &options, const StageCallback &progress,
                               const CancelToken &cancel);
    /// Settles what a crash or an outage left between push and activation. Empty when there was nothing.
    Result<std::vector<Outcome>> recover(const CancelToken &cancel);
    /// Unblocks the owned entries whose time is over.
    Result<std::vector<Outcome>> releaseExpired(const BlockOptions &options, const CancelToken &cancel);

    [[nodiscard]] const Guard &guard() const { return m_guard; }

private:
    struct Item;
    struct ActivationEnd;
    struct TenantView;
    struct OwnedIndex;

    std::vector<Item> prepareBlock(std::span<const std::string> values, const BlockOptions &options) const;
    bool ready(std::vector<Item> &items) const;
    Result<TenantView> readTenant(bool withAllowList, const CancelToken &cancel);
    void compareBlock(std::vector<Item> &items, const TenantView &view, const CancelToken &cancel);
    void compareUnblock(std::vector<Item> &items, const TenantView &view, const BlockOptions &options);
    void push(std::vector<Item> &items, ChangeAction action, const BlockOptions &options, const StageCallback &progress,
              const CancelToken &cancel);
    /// Writes the intents of all open items in one transaction; what cannot be written is not sent.
    void intend(std::vector<Item *> &items, const BlockOptions &options, const StageCallback &progress);
    [[nodiscard]] Change changeOf(const Item &item, const BlockOptions &options, Timestamp now) const;
    /// Sends what is intended, batch by batch.
    void sendAll(const std::vector<Item *> &items, ChangeAction action, const StageCallback &progress,
                 const CancelToken &cancel);
    void takeReport(std::vector<Item *> &items, const ListChange &report, ChangeAction action,
                    const StageCallback &progress);
    void finish(std::vector<Item> &items, ChangeAction action, const BlockOptions &options,
                const StageCallback &progress, const CancelToken &cancel);
    /// False when the items ended as saved or pending; else they are to be read back.
    bool goLive(const std::vector<Item *> &saved, const BlockOptions &options, const StageCallback &progress,
                const CancelToken &cancel);
    static std::vector<Item *> savedOf(std::vector<Item> &items);
    /// The items of wishes for one action, judged as far as that needs no tenant.
    std::vector<Item> prepareWishes(std::span<const Wish> wishes, ChangeAction action,
                                    const BlockOptions &options) const;
    Item prepareWish(const Wish &wish, const BlockOptions &options) const;
    void compareRemovals(std::vector<Item> &items, const TenantView &view);
    ActivationEnd makeLive(const BlockOptions &options, const CancelToken &cancel);
    ActivationEnd awaitLive(TenantState state, std::int64_t patience, const CancelToken &cancel);
    /// `again`: what is missing is read once more, then sent and activated once more.
    void readBack(std::vector<Item *> &items, ChangeAction action, const StageCallback &progress,
                  const CancelToken &cancel, bool again = true);
    Result<PresentMap> readPresent(const CancelToken &cancel);
    bool sendMissing(const std::vector<Item *> &items, ChangeAction action, const PresentMap &present,
                     const CancelToken &cancel);
    void noteAll(const std::vector<Item *> &items, ChangePhase phase);
    void settleOthers(const PresentMap &present);
    /// What of an interrupted push never arrived is sent now; `arrived` grows by what did.
    void sendLeft(std::vector<Item *> &left, const std::vector<Change> &changes, std::vector<Item> &items,
                  std::vector<Item *> &arrived, const CancelToken &cancel);
    void resolveUnblock(Item &item, const OwnedIndex &owned, const TenantView &view, const BlockOptions &options) const;
    static std::vector<std::string> candidateKeys(const std::string &value, const OwnedIndex &owned, DomainScope scope);
    std::vector<Outcome> recoverAll(const std::vector<Change> &changes, const TenantView &view,
                                    const CancelToken &cancel);
    static std::vector<Outcome> outcomes(std::vector<Item> &items);

    ZscalerClient *m_client;
    Journal *m_journal;
    Guard m_guard;
    ResponderTuning m_tuning;
};

/// The value with the user information of a URL masked, for journal and log.
std::string withoutUserInfo(std::string_view value);

} // namespace nightjar::respond
