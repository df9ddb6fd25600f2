// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/receivercontroller.h"
#include "present/receiverdraft.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/form.h"

#include <QCheckBox>

namespace nightjar::ui {

/// A receiver to add or to change: where it listens, who may send, what it expects. A new token is shown once.
class ReceiverPane : public QWidget {
    Q_OBJECT
public:
    ReceiverPane(ShellServices &services, present::ReceiverController &controller, QWidget *parent = nullptr);

    /// An empty form for a kind.
    void startNew(workspace::ReceiverKind kind);
    /// The receiver of this key; empty: nothing is chosen. What was typed for another one is gone.
    void showReceiver(const QString &key);
    [[nodiscard]] QString key() const { return m_key; }
    [[nodiscard]] bool isNew() const { return m_new; }
    void setFormats(const QStringList &names);
    /// Chooses a format for the receiver that is shown, without saving it.
    void useFormat(const QString &name);
    void focusForm();
    void toggleRunning();
    void removeShown();

Q_SIGNALS:
    /// The form was sent; the controller tells what came of it.
    void saved();
    void newAsked();
    void setUpAsked();
    void formatAsked(const QString &name);

private:
    QWidget *buildHead();
    QWidget *buildForm();
    QWidget *buildToken();
    QWidget *buildActions();
    QLineEdit *pathField(const QString &label, const QString &placeholder, const QString &help, bool folder);
    void fill(const present::ReceiverDraft &draft);
    [[nodiscard]] present::ReceiverDraft draft() const;
    void showKind();
    void refreshState();
    void save(bool start);
    void tellWrong(const Error &error);
    void forgetToken();
    void copyToken();

    ShellServices &m_services;
    present::ReceiverController &m_controller;
    QString m_key;
    bool m_new = false;
    QString m_token, m_tokenHash;

    PaneHead *m_head;
    Button *m_run;
    Button *m_remove;
    NoticeBar *m_notice;
    QWidget *m_body;
    EmptyState *m_none;
    Form *m_form;
    Choice *m_kind;
    QLineEdit *m_address;
    QLineEdit *m_port;
    QLineEdit *m_folder;
    QLineEdit *m_certificate;
    QLineEdit *m_privateKey;
    PlainLabel *m_tokenState;
    QLineEdit *m_allowed;
    Choice *m_format;
    Choice *m_type;
    QLineEdit *m_zone;
    QLineEdit *m_patience;
    QCheckBox *m_enabled;
    Surface *m_tokenBar;
    PlainLabel *m_tokenText;
    Button *m_save;
    Button *m_saveStart;
};

} // namespace nightjar::ui
