// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/detection.h"

#include "sigma/condition.h"
#include "sigma/modifiers.h"

#include <algorithm>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kMaxPatterns = 5'000; ///< values of one rule that have wildcards inside
constexpr std::size_t kMaxTests = 100'000;

Error invalid(std::string reason, const YamlNode &node)
{
    return ruleError("NJ-SIGMA-003", std::move(reason), node);
}

/// Turns search identifiers into nodes of a rule.
class DetectionBuilder {
public:
    DetectionBuilder(Rule &rule, const Placeholders &placeholders)
        : m_rule(rule)
        , m_placeholders(placeholders)
    {
    }

    Result<std::uint32_t> build(const YamlNode &node)
    {
        switch (node.kind) {
        case YamlNode::Kind::Map:
            return buildMap(node);
        case YamlNode::Kind::List:
            return buildList(node);
        case YamlNode::Kind::Scalar:
            return addItem({}, node);
        case YamlNode::Kind::Null:
            break;
        }
        return fail(invalid("a search identifier has no content", node));
    }

private:
    std::uint32_t add(Node node)
    {
        m_rule.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(m_rule.nodes.size() - 1);
    }

    Result<std::uint32_t> addItem(std::string_view key, const YamlNode &value)
    {
        auto item = compileItem(key, value, m_placeholders);
        if (!item) {
            return tl::unexpected(item.error());
        }
        Node node;
        node.item = static_cast<std::uint32_t>(m_rule.items.size());
        node.line = value.line;
        m_rule.items.push_back(std::move(*item));
        return add(std::move(node));
    }

    Result<std::uint32_t> buildMap(const YamlNode &map)
    {
        Node node;
        node.gate = Node::Gate::All;
        node.line = map.line;
        for (const auto &[key, value] : map.members) {
            auto child = value.isMap()
                             ? tl::unexpected(invalid("\"" + key + "\" holds a map where values are expected", value))
                             : addItem(key, value);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
        }
        if (node.children.empty()) {
            return fail(invalid("a search identifier is an empty map", map));
        }
        return add(std::move(node));
    }

    Result<std::uint32_t> buildList(const YamlNode &list)
    {
        const bool allScalars =
            std::all_of(list.items.begin(), list.items.end(), [](const YamlNode &i) { return i.isScalar(); });
        if (list.items.empty()) {
            return fail(invalid("a search identifier is an empty list", list));
        }
        if (allScalars) {
            return addItem({}, list);
        }
        Node node;
        node.gate = Node::Gate::Any;
        node.line = list.line;
        for (const YamlNode &member : list.items) {
            auto child = build(member);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
        }
        return add(std::move(node));
    }

    Rule &m_rule;
    const Placeholders &m_placeholders;
};

Status readSearches(const YamlNode &detection, const Placeholders &placeholders, bool filter, Rule &rule)
{
    for (const auto &[name, value] : detection.members) {
        if (name == "condition" || name == "timeframe" || (filter && name == "rules")) {
            continue;
        }
        if (name.empty()) {
            return fail(invalid("a search identifier has no name", value));
        }
        auto node = DetectionBuilder(rule, placeholders).build(value);
        if (!node) {
            return tl::unexpected(node.error());
        }
        if (!rule.nodes[*node].label.empty() || rule.nodes[*node].gate == Node::Gate::Item) {
            Node named;
            named.gate = Node::Gate::All;
            named.children.push_back(*node);
            rule.nodes.push_back(std::move(named));
            *node = static_cast<std::uint32_t>(rule.nodes.size() - 1);
        }
        rule.nodes[*node].label = name;
        rule.nodes[*node].line = value.line;
        rule.searches.emplace_back(name, *node);
    }
    return rule.searches.empty() ? Status(fail(invalid("the detection holds no search identifier", detection)))
                                 : Status();
}

Status readCondition(const YamlNode &detection, Rule &rule)
{
    const YamlNode *condition = detection.find("condition");
    if (condition == nullptr || (!condition->isScalar() && (!condition->isList() || condition->items.empty()))) {
        return fail(invalid("the detection has no condition", condition != nullptr ? *condition : detection));
    }
    Node any;
    any.gate = Node::Gate::Any;
    any.line = condition->line;
    const std::size_t count = condition->isList() ? condition->items.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const YamlNode &one = condition->isList() ? condition->items[i] : *condition;
        auto root = one.isScalar() ? compileCondition(one.text, rule, one.line, one.column)
                                   : tl::unexpected(invalid("a condition is no text", one));
        if (!root) {
            return tl::unexpected(root.error());
        }
        any.children.push_back(*root);
    }
    rule.root = any.children.front();
    if (count > 1) {
        rule.nodes.push_back(std::move(any));
        rule.root = static_cast<std::uint32_t>(rule.nodes.size() - 1);
    }
    return {};
}

/// Refuses what would cost more than any real rule does.
Status checkCost(const YamlNode &detection, const Rule &rule)
{
    std::size_t tests = 0;
    std::size_t patterns = 0;
    for (const Item &item : rule.items) {
        for (const RuleValue &value : item.values) {
            tests += value.tests.size();
            patterns += static_cast<std::size_t>(std::count_if(value.tests.begin(), value.tests.end(),
                                                               [](const Test &t) { return t.op == Op::Wildcard; }));
        }
    }
    if (patterns > kMaxPatterns || tests > kMaxTests) {
        return fail(ruleError(std::string(kCostCode),
                              "it has " + std::to_string(patterns) + " values with wildcards inside and " +
                                  std::to_string(tests) + " comparisons: too dear to run on every event",
                              detection, "At most 5,000 and 100,000 are accepted; split the rule or use indicators."));
    }
    return {};
}

} // namespace

Status readDetection(const YamlNode &detection, const Placeholders &placeholders, bool filter, Rule &rule)
{
    Status step = readSearches(detection, placeholders, filter, rule);
    if (step) {
        step = checkCost(detection, rule);
    }
    return step ? readCondition(detection, rule) : step;
}

} // namespace nightjar::sigma
