// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/respondcontroller.h"
#include "present/tablemodels.h"
#include "ui/screens/journalview.h"
#include "ui/shell/screen.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/overlays.h"
#include "ui/widgets/panes.h"

#include <QLineEdit>
#include <QSortFilterProxyModel>

namespace nightjar::ui {

class ConnectForm;
class PushStages;

/// What is blocked: the deny list as it is in Zscaler, a field to block a value with its blast radius told first, the
/// exact requests, the stages of a push, and the journal with undo.
class ResponseScreen : public Screen {
    Q_OBJECT
public:
    explicit ResponseScreen(ShellServices &services, QWidget *parent = nullptr);

    /// `value` in the query: previews a block of it.
    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_ask.busy() || m_controller.busy(); }
    void refresh() override { read(false); }
    void focusQuery() override { m_value->setFocus(Qt::ShortcutFocusReason); }
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

private:
    struct Answer;
    QWidget *buildFigures();
    QWidget *buildBlockPane();
    QWidget *buildListPane();
    QWidget *buildJournalPane();
    void connectController();
    void addActions();
    void connectTenant();
    void read(bool now);
    void take(const Answer &answer);
    void showState(const workspace::DenyListState &state);
    void preview();
    void showPreview(const workspace::BlockPreview &preview);
    void clearPreview();
    void askBlock();
    void unblockSelected();
    void undoSelected();
    [[nodiscard]] std::string selectedEntry() const;

    present::RespondController m_controller;
    present::DenyListModel m_listModel;
    present::JournalModel m_journalModel;
    QSortFilterProxyModel m_filter;
    present::Latest m_ask;
    workspace::BlockPreview m_preview;
    bool m_previewShown = false;
    bool m_connected = false;

    ScreenHead *m_head;
    NoticeBar *m_notice;
    ConnectForm *m_form = nullptr;
    Figure *m_inZscaler;
    Figure *m_own;
    Figure *m_other;
    Figure *m_activation;
    Meter *m_capacity;
    PlainLabel *m_capacityText;
    QLineEdit *m_value;
    QLineEdit *m_reason;
    Button *m_previewButton;
    QWidget *m_previewPane;
    Figure *m_seen;
    Figure *m_users;
    Figure *m_blockedSoFar;
    Figure *m_after;
    QVBoxLayout *m_reasons;
    PlainLabel *m_requests;
    PushStages *m_stages;
    Button *m_block;
    Button *m_unblock;
    Button *m_undo;
    ConfirmBar *m_confirm;
    PaneHead *m_listHead;
    FastTable *m_list;
    JournalView *m_journal;
    EmptyState *m_noEntries;
    EmptyState *m_noJournal;
};

/// Queued → Sent → Activated → Verified as circles on a line; the one that failed is red and says why.
class PushStages : public QWidget {
    Q_OBJECT
public:
    explicit PushStages(QWidget *parent = nullptr);
    void reset();
    void reach(workspace::BlockStage stage, const QString &detail);
    QSize sizeHint() const override { return {480, 44}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_reached = -1;
    bool m_failed = false;
    QString m_detail;
};

} // namespace nightjar::ui
