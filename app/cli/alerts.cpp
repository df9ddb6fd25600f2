// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "alerts/alertjson.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

struct AlertArguments {
    std::vector<std::int64_t> ids;
    std::string status, verdict, note, text;
    bool all = false;
    std::size_t limit = 5'000;
};

int list(Context &context, const AlertArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    workspace::AlertFilter filter;
    filter.openOnly = !arguments.all && arguments.status.empty();
    filter.status = alerts::parseStatus(arguments.status);
    filter.text = arguments.text;
    filter.limit = arguments.limit;
    const auto found = space->triage().list(filter);
    if (!found) {
        return failed(found.error());
    }
    for (const alerts::Alert &alert : *found) {
        if (!printLine(alerts::toJson(alert, false))) {
            break;
        }
    }
    return kDone;
}

int show(Context &context, const AlertArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    for (const std::int64_t id : arguments.ids) {
        const auto alert = space->triage().get(id);
        if (!alert) {
            return failed(alert.error());
        }
        printLine(alerts::toJson(*alert, true));
    }
    return kDone;
}

int set(Context &context, const AlertArguments &arguments)
{
    workspace::AlertChange change;
    change.status = alerts::parseStatus(arguments.status);
    change.verdict = alerts::parseVerdict(arguments.verdict);
    if (!arguments.note.empty()) {
        change.note = arguments.note;
    }
    if (!change.status && !change.verdict && !change.note) {
        std::fprintf(stderr, "alerts set: nothing to set. Give --status, --verdict or --note.\n");
        return kWrongUse;
    }
    if (change.verdict && !change.status) {
        change.status = alerts::Status::Closed; // a verdict is the end of the triage
    }
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const std::string who = space->settings().get("respond.actor").value_or("you");
    if (auto done = space->triage().change(arguments.ids, change, who); !done) {
        return failed(done.error());
    }
    for (const std::int64_t id : arguments.ids) {
        if (const auto alert = space->triage().get(id)) {
            printLine(alerts::toJson(*alert, false));
        }
    }
    return kDone;
}

int undo(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto undone = space->triage().undo(space->settings().get("respond.actor").value_or("you"));
    if (!undone) {
        return failed(undone.error());
    }
    printLine(nlohmann::json{{"undone", *undone}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return kDone;
}

const std::vector<std::string> kStatuses{"new", "acknowledged", "in_progress", "closed"};
const std::vector<std::string> kVerdicts{"none", "true_positive", "benign", "false_positive", "duplicate"};

void addListOptions(CLI::App &verb, AlertArguments &arguments)
{
    verb.add_flag("--all", arguments.all, "Closed ones, too");
    verb.add_option("--status", arguments.status, "Only these")->check(CLI::IsMember(kStatuses));
    verb.add_option("--text", arguments.text, "Only those with this text");
    verb.add_option("--limit", arguments.limit, "At most so many");
}

} // namespace

void addAlerts(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<AlertArguments>();
    CLI::App *verb = addVerb(app, context, "alerts", "The alert queue");
    verb->require_subcommand(0, 1);
    addListOptions(*verb, *arguments);
    verb->callback([&context, arguments] {
        if (!context.run) {
            context.run = [&context, arguments] { return list(context, *arguments); };
        }
    });
    CLI::App *lister = addVerb(*verb, context, "list", "Open alerts, most urgent first");
    addListOptions(*lister, *arguments);
    lister->callback(
        [&context, arguments] { context.run = [&context, arguments] { return list(context, *arguments); }; });
    CLI::App *shower = addVerb(*verb, context, "show", "One alert with reasons, evidence and history");
    shower->add_option("ids", arguments->ids, "Numbers of alerts")->required();
    shower->callback(
        [&context, arguments] { context.run = [&context, arguments] { return show(context, *arguments); }; });
    CLI::App *setter = addVerb(*verb, context, "set", "Set status, verdict and note");
    setter->add_option("ids", arguments->ids, "Numbers of alerts")->required();
    setter->add_option("--status", arguments->status)->check(CLI::IsMember(kStatuses));
    setter->add_option("--verdict", arguments->verdict)->check(CLI::IsMember(kVerdicts));
    setter->add_option("--note", arguments->note);
    setter->callback(
        [&context, arguments] { context.run = [&context, arguments] { return set(context, *arguments); }; });
    CLI::App *undoer = addVerb(*verb, context, "undo", "Take the newest triage step back");
    undoer->callback([&context] { context.run = [&context] { return undo(context); }; });
}

} // namespace nightjar::cli
