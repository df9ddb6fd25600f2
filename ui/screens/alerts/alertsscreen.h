// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/alertmodels.h"
#include "present/respondcontroller.h"
#include "present/triagecontroller.h"
#include "present/undostack.h"
#include "ui/screens/alerts/queueview.h"
#include "ui/screens/alerts/respondpane.h"
#include "ui/screens/alerts/whypane.h"
#include "ui/shell/screen.h"
#include "ui/widgets/overlays.h"
#include "ui/widgets/severity.h"

#include <QLineEdit>
#include <QStackedWidget>

namespace nightjar::ui {

/// The queue, why an alert is there, and what can be done about it. Thread: GUI.
class AlertsScreen : public Screen {
    Q_OBJECT
public:
    explicit AlertsScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override;
    void refresh() override;
    void setNarrow(bool narrow) override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

    QueueView *queue() { return m_view; }
    RespondPane *respondPane() { return m_respondPane; }
    WhyPane *why() { return m_why; }
    ConfirmBar *confirmBar() { return m_confirm; }
    present::AlertQueueModel &model() { return m_model; }
    present::UndoStack &undoStack() { return m_undo; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeQueue();
    QWidget *makeQueueHead();
    QWidget *makeHints();
    QWidget *makeDetail();
    QWidget *makeDetailHead();
    QWidget *makeNoteBar();
    void connectParts();
    void connectRespond();

    void listed();
    void showAlert(qint64 id);
    void showDetail(const present::AlertDetail &detail);
    void askOthers(const alerts::Alert &alert);
    void change(const workspace::AlertChange &change, const QString &said);
    void acknowledge();
    void startClosing();
    void closeAs(alerts::Verdict verdict);
    void stopClosing();
    void startNote();
    void saveNote();
    void block();
    void push(bool confirmed);
    void unblock();
    void undo();
    void openInEvents();
    void toastWithUndo(const QString &title, const QString &detail);
    void showFilters();

    present::UndoStack m_undo;
    present::TriageController m_triage;
    present::RespondController m_respond;
    present::AlertQueueModel m_model;
    present::Latest m_others;
    workspace::AlertFilter m_filter;
    alerts::Alert m_shown; ///< id 0: none
    qint64 m_wanted = 0;   ///< to choose once the list is there
    int m_lastRow = 1;     ///< where the next alert is looked for after one has left
    bool m_closing = false;
    bool m_narrow = false;

    QueueView *m_view = nullptr;
    QWidget *m_queuePane = nullptr;
    QStackedWidget *m_queueStack = nullptr, *m_detailStack = nullptr;
    EmptyState *m_empty = nullptr;
    PlainLabel *m_summary = nullptr, *m_title = nullptr, *m_status = nullptr, *m_who = nullptr, *m_what = nullptr,
               *m_when = nullptr, *m_attack = nullptr, *m_closeText = nullptr;
    IconLabel *m_whoIcon = nullptr, *m_whatIcon = nullptr;
    SeverityChip *m_chip = nullptr;
    Button *m_filterButton = nullptr, *m_groupButton = nullptr, *m_orderButton = nullptr, *m_acknowledge = nullptr,
           *m_noteButton = nullptr, *m_closeButton = nullptr;
    Surface *m_closeBar = nullptr, *m_noteBar = nullptr;
    QLineEdit *m_noteField = nullptr;
    QBoxLayout *m_body = nullptr;
    WhyPane *m_why = nullptr;
    RespondPane *m_respondPane = nullptr;
    ConfirmBar *m_confirm = nullptr;
};

} // namespace nightjar::ui
