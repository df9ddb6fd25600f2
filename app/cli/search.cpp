// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/json.h"

#include "base/text.h"

#include <cstdio>
#include <limits>
#include <memory>

namespace nightjar::cli {

namespace {

struct SearchArguments {
    std::string query, from, to, order = "desc", format = "json", histogram, facet;
    std::size_t limit = 0; ///< 0: all
    std::size_t top = 10;
    bool count = false;
};

int printHistogram(Context &context, workspace::SearchService &search, const workspace::SearchRequest &request,
                   const std::string &width)
{
    const auto micros = parseDuration(width);
    if (!micros || *micros <= 0) {
        std::fprintf(stderr, "--histogram takes a duration such as 5m, 1h or 1d, not \"%s\"\n", width.c_str());
        return kWrongUse;
    }
    const auto histogram = search.histogram(request, *micros, context.cancel);
    if (!histogram) {
        return failed(histogram.error());
    }
    Json buckets = Json::array();
    for (const auto &b : histogram->buckets) {
        buckets.push_back({{"start", formatIsoTime(b.start)},
                           {"count", b.allowed + b.blocked + b.other},
                           {"allowed", b.allowed},
                           {"denied", b.blocked}});
    }
    printLine(dump({{"bucket_seconds", static_cast<double>(histogram->bucketMicros) / kMicrosPerSecond},
                    {"total", histogram->total},
                    {"buckets", buckets}}));
    return finish(context, kDone);
}

int printFacets(Context &context, workspace::SearchService &search, const workspace::SearchRequest &request,
                const SearchArguments &arguments)
{
    std::vector<std::string> fields;
    for (const std::string_view field : split(arguments.facet, ',')) {
        fields.emplace_back(trim(field));
    }
    const auto facets = search.facets(request, fields, arguments.top, context.cancel);
    if (!facets) {
        return failed(facets.error());
    }
    Json out = Json::object();
    for (const workspace::Facet &facet : *facets) {
        Json values = Json::array();
        for (const auto &value : facet.top) {
            values.push_back({{"value", value.value}, {"count", value.count}});
        }
        out[facet.field] = {{"distinct", facet.distinct}, {"values", values}};
    }
    printLine(dump(out));
    return finish(context, kDone);
}

void printCsvLine(const std::vector<std::string> &cells)
{
    std::string line;
    for (const std::string &cell : cells) {
        line += (line.empty() ? "" : ",") + csvCell(cell);
    }
    printLine(line);
}

int printCsv(Context &context, workspace::SearchService &search, const workspace::SearchRequest &request)
{
    const auto names = search.fieldNames();
    if (!names) {
        return failed(names.error());
    }
    std::vector<std::string> head{"id", "@timestamp"};
    head.insert(head.end(), names->begin(), names->end());
    printCsvLine(head);
    bool readers = true;
    const auto done = search.stream(request, context.cancel, [&](const workspace::EventDetail &event) {
        std::vector<std::string> cells{std::to_string(event.id), formatIsoTime(event.time)};
        for (const std::string &name : *names) {
            std::string cell;
            for (const auto &[field, value] : event.fields) {
                if (field == name) {
                    cell = value;
                }
            }
            cells.push_back(std::move(cell));
        }
        printCsvLine(cells);
        readers = std::ferror(stdout) == 0;
        return readers;
    });
    return done ? finish(context, kDone) : failed(done.error());
}

int printEvents(Context &context, workspace::SearchService &search, const workspace::SearchRequest &request, bool raw)
{
    const auto done = search.stream(request, context.cancel, [&](const workspace::EventDetail &event) {
        return printLine(raw ? event.raw : event.json);
    });
    return done ? finish(context, kDone) : failed(done.error());
}

int runSearch(Context &context, const SearchArguments &arguments)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    workspace::SearchRequest request;
    request.query = arguments.query;
    const auto from = parseTimeArgument(arguments.from);
    const auto to = parseTimeArgument(arguments.to);
    if (!from || !to) {
        failed(!from ? from.error() : to.error());
        return kWrongUse;
    }
    request.from = *from;
    request.to = *to;
    request.newestFirst = arguments.order != "asc";
    request.limit = arguments.limit == 0 ? std::numeric_limits<std::size_t>::max() : arguments.limit;
    workspace::SearchService &search = space->search();
    if (arguments.count) {
        const auto count = search.count(request, context.cancel);
        if (!count) {
            return failed(count.error());
        }
        printLine(dump({{"count", *count}}));
        return finish(context, kDone);
    }
    if (!arguments.histogram.empty()) {
        return printHistogram(context, search, request, arguments.histogram);
    }
    if (!arguments.facet.empty()) {
        return printFacets(context, search, request, arguments);
    }
    return arguments.format == "csv" ? printCsv(context, search, request)
                                     : printEvents(context, search, request, arguments.format == "raw");
}

} // namespace

void addSearch(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<SearchArguments>();
    CLI::App *search = addVerb(app, context, "search", "Find events");
    search->add_option("query", arguments->query, "Query, for example 'action:Blocked url:*.zip'");
    search->add_option("--from", arguments->from, "First time, ISO 8601 or a duration back from now");
    search->add_option("--to", arguments->to, "End, not included");
    search->add_option("--limit", arguments->limit, "At most so many events");
    search->add_option("--order", arguments->order, "asc or desc")->check(CLI::IsMember({"asc", "desc"}));
    search->add_option("--format", arguments->format, "json, csv or raw")->check(CLI::IsMember({"json", "csv", "raw"}));
    search->add_flag("--count", arguments->count, "Only count");
    search->add_option("--histogram", arguments->histogram, "Counts in buckets of this width, 1h for example");
    search->add_option("--facet", arguments->facet, "Counts of the values of these fields, separated by commas");
    search->add_option("--top", arguments->top, "Values a field");
    search->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runSearch(context, *arguments); }; });
}

} // namespace nightjar::cli
