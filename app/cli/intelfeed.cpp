// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/text.h"
#include "base/url.h"
#include "base/wipe.h"
#include "cli/intel.h"
#include "cli/json.h"

#include <cstdio>

namespace nightjar::cli {

namespace {

struct FeedArguments {
    workspace::FeedConfig config;
    std::filesystem::path tokenFile;
    bool once = false, disabled = false;
};

/// "taxii.example" of "https://taxii.example/api/": a name for a server that got none.
std::string nameOf(const std::string &address)
{
    std::string name;
    for (const char c : splitUrl(address).host) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
        name += plain ? c : '-';
    }
    return name.substr(0, 64);
}

Result<std::string> secretOf(const FeedArguments &arguments)
{
    constexpr std::uint64_t kMost = 64U << 10U;
    if (arguments.tokenFile.empty()) {
        return std::string();
    }
    const auto text = readFile(arguments.tokenFile, kMost);
    return text ? Result<std::string>(std::string(trim(*text))) : fail(text.error());
}

int tell(Context &context, const std::string &name, const Result<workspace::IntelSummary> &summary)
{
    endProgress(context);
    if (!summary) {
        return failed(summary.error());
    }
    for (const Error &problem : summary->problems) {
        std::fprintf(stderr, "%s\n", describe(problem).c_str());
    }
    printSummary(name, *summary);
    const bool clean = summary->invalid == 0 && summary->problems.empty();
    return finish(context, clean ? kDone : kRefused);
}

/// Keeps the feed unless it is asked for once only, and polls it.
int runPolled(Context &context, FeedArguments &arguments)
{
    auto secret = secretOf(arguments);
    if (!secret) {
        return failed(secret.error());
    }
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    if (arguments.config.name.empty()) {
        arguments.config.name = nameOf(arguments.config.address);
    }
    const auto progress = stageProgress(context);
    if (arguments.once) {
        const auto summary = space->feeds().pollOnce(arguments.config, *secret, progress, context.cancel);
        wipe(*secret);
        return tell(context, arguments.config.name, summary);
    }
    const auto saved = space->feeds().save(arguments.config, *secret);
    wipe(*secret);
    if (!saved) {
        return failed(saved.error());
    }
    return tell(context, arguments.config.name, space->feeds().poll(arguments.config.name, progress, context.cancel));
}

int runFeedPoll(Context &context, const FeedArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    return tell(context, arguments.config.name,
                space->feeds().poll(arguments.config.name, stageProgress(context), context.cancel));
}

int runFeedAdd(Context &context, FeedArguments &arguments)
{
    auto secret = secretOf(arguments);
    if (!secret) {
        return failed(secret.error());
    }
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    arguments.config.enabled = !arguments.disabled;
    const auto saved = space->feeds().save(arguments.config, *secret);
    wipe(*secret);
    return saved ? kDone : failed(saved.error());
}

int runFeedList(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto feeds = space->feeds().list();
    if (!feeds) {
        return failed(feeds.error());
    }
    for (const workspace::FeedInfo &feed : *feeds) {
        printLine(dump({{"name", feed.config.name},
                        {"kind", feed.config.kind},
                        {"address", feed.config.address},
                        {"collection", feed.config.collection},
                        {"minutes", feed.config.minutes},
                        {"enabled", feed.config.enabled},
                        {"secret", feed.hasSecret},
                        {"last_poll", formatIsoTime(feed.lastPoll)},
                        {"last_good", formatIsoTime(feed.lastGood)},
                        {"next_poll", formatIsoTime(feed.nextPoll)},
                        {"failures", feed.failures},
                        {"error", feed.error}}));
    }
    return kDone;
}

int runFeedRemove(Context &context, const FeedArguments &arguments)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto removed = space->feeds().remove(arguments.config.name);
    return removed ? kDone : failed(removed.error());
}

void addAccess(CLI::App &verb, FeedArguments &arguments)
{
    verb.add_option("--user", arguments.config.user, "User; the token file then holds the password");
    verb.add_option("--token-file", arguments.tokenFile, "File with the token or the password");
    verb.add_option("--header", arguments.config.header, "Header that carries the token (Auth-Key, X-OTX-API-KEY)");
    verb.add_option("--minutes", arguments.config.minutes, "Between two polls");
}

} // namespace

void addIntelFeeds(CLI::App &verb, Context &context)
{
    auto arguments = std::make_shared<FeedArguments>();
    const auto runs = [&context, arguments](CLI::App *app, auto run) {
        app->callback([&context, arguments, run] {
            context.run = [&context, arguments, run] { return run(context, *arguments); };
        });
    };
    CLI::App *taxii = addVerb(verb, context, "taxii", "Fetch from a TAXII 2.1 server and keep it as a feed");
    taxii->add_option("url", arguments->config.address, "Server, API root or collection")->required();
    taxii->add_option("--collection", arguments->config.collection, "Id, alias or title; else all that can be read");
    taxii->add_option("--source", arguments->config.name, "Name of the source");
    taxii->add_flag("--once", arguments->once, "Do not keep it as a feed");
    addAccess(*taxii, *arguments);
    runs(taxii, [](Context &c, FeedArguments &a) {
        a.config.kind = "taxii";
        return runPolled(c, a);
    });

    CLI::App *feed = addVerb(verb, context, "feed", "Indicators that are fetched by themselves");
    feed->require_subcommand(1);
    CLI::App *add = addVerb(*feed, context, "add", "Keep a list behind a URL, a TAXII server or a folder as a feed");
    add->add_option("name", arguments->config.name, "Name, also of the source")->required();
    add->add_option("address", arguments->config.address, "URL or whole path")->required();
    add->add_option("--kind", arguments->config.kind, "url, taxii or folder")
        ->check(CLI::IsMember({"url", "taxii", "folder"}))
        ->default_val("url");
    add->add_option("--collection", arguments->config.collection, "Of a TAXII server");
    add->add_flag("--disabled", arguments->disabled, "Do not poll it by itself");
    addAccess(*add, *arguments);
    runs(add, [](Context &c, FeedArguments &a) { return runFeedAdd(c, a); });
    runs(addVerb(*feed, context, "list", "Feeds and how they are"),
         [](Context &c, FeedArguments &) { return runFeedList(c); });
    CLI::App *poll = addVerb(*feed, context, "poll", "Fetch now");
    poll->add_option("name", arguments->config.name, "Name of the feed")->required();
    runs(poll, [](Context &c, FeedArguments &a) { return runFeedPoll(c, a); });
    CLI::App *remove = addVerb(*feed, context, "remove", "Forget a feed; its indicators stay");
    remove->add_option("name", arguments->config.name, "Name of the feed")->required();
    runs(remove, [](Context &c, FeedArguments &a) { return runFeedRemove(c, a); });
}

} // namespace nightjar::cli
