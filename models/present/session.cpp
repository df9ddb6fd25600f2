// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/session.h"
#include "workspace/workspace.h"

#include <system_error>

namespace nightjar::present {

namespace {

constexpr int kSettleMs = 10 * 60 * 1'000;
constexpr int kPollMs = 500; ///< revisionChanged() comes at most twice a second

struct Opened {
    std::shared_ptr<workspace::Workspace> workspace;
    Error error;
};

} // namespace

Session::Session(QObject *parent)
    : QObject(parent)
    , m_workers(new Workers(0, this))
{
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &Session::tick);
    m_settleTimer.setInterval(kSettleMs);
    connect(&m_settleTimer, &QTimer::timeout, this, &Session::settle);
}

Session::~Session()
{
    delete m_workers; // first: nothing is answered into a half-gone session
}

void Session::openWorkspace(const std::filesystem::path &folder, bool create)
{
    m_opening.cancel();
    m_opening.m_busy = true;
    m_folder = folder;
    const auto answer = [this, mine = *m_opening.m_generation](Opened opened) {
        if (*m_opening.m_generation != mine) {
            return;
        }
        m_opening.m_busy = false;
        if (opened.workspace) {
            take(std::move(opened.workspace));
        } else {
            Q_EMIT openFailed(opened.error);
        }
    };
    m_opening.m_token = m_workers->startFree([poster = m_workers->poster(), self = QPointer<QObject>(this), folder,
                                              create, answer, secrets = m_secretSources](const CancelToken &) {
        Opened opened;
        auto result = workspace::Workspace::open(folder, {.create = create, .readOnly = false, .secrets = secrets});
        if (result) {
            opened.workspace = std::move(*result);
        } else {
            opened.error = result.error();
        }
        poster.post(self, [answer, opened = std::move(opened)] { answer(opened); });
    });
}

void Session::adopt(std::unique_ptr<workspace::Workspace> workspace)
{
    m_opening.cancel();
    take(std::move(workspace));
}

void Session::take(std::shared_ptr<workspace::Workspace> shared)
{
    m_folder = shared->folder();
    m_demo = shared->isDemo();
    m_problems = shared->problems();
    m_open = true;
    m_revision = 0;
    m_workers->setWorkspace(std::move(shared));
    m_poll.start();
    Q_EMIT opened();
    for (const Error &problem : m_problems) {
        Q_EMIT errorOccurred(problem);
    }
    pokeRevision();
    settle();
    startReceivers();
    m_settleTimer.start();
}

void Session::startReceivers()
{
    run(
        Priority::Action, [](workspace::Workspace &space, const CancelToken &) { return space.startServices(); }, this,
        [this](const std::vector<Error> &problems) {
            for (const Error &problem : problems) {
                Q_EMIT errorOccurred(problem);
            }
            Q_EMIT receiversStarted();
        });
}

void Session::settle()
{
    runLatest<Result<std::vector<workspace::BlockOutcome>>>(
        m_settling, Priority::Action,
        [](workspace::Workspace &space, const CancelToken &cancel) { return space.respond().settle(cancel); }, this,
        [this](const Result<std::vector<workspace::BlockOutcome>> &outcomes) {
            if (outcomes && !outcomes->empty()) {
                Q_EMIT settled(*outcomes);
            } else if (!outcomes && m_settleError != outcomes.error().code) {
                m_settleError = outcomes.error().code; // once, not every ten minutes
                Q_EMIT errorOccurred(outcomes.error());
            }
        });
}

void Session::pokeRevision()
{
    runLatest(
        m_revisionAsk, Priority::Action,
        [](workspace::Workspace &space, const CancelToken &) { return space.revision(); }, this,
        [this](std::uint64_t revision) {
            if (revision != m_revision) {
                m_revision = revision;
                Q_EMIT revisionChanged(m_revision);
            }
        });
}

void Session::tick()
{
    if (!m_revisionAsk.busy()) {
        pokeRevision();
    }
}

void Session::finishJob(int id, const Error *error, bool cancelled)
{
    if (cancelled) {
        m_jobs.finish(id, JobState::Cancelled, {});
    } else if (error != nullptr) {
        m_jobs.finish(id, JobState::Failed, QString::fromStdString(describe(*error)));
        Q_EMIT errorOccurred(*error);
    } else {
        m_jobs.finish(id, JobState::Done, {});
    }
    pokeRevision();
}

} // namespace nightjar::present
