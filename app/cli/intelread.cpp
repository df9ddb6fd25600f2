// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/intel.h"
#include "cli/json.h"

#include "base/files.h"
#include "base/text.h"
#include "intel/flatevent.h"
#include "intel/store.h"
#include "sources/paths.h"
#include "workspace/indicatorfile.h"
#include "workspace/workspace.h"

#include <cstdio>

/// `intel import --dry-run` and `intel match`: they need no workspace.
namespace nightjar::cli {

namespace {

Json lineOf(const intel::Indicator &i)
{
    Json line{{"type", intel::name(i.type)}, {"value", i.value}};
    line["valid_until"] = i.validUntil == kNoTime ? Json() : Json(formatIsoTime(i.validUntil));
    line["confidence"] = i.confidence ? Json(*i.confidence) : Json();
    line["tlp"] = i.tlp == intel::Tlp::Unmarked ? Json() : Json(intel::name(i.tlp));
    line["to_ids"] = i.toIds;
    const auto add = [&](const char *key, const std::string &text) {
        if (!text.empty()) {
            line[key] = text;
        }
    };
    if (i.port != 0) {
        line["port"] = i.port;
    }
    if (i.revoked) {
        line["revoked"] = true;
    }
    if (i.validFrom != kNoTime) {
        line["valid_from"] = formatIsoTime(i.validFrom);
    }
    add("threat", i.threat);
    add("malware", i.malware);
    add("kill_chain", i.killChain);
    add("id", i.externalId);
    add("reference", i.reference);
    return line;
}

void tellReport(const std::filesystem::path &path, const intel::ImportReport &report)
{
    std::fprintf(stderr, "%s: %s, %lld values read, %lld taken, %lld refused\n", path.c_str(), report.format.c_str(),
                 static_cast<long long>(report.read), static_cast<long long>(report.unique),
                 static_cast<long long>(report.invalid));
    for (const auto &[kind, count] : report.leftOut) {
        std::fprintf(stderr, "%s: %lld %s left out: not matched against events\n", path.c_str(),
                     static_cast<long long>(count), visible(kind).c_str());
    }
    for (const intel::InvalidRow &row : report.invalidRows) {
        std::fprintf(stderr, "%s:%llu: %s: %s\n", path.c_str(), static_cast<unsigned long long>(row.line),
                     row.reason.c_str(), visible(row.text).c_str());
    }
    if (report.contextOnly > 0 && report.contextOnly >= report.read - report.invalid) {
        std::fprintf(stderr,
                     "%s: ALL %lld values are marked as not meant for detection (to_ids false); \"--to-ids drop\" "
                     "leaves nothing, \"--to-ids ignore\" takes them like others\n",
                     path.c_str(), static_cast<long long>(report.contextOnly));
    }
}

intel::ToIdsChoice choiceOf(const std::string &text)
{
    return text == "drop"     ? intel::ToIdsChoice::Drop
           : text == "ignore" ? intel::ToIdsChoice::Ignore
                              : intel::ToIdsChoice::Keep;
}

Result<std::shared_ptr<const intel::IndicatorSet>> chosenSet(Context &context, const IntelArguments &arguments)
{
    if (arguments.indicators.empty()) {
        const auto space = openWorkspace(context, false, true);
        return space ? space->intel().indicators()
                     : fail("NJ-CLI-040", "Cannot open the workspace", "see the message above");
    }
    intel::IndicatorSet::Builder builder(true);
    const auto report = workspace::readIndicatorFile(arguments.indicators, {}, [&](intel::Indicator &&indicator) {
        builder.add(indicator);
        return Status();
    });
    if (!report) {
        return fail(report.error());
    }
    tellReport(arguments.indicators, *report);
    return builder.finish();
}

/// A value as the event in which it would be met.
std::string eventOf(std::string_view value)
{
    const auto read = intel::indicatorFromText(value);
    const intel::Type type = read ? read->type : intel::Type::Url;
    Json event;
    switch (type) {
    case intel::Type::Ipv4:
    case intel::Type::Ipv6:
        event["sip"] = read->value;
        break;
    case intel::Type::Md5:
        event["bamd5"] = read->value;
        break;
    case intel::Type::Sha256:
    case intel::Type::Sha1:
        event["sha256"] = read->value;
        break;
    default:
        event["url"] = read ? read->value : std::string(value);
        break;
    }
    return dump(event);
}

bool printMatches(const intel::IndicatorSet &set, const event::EventBlock &block, std::size_t first, bool weak)
{
    intel::MatchOptions options;
    options.weak = weak;
    options.contextOnly = true;
    for (const intel::Sighting &sighting : set.match(block, options)) {
        const intel::Indicator indicator = set.indicator(sighting.indicator);
        if (!printLine(dump({{"index", first + sighting.row},
                             {"field", sighting.column},
                             {"value", sighting.value},
                             {"indicator", indicator.value},
                             {"type", intel::name(indicator.type)},
                             {"source", indicator.source},
                             {"weak", sighting.weak}}))) {
            return false;
        }
    }
    return true;
}

int matchLines(const intel::IndicatorSet &set, std::string_view text, bool values, bool weak)
{
    constexpr std::size_t kRows = 16'384;
    event::BlockBuilder builder;
    std::size_t first = 0, index = 0;
    int code = kDone;
    const auto flush = [&] {
        if (index > first) {
            printMatches(set, builder.finish(), first, weak);
        }
        first = index;
    };
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        if (line.empty()) {
            continue;
        }
        const Status added = intel::appendFlatEvent(builder, values ? eventOf(line) : std::string(line));
        if (!added) {
            std::fprintf(stderr, "event %zu: %s\n", index, added.error().reason.c_str());
            code = kRefused;
            intel::appendFlatEvent(builder, "{}");
        }
        if (++index - first == kRows) {
            flush();
        }
    }
    flush();
    return code;
}

} // namespace

int runIntelPreview(Context &context, const IntelArguments &arguments)
{
    const auto files = sources::expandPaths(arguments.paths);
    if (!files) {
        return failed(files.error());
    }
    const auto at = parseTimeArgument(arguments.at);
    if (!at) {
        return failed(at.error());
    }
    bool refused = false;
    for (const auto &path : *files) {
        intel::ImportDefaults defaults;
        defaults.source = arguments.source.empty() ? path.filename().string() : arguments.source;
        defaults.at = *at;
        defaults.toIds = choiceOf(arguments.toIds);
        intel::ImportHooks hooks;
        hooks.cancel = context.cancel;
        const auto report = workspace::readIndicatorFile(
            path, defaults,
            [](intel::Indicator &&indicator) -> Status {
                printLine(dump(lineOf(indicator)));
                return {};
            },
            hooks);
        if (!report) {
            failed(report.error());
            refused = true;
            if (files->size() == 1) {
                return kFailed;
            }
            continue;
        }
        tellReport(path, *report);
        refused = refused || report->invalid > 0;
    }
    return finish(context, refused ? kRefused : kDone);
}

int runIntelMatch(Context &context, const IntelArguments &arguments)
{
    constexpr std::uint64_t kMostBytes = std::uint64_t{2} << 30U;
    const auto set = chosenSet(context, arguments);
    if (!set) {
        return failed(set.error());
    }
    int code = kDone;
    std::vector<std::filesystem::path> files = arguments.paths;
    const bool values = !arguments.valuesFile.empty();
    if (values) {
        files.insert(files.begin(), arguments.valuesFile);
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto text = readFile(files[i] == "-" ? "/dev/stdin" : files[i], kMostBytes);
        if (!text) {
            return failed(text.error());
        }
        code = std::max(code, matchLines(**set, *text, values && i == 0, arguments.weak));
    }
    return finish(context, code);
}

} // namespace nightjar::cli
