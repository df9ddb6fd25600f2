// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookactions.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "intel/selection.h"
#include "workspace/engine.h"
#include "workspace/intelservice.h"

#include <algorithm>

/// Lists written into files: indicators, what is blocked, what is chosen for the deny list.
namespace nightjar::workspace {

namespace {

using playbook::Done;
using playbook::Json;

constexpr std::size_t kMostRows = 100'000;

struct ExportRow {
    std::string type, value, source, reason;
    Timestamp since = kNoTime, until = kNoTime;
};

Result<std::vector<ExportRow>> rowsOf(Engine &engine, const std::string &what, std::size_t limit)
{
    std::vector<ExportRow> rows;
    if (what == "blocked") {
        const auto owned = engine.journal->owned();
        if (!owned) {
            return fail(owned.error());
        }
        for (const respond::OwnedEntry &entry : *owned) {
            if (entry.liveAt != kNoTime) {
                rows.push_back({"entry", entry.entry, entry.owner, entry.reason, entry.liveAt, entry.expiry});
            }
        }
    } else if (what == "selection") {
        IntelService::Choice choice;
        choice.places = limit;
        const auto selection = IntelService(engine).select(choice);
        if (!selection) {
            return fail(selection.error());
        }
        for (const intel::SelectedEntry &entry : (*selection)->entries) {
            rows.push_back({std::string(intel::name(entry.type)), entry.entry, "selection", {}, kNoTime, kNoTime});
        }
    } else {
        const auto found = IntelService(engine).list({}, limit);
        if (!found) {
            return fail(found.error());
        }
        for (const IntelService::Row &row : *found) {
            rows.push_back({row.type, row.value, row.source, row.threat, row.firstSeen, row.validUntil});
        }
    }
    rows.resize(std::min(rows.size(), limit));
    return rows;
}

std::string asCsv(const std::vector<ExportRow> &rows)
{
    std::string text = "type,value,source,reason,since,until\n";
    for (const ExportRow &row : rows) {
        text += csvCell(row.type) + "," + csvCell(row.value) + "," + csvCell(row.source) + "," + csvCell(row.reason) +
                "," + formatIsoTime(row.since) + "," + formatIsoTime(row.until) + "\n";
    }
    return text;
}

std::string asText(const std::vector<ExportRow> &rows)
{
    std::string text;
    for (const ExportRow &row : rows) {
        text += visible(row.value) + "\n";
    }
    return text;
}

/// A text within a STIX pattern (STIX 2.1 §9.2: backslash and quote are escaped).
std::string stixText(const std::string &value)
{
    std::string out;
    for (const char c : repairUtf8(value)) {
        out += c == '\\' || c == '\'' ? std::string("\\") + c : std::string(1, c);
    }
    return out;
}

std::string stixPattern(const ExportRow &row)
{
    std::string value = row.value;
    std::string type = row.type;
    if (type == "entry" || value.starts_with('.')) {
        const auto read = intel::indicatorFromText(value.starts_with('.') ? value.substr(1) : value);
        type = read ? std::string(intel::name(read->type)) : "domain";
        value = read ? read->value : value;
    }
    const auto object = type == "url"    ? "url:value"
                        : type == "ipv4" ? "ipv4-addr:value"
                        : type == "ipv6" ? "ipv6-addr:value"
                        : type == "cidr"
                            ? (value.find(':') == std::string::npos ? "ipv4-addr:value" : "ipv6-addr:value")
                        : type == "md5"    ? "file:hashes.MD5"
                        : type == "sha1"   ? "file:hashes.'SHA-1'"
                        : type == "sha256" ? "file:hashes.'SHA-256'"
                        : type == "email"  ? "email-addr:value"
                                           : "domain-name:value";
    return "[" + std::string(object) + " = '" + stixText(value) + "']";
}

/// A UUID that the same text always gives, so that exporting twice makes no second object.
std::string uuidOf(const std::string &text)
{
    std::string hex = sha256Hex("nightjar export\n" + text).substr(0, 32);
    hex[12] = '4';
    hex[16] = 'a';
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

std::string asStix(const std::vector<ExportRow> &rows, Timestamp now)
{
    Json objects = Json::array();
    for (const ExportRow &row : rows) {
        const std::string pattern = stixPattern(row);
        Json object{{"type", "indicator"},
                    {"spec_version", "2.1"},
                    {"id", "indicator--" + uuidOf(pattern)},
                    {"created", formatIsoTime(row.since == kNoTime ? now : row.since)},
                    {"modified", formatIsoTime(now)},
                    {"name", repairUtf8(row.value)},
                    {"pattern", pattern},
                    {"pattern_type", "stix"},
                    {"valid_from", formatIsoTime(row.since == kNoTime ? now : row.since)}};
        if (row.until != kNoTime && row.until > (row.since == kNoTime ? now : row.since)) {
            object["valid_until"] = formatIsoTime(row.until);
        }
        objects.push_back(std::move(object));
    }
    const Json bundle{{"type", "bundle"}, {"id", "bundle--" + uuidOf(formatIsoTime(now))}, {"objects", objects}};
    return playbook::dump(bundle) + "\n";
}

bool isFileName(const std::string &name)
{
    return !name.empty() && name.size() <= 100 && name.front() != '.' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '-' || c == '_';
           });
}

} // namespace

Done exportList(Engine &engine, const Json &arguments, bool dry)
{
    const std::string name = arguments.value("file", std::string());
    const std::string format = arguments.value("format", std::string("csv"));
    const std::string what = arguments.value("what", std::string("indicators"));
    if (!isFileName(name)) {
        return {Json(),
                Error{"NJ-PLAYBOOK-039",
                      "The list is not written",
                      "\"" + visible(name) + "\" is no plain name of a file",
                      {},
                      "It takes letters, digits, dot, dash and underscore; it is written into the workspace's folder "
                      "exports."},
                false};
    }
    const auto limit = std::clamp<std::int64_t>(arguments.value("limit", static_cast<std::int64_t>(kMostRows)), 1,
                                                static_cast<std::int64_t>(kMostRows));
    const auto path = engine.folder / "exports" / name;
    if (dry) {
        return {Json{{"file", path.string()}}, std::nullopt, false};
    }
    const auto rows = rowsOf(engine, what, static_cast<std::size_t>(limit));
    if (!rows) {
        return {Json(), rows.error(), false};
    }
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    const std::string text = format == "stix"   ? asStix(*rows, engine.clock.now())
                             : format == "text" ? asText(*rows)
                                                : asCsv(*rows);
    if (auto written = writeFileAtomically(path, text); !written) {
        return {Json(), written.error(), false};
    }
    return {Json{{"file", path.string()}, {"rows", rows->size()}}, std::nullopt, false};
}

} // namespace nightjar::workspace
