// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertjson.h"

#include <nlohmann/json.hpp>

namespace nightjar::alerts {

namespace {

using Json = nlohmann::ordered_json;

Json reasonsOf(const Finding &finding)
{
    Json list = Json::array();
    for (const Reason &reason : finding.reasons) {
        list.push_back({{"text", reason.text},
                        {"observed", reason.observed},
                        {"usual", reason.usual},
                        {"weight", reason.weight},
                        {"matched", reason.matched}});
    }
    return list;
}

Json observablesOf(const Finding &finding)
{
    Json list = Json::array();
    for (const Observable &observable : finding.observables) {
        list.push_back({{"kind", observable.kind}, {"value", observable.value}, {"count", observable.count}});
    }
    return list;
}

/// Log text may hold any bytes; a dump must not throw on them.
std::string dump(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json pictureOf(const Picture &picture)
{
    return {{"beats", picture.beats},
            {"intervals", picture.intervalCounts},
            {"bucket_seconds", picture.intervalBucketSeconds},
            {"period_seconds", picture.periodSeconds}};
}

} // namespace

std::string detailToJson(const Finding &finding)
{
    Json json{{"attack", finding.attack}, {"reasons", reasonsOf(finding)}, {"observables", observablesOf(finding)}};
    if (!finding.picture.beats.empty()) {
        json["picture"] = pictureOf(finding.picture);
    }
    return dump(json);
}

void detailFromJson(std::string_view text, Finding &finding)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return;
    }
    try {
        finding.attack = json.value("attack", std::vector<std::string>());
        for (const Json &r : json.value("reasons", Json::array())) {
            finding.reasons.push_back({r.value("text", ""), r.value("observed", ""), r.value("usual", ""),
                                       r.value("weight", 0.0), r.value("matched", true)});
        }
        for (const Json &o : json.value("observables", Json::array())) {
            finding.observables.push_back(
                {o.value("kind", ""), o.value("value", ""), o.value("count", std::int64_t{0})});
        }
        const Json picture = json.value("picture", Json::object());
        finding.picture.beats = picture.value("beats", std::vector<Timestamp>());
        finding.picture.intervalCounts = picture.value("intervals", std::vector<std::int64_t>());
        finding.picture.intervalBucketSeconds = picture.value("bucket_seconds", 0.0);
        finding.picture.periodSeconds = picture.value("period_seconds", 0.0);
    } catch (const Json::exception &) {
        // A damaged detail leaves what could be read; the alert itself stands in columns.
    }
}

std::string toJson(const Alert &alert, bool whole)
{
    const Finding &f = alert.finding;
    Json json{{"id", alert.id},
              {"engine", name(f.engine)},
              {"rule", f.rule},
              {"title", f.title},
              {"summary", f.summary},
              {"severity", name(f.severity)},
              {"score", f.score},
              {"user", f.user},
              {"entity", f.entity},
              {"events", f.events},
              {"first", formatIsoTime(f.first)},
              {"last", formatIsoTime(f.last)},
              {"status", name(alert.status)},
              {"verdict", name(alert.verdict)},
              {"note", alert.note},
              {"retro", f.retro},
              {"created", formatIsoTime(alert.created)},
              {"attack", f.attack},
              {"observables", observablesOf(f)}};
    if (whole) {
        json["reasons"] = reasonsOf(f);
        json["evidence"] = Json::array();
        for (const Evidence &evidence : f.evidence) {
            const Json event = Json::parse(evidence.json, nullptr, false);
            json["evidence"].push_back({{"id", evidence.eventId},
                                        {"time", formatIsoTime(evidence.time)},
                                        {"event", event.is_discarded() ? Json() : event},
                                        {"raw", evidence.raw}});
        }
        if (!f.picture.beats.empty()) {
            json["picture"] = pictureOf(f.picture);
        }
        json["history"] = Json::array();
        for (const HistoryEntry &entry : alert.history) {
            json["history"].push_back({{"at", formatIsoTime(entry.at)}, {"who", entry.who}, {"what", entry.what}});
        }
    }
    return dump(json);
}

} // namespace nightjar::alerts
