// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/detectioncontroller.h"
#include "present/ruleeditor.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/codeedit.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

/// The YAML of a rule: completion, what is wrong at its line, save.
class EditorPane : public QWidget {
    Q_OBJECT
public:
    EditorPane(ShellServices &services, present::DetectionController &controller, present::RuleEditor &editor,
               QWidget *parent = nullptr);

    /// Nothing is chosen.
    void clear();
    void openRule(const workspace::RuleInfo &rule, const QString &text);
    void openNew();
    /// Fields that occur in the store, for completion.
    void setFields(const QStringList &fields) { m_fields = fields; }
    [[nodiscard]] bool isChanged() const { return m_editor.isChanged(); }
    void focusEditor() { m_text->setFocus(Qt::ShortcutFocusReason); }
    void save();

private:
    QWidget *buildActions();
    void take();

    ShellServices &m_services;
    present::DetectionController &m_controller;
    present::RuleEditor &m_editor;
    workspace::RuleInfo m_rule; ///< that was opened; empty: a new one
    bool m_open = false;
    bool m_own = true;
    bool m_filling = false;
    QStringList m_fields;

    PaneHead *m_head;
    EmptyState *m_none;
    CodeEdit *m_text;
    NoticeBar *m_notice;
    QWidget *m_actions;
    Button *m_save;
    Button *m_revert;
    PlainLabel *m_why;
};

} // namespace nightjar::ui
