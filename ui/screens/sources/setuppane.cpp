// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/setuppane.h"

#include "present/receiverdraft.h"
#include "present/show.h"
#include "ui/screens/sources/feedpane.h"
#include "ui/widgets/fasttable.h"

namespace nightjar::ui {

namespace {

constexpr int kFormatHeight = 96;
constexpr int kSettingLabel = 176;

workspace::ReceiverKind kindOf(const QString &transport)
{
    return transport == u"cloud-nss" ? workspace::ReceiverKind::CloudNss : workspace::ReceiverKind::Nss;
}

QWidget *step(const QString &title, const QString &caption, QWidget *content, Button *button = nullptr)
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new PaneHead(title, caption);
    if (button != nullptr) {
        button->setSmall(true);
        head->addTrailing(button);
    }
    column->addWidget(head);
    column->addWidget(content);
    column->addWidget(new Hairline(Qt::Horizontal, true));
    return pane;
}

} // namespace

SetupPane::SetupPane(ShellServices &services, present::ReceiverController &receivers, present::FeedController &feeds,
                     QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_receivers(receivers)
    , m_feeds(feeds)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildChoice());
    column->addWidget(buildFormat());
    column->addWidget(buildSettings());
    column->addWidget(buildTest());
    column->addStretch(1);
    auto *around = new QVBoxLayout(this);
    around->setContentsMargins(0, 0, 0, 0);
    around->addWidget(makeScroll(content));
    connect(&feeds, &present::FeedController::setUp, this, &SetupPane::take);
    connect(&receivers, &present::ReceiverController::changed, this, [this] {
        offerReceivers();
        showTest();
    });
}

QWidget *SetupPane::buildChoice()
{
    auto *form = new Form;
    m_feed = new Choice(tr("Feed"));
    for (const std::string_view name : logs::feedSetupNames()) {
        const QString text = present::shown(name);
        m_feed->add(text, text);
    }
    m_feed->setValue(QStringLiteral("web"));
    m_transport = new Choice(tr("Transport"));
    m_receiver = new Choice(tr("Receiver"));
    auto *add = new Button(tr("Add"));
    add->setAccessibleName(tr("Add a receiver for this feed"));
    connect(add, &Button::clicked, this, [this] { Q_EMIT newReceiverAsked(kindOf(m_transport->value())); });
    form->addRow(tr("Feed"), m_feed);
    form->addRow(tr("Transport"), m_transport);
    form->addRow(tr("Receiver"), m_receiver,
                 tr("Where Nightjar will take it; its address goes into the settings below."), {add});
    connect(m_feed, &QComboBox::currentIndexChanged, this, [this] {
        offerTransports();
        ask();
    });
    connect(m_transport, &QComboBox::activated, this, [this] {
        offerReceivers();
        ask();
    });
    connect(m_receiver, &QComboBox::activated, this, [this] {
        m_testing = false;
        showSettings();
        showTest();
    });
    offerTransports();
    return step(tr("1  What is to come, and where to"), {}, form);
}

QWidget *SetupPane::buildFormat()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 12);
    m_format = new CodeEdit(tr("Feed output format for the portal"));
    m_format->setReadOnly(true);
    m_format->setLineNumbers(false);
    m_format->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_format->setWordWrapMode(QTextOption::WrapAnywhere);
    m_format->setFixedHeight(kFormatHeight);
    m_format->setColour(feedSpans);
    column->addWidget(m_format);
    auto *copy = new Button(tr("Copy the format"), ButtonKind::Secondary, QStringLiteral("copy"));
    connect(copy, &Button::clicked, this, [this] {
        copyPlain(QString::fromStdString(m_setup.format));
        m_services.toast(
            {.kind = ToastKind::Ok, .title = tr("Format copied"), .detail = {}, .actionLabel = {}, .action = {}});
    });
    return step(tr("2  The format"), tr("for Feed Output Format"), pane, copy);
}

QWidget *SetupPane::buildSettings()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 12);
    column->setSpacing(8);
    m_settings = new QGridLayout;
    m_settings->setHorizontalSpacing(12);
    m_settings->setVerticalSpacing(4);
    m_settings->setColumnMinimumWidth(0, kSettingLabel);
    m_settings->setColumnStretch(1, 1);
    column->addLayout(m_settings);
    m_steps = new QVBoxLayout;
    m_steps->setSpacing(4);
    column->addLayout(m_steps);
    auto *copy = new Button(tr("Copy the settings"), ButtonKind::Secondary, QStringLiteral("copy"));
    connect(copy, &Button::clicked, this, &SetupPane::copySettings);
    return step(tr("3  Settings of the portal"), {}, pane, copy);
}

QWidget *SetupPane::buildTest()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 12);
    column->setSpacing(4);
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    m_testIcon = new IconLabel(QStringLiteral("info"), 14);
    m_testText = new PlainLabel({}, Type::BodyStrong);
    m_testText->setWordWrap(true);
    row->addWidget(m_testIcon, 0, Qt::AlignTop);
    row->addWidget(m_testText, 1);
    column->addLayout(row);
    m_testDetail = new PlainLabel({}, Type::Body, Color::Text2);
    m_testDetail->setWordWrap(true);
    column->addWidget(m_testDetail);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    auto *byHand = new Button(tr("Try records by hand"), ButtonKind::Secondary, QStringLiteral("test"));
    connect(byHand, &Button::clicked, this, [this] {
        Q_EMIT formatAsked(QString::fromStdString("zscaler-" + m_setup.name), QString::fromStdString(m_setup.format),
                           QString::fromStdString(m_setup.escape));
    });
    buttons->addWidget(byHand);
    buttons->addStretch(1);
    column->addSpacing(4);
    column->addLayout(buttons);
    m_test = new Button(tr("Wait for records"), ButtonKind::Secondary, QStringLiteral("play"));
    connect(m_test, &Button::clicked, this, &SetupPane::startTest);
    return step(tr("4  The first records"), {}, pane, m_test);
}

void SetupPane::begin()
{
    if (!m_asked) {
        m_asked = true;
        ask();
    }
    offerReceivers();
    showTest();
}

void SetupPane::offerTransports()
{
    m_transport->clear();
    const std::string feed = m_feed->value().toStdString();
    if (feed.starts_with("zpa-")) {
        m_transport->add(tr("LSS of ZPA"), QStringLiteral("lss"));
    } else {
        m_transport->add(tr("as the vendor offers it"), {});
        m_transport->add(tr("Cloud NSS over HTTPS"), QStringLiteral("cloud-nss"));
        m_transport->add(tr("NSS over TCP"), QStringLiteral("nss"));
    }
    offerReceivers();
}

void SetupPane::offerReceivers()
{
    const auto wanted = m_transport->value().isEmpty() && m_asked ? present::receiverFor(m_setup.transport)
                                                                  : kindOf(m_transport->value());
    QStringList keys;
    for (const auto &info : m_receivers.state().receivers) {
        if (info.config.kind == wanted) {
            keys << QString::fromStdString(info.key);
        }
    }
    QStringList offered;
    for (int i = 1; i < m_receiver->count(); ++i) {
        offered << m_receiver->itemData(i).toString();
    }
    if (keys == offered && m_receiver->count() > 0) {
        return;
    }
    const QString chosen = m_receiver->value();
    m_receiver->clear();
    m_receiver->add(keys.isEmpty() ? tr("none of this kind yet: add one") : tr("choose one"), {});
    for (const QString &key : keys) {
        m_receiver->add(present::shown(key.toStdString(), 120), key);
    }
    if ((!m_receiver->setValue(chosen) || chosen.isEmpty()) && keys.size() == 1) {
        m_receiver->setValue(keys.front());
    }
    showSettings();
}

void SetupPane::chooseReceiver(const QString &key)
{
    offerReceivers();
    m_receiver->setValue(key);
    showSettings();
    showTest();
}

void SetupPane::ask()
{
    if (m_asked) {
        m_testing = false;
        m_feeds.makeSetup(m_feed->value(), m_transport->value());
    }
}

void SetupPane::take(const logs::FeedSetup &setup)
{
    m_setup = setup;
    m_format->setPlainText(QString::fromStdString(setup.format));
    offerReceivers();
    showSettings();
    showTest();
}

void SetupPane::showSettings()
{
    for (QWidget *part : m_settingParts + m_stepParts) {
        part->hide();
        part->deleteLater();
    }
    m_settingParts.clear();
    m_stepParts.clear();
    const auto *info = m_receivers.find(m_receiver->value().toStdString());
    int row = 0;
    for (const auto &[label, value] : present::portalSettings(m_setup, info != nullptr ? &info->config : nullptr)) {
        auto *name = new PlainLabel(label, Type::Body, Color::Text2);
        auto *text = new PlainLabel(value, Type::Data);
        text->setWordWrap(true);
        m_settings->addWidget(name, row, 0, Qt::AlignTop);
        m_settings->addWidget(text, row++, 1);
        m_settingParts << name << text;
    }
    for (const std::string &sentence : m_setup.steps) {
        if (sentence.find("nightjar-cli") != std::string::npos) {
            continue; // the test below takes its place
        }
        auto *text = new PlainLabel(QStringLiteral("•  ") + present::shown(sentence), Type::Body);
        text->setWordWrap(true);
        m_steps->addWidget(text);
        m_stepParts << text;
    }
}

void SetupPane::copySettings()
{
    QStringList lines;
    const auto *info = m_receivers.find(m_receiver->value().toStdString());
    for (const auto &[label, value] : present::portalSettings(m_setup, info != nullptr ? &info->config : nullptr)) {
        lines << label + QStringLiteral(": ") + value;
    }
    copyPlain(lines.join(u'\n'));
    m_services.toast(
        {.kind = ToastKind::Ok, .title = tr("Settings copied"), .detail = {}, .actionLabel = {}, .action = {}});
}

void SetupPane::startTest()
{
    const auto *info = m_receivers.find(m_receiver->value().toStdString());
    if (info == nullptr) {
        m_receiver->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_testing = true;
    m_recordsBefore = info->health.records;
    m_badBefore = info->health.quarantined;
    if (info->state != "listening") {
        m_receivers.start(info->key);
    }
    showTest();
}

void SetupPane::showTest()
{
    const auto *info = m_receivers.find(m_receiver->value().toStdString());
    const auto tell = [this](const QString &icon, Color color, const QString &text, const QString &detail) {
        m_testIcon->set(icon, color);
        m_testText->setText(text);
        m_testDetail->setText(detail);
    };
    m_test->setEnabled(info != nullptr);
    if (info == nullptr) {
        tell(QStringLiteral("info"), Color::Text2, tr("Choose the receiver first."),
             tr("Then Nightjar waits for the first records and says whether it understands them."));
        return;
    }
    const QString place = present::shown(info->address, 120);
    const std::int64_t records = info->health.records - m_recordsBefore;
    const std::int64_t bad = info->health.quarantined - m_badBefore;
    if (!m_testing) {
        tell(QStringLiteral("info"), Color::Text2, tr("Not tested yet."),
             tr("When the feed is saved and activated in the portal, wait for its first records at %1.").arg(place));
    } else if (info->state == "failed") {
        tell(QStringLiteral("warning"), Color::Error, tr("The receiver does not run."),
             info->error
                 ? present::shown(info->error->title + ". " + info->error->reason + " " + info->error->hint, 400)
                 : QString());
    } else if (records <= 0) {
        tell(QStringLiteral("clock"), Color::Accent, tr("Waiting for records at %1").arg(place),
             tr("%1 connections open, %2 refused. The portal's test of connectivity brings no records.")
                 .arg(present::number(info->health.connections), present::number(info->health.refused)));
    } else if (bad > 0 && !info->health.invalid.empty()) {
        const auto &kind = info->health.invalid.front();
        tell(QStringLiteral("warning"), Color::Warn,
             tr("%1 records came, %2 were not understood").arg(present::number(records), present::number(bad)),
             tr("%1: %2. They are kept under Bad records and can be read again.")
                 .arg(present::shown(kind.title, 200), present::shown(kind.reason, 300)));
    } else {
        tell(QStringLiteral("allowed"), Color::Ok,
             tr("%1 records came, all were understood").arg(present::number(records)),
             tr("The newest event is of %1.").arg(present::dayAndTime(info->health.lastEvent)));
    }
}

} // namespace nightjar::ui
