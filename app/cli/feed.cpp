// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"
#include "cli/json.h"

#include "cli/command.h"

#include "base/text.h"
#include "logs/feedmatcher.h"
#include "logs/feedsetup.h"
#include "logs/normalise.h"
#include "workspace/engine.h"
#include "workspace/feedformats.h"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

struct FeedArguments {
    std::filesystem::path file, lines;
    std::string escape, zone = "UTC", name, transport;
    std::size_t limit = 1'000;
};

int runCompile(Context &context, const FeedArguments &arguments)
{
    const auto format = compileFile(arguments.file, arguments.escape);
    if (!format) {
        if (context.json) {
            const Error &error = format.error();
            printLine(dump({{"error",
                             {{"code", error.code},
                              {"title", error.title},
                              {"reason", error.reason},
                              {"line", error.place.line},
                              {"column", error.place.column},
                              {"hint", error.hint}}}}));
        }
        return failed(format.error());
    }
    if (context.json) {
        printLine(feedReportJson(**format));
    } else {
        std::fputs(feedReportText(**format).c_str(), stdout);
    }
    return kDone;
}

/// One format and what takes its records apart.
struct Feed {
    Feed(std::shared_ptr<const logs::FeedFormat> compiled, const TimeZone &zone)
        : matcher(std::move(compiled))
        , clock(matcher.format(), zone)
    {
    }
    logs::FeedMatcher matcher;
    logs::FeedClock clock;
};

Result<std::unique_ptr<Feed>> openFeed(const FeedArguments &arguments)
{
    const auto zone = TimeZone::named(arguments.zone);
    auto format = compileFile(arguments.file, arguments.escape);
    if (!zone || !format) {
        return fail(!zone ? zone.error() : format.error());
    }
    return std::make_unique<Feed>(std::move(*format), *zone);
}

logs::Reject rejectOf(const logs::ScanProblem &problem, std::string_view line, std::uint64_t number,
                      std::uint64_t index)
{
    logs::Reject reject;
    reject.position = {number, index};
    reject.error = {"NJ-LOGS-034", "A record does not fit the feed format", problem.reason,
                    Place{{}, number, problem.offset + 1}, "Compare it with the feed's output format in the portal."};
    reject.raw = std::string(line.substr(0, logs::kMaxRejectRaw));
    return reject;
}

int runParse(Context &context, const FeedArguments &arguments)
{
    const auto feed = openFeed(arguments);
    if (!feed) {
        return failed(feed.error());
    }
    bool refused = false;
    std::uint64_t index = 0;
    const Status done = forEachLine(arguments.lines, [&](std::string_view line, std::uint64_t number) {
        ++index;
        if (const auto problem = (*feed)->matcher.match(line)) {
            refused = true;
            return printLine(logs::rejectToJson(arguments.lines.string(), rejectOf(*problem, line, number, index))) &&
                   !context.cancel.cancelled();
        }
        return printLine(logs::feedRecordJson((*feed)->matcher, (*feed)->clock, systemClock().now())) &&
               !context.cancel.cancelled();
    });
    return done ? finish(context, refused ? kRefused : kDone) : failed(done.error());
}

/// What the first records of a feed tell about its format.
struct Check {
    std::uint64_t records = 0, failing = 0, untimed = 0;
    Timestamp first = kNoTime, last = kNoTime;
    std::vector<bool> said; ///< by token: had a value that says something
};

void note(Check &check, Feed &feed)
{
    const Timestamp time = feed.clock.timeOf(feed.matcher, systemClock().now());
    if (time == kNoTime) {
        ++check.untimed;
    } else {
        check.first = check.first == kNoTime ? time : std::min(check.first, time);
        check.last = std::max(check.last, time);
    }
    for (std::size_t i = 0; i < check.said.size(); ++i) {
        check.said[i] = check.said[i] || (feed.matcher.has(i) && !logs::saysNothing(feed.matcher.clear(i)));
    }
}

std::string checkReport(const Check &check, const logs::FeedFormat &format)
{
    Json silent = Json::array();
    for (std::size_t i = 0; i < check.said.size(); ++i) {
        if (!check.said[i] && format.tokens()[i].first == i && check.records > check.failing) {
            silent.push_back(format.tokens()[i].key);
        }
    }
    Json doubtful = Json::array();
    for (const logs::FeedDoubt &doubt : format.doubts()) {
        doubtful.push_back(doubt.reason);
    }
    Json report = {{"records", check.records},       {"fitting", check.records - check.failing},
                   {"failing", check.failing},       {"without_time", check.untimed},
                   {"log_type", format.kind().type}, {"never_filled", silent},
                   {"ambiguous", doubtful}};
    if (check.first != kNoTime) {
        report["first"] = formatIsoTime(check.first);
        report["last"] = formatIsoTime(check.last);
    }
    return dump(report);
}

int runCheck(Context &context, const FeedArguments &arguments)
{
    const auto feed = openFeed(arguments);
    if (!feed) {
        return failed(feed.error());
    }
    Check check;
    check.said.resize((*feed)->matcher.format().tokens().size());
    const Status done = forEachLine(arguments.lines, [&](std::string_view line, std::uint64_t number) {
        ++check.records;
        if (const auto problem = (*feed)->matcher.match(line)) {
            ++check.failing;
            printLine(logs::rejectToJson(arguments.lines.string(), rejectOf(*problem, line, number, check.records)));
        } else {
            note(check, **feed);
        }
        return check.records < arguments.limit && !context.cancel.cancelled();
    });
    if (!done) {
        return failed(done.error());
    }
    printLine(checkReport(check, (*feed)->matcher.format()));
    return finish(context, check.failing > 0 || check.records == 0 ? kRefused : kDone);
}

int runSetup(Context &context, const FeedArguments &arguments)
{
    const auto setup = logs::feedSetup(arguments.name, arguments.transport, workspace::resourcesFolder() / "feeds");
    if (!setup) {
        failed(setup.error());
        return kWrongUse;
    }
    if (context.json) {
        Json settings = Json::object();
        for (const auto &[label, value] : setup->settings) {
            settings[label] = value;
        }
        printLine(dump({{"feed", setup->name},
                        {"transport", logs::transportName(setup->transport)},
                        {"escape", setup->escape},
                        {"settings", settings},
                        {"steps", setup->steps},
                        {"format", setup->format}}));
        return kDone;
    }
    std::string text = "Feed output format:\n\n" + setup->format + "\n\nSettings:\n";
    for (const auto &[label, value] : setup->settings) {
        text += "  " + label + ": " + value + "\n";
    }
    text += "\nSteps:\n";
    for (const std::string &step : setup->steps) {
        text += "  - " + step + "\n";
    }
    std::fputs(text.c_str(), stdout);
    return kDone;
}

int runList(const Context &context)
{
    for (const workspace::KeptFeedFormat &kept : workspace::FeedFormats(context.workspaceFolder).list()) {
        const auto format = logs::FeedFormat::compile(kept.text, kept.escape);
        Json line = {{"name", kept.name}, {"escape", kept.escape}, {"compiles", format.has_value()}};
        if (format) {
            line["log_type"] = (*format)->kind().type;
            line["shape"] = logs::shapeName((*format)->shape());
            line["tokens"] = (*format)->tokens().size();
        }
        line["format"] = kept.text;
        printLine(dump(line));
    }
    return kDone;
}

int runSave(const Context &context, const FeedArguments &arguments)
{
    const auto format = compileFile(arguments.file, arguments.escape);
    if (!format) {
        return failed(format.error());
    }
    if (!openWorkspace(context, true, false)) {
        return kFailed;
    }
    const auto saved =
        workspace::FeedFormats(context.workspaceFolder).save({arguments.name, (*format)->escape(), (*format)->text()});
    return saved ? static_cast<int>(kDone) : failed(saved.error());
}

int runRemove(const Context &context, const FeedArguments &arguments)
{
    const auto removed = workspace::FeedFormats(context.workspaceFolder).remove(arguments.name);
    return removed ? static_cast<int>(kDone) : failed(removed.error());
}

void addFile(CLI::App &verb, FeedArguments &arguments)
{
    verb.add_option("format", arguments.file, "File with the feed output format")->required();
    verb.add_option("--escape", arguments.escape, "Feed escape characters, such as ,\\\" or ASCII_44");
}

void addLines(CLI::App &verb, FeedArguments &arguments)
{
    addFile(verb, arguments);
    verb.add_option("lines", arguments.lines, "File with records, or - for standard input")->required();
    verb.add_option("--tz", arguments.zone, "Time zone of the feed");
}

} // namespace

void addFeed(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<FeedArguments>();
    CLI::App *feed = app.add_subcommand("feed", "Feed output formats: compile, test, keep, set up");
    feed->require_subcommand(1);
    const auto run = [&context, arguments](CLI::App *verb, int (*what)(Context &, const FeedArguments &)) {
        verb->callback([&context, arguments, what] {
            context.run = [&context, arguments, what] { return what(context, *arguments); };
        });
    };
    CLI::App *compile =
        addVerb(*feed, context, "compile", "Compile a format: tokens, types, what cannot be told apart");
    addFile(*compile, *arguments);
    run(compile, runCompile);
    CLI::App *parse = addVerb(*feed, context, "parse", "Parse records with a format");
    addLines(*parse, *arguments);
    run(parse, runParse);
    CLI::App *check = addVerb(*feed, context, "check", "Test the first records that arrive against a format");
    addLines(*check, *arguments);
    check->add_option("--limit", arguments->limit, "How many records at most");
    run(check, runCheck);
    CLI::App *setup = addVerb(*feed, context, "setup", "The format and the portal settings for a new feed");
    std::string names;
    for (const std::string_view name : logs::feedSetupNames()) {
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
    setup->add_option("feed", arguments->name, names)->required();
    setup->add_option("--transport", arguments->transport, "nss, cloud-nss or lss")
        ->check(CLI::IsMember({"nss", "cloud-nss", "lss"}));
    run(setup, runSetup);
    CLI::App *list = addVerb(*feed, context, "list", "The formats that the workspace keeps");
    run(list, [](Context &shared, const FeedArguments &) { return runList(shared); });
    CLI::App *save = addVerb(*feed, context, "save", "Keep a format in the workspace, for --format NAME");
    save->add_option("name", arguments->name, "Its name")->required();
    addFile(*save, *arguments);
    run(save, [](Context &shared, const FeedArguments &given) { return runSave(shared, given); });
    CLI::App *remove = addVerb(*feed, context, "remove", "Forget a format of the workspace");
    remove->add_option("name", arguments->name, "Its name")->required();
    run(remove, [](Context &shared, const FeedArguments &given) { return runRemove(shared, given); });
}

} // namespace nightjar::cli
