// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/interpreter.h"

#include "base/text.h"
#include "playbook/command.h"
#include "playbook/httpaction.h"
#include "playbook/steptable.h"

#include <algorithm>

/// A step prepared, shown, weighed and done.
namespace nightjar::playbook {

namespace {

using Flow = Interpreter::Flow;

constexpr std::int64_t kCommandTime = 60 * kMicrosPerSecond;

/// What templates put into an argument must not become an option of the program.
std::optional<Error> optionFrom(const Step &step, const Json &argv)
{
    const Value *value = step.arguments.find("argv");
    for (std::size_t i = 0; value != nullptr && i < value->items.size() && i < argv.size(); ++i) {
        const Template &text = value->items[i].text;
        const bool outside = !text.pieces.empty() && text.pieces.front().isExpression;
        const std::string shown = textOf(argv[i]);
        if (outside && (i == 0 || shown.starts_with('-'))) {
            return Error{"NJ-PLAYBOOK-028", "The program is not started",
                         i == 0 ? "its name would come from outside"
                                : "an argument from outside would be an option: " + visible(shown),
                         text.place, "Write the program out; put a constant text before the braces, or use input."};
        }
    }
    return std::nullopt;
}

std::int64_t actionsOf(StepKind kind, const Json &arguments)
{
    if (!ruleOf(kind).acts) {
        return 0;
    }
    const bool each = kind == StepKind::Block || kind == StepKind::Unblock || kind == StepKind::AddIndicator;
    const auto values = arguments.find("values");
    return each && values != arguments.end() && values->is_array()
               ? std::max<std::int64_t>(1, static_cast<std::int64_t>(values->size()))
               : 1;
}

/// Lists of one expression give the expression's list; lists within lists are laid flat.
Json flattened(const Json &list)
{
    Json flat = Json::array();
    for (const Json &item : list.is_array() ? list : Json::array({list})) {
        if (item.is_array()) {
            flat.insert(flat.end(), item.begin(), item.end());
        } else if (!item.is_null() && !(item.is_string() && item.get_ref<const std::string &>().empty())) {
            flat.push_back(item);
        }
    }
    return flat;
}

} // namespace

Result<Interpreter::Prepared> Interpreter::prepare(const Step &step, const std::string &path)
{
    Prepared prepared;
    const std::string key = deedOf(path).key;
    const Scope shown = scope(true);
    if (step.kind == StepKind::Http) {
        auto masked = makeHttpOrder(step, shown, key);
        if (!masked) {
            return fail(masked.error());
        }
        prepared.shown = dump(describeOrder(*masked));
        prepared.order = std::move(*masked);
        if (!m_deed.dry) {
            auto real = makeHttpOrder(step, scope(false), key);
            if (!real) {
                return fail(real.error());
            }
            prepared.order = std::move(*real);
        }
        prepared.actions = 1;
    } else {
        auto arguments = renderValue(step.arguments, shown);
        if (!arguments) {
            return fail(arguments.error());
        }
        for (const Field &field : ruleOf(step.kind).fields) {
            if (field.type == FieldType::TextOrList && arguments->contains(field.name)) {
                (*arguments)[std::string(field.name)] = flattened((*arguments)[std::string(field.name)]);
            }
        }
        prepared.shown = dump(*arguments);
        prepared.actions = actionsOf(step.kind, *arguments);
        prepared.arguments = std::move(*arguments);
    }
    prepared.unknown = shown.unknown;
    return prepared;
}

std::optional<Error> Interpreter::forbidden(const Step &step, const Prepared &prepared) const
{
    const bool command = step.kind == StepKind::Command ||
                         (step.kind == StepKind::Notify && prepared.arguments.value("via", std::string()) == "command");
    if (command && !m_limits.commands) {
        return Error{"NJ-PLAYBOOK-029", "Playbooks may not start programs", "the setting playbook.commands is off",
                     step.place, "Switch it on: nightjar-cli config set playbook.commands true."};
    }
    if (step.kind == StepKind::Command) {
        return optionFrom(step, prepared.arguments["argv"]);
    }
    if (!prepared.order || prepared.order->auth == "zscaler") {
        return std::nullopt;
    }
    if (!prepared.order->request.verifyTls && !m_limits.unverifiedTls) {
        return Error{"NJ-PLAYBOOK-029", "The peer's certificate would not be checked",
                     "the setting playbook.unverified_tls is off", step.place,
                     "Name the CA in NIGHTJAR_CA_FILE, or switch the setting on."};
    }
    const std::string &url = prepared.order->request.url;
    if (m_deed.dry && url.find("://") == std::string::npos) {
        return std::nullopt; // the whole address is a secret
    }
    if (auto allowed = m_limits.hosts.mayAsk(url); !allowed) {
        return allowed.error();
    }
    return std::nullopt;
}

Result<Flow> Interpreter::rehearse(const Step &step, const std::string &path, const CancelToken &cancel)
{
    StepReport report;
    report.path = path;
    report.name = step.name;
    report.kind = ruleOf(step.kind).name;
    report.state = "would_run";
    const auto prepared = prepare(step, path);
    if (!prepared) {
        report.state = "refused";
        report.why = describe(prepared.error());
        m_reports.push_back(std::move(report));
        return Flow::Next;
    }
    report.sends = prepared->shown;
    if (prepared->unknown) {
        report.state = "depends";
        report.why = "what earlier steps bring is not known before the run";
    }
    if (const auto error = forbidden(step, *prepared)) {
        report.state = "refused";
        report.why = describe(*error);
    } else if (!prepared->unknown && step.kind != StepKind::Http && step.kind != StepKind::Command &&
               step.kind != StepKind::Wait && step.kind != StepKind::Approve) {
        const Done done = m_parts.actions->perform(step.kind, prepared->arguments, deedOf(path), cancel);
        report.result = dump(done.result);
        if (done.error) {
            report.state = "refused";
            report.why = describe(*done.error);
        }
    }
    m_reports.push_back(std::move(report));
    return Flow::Next;
}

Result<Flow> Interpreter::takeBudget(const Step &step, std::int64_t actions)
{
    for (const bool own : {false, true}) {
        const std::int64_t most = own ? m_playbook.actionsAnHour : m_limits.actionsAnHour;
        if (most <= 0) {
            continue;
        }
        const auto spent = m_parts.runs->spent(own ? m_playbook.id : std::string());
        if (!spent) {
            return fail(spent.error());
        }
        if (actions > most) {
            m_why = "step " + step.name + " wants " + std::to_string(actions) + " actions, and " +
                    std::to_string(most) + " an hour are allowed";
            return Flow::Fail;
        }
        if (spent->actions + actions > most) {
            m_why = "the " + std::to_string(most) + " actions of this hour are used up";
            m_wake = std::max(spent->freeAt, m_parts.clock->now() + kMicrosPerSecond);
            return Flow::Park;
        }
    }
    return Flow::Next;
}

Result<Flow> Interpreter::act(const Step &step, const std::string &path, StepRecord record, const CancelToken &cancel)
{
    const auto prepared = prepare(step, path);
    if (!prepared) {
        return failedWith(step, record, prepared.error());
    }
    record.sends = prepared->shown;
    if (const auto error = forbidden(step, *prepared)) {
        return failedWith(step, record, *error);
    }
    if (prepared->actions > 0 && !m_records.contains(path)) {
        auto budget = takeBudget(step, prepared->actions);
        if (budget && *budget == Flow::Fail) {
            return failedWith(step, record,
                              Error{"NJ-PLAYBOOK-033", "The step is not carried out", m_why, step.place,
                                    "Raise playbook.actions_an_hour, or the playbook's own limit."});
        }
        if (!budget || *budget != Flow::Next) {
            return budget;
        }
    }
    record.actions = prepared->actions;
    record.state = StepState::Started;
    if (auto kept = put(record); !kept) {
        return fail(kept.error());
    }
    return finish(step, record, perform(step, *prepared, path, cancel));
}

Done Interpreter::perform(const Step &step, const Prepared &prepared, const std::string &path,
                          const CancelToken &cancel)
{
    if (prepared.order) {
        return performHttp(prepared, deedOf(path), cancel);
    }
    if (step.kind == StepKind::Command) {
        return performCommand(prepared.arguments, cancel);
    }
    return m_parts.actions->perform(step.kind, prepared.arguments, deedOf(path), cancel);
}

Done Interpreter::performHttp(const Prepared &prepared, const Deed &deed, const CancelToken &cancel)
{
    const HttpOrder &order = *prepared.order;
    Done done;
    if (order.auth == "zscaler") {
        done = m_parts.actions->callTenant(order, deed, cancel);
        if (!done.error) {
            done.error = checkAnswer(order, done.result);
        }
    } else {
        HttpEnd end = sendOrder(order, m_limits.hosts, *m_parts.http, *m_parts.sleeper, cancel);
        done = {std::move(end.result), std::move(end.error), end.unknown};
    }
    if (!order.keepText && done.result.is_object()) {
        done.result["text"] = "";
        done.result["json"] = Json();
    }
    return done;
}

Done Interpreter::performCommand(const Json &arguments, const CancelToken &cancel)
{
    std::vector<std::string> argv;
    for (const Json &argument : arguments["argv"]) {
        argv.push_back(textOf(argument));
    }
    const bool zero =
        std::any_of(argv.begin(), argv.end(), [](const std::string &a) { return a.find('\0') != std::string::npos; });
    if (argv.empty() || argv.front().empty() || argv.front().front() != '/' || zero) {
        return {Json(),
                Error{"NJ-PLAYBOOK-030",
                      "The program cannot be started",
                      "argv begins with its whole path",
                      {},
                      "Write /usr/bin/…."},
                false};
    }
    const auto timeout = arguments.contains("timeout")
                             ? parseDuration(textOf(arguments["timeout"])).value_or(kCommandTime)
                             : kCommandTime;
    const auto end = runCommand(argv, arguments.value("input", std::string()), timeout, cancel);
    if (!end) {
        // Killed or cancelled: it was started, and what it has done nobody knows.
        return {Json(), end.error(), end.error().code != "NJ-PLAYBOOK-030"};
    }
    Done done{Json{{"exit_code", end->exitCode}, {"out", end->out}, {"err", end->err}}, std::nullopt, false};
    if (end->exitCode != 0) {
        done.error = Error{"NJ-PLAYBOOK-034",
                           "The program failed",
                           "exit code " + std::to_string(end->exitCode),
                           {},
                           "Its output stands in the step's result."};
    }
    return done;
}

} // namespace nightjar::playbook
