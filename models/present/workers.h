// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "workspace/services.h"

#include <QObject>
#include <QPointer>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace nightjar::workspace {
class Workspace;
}

namespace nightjar::present {

/// What waits first. Lower runs earlier; equal ones in the order in which they came.
enum class Priority : int { Page, Action, Count, Facets, Prefetch, Background };

/// The threads that talk to the engine. Threads: run() and friends from the GUI thread only, tasks run on workers.
/// Tasks wait while no workspace is set. The destructor cancels everything and waits at most three seconds; a task that
/// ignores its token then ends on its own and is heard no more.
class Workers : public QObject {
    Q_OBJECT
public:
    using Shared = std::shared_ptr<workspace::Workspace>;
    using Work = std::function<void(workspace::Workspace &, const CancelToken &)>;
    /// What a worker hands back: runs on the GUI thread.
    using Answer = std::function<void()>;

    /// `threads` 0: one less than the machine has, at least two.
    explicit Workers(int threads = 0, QObject *parent = nullptr);
    ~Workers() override;

    /// Queues `work`. A task cancelled before it starts is dropped silently.
    CancelToken enqueue(Priority priority, Work work);
    /// A thread of its own for work that takes long (imports, follow, pushes). Nothing happens without a workspace.
    CancelToken startLong(Work work);
    /// The same for work that needs no workspace (opening one, making the demo).
    CancelToken startFree(std::function<void(const CancelToken &)> work);
    /// Brings answers to the GUI thread. Copies may outlive the Workers; they are then silent.
    class Poster;
    [[nodiscard]] Poster poster() const;

    /// Sets or replaces the workspace; null stops everything that uses the old one.
    void setWorkspace(Shared shared);
    [[nodiscard]] Shared workspace() const;
    void cancelAll();

private:
    struct Task {
        Priority priority = Priority::Page;
        std::uint64_t order = 0;
        Work work;
        CancelToken token;
    };
    /// Kept alive by every thread, so that a late one finds solid ground.
    struct Core {
        mutable std::mutex mutex;
        std::condition_variable wake;
        std::condition_variable ended;
        std::vector<Task> queue;
        std::map<std::uint64_t, CancelToken> live; ///< by order of the task that runs
        Shared shared;
        Workers *home = nullptr; ///< null once the window is gone
        std::uint64_t nextOrder = 0;
        int threads = 0;
        bool stopping = false;
    };
    static void loop(const std::shared_ptr<Core> &core);
    static bool takeNext(Core &core, std::unique_lock<std::mutex> &lock, Task &task, Shared &shared);
    static void forget(Core &core, std::uint64_t order);
    CancelToken startThread(std::function<void(const CancelToken &)> body);

    std::shared_ptr<Core> m_core;
};

class Workers::Poster {
public:
    /// From any thread: runs `answer` on the GUI thread if `context` still lives then.
    void post(QPointer<QObject> context, Answer answer) const;

private:
    friend class Workers;
    explicit Poster(std::shared_ptr<Core> core)
        : m_core(std::move(core))
    {
    }
    std::shared_ptr<Core> m_core;
};

} // namespace nightjar::present
