// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/triagecontroller.h"
#include "workspace/workspace.h"

#include <QPointer>

namespace nightjar::present {

TriageController::TriageController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
}

void TriageController::refresh(AlertQueueModel &queue, const workspace::AlertFilter &filter)
{
    m_session.runLatest(
        m_listing, Priority::Page,
        [filter](workspace::Workspace &space, const CancelToken &) { return space.triage().list(filter); }, this,
        [this, queue = QPointer<AlertQueueModel>(&queue)](Result<std::vector<alerts::Alert>> answer) {
            if (!answer) {
                Q_EMIT failed(answer.error());
            } else if (queue) {
                queue->setAlerts(std::move(*answer), systemClock().now());
                Q_EMIT listed();
            }
        });
}

void TriageController::load(std::int64_t id)
{
    m_session.runLatest(
        m_loading, Priority::Page,
        [id](workspace::Workspace &space, const CancelToken &) -> Result<AlertDetail> {
            auto alert = space.triage().get(id);
            if (!alert) {
                return fail(alert.error());
            }
            AlertDetail detail;
            detail.evidence = readEvidence(alert->finding.evidence);
            detail.alert = std::move(*alert);
            return detail;
        },
        this,
        [this](Result<AlertDetail> answer) {
            if (answer) {
                Q_EMIT loaded(*answer);
            } else {
                Q_EMIT failed(answer.error());
            }
        });
}

void TriageController::change(const std::vector<std::int64_t> &ids, const workspace::AlertChange &change,
                              const QString &said)
{
    m_session.run(
        Priority::Action,
        [ids, change](workspace::Workspace &space, const CancelToken &) {
            return space.triage().change(ids, change, "you");
        },
        this,
        [this, said](Status answer) {
            if (answer) {
                m_undo.pushTriage(said);
                m_session.pokeRevision();
                Q_EMIT changed(said);
            } else {
                Q_EMIT failed(answer.error());
            }
        });
}

} // namespace nightjar::present
