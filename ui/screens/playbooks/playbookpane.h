// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/playbookcontroller.h"
#include "ui/widgets/codeedit.h"
#include "ui/widgets/panes.h"

#include <QTimer>

namespace nightjar::ui {

/// One playbook: whether it runs by itself, its text with what is wrong at its line, save.
class PlaybookPane : public QWidget {
    Q_OBJECT
public:
    explicit PlaybookPane(present::PlaybookController &controller, QWidget *parent = nullptr);

    /// The list has changed, or another one is chosen.
    void take();
    void openText(const QString &id, const QString &text);
    void openNew();
    void save();
    void toggle();
    [[nodiscard]] QString id() const { return m_id; }
    [[nodiscard]] QString text() const { return m_text->toPlainText(); }
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] bool isChanged() const { return m_open && m_text->toPlainText() != m_saved; }
    [[nodiscard]] bool isUsable() const { return m_usable && !m_checking; }

Q_SIGNALS:
    /// Open or not, changed or not, usable or not.
    void stateChanged();

private:
    QWidget *buildActions();
    void takeMarks(const std::vector<present::TextMark> &marks);

    present::PlaybookController &m_controller;
    QTimer m_typing;
    QString m_id, m_saved;
    bool m_open = false;
    bool m_usable = false;
    bool m_checking = false; ///< the text is newer than what m_usable says

    PaneHead *m_head;
    Button *m_toggle;
    Button *m_remove;
    NoticeBar *m_stopped;
    PlainLabel *m_about;
    EmptyState *m_none;
    CodeEdit *m_text;
    NoticeBar *m_notice;
    QWidget *m_actions;
    Button *m_save;
    Button *m_revert;
    PlainLabel *m_why;
};

} // namespace nightjar::ui
