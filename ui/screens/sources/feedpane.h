// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedcontroller.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/codeedit.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

namespace nightjar::ui {

/// Feed output formats: paste or drop one, see at once what the compiler says and where, try it on records, keep it for
/// sources; the kept ones.
class FeedPane : public QWidget {
    Q_OBJECT
public:
    FeedPane(ShellServices &services, present::FeedController &controller, QWidget *parent = nullptr);

    /// A kept format; empty: an empty editor.
    void openKept(const QString &name);
    /// A format that is not kept yet, with the name it would get.
    void openText(const QString &name, const QString &text, const QString &escape);
    void tryRecords(const QString &records);
    /// Name of a receiver that could use the format; empty: none is chosen.
    void setReceiver(const QString &place);
    void focusEditor() { m_text->setFocus(Qt::ShortcutFocusReason); }

Q_SIGNALS:
    /// The receiver that is chosen is to use this kept format.
    void useAsked(const QString &name);

private:
    QWidget *buildHead();
    QWidget *buildEditor();
    QWidget *buildSample();
    QWidget *buildActions();
    void takeKept();
    void takeReport();
    void takeCheck();
    void save();
    void updateActions();

    ShellServices &m_services;
    present::FeedController &m_controller;
    present::FeedTokensModel m_tokensModel;
    QString m_receiver;
    bool m_useAfterSave = false;

    Choice *m_kept;
    Button *m_remove;
    CodeEdit *m_text;
    QLineEdit *m_escape;
    IconLabel *m_verdictIcon;
    PlainLabel *m_verdict;
    NoticeBar *m_notice;
    FastTable *m_tokens;
    EmptyState *m_none;
    QWidget *m_samplePane;
    PlainLabel *m_sampleVerdict;
    CodeEdit *m_sample;
    QLineEdit *m_name;
    Button *m_save;
    Button *m_use;
};

/// Colours of a feed output format: its tokens.
std::vector<CodeSpan> feedSpans(const QString &line);

} // namespace nightjar::ui
