// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/undostack.h"

#include "present/show.h"
#include "workspace/workspace.h"

namespace nightjar::present {

UndoStack::UndoStack(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    connect(&session, &Session::opened, this, [this] { // steps of another workspace
        m_steps.clear();
        Q_EMIT changed();
    });
}

void UndoStack::pushTriage(const QString &text)
{
    m_steps.push_back({0, text, {}});
    Q_EMIT changed();
}

void UndoStack::pushResponse(std::int64_t journalId, const QString &text)
{
    m_steps.push_back({journalId, text, {}});
    Q_EMIT changed();
}

void UndoStack::pushChange(const QString &text, Inverse inverse)
{
    m_steps.push_back({0, text, std::move(inverse)});
    Q_EMIT changed();
}

void UndoStack::undoChange(const Step &step)
{
    m_session.run(
        Priority::Action,
        [inverse = step.inverse](workspace::Workspace &space, const CancelToken &) { return inverse(space); }, this,
        [this, text = step.text](const Status &status) {
            finish(status.has_value());
            if (status) {
                Q_EMIT undone(text);
            } else {
                Q_EMIT failed(status.error());
            }
        });
}

void UndoStack::undo()
{
    if (m_busy || m_steps.empty()) {
        return;
    }
    m_busy = true;
    const Step step = m_steps.back();
    if (step.inverse) {
        undoChange(step);
        return;
    }
    if (step.journalId == 0) {
        m_session.run(
            Priority::Action,
            [](workspace::Workspace &space, const CancelToken &) { return space.triage().undo("you"); }, this,
            [this](Result<std::string> answer) {
                finish(answer.has_value());
                if (answer) {
                    Q_EMIT undone(shown(*answer));
                } else {
                    Q_EMIT failed(answer.error());
                }
            });
        return;
    }
    using Outcomes = Result<std::vector<workspace::BlockOutcome>>;
    m_session.startJob(
        tr("Undo: %1").arg(step.text),
        [id = step.journalId](workspace::Workspace &space, const JobReporter &, const CancelToken &token) -> Outcomes {
            return space.respond().undo(
                id, [](workspace::BlockStage, const std::string &) {}, token);
        },
        this,
        [this, text = step.text](Outcomes answer) {
            finish(answer.has_value());
            if (answer) {
                Q_EMIT undone(text);
            } else {
                Q_EMIT failed(answer.error());
            }
        });
}

void UndoStack::finish(bool good)
{
    m_busy = false;
    if (good && !m_steps.empty()) {
        m_steps.pop_back();
    }
    m_session.pokeRevision();
    Q_EMIT changed();
}

} // namespace nightjar::present
