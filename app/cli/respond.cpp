// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/respond.h"
#include "cli/json.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

using workspace::RespondService;

struct RespondArguments {
    std::vector<std::string> values, confirmed;
    std::string target = "deny", reason, ttl;
    bool dryRun = false, noActivate = false, yes = false, bulk = false;
    std::int64_t change = 0;
    std::size_t limit = 1'000;
};

int print(const Context &context, const Result<std::vector<workspace::BlockOutcome>> &outcomes)
{
    if (!outcomes) {
        return failed(outcomes.error());
    }
    bool bad = false;
    for (const workspace::BlockOutcome &o : *outcomes) {
        printLine(dump({{"value", o.value},
                        {"entry", o.entry},
                        {"list", o.list},
                        {"result", o.result},
                        {"state", o.state},
                        {"why", o.why},
                        {"request_id", o.requestId}}));
        bad = bad || o.result == "refused" || o.result == "queued" || o.result == "failed";
    }
    return finish(context, bad ? kRefused : kDone);
}

} // namespace

RespondService::Progress stagePrinter(const Context &context)
{
    if (!showsProgress(context)) {
        return {};
    }
    return [](workspace::BlockStage stage, const std::string &value) {
        constexpr const char *kStages[] = {"queued", "sent", "activated", "verified", "failed"};
        std::fprintf(stderr, "%s: %s\n", value.c_str(), kStages[static_cast<std::size_t>(stage)]);
    };
}

void settleFirst(workspace::Workspace &space, const Context &context)
{
    const auto outcomes = space.respond().settle(context.cancel);
    if (!outcomes) {
        std::fprintf(stderr, "warning: changes of an earlier run are still open: %s\n",
                     describe(outcomes.error()).c_str());
        return;
    }
    for (const workspace::BlockOutcome &o : *outcomes) {
        std::fprintf(stderr, "settled from before: %s: %s, %s%s%s\n", o.entry.c_str(), o.result.c_str(),
                     o.state.c_str(), o.why.empty() ? "" : ": ", o.why.c_str());
    }
}

namespace {

int change(Context &context, const RespondArguments &arguments, bool block)
{
    RespondService::Options options;
    options.reason = arguments.reason;
    options.dryRun = arguments.dryRun;
    options.activate = !arguments.noActivate;
    options.yes = arguments.yes;
    options.confirmed = arguments.confirmed;
    if (!arguments.ttl.empty()) {
        const auto ttl = parseDuration(arguments.ttl);
        if (!ttl || *ttl <= 0) {
            std::fprintf(stderr, "--ttl takes a duration such as 30d or 12h, not \"%s\"\n", arguments.ttl.c_str());
            return kWrongUse;
        }
        options.ttlMicros = *ttl;
    }
    std::error_code ignored; // a dry run disturbs nobody and works beside an open window
    const bool onlyLook = arguments.dryRun && std::filesystem::exists(context.workspaceFolder, ignored);
    const auto space = openWorkspace(context, true, onlyLook);
    if (!space) {
        return kFailed;
    }
    options.who = space->settings().get("respond.actor").value_or("you");
    auto &respond = space->respond();
    if (!arguments.dryRun) {
        settleFirst(*space, context);
    }
    return print(context, block ? respond.block(arguments.values, options, stagePrinter(context), context.cancel)
                                : respond.unblock(arguments.values, options, stagePrinter(context), context.cancel));
}

void addChange(CLI::App &app, Context &context, const char *name, const char *help, bool block)
{
    auto arguments = std::make_shared<RespondArguments>();
    CLI::App *verb = addVerb(app, context, name, help);
    verb->add_option("values", arguments->values, "Domains, addresses or URLs")->required();
    verb->add_option("--target", arguments->target, "Where to: the deny list")->check(CLI::IsMember({"deny"}));
    verb->add_option("--reason", arguments->reason, "Why, for the journal");
    verb->add_option("--ttl", arguments->ttl, "Retract after this time, 30d for example");
    verb->add_flag("--dry-run", arguments->dryRun, "Tell what would be done; needs no tenant");
    verb->add_flag("--no-activate", arguments->noActivate, "Save only");
    verb->add_flag("--yes", arguments->yes, "Answer plain confirmations");
    verb->add_option("--confirm", arguments->confirmed, "Repeat a value that asks for thought");
    verb->callback([&context, arguments, block] {
        context.run = [&context, arguments, block] { return change(context, *arguments, block); };
    });
}

int journalList(Context &context, const RespondArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto lines = space->respond().journal(arguments.limit);
    if (!lines) {
        return failed(lines.error());
    }
    for (const workspace::JournalLine &line : *lines) {
        if (!printLine(dump({{"id", line.id},
                             {"at", formatIsoTime(line.at)},
                             {"who", line.who},
                             {"action", line.action},
                             {"entry", line.entry},
                             {"reason", line.reason},
                             {"result", line.result},
                             {"state", line.state},
                             {"why", line.detail},
                             {"undoable", line.undoable}}))) {
            break;
        }
    }
    return kDone;
}

int journalUndo(Context &context, const RespondArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    settleFirst(*space, context);
    auto &respond = space->respond();
    return print(context, arguments.bulk ? respond.undoBulk(arguments.change, stagePrinter(context), context.cancel)
                                         : respond.undo(arguments.change, stagePrinter(context), context.cancel));
}

int denyList(Context &context, bool entries)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    settleFirst(*space, context);
    const auto state = space->respond().denyList(true);
    if (!state) {
        return failed(state.error());
    }
    if (state->error) {
        return failed(*state->error);
    }
    Json json{{"tenant", state->tenant},
              {"simulated", state->simulated},
              {"status", state->activation},
              {"count", state->entries.size()},
              {"capacity", state->capacity}};
    if (entries) {
        json["entries"] = Json::array();
        for (const auto &[entry, ours] : state->entries) {
            json["entries"].push_back({{"entry", entry}, {"added_by_nightjar", ours}});
        }
    }
    printLine(dump(json));
    return kDone;
}

} // namespace

void addRespond(CLI::App &app, Context &context)
{
    addChange(app, context, "block", "Block in Zscaler; told as blocked only when it is live", true);
    addChange(app, context, "unblock", "Take a block back", false);

    auto arguments = std::make_shared<RespondArguments>();
    CLI::App *journal = addVerb(app, context, "journal", "Every change ever pushed");
    journal->require_subcommand(0, 1);
    journal->add_option("--limit", arguments->limit, "At most so many");
    journal->callback([&context, arguments] {
        if (!context.run) {
            context.run = [&context, arguments] { return journalList(context, *arguments); };
        }
    });
    CLI::App *list = addVerb(*journal, context, "list", "Newest first");
    list->callback(
        [&context, arguments] { context.run = [&context, arguments] { return journalList(context, *arguments); }; });
    CLI::App *undo = addVerb(*journal, context, "undo", "Take one change back by its inverse");
    undo->add_option("id", arguments->change, "Number of the change")->required();
    undo->add_flag("--bulk", arguments->bulk, "Everything that was pushed together with it");
    undo->callback(
        [&context, arguments] { context.run = [&context, arguments] { return journalUndo(context, *arguments); }; });

    addDeny(app, context);
    CLI::App *zia = addVerb(app, context, "zia", "The tenant");
    zia->require_subcommand(1);
    for (const auto &[name, help, entries] : {std::tuple("login", "Sign in and tell the tenant's state", false),
                                              std::tuple("status", "State of the tenant", false),
                                              std::tuple("denylist", "The deny list as it is in Zscaler", true)}) {
        CLI::App *verb = addVerb(*zia, context, name, help);
        const bool whole = entries;
        verb->callback([&context, whole] { context.run = [&context, whole] { return denyList(context, whole); }; });
    }
    addConnect(*zia, context);
}

} // namespace nightjar::cli
