// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "playbook/context.h"
#include "workspace/playbookstate.h"

#include <algorithm>

/// What makes playbooks run: alerts, imports of indicators, the clock.
namespace nightjar::workspace {

namespace {

using playbook::Json;
using playbook::Playbook;

constexpr std::size_t kMostPending = 1'000; ///< runs; beyond, alerts wait to be looked at
constexpr std::size_t kMostAlerts = 500;    ///< of one look
constexpr std::size_t kMostIndicators = 1'000;
constexpr const char *kHistory = "alert_history";
constexpr const char *kGrew = "alert_grew";
constexpr const char *kImports = "intel_import";

/// The values by which an alert is traced back to a playbook that brought it about.
std::vector<std::string> tracesOf(const alerts::Alert &alert)
{
    std::vector<std::string> values{alert.finding.entity};
    for (const alerts::Observable &observable : alert.finding.observables) {
        values.push_back(observable.value);
    }
    const std::size_t colon = alert.finding.rule.find(':');
    if (alert.finding.engine == alerts::Engine::Intel && colon != std::string::npos) {
        values.push_back(alert.finding.rule.substr(colon + 1));
    }
    return values;
}

bool isInChain(const std::string &chain, const std::string &id)
{
    return chain.find("," + id + ",") != std::string::npos;
}

/// Chains joined, each playbook once.
std::string unique(const std::string &chain)
{
    std::string out;
    for (const std::string_view id : split(chain, ',')) {
        if (!id.empty() && !isInChain(out, std::string(id))) {
            out += (out.empty() ? "," : "") + std::string(id) + ",";
        }
    }
    return out;
}

} // namespace

Result<PlaybookService::State::Active> PlaybookService::State::active()
{
    const auto enabled = runs->enabled();
    if (!enabled) {
        return fail(enabled.error());
    }
    Active active;
    if (enabled->empty()) {
        return active;
    }
    for (PlaybookFile &file : files()) {
        if (!file.reading.playbook) {
            continue;
        }
        const auto found = enabled->find(file.reading.playbook->id);
        if (found != enabled->end() && found->second.stopped.empty() && found->second.hash == file.hash) {
            active.emplace_back(std::move(*file.reading.playbook), found->second);
        }
    }
    return active;
}

Status PlaybookService::State::addRun(const Playbook &playbook, const std::string &trigger, const std::string &key,
                                      std::int64_t alert, const Json &context, const std::string &chain)
{
    playbook::Run run;
    run.key = playbook.id + "@" + key;
    run.playbook = playbook.id;
    run.title = playbook.title;
    run.version = playbook.version;
    run.text = playbook.text;
    run.trigger = trigger;
    run.alert = alert;
    run.context = playbook::dump(context);
    run.chain = unique(chain);
    run.actor = "nightjar";
    if (isInChain(run.chain, playbook.id)) {
        run.state = playbook::RunState::Skipped;
        run.why = "what triggers it is its own doing (" + run.chain + "); it would go round";
    }
    const auto added = runs->add(run);
    return added ? Status() : fail(added.error());
}

Status PlaybookService::State::lookAtAlert(const Active &active, std::int64_t id, Timestamp)
{
    const auto head = engine.alerts->get(id);
    const auto tags = head ? runs->tags(id) : fail(head.error());
    if (!tags) {
        // An alert that has gone triggers nothing.
        return !head && head.error().code == "NJ-ALERTS-001" ? Status() : fail(tags.error());
    }
    std::optional<Json> context;
    for (const auto &[playbook, state] : active) {
        const bool since =
            playbook.onAlert && (playbook.onAlert->verdicts.empty() ? head->created : head->updated) >= state.since;
        if (!since || !playbook::triggeredBy(playbook, *head, *tags)) {
            continue;
        }
        if (!context) {
            context = Json{{"alert", playbook::alertContext(*head, *tags)}};
        }
        const auto chain = runs->chainOf(tracesOf(*head));
        if (!chain) {
            return fail(chain.error());
        }
        const bool verdict = !playbook.onAlert->verdicts.empty();
        // What a playbook brought about it must not answer; a verdict is a person's.
        if (auto added = addRun(playbook, verdict ? "verdict" : "alert", std::to_string(id), id, *context,
                                verdict ? std::string() : *chain);
            !added) {
            return added;
        }
    }
    return {};
}

Status PlaybookService::State::lookAtAlerts(const Active &active)
{
    const bool any =
        std::any_of(active.begin(), active.end(), [](const auto &a) { return a.first.onAlert.has_value(); });
    const auto history = runs->mark(kHistory);
    const auto grew = history ? runs->mark(kGrew) : fail(history.error());
    const auto pending = grew ? runs->due() : fail(grew.error());
    if (!pending) {
        return fail(pending.error());
    }
    if (!any || pending->size() >= kMostPending) {
        return {};
    }
    const Timestamp now = engine.clock.now();
    const auto changed = runs->changedAlerts(history->value_or(0), grew->value_or(now), kMostAlerts);
    if (!changed) {
        return fail(changed.error());
    }
    for (const std::int64_t id : changed->alerts) {
        if (auto looked = lookAtAlert(active, id, now); !looked) {
            return looked;
        }
    }
    if (changed->history != history->value_or(0)) {
        if (auto marked = runs->setMark(kHistory, changed->history); !marked) {
            return marked;
        }
        return lookAtAlerts(active); // further ones
    }
    return runs->setMark(kGrew, now);
}

Status PlaybookService::State::lookAtImports(const Active &active)
{
    const bool any =
        std::any_of(active.begin(), active.end(), [](const auto &a) { return a.first.onIndicator.has_value(); });
    if (!any) {
        return {};
    }
    const auto mark = runs->mark(kImports);
    const auto imports = mark ? engine.indicators->imports(100) : fail(mark.error());
    if (!imports) {
        return fail(imports.error());
    }
    std::int64_t newest = mark->value_or(0);
    for (const intel::ImportBatch &batch : *imports) {
        newest = std::max(newest, batch.id);
        if (batch.id <= mark->value_or(0) || batch.undone || batch.added == 0) {
            continue;
        }
        const auto listed = engine.indicators->list({}, kMostIndicators);
        if (!listed) {
            return fail(listed.error());
        }
        for (const auto &[playbook, state] : active) {
            if (!playbook.onIndicator || batch.at < state.since) {
                continue;
            }
            Json indicators = Json::array();
            std::string chain;
            for (const intel::ListedIndicator &one : *listed) {
                const std::string type(intel::name(one.indicator.type));
                const auto wants = [](const std::vector<std::string> &patterns, const std::string &text) {
                    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const auto &p) {
                               return playbook::matchesWildcard(p, text);
                           });
                };
                if (one.import != batch.id || !wants(playbook.onIndicator->types, type) ||
                    !wants(playbook.onIndicator->sources, one.indicator.source)) {
                    continue;
                }
                const auto origin = runs->chainOf(std::vector{one.indicator.value});
                chain += origin.value_or(std::string());
                indicators.push_back(
                    {{"type", type},
                     {"value", one.indicator.value},
                     {"source", one.indicator.source},
                     {"confidence", one.indicator.confidence ? Json(*one.indicator.confidence) : Json()},
                     {"threat", one.indicator.threat}});
            }
            if (indicators.empty()) {
                continue;
            }
            const Json context{{"indicators", indicators}, {"indicator_count", indicators.size()}};
            if (auto added = addRun(playbook, "new_indicator", "import " + std::to_string(batch.id), 0, context, chain);
                !added) {
                return added;
            }
        }
    }
    return newest == mark->value_or(0) ? Status() : runs->setMark(kImports, newest);
}

Status PlaybookService::State::lookAtSchedules(const Active &active)
{
    for (const auto &[playbook, state] : active) {
        if (!playbook.onSchedule) {
            continue;
        }
        const Timestamp due = playbook::dueAt(*playbook.onSchedule, engine.clock.now());
        if (due <= state.since) {
            continue; // before it was enabled
        }
        // The key keeps it from running twice; what was missed while the program was off runs once.
        if (auto added = addRun(playbook, "schedule", "due " + formatIsoTime(due), 0, Json::object(), {}); !added) {
            return added;
        }
    }
    return {};
}

Status PlaybookService::State::startMarks(const Playbook &)
{
    const Timestamp now = engine.clock.now();
    const auto history = runs->mark(kHistory);
    if (!history) {
        return fail(history.error());
    }
    if (!*history) {
        const auto newest = runs->newestHistory();
        if (!newest) {
            return fail(newest.error());
        }
        if (auto marked = runs->setMark(kHistory, *newest); !marked) {
            return marked;
        }
        if (auto marked = runs->setMark(kGrew, now); !marked) {
            return marked;
        }
    }
    const auto imports = runs->mark(kImports);
    const auto newest = imports ? engine.indicators->imports(1) : fail(imports.error());
    if (!newest) {
        return fail(newest.error());
    }
    return *imports ? Status() : runs->setMark(kImports, newest->empty() ? 0 : newest->front().id);
}

} // namespace nightjar::workspace
