// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "playbook/context.h"
#include "playbook/runner.h"

#include <nlohmann/json.hpp>

#include <map>

/// One pass over the steps of one run. Internal to the room.
namespace nightjar::playbook {

class Interpreter {
public:
    enum class Flow : std::uint8_t { Next, Park, Fail, Deny, Interrupt };

    Interpreter(const Runner::Parts &parts, const Limits &limits, const Playbook &playbook, Json values, Deed deed);

    /// Gives what earlier passes left.
    void remember(std::map<std::string, StepRecord> steps) { m_records = std::move(steps); }
    Result<Flow> pass(const CancelToken &cancel);

    [[nodiscard]] const std::string &why() const { return m_why; }
    [[nodiscard]] Timestamp wake() const { return m_wake; }
    [[nodiscard]] bool wantsApproval() const { return m_approval; }
    [[nodiscard]] std::vector<StepReport> reports() { return std::move(m_reports); }
    /// False when the conditions of the playbook do not hold; `why` says which.
    Result<bool> conditionsHold();

private:
    /// A step about to be done: what it sends, for real and as it is shown.
    struct Prepared {
        Json arguments;
        std::optional<HttpOrder> order;
        std::string shown; ///< JSON, secrets masked
        std::int64_t actions = 0;
        bool unknown = false; ///< it depends on what is not known before the run
    };

    Result<Flow> list(const std::vector<Step> &steps, const std::string &prefix, const CancelToken &cancel);
    Result<Flow> one(const Step &step, const std::string &path, const CancelToken &cancel);
    Result<Flow> loop(const Step &step, const std::string &path, const CancelToken &cancel);
    Result<Flow> dryLoop(const Step &step, const std::string &path, const CancelToken &cancel);
    Result<Flow> act(const Step &step, const std::string &path, StepRecord record, const CancelToken &cancel);
    Result<Flow> waitFor(const Step &step, StepRecord record);
    Result<Flow> finish(const Step &step, StepRecord record, Done done);
    Result<Flow> rehearse(const Step &step, const std::string &path, const CancelToken &cancel);
    Result<Flow> failedWith(const Step &step, StepRecord record, const Error &error);
    Result<Prepared> prepare(const Step &step, const std::string &path);
    /// Parks when the hour's actions are used up; fails when they could never suffice.
    Result<Flow> takeBudget(const Step &step, std::int64_t actions);
    Done perform(const Step &step, const Prepared &prepared, const std::string &path, const CancelToken &cancel);
    Done performHttp(const Prepared &prepared, const Deed &deed, const CancelToken &cancel);
    Done performCommand(const Json &arguments, const CancelToken &cancel);
    [[nodiscard]] std::optional<Error> forbidden(const Step &step, const Prepared &prepared) const;
    Scope scope(bool masked);
    void keepResult(const Step &step, const Json &result);
    Deed deedOf(const std::string &path) const;
    Status put(const StepRecord &record);

    const Runner::Parts &m_parts;
    const Limits &m_limits;
    const Playbook &m_playbook;
    Json m_values;
    Deed m_deed;
    Masker m_masker;
    std::map<std::string, StepRecord> m_records;
    std::vector<StepReport> m_reports;
    std::string m_why;
    Timestamp m_wake = kNoTime;
    bool m_approval = false;
};

/// True for steps that may be done twice: by their kind, and requests that only read.
bool isRepeatable(const Step &step);

} // namespace nightjar::playbook
