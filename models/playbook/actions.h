// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "playbook/httporder.h"
#include "playbook/playbook.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nightjar::playbook {

/// For whom a step acts.
struct Deed {
    std::int64_t run = 0;   ///< 0 in dry runs
    std::int64_t alert = 0; ///< 0: none
    std::string playbook;   ///< id
    std::string key;        ///< of this step of this run, the same when it is done again
    std::string chain;      ///< playbooks that led here, this one included
    std::string actor;      ///< "playbook block-on-hit"
    bool dry = false;       ///< nothing is sent or written
};

/// What became of a step.
struct Done {
    Json result;
    std::optional<Error> error;
    bool unknown = false; ///< it was sent, and nobody knows whether it was carried out
};

/// What steps do to the workspace and the tenant; the workspace implements it. Thread: the runner's; calls block.
class Actions {
public:
    virtual ~Actions() = default;
    /// Every step but wait, approve, for_each, http and run_command. `arguments` are those of steptable.h, filled in.
    virtual Done perform(StepKind kind, const Json &arguments, const Deed &deed, const CancelToken &cancel) = 0;
    /// A call of the tenant's API in its own session, with its rate budget and journal.
    virtual Done callTenant(const HttpOrder &order, const Deed &deed, const CancelToken &cancel) = 0;
    /// NJ-PLAYBOOK-027 when there is none of that name.
    virtual Result<std::string> secret(const std::string &name) = 0;

protected:
    Actions() = default;
    Actions(const Actions &) = default;
    Actions &operator=(const Actions &) = default;
};

} // namespace nightjar::playbook
