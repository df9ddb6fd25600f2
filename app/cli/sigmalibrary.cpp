// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sigmarules.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <map>
#include <memory>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct LibraryArguments {
    std::vector<std::filesystem::path> rules;
    std::vector<std::string> ids;
    std::vector<std::string> values;
    std::string from, to, path, source = "sigma", level;
    bool dryRun = false, noise = false;
};

bool readTimes(const LibraryArguments &arguments, Timestamp &from, Timestamp &to)
{
    const auto first = parseTimeArgument(arguments.from);
    const auto last = parseTimeArgument(arguments.to);
    if (!first || !last) {
        failed(first ? last.error() : first.error());
        return false;
    }
    from = *first;
    to = *last;
    return true;
}

int runHunt(Context &context, const LibraryArguments &arguments)
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    if (!readTimes(arguments, from, to)) {
        return kWrongUse;
    }
    RuleArguments rules;
    rules.rules = arguments.rules;
    bool refused = false;
    loadRules(rules, refused); // tells what is not used
    const auto workspace = openWorkspace(context, false, true);
    if (!workspace) {
        return kFailed;
    }
    const auto hunted = workspace->detections().hunt(
        arguments.rules, from, to, context.cancel, [](const std::string &rule, std::int64_t event) {
            std::string line = "{\"rule\":";
            appendJsonQuoted(line, rule);
            return printLine(line + ",\"event\":" + std::to_string(event) + "}");
        });
    if (!hunted) {
        return failed(hunted.error());
    }
    std::fprintf(stderr, "%s\n",
                 text({{"rules", hunted->rules},
                       {"events_scanned", hunted->events},
                       {"blocks", hunted->blocks},
                       {"blocks_skipped", hunted->blocksSkipped},
                       {"matches", hunted->matches},
                       {"seconds", hunted->seconds}})
                     .c_str());
    return finish(context, refused ? kRefused : kDone);
}

int runImport(Context &context, const LibraryArguments &arguments)
{
    const auto workspace = openWorkspace(context, !arguments.dryRun, arguments.dryRun);
    if (!workspace) {
        return kFailed;
    }
    const auto changes =
        workspace->detections().importRules(arguments.path, arguments.source, !arguments.dryRun, context.cancel);
    if (!changes) {
        return failed(changes.error());
    }
    std::map<std::string, int> totals;
    bool refused = false;
    for (const workspace::RuleChange &change : *changes) {
        ++totals[change.kind];
        refused = refused || (!change.verdict.empty() && change.verdict != "ok");
        Json line{{"change", change.kind}, {"file", change.file}};
        for (const auto &[key, value] : {std::pair{"id", change.id},
                                         {"title", change.title},
                                         {"verdict", change.verdict},
                                         {"reason", change.reason}}) {
            if (!value.empty()) {
                line[key] = value;
            }
        }
        if (!change.differs.empty()) {
            line["differs"] = change.differs;
        }
        if (!printLine(text(line))) {
            break;
        }
    }
    for (const auto &[kind, count] : totals) {
        std::fprintf(stderr, "%s: %d\n", kind.c_str(), count);
    }
    std::fprintf(stderr, "%s\n", arguments.dryRun ? "nothing has been changed (--dry-run)" : "taken over");
    return finish(context, refused ? kRefused : kDone);
}

int listNoise(Context &context, workspace::Workspace &workspace, const LibraryArguments &arguments)
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    if (!readTimes(arguments, from, to)) {
        return kWrongUse;
    }
    const auto noise = workspace.detections().noise(from, to, context.cancel);
    if (!noise) {
        return failed(noise.error());
    }
    for (const workspace::RuleNoise &rule : *noise) {
        Json line{{"rule", rule.id},         {"title", rule.title}, {"level", rule.level},
                  {"matches", rule.matches}, {"days", rule.days},   {"micros_per_1000", rule.microsPerThousand}};
        if (!rule.silent.empty()) {
            line["silent"] = rule.silent;
        }
        if (!printLine(text(line))) {
            break;
        }
    }
    return finish(context, kDone);
}

int runList(Context &context, const LibraryArguments &arguments)
{
    const auto workspace = openWorkspace(context, true, false);
    if (!workspace) {
        return kFailed;
    }
    if (arguments.noise) {
        return listNoise(context, *workspace, arguments);
    }
    const auto rules = workspace->detections().rules();
    if (!rules) {
        return failed(rules.error());
    }
    for (const workspace::RuleInfo &rule : *rules) {
        Json line{{"id", rule.id},       {"title", rule.title},  {"kind", rule.kind},
                  {"level", rule.level}, {"status", rule.state}, {"enabled", rule.enabled},
                  {"file", rule.file},   {"line", rule.line},    {"tags", rule.tags}};
        if (rule.level != rule.fileLevel) {
            line["file_level"] = rule.fileLevel;
        }
        if (rule.refused) {
            line["refused"] = true;
        }
        if (!rule.remark.empty()) {
            line["remark"] = rule.remark;
        }
        if (!printLine(text(line))) {
            break;
        }
    }
    return finish(context, kDone);
}

int change(Context &context, const std::function<Status(workspace::DetectionService &)> &what)
{
    const auto workspace = openWorkspace(context, true, false);
    if (!workspace) {
        return kFailed;
    }
    const auto done = what(workspace->detections());
    return done ? static_cast<int>(kDone) : failed(done.error());
}

int runExcept(Context &context, const LibraryArguments &arguments)
{
    std::vector<std::pair<std::string, std::string>> values;
    for (const std::string &value : arguments.values) {
        const std::size_t mark = value.find('=');
        if (mark == std::string::npos || mark == 0) {
            std::fprintf(stderr, "\"%s\" is no FIELD=VALUE\n", value.c_str());
            return kWrongUse;
        }
        values.emplace_back(value.substr(0, mark), value.substr(mark + 1));
    }
    const auto workspace = openWorkspace(context, true, false);
    if (!workspace) {
        return kFailed;
    }
    const auto file = workspace->detections().addException(arguments.ids.front(), values, {});
    if (!file) {
        return failed(file.error());
    }
    printLine(text({{"file", *file}}));
    return kDone;
}

} // namespace

void addSigmaLibrary(CLI::App &sigma, Context &context)
{
    auto arguments = std::make_shared<LibraryArguments>();
    const auto add = [&](const char *name, const char *help,
                         std::function<int(Context &, const LibraryArguments &)> run) {
        CLI::App *verb = addVerb(sigma, context, name, help);
        verb->callback([&context, arguments, run = std::move(run)] {
            context.run = [&context, arguments, run] { return run(context, *arguments); };
        });
        return verb;
    };
    const auto addTimes = [&](CLI::App *verb) {
        verb->add_option("--from", arguments->from, "First event time: ISO 8601, or back from now (-24h)");
        verb->add_option("--to", arguments->to, "Event time to stop before");
    };
    CLI::App *hunt = add("hunt", "Rules over stored events", runHunt);
    hunt->add_option("--rules", arguments->rules, "Rule files and folders")->required();
    addTimes(hunt);
    CLI::App *import =
        add("import", "Take rules over from a folder or an archive, or see what would change", runImport);
    import->add_option("path", arguments->path, "Folder, zip or tar archive with Sigma rules")->required();
    import->add_option("--source", arguments->source, "Name of this import; a later one replaces it (default: sigma)");
    import->add_flag("--dry-run", arguments->dryRun, "Only print what would be added, changed and removed");
    CLI::App *list = add("list", "Every rule of the workspace", runList);
    list->add_flag("--noise", arguments->noise, "Hits and cost over stored events, and which rules cannot fire");
    addTimes(list);
    for (const bool enabled : {true, false}) {
        CLI::App *verb =
            add(enabled ? "enable" : "disable", enabled ? "Run rules again" : "Run rules no more",
                [enabled](Context &c, const LibraryArguments &a) {
                    return change(c, [&](auto &detections) { return detections.setEnabled(a.ids, enabled); });
                });
        verb->add_option("ids", arguments->ids, "Ids of rules")->required();
    }
    CLI::App *level = add("level", "Give rules another severity", [](Context &c, const LibraryArguments &a) {
        return change(c, [&](auto &detections) { return detections.setLevel(a.ids, a.level); });
    });
    level->add_option("--to", arguments->level, "informational, low, medium, high, critical; empty: the file's")
        ->required();
    level->add_option("ids", arguments->ids, "Ids of rules")->required();
    CLI::App *except = add("except", "Take events out of a rule by a filter", runExcept);
    except->add_option("id", arguments->ids, "Id of the rule")->required()->expected(1);
    except->add_option("--value", arguments->values, "FIELD=VALUE; all of them have to hold")->required();
}

} // namespace nightjar::cli
