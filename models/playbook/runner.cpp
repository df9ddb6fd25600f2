// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/runner.h"

#include "playbook/interpreter.h"

namespace nightjar::playbook {

namespace {

using Flow = Interpreter::Flow;

Json runValues(const Run &run, Json values)
{
    if (!values.is_object()) {
        values = Json::object();
    }
    values["run"] = Json{{"id", run.id},           {"key", run.key},         {"playbook", run.playbook},
                         {"version", run.version}, {"trigger", run.trigger}, {"started", formatIsoTime(run.created)},
                         {"actor", run.actor}};
    return values;
}

} // namespace

Runner::Runner(Parts parts, Limits limits)
    : m_parts(parts)
    , m_limits(std::move(limits))
{
}

Result<std::vector<StepReport>> Runner::rehearse(const Playbook &playbook, const Json &context, const Deed &deed,
                                                 const CancelToken &cancel)
{
    Run run;
    run.key = deed.key;
    run.playbook = playbook.id;
    run.version = playbook.version;
    run.trigger = "dry run";
    run.actor = deed.actor;
    run.created = m_parts.clock->now();
    Interpreter interpreter(m_parts, m_limits, playbook, runValues(run, context), deed);
    const auto holds = interpreter.conditionsHold();
    if (!holds) {
        return fail(holds.error());
    }
    if (!*holds) {
        return std::vector<StepReport>{{"", "conditions", "conditions", "skipped", {}, {}, interpreter.why()}};
    }
    if (const auto flow = interpreter.pass(cancel); !flow) {
        return fail(flow.error());
    }
    return interpreter.reports();
}

Result<RunState> Runner::go(std::int64_t id, const CancelToken &cancel)
{
    auto run = m_parts.runs->get(id);
    if (!run) {
        return fail(run.error());
    }
    if (run->state > RunState::Approval) {
        return run->state;
    }
    const auto end = [&](RunState state, const std::string &why, Timestamp wake = kNoTime) -> Result<RunState> {
        const auto set = m_parts.runs->setState(id, state, why, wake);
        return set ? Result<RunState>(state) : fail(set.error());
    };
    Reading reading = read(run->text, run->playbook);
    if (!reading.playbook) {
        return end(RunState::Failed, "the playbook kept with the run cannot be read any more");
    }
    Deed deed;
    deed.run = id;
    deed.alert = run->alert;
    deed.playbook = run->playbook;
    deed.key = run->key;
    deed.chain = run->chain + (run->chain.empty() ? "," : "") + run->playbook + ",";
    deed.actor = "playbook " + run->playbook;
    Interpreter interpreter(m_parts, m_limits, *reading.playbook,
                            runValues(*run, Json::parse(run->context, nullptr, false)), deed);
    auto steps = m_parts.runs->steps(id);
    if (!steps) {
        return fail(steps.error());
    }
    const bool fresh = steps->empty();
    interpreter.remember(std::move(*steps));
    if (fresh) {
        const auto holds = interpreter.conditionsHold();
        if (!holds || !*holds) {
            return holds ? end(RunState::Skipped, interpreter.why()) : end(RunState::Failed, describe(holds.error()));
        }
    }
    if (auto set = m_parts.runs->setState(id, RunState::Running, {}); !set) {
        return fail(set.error());
    }
    const auto flow = interpreter.pass(cancel);
    if (!flow) {
        return fail(flow.error());
    }
    switch (*flow) {
    case Flow::Next:
        return end(RunState::Done, {});
    case Flow::Park:
        return end(interpreter.wantsApproval() ? RunState::Approval : RunState::Waiting, interpreter.why(),
                   interpreter.wake());
    case Flow::Fail:
        return end(RunState::Failed, interpreter.why());
    case Flow::Deny:
        return end(RunState::Denied, interpreter.why());
    case Flow::Interrupt:
        break;
    }
    return end(RunState::Interrupted, interpreter.why());
}

} // namespace nightjar::playbook
