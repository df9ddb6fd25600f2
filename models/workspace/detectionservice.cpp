// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/text.h"
#include "workspace/engine.h"
#include "workspace/pastrun.h"
#include "workspace/workspace.h"

#include <algorithm>
#include <map>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kSamples = 50;
constexpr std::size_t kEntities = 50;
constexpr std::size_t kCountedEntities = 100'000;
using event::Field;

const char *statusName(sigma::LoadVerdict::Status status)
{
    constexpr const char *kNames[] = {"ok", "needs_placeholder", "rejected"};
    return kNames[static_cast<std::size_t>(status)];
}

/// User, else client address.
std::string entityOf(const event::EventBlock &block, std::size_t row)
{
    std::string scratch;
    for (const Field field : {Field::UserName, Field::SourceIp}) {
        if (const event::Column *column = block.column(field)) {
            if (const std::string_view value = column->value(row, scratch); !value.empty()) {
                return std::string(value);
            }
        }
    }
    return {};
}

Error notUsable(const sigma::LoadVerdict &verdict)
{
    return {"NJ-WORK-077",
            "The rule cannot be run",
            verdict.reason,
            {verdict.file, verdict.line, verdict.column},
            "Correct it first."};
}

/// The rules of an editor's text with its filters.
Result<sigma::RuleSet> rulesOf(const std::string &yaml)
{
    std::vector<sigma::Rule> rules;
    std::vector<sigma::Filter> filters;
    for (sigma::ParsedDocument &document : sigma::parseRules(yaml, "editor")) {
        if (document.verdict.status != sigma::LoadVerdict::Ok) {
            return fail(notUsable(document.verdict));
        }
        if (document.rule) {
            rules.push_back(std::move(*document.rule));
        }
        if (document.filter) {
            filters.push_back(std::move(*document.filter));
        }
    }
    for (sigma::Rule &rule : rules) {
        sigma::applyFilters(filters, rule);
    }
    return sigma::RuleSet::compile(std::move(rules), sigma::FieldMapping::zscaler());
}

Result<RuleInfo> ruleNamed(Engine &engine, const std::string &id)
{
    const auto catalogue = engine.ruleCatalogue().first;
    const auto rule = std::find_if(catalogue.begin(), catalogue.end(), [&](const RuleInfo &info) {
        return info.kind == "rule" && (equalsIgnoreCase(info.id, id) || info.title == id);
    });
    if (rule == catalogue.end()) {
        return fail("NJ-WORK-078", "There is no rule \"" + id + "\"", "No rule has this id or title.",
                    "nightjar-cli sigma list prints the ids.");
    }
    return *rule;
}

Timestamp dayOf(Timestamp time)
{
    const Timestamp rest = time % kMicrosPerDay;
    return time - (rest < 0 ? rest + kMicrosPerDay : rest);
}

} // namespace

Result<std::vector<RuleInfo>> DetectionService::rules()
{
    return m_engine.ruleCatalogue().first;
}

std::vector<RuleProblem> DetectionService::check(const std::string &yaml)
{
    std::vector<RuleProblem> problems;
    for (const sigma::ParsedDocument &document : sigma::parseRules(yaml, "editor")) {
        RuleProblem problem{statusName(document.verdict.status),
                            document.verdict.kind,
                            document.verdict.title,
                            document.verdict.reason,
                            document.verdict.line,
                            document.verdict.column};
        if (document.rule) {
            problem.reason = sigma::RuleSet::compile({*document.rule}, sigma::FieldMapping::zscaler()).remark(0);
        }
        problems.push_back(std::move(problem));
    }
    return problems;
}

Result<RuleTest> DetectionService::test(const std::string &yaml, Timestamp from, Timestamp to,
                                        const CancelToken &cancel)
{
    const auto rules = rulesOf(yaml);
    if (!rules) {
        return fail(rules.error());
    }
    RuleTest result;
    std::map<Timestamp, std::int64_t> days;
    std::map<std::string, std::int64_t> entities;
    std::vector<std::int64_t> nanos;
    PastRun run(m_engine, *rules, from, to);
    const auto visit = [&](const store::StoredBlock &stored, const std::vector<sigma::RuleMatch> &matches) {
        for (const sigma::RuleMatch &match : matches) {
            match.rows.forEach([&](std::size_t row) {
                if (const Timestamp time = stored.block.times()[row]; time != kNoTime) {
                    ++days[dayOf(time)];
                }
                if (entities.size() < kCountedEntities) {
                    ++entities[entityOf(stored.block, row)];
                }
                if (result.samples.size() < kSamples) {
                    result.samples.push_back(stored.firstId + static_cast<std::int64_t>(row));
                }
            });
        }
        return true;
    };
    auto hunted = run.run({std::string(event::name(Field::UserName)), std::string(event::name(Field::SourceIp))},
                          cancel, visit, &nanos);
    if (!hunted) {
        return fail(hunted.error());
    }
    result.hunt = *hunted;
    result.days.assign(days.begin(), days.end());
    result.entities.assign(entities.begin(), entities.end());
    std::stable_sort(result.entities.begin(), result.entities.end(),
                     [](const auto &a, const auto &b) { return a.second > b.second; });
    result.entities.resize(std::min(result.entities.size(), kEntities));
    std::int64_t sum = 0;
    for (const std::int64_t one : nanos) {
        sum += one;
    }
    result.microsPerEvent =
        result.hunt.events > 0 ? static_cast<double>(sum) / 1000 / static_cast<double>(result.hunt.events) : 0;
    return result;
}

Status DetectionService::setEnabled(const std::vector<std::string> &ids, bool enabled)
{
    if (auto set = m_engine.library->setEnabled(ids, enabled); !set) {
        return set;
    }
    const auto loaded = m_engine.reloadRules();
    return loaded ? Status() : fail(loaded.error());
}

Status DetectionService::setLevel(const std::vector<std::string> &ids, const std::string &level)
{
    if (auto set = m_engine.library->setLevel(ids, level); !set) {
        return set;
    }
    const auto loaded = m_engine.reloadRules();
    return loaded ? Status() : fail(loaded.error());
}

Result<std::string> DetectionService::addException(const std::string &ruleId,
                                                   const std::vector<std::pair<std::string, std::string>> &values,
                                                   const std::string &title)
{
    const auto rule = ruleNamed(m_engine, ruleId);
    if (!rule) {
        return fail(rule.error());
    }
    auto file = m_engine.library->addException(*rule, values, title);
    if (file) {
        if (const auto loaded = m_engine.reloadRules(); !loaded) {
            return fail(loaded.error());
        }
    }
    return file;
}

Result<std::string> DetectionService::exceptionText(const std::string &ruleId,
                                                    const std::vector<std::pair<std::string, std::string>> &values,
                                                    const std::string &title)
{
    const auto rule = ruleNamed(m_engine, ruleId);
    return rule ? RuleLibrary::exceptionText(*rule, values, title) : fail(rule.error());
}

Result<std::string> DetectionService::saveRule(const std::string &yaml, const std::string &file)
{
    std::string title;
    for (const sigma::ParsedDocument &document : sigma::parseRules(yaml, file.empty() ? "editor" : file)) {
        if (document.verdict.status == sigma::LoadVerdict::Rejected) {
            return fail(notUsable(document.verdict));
        }
        title = title.empty() ? document.verdict.title : title;
    }
    auto saved = m_engine.library->saveOwn(yaml, title, file);
    if (saved) {
        if (const auto loaded = m_engine.reloadRules(); !loaded) {
            return fail(loaded.error());
        }
    }
    return saved;
}

Status DetectionService::removeFile(const std::string &file)
{
    if (auto removed = m_engine.library->removeOwn(file); !removed) {
        return removed;
    }
    const auto loaded = m_engine.reloadRules();
    return loaded ? Status() : fail(loaded.error());
}

Result<std::vector<RuleChange>> DetectionService::importRules(const std::filesystem::path &from,
                                                              const std::string &source, bool apply,
                                                              const CancelToken &cancel)
{
    auto changes = m_engine.library->import(from, source, apply, cancel);
    if (changes && apply) {
        if (const auto loaded = m_engine.reloadRules(); !loaded) {
            return fail(loaded.error());
        }
    }
    return changes;
}

Result<HuntSummary> DetectionService::hunt(const std::vector<std::filesystem::path> &rules, Timestamp from,
                                           Timestamp to, const CancelToken &cancel,
                                           const std::function<bool(const std::string &, std::int64_t)> &visit)
{
    const auto loaded = sigma::load(rules, sigma::FieldMapping::zscaler());
    if (loaded.rules->rules().empty()) {
        const auto bad = std::find_if(loaded.verdicts.begin(), loaded.verdicts.end(),
                                      [](const sigma::LoadVerdict &v) { return v.status != sigma::LoadVerdict::Ok; });
        return fail(bad != loaded.verdicts.end()
                        ? notUsable(*bad)
                        : Error{"NJ-WORK-077", "There is no rule to run", "No file holds a rule.", {}, {}});
    }
    bool more = true;
    std::int64_t silenced = 0; // they only feed correlations
    PastRun run(m_engine, *loaded.rules, from, to);
    auto summary = run.run(
        {}, cancel,
        [&](const store::StoredBlock &stored, const std::vector<sigma::RuleMatch> &matches) {
            for (const sigma::RuleMatch &match : matches) {
                if (loaded.correlations->silences(match.rule)) {
                    silenced += static_cast<std::int64_t>(match.rows.count());
                    continue;
                }
                const std::string &name = loaded.rules->rules()[match.rule].reference();
                match.rows.forEach([&](std::size_t row) {
                    more = more && visit(name, stored.firstId + static_cast<std::int64_t>(row));
                });
            }
            return more;
        },
        nullptr);
    if (summary) {
        summary->matches -= silenced;
    }
    if (summary && more && !loaded.correlations->empty() && !cancel.cancelled()) {
        if (auto told = huntCorrelations(m_engine, loaded, from, to, cancel, visit, *summary); !told) {
            return fail(told.error());
        }
    }
    return summary;
}

Result<std::vector<RuleNoise>> DetectionService::noise(Timestamp from, Timestamp to, const CancelToken &cancel)
{
    const auto rules = m_engine.ruleCatalogue().second;
    std::vector<std::int64_t> matches(rules->rules().size(), 0);
    std::vector<std::map<Timestamp, bool>> days(matches.size());
    std::vector<std::int64_t> nanos(matches.size(), 0);
    PastRun run(m_engine, *rules, from, to);
    const auto hunted = run.run(
        {}, cancel,
        [&](const store::StoredBlock &stored, const std::vector<sigma::RuleMatch> &found) {
            for (const sigma::RuleMatch &match : found) {
                match.rows.forEach([&](std::size_t row) {
                    ++matches[match.rule];
                    days[match.rule][dayOf(stored.block.times()[row])] = true;
                });
            }
            return true;
        },
        &nanos);
    if (!hunted) {
        return fail(hunted.error());
    }
    const store::Snapshot snapshot = m_engine.events->snapshot();
    const std::vector<std::string> columns = snapshot.columns();
    const auto types =
        m_engine.events->facets(snapshot, {from, to}, {std::string(event::name(Field::LogType))}, {}, 100, cancel);
    if (!types) {
        return fail(types.error());
    }
    std::vector<std::string> seen;
    for (const auto &[type, count] : types->empty() ? decltype(types->front().top)() : types->front().top) {
        seen.push_back(type);
    }
    const sigma::BlockHints hints{
        [&](std::string_view column) { return std::find(columns.begin(), columns.end(), column) != columns.end(); },
        [](std::string_view, std::string_view) { return true; }};
    std::vector<RuleNoise> result;
    const double thousands = std::max(static_cast<double>(hunted->events) / 1000, 1.0);
    for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
        const sigma::Rule &rule = rules->rules()[i];
        result.push_back({rule.reference(), rule.title, rule.level, matches[i],
                          static_cast<std::int64_t>(days[i].size()), static_cast<double>(nanos[i]) / 1000 / thousands,
                          rules->silent(i, hints, seen)});
    }
    return result;
}

Result<std::uint64_t> DetectionService::reload()
{
    return m_engine.reloadRules();
}

} // namespace nightjar::workspace
