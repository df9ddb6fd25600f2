// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/screens/playbooks/playbookpane.h"
#include "ui/screens/playbooks/stepspane.h"
#include "ui/shell/screen.h"

namespace nightjar::ui {

/// What is done by itself: playbooks with their text, dry runs on past alerts, and every run with its steps.
class PlaybooksScreen : public Screen {
    Q_OBJECT
public:
    explicit PlaybooksScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_controller.busy(); }
    void refresh() override { m_controller.refresh(); }
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

private:
    QWidget *buildLists();
    void addActions();
    void connectController();
    void take();
    void choose(int row);
    void chooseRun(int row);
    void rehearse();
    void runNow();
    void writeNew();

    present::PlaybookController m_controller;
    ScreenHead *m_head;
    FastTable *m_table;
    FastTable *m_runs;
    EmptyState *m_noRuns;
    PlaybookPane *m_pane;
    StepsPane *m_steps;
    QString m_wanted; ///< to be chosen once the list is there
};

} // namespace nightjar::ui
