// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/playbook.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

/// Conditions and triggers, asked.
namespace nightjar::playbook {

namespace {

using Operator = Condition::Operator;

bool same(const Json &left, const Json &right)
{
    if (left.is_array()) {
        return std::any_of(left.begin(), left.end(), [&](const Json &item) { return same(item, right); });
    }
    return equalsIgnoreCase(textOf(left), textOf(right));
}

bool isAmong(const Json &value, const Json &list)
{
    return list.is_array() ? std::any_of(list.begin(), list.end(), [&](const Json &item) { return same(value, item); })
                           : same(value, list);
}

std::optional<double> numberOf(const Json &value)
{
    if (value.is_number()) {
        return value.get<double>();
    }
    if (const auto severity = alerts::parseSeverity(textOf(value))) {
        return static_cast<double>(*severity);
    }
    return parseNumber(textOf(value));
}

bool contains(const Json &value, const Json &needle)
{
    return value.is_array() ? isAmong(needle, value)
                            : findIgnoreCase(textOf(value), textOf(needle)) != std::string::npos;
}

bool matches(const Json &value, const std::string &pattern)
{
    if (value.is_array()) {
        return std::any_of(value.begin(), value.end(), [&](const Json &item) { return matches(item, pattern); });
    }
    return matchesWildcard(pattern, textOf(value));
}

bool isThere(const Json &value)
{
    return !value.is_null() && !(value.is_string() && value.get_ref<const std::string &>().empty()) &&
           !(value.is_array() && value.empty());
}

bool compare(Operator op, const Json &value, const Json &operand)
{
    switch (op) {
    case Operator::Is:
        return same(value, operand);
    case Operator::IsNot:
        return !same(value, operand);
    case Operator::In:
        return isAmong(value, operand);
    case Operator::NotIn:
        return !isAmong(value, operand);
    case Operator::Contains:
        return contains(value, operand);
    case Operator::Matches:
        return matches(value, textOf(operand));
    case Operator::AtLeast:
    case Operator::AtMost: {
        const auto left = numberOf(value);
        const auto right = numberOf(operand);
        return left && right && (op == Operator::AtLeast ? *left >= *right : *left <= *right);
    }
    case Operator::Exists:
        return isThere(value) == operand.get<bool>();
    }
    return false;
}

std::string shown(const Template &text)
{
    return text.isSingle() ? text.pieces.front().expression.source : "the value";
}

Result<Judgement> test(const Condition &condition, const Scope &scope)
{
    Value value;
    value.kind = Value::Kind::Text;
    value.text = condition.value;
    const bool before = scope.unknown;
    scope.unknown = false;
    auto left = renderValue(value, scope);
    // What is not there is empty for a condition: that is what `exists` asks.
    if (!left && left.error().code == "NJ-PLAYBOOK-020") {
        left = Json();
    }
    auto right = left ? renderValue(condition.operand, scope) : fail(left.error());
    const bool unknown = scope.unknown;
    scope.unknown = before;
    if (!right) {
        return fail(right.error());
    }
    Judgement judgement;
    judgement.unknown = unknown;
    judgement.holds = unknown || compare(condition.op, *left, *right);
    std::string seen = visible(textOf(*left)).substr(0, 100);
    judgement.why = unknown ? shown(condition.value) + " is not known before the run"
                            : shown(condition.value) + " is \"" + repairUtf8(seen) + "\"";
    return judgement;
}

bool anyMatches(const std::vector<std::string> &patterns, std::string_view text)
{
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                           [&](const std::string &p) { return matchesWildcard(p, text); });
}

} // namespace

Result<Judgement> judge(const Condition &condition, const Scope &scope)
{
    if (condition.kind == Condition::Kind::Test) {
        return test(condition, scope);
    }
    const bool any = condition.kind == Condition::Kind::Any;
    Judgement result;
    result.holds = !any;
    for (const Condition &part : condition.parts) {
        auto one = judge(part, scope);
        if (!one) {
            return one;
        }
        if (condition.kind == Condition::Kind::Not) {
            one->holds = one->unknown || !one->holds;
            return one;
        }
        if (!one->unknown && one->holds == any) {
            return one;
        }
        if (one->unknown) {
            result = *one;
        } else if (!result.unknown) {
            result = *one;
        }
    }
    return result;
}

bool matchesWildcard(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() &&
            (pattern[p] == '?' || (pattern[p] != '*' && asciiLower(pattern[p]) == asciiLower(text[t])))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

bool triggeredBy(const Playbook &playbook, const alerts::Alert &alert, const std::vector<std::string> &tags)
{
    if (!playbook.onAlert) {
        return false;
    }
    const AlertTrigger &trigger = *playbook.onAlert;
    const alerts::Finding &finding = alert.finding;
    const bool verdict = trigger.verdicts.empty() ? alert.status != alerts::Status::Closed
                                                  : std::find(trigger.verdicts.begin(), trigger.verdicts.end(),
                                                              alert.verdict) != trigger.verdicts.end();
    const auto tagged = [&trigger](const std::vector<std::string> &all) {
        return std::any_of(all.begin(), all.end(),
                           [&](const std::string &tag) { return anyMatches(trigger.tags, tag); });
    };
    return verdict && anyMatches(trigger.engines, alerts::name(finding.engine)) &&
           (anyMatches(trigger.rules, finding.rule) || anyMatches(trigger.rules, finding.title)) &&
           (!trigger.severity || finding.severity >= *trigger.severity) &&
           (anyMatches(trigger.entities, finding.entity) || anyMatches(trigger.entities, finding.user)) &&
           (trigger.tags.empty() || tagged(finding.attack) || tagged(tags));
}

Timestamp dueAt(const ScheduleTrigger &schedule, Timestamp now)
{
    if (schedule.every > 0) {
        return now - now % schedule.every;
    }
    const auto zone = TimeZone::named(schedule.zone);
    const TimeZone local = zone ? *zone : TimeZone();
    const std::int64_t wall = local.toLocal(now);
    const std::int64_t today = wall - wall % kMicrosPerDay + schedule.minuteOfDay * 60 * kMicrosPerSecond;
    const Timestamp due = local.toUtc(today);
    return due <= now ? due : local.toUtc(today - kMicrosPerDay);
}

} // namespace nightjar::playbook
