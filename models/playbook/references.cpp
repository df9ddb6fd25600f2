// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/reading.h"

#include "base/text.h"
#include "playbook/steptable.h"

#include <algorithm>
#include <set>

/// Which names a template may use where it stands.
namespace nightjar::playbook {

namespace {

const std::vector<std::string_view> kAlertFields{
    "id",      "engine", "rule",   "title",   "summary", "severity",  "score",    "user",   "entity", "events",
    "first",   "last",   "status", "verdict", "note",    "retro",     "created",  "attack", "tags",   "observables",
    "domains", "ips",    "urls",   "hashes",  "users",   "blockable", "evidence", "reasons"};
const std::vector<std::string_view> kRunFields{"id", "key", "playbook", "version", "trigger", "started", "actor"};

/// Reads the steps in their order with the names known so far.
class Checker {
public:
    Checker(Playbook &playbook, Problems &problems)
        : m_playbook(playbook)
        , m_problems(problems)
    {
    }

    void run()
    {
        checkCondition(m_playbook.conditions);
        checkSteps(m_playbook.steps);
    }

private:
    void checkSteps(std::vector<Step> &steps)
    {
        for (Step &step : steps) {
            ++m_count;
            if (step.name.empty()) {
                step.name = "step" + std::to_string(m_count);
            }
            const bool good = std::all_of(step.name.begin(), step.name.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            });
            if (!good || !m_names.insert(step.name).second) {
                m_problems.add("NJ-PLAYBOOK-009", step.place, "The name \"" + visible(step.name) + "\" cannot be used",
                               good ? "another step has it" : "it takes a-z, 0-9 and underscore", "Give another name.");
            }
            checkCondition(step.when);
            const StepRule &rule = ruleOf(step.kind);
            for (const auto &[key, value] : step.arguments.members) {
                const auto field = std::find_if(rule.fields.begin(), rule.fields.end(),
                                                [&name = key](const Field &f) { return f.name == name; });
                checkValue(value, field != rule.fields.end() && field->secrets);
            }
            if (step.kind == StepKind::ForEach) {
                m_variables.push_back(step.as);
                checkSteps(step.steps);
                m_variables.pop_back();
            }
            m_done.insert(step.name);
        }
    }
    void checkCondition(const Condition &condition)
    {
        for (const Condition &part : condition.parts) {
            checkCondition(part);
        }
        if (condition.kind == Condition::Kind::Test) {
            checkTemplate(condition.value, false);
            checkValue(condition.operand, false);
        }
    }
    void checkValue(const Value &value, bool secrets)
    {
        if (value.kind == Value::Kind::Text) {
            checkTemplate(value.text, secrets);
        }
        for (const Value &item : value.items) {
            checkValue(item, secrets);
        }
        for (const auto &[key, member] : value.members) {
            checkValue(member, secrets);
            if (key.find("{{") != std::string::npos) {
                m_problems.add("NJ-PLAYBOOK-006", member.place, "A name holds braces", "names are written out",
                               "Put the braces into the value.");
            }
        }
    }
    void checkTemplate(const Template &text, bool secrets)
    {
        for (const Template::Piece &piece : text.pieces) {
            if (piece.isExpression && !piece.expression.path.empty()) {
                checkPath(piece.expression, secrets);
            }
        }
    }
    void checkPath(const Expression &expression, bool secrets)
    {
        const std::vector<Segment> &path = expression.path;
        const std::string &root = path.front().name;
        const std::string second = path.size() > 1 ? path[1].name : std::string();
        if (root == "secret") {
            checkSecret(expression, second, secrets);
        } else if (root == "alert") {
            expectField(expression, second, kAlertFields);
        } else if (root == "run") {
            expectField(expression, second, kRunFields);
        } else if (root == "steps") {
            if (!m_done.contains(second)) {
                const std::vector<std::string_view> known(m_done.begin(), m_done.end());
                complain(expression,
                         m_names.contains(second) ? "the step \"" + visible(second) + "\" has not run then"
                                                  : "no step is called \"" + visible(second) + "\"",
                         nearest(second, known));
            }
        } else if (root == "indicators" || root == "indicator_count") {
            if (!m_playbook.onIndicator) {
                complain(expression, "indicators come with the trigger new_indicator only", {});
            }
        } else if (std::find(m_variables.begin(), m_variables.end(), root) == m_variables.end()) {
            complain(expression, "there is alert, run, steps, secret, indicators, and what for_each names",
                     nearest(root, {"alert", "run", "steps", "secret", "indicators"}));
        }
    }
    void checkSecret(const Expression &expression, const std::string &name, bool allowed)
    {
        if (name.empty() || expression.path.size() != 2) {
            complain(expression, "a secret is written {{ secret.name }}", {});
        } else if (!allowed) {
            m_problems.add("NJ-PLAYBOOK-007", expression.place, "A secret would be seen",
                           "secrets may stand in an http step only: address, params, headers, body, authentication",
                           "Take it out.");
        } else if (std::find(m_playbook.secrets.begin(), m_playbook.secrets.end(), name) == m_playbook.secrets.end()) {
            m_playbook.secrets.push_back(name);
        }
    }
    void expectField(const Expression &expression, const std::string &field, const std::vector<std::string_view> &known)
    {
        if (std::find(known.begin(), known.end(), field) == known.end()) {
            complain(expression, "it has no \"" + visible(field) + "\"", nearest(field, known));
        }
    }
    void complain(const Expression &expression, std::string reason, std::string_view meant)
    {
        m_problems.add("NJ-PLAYBOOK-006", expression.place,
                       "{{ " + visible(expression.source) + " }} stands for nothing here", std::move(reason),
                       meant.empty() ? "The README's chapter on playbooks lists the names."
                                     : "Did you mean " + std::string(meant) + "?");
    }

    Playbook &m_playbook;
    Problems &m_problems;
    std::set<std::string, std::less<>> m_names, m_done;
    std::vector<std::string> m_variables;
    int m_count = 0;
};

} // namespace

void checkReferences(Playbook &playbook, Problems &problems)
{
    Checker(playbook, problems).run();
}

} // namespace nightjar::playbook
