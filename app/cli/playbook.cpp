// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookservice.h"

#include "base/files.h"
#include "cli/command.h"
#include "cli/json.h"

#include <cstdio>
#include <memory>

/// Playbooks: check, rehearse, run, answer.
namespace nightjar::cli {

namespace {

using workspace::PlaybookRun;
using workspace::PlaybookStep;

constexpr std::uint64_t kMaxBytes = 1U << 20U;

struct PlaybookArguments {
    std::string what;
    std::vector<std::string> files, ids;
    std::int64_t alert = 0, run = 0;
    bool dryRun = false, again = false, deny = false, steps = false;
    std::size_t limit = 1'000;
};

Json parsed(const std::string &text)
{
    const Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json() : json;
}

Json stepJson(const PlaybookStep &step)
{
    Json json{{"step", step.path}, {"name", step.name}, {"kind", step.kind}, {"state", step.state}};
    for (const auto &[key, text] : {std::pair("sends", &step.sends), std::pair("result", &step.result)}) {
        if (!text->empty() && *text != "null") {
            json[key] = parsed(*text);
        }
    }
    if (!step.why.empty()) {
        json["why"] = step.why;
    }
    if (step.started != kNoTime) {
        json["started"] = formatIsoTime(step.started);
        json["ended"] = formatIsoTime(step.ended);
    }
    return json;
}

Json runJson(const PlaybookRun &run)
{
    Json json{{"run", run.id},
              {"playbook", run.playbook},
              {"version", run.version},
              {"title", run.title},
              {"trigger", run.trigger},
              {"alert", run.alert},
              {"state", run.state},
              {"why", run.why},
              {"who", run.actor},
              {"created", formatIsoTime(run.created)},
              {"updated", formatIsoTime(run.updated)}};
    if (run.wake != kNoTime) {
        json["wake"] = formatIsoTime(run.wake);
    }
    return json;
}

int endOf(const Context &context, const PlaybookRun &run)
{
    const bool open = run.state == "waiting" || run.state == "approval";
    const bool good = run.state == "done" || run.state == "skipped";
    return finish(context, good ? kDone : open ? kRefused : kFailed);
}

int check(const PlaybookArguments &arguments)
{
    int code = kDone;
    for (const std::string &file : arguments.files) {
        const auto text = readFile(file, kMaxBytes);
        if (!text) {
            return failed(text.error());
        }
        const auto problems = workspace::PlaybookService::check(*text, file);
        for (const Error &problem : problems) {
            std::fprintf(stderr, "%s\n", describe(problem).c_str());
        }
        Json json{{"file", file}, {"status", problems.empty() ? "ok" : "rejected"}, {"problems", Json::array()}};
        for (const Error &problem : problems) {
            json["problems"].push_back(errorJson(problem));
        }
        printLine(dump(json));
        code = problems.empty() ? code : static_cast<int>(kFailed);
    }
    return code;
}

int printSteps(const std::vector<PlaybookStep> &steps)
{
    bool refused = false;
    for (const PlaybookStep &step : steps) {
        refused = refused || step.state == "refused" || step.state == "failed";
        printLine(dump(stepJson(step)));
    }
    return refused ? kRefused : kDone;
}

int run(Context &context, const PlaybookArguments &arguments)
{
    std::error_code ignored;
    const bool onlyLook = arguments.dryRun && std::filesystem::exists(context.workspaceFolder, ignored);
    const auto space = openWorkspace(context, true, onlyLook);
    if (!space) {
        return kFailed;
    }
    auto &playbooks = space->playbooks();
    if (arguments.dryRun) {
        const auto steps = playbooks.rehearse(arguments.what, arguments.alert, context.cancel);
        return steps ? finish(context, printSteps(*steps)) : failed(steps.error());
    }
    const auto ended = playbooks.run(arguments.what, arguments.alert, arguments.again, context.cancel);
    if (!ended) {
        return failed(ended.error());
    }
    if (const auto steps = playbooks.steps(ended->id)) {
        printSteps(*steps);
    }
    printLine(dump(runJson(*ended)));
    return endOf(context, *ended);
}

int list(Context &context)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    for (const workspace::PlaybookInfo &info : space->playbooks().list()) {
        Json json{{"id", info.id},           {"title", info.title}, {"version", info.version},
                  {"enabled", info.enabled}, {"own", info.own},     {"triggers", info.triggers},
                  {"secrets", info.secrets}, {"file", info.file},   {"description", info.description}};
        if (!info.why.empty()) {
            json["why"] = info.why;
        }
        for (const Error &problem : info.problems) {
            json["problems"].push_back(errorJson(problem));
        }
        printLine(dump(json));
    }
    return kDone;
}

int runs(Context &context, const PlaybookArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    if (arguments.run > 0) {
        const auto steps = space->playbooks().steps(arguments.run);
        if (!steps) {
            return failed(steps.error());
        }
        printSteps(*steps);
        return kDone;
    }
    const auto all = space->playbooks().runs(arguments.limit);
    if (!all) {
        return failed(all.error());
    }
    for (const PlaybookRun &run : *all) {
        if (!printLine(dump(runJson(run)))) {
            break;
        }
    }
    return kDone;
}

int enable(Context &context, const PlaybookArguments &arguments, bool enabled)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    for (const std::string &id : arguments.ids) {
        if (auto set = space->playbooks().setEnabled(id, enabled); !set) {
            return failed(set.error());
        }
    }
    return kDone;
}

int approve(Context &context, const PlaybookArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const std::string who = space->settings().get("respond.actor").value_or("you");
    const auto ended = space->playbooks().decide(arguments.run, !arguments.deny, who, context.cancel);
    if (!ended) {
        return failed(ended.error());
    }
    printLine(dump(runJson(*ended)));
    return endOf(context, *ended);
}

/// Triggers and what waits, once: for a timer of the system.
int due(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto count = space->playbooks().catchUp(context.cancel);
    if (!count) {
        return failed(count.error());
    }
    printLine(dump({{"runs", *count}}));
    return finish(context, kDone);
}

} // namespace

void addPlaybook(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<PlaybookArguments>();
    CLI::App *playbook = addVerb(app, context, "playbook", "What is done, step by step, when an alert comes up");
    playbook->require_subcommand(1);
    CLI::App *checker =
        addVerb(*playbook, context, "check", "Read a playbook and tell everything that is wrong with it");
    checker->add_option("files", arguments->files, "Files")->required();
    checker->callback([&context, arguments] { context.run = [arguments] { return check(*arguments); }; });

    CLI::App *runner = addVerb(*playbook, context, "run", "Run a playbook for an alert");
    runner->add_option("playbook", arguments->what, "A file, or the id of a listed one")->required();
    runner->add_option("--alert", arguments->alert, "Number of the alert");
    runner->add_flag("--dry-run", arguments->dryRun,
                     "Each step with what it would send; needs neither tenant nor network");
    runner->add_flag("--again", arguments->again, "Also when it has run for this alert");
    runner->callback(
        [&context, arguments] { context.run = [&context, arguments] { return run(context, *arguments); }; });

    CLI::App *lister = addVerb(*playbook, context, "list", "All playbooks, and which run by themselves");
    lister->callback([&context] { context.run = [&context] { return list(context); }; });
    CLI::App *past = addVerb(*playbook, context, "runs", "Runs, newest first; with a number the steps of one");
    past->add_option("run", arguments->run, "Number of a run");
    past->add_option("--limit", arguments->limit, "At most so many");
    past->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runs(context, *arguments); }; });

    for (const auto &[name, help, on] : {std::tuple("enable", "Let playbooks run by themselves", true),
                                         std::tuple("disable", "Let them run no more", false)}) {
        CLI::App *verb = addVerb(*playbook, context, name, help);
        verb->add_option("ids", arguments->ids, "Ids of listed playbooks")->required();
        const bool enabled = on;
        verb->callback([&context, arguments, enabled] {
            context.run = [&context, arguments, enabled] { return enable(context, *arguments, enabled); };
        });
    }
    CLI::App *answer = addVerb(*playbook, context, "approve", "Answer a run that asks, and go on with it");
    answer->add_option("run", arguments->run, "Number of the run")->required();
    answer->add_flag("--deny", arguments->deny, "No: end it");
    answer->callback(
        [&context, arguments] { context.run = [&context, arguments] { return approve(context, *arguments); }; });
    CLI::App *once = addVerb(*playbook, context, "due", "Look at triggers and waiting runs once");
    once->callback([&context] { context.run = [&context] { return due(context); }; });
}

} // namespace nightjar::cli
