// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/reading.h"

#include "base/text.h"
#include "base/time.h"
#include "playbook/steptable.h"

#include <algorithm>

/// Steps from YAML, by the table of steps.
namespace nightjar::playbook {

namespace {

constexpr std::size_t kDeepest = 3;
constexpr std::size_t kMostSteps = 100;
const std::vector<std::string_view> kCommon{"name", "when", "on_error"};

std::vector<std::string_view> stepNames()
{
    std::vector<std::string_view> names;
    for (const StepRule &rule : stepTable()) {
        names.push_back(rule.name);
    }
    return names;
}

bool isConstantText(const Value &value)
{
    return value.kind == Value::Kind::Text && value.text.isConstant();
}

std::string constantOf(const Value &value)
{
    return value.text.pieces.empty() ? std::string() : value.text.pieces.front().text;
}

/// What is wrong with a field's value; empty when it fits.
std::string misfit(const Field &field, const Value &value)
{
    const bool template_ = value.kind == Value::Kind::Text && !value.text.isConstant();
    switch (field.type) {
    case FieldType::Text:
        return value.kind == Value::Kind::Text || value.kind == Value::Kind::Number ? "" : "it takes a text";
    case FieldType::TextOrList: {
        const bool texts = std::all_of(value.items.begin(), value.items.end(), [](const Value &item) {
            return item.kind == Value::Kind::Text || item.kind == Value::Kind::Number;
        });
        const bool fits = value.kind == Value::Kind::Text || value.kind == Value::Kind::Number ||
                          (value.kind == Value::Kind::List && !value.items.empty() && texts);
        return fits ? "" : "it takes a text or a list of texts";
    }
    case FieldType::Duration: {
        const auto span = isConstantText(value) ? parseDuration(constantOf(value)) : std::nullopt;
        return span && *span > 0 ? "" : "it takes a duration such as 30d, 12h or 15s";
    }
    case FieldType::Integer: {
        const auto number = parseInteger(value.number);
        return value.kind == Value::Kind::Number && number && *number >= 0 ? "" : "it takes a whole number";
    }
    case FieldType::Boolean:
        return value.kind == Value::Kind::Boolean ? "" : "it takes true or false";
    case FieldType::Map:
        return value.kind == Value::Kind::Map ? "" : "it takes a map of names and texts";
    case FieldType::Any:
        return template_ || value.kind != Value::Kind::Null ? "" : "it takes a value";
    }
    return {};
}

void checkChoice(const Field &field, const Value &value, Problems &problems)
{
    if (field.choices.empty() || value.kind != Value::Kind::Text) {
        return;
    }
    const auto choices = split(field.choices, '|');
    const std::string text = constantOf(value);
    if (!value.text.isConstant() || std::find(choices.begin(), choices.end(), text) == choices.end()) {
        std::string all;
        for (const std::string_view choice : choices) {
            all += (all.empty() ? "" : ", ") + std::string(choice);
        }
        const std::string_view meant = nearest(text, choices);
        problems.add("NJ-PLAYBOOK-004", value.place,
                     "\"" + visible(text) + "\" does not fit " + std::string(field.name), "it is one of " + all,
                     meant.empty() ? "Write one of them." : "Did you mean " + std::string(meant) + "?");
    }
}

/// Fields that depend on each other.
void checkHttp(const Step &step, Problems &problems)
{
    const auto text = [&step](const char *key) {
        const Value *value = step.arguments.find(key);
        return value != nullptr && value->kind == Value::Kind::Text ? constantOf(*value) : std::string();
    };
    const auto has = [&step](const char *key) { return step.arguments.find(key) != nullptr; };
    const std::string auth = text("auth");
    const std::string method = text("method");
    const auto complain = [&](const char *key, const std::string &why, const char *hint) {
        const Value *value = step.arguments.find(key);
        problems.add("NJ-PLAYBOOK-004", value == nullptr ? step.place : value->place, "The request cannot be made so",
                     why, hint);
    };
    if (has("json") && has("text")) {
        complain("text", "json and text are both there", "A request has one body.");
    }
    if ((has("json") || has("text")) && (method.empty() || method == "GET" || method == "HEAD")) {
        complain(has("json") ? "json" : "text", (method.empty() ? "GET" : method) + " has no body",
                 "Write method: POST.");
    }
    if ((auth == "basic" || auth == "digest") && (!has("user") || !has("password"))) {
        complain("auth", auth + " needs user and password", "Write user: …, password: \"{{ secret.name }}\".");
    }
    if (auth == "bearer" && !has("token")) {
        complain("auth", "bearer needs a token", "Write token: \"{{ secret.name }}\".");
    }
    const Value *url = step.arguments.find("url");
    if (url == nullptr || url->kind != Value::Kind::Text || url->text.pieces.empty()) {
        return;
    }
    const Template::Piece &first = url->text.pieces.front();
    if (auth == "zscaler") {
        if (first.isExpression || first.text.empty() || first.text.front() != '/') {
            complain("url", "with auth: zscaler it is a path below the tenant's API",
                     "Write url: /urlCategories/lite.");
        }
        return;
    }
    if (first.isExpression) {
        if (!first.expression.isSecret()) {
            complain("url", "its host would come from outside",
                     "Write the host out, or keep the whole address as a secret.");
        }
        return;
    }
    const std::size_t host = first.text.find("://");
    const bool whole = host != std::string::npos &&
                       (url->text.pieces.size() == 1 || first.text.find_first_of("/?#", host + 3) != std::string::npos);
    if (!whole || (first.text.compare(0, 8, "https://") != 0 && first.text.compare(0, 7, "http://") != 0)) {
        complain("url", host == std::string::npos ? "it is no absolute address" : "its host is not written out",
                 "Write https://host/path; braces may stand behind the host.");
    }
}

void readArguments(const YamlNode &node, const StepRule &rule, Step &step, Problems &problems)
{
    Value arguments = readValue(node, problems);
    if (arguments.kind != Value::Kind::Map) {
        Value map;
        map.kind = Value::Kind::Map;
        map.place = arguments.place;
        map.members.emplace_back(std::string(rule.main), std::move(arguments));
        arguments = std::move(map);
    }
    std::vector<std::string_view> known;
    for (const Field &field : rule.fields) {
        known.push_back(field.name);
    }
    if (node.isMap()) {
        auto withSteps = known;
        if (rule.kind == StepKind::ForEach) {
            withSteps.push_back("steps");
        }
        problems.refuseOthers(node, withSteps, std::string(rule.name));
    }
    step.arguments.kind = Value::Kind::Map;
    step.arguments.place = arguments.place;
    for (auto &[key, value] : arguments.members) {
        const auto field =
            std::find_if(rule.fields.begin(), rule.fields.end(), [&](const Field &f) { return f.name == key; });
        if (field == rule.fields.end()) {
            continue;
        }
        if (const std::string why = misfit(*field, value); !why.empty()) {
            problems.add("NJ-PLAYBOOK-004", value.place, key + " of " + std::string(rule.name) + " does not fit", why,
                         "The README's chapter on playbooks shows each step.");
            continue;
        }
        checkChoice(*field, value, problems);
        step.arguments.members.emplace_back(key, std::move(value));
    }
    for (const Field &field : rule.fields) {
        if (field.required && arguments.find(field.name) == nullptr) {
            problems.add("NJ-PLAYBOOK-003", step.place, std::string(rule.name) + " needs " + std::string(field.name),
                         "it is missing", "Write " + std::string(field.name) + ": …");
        }
    }
}

Step readStep(const YamlNode &node, Problems &problems, std::size_t depth)
{
    Step step;
    step.place = problems.placeOf(node);
    std::vector<std::string_view> known = kCommon;
    const auto names = stepNames();
    known.insert(known.end(), names.begin(), names.end());
    problems.refuseOthers(node, known, "a step");
    const StepRule *rule = nullptr;
    const YamlNode *inner = nullptr;
    int kinds = 0;
    for (const auto &[key, value] : node.members) {
        if (const StepRule *found = findStep(key)) {
            rule = found;
            inner = &value;
            ++kinds;
        }
    }
    if (kinds != 1) {
        problems.add("NJ-PLAYBOOK-003", step.place, "The step does not say what it does",
                     kinds == 0 ? "none of the steps' names is there" : "it names several steps",
                     "Write - note: text, - block: {…}, - http: {…}; one each.");
        return step;
    }
    step.kind = rule->kind;
    step.name = node.textOf("name");
    if (const YamlNode *when = node.find("when")) {
        step.when = readCondition(*when, problems);
    }
    if (const YamlNode *onError = node.find("on_error")) {
        step.goOn = onError->text == "continue";
        if (onError->text != "continue" && onError->text != "stop") {
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(*onError), "This is no way to go on",
                         "on_error is stop or continue", "Write on_error: continue.");
        }
    }
    readArguments(*inner, *rule, step, problems);
    if (step.kind == StepKind::Http) {
        checkHttp(step, problems);
    }
    const char *instead = step.kind == StepKind::Block     ? "selection"
                          : step.kind == StepKind::Unblock ? "expired"
                                                           : nullptr;
    if (instead != nullptr && step.arguments.find("values") == nullptr && step.arguments.find(instead) == nullptr) {
        problems.add("NJ-PLAYBOOK-003", step.place, std::string(rule->name) + " needs values",
                     "neither values nor " + std::string(instead) + " is there",
                     "Write values: \"{{ alert.blockable }}\".");
    }
    if (step.kind == StepKind::ForEach) {
        step.as = inner->textOf("as").empty() ? "item" : std::string(inner->textOf("as"));
        const YamlNode *steps = inner->find("steps");
        if (steps == nullptr || !steps->isList() || depth + 1 >= kDeepest) {
            problems.add("NJ-PLAYBOOK-003", step.place, "for_each needs steps",
                         depth + 1 >= kDeepest ? "it is nested too deeply" : "steps is missing",
                         "Write steps: and a list.");
        } else {
            step.steps = readSteps(*steps, problems, depth + 1);
        }
    }
    return step;
}

} // namespace

std::vector<Step> readSteps(const YamlNode &node, Problems &problems, std::size_t depth)
{
    std::vector<Step> steps;
    if (node.items.size() > kMostSteps) {
        problems.add("NJ-PLAYBOOK-004", problems.placeOf(node), "The playbook has too many steps",
                     "it takes up to " + std::to_string(kMostSteps), "Split it.");
        return steps;
    }
    for (const YamlNode &item : node.items) {
        steps.push_back(readStep(item, problems, depth));
    }
    return steps;
}

} // namespace nightjar::playbook
