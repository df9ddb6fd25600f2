// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/indicatorcontroller.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

namespace nightjar::ui {

/// Feeds of indicators with how they are, and a form that adds one.
class FeedPanel : public QWidget {
    Q_OBJECT
public:
    FeedPanel(ShellServices &services, present::IndicatorController &controller, QWidget *parent = nullptr);
    void showForm();

private:
    QWidget *buildForm();
    void take();
    void chooseRow(int row);
    void save();
    [[nodiscard]] QString chosen() const;

    ShellServices &m_services;
    present::IndicatorController &m_controller;
    FastTable *m_table;
    PlainLabel *m_problem;
    Button *m_poll;
    Button *m_remove;
    Form *m_form;
    QWidget *m_formPane;
    Choice *m_kind;
    QLineEdit *m_name;
    QLineEdit *m_address;
    QLineEdit *m_user;
    QLineEdit *m_secret;
    EmptyState *m_none;
};

} // namespace nightjar::ui
