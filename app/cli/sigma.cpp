// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sigmarules.h"

#include "base/text.h"
#include "sigma/explain.h"
#include "sigma/flatjson.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char *statusName(sigma::LoadVerdict::Status status)
{
    constexpr const char *kNames[] = {"ok", "needs_placeholder", "rejected"};
    return kNames[static_cast<std::size_t>(status)];
}

int runCheck(const std::vector<std::filesystem::path> &paths)
{
    const auto loaded = sigma::load(paths, sigma::FieldMapping::zscaler());
    std::map<std::string, int> totals;
    std::set<std::string> files;
    for (const sigma::LoadVerdict &verdict : loaded.verdicts) {
        ++totals[statusName(verdict.status)];
        files.insert(verdict.file);
        const bool read = printLine(text({{"file", verdict.file},
                                          {"status", statusName(verdict.status)},
                                          {"kind", verdict.kind},
                                          {"title", verdict.title},
                                          {"reason", verdict.reason},
                                          {"line", verdict.line},
                                          {"column", verdict.column}}));
        if (!read) {
            return kDone;
        }
    }
    std::fprintf(stderr, "files: %zu\n", files.size());
    for (const auto &[name, n] : totals) {
        std::fprintf(stderr, "%s: %d\n", name.c_str(), n);
    }
    return totals["rejected"] + totals["needs_placeholder"] > 0 ? kRefused : kDone;
}

int runMatch(Context &context, RuleArguments &arguments)
{
    if (!settle(arguments)) {
        return kWrongUse;
    }
    bool refused = false;
    const auto loaded = loadRules(arguments, refused);
    std::vector<std::string> heads;
    for (const sigma::Rule &rule : loaded.rules->rules()) {
        heads.emplace_back("{\"rule\":");
        appendJsonQuoted(heads.back(), rule.reference());
        heads.back() += ",\"index\":";
    }
    std::uint64_t matches = 0;
    std::uint64_t events = 0;
    const auto done = readEvents(arguments, context.cancel, [&](const event::EventBlock &block, std::uint64_t first) {
        events += block.rows();
        bool read = true;
        for (const sigma::RuleMatch &match : loaded.rules->evaluate(block)) {
            match.rows.forEach([&](std::size_t row) {
                ++matches;
                read = read && printLine(heads[match.rule] + std::to_string(first + row) + "}");
            });
        }
        return read;
    });
    if (!done) {
        return failed(done.error());
    }
    std::fprintf(stderr, "rules: %zu, events: %llu, matches: %llu\n", heads.size(),
                 static_cast<unsigned long long>(events), static_cast<unsigned long long>(matches));
    return finish(context, refused ? kRefused : kDone);
}

Json toJson(const sigma::ExplainNode &node)
{
    Json result{{"matched", node.matched}, {"text", node.text}, {"line", node.line}};
    if (!node.value.empty()) {
        result["value"] = node.value;
    }
    for (const sigma::ExplainNode &child : node.children) {
        result["children"].push_back(toJson(child));
    }
    return result;
}

/// The events of a file: one object over many lines, or one a line.
Result<event::EventBlock> readObjects(const RuleArguments &arguments)
{
    std::ifstream file;
    if (arguments.events != "-") {
        file.open(arguments.events, std::ios::binary);
    }
    std::istream &in = arguments.events == "-" ? std::cin : file;
    const std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::vector<std::string_view> objects{trim(all)};
    const auto build = arguments.rawFields ? sigma::rawBlock : sigma::normalisedBlock;
    if (Json::accept(objects.front())) {
        return build(objects);
    }
    objects.clear();
    for (const std::string_view line : split(all, '\n')) {
        if (!trim(line).empty() && objects.size() < event::kMaxBlockRows) {
            objects.push_back(line);
        }
    }
    return build(objects);
}

int runExplain(Context &context, RuleArguments &arguments)
{
    if (!settle(arguments)) {
        return kWrongUse;
    }
    bool refused = false;
    const auto loaded = loadRules(arguments, refused);
    const auto block = readObjects(arguments);
    if (!block) {
        return failed(block.error());
    }
    for (std::size_t row = 0; row < block->rows() && !context.cancel.cancelled(); ++row) {
        for (std::uint32_t i = 0; i < loaded.rules->rules().size(); ++i) {
            const sigma::Rule &rule = loaded.rules->rules()[i];
            const auto node = sigma::explain(rule, loaded.rules->mapping(), *block, row);
            if (context.json) {
                printLine(text({{"rule", rule.reference()}, {"index", row}, {"explanation", toJson(node)}}));
                continue;
            }
            printLine("rule " + rule.reference() + ", event " + std::to_string(row));
            if (const std::string remark = loaded.rules->remark(i); !remark.empty() && !arguments.rawFields) {
                printLine("note: " + remark);
            }
            printLine(sigma::toText(node));
        }
    }
    return finish(context, refused ? kRefused : kDone);
}

} // namespace

void addSigma(CLI::App &app, Context &context)
{
    CLI::App *sigma = app.add_subcommand("sigma", "Sigma rules");
    sigma->require_subcommand(1);
    auto paths = std::make_shared<std::vector<std::filesystem::path>>();
    CLI::App *check = addVerb(*sigma, context, "check", "Load every rule and tell what became of it");
    check->add_option("paths", *paths, "Files and folders")->required();
    check->callback([&context, paths] { context.run = [paths] { return runCheck(*paths); }; });

    const auto add = [&](const char *name, const char *help, int (*run)(Context &, RuleArguments &)) {
        auto arguments = std::make_shared<RuleArguments>();
        CLI::App *verb = addVerb(*sigma, context, name, help);
        addRuleOptions(*verb, *arguments);
        verb->callback([&context, arguments, run] {
            context.run = [&context, arguments, run] { return run(context, *arguments); };
        });
    };
    add("match", "Rules against events in a file", runMatch);
    addSigmaCorrelate(*sigma, context);
    addSigmaLibrary(*sigma, context);
    add("explain", "Why a rule matches an event or not, item by item", runExplain);
}

} // namespace nightjar::cli
