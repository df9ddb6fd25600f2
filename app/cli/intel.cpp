// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/intel.h"
#include "cli/json.h"

#include "base/files.h"
#include "base/text.h"
#include "sources/paths.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

Json summaryJson(const workspace::IntelSummary &s)
{
    Json types = Json::object();
    for (const auto &[type, n] : s.byType) {
        types[type] = n;
    }
    return {{"import", s.import},
            {"read", s.read},
            {"new", s.added},
            {"updated", s.updated},
            {"revoked", s.revoked},
            {"expired", s.expired},
            {"invalid", s.invalid},
            {"warned", s.warned},
            {"by_type", types},
            {"seconds", s.seconds},
            {"sightings", s.sightings},
            {"alerts", s.alerts},
            {"events_hunted", s.eventsHunted},
            {"hunt_seconds", s.huntSeconds}};
}

} // namespace

bool printSummary(const std::string &delivery, const workspace::IntelSummary &summary)
{
    for (const auto &[line, why] : summary.invalidRows) {
        std::fprintf(stderr, "%s:%llu: %s\n", delivery.c_str(), static_cast<unsigned long long>(line), why.c_str());
    }
    return printLine(dump(summaryJson(summary)));
}

workspace::StageProgress stageProgress(const Context &context)
{
    if (!showsProgress(context)) {
        return {};
    }
    return [](const std::string &stage, double fraction) {
        printProgress(stage + (fraction > 0 ? "  " + std::to_string(static_cast<int>(fraction * 100)) + " %" : ""));
    };
}

namespace {

int runImport(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    const PlaybookWatch playbooks(*space, context);
    bool refused = false;
    const auto at = parseTimeArgument(arguments.at);
    if (!at) {
        return failed(at.error());
    }
    workspace::IntelService::Delivery delivery;
    delivery.at = *at;
    delivery.toIds = arguments.toIds == "drop" ? 1 : arguments.toIds == "ignore" ? 2 : 0;
    delivery.accept = arguments.force;
    const auto files = sources::expandPaths(arguments.paths);
    if (!files) {
        return failed(files.error());
    }
    for (const auto &path : *files) {
        const std::string source = arguments.source.empty() ? path.filename().string() : arguments.source;
        const auto summary =
            space->intel().importDelivery(path, source, delivery, stageProgress(context), context.cancel);
        endProgress(context);
        if (!summary) {
            return failed(summary.error());
        }
        refused = refused || summary->invalid > 0;
        printSummary(path.string(), *summary);
    }
    return finish(context, refused ? kRefused : kDone);
}

int runUndo(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto removed = space->intel().undo(arguments.import);
    if (!removed) {
        return failed(removed.error());
    }
    printLine(dump({{"import", arguments.import}, {"removed", *removed}}));
    return kDone;
}

int runList(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto rows = space->intel().list(arguments.text, arguments.limit);
    if (!rows) {
        return failed(rows.error());
    }
    for (const auto &row : *rows) {
        if (!printLine(dump({{"type", row.type},
                             {"value", row.value},
                             {"source", row.source},
                             {"threat", row.threat},
                             {"first_seen", formatIsoTime(row.firstSeen)},
                             {"valid_until", formatIsoTime(row.validUntil)}}))) {
            break;
        }
    }
    return kDone;
}

Result<std::vector<std::string>> valuesOf(const IntelArguments &arguments)
{
    std::vector<std::string> values = arguments.values;
    if (!arguments.valuesFile.empty()) {
        const auto text = readFile(arguments.valuesFile, 64U << 20U);
        if (!text) {
            return fail(text.error());
        }
        for (const std::string_view line : split(*text, '\n')) {
            if (!trim(line).empty()) {
                values.emplace_back(trim(line));
            }
        }
    }
    return values;
}

int runHunt(Context &context, const IntelArguments &arguments)
{
    const auto values = valuesOf(arguments);
    if (!values) {
        return failed(values.error());
    }
    if (values->empty() && arguments.import == 0) {
        return failed(Error{"NJ-CLI-042",
                            "There is nothing to hunt for",
                            "no value, no file and no import is named",
                            {},
                            "Name values, --values FILE or --import NUMBER."});
    }
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto progress = stageProgress(context);
    const auto hunt = arguments.import > 0 ? space->intel().huntImport(arguments.import, progress, context.cancel)
                                           : space->intel().hunt(*values, progress, context.cancel);
    endProgress(context);
    if (!hunt) {
        return failed(hunt.error());
    }
    for (const auto &[number, why] : hunt->invalid) {
        std::fprintf(stderr, "value %llu: %s\n", static_cast<unsigned long long>(number), why.c_str());
    }
    for (const auto &one : hunt->found) {
        if (!printLine(dump({{"event", one.event},
                             {"@timestamp", formatIsoTime(one.time)},
                             {"field", one.field},
                             {"value", one.value},
                             {"indicator", one.indicator},
                             {"type", one.type},
                             {"source", one.source},
                             {"early", one.early}}))) {
            break;
        }
    }
    std::fprintf(stderr, "%s\n",
                 dump({{"indicators", hunt->indicators},
                       {"events_scanned", hunt->events},
                       {"blocks_skipped", hunt->blocksSkipped},
                       {"sightings", hunt->sightings},
                       {"from", formatIsoTime(hunt->from)},
                       {"to", formatIsoTime(hunt->to)},
                       {"seconds", hunt->seconds}})
                     .c_str());
    return finish(context, hunt->invalid.empty() ? kDone : kRefused);
}

int runWarningList(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    for (const auto &path : arguments.paths) {
        const auto list = space->intel().importWarningList(path);
        if (!list) {
            return failed(list.error());
        }
        printLine(dump({{"list", list->first}, {"entries", list->second}}));
    }
    return kDone;
}

void addIntelImport(CLI::App &verb, Context &context, const std::shared_ptr<IntelArguments> &arguments)
{
    CLI::App *importer = addVerb(verb, context, "import", "Import indicators and hunt the new ones in the past");
    importer->add_option("--source", arguments->source, "Name of the source");
    importer->add_option("--format", arguments->format, "Only \"auto\": formats are recognised by content");
    importer->add_option("--at", arguments->at, "Time of the delivery");
    importer->add_option("--to-ids", arguments->toIds, "Values not meant for detection: keep as context, drop, ignore")
        ->check(CLI::IsMember({"keep", "drop", "ignore"}));
    importer->add_flag("--dry-run", arguments->dryRun, "Only say what would be stored");
    importer->add_flag("--accept", arguments->force, "Take a delivery that looks broken or poisoned");
    importer->add_option("paths", arguments->paths, "Files, folders, archives")->required();
    importer->callback([&context, arguments] {
        context.run = [&context, arguments] {
            return arguments->dryRun ? runIntelPreview(context, *arguments) : runImport(context, *arguments);
        };
    });
    CLI::App *warning = addVerb(verb, context, "warning-list", "Take a warning list of MISP into the workspace");
    warning->add_option("paths", arguments->paths, "JSON files of misp-warninglists")->required();
    warning->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runWarningList(context, *arguments); }; });
}

void addIntelSearches(CLI::App &verb, Context &context, const std::shared_ptr<IntelArguments> &arguments)
{
    CLI::App *match = addVerb(verb, context, "match", "Match flat JSON events or values");
    match->add_option("--indicators", arguments->indicators, "Indicators of this file instead of the workspace's");
    match->add_option("--values", arguments->valuesFile, "Values to look up, one a line");
    match->add_flag("--weak", arguments->weak, "Also what is only related");
    match->add_option("events", arguments->paths, "Events, one flat JSON object a line");
    match->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runIntelMatch(context, *arguments); }; });
    CLI::App *hunt = addVerb(verb, context, "retrohunt", "Look for values in all stored events");
    hunt->add_option("--values", arguments->valuesFile, "A file with values");
    hunt->add_option("--import", arguments->import, "What this import brought first");
    hunt->add_option("values", arguments->values, "Domains, addresses, URLs, hashes");
    hunt->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runHunt(context, *arguments); }; });
}

} // namespace

void addIntel(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<IntelArguments>();
    CLI::App *verb = addVerb(app, context, "intel", "Indicators of compromise");
    verb->require_subcommand(1);
    addIntelImport(*verb, context, arguments);
    addIntelSearches(*verb, context, arguments);
    CLI::App *select = addVerb(*verb, context, "select", "Which indicators a deny list should hold, best first");
    select->add_option("--limit", arguments->places, "Places");
    select->add_option("--at", arguments->at, "What is known then");
    select->add_option("--horizon", arguments->horizon, "Time that an entry is judged for (7d, 12h)");
    select->add_flag("--explain", arguments->explain, "Say in words why");
    select->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runIntelSelect(context, *arguments); }; });
    addIntelFeeds(*verb, context);
    addIntelExport(*verb, context);
    CLI::App *undo = addVerb(*verb, context, "undo", "Take one import back");
    undo->add_option("import", arguments->import, "Number of the import")->required();
    undo->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runUndo(context, *arguments); }; });
    CLI::App *list = addVerb(*verb, context, "list", "Indicators that contain a text");
    list->add_option("query", arguments->text, "Part of the value");
    list->add_option("--limit", arguments->limit, "At most so many");
    list->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runList(context, *arguments); }; });
}

} // namespace nightjar::cli
