// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/screen.h"
#include "ui/widgets/panes.h"

#include <QButtonGroup>
#include <QStackedWidget>

#include <filesystem>

namespace nightjar::ui {

/// A way to begin: icon, name, what it does, how long. Radio behaviour; arrow keys move.
class ChoiceRow : public QAbstractButton {
    Q_OBJECT
public:
    ChoiceRow(const QString &icon, const QString &name, const QString &effect, const QString &cost,
              QWidget *parent = nullptr);
    QSize sizeHint() const override { return {480, 64}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon, m_name, m_effect, m_cost;
};

/// The welcome: demo, own logs or a tenant; where the store is and how much room it has. No rail around it.
class FirstRunScreen : public Screen {
    Q_OBJECT
public:
    explicit FirstRunScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_measuring; }
    void setFolder(const std::filesystem::path &folder);

Q_SIGNALS:
    void demoChosen(const std::filesystem::path &folder);
    void workspaceChosen(const std::filesystem::path &folder, const QString &screen);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum Choice { Demo, Import, Connect };
    QWidget *buildLeft();
    QWidget *buildRight();
    QWidget *buildDemoPage();
    static QWidget *buildTextPage(const QString &title, const QList<QPair<QString, QString>> &lines,
                                  const QString &promise);
    QWidget *buildFooter();
    void choose(int choice);
    void go();
    void measureRoom();
    void changeFolder();
    void followJob();

    QButtonGroup m_choices;
    QStackedWidget *m_pages;
    PlainLabel *m_folderLabel;
    PlainLabel *m_room;
    Button *m_go;
    PlainLabel *m_progressText;
    ProgressBar *m_progress;
    std::filesystem::path m_folder;
    bool m_measuring = false;
    bool m_started = false;
};

} // namespace nightjar::ui
