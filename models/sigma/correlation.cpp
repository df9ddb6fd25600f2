// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlation.h"

#include "base/text.h"
#include "sigma/modifiers.h"
#include "sigma/ruleparser.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace nightjar::sigma {

namespace {

constexpr std::array<std::string_view, 8> kTypes{"event_count", "value_count", "temporal",         "temporal_ordered",
                                                 "value_sum",   "value_avg",   "value_percentile", "value_median"};

Error invalid(std::string reason, const YamlNode &node)
{
    Error error = ruleError("NJ-SIGMA-050", std::move(reason), node);
    error.title = "The Sigma correlation cannot be used";
    return error;
}

bool isTemporal(CorrelationType type)
{
    return type == CorrelationType::Temporal || type == CorrelationType::TemporalOrdered;
}

/// A scalar or a list of scalars; absent and null: none.
Result<std::vector<const YamlNode *>> scalars(const YamlNode *node, std::string_view what)
{
    std::vector<const YamlNode *> result;
    if (node == nullptr || node->kind == YamlNode::Kind::Null) {
        return result;
    }
    if (node->isScalar()) {
        result.push_back(node);
        return result;
    }
    if (!node->isList()) {
        return fail(invalid("\"" + std::string(what) + "\" is no list", *node));
    }
    for (const YamlNode &item : node->items) {
        if (!item.isScalar() || item.text.empty()) {
            return fail(invalid("\"" + std::string(what) + "\" holds something else than a name", item));
        }
        result.push_back(&item);
    }
    return result;
}

Status checkKeys(const YamlNode &map, std::string_view where, std::initializer_list<std::string_view> known)
{
    for (const auto &[key, value] : map.members) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            return fail(invalid("\"" + key + "\" is not known in " + std::string(where), value));
        }
    }
    return {};
}

Status readType(const YamlNode &map, Correlation &out)
{
    const YamlNode *type = map.find("type");
    const auto known =
        std::find(kTypes.begin(), kTypes.end(), type != nullptr && type->isScalar() ? type->text : std::string());
    if (known == kTypes.end()) {
        return fail(type == nullptr ? invalid("the correlation has no type", map)
                                    : invalid("\"" + type->text + "\" is no correlation type", *type));
    }
    out.type = static_cast<CorrelationType>(known - kTypes.begin());
    return {};
}

Status readRules(const YamlNode &map, Correlation &out)
{
    const auto names = scalars(map.find("rules"), "rules");
    if (!names) {
        return fail(names.error());
    }
    for (const YamlNode *one : *names) {
        const bool again = std::any_of(out.rules.begin(), out.rules.end(),
                                       [&](const CorrelationReference &r) { return r.name == one->text; });
        if (!again || out.type == CorrelationType::TemporalOrdered) {
            out.rules.push_back({one->text, one->line, one->column});
        }
    }
    return {};
}

/// pySigma's units; a month and a year are averages.
Status readTimespan(const YamlNode &map, Correlation &out)
{
    constexpr std::array<std::pair<char, std::int64_t>, 7> kUnits{
        {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}, {'M', 2'629'746}, {'y', 31'556'952}}};
    constexpr std::int64_t kLongest = 100 * 31'556'952LL;
    const YamlNode *node = map.find("timespan");
    if (node == nullptr || !node->isScalar()) {
        return fail(invalid("the correlation has no timespan", node != nullptr ? *node : map));
    }
    const std::string &text = node->text;
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                   [&](const auto &u) { return !text.empty() && u.first == text.back(); });
    const auto number = text.empty() ? std::nullopt : parseInteger(trim(text.substr(0, text.size() - 1)));
    if (unit == kUnits.end() || !number || *number <= 0 || *number > kLongest / unit->second) {
        return fail(invalid("the timespan \"" + text +
                                "\" is not a whole number above 0 with one of the units s, m, h, d, w, M, y",
                            *node));
    }
    out.timespan = *number * unit->second * kMicrosPerSecond;
    return {};
}

std::optional<double> numberOf(const YamlNode &node)
{
    const auto number = node.isScalar() ? parseNumber(node.text) : std::nullopt;
    return number && std::isfinite(*number) ? number : std::nullopt;
}

Status readLimits(const YamlNode &condition, Correlation &out)
{
    constexpr std::array<std::string_view, 6> kNames{"gt", "gte", "lt", "lte", "eq", "neq"};
    if (auto known =
            checkKeys(condition, "the condition", {"gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"});
        !known) {
        return known;
    }
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (const YamlNode *bound = condition.find(kNames[i])) {
            const auto number = numberOf(*bound);
            if (!number) {
                return fail(invalid("\"" + std::string(kNames[i]) + "\" is no number", *bound));
            }
            out.limits.push_back({static_cast<Limit::Op>(i), *number});
        }
    }
    if (out.limits.empty()) {
        return fail(invalid("the condition has none of gt, gte, lt, lte, eq and neq", condition));
    }
    if (const YamlNode *percentile = condition.find("percentile")) {
        const auto number = numberOf(*percentile);
        if (out.type != CorrelationType::ValuePercentile) {
            return fail(invalid("\"percentile\" belongs to value_percentile only", *percentile));
        }
        if (!number || *number < 0 || *number > 100) {
            return fail(invalid("\"percentile\" is no number from 0 to 100", *percentile));
        }
        out.percentile = *number;
    }
    return {};
}

Status readFields(const YamlNode &condition, Correlation &out)
{
    const YamlNode *node = condition.find("field");
    const auto names = scalars(node, "field");
    if (!names) {
        return fail(names.error());
    }
    for (const YamlNode *one : *names) {
        out.fields.push_back(one->text);
    }
    const bool counts = out.type == CorrelationType::EventCount || isTemporal(out.type);
    if (counts && !out.fields.empty()) {
        return fail(invalid("a condition of the type " + std::string(name(out.type)) + " has no field", *node));
    }
    if (!counts && out.fields.empty()) {
        return fail(invalid("the condition of the type " + std::string(name(out.type)) + " names no field", condition));
    }
    if (out.fields.size() > 1 && out.type != CorrelationType::ValueCount) {
        return fail(invalid("only value_count takes several fields", *node));
    }
    return {};
}

Status readCondition(const YamlNode &map, Correlation &out)
{
    const YamlNode *condition = map.find("condition");
    const bool absent = condition == nullptr || condition->kind == YamlNode::Kind::Null;
    const bool text = !absent && condition->isScalar();
    if (text && !isTemporal(out.type)) {
        return fail(invalid("a condition over rules is for temporal types only", *condition));
    }
    if (text) {
        return parseCorrelationCondition(*condition, out.rules.empty(), out);
    }
    if (out.rules.empty()) {
        const YamlNode *rules = map.find("rules");
        return fail(invalid("the correlation refers to no rule", rules != nullptr ? *rules : map));
    }
    if (absent && isTemporal(out.type)) {
        return {};
    }
    if (absent || !condition->isMap()) {
        return fail(invalid("the correlation has no condition", condition != nullptr ? *condition : map));
    }
    Status read = readLimits(*condition, out);
    return read ? readFields(*condition, out) : read;
}

Status readGroupBy(const YamlNode &map, Correlation &out)
{
    const auto names = scalars(map.find("group-by"), "group-by");
    if (!names) {
        return fail(names.error());
    }
    for (const YamlNode *one : *names) {
        if (std::find(out.groupBy.begin(), out.groupBy.end(), one->text) == out.groupBy.end()) {
            out.groupBy.push_back(one->text);
        }
    }
    return {};
}

Status readAliases(const YamlNode &map, Correlation &out)
{
    const YamlNode *aliases = map.find("aliases");
    if (aliases == nullptr || aliases->kind == YamlNode::Kind::Null) {
        return {};
    }
    if (!aliases->isMap()) {
        return fail(invalid("\"aliases\" is no map", *aliases));
    }
    for (const auto &[alias, mapping] : aliases->members) {
        if (!mapping.isMap() || mapping.members.empty()) {
            return fail(invalid("the alias \"" + alias + "\" maps no rule to a field", mapping));
        }
        CorrelationAlias one{alias, {}};
        for (const auto &[rule, field] : mapping.members) {
            if (!field.isScalar() || field.text.empty()) {
                return fail(invalid("the alias \"" + alias + "\" names no field for \"" + rule + "\"", field));
            }
            one.fields.push_back({{rule, field.line, field.column}, field.text});
        }
        out.aliases.push_back(std::move(one));
    }
    return {};
}

Status readGenerate(const YamlNode &map, Correlation &out)
{
    const YamlNode *generate = map.find("generate");
    if (generate == nullptr || generate->kind == YamlNode::Kind::Null) {
        return {};
    }
    const std::string text = asciiLower(generate->text);
    if (text != "true" && text != "false") {
        return fail(invalid("\"generate\" is neither true nor false", *generate));
    }
    out.generate = text == "true";
    return {};
}

Status readHead(const RuleDocument &document, Correlation &out)
{
    constexpr std::array<std::string_view, 6> kLevels{"", "informational", "low", "medium", "high", "critical"};
    readMetadata(document.node, out.head);
    out.head.file = document.file;
    if (out.head.title.empty()) {
        return fail(invalid("the correlation has no title", document.node));
    }
    if (std::find(kLevels.begin(), kLevels.end(), out.head.level) == kLevels.end()) {
        return fail(invalid("\"" + out.head.level + "\" is no level", *document.node.find("level")));
    }
    return {};
}

} // namespace

std::string_view name(CorrelationType type)
{
    return kTypes[static_cast<std::size_t>(type)];
}

Result<Correlation> parseCorrelation(const RuleDocument &document)
{
    Correlation out;
    const YamlNode *map = document.node.find("correlation");
    Status step = readHead(document, out);
    if (step && (map == nullptr || !map->isMap())) {
        step = fail(invalid("\"correlation\" is no map", map != nullptr ? *map : document.node));
    }
    if (step) {
        step = checkKeys(*map, "a correlation",
                         {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"});
    }
    for (const auto read : {readType, readRules, readTimespan, readGroupBy, readAliases, readGenerate, readCondition}) {
        if (step) {
            step = read(*map, out);
        }
    }
    if (step && out.rules.size() > kMaxCorrelationRules) {
        step = fail(invalid("the correlation refers to more than 64 rules", *map));
    }
    if (!step) {
        return tl::unexpected(step.error());
    }
    return out;
}

} // namespace nightjar::sigma
