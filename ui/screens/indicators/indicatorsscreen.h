// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/screens/indicators/feedpanel.h"
#include "ui/shell/screen.h"

#include <QTimer>

class QPlainTextEdit;

namespace nightjar::ui {

/// Everything that is known to be bad: searched as one types, imported from files that are chosen or dropped, hunted in
/// the past, fetched from feeds.
class IndicatorsScreen : public Screen {
    Q_OBJECT
public:
    explicit IndicatorsScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_controller.busy(); }
    void focusQuery() override;
    void refresh() override { m_controller.refresh(); }
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *buildHead();
    QWidget *buildHunt();
    void addActions();
    void connectController();
    void take();
    void chooseFiles();
    void showHunt();
    void startHunt();
    void huntChosen();
    void copyChosen();
    void blockChosen();
    [[nodiscard]] QStringList chosen() const;
    void tellHunt(const workspace::IntelService::Hunt &hunt);

    present::IndicatorController m_controller;
    QTimer m_typing;
    ScreenHead *m_head;
    QLineEdit *m_search;
    PlainLabel *m_count;
    FastTable *m_table;
    EmptyState *m_none;
    Surface *m_huntPane;
    QPlainTextEdit *m_values;
    PlainLabel *m_found;
    FeedPanel *m_feeds;
};

} // namespace nightjar::ui
