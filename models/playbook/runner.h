// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ratelimit.h"
#include "playbook/actions.h"
#include "playbook/hostguard.h"
#include "playbook/runstore.h"

#include <string>
#include <vector>

namespace nightjar::playbook {

/// What the workspace's settings allow.
struct Limits {
    HostGuard hosts;
    std::int64_t actionsAnHour = 60; ///< of all playbooks together
    bool commands = false;           ///< run_command and notify by command
    bool unverifiedTls = false;      ///< verify_tls: false
};

/// One step as a dry run or a run tells it.
struct StepReport {
    std::string path, name, kind;
    std::string state; ///< "would_run", "depends", "skipped", "refused"; of runs the names of StepState
    std::string sends; ///< JSON, secrets masked
    std::string result, why;
};

/// Carries runs out. A run is read again from its beginning each time: steps that are done give what they gave, so that
/// waiting, approval and a killed program are all the same. A step that was begun and may not be done twice ends the
/// run as interrupted. Thread: one run at a time.
class Runner {
public:
    struct Parts {
        RunStore *runs = nullptr; ///< not needed for dry runs
        Actions *actions = nullptr;
        net::HttpClient *http = nullptr;
        net::Sleeper *sleeper = &net::systemSleeper();
        const Clock *clock = &systemClock();
    };
    Runner(Parts parts, Limits limits);

    /// Until it ends or has to wait. Errors are those of the store; what a step did wrong stands in the run.
    Result<RunState> go(std::int64_t run, const CancelToken &cancel);
    /// Each step with what it would send; needs neither tenant nor network. `context` as in Run::context.
    Result<std::vector<StepReport>> rehearse(const Playbook &playbook, const Json &context, const Deed &deed,
                                             const CancelToken &cancel);

private:
    Parts m_parts;
    Limits m_limits;
};

} // namespace nightjar::playbook
