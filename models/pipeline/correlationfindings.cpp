// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/correlationrunner.h"

#include "base/text.h"

#include <algorithm>

namespace nightjar::pipeline {

namespace {

constexpr std::size_t kMaxValue = 200; ///< bytes of a group value in sentences

std::string shown(const std::string &value)
{
    return repairUtf8(value.substr(0, kMaxValue));
}

/// "10 min", "2 h".
std::string spanText(std::int64_t micros)
{
    const std::int64_t seconds = micros / kMicrosPerSecond;
    constexpr std::pair<std::int64_t, const char *> kUnits[] = {{86'400, " d"}, {3'600, " h"}, {60, " min"}};
    for (const auto &[size, unit] : kUnits) {
        if (seconds % size == 0) {
            return std::to_string(seconds / size) + unit;
        }
    }
    return std::to_string(seconds) + " s";
}

std::string conditionText(const sigma::Correlation &rule)
{
    constexpr const char *kSigns[] = {">", ">=", "<", "<=", "=", "not"};
    std::string text(sigma::name(rule.type));
    for (const std::string &field : rule.fields) {
        text += " " + field;
    }
    for (const sigma::Limit &limit : rule.limits) {
        std::string number = std::to_string(limit.number);
        number.erase(number.find_last_not_of('0') + 1);
        number.erase(number.find_last_not_of('.') + 1);
        text += std::string(" ") + kSigns[static_cast<std::size_t>(limit.op)] + " " + number;
    }
    return text + " within " + spanText(rule.timespan);
}

/// What a group field is about: users and devices are told apart from destinations by the field's name.
const char *kindOf(const std::string &field)
{
    const std::string name = asciiLower(field);
    const auto has = [&name](std::string_view part) { return name.find(part) != std::string::npos; };
    if (has("user") || has("email") || has("login")) {
        return "user";
    }
    if (has("hostname") || has("device")) {
        return "device";
    }
    if (has("source") || has("src") || has("c-ip") || has("client")) {
        return "client";
    }
    if (has("domain") || has("host") || has("query") || has("r-dns") || has("dns.question")) {
        return "domain";
    }
    if (has("hash") || has("md5") || has("sha")) {
        return "hash";
    }
    return has("ip") ? "ip" : "";
}

void describeGroup(const sigma::CorrelationFinding &found, alerts::Finding &finding)
{
    std::string who;
    std::string other;
    for (const auto &[field, value] : found.group) {
        const std::string kind = kindOf(field);
        if (finding.user.empty() && kind == "user") {
            finding.user = value;
        } else if (finding.entity.empty() && kind != "user" && kind != "client") {
            finding.entity = value;
        }
        if (kind == "client") {
            who = value;
        }
        if (!kind.empty() && kind != "client") {
            finding.observables.push_back({kind, value, found.events});
        }
        other += (other.empty() ? "" : ", ") + field + " " + shown(value);
        finding.reasons.push_back({"Group: " + field, shown(value), {}, 0, true});
    }
    finding.entity = finding.entity.empty() ? (finding.user.empty() ? who : finding.user) : finding.entity;
    finding.summary = other.empty() ? std::string() : other + ": ";
}

} // namespace

alerts::Finding correlationFinding(const sigma::CorrelationSet &set, const sigma::CorrelationFinding &found)
{
    constexpr int kScores[] = {5, 25, 50, 75, 92};
    constexpr std::size_t kMaxSummary = 600;
    const sigma::Correlation &rule = set.correlations()[found.correlation].rule;
    alerts::Finding finding;
    finding.engine = alerts::Engine::Sigma;
    finding.key = found.key(set);
    finding.total = true;
    finding.rule = rule.head.reference();
    finding.title = rule.head.title;
    finding.severity = alerts::parseSeverity(rule.head.level).value_or(alerts::Severity::Medium);
    finding.score = kScores[static_cast<std::size_t>(finding.severity)];
    for (const std::string &tag : rule.head.tags) {
        if (tag.starts_with("attack.")) {
            finding.attack.push_back(tag);
        }
    }
    finding.reasons.push_back({conditionText(rule), found.measured, {}, 0, true});
    describeGroup(found, finding);
    std::string rules;
    for (const sigma::CorrelationReference &reference : rule.rules) {
        rules += (rules.empty() ? "" : ", ") + reference.name;
    }
    finding.reasons.push_back({"Rules", rules, {}, 0, true});
    finding.summary += found.measured + " within " + spanText(rule.timespan) + ". " +
                       (rule.head.description.empty() ? rule.head.title : rule.head.description);
    std::replace(finding.summary.begin(), finding.summary.end(), '\n', ' ');
    finding.summary = repairUtf8(trim(finding.summary.substr(0, kMaxSummary)));
    finding.events = found.events;
    finding.first = found.first;
    finding.last = found.last;
    return finding;
}

} // namespace nightjar::pipeline
