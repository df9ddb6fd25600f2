// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/healthjson.h"

#include "base/time.h"

#include <nlohmann/json.hpp>

namespace nightjar::workspace {

namespace {

using Json = nlohmann::ordered_json;

Json lagJson(const sources::LagFigures &lag)
{
    return {{"p50", lag.p50}, {"p95", lag.p95}, {"max", lag.max}, {"count", lag.count}};
}

Json timeJson(Timestamp time)
{
    return time == kNoTime ? Json() : Json(formatIsoTime(time));
}

template <class T>
T valueOf(const Json &json, const char *key, T otherwise)
{
    const auto found = json.find(key);
    if constexpr (std::is_same_v<T, std::string>) {
        return found != json.end() && found->is_string() ? found->template get<T>() : otherwise;
    } else {
        return found != json.end() && found->is_number() ? found->template get<T>() : otherwise;
    }
}

Timestamp timeOf(const Json &json, const char *key)
{
    return parseIsoTime(valueOf<std::string>(json, key, {})).value_or(kNoTime);
}

sources::LagFigures lagOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_object()) {
        return {};
    }
    return {valueOf(*found, "p50", 0.0), valueOf(*found, "p95", 0.0), valueOf(*found, "max", 0.0),
            valueOf<std::int64_t>(*found, "count", 0)};
}

/// Calls `visit` for each object of a list.
template <class Visit>
void eachOf(const Json &json, const char *key, Visit visit)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array()) {
        return;
    }
    for (const Json &item : *found) {
        if (item.is_object()) {
            visit(item);
        }
    }
}

} // namespace

std::string healthJson(const sources::Health &h)
{
    Json gaps = Json::array();
    for (const sources::Gap &gap : h.gaps) {
        gaps.push_back({{"from", timeJson(gap.from)}, {"to", timeJson(gap.to)}, {"cause", gap.cause}});
    }
    Json invalid = Json::array();
    for (const sources::InvalidKind &kind : h.invalid) {
        invalid.push_back({{"code", kind.code},
                           {"title", kind.title},
                           {"reason", kind.reason},
                           {"count", kind.count},
                           {"last", timeJson(kind.last)},
                           {"sample", kind.sample}});
    }
    Json notices = Json::array();
    for (const sources::Notice &notice : h.notices) {
        notices.push_back({{"text", notice.text}, {"count", notice.count}, {"last", timeJson(notice.last)}});
    }
    const Json json = {{"records", h.records},
                       {"events", h.events},
                       {"duplicates", h.duplicates},
                       {"quarantined", h.quarantined},
                       {"bytes", h.bytes},
                       {"records_per_second", h.recordsPerSecond},
                       {"lag_seconds", lagJson(h.lag)},
                       {"latency_seconds", lagJson(h.latency)},
                       {"last_received", timeJson(h.lastReceived)},
                       {"last_event", timeJson(h.lastEvent)},
                       {"silent", h.silent},
                       {"connections", h.connections},
                       {"accepted", h.accepted},
                       {"refused", h.refused},
                       {"gaps", gaps},
                       {"invalid", invalid},
                       {"notices", notices}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<sources::Health> healthFromJson(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return std::nullopt;
    }
    sources::Health h;
    h.records = valueOf<std::int64_t>(json, "records", 0);
    h.events = valueOf<std::int64_t>(json, "events", 0);
    h.duplicates = valueOf<std::int64_t>(json, "duplicates", 0);
    h.quarantined = valueOf<std::int64_t>(json, "quarantined", 0);
    h.bytes = valueOf<std::uint64_t>(json, "bytes", 0);
    h.recordsPerSecond = valueOf(json, "records_per_second", 0.0);
    h.lag = lagOf(json, "lag_seconds");
    h.latency = lagOf(json, "latency_seconds");
    h.lastReceived = timeOf(json, "last_received");
    h.lastEvent = timeOf(json, "last_event");
    h.silent = json.contains("silent") && json["silent"].is_boolean() && json["silent"].get<bool>();
    h.connections = valueOf<std::int64_t>(json, "connections", 0);
    h.accepted = valueOf<std::int64_t>(json, "accepted", 0);
    h.refused = valueOf<std::int64_t>(json, "refused", 0);
    eachOf(json, "gaps", [&](const Json &gap) {
        h.gaps.push_back({timeOf(gap, "from"), timeOf(gap, "to"), valueOf<std::string>(gap, "cause", {})});
    });
    eachOf(json, "invalid", [&](const Json &kind) {
        h.invalid.push_back({valueOf<std::string>(kind, "code", {}), valueOf<std::string>(kind, "title", {}),
                             valueOf<std::string>(kind, "reason", {}), valueOf<std::string>(kind, "sample", {}),
                             valueOf<std::int64_t>(kind, "count", 0), timeOf(kind, "last")});
    });
    eachOf(json, "notices", [&](const Json &notice) {
        h.notices.push_back({valueOf<std::string>(notice, "text", {}), valueOf<std::int64_t>(notice, "count", 0),
                             timeOf(notice, "last")});
    });
    return h;
}

} // namespace nightjar::workspace
