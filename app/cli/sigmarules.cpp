// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sigmarules.h"

#include "base/text.h"
#include "sigma/flatjson.h"

#include <cstdio>
#include <fstream>
#include <iostream>

namespace nightjar::cli {

namespace {

constexpr std::size_t kBlockRows = 16'384;
constexpr std::size_t kBlockBytes = 32u << 20;
constexpr std::size_t kMaxLineBytes = 16u << 20;

/// Lines gathered for one block.
struct Lines {
    std::string bytes;
    std::vector<std::size_t> ends;
    std::vector<std::uint64_t> numbers; ///< in the file, from 1

    [[nodiscard]] bool full() const { return ends.size() >= kBlockRows || bytes.size() >= kBlockBytes; }
    [[nodiscard]] Result<event::EventBlock> block(bool raw, const std::string &file) const
    {
        std::vector<std::string_view> views;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            const std::size_t begin = i == 0 ? 0 : ends[i - 1];
            views.push_back(std::string_view(bytes).substr(begin, ends[i] - begin));
        }
        auto result = raw ? sigma::rawBlock(views) : sigma::normalisedBlock(views);
        if (!result) {
            Error error = result.error();
            error.place.file = file;
            error.place.line = error.place.line > 0 ? numbers[error.place.line - 1] : 0;
            return fail(error);
        }
        return result;
    }
    void clear()
    {
        bytes.clear();
        ends.clear();
        numbers.clear();
    }
};

} // namespace

void addRuleOptions(CLI::App &verb, RuleArguments &arguments)
{
    verb.add_option("--rules", arguments.rules, "Rule files and folders")->required();
    verb.add_flag("--raw-fields", arguments.rawFields, "Event keys are the rules' field names; logsources are ignored");
    verb.add_option("events", arguments.events, "Events, one JSON object a line, or - for standard input");
}

bool settle(RuleArguments &arguments)
{
    if (arguments.events.empty() && arguments.rules.size() > 1) {
        arguments.events = arguments.rules.back().string();
        arguments.rules.pop_back();
    }
    if (arguments.events.empty()) {
        std::fprintf(stderr, "The file of events is missing: name it behind the rules, or - for standard input.\n");
        return false;
    }
    return true;
}

sigma::LoadResult loadRules(const RuleArguments &arguments, bool &refused)
{
    const auto &mapping = arguments.rawFields ? sigma::FieldMapping::raw() : sigma::FieldMapping::zscaler();
    auto loaded = sigma::load(arguments.rules, mapping);
    for (const sigma::LoadVerdict &verdict : loaded.verdicts) {
        if (verdict.status != sigma::LoadVerdict::Ok) {
            refused = true;
            std::fprintf(stderr, "%s:%llu:%llu: %s\n", verdict.file.c_str(),
                         static_cast<unsigned long long>(verdict.line), static_cast<unsigned long long>(verdict.column),
                         verdict.reason.c_str());
        }
    }
    return loaded;
}

Status readEvents(const RuleArguments &arguments, const CancelToken &cancel,
                  const std::function<bool(const event::EventBlock &, std::uint64_t first)> &visit)
{
    std::ifstream file;
    if (arguments.events != "-") {
        file.open(arguments.events, std::ios::binary);
        if (!file) {
            return fail("NJ-CLI-010", "Cannot read " + arguments.events, "the file cannot be opened",
                        "Check the path and the permissions.");
        }
    }
    std::istream &in = arguments.events == "-" ? std::cin : file;
    Lines lines;
    std::uint64_t first = 0;
    std::uint64_t number = 0;
    const auto flush = [&]() -> Result<bool> {
        if (lines.ends.empty()) {
            return true;
        }
        const auto block = lines.block(arguments.rawFields, arguments.events);
        if (!block) {
            return fail(block.error());
        }
        const bool more = visit(*block, first);
        first += lines.ends.size();
        lines.clear();
        return more;
    };
    for (std::string line; !cancel.cancelled() && std::getline(in, line);) {
        ++number;
        if (trim(line).empty()) {
            continue;
        }
        if (line.size() > kMaxLineBytes) {
            return fail(Error{
                "NJ-CLI-011", "An event is too large", "it has more than 16 MB", {arguments.events, number, 1}, {}});
        }
        lines.bytes += line;
        lines.ends.push_back(lines.bytes.size());
        lines.numbers.push_back(number);
        if (lines.full()) {
            const auto more = flush();
            if (!more || !*more) {
                return more ? Status() : fail(more.error());
            }
        }
    }
    const auto rest = flush();
    return rest ? Status() : fail(rest.error());
}

} // namespace nightjar::cli
