// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"
#include "logs/feedformat.h"
#include "pipeline/livepath.h"
#include "pipeline/report.h"
#include "sources/health.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the services of a workspace take and give. Plain values: they cross threads by copy.
namespace nightjar::workspace {

/// ---- import
using pipeline::FileResult;
using pipeline::FileState;
using pipeline::ImportProgress;
using pipeline::ImportSummary;
struct ImportOptions {
    bool detect = true;
    std::string forcedType;
    std::string zone;                                         ///< of the feed; empty: UTC
    std::shared_ptr<const logs::FeedFormat> format = nullptr; ///< of every record; null: recognised per record
};
struct QuarantineEntry {
    std::int64_t id = 0;
    std::string source;
    std::uint64_t line = 0, index = 0;
    Error error;
    std::string raw;
    Timestamp at = kNoTime;
};
struct SourceInfo {
    std::string name;
    std::string kind;  ///< "file", "archive", "tail", "nss", "cloud-nss", "folder"
    std::string state; ///< "done", "partial", "following", "failed", "listening", "stopped"
    std::int64_t records = 0, duplicates = 0, quarantined = 0;
    Timestamp lastImport = kNoTime;
    std::optional<sources::Health> health = std::nullopt; ///< of receivers, as it was kept last
};
/// What a second look at the quarantine brought.
struct QuarantineSummary {
    std::int64_t tried = 0, events = 0, duplicates = 0, left = 0, alerts = 0;
};

/// ---- receiving
using pipeline::LiveTotals;
using sources::Health;
enum class ReceiverKind : std::uint8_t {
    Nss,      ///< NSS, LSS or syslog over TCP, with TLS when a certificate is given
    CloudNss, ///< Cloud NSS over HTTP, or HTTPS when a certificate is given
    Folder    ///< files that appear in a folder, objects copied from S3 for example
};
struct ReceiverConfig {
    ReceiverKind kind = ReceiverKind::Nss;
    std::string place;                   ///< "127.0.0.1:9014" (an address without port is refused), or the folder
    std::string certificate, privateKey; ///< PEM files; both or none
    std::string tokenHash;               ///< CloudNss: see ReceiveService::newToken; empty: loopback only
    std::string allowed;                 ///< networks, "10.0.0.0/8,192.0.2.7"; empty: everybody
    std::string zone, forcedType;        ///< as in ImportOptions
    std::string format;                  ///< name of a kept feed format; empty: recognised per record
    std::int64_t patienceMicros = 15LL * 60 * kMicrosPerSecond; ///< silence that is an alarm; 0: never
    bool enabled = true;                                        ///< startEnabled() starts it
    /// The same place is the same source: "nss:127.0.0.1:9014".
    [[nodiscard]] std::string key() const;
};
struct ReceiverInfo {
    std::string key;
    ReceiverConfig config;
    std::string state;          ///< "listening", "stopped", "failed"
    std::string address;        ///< where it listens, with the port that was picked
    std::optional<Error> error; ///< with "failed"
    Health health;
};

/// ---- search
struct SearchRequest {
    std::string query;                      ///< query language; empty: everything
    Timestamp from = kNoTime, to = kNoTime; ///< to is exclusive; kNoTime: open
    std::size_t limit = 500;
    bool newestFirst = true;
    std::optional<std::pair<Timestamp, std::int64_t>> after; ///< continue behind this (time, id)
    std::vector<std::string> columns;                        ///< field names of the cells; empty: none
};
struct EventRow {
    std::int64_t id = 0;
    Timestamp time = kNoTime;
    std::vector<std::string> cells; ///< parallel to SearchRequest::columns
};
struct SearchPage {
    std::vector<EventRow> rows;
    bool complete = false; ///< no further rows behind the last one
};
struct HistogramBucket {
    Timestamp start = kNoTime;
    std::int64_t allowed = 0, blocked = 0, other = 0;
};
struct Histogram {
    std::int64_t bucketMicros = 0;
    std::vector<HistogramBucket> buckets; ///< contiguous, empty ones included
    std::int64_t total = 0;
};
struct FacetValue {
    std::string value;
    std::int64_t count = 0;
};
struct Facet {
    std::string field;
    std::int64_t distinct = 0;
    std::vector<FacetValue> top;
    std::vector<FacetValue> rare;
};
struct EventDetail {
    std::int64_t id = 0;
    Timestamp time = kNoTime;
    std::vector<std::pair<std::string, std::string>> fields; ///< in table order, then zscaler.*
    std::string json;
    std::string raw;
};

/// ---- triage
struct AlertFilter {
    std::optional<alerts::Status> status; ///< none: all; open = everything but Closed when `openOnly`
    bool openOnly = true;
    std::string text;
    std::size_t limit = 5'000;
};
struct AlertChange {
    std::optional<alerts::Status> status;
    std::optional<alerts::Verdict> verdict;
    std::optional<std::string> note;
};

/// ---- respond
enum class GuardLevel : std::uint8_t { Ok, Ask, Refused };
/// What a block would do, told before the press.
struct BlockPreview {
    std::string value;
    std::string entry; ///< deny-list spelling, empty when refused
    GuardLevel guard = GuardLevel::Ok;
    std::vector<std::string> reasons;                       ///< why it asks or is refused, sentences
    std::int64_t requests = 0, users = 0, blockedSoFar = 0; ///< own traffic, whole store
    Timestamp lastSeen = kNoTime;
    std::int64_t used = 0, capacity = 25'000; ///< deny list now
    bool alreadyBlocked = false;
    std::vector<std::pair<std::string, std::string>> requestsToSend; ///< "POST /api/…", body
};
enum class BlockStage : std::uint8_t { Queued, Sent, Activated, Verified, Failed };
struct BlockOutcome {
    std::string value, entry, list, result, state, why, requestId;
};
struct DenyListState {
    bool connected = false;
    bool simulated = false;
    std::string tenant;
    std::vector<std::pair<std::string, bool>> entries; ///< entry, added by Nightjar
    std::string activation;                            ///< ACTIVE, PENDING, INPROGRESS
    std::int64_t capacity = 25'000;
    Timestamp readAt = kNoTime;
    std::optional<Error> error;
};
struct JournalLine {
    std::int64_t id = 0;
    Timestamp at = kNoTime;
    std::string who, action, entry, reason, result, state, detail;
    bool undoable = false;
};

/// ---- secrets
/// A place that secrets come from, in this order: "environment", "keychain", "vault".
struct SecretPlace {
    std::string id, where; ///< `where` is for people
    bool usable = false;   ///< it holds some, or could
    bool locked = false;   ///< a vault whose passphrase has not been told
    std::string why;       ///< in words
};
struct SecretInfo {
    std::string name, place, where;
};
/// The login of an API administrator. Overwrite password and key when they are no longer needed.
struct TenantLogin {
    std::string url; ///< "https://zsapi.<cloud>/api/v1", or the host alone
    std::string user, password, apiKey;
    /// A client of OneAPI instead, when `clientId` is not empty; the URL is then that of the API's gateway.
    std::string tokenUrl = {}, clientId = {}, clientSecret = {}, privateKey = {}; ///< the key as PEM
};
/// Whom the workspace would talk to. Nothing of it is secret.
struct TenantConnection {
    bool known = false; ///< there is a login; whether it is good, only a test tells
    bool simulated = false;
    std::string url, user;
    std::string place, where;   ///< of the login
    std::optional<Error> error; ///< why it is not known
};
struct SignInReport {
    std::string tenant, activation;       ///< host; ACTIVE, PENDING, INPROGRESS
    std::int64_t passwordExpiryDays = -1; ///< -1: never, or not said
    bool simulated = false;
};

/// ---- detections
struct RuleInfo {
    std::string id, name, title, description;
    std::string kind = "rule";    ///< "rule", "correlation", "filter", "yaml", "file"
    std::string level, fileLevel; ///< as it runs, as the file says
    std::string state;            ///< status of the document: stable, test, experimental, deprecated
    std::string file;
    std::uint64_t line = 0;
    std::vector<std::string> tags; ///< attack.t1071, …
    std::string category, product, service;
    bool enabled = true;
    bool refused = false; ///< could not be used: `remark` says why
    std::string remark;   ///< why it will hardly fire, or why it does not run; mostly empty
};
struct RuleProblem {
    std::string status, kind, title, reason; ///< status: "ok", "needs_placeholder", "rejected"
    std::uint64_t line = 0, column = 0;      ///< from 1; 0 when the whole text is meant
};
struct RuleChange {
    std::string kind; ///< "added", "changed", "removed", "skipped"
    std::string id, title, file;
    std::vector<std::string> differs; ///< of changed: keys of the document
    std::string verdict, reason;      ///< "ok", "needs_placeholder", "rejected", and why
    std::uint64_t line = 0;
};
struct HuntSummary {
    std::int64_t rules = 0, events = 0, matches = 0; ///< events: of the blocks that were read
    std::int64_t blocks = 0, blocksSkipped = 0;
    double seconds = 0;
};
/// A rule text over the past.
struct RuleTest {
    HuntSummary hunt;
    std::vector<std::pair<Timestamp, std::int64_t>> days;       ///< start of the day (UTC), matches
    std::vector<std::pair<std::string, std::int64_t>> entities; ///< user, else client address; most matches first
    std::vector<std::int64_t> samples;                          ///< event ids, the first ones met
    double microsPerEvent = 0;
};
struct RuleNoise {
    std::string id, title, level;
    std::int64_t matches = 0, days = 0;
    double microsPerThousand = 0; ///< cost on a thousand events; what rules share is charged to the first
    std::string silent;           ///< why it cannot fire on this tenant's data; empty: it can
};

/// ---- overview
struct SeverityBucket {
    Timestamp start = kNoTime;
    std::int64_t bySeverity[5] = {}; ///< index: alerts::Severity
    std::int64_t byEngine[4] = {};   ///< index: alerts::Engine
};
struct EntityRisk {
    std::string kind, name, about;
    int risk = 0;
    std::int64_t alerts = 0;
};
struct Overview {
    std::int64_t events = 0, matchedEvents = 0, alerts = 0, openAlerts = 0, blocked = 0;
    std::int64_t openBySeverity[5] = {};
    Timestamp firstEvent = kNoTime, lastEvent = kNoTime;
    std::int64_t bucketMicros = 0;
    std::vector<SeverityBucket> alertBuckets;
    Histogram volume;
    std::vector<EntityRisk> entities;
    std::int64_t indicators = 0, quarantined = 0, rules = 0;
    std::uint64_t storeBytes = 0;
};

} // namespace nightjar::workspace
