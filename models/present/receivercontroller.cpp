// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/receivercontroller.h"

#include "present/show.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr int kWatchMs = 1'000;
constexpr qsizetype kRates = 30;

Result<ReceiverController::State> ask(workspace::Workspace &space)
{
    auto receivers = space.receivers().list();
    auto sources = space.imports().sources();
    if (!receivers || !sources) {
        return fail(receivers ? sources.error() : receivers.error());
    }
    ReceiverController::State state{std::move(*receivers), std::move(*sources), space.receivers().trouble()};
    std::erase_if(state.sources, [&](const workspace::SourceInfo &source) {
        return std::any_of(state.receivers.begin(), state.receivers.end(),
                           [&](const workspace::ReceiverInfo &info) { return info.key == source.name; });
    });
    return state;
}

/// Puts a receiver back as it was: configured, and running when it ran.
Status restore(workspace::Workspace &space, const workspace::ReceiverInfo &before)
{
    if (const auto key = space.receivers().save(before.config); !key) {
        return fail(key.error());
    }
    return before.state == "listening" ? space.receivers().start(before.key) : space.receivers().stop(before.key);
}

} // namespace

ReceiverController::ReceiverController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
    m_watch.setInterval(kWatchMs);
    connect(&m_watch, &QTimer::timeout, this, [this] {
        if (m_session.isOpen() && !busy()) {
            refresh();
        }
    });
    connect(&session, &Session::opened, this, [this] {
        m_state = {};
        m_rates.clear();
    });
    connect(&session, &Session::receiversStarted, this, &ReceiverController::refresh);
}

const workspace::ReceiverInfo *ReceiverController::find(const std::string &key) const
{
    const auto found = std::find_if(m_state.receivers.begin(), m_state.receivers.end(),
                                    [&](const workspace::ReceiverInfo &info) { return info.key == key; });
    return found == m_state.receivers.end() ? nullptr : &*found;
}

void ReceiverController::setWatching(bool watching)
{
    if (watching && !m_watch.isActive()) {
        m_watch.start();
    } else if (!watching) {
        m_watch.stop();
    }
}

void ReceiverController::refresh()
{
    m_session.runLatest<Result<State>>(
        m_asking, Priority::Page, [](workspace::Workspace &space, const CancelToken &) { return ask(space); }, this,
        [this](Result<State> answer) { take(std::move(answer)); });
}

void ReceiverController::take(Result<State> answer)
{
    if (!answer) {
        Q_EMIT failed(answer.error());
        return;
    }
    m_state = std::move(*answer);
    for (const workspace::ReceiverInfo &info : m_state.receivers) {
        QList<double> &rates = m_rates[QString::fromStdString(info.key)];
        rates << (info.state == "listening" ? info.health.recordsPerSecond : 0);
        if (rates.size() > kRates) {
            rates.removeFirst();
        }
    }
    Q_EMIT changed();
}

void ReceiverController::change(const QString &text, Change work, UndoStack::Inverse inverse)
{
    m_session.runLatest<Result<Changed>>(
        m_changing, Priority::Action,
        [work = std::move(work)](workspace::Workspace &space, const CancelToken &) { return work(space); }, this,
        [this, text, inverse = std::move(inverse)](const Result<Changed> &changed) {
            refresh();
            if (!changed) {
                Q_EMIT failed(changed.error());
                return;
            }
            m_undo.pushChange(text, inverse);
            Q_EMIT done(text, QString::fromStdString(changed->key));
            if (changed->problem) {
                Q_EMIT failed(*changed->problem);
            }
        });
}

void ReceiverController::save(const workspace::ReceiverConfig &config, const std::string &old, bool start)
{
    const workspace::ReceiverInfo *known = find(old.empty() ? config.key() : old);
    const std::optional<workspace::ReceiverInfo> before = known != nullptr ? std::optional(*known) : std::nullopt;
    const bool moved = before && before->key != config.key();
    const QString name = shown(config.place, 120);
    change(
        before ? tr("%1 changed").arg(name) : tr("%1 added").arg(name),
        [=](workspace::Workspace &space) -> Result<Changed> {
            const auto key = space.receivers().save(config);
            if (!key) {
                return fail(key.error());
            }
            if (moved) {
                if (auto removed = space.receivers().remove(before->key); !removed) {
                    return fail(removed.error());
                }
            }
            Changed changed{*key, std::nullopt};
            if (start || (before && before->state == "listening")) {
                if (auto started = space.receivers().start(*key); !started) {
                    changed.problem = started.error();
                }
            }
            return changed;
        },
        [=, key = config.key()](workspace::Workspace &space) -> Status {
            if (!before || moved) {
                if (auto removed = space.receivers().remove(key); !removed) {
                    return removed;
                }
            }
            return before ? restore(space, *before) : Status();
        });
}

void ReceiverController::start(const std::string &key)
{
    change(
        tr("%1 started").arg(shown(key, 120)),
        [key](workspace::Workspace &space) -> Result<Changed> {
            auto started = space.receivers().start(key);
            return started ? Result<Changed>(Changed{key, {}}) : fail(started.error());
        },
        [key](workspace::Workspace &space) { return space.receivers().stop(key); });
}

void ReceiverController::stop(const std::string &key)
{
    change(
        tr("%1 stopped").arg(shown(key, 120)),
        [key](workspace::Workspace &space) -> Result<Changed> {
            auto stopped = space.receivers().stop(key);
            return stopped ? Result<Changed>(Changed{key, {}}) : fail(stopped.error());
        },
        [key](workspace::Workspace &space) { return space.receivers().start(key); });
}

void ReceiverController::remove(const std::string &key)
{
    const workspace::ReceiverInfo *known = find(key);
    if (known == nullptr) {
        return;
    }
    change(
        tr("%1 removed").arg(shown(known->config.place, 120)),
        [key](workspace::Workspace &space) -> Result<Changed> {
            auto removed = space.receivers().remove(key);
            return removed ? Result<Changed>(Changed{}) : fail(removed.error());
        },
        [before = *known](workspace::Workspace &space) { return restore(space, before); });
}

void ReceiverController::makeToken()
{
    m_session.runLatest<Result<workspace::ReceiveService::Token>>(
        m_changing, Priority::Action,
        [](workspace::Workspace &, const CancelToken &) { return workspace::ReceiveService::newToken(); }, this,
        [this](const Result<workspace::ReceiveService::Token> &token) {
            if (token) {
                Q_EMIT tokenMade(QString::fromStdString(token->token), QString::fromStdString(token->hash));
            } else {
                Q_EMIT failed(token.error());
            }
        });
}

} // namespace nightjar::present
