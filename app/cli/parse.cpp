// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/feed.h"

#include "event/builder.h"
#include "logs/framer.h"
#include "logs/parser.h"
#include "logs/reject.h"
#include "sources/input.h"
#include "sources/paths.h"

#include "base/text.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

struct ParseArguments {
    std::vector<std::filesystem::path> paths;
    std::string format = "auto", escape, type, zone = "UTC";
};

/// Prints rows and rejects of one batch in the order in which they stood in the file.
bool printBatch(const std::string &file, const event::EventBlock &block, const std::vector<logs::Reject> &rejects)
{
    std::size_t reject = 0;
    const auto printReject = [&] { return printLine(logs::rejectToJson(file, rejects[reject++])); };
    for (std::size_t row = 0; row < block.rows(); ++row) {
        const event::RecordPosition &position = block.positions()[row];
        while (reject < rejects.size() && rejects[reject].position.index < position.index) {
            if (!printReject()) {
                return false;
            }
        }
        std::string line = "{\"file\":";
        appendJsonQuoted(line, file);
        line += ",\"line\":" + std::to_string(position.line) + ",\"index\":" + std::to_string(position.index);
        const std::string event = block.toJson(row);
        line += event.size() > 2 ? "," + event.substr(1) : "}";
        if (!printLine(line)) {
            return false;
        }
    }
    while (reject < rejects.size()) {
        if (!printReject()) {
            return false;
        }
    }
    return true;
}

struct Parsing {
    logs::RecordParser parser;
    event::BlockBuilder builder;
    bool lines = false; ///< FramerOptions::lines
    bool refused = false;
    bool readers = true;

    void batch(const std::string &file, const logs::RecordBatch &records)
    {
        std::vector<logs::Reject> rejects;
        parser.parse(records, builder, rejects);
        refused = refused || !rejects.empty();
        readers = printBatch(file, builder.finish(), rejects);
    }
};

Status parseMember(sources::Input &input, const std::string &name, Parsing &parsing, const CancelToken &cancel)
{
    logs::FramerOptions framing;
    framing.lines = parsing.lines;
    logs::RecordFramer framer(framing);
    std::vector<char> buffer(1U << 20U);
    Status broken;
    while (parsing.readers && !cancel.cancelled()) {
        const auto got = input.read(buffer);
        if (!got) {
            broken = fail(got.error());
            break;
        }
        if (*got == 0) {
            break;
        }
        framer.feed(std::string_view(buffer.data(), *got));
        while (auto batch = framer.take()) {
            parsing.batch(name, *batch);
        }
    }
    while (auto batch = framer.finish()) {
        parsing.batch(name, *batch);
    }
    return broken;
}

/// What is printed as the file: the path as given, with the member for archives.
std::string shownName(const std::filesystem::path &path, const sources::Input &input)
{
    const std::string name = input.name();
    const std::size_t mark = name.find('!');
    return mark == std::string::npos ? path.string() : path.string() + name.substr(mark);
}

int runParse(Context &context, const ParseArguments &arguments)
{
    logs::ParseOptions options;
    options.forcedType = arguments.type;
    const auto zone = TimeZone::named(arguments.zone);
    if (!zone) {
        failed(zone.error());
        return kWrongUse;
    }
    options.zone = *zone;
    if (auto checked = logs::checkOptions(options); !checked) {
        failed(checked.error());
        return kWrongUse;
    }
    if (arguments.format != "auto") {
        auto format = feedFormat(arguments.format, arguments.escape, {}, false);
        if (!format) {
            return failed(format.error());
        }
        options.format = std::move(*format);
    }
    const auto paths = sources::expandPaths(arguments.paths);
    if (!paths) {
        return failed(paths.error());
    }
    Parsing parsing{logs::RecordParser(options), {}, options.framedByLines()};
    std::size_t unreadable = 0;
    for (const auto &path : *paths) {
        auto input = sources::Input::open(path);
        Status done = input ? Status() : fail(input.error());
        while (done && parsing.readers && !context.cancel.cancelled()) {
            const auto more = (*input)->nextMember();
            if (!more) {
                done = fail(more.error());
            } else if (!*more) {
                break;
            } else {
                done = parseMember(**input, shownName(path, **input), parsing, context.cancel);
            }
        }
        if (!done) {
            failed(done.error());
            ++unreadable;
        }
    }
    if (unreadable > 0 && unreadable == paths->size()) {
        return kFailed;
    }
    return finish(context, parsing.refused || unreadable > 0 ? kRefused : kDone);
}

} // namespace

void addParse(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<ParseArguments>();
    CLI::App *parse = app.add_subcommand("parse", "Parse records to normalised JSON, without a workspace");
    parse->add_option("--format", arguments->format, "auto: recognised by content; or a file with the feed's format");
    parse->add_option("--escape", arguments->escape, "Escape characters of that feed");
    parse->add_option("--type", arguments->type, "Log type of all records");
    parse->add_option("--tz", arguments->zone, "Time zone of records that carry none");
    parse->add_option("paths", arguments->paths, "Files, folders, archives, or - for standard input")->required();
    parse->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runParse(context, *arguments); }; });
}

} // namespace nightjar::cli
