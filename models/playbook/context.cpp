// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/context.h"

#include "alerts/alertjson.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nightjar::playbook {

namespace {

constexpr std::size_t kMostEvents = 20;

Json valuesOf(const alerts::Finding &finding, std::string_view kind)
{
    Json values = Json::array();
    for (const alerts::Observable &observable : finding.observables) {
        if (observable.kind == kind) {
            values.push_back(repairUtf8(observable.value));
        }
    }
    return values;
}

/// Where an address of a page is known, its host alone may serve many others.
Json blockableOf(const alerts::Finding &finding)
{
    if (finding.engine == alerts::Engine::Intel) {
        Json own = Json::array();
        if (!finding.observables.empty() && finding.observables.front().kind != "hash") {
            own.push_back(repairUtf8(finding.observables.front().value));
        }
        return own;
    }
    for (const std::string_view kind : {"url", "domain"}) {
        if (Json values = valuesOf(finding, kind); !values.empty()) {
            return values;
        }
    }
    return valuesOf(finding, "ip");
}

} // namespace

Json alertContext(const alerts::Alert &alert, const std::vector<std::string> &tags)
{
    alerts::Alert small = alert;
    if (small.finding.evidence.size() > kMostEvents) {
        small.finding.evidence.resize(kMostEvents);
    }
    small.finding.picture = {};
    Json context = Json::parse(alerts::toJson(small, true), nullptr, false);
    if (!context.is_object()) {
        context = Json::object();
    }
    for (Json &event : context["evidence"]) {
        event.erase("raw");
    }
    context.erase("history");
    context["tags"] = tags;
    context["domains"] = valuesOf(alert.finding, "domain");
    context["ips"] = valuesOf(alert.finding, "ip");
    context["urls"] = valuesOf(alert.finding, "url");
    context["hashes"] = valuesOf(alert.finding, "hash");
    context["users"] = valuesOf(alert.finding, "user");
    context["blockable"] = blockableOf(alert.finding);
    return context;
}

std::string Masker::maskOf(const std::string &name)
{
    return "‹secret " + name + "›";
}

void Masker::add(const std::string &name, const std::string &value)
{
    const std::string quoted = jsonQuote(value);
    for (const std::string &spelling :
         {value, percentEncode(value), quoted.substr(1, quoted.size() - 2), base64Encode(value), hexEncode(value)}) {
        if (!spelling.empty()) {
            m_spellings.emplace_back(spelling, maskOf(name));
        }
    }
    std::stable_sort(m_spellings.begin(), m_spellings.end(),
                     [](const auto &a, const auto &b) { return a.first.size() > b.first.size(); });
}

std::string Masker::masked(std::string text) const
{
    for (const auto &[spelling, mask] : m_spellings) {
        for (std::size_t at = text.find(spelling); at != std::string::npos;
             at = text.find(spelling, at + mask.size())) {
            text.replace(at, spelling.size(), mask);
        }
    }
    return text;
}

Json Masker::masked(const Json &json) const
{
    if (m_spellings.empty()) {
        return json;
    }
    if (json.is_string()) {
        return masked(json.get<std::string>());
    }
    if (json.is_array()) {
        Json list = Json::array();
        for (const Json &item : json) {
            list.push_back(masked(item));
        }
        return list;
    }
    if (json.is_object()) {
        Json map = Json::object();
        for (const auto &[key, value] : json.items()) {
            map[masked(key)] = masked(value);
        }
        return map;
    }
    return json;
}

Error Masker::masked(Error error) const
{
    error.title = masked(std::move(error.title));
    error.reason = masked(std::move(error.reason));
    error.hint = masked(std::move(error.hint));
    return error;
}

} // namespace nightjar::playbook
