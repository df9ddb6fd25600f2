// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/reading.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

/// Templates, values and conditions from YAML.
namespace nightjar::playbook {

namespace {

using Operator = Condition::Operator;
constexpr std::array<std::pair<std::string_view, Operator>, 9> kOperators{{{"is", Operator::Is},
                                                                           {"is_not", Operator::IsNot},
                                                                           {"in", Operator::In},
                                                                           {"not_in", Operator::NotIn},
                                                                           {"contains", Operator::Contains},
                                                                           {"matches", Operator::Matches},
                                                                           {"at_least", Operator::AtLeast},
                                                                           {"at_most", Operator::AtMost},
                                                                           {"exists", Operator::Exists}}};

bool isNumber(const std::string &text)
{
    const nlohmann::ordered_json parsed = nlohmann::ordered_json::parse(text, nullptr, false);
    return parsed.is_number();
}

void checkOperand(Operator op, const Value &operand, Problems &problems)
{
    const bool list = op == Operator::In || op == Operator::NotIn;
    const bool number = op == Operator::AtLeast || op == Operator::AtMost;
    const bool flag = op == Operator::Exists;
    if (list && operand.kind != Value::Kind::List && operand.kind != Value::Kind::Text) {
        problems.add("NJ-PLAYBOOK-004", operand.place, "in and not_in take a list", "this is none",
                     "Write in: [a, b].");
    } else if (number && operand.kind != Value::Kind::Number &&
               !(operand.kind == Value::Kind::Text && !operand.text.isConstant())) {
        problems.add("NJ-PLAYBOOK-004", operand.place, "at_least and at_most take a number", "this is none",
                     "Write at_least: 70.");
    } else if (flag && operand.kind != Value::Kind::Boolean) {
        problems.add("NJ-PLAYBOOK-004", operand.place, "exists takes true or false", "this is neither",
                     "Write exists: true.");
    }
}

Condition readTest(const YamlNode &node, Problems &problems)
{
    Condition condition;
    condition.kind = Condition::Kind::Test;
    std::vector<std::string_view> known{"value"};
    for (const auto &[name, op] : kOperators) {
        known.push_back(name);
    }
    problems.refuseOthers(node, known, "a condition");
    const YamlNode *value = node.find("value");
    if (value == nullptr || !value->isScalar()) {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(node), "The condition needs a value", "value is missing",
                     "Write {value: \"{{ alert.score }}\", at_least: 80}.");
    } else {
        condition.value = readTemplate(*value, problems);
    }
    int operators = 0;
    for (const auto &[name, op] : kOperators) {
        if (const YamlNode *operand = node.find(name)) {
            ++operators;
            condition.op = op;
            condition.operand = readValue(*operand, problems);
            checkOperand(op, condition.operand, problems);
        }
    }
    if (operators != 1) {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(node), "The condition needs one comparison",
                     operators == 0 ? "there is none" : "there are several",
                     "It is one of is, is_not, in, not_in, contains, matches, at_least, at_most, exists.");
    }
    return condition;
}

} // namespace

Template readTemplate(const YamlNode &node, Problems &problems)
{
    Place place = problems.placeOf(node);
    place.column += node.isScalar() && !node.plain ? 1U : 0U;
    auto parsed = parseTemplate(node.text, place);
    if (!parsed) {
        problems.add(parsed.error());
        return {};
    }
    return std::move(*parsed);
}

Value readValue(const YamlNode &node, Problems &problems)
{
    Value value;
    value.place = problems.placeOf(node);
    switch (node.kind) {
    case YamlNode::Kind::Null:
        break;
    case YamlNode::Kind::Scalar:
        if (node.plain && (node.text == "true" || node.text == "false")) {
            value.kind = Value::Kind::Boolean;
            value.boolean = node.text == "true";
        } else if (node.plain && isNumber(node.text)) {
            value.kind = Value::Kind::Number;
            value.number = node.text;
        } else {
            value.kind = Value::Kind::Text;
            value.text = readTemplate(node, problems);
        }
        break;
    case YamlNode::Kind::List:
        value.kind = Value::Kind::List;
        for (const YamlNode &item : node.items) {
            value.items.push_back(readValue(item, problems));
        }
        break;
    case YamlNode::Kind::Map:
        value.kind = Value::Kind::Map;
        for (const auto &[key, member] : node.members) {
            value.members.emplace_back(key, readValue(member, problems));
        }
        break;
    }
    return value;
}

Condition readCondition(const YamlNode &node, Problems &problems)
{
    Condition condition;
    if (node.isList()) {
        for (const YamlNode &item : node.items) {
            condition.parts.push_back(readCondition(item, problems));
        }
        return condition;
    }
    if (!node.isMap()) {
        problems.add("NJ-PLAYBOOK-004", problems.placeOf(node), "A condition is expected", "this is a plain text",
                     "Write {value: \"{{ alert.score }}\", at_least: 80}.");
        return condition;
    }
    for (const auto &[name, kind] : {std::pair("all", Condition::Kind::All), std::pair("any", Condition::Kind::Any),
                                     std::pair("not", Condition::Kind::Not)}) {
        const YamlNode *inner = node.find(name);
        if (inner == nullptr) {
            continue;
        }
        problems.refuseOthers(node, {name}, "a condition with " + std::string(name));
        condition = readCondition(*inner, problems);
        if (kind == Condition::Kind::Not) {
            Condition negated;
            negated.kind = Condition::Kind::Not;
            negated.parts.push_back(std::move(condition));
            return negated;
        }
        condition.kind = kind;
        return condition;
    }
    return readTest(node, problems);
}

std::vector<std::string> readTexts(const YamlNode &node, Problems &problems)
{
    std::vector<std::string> texts;
    if (node.isScalar()) {
        texts.push_back(node.text);
        return texts;
    }
    for (const YamlNode &item : node.items) {
        if (!item.isScalar()) {
            break;
        }
        texts.push_back(item.text);
    }
    if (!node.isList() || texts.size() != node.items.size() || texts.empty()) {
        problems.add("NJ-PLAYBOOK-004", problems.placeOf(node), "A text or a list of texts is expected",
                     "this is something else", "Write one, or [one, two].");
    }
    return texts;
}

} // namespace nightjar::playbook
