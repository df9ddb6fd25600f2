// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/quarantinecontroller.h"
#include "present/tablemodels.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/codeedit.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

namespace nightjar::ui {

/// The quarantine: records of a source, or all, that could not be read; the record as it came with the place of its
/// defect; another try, and an export.
class BadPane : public QWidget {
    Q_OBJECT
public:
    BadPane(ShellServices &services, present::QuarantineController &controller, QWidget *parent = nullptr);

    /// Names of kept formats, for another try.
    void setFormats(const QStringList &names);
    void showRetry();
    void chooseExport();

Q_SIGNALS:
    /// The record does not fit its format: both are to be looked at together.
    void fixAsked(const QString &record);

private:
    QWidget *buildBar();
    QWidget *buildRetry();
    QWidget *buildRecord();
    void take();
    void showEntry(int row);

    ShellServices &m_services;
    present::QuarantineController &m_controller;
    present::QuarantineModel m_model;
    Choice *m_kind;
    PlainLabel *m_count;
    Button *m_allSources;
    Button *m_again;
    Button *m_export;
    Surface *m_retryBar;
    Choice *m_format;
    Choice *m_type;
    Button *m_try;
    FastTable *m_table;
    QWidget *m_record;
    PlainLabel *m_title;
    PlainLabel *m_reason;
    CodeEdit *m_raw;
    EmptyState *m_none;
    bool m_filling = false;
};

} // namespace nightjar::ui
