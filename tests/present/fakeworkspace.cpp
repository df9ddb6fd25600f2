// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeworkspace.h"

#include "base/text.h"
#include "workspace/feedservice.h"
#include "workspace/intelservice.h"
#include "workspace/planservice.h"
#include "workspace/upkeepservice.h"

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

Engine::Engine() = default;
Engine::~Engine() = default;

Workspace::Workspace(std::unique_ptr<Engine> engine)
    : m_engine(std::move(engine))
    , m_imports(*m_engine)
    , m_receivers(*m_engine)
    , m_search(*m_engine)
    , m_triage(*m_engine)
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
    return *m_intel; // not faked: nothing of the room asks for it
}
FeedService::~FeedService() = default;
UpkeepService::~UpkeepService() = default;
std::vector<Error> Workspace::startServices()
{
    return m_receivers.startEnabled();
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
