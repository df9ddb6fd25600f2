// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookactions.h"

#include "base/files.h"
#include "base/text.h"
#include "intel/listwriter.h"
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

/// The entry as an indicator: what a deny list holds has no type of its own.
intel::Indicator asIndicator(const ExportRow &row)
{
    const std::string value = row.value.starts_with('.') ? row.value.substr(1) : row.value;
    const auto type = intel::parseType(row.type);
    const auto read = type && value == row.value ? fail(Error()) : intel::indicatorFromText(value);
    intel::Indicator indicator;
    indicator.type = read ? read->type : type.value_or(intel::Type::Domain);
    indicator.value = read ? read->value : row.value;
    indicator.source = row.source;
    indicator.threat = row.reason;
    indicator.validFrom = row.since;
    indicator.validUntil = row.until;
    return indicator;
}

std::string asStix(const std::vector<ExportRow> &rows, Timestamp now)
{
    std::string text;
    intel::ListWriter writer(intel::ListFormat::Stix, now, [&text](std::string_view piece) { text += piece; });
    for (const ExportRow &row : rows) {
        writer.write(asIndicator(row));
    }
    writer.finish();
    return text;
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
