// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/filter.h"

#include "base/text.h"
#include "sigma/detection.h"
#include "sigma/modifiers.h"
#include "sigma/ruleparser.h"

#include <algorithm>

namespace nightjar::sigma {

namespace {

Status readTargets(const YamlNode &body, Filter &filter)
{
    const YamlNode *rules = body.find("rules");
    if (rules == nullptr || rules->kind == YamlNode::Kind::Null || rules->isMap()) {
        return fail(ruleError("NJ-SIGMA-003", "the filter does not say which rules it is for",
                              rules != nullptr ? *rules : body, "rules: a list of ids or names, or any."));
    }
    if (rules->isScalar()) {
        filter.any = rules->text == "any";
        if (!filter.any) {
            filter.rules.push_back(rules->text);
        }
        return {};
    }
    for (const YamlNode &rule : rules->items) {
        if (!rule.isScalar()) {
            return fail(ruleError("NJ-SIGMA-003", "a rule of the filter is no id and no name", rule));
        }
        filter.rules.push_back(rule.text);
    }
    filter.any = filter.rules.empty();
    return {};
}

bool excludes(const Rule &rule, std::uint32_t index)
{
    const Node &node = rule.nodes[index];
    return node.gate == Node::Gate::Not || (node.label.empty() && node.gate != Node::Gate::Item &&
                                            std::any_of(node.children.begin(), node.children.end(),
                                                        [&](std::uint32_t c) { return excludes(rule, c); }));
}

bool covers(const std::string &wanted, const std::string &given)
{
    return wanted.empty() || equalsIgnoreCase(wanted, given);
}

void append(const Filter &filter, Rule &rule)
{
    const auto items = static_cast<std::uint32_t>(rule.items.size());
    const auto nodes = static_cast<std::uint32_t>(rule.nodes.size());
    rule.items.insert(rule.items.end(), filter.body.items.begin(), filter.body.items.end());
    for (Node node : filter.body.nodes) {
        node.item += items;
        for (std::uint32_t &child : node.children) {
            child += nodes;
        }
        rule.nodes.push_back(std::move(node));
    }
    Node named;
    named.gate = Node::Gate::All;
    named.label = "filter: " + filter.body.title;
    named.children.push_back(filter.body.root + nodes);
    rule.nodes.push_back(std::move(named));
    Node both;
    both.gate = Node::Gate::All;
    both.children = {rule.root, static_cast<std::uint32_t>(rule.nodes.size() - 1)};
    rule.nodes.push_back(std::move(both));
    rule.root = static_cast<std::uint32_t>(rule.nodes.size() - 1);
}

} // namespace

Result<Filter> parseFilter(const RuleDocument &document, const Placeholders &placeholders)
{
    Filter filter;
    readMetadata(document.node, filter.body);
    filter.body.file = document.file;
    const YamlNode *body = document.node.find("filter");
    if (body == nullptr || !body->isMap()) {
        return fail(ruleError("NJ-SIGMA-003", "the filter holds no map", body != nullptr ? *body : document.node));
    }
    Status step = readLogSource(document.node, filter.body);
    if (step) {
        step = readTargets(*body, filter);
    }
    if (step) {
        step = readDetection(*body, placeholders, true, filter.body);
    }
    if (!step) {
        return fail(step.error());
    }
    if (!excludes(filter.body, filter.body.root)) {
        filter.remark = "its condition has no \"not\": the rules fire only where the filter matches";
    }
    return filter;
}

bool appliesTo(const Filter &filter, const Rule &rule)
{
    const LogSource &wanted = filter.body.logSource;
    const LogSource &given = rule.logSource;
    if (!covers(wanted.category, given.category) || !covers(wanted.product, given.product) ||
        !covers(wanted.service, given.service)) {
        return false;
    }
    return filter.any || std::any_of(filter.rules.begin(), filter.rules.end(), [&](const std::string &name) {
               return (!rule.id.empty() && equalsIgnoreCase(name, rule.id)) ||
                      (!rule.name.empty() && name == rule.name);
           });
}

std::size_t applyFilters(std::span<const Filter> filters, Rule &rule)
{
    std::size_t applied = 0;
    for (const Filter &filter : filters) {
        if (appliesTo(filter, rule)) {
            append(filter, rule);
            ++applied;
        }
    }
    return applied;
}

} // namespace nightjar::sigma
