// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedcontroller.h"
#include "present/quarantinecontroller.h"
#include "present/receivercontroller.h"
#include "present/sourcemodels.h"
#include "ui/shell/screen.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/panes.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>

namespace nightjar::ui {

class BadPane;
class DropZone;
class FeedPane;
class HealthPane;
class OccurrencesPane;
class ReceiverPane;
class SetupPane;

/// Where events come from: the drop zone and what is being read; receivers and files with their health; the records
/// that could not be read; at the right the chosen receiver, feed formats, and the set-up of a new feed.
class SourcesScreen : public Screen {
    Q_OBJECT
public:
    explicit SourcesScreen(ShellServices &services, QWidget *parent = nullptr);

    /// `source` in the query: shows the bad records of that file. `pane`: "receiver", "format" or "setup".
    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override;
    void refresh() override;
    void setNarrow(bool narrow) override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *buildHead();
    QWidget *buildLeft();
    QWidget *buildTable();
    QWidget *buildDetail();
    QWidget *buildRight();
    void connectControllers();
    void addActions();
    void takeSources();
    void takeNotices();
    void takeKept();
    void select(const QString &key);
    void showSelected();
    void showDetail();
    void showPane(int pane);
    void addReceiver(workspace::ReceiverKind kind);
    void useFormat(const QString &name);
    void tellDone(const QString &text, const QString &key);
    [[nodiscard]] QString rowKey(int row) const;

    present::ReceiverController m_controller;
    present::FeedController m_feeds;
    present::QuarantineController m_quarantine;
    present::SourcesModel m_model;
    QString m_selected;
    bool m_filling = false;
    bool m_saving = false;    ///< the form was sent
    bool m_showSaved = false; ///< and was taken: shown once the list has it

    ScreenHead *m_head;
    DropZone *m_drop;
    NoticeBar *m_notice;
    FastTable *m_table;
    EmptyState *m_noSources;
    QTabBar *m_detailTabs;
    QStackedWidget *m_detail;
    BadPane *m_bad;
    HealthPane *m_health;
    OccurrencesPane *m_occurrences;
    QTabBar *m_paneTabs;
    QStackedWidget *m_panes;
    ReceiverPane *m_receiver;
    FeedPane *m_format;
    SetupPane *m_setup;
};

} // namespace nightjar::ui
