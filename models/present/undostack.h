// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"

#include <QObject>

#include <functional>
#include <vector>

namespace nightjar::present {

/// What Ctrl+Z takes back: triage steps, pushes and other changes of this window, in the order in which they were done.
/// The engine holds the inverse of triage steps and pushes; other changes bring theirs along. Thread: GUI.
class UndoStack : public QObject {
    Q_OBJECT
public:
    explicit UndoStack(Session &session, QObject *parent = nullptr);

    void pushTriage(const QString &text);
    void pushResponse(std::int64_t journalId, const QString &text);
    /// What takes a change back; runs on a worker.
    using Inverse = std::function<Status(workspace::Workspace &)>;
    void pushChange(const QString &text, Inverse inverse);
    [[nodiscard]] bool isEmpty() const { return m_steps.empty(); }
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] QString nextText() const { return m_steps.empty() ? QString() : m_steps.back().text; }
    /// Takes the newest step back in the background; undone() or failed() follows.
    void undo();

Q_SIGNALS:
    void changed();
    void undone(const QString &text);
    void failed(const nightjar::Error &error);

private:
    struct Step {
        std::int64_t journalId = 0; ///< 0: no push
        QString text;
        Inverse inverse = {}; ///< neither push nor inverse: a triage step
    };
    void undoChange(const Step &step);
    void finish(bool good);

    Session &m_session;
    std::vector<Step> m_steps;
    bool m_busy = false;
};

} // namespace nightjar::present
