// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/alertmodels.h"
#include "present/session.h"
#include "present/undostack.h"

#include <QObject>

#include <vector>

namespace nightjar::present {

/// The alert in view: everything the "why" and the evidence need.
struct AlertDetail {
    alerts::Alert alert;
    std::vector<EvidenceRow> evidence;
};

/// Alerts on behalf of a window: the list, one in full, changes with undo. Thread: GUI; nothing blocks.
class TriageController : public QObject {
    Q_OBJECT
public:
    TriageController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    /// Fills `queue` with what the filter lets through; listed() follows.
    void refresh(AlertQueueModel &queue, const workspace::AlertFilter &filter);
    void load(std::int64_t id);
    void change(const std::vector<std::int64_t> &ids, const workspace::AlertChange &change, const QString &said);
    [[nodiscard]] bool busy() const { return m_listing.busy() || m_loading.busy(); }

Q_SIGNALS:
    void listed();
    void loaded(const nightjar::present::AlertDetail &detail);
    void changed(const QString &said);
    void failed(const nightjar::Error &error);

private:
    Session &m_session;
    UndoStack &m_undo;
    Latest m_listing, m_loading;
};

} // namespace nightjar::present
