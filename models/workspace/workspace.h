// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/secretstore.h"
#include "workspace/services.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace nightjar::workspace {

class Engine;          ///< the parts behind the services; private to this room
class IntelService;    ///< workspace/intelservice.h
class FeedService;     ///< workspace/feedservice.h
class PlanService;     ///< workspace/planservice.h
class PlaybookService; ///< workspace/playbookservice.h
class UpkeepService;   ///< workspace/upkeepservice.h

/// Files in, events and alerts out. Thread: any; imports run one after the other.
class ImportService {
public:
    explicit ImportService(Engine &engine)
        : m_engine(engine)
    {
    }
    Result<ImportSummary> importPaths(const std::vector<std::filesystem::path> &paths, const ImportOptions &options,
                                      const std::function<void(const ImportProgress &)> &progress,
                                      const CancelToken &cancel);
    /// Follows files until cancelled; resumes where the store says it was.
    Result<ImportSummary> follow(const std::vector<std::filesystem::path> &paths, const ImportOptions &options,
                                 const std::function<void(const ImportProgress &)> &progress,
                                 const CancelToken &cancel);
    Result<std::vector<SourceInfo>> sources();
    Result<std::vector<QuarantineEntry>> quarantine(std::size_t limit);
    /// Parses what could not be parsed again, with the parsers and options of now; what parses moves into the store.
    Result<QuarantineSummary> retryQuarantined(const ImportOptions &options, const CancelToken &cancel);

private:
    Engine &m_engine;
};

/// Sources that send by themselves: NSS listeners, Cloud NSS receivers, watched folders. They are kept in the workspace
/// with their health; each is its key. Thread: any.
class ReceiveService {
public:
    explicit ReceiveService(Engine &engine)
        : m_engine(engine)
    {
    }
    /// All that are configured, running or not.
    Result<std::vector<ReceiverInfo>> list();
    /// Adds it or replaces the one of the same key; a running one starts anew. The key.
    Result<std::string> save(const ReceiverConfig &config);
    /// Stops and forgets it; its events stay.
    Status remove(const std::string &key);
    /// What is told twice is no error. NJ-SOURCES-020 to -027 say why it does not start; the error stays in list().
    Status start(const std::string &key);
    /// Returns when what had come in is stored.
    Status stop(const std::string &key);
    /// Starts all that are enabled; the problems.
    std::vector<Error> startEnabled();
    void stopAll();
    /// A fresh random token to show once; what is kept of it goes into ReceiverConfig::tokenHash.
    struct Token {
        std::string token, hash;
    };
    static Result<Token> newToken();
    static std::string hashOf(const std::string &token);
    /// Of all receivers since the workspace was opened.
    LiveTotals totals();
    /// Why the store does not take records at the moment, while that lasts; the senders wait.
    std::optional<Error> trouble();

private:
    Engine &m_engine;
};

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>; ///< monostate: NULL
using SqlVisitor = std::function<bool(std::span<const std::string> names, std::span<const SqlValue> row)>;

/// Questions to the stored events. Thread: any; a call is cancelled by its token within 100 ms and keeps partial
/// results.
class SearchService {
public:
    explicit SearchService(Engine &engine)
        : m_engine(engine)
    {
    }
    Result<SearchPage> page(const SearchRequest &request, const CancelToken &cancel);
    Result<std::int64_t> count(const SearchRequest &request, const CancelToken &cancel);
    Result<Histogram> histogram(const SearchRequest &request, std::int64_t bucketMicros, const CancelToken &cancel);
    Result<std::vector<Facet>> facets(const SearchRequest &request, const std::vector<std::string> &fields,
                                      std::size_t top, const CancelToken &cancel);
    Result<EventDetail> event(std::int64_t id);
    /// Streams whole matching events in order: id and one-row JSON, or the raw record.
    Status stream(const SearchRequest &request, const CancelToken &cancel,
                  const std::function<bool(const EventDetail &)> &visit);
    /// Names of all fields that occur, schema fields first.
    Result<std::vector<std::string>> fieldNames();
    /// One SELECT on the table `events`, see store/sqlquery.h.
    Status sql(const std::string &statement, const CancelToken &cancel, const SqlVisitor &visit);

private:
    Engine &m_engine;
};

/// The alert queue. Thread: any.
class TriageService {
public:
    explicit TriageService(Engine &engine)
        : m_engine(engine)
    {
    }
    Result<std::vector<alerts::Alert>> list(const AlertFilter &filter);
    Result<alerts::Alert> get(std::int64_t id);
    /// Changes all of them as one step, which undo() takes back. `who` stands in the history.
    Status change(const std::vector<std::int64_t> &ids, const AlertChange &change, const std::string &who);
    /// Takes the newest step back; its description, or an error when there is none.
    Result<std::string> undo(const std::string &who);
    /// Drops what the detectors have learnt; the next that needs it learns again from the stored events. Error as of
    /// the catalog.
    Status forgetLearnt();
    Result<Overview> overview(Timestamp from, Timestamp to, std::size_t buckets);

private:
    Engine &m_engine;
};

/// Blocks and unblocks in Zscaler (or the simulated tenant). Thread: any; pushes are serialised.
class RespondService {
public:
    explicit RespondService(Engine &engine)
        : m_engine(engine)
    {
    }
    /// Blast radius from the store, guards, capacity. Needs no tenant.
    Result<BlockPreview> preview(const std::string &value);
    struct Options {
        std::string reason;
        std::int64_t ttlMicros = 0; ///< 0: until retracted
        bool dryRun = false, activate = true, yes = false;
        std::vector<std::string> confirmed; ///< values typed again, for what asks
        std::string who = "you";
    };
    using Progress = std::function<void(BlockStage stage, const std::string &detail)>;
    Result<std::vector<BlockOutcome>> block(const std::vector<std::string> &values, const Options &options,
                                            const Progress &progress, const CancelToken &cancel);
    Result<std::vector<BlockOutcome>> unblock(const std::vector<std::string> &values, const Options &options,
                                              const Progress &progress, const CancelToken &cancel);
    /// Finishes what a crash or an outage left between push and activation, and retracts what has expired. Asks the
    /// tenant only if there is something; empty otherwise. Call it when a workspace has been opened.
    Result<std::vector<BlockOutcome>> settle(const CancelToken &cancel);
    Result<DenyListState> denyList(bool readNow);
    Result<std::vector<JournalLine>> journal(std::size_t limit);
    Result<std::vector<BlockOutcome>> undo(std::int64_t journalId, const Progress &progress, const CancelToken &cancel);
    /// Takes back all that was pushed together with the change, in one push.
    Result<std::vector<BlockOutcome>> undoBulk(std::int64_t journalId, const Progress &progress,
                                               const CancelToken &cancel);

private:
    Engine &m_engine;
};

/// Secrets of the workspace, never in its store, journal or settings. No call gives a value back. Thread: any; a call
/// may wait for a person who unlocks the keychain.
class SecretsService {
public:
    explicit SecretsService(Engine &engine)
        : m_engine(engine)
    {
    }
    std::vector<SecretPlace> places();
    /// Names and where each is; asks for a locked vault's passphrase, or NJ-WORK-080.
    Result<std::vector<SecretInfo>> list();
    /// `place`: "keychain", "vault", or empty: the keychain where there is one, else the vault.
    Status set(const std::string &name, const std::string &value, const std::string &place);
    /// From every place; false when there was none.
    Result<bool> remove(const std::string &name);
    /// Tells the vault's passphrase, or makes a vault with it. NJ-WORK-081 when it is wrong.
    Status unlockVault(const std::string &passphrase);
    Status changeVaultPassphrase(const std::string &passphrase);

    TenantConnection connection();
    /// Signs in and asks for the state; changes nothing. Wrong credentials are not tried twice.
    Result<SignInReport> test(const TenantLogin &login, const CancelToken &cancel);
    /// Keeps the login and uses it from now on. NJ-WORK-088 in a demo workspace.
    Status connect(const TenantLogin &login, const std::string &place);
    /// Forgets the login that is kept; what is blocked stays so. False when none was kept.
    Result<bool> disconnect();

private:
    Engine &m_engine;
};

/// The rules: catalogue, editor, library, and questions to the past. Thread: any; a call is cancelled by its token.
class DetectionService {
public:
    explicit DetectionService(Engine &engine)
        : m_engine(engine)
    {
    }
    /// Every document of every rule file, also those that do not run.
    Result<std::vector<RuleInfo>> rules();
    /// The text of an editor: one line a document. Cheap enough for every keystroke (about 1 ms).
    std::vector<RuleProblem> check(const std::string &yaml);
    /// Rules (and filters upon them) of a text over stored events; open times: everything.
    Result<RuleTest> test(const std::string &yaml, Timestamp from, Timestamp to, const CancelToken &cancel);
    /// Changes take effect with the next import, the next live session and the next hunt.
    Status setEnabled(const std::vector<std::string> &ids, bool enabled);
    /// Severity instead of the file's; empty: the file's again.
    Status setLevel(const std::vector<std::string> &ids, const std::string &level);
    /// Takes events with all these field values out of the rule; the file written.
    Result<std::string> addException(const std::string &ruleId,
                                     const std::vector<std::pair<std::string, std::string>> &values,
                                     const std::string &title);
    /// The text that addException() would write: with the rule's own it can be tested.
    Result<std::string> exceptionText(const std::string &ruleId,
                                      const std::vector<std::pair<std::string, std::string>> &values,
                                      const std::string &title);
    /// Writes a rule of the user's own, into `file` or a new one when that is empty; the file. NJ-WORK-077 when it
    /// would not run, -079 when `file` is not the user's.
    Result<std::string> saveRule(const std::string &yaml, const std::string &file);
    /// Deletes a file with own rules or an exception. NJ-WORK-079 when it is neither.
    Status removeFile(const std::string &file);
    /// What a folder or archive with rules would change, and does when `apply`. `source` names the import.
    Result<std::vector<RuleChange>> importRules(const std::filesystem::path &from, const std::string &source,
                                                bool apply, const CancelToken &cancel);
    /// Rules of files over stored events. `visit(rule, event)` is called from one thread at a time, in no order.
    Result<HuntSummary> hunt(const std::vector<std::filesystem::path> &rules, Timestamp from, Timestamp to,
                             const CancelToken &cancel,
                             const std::function<bool(const std::string &rule, std::int64_t event)> &visit);
    /// Hits and cost of every enabled rule over stored events, and which cannot fire.
    Result<std::vector<RuleNoise>> noise(Timestamp from, Timestamp to, const CancelToken &cancel);
    /// Reads the rule files again; a number that rises with every change of the running set.
    Result<std::uint64_t> reload();

private:
    Engine &m_engine;
};

/// Settings of the workspace: one table of keys with type, default and help. Never secrets. Thread: any.
class SettingsService {
public:
    struct Item {
        std::string key, type, defaultValue, value, range, help;
    };
    explicit SettingsService(Engine &engine)
        : m_engine(engine)
    {
    }
    [[nodiscard]] std::vector<Item> list();
    Result<std::string> get(const std::string &key);
    Status set(const std::string &key, const std::string &value);
    Status unset(const std::string &key);

private:
    void forgetConnection(const std::string &key);
    Engine &m_engine;
};

/// One folder on disk with everything in it. Open it on a worker thread.
class Workspace {
public:
    struct OpenOptions {
        bool create = true;
        bool readOnly = false;
        SecretSources secrets = {};
    };
    static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path &folder, const OpenOptions &options);
    ~Workspace();
    Workspace(const Workspace &) = delete;
    Workspace &operator=(const Workspace &) = delete;

    [[nodiscard]] const std::filesystem::path &folder() const;
    ImportService &imports();
    ReceiveService &receivers();
    SearchService &search();
    TriageService &triage();
    IntelService &intel();
    FeedService &feeds();
    /// Starts what runs by itself: upkeep, enabled receivers, the polls of feeds and enabled playbooks. The problems.
    std::vector<Error> startServices();
    RespondService &respond();
    PlanService &plans();
    SettingsService &settings();
    SecretsService &secrets();
    DetectionService &detections();
    PlaybookService &playbooks();
    UpkeepService &upkeep();
    /// Problems met while opening that did not stop it (a vanished segment, say).
    [[nodiscard]] std::vector<Error> problems() const;
    /// True for a demo workspace: its tenant is simulated and always labelled so.
    [[nodiscard]] bool isDemo() const;
    /// Changes with every stored block, alert, indicator and push; a cheap "something is new" check for views.
    [[nodiscard]] std::uint64_t revision() const;

private:
    explicit Workspace(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> m_engine;
    ImportService m_imports;
    ReceiveService m_receivers;
    SearchService m_search;
    TriageService m_triage;
    std::unique_ptr<IntelService> m_intel;
    std::unique_ptr<FeedService> m_feeds;
    RespondService m_respond;
    std::unique_ptr<PlanService> m_plans;
    SettingsService m_settings;
    SecretsService m_secrets;
    DetectionService m_detections;
    std::unique_ptr<UpkeepService> m_upkeep;
    std::shared_ptr<PlaybookService> m_playbooks; ///< last: its worker ends before the rest goes
};

/// Where a workspace lives when none is named: $XDG_DATA_HOME/nightjar/workspace.
std::filesystem::path defaultWorkspaceFolder();

/// Fills a new workspace with made-up events and planted attacks, indicators and a simulated tenant.
struct DemoSummary {
    ImportSummary imported;
    std::int64_t alerts = 0;
    std::vector<std::string> planted; ///< a sentence each
};
Result<DemoSummary> makeDemo(const std::filesystem::path &folder, std::uint64_t seed,
                             const std::function<void(const std::string &stage, double fraction)> &progress,
                             const CancelToken &cancel);

} // namespace nightjar::workspace
