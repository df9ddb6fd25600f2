// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/jobmodel.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

/// The row of 28 at the bottom: store, deny list, jobs; at the right what is selected.
class StatusStrip : public Surface {
    Q_OBJECT
public:
    explicit StatusStrip(present::JobModel &jobs, QWidget *parent = nullptr);

    struct State {
        bool open = false;
        std::int64_t events = 0, quarantined = 0, denied = 0, capacity = 0;
        std::uint64_t bytes = 0;
        bool connected = false, simulated = false;
        QString activation; ///< "ACTIVE", "PENDING", "INPROGRESS"
    };
    void setState(const State &state);
    void setSelection(const QString &text);
    Button *jobsButton() { return m_jobs; }

private:
    QWidget *addLine();
    void showRunning(int running);

    QHBoxLayout *m_row;
    PlainLabel *m_store;
    QWidget *m_denyLine = nullptr;
    PlainLabel *m_deny;
    Meter *m_meter;
    PlainLabel *m_activation;
    Button *m_jobs;
    PlainLabel *m_selection;
};

} // namespace nightjar::ui
