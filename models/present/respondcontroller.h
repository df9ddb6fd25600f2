// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"
#include "present/undostack.h"
#include "workspace/workspace.h"

#include <QObject>

namespace nightjar::present {

/// Blocks and unblocks on behalf of a window. A push runs as a job with a thread of its own; its stages come back as
/// they are reached. Thread: GUI; nothing blocks.
class RespondController : public QObject {
    Q_OBJECT
public:
    RespondController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    /// What a block of `value` would do; previewed() follows. A new call drops the answer of the one before.
    void preview(const std::string &value);
    /// `confirmed`: the value was typed again, for what asks.
    void block(const std::string &value, const QString &reason, std::int64_t ttlMicros, bool confirmed);
    void unblock(const std::string &value, const QString &reason);
    [[nodiscard]] bool pushing() const { return m_pushing; }
    [[nodiscard]] bool busy() const { return m_previewing.busy() || m_pushing; }

Q_SIGNALS:
    void previewed(const nightjar::workspace::BlockPreview &preview);
    void staged(nightjar::workspace::BlockStage stage, const QString &detail);
    void finished(const nightjar::workspace::BlockOutcome &outcome, bool block);
    void failed(const nightjar::Error &error);

private:
    struct Pushed {
        std::vector<workspace::BlockOutcome> outcomes;
        std::int64_t journalId = 0; ///< newest undoable line of the entry, 0 when none
    };
    void push(const std::string &value, const workspace::RespondService::Options &options, bool block);
    void finish(const std::string &value, Result<Pushed> answer, bool block);

    Session &m_session;
    UndoStack &m_undo;
    Latest m_previewing;
    bool m_pushing = false;
};

} // namespace nightjar::present
