// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedcontroller.h"
#include "present/receivercontroller.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/codeedit.h"
#include "ui/widgets/form.h"

namespace nightjar::ui {

/// Sets a new feed up in four steps: what is to come and where to, the format, the settings of the portal, and a test
/// of the first records that arrive.
class SetupPane : public QWidget {
    Q_OBJECT
public:
    SetupPane(ShellServices &services, present::ReceiverController &receivers, present::FeedController &feeds,
              QWidget *parent = nullptr);

    /// Chooses the receiver that is to take the feed.
    void chooseReceiver(const QString &key);
    /// Called when it becomes visible.
    void begin();

Q_SIGNALS:
    void newReceiverAsked(nightjar::workspace::ReceiverKind kind);
    /// The records that came, and the format, are to be looked at.
    void formatAsked(const QString &name, const QString &text, const QString &escape);

private:
    QWidget *buildChoice();
    QWidget *buildFormat();
    QWidget *buildSettings();
    QWidget *buildTest();
    void offerTransports();
    void offerReceivers();
    void ask();
    void take(const logs::FeedSetup &setup);
    void showSettings();
    void copySettings();
    void startTest();
    void showTest();

    ShellServices &m_services;
    present::ReceiverController &m_receivers;
    present::FeedController &m_feeds;
    logs::FeedSetup m_setup;
    bool m_asked = false;
    bool m_testing = false;
    std::int64_t m_recordsBefore = 0, m_badBefore = 0; ///< of the receiver when the test began

    Choice *m_feed;
    Choice *m_transport;
    Choice *m_receiver;
    CodeEdit *m_format;
    QGridLayout *m_settings;
    QVBoxLayout *m_steps;
    QList<QWidget *> m_settingParts, m_stepParts;
    Button *m_test;
    IconLabel *m_testIcon;
    PlainLabel *m_testText;
    PlainLabel *m_testDetail;
};

} // namespace nightjar::ui
