// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/tenant.h"

#include "base/files.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

/// Activation, look-ups, control and keeping: the parts of the tenant beside its lists.
namespace nightjar::simulator {

namespace {

using nlohmann::json;

std::string dumped(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

TenantReply stateAnswer(const char *state)
{
    TenantReply reply;
    reply.body = dumped(json{{"status", state}});
    return reply;
}

/// Takes the strings of `object[field]` into `list`; an absent field leaves it.
bool takeList(const json &object, const char *field, std::set<std::string> &list)
{
    const auto found = object.find(field);
    if (found == object.end()) {
        return true;
    }
    if (!found->is_array()) {
        return false;
    }
    std::set<std::string> read;
    for (const json &item : *found) {
        if (!item.is_string()) {
            return false;
        }
        read.insert(item.get<std::string>());
    }
    list = std::move(read);
    return true;
}

} // namespace

void Tenant::makeLive()
{
    m_live = m_saved;
    m_queued = false;
    m_activeAt = kNoTime;
    for (auto &[id, session] : m_sessions) {
        session.dirty = false;
    }
    persist();
}

void Tenant::finishActivation()
{
    if (m_queued && !m_faults.otherAdmin) {
        makeLive();
    }
    if (m_activeAt != kNoTime && m_options.clock->now() >= m_activeAt) {
        makeLive();
    }
}

TenantReply Tenant::statusReply()
{
    if (m_activeAt != kNoTime) {
        return stateAnswer("INPROGRESS");
    }
    return stateAnswer(m_queued || m_saved != m_live ? "PENDING" : "ACTIVE");
}

TenantReply Tenant::activate()
{
    ++m_activations;
    if (m_faults.otherAdmin) {
        m_queued = true;
    } else if (m_faults.inProgress > 0) {
        m_activeAt = m_options.clock->now() + m_faults.inProgress * 1'000;
    } else {
        makeLive();
    }
    return statusReply();
}

TenantReply Tenant::lookup(const TenantRequest &request)
{
    constexpr std::size_t kMost = 100;
    const json body = json::parse(request.body, nullptr, false);
    TenantReply reply;
    if (!body.is_array() || body.size() > kMost) {
        reply.status = 400;
        reply.body = dumped(json{{"message", "Request body is invalid."}});
        return reply;
    }
    json answers = json::array();
    for (const json &item : body) {
        const std::string url = item.is_string() ? item.get<std::string>() : std::string();
        const bool bad = findIgnoreCase(url, "malware") != std::string_view::npos;
        answers.push_back(
            json{{"url", url},
                 {"urlClassifications", json::array({"MISCELLANEOUS_OR_UNKNOWN"})},
                 {"urlClassificationsWithSecurityAlert", bad ? json::array({"MALWARE_SITE"}) : json::array()}});
    }
    reply.body = dumped(answers);
    return reply;
}

Status Tenant::setFaults(std::string_view text)
{
    std::lock_guard lock(m_mutex);
    Status merged = m_faults.merge(text);
    finishActivation();
    return merged;
}

void Tenant::reset()
{
    std::lock_guard lock(m_mutex);
    m_faults = {};
    m_sessions.clear();
    m_rates.clear();
}

Status Tenant::setLists(std::string_view text)
{
    std::lock_guard lock(m_mutex);
    const json object = json::parse(text, nullptr, false);
    std::set<std::string> deny = m_saved;
    std::set<std::string> allow = m_allow;
    if (!object.is_object() || !takeList(object, "deny", deny) || !takeList(object, "allow", allow)) {
        return fail("NJ-SIM-002", "The lists are not understood", "an object with deny and allow lists was expected");
    }
    m_saved = m_live = std::move(deny);
    m_allow = std::move(allow);
    persist();
    return {};
}

Status Tenant::edit(std::string_view text)
{
    std::lock_guard lock(m_mutex);
    const json object = json::parse(text, nullptr, false);
    std::set<std::string> add;
    std::set<std::string> remove;
    if (!object.is_object() || !takeList(object, "add", add) || !takeList(object, "remove", remove)) {
        return fail("NJ-SIM-002", "The edit is not understood", "an object with add and remove lists was expected");
    }
    m_before = m_saved;
    m_saved.insert(add.begin(), add.end());
    for (const std::string &entry : remove) {
        m_saved.erase(entry);
    }
    persist();
    return {};
}

std::string Tenant::state()
{
    std::lock_guard lock(m_mutex);
    expireSessions();
    finishActivation();
    const json status = json::parse(statusReply().body, nullptr, false);
    return dumped(json{{"saved", m_saved},
                       {"live", m_live},
                       {"allow", m_allow},
                       {"status", status["status"]},
                       {"activations", m_activations},
                       {"requests", m_requests},
                       {"logins", m_logins}});
}

Status Tenant::load()
{
    std::lock_guard lock(m_mutex);
    std::error_code ignored;
    if (m_options.persistFile.empty() || !std::filesystem::exists(m_options.persistFile, ignored)) {
        return {};
    }
    constexpr std::uint64_t kMost = 64U << 20U;
    const Result<std::string> text = readFile(m_options.persistFile, kMost);
    if (!text) {
        return fail(text.error());
    }
    const json object = json::parse(*text, nullptr, false);
    const bool whole = object.is_object() && takeList(object, "saved", m_saved) && takeList(object, "live", m_live) &&
                       takeList(object, "allow", m_allow);
    if (!whole) {
        return fail(Error{"NJ-SIM-003",
                          "The simulated tenant's lists cannot be read",
                          "the file is damaged",
                          {m_options.persistFile.string(), 0, 0},
                          "Delete the file to begin with empty lists."});
    }
    return {};
}

void Tenant::persist()
{
    if (m_options.persistFile.empty()) {
        return;
    }
    const std::string text =
        dumped(json{{"simulated", true}, {"saved", m_saved}, {"live", m_live}, {"allow", m_allow}});
    // A tenant that cannot write its file goes on in memory: it is a stand-in, and the next change tries again.
    static_cast<void>(writeFileAtomically(m_options.persistFile, text).has_value());
}

} // namespace nightjar::simulator
