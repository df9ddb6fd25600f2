// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/feed.h"
#include "cli/summary.h"

#include "base/text.h"
#include "workspace/upkeepservice.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

struct ImportArguments {
    std::vector<std::filesystem::path> paths;
    std::string format = "auto";
    std::string escape;
    std::string type;
    std::string zone;
    bool noDetect = false;
};

std::function<void(const workspace::ImportProgress &)> progressPrinter(const Context &context)
{
    if (!showsProgress(context)) {
        return {};
    }
    return [](const workspace::ImportProgress &p) {
        std::string text = visible(p.file) + "  " + groupThousands(p.events) + " events";
        if (p.bytesTotal > 0) {
            text += "  " + std::to_string(p.bytesRead * 100 / p.bytesTotal) + " %";
        }
        text += "  " + groupThousands(static_cast<std::int64_t>(p.eventsPerSecond)) + "/s";
        printProgress(text);
    };
}

Result<workspace::ImportOptions> optionsOf(const Context &context, const ImportArguments &arguments)
{
    workspace::ImportOptions options;
    if (arguments.format != "auto") {
        auto format = feedFormat(arguments.format, arguments.escape, context.workspaceFolder, true);
        if (!format) {
            return fail(format.error());
        }
        options.format = std::move(*format);
    }
    options.detect = !arguments.noDetect;
    options.forcedType = arguments.type;
    options.zone = arguments.zone;
    return options;
}

int report(const Context &context, const Result<workspace::ImportSummary> &summary)
{
    endProgress(context);
    if (!summary) {
        return failed(summary.error());
    }
    bool bad = summary->quarantined > 0;
    for (const workspace::FileResult &file : summary->results) {
        if (file.error) {
            std::fprintf(stderr, "%s\n", describe(*file.error).c_str());
            bad = true;
        }
        if (file.state == workspace::FileState::AlreadyImported) {
            std::fprintf(stderr, "%s: already imported, nothing stored twice\n", visible(file.file).c_str());
        }
    }
    printLine(context.json ? importSummaryJson(*summary) : importSummaryText(*summary));
    const bool nothing = summary->files > 0 && summary->records == 0 && bad;
    return finish(context, nothing ? kFailed : bad ? kRefused : kDone);
}

int runImport(Context &context, const ImportArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    const auto options = optionsOf(context, arguments);
    if (!options) {
        return failed(options.error());
    }
    const PlaybookWatch playbooks(*space, context);
    return report(context,
                  space->imports().importPaths(arguments.paths, *options, progressPrinter(context), context.cancel));
}

int runTail(Context &context, const ImportArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    const auto options = optionsOf(context, arguments);
    if (!options) {
        return failed(options.error());
    }
    const PlaybookWatch playbooks(*space, context);
    space->upkeep().start();
    const auto summary = space->imports().follow(arguments.paths, *options, progressPrinter(context), context.cancel);
    // Being told to stop is the only way in which following ends.
    const int code = report(context, summary);
    return code == kInterrupted ? static_cast<int>(kDone) : code;
}

void addFormat(CLI::App &verb, ImportArguments &arguments)
{
    verb.add_option("--format", arguments.format,
                    "auto: recognised by content; or a file with the feed's format, or the name of a kept one");
    verb.add_option("--escape", arguments.escape, "Escape characters of that feed");
    verb.add_option("--type", arguments.type, "Log type of all records: web, firewall, dns, …");
    verb.add_option("--tz", arguments.zone, "Time zone of records that carry none");
    verb.add_flag("--no-detect", arguments.noDetect, "Store only; no rules, indicators or anomaly detection");
}

} // namespace

void addImport(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<ImportArguments>();
    CLI::App *import = addVerb(app, context, "import", "Import files, folders and archives (- reads standard input)");
    addFormat(*import, *arguments);
    import->add_option("paths", arguments->paths, "What to import")->required();
    import->callback([&context, arguments] { context.run = [&context, arguments] { return runImport(context, *arguments);
};
} // namespace nightjar::cli
);

CLI::App *tail = addVerb(app, context, "tail", "Follow files until interrupted");
addFormat(*tail, *arguments);
tail->add_option("paths", arguments->paths, "Files to follow")->required();
tail->callback([&context, arguments] { context.run = [&context, arguments] { return runTail(context, *arguments); }; });
}

} // namespace nightjar::cli
