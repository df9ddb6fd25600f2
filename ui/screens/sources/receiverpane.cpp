// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/receiverpane.h"

#include "present/show.h"
#include "present/sourcemodels.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QTimer>

namespace nightjar::ui {

namespace {

using workspace::ReceiverKind;

constexpr int kSecretOnClipboardMs = 60'000;

QString kindValue(ReceiverKind kind)
{
    return QString::number(static_cast<int>(kind));
}

/// For a minute, marked as a secret so that clipboard histories leave it out.
void copySecret(const QString &secret)
{
    auto *data = new QMimeData; // owned by the clipboard
    data->setText(secret);
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    QGuiApplication::clipboard()->setMimeData(data);
    QTimer::singleShot(kSecretOnClipboardMs, qApp, [secret] {
        if (QGuiApplication::clipboard()->text() == secret) {
            QGuiApplication::clipboard()->clear();
        }
    });
}

} // namespace

ReceiverPane::ReceiverPane(ShellServices &services, present::ReceiverController &controller, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_none = new EmptyState(QStringLiteral("listener"), tr("No receiver is chosen."),
                            tr("Nightjar can take feeds itself: NSS and LSS over TCP, Cloud NSS over HTTPS, or files "
                               "that appear in a folder. Choose one at the left, or add one."));
    connect(m_none->addButton(tr("Add a receiver"), ButtonKind::Secondary, QStringLiteral("plus")), &Button::clicked,
            this, &ReceiverPane::newAsked);
    connect(m_none->addButton(tr("Set up a feed"), ButtonKind::Secondary, QStringLiteral("cloud")), &Button::clicked,
            this, &ReceiverPane::setUpAsked);
    column->addWidget(m_none);
    m_body = new QWidget;
    auto *inside = new QVBoxLayout(m_body);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(buildHead());
    inside->addWidget(new Hairline);
    m_notice = new NoticeBar(NoticeBar::Kind::Error);
    m_notice->hide();
    inside->addWidget(m_notice);
    inside->addWidget(buildToken());
    inside->addWidget(makeScroll(buildForm()), 1);
    inside->addWidget(new Hairline);
    inside->addWidget(buildActions());
    column->addWidget(m_body, 1);
    connect(&controller, &present::ReceiverController::changed, this, &ReceiverPane::refreshState);
    connect(&controller, &present::ReceiverController::tokenMade, this,
            [this](const QString &token, const QString &hash) {
                m_token = token;
                m_tokenHash = hash;
                m_tokenText->setText(token);
                m_tokenBar->show();
                m_tokenState->setText(tr("a new one, in force once saved"));
            });
    showReceiver({});
}

QWidget *ReceiverPane::buildHead()
{
    m_head = new PaneHead(tr("Receiver"));
    m_run = new Button(tr("Start"), ButtonKind::Secondary, QStringLiteral("play"));
    m_remove = new Button(tr("Remove"), ButtonKind::Secondary, QStringLiteral("trash"));
    for (Button *button : {m_run, m_remove}) {
        button->setSmall(true);
        m_head->addTrailing(button);
    }
    connect(m_run, &Button::clicked, this, &ReceiverPane::toggleRunning);
    connect(m_remove, &Button::clicked, this, &ReceiverPane::removeShown);
    return m_head;
}

QLineEdit *ReceiverPane::pathField(const QString &label, const QString &placeholder, const QString &help, bool folder)
{
    QLineEdit *field = makeField(label, placeholder, true, 4'096);
    auto *choose = new Button(tr("Choose"));
    choose->setAccessibleName(tr("Choose: %1").arg(label));
    connect(choose, &Button::clicked, this, [this, field, label, folder] {
        const QString path = folder ? QFileDialog::getExistingDirectory(this, label, field->text())
                                    : QFileDialog::getOpenFileName(this, label, field->text(),
                                                                   tr("PEM (*.pem *.crt *.key);;All files (*)"));
        if (!path.isEmpty()) {
            field->setText(path);
        }
    });
    m_form->addRow(label, field, help, {choose});
    return field;
}

QWidget *ReceiverPane::buildForm()
{
    m_form = new Form;
    m_kind = new Choice(tr("Kind"));
    m_kind->add(tr("NSS, LSS or syslog over TCP"), kindValue(ReceiverKind::Nss));
    m_kind->add(tr("Cloud NSS over HTTP"), kindValue(ReceiverKind::CloudNss));
    m_kind->add(tr("Folder in which files appear"), kindValue(ReceiverKind::Folder));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ReceiverPane::showKind);
    m_form->addRow(tr("Kind"), m_kind);
    m_address = makeField(tr("Address"), QStringLiteral("127.0.0.1"), true, 64);
    m_form->addRow(tr("Listen on"), m_address, tr("127.0.0.1 takes only from this computer, 0.0.0.0 from everywhere."));
    m_port = makeField(tr("Port"), QStringLiteral("9014"), true, 5);
    m_form->addRow(tr("Port"), m_port, tr("0 takes any free one."));
    m_folder = pathField(tr("Folder"), QStringLiteral("/srv/zscaler"),
                         tr("Files, archives and copies from S3 are read once, as they are complete."), true);
    m_certificate = pathField(tr("Certificate"), tr("none: without TLS"),
                              tr("PEM, with its chain. Together with the key it turns TLS on."), false);
    m_privateKey = pathField(tr("Private key"), tr("none: without TLS"), {}, false);
    m_tokenState = new PlainLabel({}, Type::Body, Color::Text2);
    auto *makeToken = new Button(tr("New token"), ButtonKind::Secondary, QStringLiteral("key"));
    connect(makeToken, &Button::clicked, &m_controller, &present::ReceiverController::makeToken);
    m_form->addRow(tr("Token"), m_tokenState,
                   tr("Requests must carry it in a header. Needed unless it listens on 127.0.0.1."), {makeToken});
    m_allowed = makeField(tr("Allowed senders"), tr("everybody"), true);
    m_form->addRow(tr("Allowed senders"), m_allowed, tr("Networks or addresses, such as 10.0.0.0/8, 192.0.2.7."));
    m_format = new Choice(tr("Feed format"));
    auto *edit = new Button(tr("Open"));
    edit->setAccessibleName(tr("Open the feed format"));
    connect(edit, &Button::clicked, this, [this] { Q_EMIT formatAsked(m_format->value()); });
    m_form->addRow(tr("Feed format"), m_format,
                   tr("What Zscaler sends by default is recognised. Choose one for a format of your own."), {edit});
    m_type = new Choice(tr("Log type"));
    m_type->add(tr("Recognised per record"), {});
    for (const QString &name : present::logTypeNames()) {
        m_type->add(name, name);
    }
    m_form->addRow(tr("Log type"), m_type);
    m_zone = makeField(tr("Time zone"), tr("as in the settings, UTC by default"), true, 64);
    m_form->addRow(tr("Time zone"), m_zone, tr("Of times that name none, such as Europe/Berlin."));
    m_patience = makeField(tr("Alarm after silence of"), QStringLiteral("15m"), true, 16);
    m_form->addRow(tr("Alarm after"), m_patience, tr("Silence such as 30s, 15m or 2h; 0 for no alarm."));
    m_enabled = new QCheckBox(tr("Start it whenever this workspace opens"));
    m_enabled->setAccessibleName(m_enabled->text());
    m_form->addRow(tr("Start"), m_enabled);
    setFormats({});
    return m_form;
}

QWidget *ReceiverPane::buildToken()
{
    m_tokenBar = new Surface(Color::OkWash);
    m_tokenBar->setEdges(Qt::BottomEdge);
    auto *column = new QVBoxLayout(m_tokenBar);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->setSpacing(4);
    auto *words = new PlainLabel(tr("New token. It is shown this once and stored nowhere, only its digest is."),
                                 Type::BodyStrong);
    words->setWordWrap(true);
    column->addWidget(words);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_tokenText = new PlainLabel({}, Type::Data);
    m_tokenText->setEliding(true);
    m_tokenText->setAccessibleName(tr("New token"));
    auto *copy = new Button(tr("Copy"), ButtonKind::Secondary, QStringLiteral("copy"));
    copy->setSmall(true);
    copy->setAccessibleName(tr("Copy the token"));
    connect(copy, &Button::clicked, this, &ReceiverPane::copyToken);
    auto *hide = new Button(tr("Hide"));
    hide->setSmall(true);
    hide->setAccessibleName(tr("Hide the token"));
    connect(hide, &Button::clicked, this, [this] {
        m_token.clear();
        m_tokenText->setText({});
        m_tokenBar->hide();
    });
    row->addWidget(m_tokenText, 1);
    row->addWidget(copy);
    row->addWidget(hide);
    column->addLayout(row);
    m_tokenBar->hide();
    return m_tokenBar;
}

QWidget *ReceiverPane::buildActions()
{
    auto *bar = new QWidget;
    bar->setFixedHeight(px(Length::ConfirmBar));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(8);
    m_saveStart = new Button(tr("Save and start"), ButtonKind::Primary);
    m_save = new Button(tr("Save"));
    auto *cancel = new Button(tr("Discard"));
    cancel->setAccessibleName(tr("Discard what was changed"));
    connect(m_saveStart, &Button::clicked, this, [this] { save(true); });
    connect(m_save, &Button::clicked, this, [this] { save(false); });
    connect(cancel, &Button::clicked, this, [this] { showReceiver(m_new ? QString() : m_key); });
    row->addWidget(m_saveStart);
    row->addWidget(m_save);
    row->addStretch(1);
    row->addWidget(cancel);
    return bar;
}

void ReceiverPane::copyToken()
{
    if (!m_token.isEmpty()) {
        copySecret(m_token);
        m_services.toast({.kind = ToastKind::Ok,
                          .title = tr("Token copied"),
                          .detail = tr("It leaves the clipboard after a minute."),
                          .actionLabel = {},
                          .action = {}});
    }
}

void ReceiverPane::forgetToken()
{
    m_token.clear();
    m_tokenHash.clear();
    m_tokenText->setText({});
    m_tokenBar->hide();
}

void ReceiverPane::setFormats(const QStringList &names)
{
    const QString chosen = m_format->value();
    m_format->clear();
    m_format->add(tr("Recognised per record"), {});
    for (const QString &name : names) {
        m_format->add(present::shown(name.toStdString(), 80), name);
    }
    if (!m_format->setValue(chosen) && !chosen.isEmpty()) { // removed meanwhile: it must not change silently
        m_format->add(tr("%1, removed").arg(present::shown(chosen.toStdString(), 80)), chosen);
        m_format->setValue(chosen);
    }
}

void ReceiverPane::useFormat(const QString &name)
{
    m_format->setValue(name);
    m_format->setFocus(Qt::OtherFocusReason);
}

void ReceiverPane::startNew(ReceiverKind kind)
{
    m_new = true;
    m_key.clear();
    forgetToken();
    present::ReceiverDraft draft;
    draft.kind = kind;
    draft.port = kind == ReceiverKind::CloudNss ? QStringLiteral("8443") : QStringLiteral("9014");
    fill(draft);
    refreshState();
    (kind == ReceiverKind::Folder ? m_folder : m_address)->setFocus(Qt::OtherFocusReason);
}

void ReceiverPane::showReceiver(const QString &key)
{
    m_new = false;
    m_key = key;
    forgetToken();
    if (const auto *info = m_controller.find(key.toStdString())) {
        fill(present::ReceiverDraft::of(info->config));
    }
    refreshState();
}

void ReceiverPane::fill(const present::ReceiverDraft &draft)
{
    m_kind->setValue(kindValue(draft.kind));
    m_address->setText(draft.address);
    m_port->setText(draft.port);
    m_folder->setText(draft.folder);
    m_certificate->setText(draft.certificate);
    m_privateKey->setText(draft.privateKey);
    m_allowed->setText(draft.allowed);
    m_zone->setText(draft.zone);
    m_patience->setText(draft.patience);
    m_type->setValue(draft.logType);
    if (!m_format->setValue(draft.format) && !draft.format.isEmpty()) {
        m_format->add(tr("%1, removed").arg(present::shown(draft.format.toStdString(), 80)), draft.format);
        m_format->setValue(draft.format);
    }
    m_enabled->setChecked(draft.enabled);
    m_tokenHash = draft.tokenHash;
    m_tokenState->setText(draft.tokenHash.isEmpty() ? tr("none is asked for") : tr("is asked for; its digest is kept"));
    m_form->clearErrors();
    showKind();
}

present::ReceiverDraft ReceiverPane::draft() const
{
    present::ReceiverDraft draft;
    draft.kind = static_cast<ReceiverKind>(m_kind->value().toInt());
    draft.address = m_address->text();
    draft.port = m_port->text();
    draft.folder = m_folder->text();
    draft.certificate = m_certificate->text();
    draft.privateKey = m_privateKey->text();
    draft.allowed = m_allowed->text();
    draft.zone = m_zone->text();
    draft.patience = m_patience->text();
    draft.logType = m_type->value();
    draft.format = m_format->value();
    draft.enabled = m_enabled->isChecked();
    draft.tokenHash = m_tokenHash;
    return draft;
}

void ReceiverPane::showKind()
{
    const auto kind = static_cast<ReceiverKind>(m_kind->value().toInt());
    const bool folder = kind == ReceiverKind::Folder;
    for (QLineEdit *field : {m_address, m_port, m_certificate, m_privateKey, m_allowed}) {
        m_form->setRowVisible(field, !folder);
    }
    m_form->setRowVisible(m_folder, folder);
    m_form->setRowVisible(m_tokenState, kind == ReceiverKind::CloudNss);
}

void ReceiverPane::refreshState()
{
    const auto *info = m_controller.find(m_key.toStdString());
    const bool known = info != nullptr && !m_new;
    m_body->setVisible(known || m_new);
    m_none->setVisible(!known && !m_new);
    m_kind->setEnabled(m_new);
    m_run->setVisible(known);
    m_remove->setVisible(known);
    m_notice->setVisible(known && info->error.has_value());
    if (m_new || !known) {
        m_head->setTitle(tr("New receiver"));
        m_head->setCaption({});
        m_saveStart->setVisible(true);
        return;
    }
    const bool runs = info->state == "listening";
    m_head->setTitle(present::shown(info->address, 80));
    m_head->setCaption(present::sourceState(*info) + QStringLiteral(", ") + present::receiverKindText(info->config));
    m_run->setLabel(runs ? tr("Stop") : tr("Start"));
    m_run->setIconName(runs ? QStringLiteral("stop") : QStringLiteral("play"));
    m_run->setAccessibleName(runs ? tr("Stop the receiver") : tr("Start the receiver"));
    m_saveStart->setVisible(!runs);
    m_save->setLabel(runs ? tr("Save and restart") : tr("Save"));
    if (info->error) {
        m_notice->set(NoticeBar::Kind::Error, present::shown(info->error->title, 160),
                      present::shown(info->error->reason + " " + info->error->hint, 400));
    }
}

void ReceiverPane::save(bool start)
{
    m_form->clearErrors();
    const auto config = draft().config();
    if (!config) {
        tellWrong(config.error());
        return;
    }
    Q_EMIT saved();
    m_controller.save(*config, m_new ? std::string() : m_key.toStdString(), start);
}

void ReceiverPane::tellWrong(const Error &error)
{
    QLineEdit *field = error.place.file == "port"       ? m_port
                       : error.place.file == "folder"   ? m_folder
                       : error.place.file == "patience" ? m_patience
                                                        : m_address;
    m_form->setError(field, present::shown(error.title + ". " + error.hint, 300));
    field->setFocus(Qt::OtherFocusReason);
    field->selectAll();
}

void ReceiverPane::focusForm()
{
    if (m_body->isVisibleTo(this)) {
        (m_folder->isVisibleTo(this) ? m_folder : m_address)->setFocus(Qt::ShortcutFocusReason);
    }
}

void ReceiverPane::toggleRunning()
{
    if (const auto *info = m_controller.find(m_key.toStdString())) {
        info->state == "listening" ? m_controller.stop(info->key) : m_controller.start(info->key);
    }
}

void ReceiverPane::removeShown()
{
    if (!m_key.isEmpty() && !m_new) {
        m_controller.remove(m_key.toStdString());
    }
}

} // namespace nightjar::ui
