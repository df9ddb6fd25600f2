// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/interpreter.h"

#include "base/hash.h"
#include "base/text.h"
#include "playbook/steptable.h"

#include <algorithm>

namespace nightjar::playbook {

namespace {

constexpr std::size_t kMostRounds = 1'000;
constexpr std::int64_t kApprovalTime = 24 * 3'600 * kMicrosPerSecond;

using Flow = Interpreter::Flow;

std::int64_t durationOf(const Json &arguments, const char *key, std::int64_t usual)
{
    const auto found = arguments.find(key);
    return found == arguments.end() ? usual : parseDuration(textOf(*found)).value_or(usual);
}

StepReport reportOf(const Step &step, const std::string &path, std::string state)
{
    return {path, step.name, std::string(ruleOf(step.kind).name), std::move(state), {}, {}, {}};
}

} // namespace

bool isRepeatable(const Step &step)
{
    if (step.kind != StepKind::Http) {
        return ruleOf(step.kind).repeatable;
    }
    const Value *method = step.arguments.find("method");
    const std::string text =
        method == nullptr || method->text.pieces.empty() ? "GET" : method->text.pieces.front().text;
    return text == "GET" || text == "HEAD";
}

Interpreter::Interpreter(const Runner::Parts &parts, const Limits &limits, const Playbook &playbook, Json values,
                         Deed deed)
    : m_parts(parts)
    , m_limits(limits)
    , m_playbook(playbook)
    , m_values(std::move(values))
    , m_deed(std::move(deed))
{
    m_values["steps"] = Json::object();
}

Scope Interpreter::scope(bool masked)
{
    Scope scope;
    scope.values = &m_values;
    scope.dry = m_deed.dry;
    scope.secret = [this, masked](const std::string &name) -> Result<std::string> {
        if (masked) {
            return Masker::maskOf(name);
        }
        auto value = m_parts.actions->secret(name);
        if (value) {
            m_masker.add(name, *value);
        }
        return value;
    };
    return scope;
}

Deed Interpreter::deedOf(const std::string &path) const
{
    Deed deed = m_deed;
    deed.key = sha256Hex(m_deed.key + "\n" + path).substr(0, 32);
    return deed;
}

Status Interpreter::put(const StepRecord &record)
{
    m_records[record.path] = record;
    return m_parts.runs->putStep(m_deed.run, record);
}

void Interpreter::keepResult(const Step &step, const Json &result)
{
    m_values["steps"][step.name] = result;
}

Result<bool> Interpreter::conditionsHold()
{
    const auto judged = judge(m_playbook.conditions, scope(true));
    if (!judged) {
        return fail(judged.error());
    }
    m_why = judged->why;
    return judged->holds;
}

Result<Flow> Interpreter::pass(const CancelToken &cancel)
{
    return list(m_playbook.steps, {}, cancel);
}

Result<Flow> Interpreter::list(const std::vector<Step> &steps, const std::string &prefix, const CancelToken &cancel)
{
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (cancel.cancelled()) {
            m_wake = m_parts.clock->now();
            return Flow::Park;
        }
        auto flow = one(steps[i], prefix + std::to_string(i + 1), cancel);
        if (!flow || *flow != Flow::Next) {
            return flow;
        }
    }
    return Flow::Next;
}

Result<Flow> Interpreter::one(const Step &step, const std::string &path, const CancelToken &cancel)
{
    const auto known = m_records.find(path);
    StepRecord record = known == m_records.end() ? StepRecord() : known->second;
    if (known != m_records.end()) {
        switch (record.state) {
        case StepState::Done:
        case StepState::Failed:
            keepResult(step, Json::parse(record.result, nullptr, false));
            if (record.state == StepState::Failed && !step.goOn) {
                m_why = record.error;
                return Flow::Fail;
            }
            return Flow::Next;
        case StepState::Skipped:
            return Flow::Next;
        case StepState::Unknown:
        case StepState::Started:
            if (step.kind != StepKind::ForEach && !isRepeatable(step)) {
                record.state = StepState::Unknown;
                m_why = "the program ended within step " + path + " (" + step.name +
                        "); whether it was carried out is not known";
                if (auto kept = put(record); !kept) {
                    return fail(kept.error());
                }
                return Flow::Interrupt;
            }
            break;
        case StepState::Waiting:
        case StepState::Approved:
        case StepState::Denied:
            return waitFor(step, record);
        }
    }
    const auto judged = judge(step.when, scope(true));
    if (!judged) {
        return m_deed.dry ? fail(judged.error()) : failedWith(step, record, judged.error());
    }
    record.path = path;
    record.name = step.name;
    record.kind = ruleOf(step.kind).name;
    if (!judged->holds) {
        record.state = StepState::Skipped;
        record.error = judged->why;
        record.started = record.ended = m_parts.clock->now();
        if (m_deed.dry) {
            StepReport report = reportOf(step, path, "skipped");
            report.why = judged->why;
            m_reports.push_back(std::move(report));
            return Flow::Next;
        }
        const auto kept = put(record);
        return kept ? Result<Flow>(Flow::Next) : fail(kept.error());
    }
    if (step.kind == StepKind::ForEach) {
        return loop(step, path, cancel);
    }
    if (m_deed.dry) {
        return rehearse(step, path, cancel);
    }
    record.started = m_parts.clock->now();
    return step.kind == StepKind::Wait || step.kind == StepKind::Approve ? waitFor(step, record)
                                                                         : act(step, path, record, cancel);
}

Result<Flow> Interpreter::loop(const Step &step, const std::string &path, const CancelToken &cancel)
{
    const Scope seen = scope(true);
    const Value *in = step.arguments.find("in");
    auto items = in == nullptr ? Result<Json>(Json::array()) : renderValue(*in, seen);
    if (!items || seen.unknown) {
        StepRecord record;
        record.path = path;
        record.name = step.name;
        record.kind = ruleOf(step.kind).name;
        return seen.unknown ? dryLoop(step, path, cancel) : failedWith(step, record, items.error());
    }
    Json rounds = items->is_array() ? std::move(*items) : Json::array({std::move(*items)});
    if (rounds.size() > kMostRounds) {
        rounds.erase(rounds.begin() + static_cast<std::ptrdiff_t>(kMostRounds), rounds.end());
    }
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        m_values[step.as] = rounds[i];
        auto flow = list(step.steps, path + "." + std::to_string(i + 1) + ".", cancel);
        if (!flow || *flow == Flow::Park || *flow == Flow::Interrupt || *flow == Flow::Deny ||
            (*flow == Flow::Fail && !step.goOn)) {
            return flow;
        }
    }
    m_values.erase(step.as);
    keepResult(step, Json{{"rounds", rounds.size()}});
    return Flow::Next;
}

Result<Flow> Interpreter::dryLoop(const Step &step, const std::string &path, const CancelToken &cancel)
{
    StepReport report = reportOf(step, path, "depends");
    report.why = "how often it runs is not known before the run; one round is shown";
    m_reports.push_back(std::move(report));
    m_values[step.as] = "‹" + step.as + "›";
    auto flow = list(step.steps, path + ".1.", cancel);
    m_values.erase(step.as);
    return flow;
}

Result<Flow> Interpreter::waitFor(const Step &step, StepRecord record)
{
    const Timestamp now = m_parts.clock->now();
    const bool approve = step.kind == StepKind::Approve;
    if (record.state == StepState::Started) {
        auto arguments = renderValue(step.arguments, scope(true));
        if (!arguments) {
            return failedWith(step, record, arguments.error());
        }
        const std::int64_t time = durationOf(*arguments, approve ? "timeout" : "time", approve ? kApprovalTime : 0);
        record.state = StepState::Waiting;
        record.wake = now + time;
        record.sends = dump(*arguments);
        if (auto kept = put(record); !kept) {
            return fail(kept.error());
        }
    }
    if (record.state == StepState::Waiting && record.wake > now) {
        m_wake = record.wake;
        m_approval = approve;
        const Json arguments = Json::parse(record.sends, nullptr, false);
        m_why = approve && arguments.is_object() ? arguments.value("text", std::string()) : "waits";
        return Flow::Park;
    }
    const bool approved = record.state == StepState::Approved;
    if (approve && !approved) {
        m_why = record.state == StepState::Denied ? "denied by " + record.who : std::string("nobody answered in time");
        record.state = StepState::Denied;
        record.ended = now;
        const auto kept = put(record);
        return kept ? Result<Flow>(Flow::Deny) : fail(kept.error());
    }
    return finish(step, record, {Json{{"approved_by", record.who}}, std::nullopt, false});
}

Result<Flow> Interpreter::failedWith(const Step &step, StepRecord record, const Error &error)
{
    return finish(step, std::move(record), {Json(), error, false});
}

Result<Flow> Interpreter::finish(const Step &step, StepRecord record, Done done)
{
    if (record.path.empty()) {
        return fail(done.error.value_or(Error{}));
    }
    record.ended = m_parts.clock->now();
    record.state = done.unknown ? StepState::Unknown : done.error ? StepState::Failed : StepState::Done;
    done.result = m_masker.masked(done.result);
    record.result = dump(done.result);
    if (done.error) {
        record.error = describe(m_masker.masked(*done.error));
        m_why = "step " + record.path + " (" + step.name + "): " + record.error;
    }
    if (auto kept = put(record); !kept) {
        return fail(kept.error());
    }
    keepResult(step, done.result);
    if (done.unknown) {
        m_why = "step " + record.path + " (" + step.name +
                ") was sent, and no answer tells whether it was carried out: " + record.error;
        return Flow::Interrupt;
    }
    return done.error && !step.goOn ? Flow::Fail : Flow::Next;
}

} // namespace nightjar::playbook
