// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "playbook/actions.h"
#include "playbook/runstore.h"

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

namespace nightjar::workspace {

class Engine;

/// What the steps of playbooks do to the workspace, by way of its services. Thread: one run at a time.
class PlaybookActions final : public playbook::Actions {
public:
    using Notify = std::function<void(const std::string &title, const std::string &text)>;
    PlaybookActions(Engine &engine, playbook::RunStore &runs)
        : m_engine(engine)
        , m_runs(runs)
    {
    }
    playbook::Done perform(playbook::StepKind kind, const playbook::Json &arguments, const playbook::Deed &deed,
                           const CancelToken &cancel) override;
    playbook::Done callTenant(const playbook::HttpOrder &order, const playbook::Deed &deed,
                              const CancelToken &cancel) override;
    Result<std::string> secret(const std::string &name) override;
    void setNotify(Notify notify);

private:
    using Done = playbook::Done;
    using Json = playbook::Json;
    using Deed = playbook::Deed;
    Done block(const Json &arguments, const Deed &deed, bool blocks, const CancelToken &cancel);
    Done addIndicators(const Json &arguments, const Deed &deed, const CancelToken &cancel);
    Done lookup(const Json &arguments, const Deed &deed, const CancelToken &cancel);
    Done setStatus(const Json &arguments, const Deed &deed);
    Done note(const Json &arguments, const Deed &deed);
    Done tag(const Json &arguments, const Deed &deed);
    Done notify(const Json &arguments, const Deed &deed, const CancelToken &cancel);

    Engine &m_engine;
    playbook::RunStore &m_runs;
    std::mutex m_mutex;
    Notify m_notify;
};

/// The step `export`: writes into the workspace's folder `exports`.
playbook::Done exportList(Engine &engine, const playbook::Json &arguments, bool dry);

} // namespace nightjar::workspace
