// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/connectform.h"

#include "base/wipe.h"
#include "present/show.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kFormWidth = 520;
constexpr int kBetweenFields = 8;

using Login = std::shared_ptr<workspace::TenantLogin>;

Login wipedAtEnd()
{
    return {new workspace::TenantLogin, [](workspace::TenantLogin *login) {
                wipe(login->password);
                wipe(login->apiKey);
                delete login;
            }};
}

std::shared_ptr<std::string> wipedAtEnd(const QString &text)
{
    return {new std::string(text.toStdString()), [](std::string *secret) {
                wipe(*secret);
                delete secret;
            }};
}

} // namespace

struct ConnectForm::Known {
    workspace::TenantConnection connection;
    std::vector<workspace::SecretPlace> places;
};

ConnectForm::ConnectForm(ShellServices &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_notice(new NoticeBar(NoticeBar::Kind::Info))
    , m_reason(new PlainLabel({}, Type::Body, Color::Text2))
    , m_place(new QComboBox)
    , m_passphraseRow(new QWidget)
{
    setWindowTitle(tr("Connect Zscaler"));
    setMinimumWidth(kFormWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, px(Length::PaneInset));
    column->setSpacing(8);
    column->addWidget(m_notice);
    auto *fields = new QVBoxLayout;
    fields->setContentsMargins(px(Length::PaneInset), 4, px(Length::PaneInset), 0);
    fields->setSpacing(4);
    column->addLayout(fields);
    m_reason->setWordWrap(true);
    fields->addWidget(m_reason);
    m_url = addField(*fields, tr("Address of the API"), QStringLiteral("zsapi.zscaler.net"), false);
    m_user = addField(*fields, tr("API administrator"), QStringLiteral("nightjar@your.company"), false);
    m_password = addField(*fields, tr("Password"), {}, true);
    m_key = addField(*fields, tr("API key"), {}, true);
    fields->addSpacing(kBetweenFields);
    fields->addWidget(new PlainLabel(tr("Keep it in"), Type::Caption, Color::Text2));
    m_place->setAccessibleName(tr("Where the login is kept"));
    fields->addWidget(m_place);
    auto *inside = new QVBoxLayout(m_passphraseRow);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(4);
    m_passphrase = addField(*inside, tr("Passphrase of the vault file"), {}, true);
    fields->addWidget(m_passphraseRow);
    addButtons(*column);
    connect(m_place, &QComboBox::currentIndexChanged, this, &ConnectForm::refreshFields);
    for (QLineEdit *field : {m_url, m_user, m_password, m_key, m_passphrase}) {
        connect(field, &QLineEdit::textChanged, this, &ConnectForm::refreshFields);
    }
}

QLineEdit *ConnectForm::addField(QVBoxLayout &column, const QString &name, const QString &placeholder, bool secret)
{
    column.addSpacing(kBetweenFields);
    column.addWidget(new PlainLabel(name, Type::Caption, Color::Text2));
    auto *field = new QLineEdit;
    field->setAccessibleName(name);
    field->setPlaceholderText(placeholder);
    field->setMaxLength(1'000);
    if (secret) {
        field->setEchoMode(QLineEdit::Password);
        field->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText |
                                   Qt::ImhNoAutoUppercase);
    }
    column.addWidget(field);
    return field;
}

void ConnectForm::addButtons(QVBoxLayout &column)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(px(Length::PaneInset), 16, px(Length::PaneInset), 0);
    row->setSpacing(8);
    m_forget = new Button(tr("Forget the login"), ButtonKind::Secondary);
    m_unlock = new Button(tr("Unlock"), ButtonKind::Secondary, QStringLiteral("key"));
    m_test = new Button(tr("Test"), ButtonKind::Secondary);
    m_keep = new Button(tr("Test and keep"), ButtonKind::Primary);
    auto *close = new Button(tr("Close"), ButtonKind::Secondary);
    row->addWidget(m_forget);
    row->addStretch(1);
    for (Button *button : {m_unlock, m_test, m_keep, close}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    m_forget->setAutoDefault(false);
    column.addLayout(row);
    connect(m_forget, &Button::clicked, this, &ConnectForm::forget);
    connect(m_unlock, &Button::clicked, this, &ConnectForm::unlock);
    connect(m_test, &Button::clicked, this, &ConnectForm::test);
    connect(m_keep, &Button::clicked, this, &ConnectForm::keep);
    connect(close, &Button::clicked, this, &QDialog::reject);
}

void ConnectForm::begin()
{
    clearSecrets();
    tell(NoticeBar::Kind::Info, tr("Reading what is known of the connection."));
    open();
    read();
}

void ConnectForm::done(int result)
{
    clearSecrets();
    QDialog::done(result);
}

void ConnectForm::clearSecrets()
{
    for (QLineEdit *field : {m_password, m_key, m_passphrase}) {
        field->clear();
    }
}

void ConnectForm::read()
{
    setBusy(true);
    m_services.session().run(
        present::Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) {
            return Known{space.secrets().connection(), space.secrets().places()};
        },
        this,
        [this](const Known &known) {
            setBusy(false);
            showKnown(known);
        });
}

void ConnectForm::showKnown(const Known &known)
{
    const workspace::TenantConnection &connection = known.connection;
    m_simulated = connection.simulated;
    m_place->clear();
    for (const workspace::SecretPlace &place : known.places) {
        if (place.id == "keychain" && place.usable) {
            m_place->addItem(tr("the system keychain"), QStringLiteral("keychain"));
        } else if (place.id == "vault") {
            m_place->addItem(tr("an encrypted vault file in the workspace"), QStringLiteral("vault"));
            m_locked = place.locked;
        }
    }
    m_place->setCurrentIndex(std::max(0, m_place->findData(present::shown(connection.place))));
    m_url->setText(present::shown(connection.url, 500));
    m_user->setText(present::shown(connection.user, 500));
    if (m_simulated) {
        tell(NoticeBar::Kind::Info, tr("The demo has its own, simulated tenant."),
             tr("Open a workspace of your own to connect a real one."));
    } else if (connection.known) {
        tell(NoticeBar::Kind::Ok, tr("A login is kept: %1").arg(present::shown(connection.where, 200)),
             tr("Password and key are not shown. To change it, enter all four."));
    } else if (m_locked) {
        tell(NoticeBar::Kind::Warn, tr("The vault is locked."), tr("Enter its passphrase, or a new login."));
    } else {
        tell(NoticeBar::Kind::Info, tr("No tenant is connected."),
             tr("Use an API administrator of its own, with the right to change the security policy."));
    }
    m_forget->setVisible(connection.known && !m_simulated && connection.place != "environment");
    refreshFields();
    (m_locked ? m_passphrase : m_url)->setFocus(Qt::OtherFocusReason);
}

bool ConnectForm::intoVault() const
{
    return m_place->currentData().toString() == u"vault";
}

void ConnectForm::refreshFields()
{
    const bool complete = !m_url->text().trimmed().isEmpty() && !m_user->text().trimmed().isEmpty() &&
                          !m_password->text().isEmpty() && !m_key->text().trimmed().isEmpty();
    const bool passphrase = !m_passphrase->text().isEmpty();
    m_passphraseRow->setVisible(m_locked || intoVault());
    m_unlock->setVisible(m_locked);
    m_unlock->setEnabled(!m_busy && passphrase);
    m_test->setEnabled(!m_busy && !m_simulated && complete);
    m_keep->setEnabled(!m_busy && !m_simulated && complete && (!intoVault() || passphrase));
    for (QWidget *field :
         {static_cast<QWidget *>(m_url), static_cast<QWidget *>(m_user), static_cast<QWidget *>(m_password),
          static_cast<QWidget *>(m_key), static_cast<QWidget *>(m_place)}) {
        field->setEnabled(!m_busy && !m_simulated);
    }
    m_forget->setEnabled(!m_busy);
}

void ConnectForm::setBusy(bool busy)
{
    m_busy = busy;
    refreshFields();
}

void ConnectForm::tell(NoticeBar::Kind kind, const QString &sentence, const QString &reason)
{
    m_notice->set(kind, sentence, {});
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

void ConnectForm::tell(const Error &error)
{
    tell(NoticeBar::Kind::Error, present::shown(error.title, 200),
         present::shown(error.reason + (error.hint.empty() ? "" : " " + error.hint), 600));
}

Login ConnectForm::login() const
{
    Login login = wipedAtEnd();
    login->url = m_url->text().trimmed().toStdString();
    login->user = m_user->text().trimmed().toStdString();
    login->password = m_password->text().toStdString();
    login->apiKey = m_key->text().trimmed().toStdString();
    return login;
}

void ConnectForm::test()
{
    setBusy(true);
    tell(NoticeBar::Kind::Info, tr("Signing in."));
    m_services.session().run(
        present::Priority::Action,
        [login = login()](workspace::Workspace &space, const CancelToken &cancel) {
            return space.secrets().test(*login, cancel);
        },
        this,
        [this](const Result<workspace::SignInReport> &report) {
            setBusy(false);
            if (report) {
                tell(NoticeBar::Kind::Ok, tr("The login is good: %1").arg(present::shown(report->tenant, 100)),
                     tr("Nothing has been kept yet."));
            } else {
                tell(report.error());
            }
        });
}

void ConnectForm::keep()
{
    setBusy(true);
    tell(NoticeBar::Kind::Info, tr("Signing in, then keeping the login."));
    m_services.session().run(
        present::Priority::Action,
        [login = login(), place = m_place->currentData().toString().toStdString(),
         passphrase = wipedAtEnd(m_passphrase->text())](workspace::Workspace &space, const CancelToken &cancel) {
            const auto report = space.secrets().test(*login, cancel);
            if (!report) {
                return Status(fail(report.error()));
            }
            if (place == "vault") {
                if (auto unlocked = space.secrets().unlockVault(*passphrase); !unlocked) {
                    return unlocked;
                }
            }
            return space.secrets().connect(*login, place);
        },
        this,
        [this](const Status &kept) {
            setBusy(false);
            if (!kept) {
                tell(kept.error());
                return;
            }
            m_services.toast({.kind = ToastKind::Ok,
                              .title = tr("Connected"),
                              .detail = tr("The login is good and kept."),
                              .actionLabel = {},
                              .action = {}});
            Q_EMIT connectionChanged();
            accept();
        });
}

void ConnectForm::unlock()
{
    setBusy(true);
    m_services.session().run(
        present::Priority::Action,
        [passphrase = wipedAtEnd(m_passphrase->text())](workspace::Workspace &space, const CancelToken &) {
            return space.secrets().unlockVault(*passphrase);
        },
        this,
        [this](const Status &unlocked) {
            setBusy(false);
            if (!unlocked) {
                tell(unlocked.error());
                return;
            }
            clearSecrets();
            Q_EMIT connectionChanged();
            read();
        });
}

void ConnectForm::forget()
{
    setBusy(true);
    m_services.session().run(
        present::Priority::Action,
        [](workspace::Workspace &space, const CancelToken &) { return space.secrets().disconnect(); }, this,
        [this](const Result<bool> &removed) {
            setBusy(false);
            if (!removed) {
                tell(removed.error());
                return;
            }
            Q_EMIT connectionChanged();
            read();
        });
}

} // namespace nightjar::ui
