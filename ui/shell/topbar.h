// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellservices.h"
#include "ui/widgets/panes.h"

#include <QMenu>

namespace nightjar::ui {

/// The field in the middle that opens the palette; looks like an input, is a button.
class CommandField : public QAbstractButton {
    Q_OBJECT
public:
    explicit CommandField(QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// The row of 44 at the top: mark, back and forward, tenant, command field, time range, theme, help.
class TopBar : public Surface {
    Q_OBJECT
public:
    explicit TopBar(ShellServices &services, QWidget *parent = nullptr);

    void setHistory(bool back, bool forward);
    void setTenant(const QString &tenant, bool simulated);
    /// The newest stored event: "last 24 h" counts back from it.
    void setNewest(Timestamp newest);
    void setSmall(bool small);
    /// First run: nothing but the mark and the help.
    void setBare(bool bare);
    CommandField *commandField() { return m_command; }

Q_SIGNALS:
    void backClicked();
    void forwardClicked();
    void commandClicked();
    void helpClicked();
    void themeChosen(int choice);

private:
    void chooseRange(std::int64_t micros, const QString &label);
    void fillThemeMenu();

    ShellServices &m_services;
    IconButton *m_back;
    IconButton *m_forward;
    PlainLabel *m_tenant;
    PlainLabel *m_simulated;
    CommandField *m_command;
    Button *m_range;
    PlainLabel *m_zone;
    IconButton *m_look;
    IconButton *m_help;
    QMenu m_rangeMenu;
    QMenu m_themeMenu;
    Timestamp m_newest = kNoTime;
    std::int64_t m_rangeMicros = 0;
};

} // namespace nightjar::ui
