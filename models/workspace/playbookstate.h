// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http.h"
#include "playbook/runner.h"
#include "workspace/engine.h"
#include "workspace/playbookactions.h"
#include "workspace/playbookfiles.h"
#include "workspace/playbookservice.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

/// The parts behind PlaybookService. Internal to the room.
namespace nightjar::workspace {

struct PlaybookService::State {
    explicit State(Engine &owner)
        : engine(owner)
    {
    }

    Engine &engine;
    std::mutex opening;
    std::optional<playbook::RunStore> runs;
    std::unique_ptr<PlaybookActions> actions;
    std::unique_ptr<net::CurlClient> http;
    std::mutex running; ///< one run at a time

    std::mutex waiting; ///< of the worker
    std::condition_variable wake;
    bool stopping = false;
    CancelToken cancel;
    std::thread worker;

    /// Makes tables and parts when they are first needed.
    Status open();
    [[nodiscard]] std::vector<PlaybookFile> files() const;
    /// By id, or by path.
    Result<PlaybookFile> find(const std::string &what) const;
    Result<playbook::Runner> runner();
    /// Carries one run on and, after too many failures in a row, stops its playbook.
    Result<playbook::RunState> go(std::int64_t run, const CancelToken &cancel);
    Result<PlaybookRun> told(std::int64_t run);
    Result<std::vector<PlaybookStep>> rehearse(const playbook::Playbook &playbook, std::int64_t alert,
                                               const CancelToken &token);

    /// ---- triggers (playbooktriggers.cpp)
    using Active = std::vector<std::pair<playbook::Playbook, playbook::RunStore::Enabled>>;
    Result<Active> active();
    Status lookAtAlerts(const Active &active);
    Status lookAtAlert(const Active &active, std::int64_t id, Timestamp now);
    Status lookAtImports(const Active &active);
    Status lookAtSchedules(const Active &active);
    Status addRun(const playbook::Playbook &playbook, const std::string &trigger, const std::string &key,
                  std::int64_t alert, const playbook::Json &context, const std::string &chain);
    /// Where a playbook that is enabled now begins to look.
    Status startMarks(const playbook::Playbook &playbook);
    Result<playbook::Json> contextOf(std::int64_t alert);
    void work();
};

} // namespace nightjar::workspace
