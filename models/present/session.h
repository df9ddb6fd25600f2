// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/jobmodel.h"
#include "present/workers.h"
#include "workspace/secretstore.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <type_traits>
#include <utility>

namespace nightjar::present {

/// Remembers the newest of a series of questions: a new one cancels the one before, and late answers are dropped.
/// Lives on the GUI thread beside the view that asks.
class Latest {
public:
    Latest()
        : m_generation(std::make_shared<quint64>(0))
    {
    }
    ~Latest() { cancel(); }
    Latest(const Latest &) = delete;
    Latest &operator=(const Latest &) = delete;

    /// Stops the running question; its answer will not come.
    void cancel()
    {
        m_token.cancel();
        ++*m_generation;
        m_busy = false;
    }
    /// Asks the running question to stop but still takes what it has found.
    void stop() { m_token.cancel(); }
    [[nodiscard]] bool busy() const { return m_busy; }

private:
    friend class Session;
    std::shared_ptr<quint64> m_generation;
    CancelToken m_token;
    bool m_busy = false;
};

/// Owns the workspace of a window and the threads that work on it. All members are called on the GUI thread; no call
/// blocks. Work given to run() executes on a worker, its answer comes back on the GUI thread.
class Session : public QObject {
    Q_OBJECT
public:
    explicit Session(QObject *parent = nullptr);
    ~Session() override;

    /// Where the workspaces that are opened from now on look for secrets.
    void setSecretSources(workspace::SecretSources sources) { m_secretSources = std::move(sources); }
    /// Opens in the background: opened() or openFailed() follows. Replaces the workspace that was open.
    void openWorkspace(const std::filesystem::path &folder, bool create = true);
    /// Takes a workspace that exists already (tests, makeDemo followed by open).
    void adopt(std::unique_ptr<workspace::Workspace> workspace);
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] bool isOpening() const { return m_opening.busy(); }
    [[nodiscard]] std::filesystem::path folder() const { return m_folder; }
    [[nodiscard]] bool isDemo() const { return m_demo; }
    [[nodiscard]] std::vector<Error> problems() const { return m_problems; }
    [[nodiscard]] quint64 revision() const { return m_revision; }
    JobModel &jobs() { return m_jobs; }

    /// `work(Workspace &, const CancelToken &) -> R` on a worker, then `done(R)` on the GUI thread unless `context` has
    /// died or the token was cancelled before the work began. Waits while no workspace is open. R may be given or left
    /// to deduction: session.run(Priority::Page, work, this, done).
    template <class R = void, class Work, class Done>
    CancelToken run(Priority priority, Work work, QObject *context, Done done)
    {
        return m_workers->enqueue(priority, carry<R>(std::move(work), context, std::move(done)));
    }

    /// As run(), but cancels what `latest` asked before and drops its late answer.
    template <class R = void, class Work, class Done>
    void runLatest(Latest &latest, Priority priority, Work work, QObject *context, Done done)
    {
        latest.cancel();
        latest.m_busy = true;
        auto guarded = [generation = latest.m_generation, mine = *latest.m_generation, owner = &latest,
                        done = std::move(done)](auto &&answer) mutable {
            if (*generation == mine) {
                owner->m_busy = false;
                done(std::forward<decltype(answer)>(answer));
            }
        };
        latest.m_token = run<R>(priority, std::move(work), context, guarded);
    }

    /// A job of its own thread, shown in jobs(): `work(Workspace &, const JobReporter &, const CancelToken &) -> R`,
    /// R = Result<X>, Status or any value. A failed Result marks the job failed and emits errorOccurred() as well;
    /// `done(R)` always comes.
    template <class Work, class Done>
    CancelToken startJob(const QString &name, Work work, QObject *context, Done done)
    {
        JobReporter reporter;
        const auto id = std::make_shared<int>(0);
        auto mine = [work = std::move(work), reporter](workspace::Workspace &space, const CancelToken &token) mutable {
            return work(space, reporter, token);
        };
        using R = std::invoke_result_t<Work, workspace::Workspace &, const JobReporter &, const CancelToken &>;
        const auto token = std::make_shared<CancelToken>();
        const QPointer<QObject> listener(context);
        auto over = [this, id, token, listener, done = std::move(done)](R answer) mutable {
            finishJob(*id, errorOf(answer), token->cancelled());
            if (listener) {
                done(std::move(answer));
            }
        };
        *token = m_workers->startLong(carry<void>(mine, this, over));
        *id = m_jobs.begin(name, reporter, *token);
        return *token;
    }

    /// A job that needs no open workspace, such as filling a demo: `work(const JobReporter &, const CancelToken &)`.
    template <class Work, class Done>
    CancelToken startFreeJob(const QString &name, Work work, QObject *context, Done done)
    {
        JobReporter reporter;
        using R = std::invoke_result_t<Work, const JobReporter &, const CancelToken &>;
        const auto id = std::make_shared<int>(0);
        const auto token = std::make_shared<CancelToken>();
        const QPointer<QObject> listener(context);
        auto over = [this, id, token, listener, done = std::move(done)](R answer) mutable {
            finishJob(*id, errorOf(answer), token->cancelled());
            if (listener) {
                done(std::move(answer));
            }
        };
        const QPointer<QObject> self(this);
        *token = m_workers->startFree([poster = m_workers->poster(), self, work = std::move(work), reporter,
                                       over](const CancelToken &cancel) mutable {
            const auto answer = std::make_shared<R>(work(reporter, cancel));
            poster.post(self, [answer, over]() mutable { over(std::move(*answer)); });
        });
        *id = m_jobs.begin(name, reporter, *token);
        return *token;
    }

    /// For work that reports while it runs: brings calls to the GUI thread as long as their context lives.
    [[nodiscard]] Workers::Poster poster() const { return m_workers->poster(); }
    /// Tells errorOccurred() on behalf of a screen.
    void tellError(const Error &error) { Q_EMIT errorOccurred(error); }
    /// Asks for the revision now instead of at the next tick (after an action of ours).
    void pokeRevision();
    void settle();

Q_SIGNALS:
    void opened();
    void openFailed(const nightjar::Error &error);
    /// Something in the store is new; at most twice a second.
    void revisionChanged(quint64 revision);
    void errorOccurred(const nightjar::Error &error);
    /// Changes on the tenant that an earlier run had left open, or whose time was over, have come to an end.
    void settled(const std::vector<nightjar::workspace::BlockOutcome> &outcomes);
    /// The receivers that are to run were started after opening; those that could not be told errorOccurred().
    void receiversStarted();

private:
    /// Wraps work and answer: the answer travels through shared memory and is heard only while `context` lives.
    template <class R, class Work, class Done>
    Workers::Work carry(Work work, QObject *context, Done done)
    {
        using Deduced = std::invoke_result_t<Work &, workspace::Workspace &, const CancelToken &>;
        using Answer = std::conditional_t<std::is_void_v<R>, Deduced, R>;
        static_assert(!std::is_void_v<Answer>, "the work gives its answer back as a value");
        return [poster = m_workers->poster(), work = std::move(work), context = QPointer<QObject>(context),
                done = std::move(done)](workspace::Workspace &space, const CancelToken &token) mutable {
            const auto answer = std::make_shared<Answer>(work(space, token));
            poster.post(context, [answer, done]() mutable { done(std::move(*answer)); });
        };
    }
    template <class R>
    static const Error *errorOf(const R &)
    {
        return nullptr;
    }
    template <class X>
    static const Error *errorOf(const Result<X> &result)
    {
        return result ? nullptr : &result.error();
    }
    void finishJob(int id, const Error *error, bool cancelled);
    void take(std::shared_ptr<workspace::Workspace> shared);
    void startReceivers();
    void tick();

    Workers *m_workers; ///< child; deleted first in the destructor
    JobModel m_jobs;
    QTimer m_poll;
    QTimer m_settleTimer;
    std::string m_settleError; ///< code of the last one told
    Latest m_opening;
    Latest m_revisionAsk;
    Latest m_settling;
    workspace::SecretSources m_secretSources;
    std::filesystem::path m_folder;
    std::vector<Error> m_problems;
    quint64 m_revision = 0;
    bool m_open = false;
    bool m_demo = false;
};

} // namespace nightjar::present
