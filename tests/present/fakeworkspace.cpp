// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <thread>

namespace nightjar::workspace {

namespace {

constexpr std::array kUsers = {"a.diaz",   "l.fischer", "n.silva", "j.lindqvist", "k.moreau", "m.okafor",
                               "r.haddad", "t.baker",   "e.rossi", "p.novak",     "s.tanaka", "svc-build"};
constexpr std::array kUrls = {"q7-metrics.example/v2/collect?s=81",   "cdn.fontbox.example/inter/4.woff2",
                              "free-pdf-tools.example/setup_x64.exe", "docs.partner.example/q1/plan?id=7731",
                              "invoices.example/a.php?doc=0412&u=km", "mail.corp.example/owa/?ae=Folder"};
constexpr std::array kCategories = {"Newly Registered",      "Content Delivery", "Shareware",
                                    "Professional Services", "Phishing",         "Corporate"};

std::size_t pick(std::int64_t row, std::size_t of)
{
    return static_cast<std::size_t>((static_cast<std::uint64_t>(row) * 2'654'435'761U >> 7U) % of);
}

Engine *g_last = nullptr;

} // namespace

std::unique_ptr<Engine> &nextFakeEngine()
{
    static std::unique_ptr<Engine> next;
    return next;
}

Engine *fakeEngine()
{
    return g_last;
}

std::string Engine::cell(std::int64_t row, const std::string &field) const
{
    const std::size_t kind = pick(row, kUrls.size());
    const bool denied = kind == 2 || kind == 4;
    const std::string url = row == 0 && !hostileUrl.empty() ? hostileUrl : kUrls[kind];
    if (field == "event.action") {
        return denied ? "Blocked" : "Allowed";
    }
    if (field == "event.type") {
        return denied ? "denied" : "allowed";
    }
    if (field == "user.name") {
        return row == 0 && !hostileUser.empty() ? hostileUser : kUsers[pick(row + 3, kUsers.size())];
    }
    if (field == "source.ip") {
        return "192.0.2." + std::to_string(row % 200 + 1);
    }
    if (field == "destination.ip") {
        return "198.51.100." + std::to_string(pick(row, 120) + 1);
    }
    if (field == "http.request.method") {
        return kind == 0 ? "POST" : "GET";
    }
    if (field == "url.original") {
        return url;
    }
    if (field == "url.domain") {
        return url.substr(0, url.find('/'));
    }
    if (field == "http.response.status_code") {
        return denied ? "403" : "200";
    }
    if (field == "url.category") {
        return kCategories[kind];
    }
    if (field == "source.bytes") {
        return std::to_string(412 + row % 7);
    }
    if (field == "destination.bytes") {
        return std::to_string(96 + pick(row, 90'000));
    }
    if (field == "log_type") {
        return "web";
    }
    if (field == "user.department") {
        return row % 3 == 0 ? "Finance" : "Sales";
    }
    return {};
}

Status Engine::setReceiverState(const std::string &key, const std::string &state)
{
    std::lock_guard lock(mutex);
    for (ReceiverInfo &info : receivers) {
        if (info.key == key) {
            info.state = state;
            ++revision;
            return {};
        }
    }
    return fail("NJ-WORK-030", "There is no receiver " + key);
}

bool Engine::matches(std::int64_t row, const SearchRequest &request) const
{
    const Timestamp time = timeOf(row);
    if ((request.from != kNoTime && time < request.from) || (request.to != kNoTime && time >= request.to)) {
        return false;
    }
    if (request.query.find("nothing") != std::string::npos) {
        return false;
    }
    if (request.query.find("rare") != std::string::npos && row % 1'000 != 0) {
        return false;
    }
    for (const char *user : kUsers) {
        if (request.query.find(user) != std::string::npos) {
            const bool is = cell(row, "user.name") == user;
            return request.query.find("-user.name") != std::string::npos ? !is : is;
        }
    }
    return true;
}

namespace {

Status check(const SearchRequest &request)
{
    const std::size_t at = request.query.find("usr.nme");
    if (at == std::string::npos) {
        return {};
    }
    return fail(Error{"NJ-QUERY-003",
                      "The query does not hold",
                      "There is no field \"usr.nme\"",
                      {"query", 1, at + 1},
                      "Did you mean \"user.name\"?"});
}

template <class Visit>
void visitRows(const Engine &engine, const SearchRequest &request, const CancelToken &cancel, Visit visit)
{
    std::int64_t first = 0;
    if (request.after) {
        first = engine.events - request.after->second + 1;
    } else if (request.to != kNoTime && request.to <= engine.newest) {
        first = std::max<std::int64_t>(0, (engine.newest - request.to) / engine.stepMicros);
    }
    for (std::int64_t row = first; row < engine.events; ++row) {
        if (row % 2'000 == 0 && cancel.cancelled()) {
            return;
        }
        if (request.from != kNoTime && engine.timeOf(row) < request.from) {
            return;
        }
        if (engine.matches(row, request) && !visit(row)) {
            return;
        }
    }
}

} // namespace

Result<SearchPage> SearchService::page(const SearchRequest &request, const CancelToken &cancel)
{
    ++m_engine.pages;
    if (auto status = check(request); !status) {
        return fail(status.error());
    }
    if (m_engine.pageDelayMs > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(m_engine.pageDelayMs));
    }
    SearchPage page;
    page.complete = true;
    if (!request.newestFirst) { // only ever asked for the oldest one
        for (std::int64_t row = m_engine.events - 1; row >= 0 && page.rows.size() < request.limit; --row) {
            if (m_engine.matches(row, request)) {
                page.rows.push_back({m_engine.events - row, m_engine.timeOf(row), {}});
            }
        }
        return page;
    }
    visitRows(m_engine, request, cancel, [&](std::int64_t row) {
        if (page.rows.size() == request.limit) {
            page.complete = false;
            return false;
        }
        EventRow made{m_engine.events - row, m_engine.timeOf(row), {}};
        for (const std::string &field : request.columns) {
            made.cells.push_back(m_engine.cell(row, field));
        }
        page.rows.push_back(std::move(made));
        return true;
    });
    page.complete = page.complete && !cancel.cancelled();
    return page;
}

Result<std::int64_t> SearchService::count(const SearchRequest &request, const CancelToken &cancel)
{
    ++m_engine.counts;
    if (auto status = check(request); !status) {
        return fail(status.error());
    }
    std::int64_t count = 0;
    visitRows(m_engine, request, cancel, [&](std::int64_t) {
        ++count;
        return true;
    });
    return count;
}

Result<Histogram> SearchService::histogram(const SearchRequest &request, std::int64_t bucketMicros,
                                           const CancelToken &cancel)
{
    Histogram histogram;
    histogram.bucketMicros = bucketMicros;
    const Timestamp oldest = std::max(request.from, m_engine.timeOf(m_engine.events - 1));
    const Timestamp start = oldest / bucketMicros * bucketMicros;
    const Timestamp last = request.to == kNoTime ? m_engine.newest : std::min(m_engine.newest, request.to - 1);
    for (Timestamp at = start; at <= last; at += bucketMicros) {
        histogram.buckets.push_back({at, 0, 0, 0});
    }
    visitRows(m_engine, request, cancel, [&](std::int64_t row) {
        const auto bucket = static_cast<std::size_t>((m_engine.timeOf(row) - start) / bucketMicros);
        if (bucket < histogram.buckets.size()) {
            ++(m_engine.cell(row, "event.type") == "denied" ? histogram.buckets[bucket].blocked
                                                            : histogram.buckets[bucket].allowed);
            ++histogram.total;
        }
        return true;
    });
    return histogram;
}

Result<std::vector<Facet>> SearchService::facets(const SearchRequest &request, const std::vector<std::string> &fields,
                                                 std::size_t top, const CancelToken &cancel)
{
    std::vector<Facet> facets;
    for (const std::string &field : fields) {
        std::map<std::string, std::int64_t> counts;
        int seen = 0;
        visitRows(m_engine, request, cancel, [&](std::int64_t row) {
            ++counts[m_engine.cell(row, field)];
            return ++seen < 2'000;
        });
        counts.erase("");
        Facet facet;
        facet.field = field;
        facet.distinct = static_cast<std::int64_t>(counts.size());
        for (const auto &[value, count] : counts) {
            facet.top.push_back({value, count});
        }
        std::sort(facet.top.begin(), facet.top.end(),
                  [](const FacetValue &left, const FacetValue &right) { return left.count > right.count; });
        facet.rare.assign(facet.top.rbegin(), facet.top.rend());
        facet.top.resize(std::min(facet.top.size(), top));
        facet.rare.resize(std::min(facet.rare.size(), top));
        facets.push_back(std::move(facet));
    }
    return facets;
}

Result<EventDetail> SearchService::event(std::int64_t id)
{
    const std::int64_t row = m_engine.events - id;
    if (row < 0 || row >= m_engine.events) {
        return fail("NJ-WORKSPACE-020", "No such event");
    }
    EventDetail detail;
    detail.id = id;
    detail.time = m_engine.timeOf(row);
    detail.fields.emplace_back("@timestamp", formatIsoTime(detail.time));
    std::string json = "{\"id\":" + std::to_string(id);
    std::string raw = "{\"sourcetype\":\"zscalernss-web\",\"event\":{";
    for (const char *field : {"log_type", "event.action", "event.type", "user.name", "user.department", "source.ip",
                              "destination.ip", "url.original", "url.domain", "url.category", "http.request.method",
                              "http.response.status_code", "source.bytes", "destination.bytes"}) {
        detail.fields.emplace_back(field, m_engine.cell(row, field));
        json += ",\"" + std::string(field) + "\":" + jsonQuote(detail.fields.back().second);
        raw += (raw.back() == '{' ? "\"" : ",\"") + std::string(field) + "\":" + jsonQuote(detail.fields.back().second);
    }
    detail.json = json + "}";
    detail.raw = raw + "}}";
    return detail;
}

Status SearchService::stream(const SearchRequest &request, const CancelToken &cancel,
                             const std::function<bool(const EventDetail &)> &visit)
{
    visitRows(m_engine, request, cancel, [&](std::int64_t row) { return visit(*event(m_engine.events - row)); });
    return {};
}

Result<std::vector<std::string>> SearchService::fieldNames()
{
    return std::vector<std::string>{"log_type", "event.action", "user.name", "source.ip", "url.original", "url.domain"};
}

Result<ImportSummary> ImportService::importPaths(const std::vector<std::filesystem::path> &, const ImportOptions &,
                                                 const std::function<void(const ImportProgress &)> &,
                                                 const CancelToken &)
{
    ++m_engine.revision;
    return ImportSummary{};
}
Result<ImportSummary> ImportService::follow(const std::vector<std::filesystem::path> &paths,
                                            const ImportOptions &options,
                                            const std::function<void(const ImportProgress &)> &progress,
                                            const CancelToken &cancel)
{
    return importPaths(paths, options, progress, cancel);
}
Result<std::vector<SourceInfo>> ImportService::sources()
{
    return std::vector<SourceInfo>{{"web.json", "file", "done", 100'000, 3, 2, m_engine.newest}};
}
Result<std::vector<QuarantineEntry>> ImportService::quarantine(std::size_t)
{
    return std::vector<QuarantineEntry>{};
}
Result<QuarantineSummary> ImportService::retryQuarantined(const ImportOptions &, const CancelToken &)
{
    return QuarantineSummary{};
}

std::string ReceiverConfig::key() const
{
    return "nss:" + place;
}

Result<std::vector<ReceiverInfo>> ReceiveService::list()
{
    std::lock_guard lock(m_engine.mutex);
    return m_engine.receivers;
}
Result<std::string> ReceiveService::save(const ReceiverConfig &config)
{
    std::lock_guard lock(m_engine.mutex);
    std::erase_if(m_engine.receivers, [&](const ReceiverInfo &info) { return info.key == config.key(); });
    m_engine.receivers.push_back({config.key(), config, "stopped", config.place, {}, {}});
    ++m_engine.revision;
    return config.key();
}
Status ReceiveService::remove(const std::string &key)
{
    std::lock_guard lock(m_engine.mutex);
    std::erase_if(m_engine.receivers, [&](const ReceiverInfo &info) { return info.key == key; });
    ++m_engine.revision;
    return {};
}
Status ReceiveService::start(const std::string &key)
{
    return m_engine.setReceiverState(key, "listening");
}
Status ReceiveService::stop(const std::string &key)
{
    return m_engine.setReceiverState(key, "stopped");
}
std::vector<Error> ReceiveService::startEnabled()
{
    return {};
}
void ReceiveService::stopAll() {}
Result<ReceiveService::Token> ReceiveService::newToken()
{
    return Token{"0123456789abcdef", "hash"};
}
std::string ReceiveService::hashOf(const std::string &)
{
    return "hash";
}
LiveTotals ReceiveService::totals()
{
    return {};
}
std::optional<Error> ReceiveService::trouble()
{
    return std::nullopt;
}

Result<std::vector<alerts::Alert>> TriageService::list(const AlertFilter &filter)
{
    const std::lock_guard lock(m_engine.mutex);
    std::vector<alerts::Alert> found;
    for (const alerts::Alert &alert : m_engine.alerts) {
        if ((!filter.openOnly || alert.status != alerts::Status::Closed) &&
            (!filter.status || alert.status == *filter.status) &&
            findIgnoreCase(alert.finding.title + " " + alert.finding.user, filter.text) != std::string::npos) {
            found.push_back(alert);
            found.back().finding.reasons.clear();
            found.back().finding.evidence.clear();
        }
    }
    return found;
}
Result<alerts::Alert> TriageService::get(std::int64_t id)
{
    const std::lock_guard lock(m_engine.mutex);
    for (const alerts::Alert &alert : m_engine.alerts) {
        if (alert.id == id) {
            return alert;
        }
    }
    return fail("NJ-ALERTS-001", "No such alert");
}
Status TriageService::change(const std::vector<std::int64_t> &ids, const AlertChange &change, const std::string &who)
{
    const std::lock_guard lock(m_engine.mutex);
    m_engine.undo.emplace_back(ids, m_engine.alerts);
    for (alerts::Alert &alert : m_engine.alerts) {
        if (std::find(ids.begin(), ids.end(), alert.id) != ids.end()) {
            alert.status = change.status.value_or(alert.status);
            alert.verdict = change.verdict.value_or(alert.verdict);
            alert.note = change.note.value_or(alert.note);
            ++alert.updated;
            alert.history.push_back({m_engine.newest, who, "changed"});
        }
    }
    ++m_engine.revision;
    return {};
}
Result<std::string> TriageService::undo(const std::string &)
{
    const std::lock_guard lock(m_engine.mutex);
    if (m_engine.undo.empty()) {
        return fail("NJ-ALERTS-002", "Nothing to undo");
    }
    m_engine.alerts = m_engine.undo.back().second;
    m_engine.undo.pop_back();
    ++m_engine.revision;
    return std::string("The step was taken back");
}
Result<Overview> TriageService::overview(Timestamp, Timestamp, std::size_t)
{
    Overview overview;
    overview.events = m_engine.events;
    overview.firstEvent = m_engine.timeOf(m_engine.events - 1);
    overview.lastEvent = m_engine.newest;
    return overview;
}

Result<IntelService::Summary> IntelService::importFile(const std::filesystem::path &, const std::string &,
                                                       const std::function<void(const std::string &, double)> &,
                                                       const CancelToken &)
{
    ++m_engine.revision;
    return Summary{};
}
Result<std::int64_t> IntelService::undo(std::int64_t)
{
    ++m_engine.revision;
    return 0;
}
Result<std::vector<IntelService::Row>> IntelService::list(const std::string &, std::size_t)
{
    return std::vector<Row>(m_engine.events < 0 ? 1U : 0U);
}
Result<IntelService::Summary> IntelService::hunt(const std::vector<std::string> &, const CancelToken &)
{
    ++m_engine.revision;
    return Summary{};
}

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

std::vector<SettingsService::Item> SettingsService::list()
{
    return std::vector<Item>(m_engine.events < 0 ? 1U : 0U);
}
Result<std::string> SettingsService::get(const std::string &)
{
    return std::to_string(m_engine.events);
}
Status SettingsService::set(const std::string &, const std::string &)
{
    ++m_engine.revision;
    return {};
}
Status SettingsService::unset(const std::string &)
{
    ++m_engine.revision;
    return {};
}

Result<std::vector<RuleInfo>> DetectionService::rules()
{
    RuleInfo info;
    info.id = "6f3e2987-db24-4c78-a860-b4f4095a7095";
    info.title = "Download of a Script from a Bare Address";
    info.level = info.fileLevel = "high";
    info.tags = {"attack.command-and-control", "attack.t1105"};
    info.category = "proxy";
    return std::vector<RuleInfo>{info};
}
std::vector<RuleProblem> DetectionService::check(const std::string &yaml)
{
    return {yaml.find("detection") == std::string::npos
                ? RuleProblem{"rejected", "rule", {}, "the rule has no detection", 1, 1}
                : RuleProblem{"ok", "rule", {}, {}, 1, 1}};
}
Result<RuleTest> DetectionService::test(const std::string &, Timestamp, Timestamp, const CancelToken &)
{
    RuleTest result;
    result.hunt = {1, 1'000, 3, 1, 0, 0.01};
    result.days = {{0, 3}};
    result.entities = {{"alice@corp.example", 3}};
    result.samples = {1, 2, 3};
    return result;
}
Status DetectionService::setEnabled(const std::vector<std::string> &, bool)
{
    return {};
}
Status DetectionService::setLevel(const std::vector<std::string> &, const std::string &)
{
    return {};
}
Result<std::string> DetectionService::addException(const std::string &,
                                                   const std::vector<std::pair<std::string, std::string>> &,
                                                   const std::string &)
{
    return std::string("/rules/exceptions/one.yml");
}
Result<std::vector<RuleChange>> DetectionService::importRules(const std::filesystem::path &, const std::string &, bool,
                                                              const CancelToken &)
{
    return std::vector<RuleChange>{};
}
Result<HuntSummary> DetectionService::hunt(const std::vector<std::filesystem::path> &, Timestamp, Timestamp,
                                           const CancelToken &,
                                           const std::function<bool(const std::string &, std::int64_t)> &)
{
    return HuntSummary{};
}
Result<std::vector<RuleNoise>> DetectionService::noise(Timestamp, Timestamp, const CancelToken &)
{
    return std::vector<RuleNoise>{};
}
Result<std::uint64_t> DetectionService::reload()
{
    return std::uint64_t{1};
}

Workspace::Workspace(std::unique_ptr<Engine> engine)
    : m_engine(std::move(engine))
    , m_imports(*m_engine)
    , m_receivers(*m_engine)
    , m_search(*m_engine)
    , m_triage(*m_engine)
    , m_intel(*m_engine)
    , m_respond(*m_engine)
    , m_settings(*m_engine)
    , m_secrets(*m_engine)
    , m_detections(*m_engine)
{
    g_last = m_engine.get();
}
Workspace::~Workspace()
{
    if (g_last == m_engine.get()) {
        g_last = nullptr;
    }
}
Result<std::unique_ptr<Workspace>> Workspace::open(const std::filesystem::path &folder, const OpenOptions &)
{
    if (folder == "/refused") {
        return fail("NJ-WORKSPACE-001", "Cannot open /refused", "Permission denied");
    }
    std::unique_ptr<Engine> engine = nextFakeEngine() ? std::move(nextFakeEngine()) : std::make_unique<Engine>();
    engine->folder = folder;
    return std::unique_ptr<Workspace>(new Workspace(std::move(engine)));
}
const std::filesystem::path &Workspace::folder() const
{
    return m_engine->folder;
}
SecretsService &Workspace::secrets()
{
    return m_secrets;
}
ReceiveService &Workspace::receivers()
{
    return m_receivers;
}
ImportService &Workspace::imports()
{
    return m_imports;
}
SearchService &Workspace::search()
{
    return m_search;
}
TriageService &Workspace::triage()
{
    return m_triage;
}
IntelService &Workspace::intel()
{
    return m_intel;
}
RespondService &Workspace::respond()
{
    return m_respond;
}
SettingsService &Workspace::settings()
{
    return m_settings;
}
DetectionService &Workspace::detections()
{
    return m_detections;
}
std::vector<Error> Workspace::problems() const
{
    return {};
}
bool Workspace::isDemo() const
{
    return true;
}
std::uint64_t Workspace::revision() const
{
    return m_engine->revision;
}

std::filesystem::path defaultWorkspaceFolder()
{
    return "/nonexistent/fake";
}
Result<DemoSummary> makeDemo(const std::filesystem::path &, std::uint64_t,
                             const std::function<void(const std::string &, double)> &, const CancelToken &)
{
    return DemoSummary{};
}

} // namespace nightjar::workspace
