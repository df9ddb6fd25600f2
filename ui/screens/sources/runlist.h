// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellservices.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

/// Says that a drop works, and chooses files, folders and files to follow; drops themselves are the window's.
class DropZone : public QWidget {
    Q_OBJECT
public:
    explicit DropZone(ShellServices &services, QWidget *parent = nullptr);
    /// One line instead of two.
    void setNarrow(bool narrow);
    void chooseFolder();
    void chooseFollow();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ShellServices &m_services;
    PlainLabel *m_more;
};

/// What is being read in, and what came of it; the newest runs.
class RunList : public QWidget {
    Q_OBJECT
public:
    explicit RunList(ShellServices &services, QWidget *parent = nullptr);

Q_SIGNALS:
    /// The bad records of a file are asked for.
    void badAsked(const QString &source);

private:
    void rebuild();
    void refresh();
    void addResults(const Imports::Run &run);

    ShellServices &m_services;
    QVBoxLayout *m_rows;
    QList<std::pair<int, ProgressRow *>> m_progress; ///< job id
};

} // namespace nightjar::ui
