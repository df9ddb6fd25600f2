// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/workspace.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

/// A workspace whose answers a test decides: linked before the real room, it stands in for all of it. Events are
/// computed from their number, so that millions cost nothing. Thread: any, as the real one.
namespace nightjar::workspace {

class Engine {
public:
    Engine();
    ~Engine(); ///< out of line: the real one must not win at linking
    std::int64_t events = 100'000;
    Timestamp newest = 1'773'315'718'412'000; ///< 2026-03-12T11:41:58.412Z
    std::int64_t stepMicros = 500'000;
    std::string hostileUser, hostileUrl; ///< of the newest event, when set
    int pageDelayMs = 0;

    std::mutex mutex;
    std::vector<alerts::Alert> alerts;
    std::vector<std::pair<std::vector<std::int64_t>, std::vector<alerts::Alert>>> undo;
    std::vector<std::string> blocked;
    std::vector<JournalLine> journal;
    GuardLevel guard = GuardLevel::Ok;
    std::vector<ReceiverInfo> receivers;
    TenantConnection connection;
    bool keychain = true, vaultLocked = false;
    std::optional<Error> signInError;
    std::vector<TenantLogin> kept;              ///< logins that connect() was given
    std::string keptIn, passphrase = "open up"; ///< place of the last one; of the vault
    std::string blockFailure;                   ///< outcome "failed" with this cause
    std::vector<SourceInfo> sources{{"web.json", "file", "done", 100'000, 3, 2, 1'773'315'718'412'000}};
    std::vector<QuarantineEntry> quarantine; ///< read again with any format, all of it fits
    std::optional<Error> trouble;
    std::string receiverFailure; ///< why no receiver starts
    std::atomic<int> startedEnabled{0};
    std::vector<RuleInfo> rules;
    std::vector<RuleNoise> ruleNoise;
    std::vector<RuleChange> ruleChanges;
    bool importedRules = false;
    std::atomic<int> ruleTests{0};

    std::atomic<std::uint64_t> revision{1};
    std::atomic<int> pages{0}, counts{0};
    std::filesystem::path folder = "/nonexistent/fake";

    [[nodiscard]] Timestamp timeOf(std::int64_t row) const { return newest - row * stepMicros; }
    [[nodiscard]] std::string cell(std::int64_t row, const std::string &field) const;
    Status setReceiverState(const std::string &key, const std::string &state);
    [[nodiscard]] bool matches(std::int64_t row, const SearchRequest &request) const;
};

/// The engine of the workspace that open() makes next.
std::unique_ptr<Engine> &nextFakeEngine();
/// The engine of the workspace opened last; null before.
Engine *fakeEngine();
RuleInfo fakeRule(const std::string &id, const std::string &title, const std::string &level,
                  const std::vector<std::string> &tags);
/// An alert as a beacon detector makes it, with beats, reasons and evidence.
alerts::Alert fakeBeacon(std::int64_t id, Timestamp last);
alerts::Alert fakeAlert(std::int64_t id, alerts::Severity severity, int score, const std::string &title,
                        const std::string &user, const std::string &entity, alerts::Engine engine, Timestamp last,
                        std::int64_t events);
/// A queue as on a busy morning.
std::vector<alerts::Alert> fakeQueue(Timestamp now);

} // namespace nightjar::workspace
