// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/respondcontroller.h"

#include "present/show.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr std::size_t kJournalHead = 20; ///< lines looked through for the one just written

double fractionOf(workspace::BlockStage stage)
{
    switch (stage) {
    case workspace::BlockStage::Queued:
        return 0.1;
    case workspace::BlockStage::Sent:
        return 0.4;
    case workspace::BlockStage::Activated:
        return 0.7;
    case workspace::BlockStage::Verified:
    case workspace::BlockStage::Failed:
        break;
    }
    return 1;
}

} // namespace

RespondController::RespondController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
}

void RespondController::preview(const std::string &value)
{
    m_session.runLatest(
        m_previewing, Priority::Page,
        [value](workspace::Workspace &space, const CancelToken &) { return space.respond().preview(value); }, this,
        [this](Result<workspace::BlockPreview> answer) {
            if (answer) {
                Q_EMIT previewed(*answer);
            } else {
                Q_EMIT failed(answer.error());
            }
        });
}

void RespondController::block(const std::string &value, const QString &reason, std::int64_t ttlMicros, bool confirmed)
{
    workspace::RespondService::Options options;
    options.reason = reason.toStdString();
    options.ttlMicros = ttlMicros;
    options.yes = true;
    if (confirmed) {
        options.confirmed.push_back(value);
    }
    push(value, options, true);
}

void RespondController::unblock(const std::string &value, const QString &reason)
{
    workspace::RespondService::Options options;
    options.reason = reason.toStdString();
    options.yes = true;
    push(value, options, false);
}

void RespondController::push(const std::string &value, const workspace::RespondService::Options &options, bool block)
{
    if (m_pushing) {
        return;
    }
    m_pushing = true;
    const QString shownValue = shownDefanged(value, 256);
    const auto poster = m_session.poster();
    const QPointer<QObject> self(this);
    m_session.startJob(
        block ? tr("Block %1").arg(shownValue) : tr("Unblock %1").arg(shownValue),
        [this, poster, self, value, options, block](workspace::Workspace &space, const JobReporter &reporter,
                                                    const CancelToken &token) -> Result<Pushed> {
            const auto progress = [&](workspace::BlockStage stage, const std::string &detail) {
                const QString text = shown(detail, 512);
                reporter.report(fractionOf(stage), text);
                poster.post(self, [this, stage, text] { Q_EMIT staged(stage, text); });
            };
            auto answer = block ? space.respond().block({value}, options, progress, token)
                                : space.respond().unblock({value}, options, progress, token);
            if (!answer) {
                return fail(answer.error());
            }
            Pushed pushed;
            pushed.outcomes = std::move(*answer);
            const auto lines = space.respond().journal(kJournalHead);
            for (std::size_t i = 0; lines && !pushed.outcomes.empty() && i < lines->size() && pushed.journalId == 0;
                 ++i) {
                const workspace::JournalLine &line = (*lines)[i];
                if (line.undoable && line.entry == pushed.outcomes.front().entry) {
                    pushed.journalId = line.id;
                }
            }
            return pushed;
        },
        this, [this, value, block](Result<Pushed> answer) { finish(value, std::move(answer), block); });
}

void RespondController::finish(const std::string &value, Result<Pushed> answer, bool block)
{
    m_pushing = false;
    if (!answer) {
        Q_EMIT failed(answer.error());
        return;
    }
    workspace::BlockOutcome outcome;
    if (!answer->outcomes.empty()) {
        outcome = answer->outcomes.front();
    } else {
        outcome.value = value;
        outcome.result = "failed";
    }
    const bool stands = outcome.result == "blocked" || outcome.result == "unblocked" || outcome.result == "queued";
    if (stands && answer->journalId != 0) {
        const QString shownValue = shownDefanged(value, 256);
        m_undo.pushResponse(answer->journalId,
                            block ? tr("block of %1").arg(shownValue) : tr("unblock of %1").arg(shownValue));
    }
    Q_EMIT finished(outcome, block);
}

} // namespace nightjar::present
