// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/json.h"

#include "alerts/alert.h"

#include <cstdint>
#include <memory>

/// `nightjar-cli anomaly`: what the detectors that learn have found, and why.
namespace nightjar::cli {

namespace {

Json headOf(const alerts::Alert &alert)
{
    const alerts::Finding &finding = alert.finding;
    return {{"id", alert.id},
            {"detector", finding.rule},
            {"user", finding.user},
            {"entity", finding.entity},
            {"score", finding.score},
            {"severity", std::string(alerts::name(finding.severity))},
            {"first", formatIsoTime(finding.first)},
            {"last", formatIsoTime(finding.last)},
            {"status", std::string(alerts::name(alert.status))},
            {"verdict", std::string(alerts::name(alert.verdict))},
            {"expected", alert.verdict == alerts::Verdict::Benign || alert.verdict == alerts::Verdict::FalsePositive},
            {"summary", finding.summary}};
}

int list(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    workspace::AlertFilter filter;
    filter.openOnly = false;
    filter.limit = 100'000;
    const auto found = space->triage().list(filter);
    if (!found) {
        return failed(found.error());
    }
    for (const alerts::Alert &alert : *found) {
        if (alert.finding.engine == alerts::Engine::Anomaly && !printJson(headOf(alert))) {
            break;
        }
    }
    return kDone;
}

int explain(Context &context, std::int64_t id)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto alert = space->triage().get(id);
    if (!alert) {
        return failed(alert.error());
    }
    const alerts::Finding &finding = alert->finding;
    if (finding.engine != alerts::Engine::Anomaly) {
        return failed({"NJ-CLI-060",
                       "Alert " + std::to_string(id) + " is not of the anomaly detectors",
                       "it comes from the engine " + std::string(alerts::name(finding.engine)),
                       {},
                       "`alerts show` prints any alert; `anomaly list` names those of the detectors."});
    }
    Json out = headOf(*alert);
    out["features"] = Json::array();
    for (const alerts::Reason &reason : finding.reasons) {
        out["features"].push_back({{"name", reason.text},
                                   {"observed", reason.observed},
                                   {"usual", reason.usual},
                                   {"weight", reason.weight},
                                   {"decides", reason.matched}});
    }
    out["events"] = finding.events;
    out["evidence"] = Json::array();
    for (const alerts::Evidence &evidence : finding.evidence) {
        out["evidence"].push_back(evidence.eventId);
    }
    if (!finding.picture.beats.empty()) {
        out["period_seconds"] = finding.picture.periodSeconds;
        out["interval_bucket_seconds"] = finding.picture.intervalBucketSeconds;
        out["interval_counts"] = finding.picture.intervalCounts;
    }
    printJson(out);
    return kDone;
}

int reset(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    if (auto done = space->triage().forgetLearnt(); !done) {
        return failed(done.error());
    }
    printJson({{"reset", true}, {"learns_again_from", "stored events"}});
    return kDone;
}

} // namespace

void addAnomaly(CLI::App &app, Context &context)
{
    auto id = std::make_shared<std::int64_t>(0);
    CLI::App *verb = addVerb(app, context, "anomaly", "What the detectors that learn have found, and why");
    verb->require_subcommand(1);
    CLI::App *lister = addVerb(*verb, context, "list", "Their alerts, closed ones too");
    lister->callback([&context] { context.run = [&context] { return list(context); }; });
    CLI::App *explainer = addVerb(*verb, context, "explain", "What was seen, what is usual, and the events behind it");
    explainer->add_option("id", *id, "Number of the alert")->required();
    CLI::App *resetter =
        addVerb(*verb, context, "reset", "Drop what was learnt; it is learnt again from stored events");
    resetter->callback([&context] { context.run = [&context] { return reset(context); }; });
    explainer->callback([&context, id] { context.run = [&context, id] { return explain(context, *id); }; });
}

} // namespace nightjar::cli
