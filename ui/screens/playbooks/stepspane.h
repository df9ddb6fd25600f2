// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/playbookcontroller.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

/// What a playbook would do for an alert, or what a run did, step by step; and the answer to a run that asks.
class StepsPane : public QWidget {
    Q_OBJECT
public:
    explicit StepsPane(present::PlaybookController &controller, QWidget *parent = nullptr);

    /// A playbook that can run is open, or not.
    void setUsable(bool usable, bool runnable);
    /// Steps of this run; 0: of a dry run.
    void showRun(std::int64_t run);
    void take();
    void setAlert(std::int64_t alert);
    [[nodiscard]] std::int64_t alert() const;
    void focusAlert() { m_alert->setFocus(Qt::ShortcutFocusReason); }

Q_SIGNALS:
    void rehearsalAsked();
    void runAsked();

private:
    present::PlaybookController &m_controller;
    std::int64_t m_run = 0;
    PaneHead *m_head;
    QLineEdit *m_alert;
    Button *m_rehearse;
    Button *m_runNow;
    NoticeBar *m_question;
    FastTable *m_table;
    EmptyState *m_none;
    PlainLabel *m_detail;
};

} // namespace nightjar::ui
