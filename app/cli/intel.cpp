// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;

struct IntelArguments {
    std::vector<std::filesystem::path> paths;
    std::vector<std::string> values;
    std::string source, text;
    std::int64_t import = 0;
    std::size_t limit = 100'000;
};

std::string dump(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json summaryJson(const workspace::IntelService::Summary &s)
{
    Json types = Json::object();
    for (const auto &[type, n] : s.byType) {
        types[type] = n;
    }
    return {{"import", s.import},
            {"read", s.read},
            {"new", s.added},
            {"updated", s.updated},
            {"revoked", 0},
            {"expired", 0},
            {"invalid", s.invalid},
            {"warned", s.warned},
            {"by_type", types},
            {"seconds", s.seconds},
            {"sightings", s.sightings},
            {"alerts", s.alerts},
            {"events_hunted", s.eventsHunted},
            {"hunt_seconds", s.huntSeconds}};
}

int runImport(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    bool refused = false;
    for (const auto &path : arguments.paths) {
        const auto tell = [](const std::string &stage, double fraction) {
            printProgress(stage + "  " + std::to_string(static_cast<int>(fraction * 100)) + " %");
        };
        const std::string source = arguments.source.empty() ? path.filename().string() : arguments.source;
        const auto summary = space->intel().importFile(
            path, source, showsProgress(context) ? std::function<void(const std::string &, double)>(tell) : nullptr,
            context.cancel);
        endProgress(context);
        if (!summary) {
            return failed(summary.error());
        }
        for (const auto &[line, why] : summary->invalidRows) {
            std::fprintf(stderr, "%s:%llu: %s\n", path.c_str(), static_cast<unsigned long long>(line), why.c_str());
        }
        refused = refused || summary->invalid > 0;
        printLine(dump(summaryJson(*summary)));
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

int runHunt(Context &context, const IntelArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto summary = space->intel().hunt(arguments.values, context.cancel);
    if (!summary) {
        return failed(summary.error());
    }
    printLine(dump(summaryJson(*summary)));
    return finish(context, summary->invalid > 0 ? kRefused : kDone);
}

} // namespace

void addIntel(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<IntelArguments>();
    CLI::App *verb = addVerb(app, context, "intel", "Indicators of compromise");
    verb->require_subcommand(1);
    CLI::App *import =
        addVerb(*verb, context, "import", "Import indicators from text or CSV and hunt the new ones in the past");
    import->add_option("--source", arguments->source, "Name of the source");
    import->add_option("paths", arguments->paths, "Files")->required();
    import->callback([&context, arguments] { context.run = [&context, arguments] { return runImport(context, *arguments);
};
} // namespace nightjar::cli
);
CLI::App *undo = addVerb(*verb, context, "undo", "Take one import back");
undo->add_option("import", arguments->import, "Number of the import")->required();
undo->callback([&context, arguments] { context.run = [&context, arguments] { return runUndo(context, *arguments); }; });
CLI::App *list = addVerb(*verb, context, "list", "Indicators that contain a text");
list->add_option("query", arguments->text, "Part of the value");
list->add_option("--limit", arguments->limit, "At most so many");
list->callback([&context, arguments] { context.run = [&context, arguments] { return runList(context, *arguments); }; });
CLI::App *hunt = addVerb(*verb, context, "retrohunt", "Look for values in all stored events");
hunt->add_option("values", arguments->values, "Domains, addresses, URLs, hashes")->required();
hunt->callback([&context, arguments] { context.run = [&context, arguments] { return runHunt(context, *arguments); }; });
}

} // namespace nightjar::cli
