// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellservices.h"
#include "ui/widgets/panes.h"
#include "ui/widgets/plainlabel.h"

#include <QComboBox>
#include <QDialog>
#include <QLineEdit>

#include <memory>

namespace nightjar::ui {

/// The login of a tenant: entered, tested, kept in the keychain or the vault file, forgotten. A secret that is kept is
/// never shown again: its fields start empty and are emptied when the form closes.
class ConnectForm : public QDialog {
    Q_OBJECT
public:
    ConnectForm(ShellServices &services, QWidget *parent);

    /// Window-modal; reads what is known of the connection first.
    void begin();
    [[nodiscard]] bool busy() const { return m_busy; }
    void done(int result) override;

Q_SIGNALS:
    /// A login was kept, unlocked or forgotten.
    void connectionChanged();

private:
    struct Known;
    QLineEdit *addField(QVBoxLayout &column, const QString &name, const QString &placeholder, bool secret);
    void addButtons(QVBoxLayout &column);
    void read();
    void showKnown(const Known &known);
    void tell(NoticeBar::Kind kind, const QString &sentence, const QString &reason = {});
    void tell(const Error &error);
    void setBusy(bool busy);
    void clearSecrets();
    void refreshFields();
    [[nodiscard]] bool intoVault() const;
    [[nodiscard]] std::shared_ptr<workspace::TenantLogin> login() const;
    void test();
    void keep();
    void unlock();
    void forget();

    ShellServices &m_services;
    NoticeBar *m_notice;
    PlainLabel *m_reason; ///< below the notice, as it may need lines
    QLineEdit *m_url;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QLineEdit *m_key;
    QComboBox *m_place;
    QWidget *m_passphraseRow;
    QLineEdit *m_passphrase;
    Button *m_unlock;
    Button *m_test;
    Button *m_keep;
    Button *m_forget;
    bool m_busy = false;
    bool m_locked = false; ///< a vault is there, its passphrase has not been told
    bool m_simulated = false;
};

} // namespace nightjar::ui
