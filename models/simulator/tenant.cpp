// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/tenant.h"

#include "base/files.h"
#include "simulator/grammar.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace nightjar::simulator {

namespace {

using nlohmann::json;

constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kHour = 60 * kMinute;

std::string dumped(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

TenantReply answer(int status, const json &body)
{
    TenantReply reply;
    reply.status = status;
    reply.body = dumped(body);
    return reply;
}

TenantReply problem(int status, const char *code, const std::string &message)
{
    return answer(status, json{{"code", code}, {"message", message}});
}

TenantReply page(int status, const char *text)
{
    TenantReply reply;
    reply.status = status;
    reply.contentType = "text/html; charset=utf-8";
    reply.body = std::string("<!DOCTYPE html><html><body><h1>") + text + "</h1></body></html>";
    return reply;
}

/// The strings of `object[field]`; false when they are not there.
bool readStrings(const json &object, const char *field, std::vector<std::string> &out)
{
    if (!object.is_object() || !object.contains(field) || !object[field].is_array()) {
        return false;
    }
    for (const json &item : object[field]) {
        if (!item.is_string()) {
            return false;
        }
        out.push_back(item.get<std::string>());
    }
    return true;
}

struct Rate {
    std::string_view call;
    net::RateWindow first;
    net::RateWindow second;
    std::string_view names[2];
};

/// facts/zscaler-api.md §8. What is not listed has the light limit.
const std::array<Rate, 6> &tightRates()
{
    static const std::array<Rate, 6> kRates{{
        {"POST /status/activate", {10, kMinute}, {40, kHour}, {"10/MINUTE", "40/HOUR"}},
        {"GET /security/advanced", {1, kMicrosPerSecond}, {400, kHour}, {"1/SECOND", "400/HOUR"}},
        {"PUT /security/advanced", {1, kMicrosPerSecond}, {400, kHour}, {"1/SECOND", "400/HOUR"}},
        {"PUT /security", {1, kMicrosPerSecond}, {400, kHour}, {"1/SECOND", "400/HOUR"}},
        {"POST /security/advanced/blacklistUrls", {1, kMicrosPerSecond}, {400, kHour}, {"1/SECOND", "400/HOUR"}},
        {"POST /urlLookup", {1, kMicrosPerSecond}, {400, kHour}, {"1/SECOND", "400/HOUR"}},
    }};
    return kRates;
}

} // namespace

Tenant::Tenant(TenantOptions options)
    : m_options(std::move(options))
    , m_random(m_options.seed)
{
}

TenantReply Tenant::handle(const TenantRequest &request)
{
    std::lock_guard lock(m_mutex);
    ++m_requests;
    expireSessions();
    finishActivation();
    TenantReply reply = route(request);
    reply.headers.emplace_back("X-Nightjar-Simulated", "true");
    reply.gzip = m_faults.gzip;
    return reply;
}

TenantReply Tenant::route(const TenantRequest &request)
{
    TenantReply reply;
    if (m_faults.oneApiOnly) {
        reply.status = 403;
        reply.contentType = "text/plain";
        reply.body = "This organization is migrated. Please use OneAPI to reach it.";
        return reply;
    }
    if (!takeRate(request, reply)) {
        return reply;
    }
    if (request.method != "GET" && !request.body.empty() &&
        request.contentType.find("application/json") == std::string::npos) {
        return problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json");
    }
    if (request.path == "/authenticatedSession") {
        return session(request);
    }
    const auto found = m_sessions.find(request.session);
    if (found == m_sessions.end() || acts(m_faults.sessionGone, request.method + " " + request.path)) {
        if (request.oneApi) {
            return answer(401, json{{"detail", "unauthorized"}, {"type", ""}, {"title", ""}, {"status", ""}});
        }
        return problem(401, "SESSION_NOT_VALID", "Session is not valid or has expired.");
    }
    found->second.lastUse = m_options.clock->now();
    bool handled = false;
    reply = faulty(request, handled);
    if (handled) {
        return reply;
    }
    const std::string call = request.method + " " + request.path;
    if (call == "GET /security/advanced") {
        reply = readList(acts(m_faults.staleReads, call) ? m_before : m_saved, "blacklistUrls", false);
    } else if (call == "PUT /security/advanced") {
        reply = replaceDenyList(request, "blacklistUrls");
    } else if (call == "POST /security/advanced/blacklistUrls") {
        reply = changeDenyList(request, "blacklistUrls");
    } else if (call == "GET /cyberThreatProtection/maliciousUrls") {
        reply = readList(m_saved, "maliciousUrls", false);
    } else if (call == "PUT /cyberThreatProtection/maliciousUrls") {
        reply = request.query.contains("action") ? changeDenyList(request, "maliciousUrls")
                                                 : replaceDenyList(request, "maliciousUrls");
    } else if (call == "GET /security") {
        reply = readList(m_allow, "whitelistUrls", true);
    } else if (call == "PUT /security") {
        reply = replaceAllowList(request, "whitelistUrls");
    } else if (call == "GET /cyberThreatProtection/securityExceptions") {
        reply = readList(m_allow, "bypassUrls", true);
    } else if (call == "PUT /cyberThreatProtection/securityExceptions") {
        reply = replaceAllowList(request, "bypassUrls");
    } else if (call == "GET /status") {
        reply = statusReply();
    } else if (call == "POST /status/activate") {
        reply = activate();
    } else if (call == "POST /urlLookup") {
        reply = lookup(request);
    } else {
        reply = problem(404, "RESOURCE_NOT_FOUND", "Resource not found");
    }
    if (acts(m_faults.loseAfter, call)) {
        reply.cut = TenantReply::Cut::BeforeAnswer;
    } else if (acts(m_faults.halfBody, call)) {
        reply.cut = TenantReply::Cut::InsideBody;
    } else if (acts(m_faults.errorAfter, call)) {
        reply = page(503, "Service unavailable");
    } else if (acts(m_faults.hang, call)) {
        reply.delay = m_faults.hangFor * 1'000;
    }
    return reply;
}

bool Tenant::acts(int &counter, const std::string &call) const
{
    if (counter <= 0 || call.find(m_faults.on) == std::string::npos) {
        return false;
    }
    --counter;
    return true;
}

/// Faults of the way between, before anything is looked at.
bool Tenant::broken(const std::string &call, TenantReply &reply)
{
    if (acts(m_faults.loseBefore, call)) {
        reply.cut = TenantReply::Cut::BeforeAnswer;
    } else if (acts(m_faults.html, call)) {
        reply = page(200, "Scheduled maintenance");
    } else if (acts(m_faults.proxyError, call)) {
        reply = page(403, "Access to this site is blocked");
    } else if (acts(m_faults.redirect, call)) {
        reply = page(302, "Moved");
        reply.headers.emplace_back("Location", "https://portal.example/login");
    } else if (acts(m_faults.error500, call)) {
        reply = problem(500, "UNEXPECTED_ERROR", "An unexpected error has occurred.");
    } else if (acts(m_faults.errorInOk, call)) {
        reply = problem(200, "UNEXPECTED_ERROR", "An unexpected error has occurred.");
    } else {
        return false;
    }
    return true;
}

TenantReply Tenant::faulty(const TenantRequest &request, bool &handled)
{
    const std::string call = request.method + " " + request.path;
    const bool writes = request.method != "GET" && request.path != "/urlLookup";
    handled = true;
    TenantReply reply;
    if (broken(call, reply)) {
        return reply;
    }
    if (writes && m_faults.readOnly) {
        reply = problem(403, "STATE_READONLY", "The organization is in read-only mode.");
        reply.headers.emplace_back("x-zscaler-mode", "read-only");
        return reply;
    }
    if (writes && m_faults.scopeLimited) {
        return problem(403, "SCOPE_LIMITED", "The administrator's scope does not allow this.");
    }
    if (writes && acts(m_faults.editLock, call)) {
        reply = problem(409, "EDIT_LOCK_NOT_AVAILABLE", "Failed to obtain the edit lock.");
        reply.delay = m_faults.editLockDelay * 1'000;
        return reply;
    }
    if (writes && acts(m_faults.precondition, call)) {
        return problem(412, "UNEXPECTED_ERROR", "Failed during enter Org barrier");
    }
    handled = false;
    return reply;
}

bool Tenant::takeRate(const TenantRequest &request, TenantReply &reply)
{
    const std::string call = request.method + " " + request.path;
    if (acts(m_faults.rateLimit, call)) {
        reply = tooMany("1/SECOND", kMicrosPerSecond);
        return false;
    }
    if (m_faults.noRates) {
        return true;
    }
    const auto tight =
        std::find_if(tightRates().begin(), tightRates().end(), [&](const Rate &rate) { return rate.call == call; });
    const bool light = tight == tightRates().end();
    std::unique_ptr<net::RateLimiter> &limiter = m_rates[call];
    if (!limiter) {
        constexpr std::size_t kMostPaths = 1'000;
        if (m_rates.size() > kMostPaths) {
            m_rates.clear();
            return true;
        }
        std::vector<net::RateWindow> windows{{2, kMicrosPerSecond}, {1'000, kHour}};
        if (!light) {
            windows = {tight->first, tight->second};
        }
        limiter = std::make_unique<net::RateLimiter>(std::move(windows), *m_options.clock);
    }
    if (limiter->tryTake()) {
        return true;
    }
    const std::int64_t wait = limiter->waitNeeded();
    const std::int64_t firstSpan = light ? kMicrosPerSecond : tight->first.span;
    const bool hourly = wait > firstSpan;
    const std::string_view name = light ? (hourly ? "1000/HOUR" : "2/SECOND") : tight->names[hourly ? 1 : 0];
    reply = tooMany(std::string(name), wait);
    return false;
}

TenantReply Tenant::tooMany(const std::string &window, std::int64_t wait) const
{
    std::int64_t seconds = (wait + kMicrosPerSecond - 1) / kMicrosPerSecond;
    if (m_faults.retryAfter == "long") {
        seconds = 1'800;
    }
    const std::string words = std::to_string(seconds) + " seconds";
    TenantReply reply = answer(429, json{{"message", "Rate Limit (" + window + ") exceeded"}, {"Retry-After", words}});
    if (m_faults.retryAfter == "seconds") {
        reply.headers.emplace_back("Retry-After", words);
    } else if (m_faults.retryAfter == "zero") {
        reply.headers.emplace_back("Retry-After", "0 seconds");
    } else if (m_faults.retryAfter != "body") {
        reply.headers.emplace_back("Retry-After", std::to_string(seconds));
    }
    return reply;
}

void Tenant::expireSessions()
{
    const Timestamp now = m_options.clock->now();
    for (auto session = m_sessions.begin(); session != m_sessions.end();) {
        const bool over = session->second.endsAt != kNoTime ? now >= session->second.endsAt
                                                            : now - session->second.lastUse > m_options.idleExpiry;
        if (!over) {
            ++session;
            continue;
        }
        if (session->second.dirty && session->second.endsAt == kNoTime) {
            makeLive(); // a session that times out activates; a token just ends
        }
        session = m_sessions.erase(session);
    }
}

TenantReply Tenant::readList(const std::set<std::string> &list, const char *field, bool leaveOutEmpty)
{
    if (list.empty() && leaveOutEmpty) {
        return answer(200, json::object());
    }
    std::vector<std::string> shuffled(list.begin(), list.end());
    std::shuffle(shuffled.begin(), shuffled.end(), m_random);
    return answer(200, json{{field, shuffled}});
}

TenantReply Tenant::fullReply(std::size_t current) const
{
    const std::string limit = std::to_string(m_options.quota);
    if (m_faults.limitStyle == "403") {
        return problem(403, "LIMIT_EXCEEDED", "Maximum " + limit + " URLs are allowed. Limit has exceeded.");
    }
    return problem(400, "INVALID_INPUT_ARGUMENT",
                   "An organization can have a maximum of " + limit + " custom URLs. Currently " +
                       std::to_string(current) + " are already provisioned for this organization.");
}

TenantReply Tenant::changeDenyList(const TenantRequest &request, const char *field)
{
    std::vector<std::string> entries;
    const auto action = request.query.find("action");
    const bool add = action != request.query.end() && action->second == "ADD_TO_LIST";
    const bool remove = action != request.query.end() && action->second == "REMOVE_FROM_LIST";
    if (!readStrings(json::parse(request.body, nullptr, false), field, entries) || (!add && !remove)) {
        return answer(400, json{{"message", "Request body is invalid."}});
    }
    std::string bad;
    for (const std::string &entry : entries) {
        if (!isAcceptedEntry(entry) && !(remove && m_saved.contains(entry))) {
            bad.append(bad.empty() ? "" : ", ").append(entry);
        }
    }
    if (!bad.empty()) {
        return problem(400, "INVALID_INPUT_ARGUMENT",
                       m_faults.unnamedBad ? "Invalid input" : "Invalid urls [" + bad + "]");
    }
    std::set<std::string> changed = m_saved;
    const std::size_t applied =
        acts(m_faults.partial, request.method + " " + request.path) ? (entries.size() + 1) / 2 : entries.size();
    for (const std::string &entry : std::span(entries).first(applied)) {
        if (add && !changed.insert(entry).second && m_faults.duplicateError) {
            return problem(400, "DUPLICATE_ITEM", "Duplicate item: " + entry);
        }
        if (remove) {
            changed.erase(entry);
        }
    }
    if (add && changed.size() > m_options.quota) {
        return fullReply(m_saved.size());
    }
    if (!acts(m_faults.swallow, request.method + " " + request.path) && changed != m_saved) {
        m_before = std::exchange(m_saved, std::move(changed));
        m_sessions[request.session].dirty = true;
        persist();
    }
    if (m_faults.addStatus == 204) {
        TenantReply reply;
        reply.status = 204;
        return reply;
    }
    std::shuffle(entries.begin(), entries.end(), m_random);
    return answer(200, json{{field, entries}});
}

TenantReply Tenant::replaceDenyList(const TenantRequest &request, const char *field)
{
    std::vector<std::string> entries;
    if (!readStrings(json::parse(request.body, nullptr, false), field, entries)) {
        return answer(400, json{{"message", "Request body is invalid."}});
    }
    if (!std::all_of(entries.begin(), entries.end(), [](const std::string &entry) { return isAcceptedEntry(entry); })) {
        return problem(400, "INVALID_INPUT_ARGUMENT", "Invalid urls");
    }
    if (entries.size() > m_options.quota) {
        return fullReply(m_saved.size());
    }
    m_saved = {entries.begin(), entries.end()};
    m_sessions[request.session].dirty = true;
    persist();
    return answer(200, json{{field, entries}});
}

TenantReply Tenant::replaceAllowList(const TenantRequest &request, const char *field)
{
    constexpr std::size_t kMost = 255;
    std::vector<std::string> entries;
    if (!readStrings(json::parse(request.body, nullptr, false), field, entries)) {
        return answer(400, json{{"message", "Request body is invalid."}});
    }
    if (entries.size() > kMost) {
        return problem(403, "LIMIT_EXCEEDED", "Maximum 255 URLs are allowed. Limit has exceeded.");
    }
    m_allow = {entries.begin(), entries.end()};
    persist();
    return answer(200, json{{field, entries}});
}

} // namespace nightjar::simulator
