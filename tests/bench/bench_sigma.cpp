// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What rules cost: bench_sigma FOLDER… [--rounds N] [--dearest N]. Loads the rules of the folders, makes more of them
// by changing their texts, and runs 300, 750 and 3,000 over a full block of web events. Prints processor time and, when
// asked, the rules of the folders that took longest; fails nothing.
#include "../sigma/webblock.h"

#include "base/files.h"
#include "sigma/ruleset.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

constexpr std::size_t kShortText = 5; ///< "GET", "exe": stays, as many rules have it in common

/// Puts the number of the copy into the middle of a text.
void vary(std::string &text, std::size_t copy)
{
    if (text.size() > kShortText) {
        text.insert(text.size() / 2, std::to_string(copy * 7919 % 10'007));
    }
}

Rule variant(const Rule &rule, std::size_t copy)
{
    Rule result = rule;
    result.id += "-" + std::to_string(copy);
    for (Item &item : result.items) {
        for (RuleValue &value : item.values) {
            for (Test &test : value.tests) {
                if (test.op <= Op::EndsWith) {
                    vary(test.text, copy);
                }
                for (Token &token : test.pattern) {
                    vary(token.text, copy);
                }
            }
        }
    }
    return result;
}

double microsPerEvent(const RuleSet &rules, const event::EventBlock &block, int rounds, std::size_t &matched)
{
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const double before = processUsage().cpuSeconds;
        matched = rules.evaluate(block).size();
        best = std::min(best, processUsage().cpuSeconds - before);
    }
    return best * 1e6 / static_cast<double>(block.rows());
}

/// What rules share is charged to the first of them.
void printDearest(const RuleSet &rules, const event::EventBlock &block, std::size_t count)
{
    std::vector<std::int64_t> nanos(rules.rules().size());
    static_cast<void>(rules.evaluate(block)); // warm
    rules.evaluate(block, nanos);
    std::vector<std::size_t> order(nanos.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return nanos[a] > nanos[b]; });
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
        std::printf("%9.3f ms %s\n", static_cast<double>(nanos[order[i]]) * 1e-6,
                    rules.rules()[order[i]].title.c_str());
    }
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::filesystem::path> folders;
    int rounds = 5;
    std::size_t dearest = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::string(argv[i]) == "--rounds" && i + 1 < argc) {
            rounds = std::max(1, std::atoi(argv[++i]));
        } else if (std::string(argv[i]) == "--dearest" && i + 1 < argc) {
            dearest = static_cast<std::size_t>(std::max(0, std::atoi(argv[++i])));
        } else if (std::filesystem::is_directory(argv[i])) {
            folders.emplace_back(argv[i]);
        }
    }
    const LoadResult loaded = load(folders, FieldMapping::zscaler());
    std::vector<Rule> base;
    for (std::uint32_t i = 0; i < loaded.rules->rules().size(); ++i) {
        base.push_back(loaded.rules->rules()[i]);
    }
    if (base.empty()) {
        std::fprintf(stderr, "no rules in the folders given\n");
        return 2;
    }
    const event::EventBlock block = testsupport::webBlock();
    std::printf("rules of the folders: %zu; block: %zu web events\n", base.size(), block.rows());
    printDearest(*loaded.rules, block, dearest);
    double few = 0;
    for (const std::size_t count : {base.size(), std::size_t{300}, std::size_t{750}, std::size_t{3'000}}) {
        std::vector<Rule> rules;
        for (std::size_t i = 0; i < count; ++i) {
            rules.push_back(i < base.size() ? base[i] : variant(base[i % base.size()], i / base.size()));
        }
        const double before = processUsage().cpuSeconds;
        const RuleSet set = RuleSet::compile(std::move(rules), FieldMapping::zscaler());
        const double compiling = processUsage().cpuSeconds - before;
        std::size_t matched = 0;
        const double micros = microsPerEvent(set, block, rounds, matched);
        few = count == 300 ? micros : few;
        std::printf("%zu rules: %.3f us an event, %.0f events/s a core, compiled in %.2f s, %zu matched\n", count,
                    micros, 1e6 / micros, compiling, matched);
        if (count == 3'000 && few > 0) {
            std::printf("3,000 rules cost %.2f times what 300 cost\n", micros / few);
        }
    }
    return 0;
}
