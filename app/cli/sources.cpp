// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/feed.h"
#include "cli/json.h"

#include "base/text.h"
#include "workspace/healthjson.h"

#include <cstdio>
#include <memory>

/// Where records come from, and those that could not be parsed.
namespace nightjar::cli {

namespace {

constexpr std::size_t kMostRecords = 1'000'000;

Json timeOrNull(Timestamp time)
{
    return time == kNoTime ? Json() : Json(formatIsoTime(time));
}

int sources(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto all = space->imports().sources();
    if (!all) {
        return failed(all.error());
    }
    for (const auto &s : *all) {
        Json json = {{"name", s.name},
                     {"kind", s.kind},
                     {"state", s.state},
                     {"records", s.records},
                     {"duplicates", s.duplicates},
                     {"quarantined", s.quarantined},
                     {"last", timeOrNull(s.lastImport)}};
        if (s.health) {
            json["health"] = Json::parse(workspace::healthJson(*s.health), nullptr, false);
        }
        if (!printLine(dump(json))) {
            break;
        }
    }
    return kDone;
}

Json entryJson(const workspace::QuarantineEntry &e)
{
    Json json = {{"id", e.id},
                 {"source", e.source},
                 {"line", e.line},
                 {"index", e.index},
                 {"at", timeOrNull(e.at)},
                 {"error",
                  {{"code", e.error.code},
                   {"title", e.error.title},
                   {"reason", e.error.reason},
                   {"column", e.error.place.column},
                   {"hint", e.error.hint}}},
                 {"raw", e.raw}};
    if (!isValidUtf8(e.raw)) {
        json["raw_base64"] = base64Encode(e.raw);
    }
    return json;
}

/// `rawOnly`: the records byte for byte, one a line.
int listQuarantine(Context &context, bool rawOnly)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto entries = space->imports().quarantine(kMostRecords);
    if (!entries) {
        return failed(entries.error());
    }
    for (const auto &entry : *entries) {
        if (context.cancel.cancelled() || !printLine(rawOnly ? entry.raw : dump(entryJson(entry)))) {
            break;
        }
    }
    return finish(context, kDone);
}

struct RetryArguments {
    workspace::ImportOptions options;
    std::string format, escape;
    bool storeOnly = false;
};

int retryQuarantine(Context &context, const RetryArguments &arguments)
{
    workspace::ImportOptions options = arguments.options;
    options.detect = !arguments.storeOnly;
    if (!arguments.format.empty()) {
        auto format = feedFormat(arguments.format, arguments.escape, context.workspaceFolder, false);
        if (!format) {
            return failed(format.error());
        }
        options.format = std::move(*format);
    }
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto summary = space->imports().retryQuarantined(options, context.cancel);
    if (!summary) {
        return failed(summary.error());
    }
    printLine(dump({{"tried", summary->tried},
                    {"events", summary->events},
                    {"duplicates", summary->duplicates},
                    {"left", summary->left},
                    {"alerts", summary->alerts}}));
    return finish(context, summary->left > 0 ? kRefused : kDone);
}

void addQuarantine(CLI::App &app, Context &context)
{
    CLI::App *verb = addVerb(app, context, "quarantine", "Records that could not be parsed");
    verb->require_subcommand(1);
    addVerb(*verb, context, "list", "Newest first, with the reason and the record")->callback([&context] {
        context.run = [&context] { return listQuarantine(context, false); };
    });
    auto raw = std::make_shared<bool>(false);
    CLI::App *exporter = addVerb(*verb, context, "export", "All of them, to repair and import them");
    exporter->add_flag("--raw", *raw, "The records alone, byte for byte, one a line");
    exporter->callback([&context, raw] { context.run = [&context, raw] { return listQuarantine(context, *raw); }; });
    auto a = std::make_shared<RetryArguments>();
    CLI::App *retry = addVerb(*verb, context, "retry", "Parse them again; what parses moves into the store");
    retry->add_option("--format", a->format, "The feed's output format: a file, or the name of a kept one");
    retry->add_option("--escape", a->escape, "The feed's escape characters");
    retry->add_option("--type", a->options.forcedType, "Log type of all records: web, firewall, dns, …");
    retry->add_option("--tz", a->options.zone, "Time zone of records that carry none");
    retry->add_flag("--no-detect", a->storeOnly, "Store only; no rules, indicators or anomaly detection");
    retry->callback([&context, a] { context.run = [&context, a] { return retryQuarantine(context, *a); }; });
}

} // namespace

void addSources(CLI::App &app, Context &context)
{
    addVerb(app, context, "sources", "Sources, what came of them and how they fare")->callback([&context] {
        context.run = [&context] { return sources(context); };
    });
    addQuarantine(app, context);
}

} // namespace nightjar::cli
