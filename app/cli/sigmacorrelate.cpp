// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/json.h"
#include "cli/sigmarules.h"

#include "base/text.h"
#include "sigma/correlator.h"
#include "sigma/flatjson.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>

namespace nightjar::cli {

namespace {

struct CorrelateArguments : RuleArguments {
    std::string timeField;
};

/// Which keys hold numbers only, as far as the first events tell: group values are printed as what they were.
class ValueTypes {
public:
    explicit ValueTypes(const std::string &file)
    {
        constexpr int kLines = 1'000;
        std::ifstream in(file, std::ios::binary);
        std::string line;
        for (int i = 0; i < kLines && file != "-" && std::getline(in, line); ++i) {
            const Json event = Json::parse(line, nullptr, false);
            for (const auto &[key, value] : event.items()) {
                if (event.is_object() && !value.is_null()) {
                    m_numbers.try_emplace(key, true).first->second &= value.is_number();
                }
            }
        }
    }
    [[nodiscard]] Json valueOf(const std::string &key, const std::string &text) const
    {
        const auto found = m_numbers.find(key);
        if (found != m_numbers.end() && found->second) {
            if (Json number = Json::parse(text, nullptr, false); number.is_number()) {
                return number;
            }
        }
        return text;
    }

private:
    std::map<std::string, bool> m_numbers;
};

/// Seconds since 1970 as the contract asks for: a whole number where it is one.
Json secondsOf(Timestamp time)
{
    if (time % kMicrosPerSecond == 0) {
        return time / kMicrosPerSecond;
    }
    return static_cast<double>(time) / static_cast<double>(kMicrosPerSecond);
}

Timestamp timeOf(std::string_view text)
{
    if (const auto seconds = parseNumber(text); seconds && std::isfinite(*seconds) && std::fabs(*seconds) < 1e11) {
        return static_cast<Timestamp>(std::llround(*seconds * static_cast<double>(kMicrosPerSecond)));
    }
    return parseIsoTime(text).value_or(kNoTime);
}

std::vector<Timestamp> timesOf(const event::EventBlock &block, const CorrelateArguments &arguments)
{
    const std::string field = arguments.timeField.empty() ? "ts" : arguments.timeField;
    const event::Column *column = nullptr;
    for (const std::string &name : {sigma::rawColumn(field), field, std::string(event::kExtraPrefix) + field}) {
        column = column == nullptr ? block.column(name) : column;
    }
    std::vector<Timestamp> times(block.times().begin(), block.times().end());
    std::string scratch;
    for (std::size_t row = 0; column != nullptr && row < times.size(); ++row) {
        if (const std::string_view text = column->value(row, scratch); !text.empty()) {
            times[row] = timeOf(text);
        }
    }
    return times;
}

std::string nameOf(const sigma::Rule &rule)
{
    return rule.name.empty() ? rule.reference() : rule.name;
}

bool printFindings(sigma::Correlator &correlator, const ValueTypes &types)
{
    bool read = true;
    for (const sigma::CorrelationFinding &finding : correlator.takeFindings()) {
        if (!finding.fresh) {
            continue;
        }
        const sigma::Correlation &rule = correlator.set()->correlations()[finding.correlation].rule;
        Json group = Json::object();
        for (const auto &[key, value] : finding.group) {
            group[key] = types.valueOf(key, value);
        }
        read = read && printJson({{"rule", nameOf(rule.head)},
                                  {"group", std::move(group)},
                                  {"first_ts", secondsOf(finding.first)},
                                  {"last_ts", secondsOf(finding.completed)}});
    }
    return read;
}

/// Tells what was not looked at as it should; true when there was something.
bool tellNotices(const sigma::CorrelatorNotices &notices)
{
    const std::pair<std::int64_t, const char *> all[] = {
        {notices.undated, "matching events have no time that can be read: they are not correlated"},
        {notices.future, "matching events have a time that cannot be: they are not correlated"},
        {notices.late,
         "matching events come too late behind newer ones: they are not correlated (sort the file by time)"},
        {notices.evicted, "groups were given up within their timespan: too many at a time for the memory set aside"},
        {notices.truncated, "events were left out of windows that hold too many"}};
    bool any = false;
    for (const auto &[count, text] : all) {
        if (count > 0) {
            std::fprintf(stderr, "%lld %s\n", static_cast<long long>(count), text);
            any = true;
        }
    }
    return any;
}

int runCorrelate(Context &context, CorrelateArguments &arguments)
{
    if (!settle(arguments)) {
        return kWrongUse;
    }
    bool refused = false;
    const auto loaded = loadRules(arguments, refused);
    sigma::CorrelatorOptions options;
    options.lateness = sigma::kOpenTime;
    options.maxWaiting = 128u << 20U;
    sigma::Correlator correlator(loaded.correlations, options);
    const ValueTypes types(arguments.events);
    std::uint64_t events = 0;
    const auto done = readEvents(arguments, context.cancel, [&](const event::EventBlock &block, std::uint64_t first) {
        events += block.rows();
        const auto matches = loaded.rules->evaluate(block);
        bool read = true;
        for (const sigma::RuleMatch &match : matches) {
            if (!loaded.correlations->silences(match.rule)) {
                const std::string name = nameOf(loaded.rules->rules()[match.rule]);
                match.rows.forEach([&](std::size_t row) {
                    read = read && printJson({{"rule", name}, {"index", first + row}});
                });
            }
        }
        correlator.observe(loaded.correlations->collect(block, matches, sigma::kOpenTime, timesOf(block, arguments)),
                           static_cast<std::int64_t>(first));
        return read && printFindings(correlator, types);
    });
    if (!done) {
        return failed(done.error());
    }
    correlator.drain();
    printFindings(correlator, types);
    const bool incomplete = tellNotices(correlator.notices());
    std::fprintf(stderr, "rules: %zu, correlations: %zu, events: %llu\n", loaded.rules->rules().size(),
                 loaded.correlations->correlations().size(), static_cast<unsigned long long>(events));
    return finish(context, refused || incomplete ? kRefused : kDone);
}

} // namespace

void addSigmaCorrelate(CLI::App &sigma, Context &context)
{
    auto arguments = std::make_shared<CorrelateArguments>();
    CLI::App *verb = addVerb(sigma, context, "correlate", "Correlations over events in a file, in order of their time");
    addRuleOptions(*verb, *arguments);
    verb->add_option("--time-field", arguments->timeField,
                     "Key of the event time: seconds since 1970, or ISO 8601 (default: ts, else @timestamp)");
    verb->callback(
        [&context, arguments] { context.run = [&context, arguments] { return runCorrelate(context, *arguments); }; });
}

} // namespace nightjar::cli
