// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_correlations EVENTS: 50 correlations of all types over made-up blocks in which 0.1 % and 10 % of the events
// match a base rule, without the parsing; then one correlation over a million groups. Prints one row each.
#include "base/files.h"
#include "event/builder.h"
#include "sigma/correlator.h"
#include "sigma/flatjson.h"
#include "sigma/ruleparser.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

struct Rules {
    RuleSet rules;
    std::shared_ptr<const CorrelationSet> set;
};

Rules compile(const std::string &yaml)
{
    std::vector<Rule> rules;
    std::vector<Correlation> correlations;
    for (ParsedDocument &document : parseRules(yaml, "bench.yml")) {
        if (document.rule) {
            rules.push_back(std::move(*document.rule));
        } else if (document.correlation) {
            correlations.push_back(std::move(*document.correlation));
        }
    }
    Rules out{RuleSet::compile(std::move(rules), FieldMapping::raw()), nullptr};
    out.set = CorrelationSet::compile(std::move(correlations), out.rules).set;
    return out;
}

std::string base(int number)
{
    const std::string name = "b" + std::to_string(number);
    return "title: " + name + "\nname: " + name +
           "\nlogsource:\n  category: proxy\ndetection:\n  s:\n    act: " + name + "\n  condition: s\n---\n";
}

/// Ten base rules, each of which five correlations refer to.
std::string fifty()
{
    const char *const kinds[] = {"event_count\n  condition: {gte: 50}",
                                 "value_count\n  condition: {gte: 40, field: dst}",
                                 "value_sum\n  condition: {gt: 1000000, field: v}",
                                 "value_median\n  condition: {gt: 990, field: v}", "temporal_ordered"};
    std::string text;
    for (int i = 0; i < 10; ++i) {
        text += base(i);
    }
    for (int i = 0; i < 50; ++i) {
        const std::string rule = "b" + std::to_string(i % 10);
        const std::string rules = i / 10 == 4 ? rule + ", b" + std::to_string((i + 1) % 10) : rule;
        text += "title: c" + std::to_string(i) + "\ncorrelation:\n  type: " + kinds[i / 10] + "\n  rules: [" + rules +
                "]\n  group-by: [user]\n  timespan: 10m\n---\n";
    }
    return text;
}

event::EventBlock block(std::size_t first, std::size_t rows, std::size_t everyHit, bool ownGroups)
{
    event::BlockBuilder builder;
    for (std::size_t i = first; i < first + rows; ++i) {
        builder.beginRow({});
        builder.setTime(1'700'000'000 * kMicrosPerSecond + static_cast<Timestamp>(i) * 1'000);
        const auto put = [&](const char *key, const std::string &value) {
            builder.set(builder.namedHandle(rawColumn(key)), value);
        };
        put("act", i % everyHit == 0 ? "b" + std::to_string(ownGroups ? 0 : i / everyHit % 10) : "none");
        put("user", "user" + std::to_string(ownGroups ? i : i / everyHit / 7 % 2'000));
        put("dst", "host" + std::to_string(i * 40'503U % 2'000));
        put("v", std::to_string(i % 1'000));
        builder.commitRow();
    }
    return builder.finish();
}

void run(const char *what, const Rules &rules, std::size_t events, std::size_t everyHit, bool ownGroups)
{
    constexpr std::size_t kRows = 65'536;
    CorrelatorOptions options;
    options.lateness = 10 * kMicrosPerSecond;
    Correlator correlator(rules.set, options);
    double evaluating = 0;
    double correlating = 0;
    std::size_t findings = 0;
    for (std::size_t first = 0; first < events; first += kRows) {
        const auto one = block(first, std::min(kRows, events - first), everyHit, ownGroups);
        const double start = processUsage().cpuSeconds;
        const auto matches = rules.rules.evaluate(one);
        const double between = processUsage().cpuSeconds;
        correlator.observe(rules.set->collect(one, matches), static_cast<std::int64_t>(first));
        findings += correlator.takeFindings().size();
        evaluating += between - start;
        correlating += processUsage().cpuSeconds - between;
    }
    const std::size_t groups = correlator.groups();
    const std::size_t bytes = correlator.bytes();
    correlator.drain();
    findings += correlator.takeFindings().size();
    std::printf("%s: %.0f events/s a core (rules %.3f s, correlations %.3f s), %zu findings, %zu groups, %.0f MB live, "
                "peak %.0f MB, %lld evicted\n",
                what, static_cast<double>(events) / (evaluating + correlating), evaluating, correlating, findings,
                groups, static_cast<double>(bytes) / 1e6, static_cast<double>(processUsage().peakResidentBytes) / 1e6,
                static_cast<long long>(correlator.notices().evicted));
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    const Rules fiftyRules = compile(fifty());
    run("50 correlations, 0.1 % hits", fiftyRules, events, 1'000, false);
    run("50 correlations, 10 % hits", fiftyRules, events, 10, false);
    const std::string head = base(0) + "title: c\ncorrelation:\n  type: ";
    const std::string tail = "\n  rules: [b0]\n  group-by: [user]\n  timespan: 1h\n";
    run("a million groups, event_count", compile(head + "event_count\n  condition: {gte: 5}" + tail), events, 1, true);
    run("a million groups, value_count", compile(head + "value_count\n  condition: {gte: 5, field: dst}" + tail),
        events, 1, true);
    return 0;
}
