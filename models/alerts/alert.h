// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::alerts {

enum class Engine : std::uint8_t { Sigma, Intel, Anomaly, Zscaler };
enum class Severity : std::uint8_t { Informational, Low, Medium, High, Critical };
enum class Status : std::uint8_t { New, Acknowledged, InProgress, Closed };
enum class Verdict : std::uint8_t { None, TruePositive, Benign, FalsePositive, Duplicate };

std::string_view name(Engine engine);
std::string_view name(Severity severity);
std::string_view name(Status status);
std::string_view name(Verdict verdict);
std::optional<Severity> parseSeverity(std::string_view text);
std::optional<Status> parseStatus(std::string_view text);
std::optional<Verdict> parseVerdict(std::string_view text);

/// One line of the "why": what was looked at, what was found, what is usual, what it weighs (anomaly) or whether it
/// held.
struct Reason {
    std::string text;
    std::string observed;
    std::string usual;
    double weight = 0;
    bool matched = true;
};

/// A value of the alert that can be blocked or pivoted on. `kind`: domain, ip, url, user, hash.
struct Observable {
    std::string kind;
    std::string value;
    std::int64_t count = 0;
};

constexpr std::size_t kMaxEvidence = 100; ///< full records kept with one alert

/// A full record copied into the alert; stays when retention removes the event.
struct Evidence {
    std::int64_t eventId = 0;
    Timestamp time = kNoTime;
    std::string json; ///< normalised event
    std::string raw;
};

/// Numbers behind the picture of a periodic alert: check-in times and the interval histogram.
struct Picture {
    std::vector<Timestamp> beats;
    std::vector<std::int64_t> intervalCounts;
    double intervalBucketSeconds = 0;
    double periodSeconds = 0;
};

/// What an engine found in one block, before grouping. `key` identifies the group: the same key adds to the same alert.
struct Finding {
    Engine engine = Engine::Sigma;
    std::string key;  ///< deterministic: engine + rule/indicator + entity + day
    std::string rule; ///< rule id, indicator key or detector name
    std::string title;
    std::string summary; ///< a sentence with the values, plain text
    Severity severity = Severity::Medium;
    int score = 50; ///< 0–100
    std::string user;
    std::string entity;              ///< host name, address or user that the alert is about
    std::vector<std::string> attack; ///< ATT&CK techniques and tactics as tags
    std::vector<Reason> reasons;
    std::vector<Observable> observables;
    std::vector<Evidence> evidence;
    Picture picture;
    std::int64_t events = 0; ///< matching events in this block
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
    bool retro = false; ///< found by a retro-hunt
    bool total = false; ///< `events` counts all so far, not what this block brought; not stored
};

/// Widens a group by what a further block brought, evidence left out.
void mergeFacts(Finding &old, const Finding &added);
/// The same with evidence, up to kMaxEvidence in all.
void merge(Finding &old, Finding &&added);

struct HistoryEntry {
    Timestamp at = kNoTime;
    std::string who;
    std::string what;
};

/// A grouped alert as kept in the catalog. The list form leaves reasons, evidence, picture and history empty.
struct Alert {
    std::int64_t id = 0;
    Finding finding;
    Status status = Status::New;
    Verdict verdict = Verdict::None;
    std::string note;
    Timestamp created = kNoTime;
    Timestamp updated = kNoTime;
    std::vector<HistoryEntry> history;
};

} // namespace nightjar::alerts
