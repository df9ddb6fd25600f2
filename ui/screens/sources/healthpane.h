// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/sourcemodels.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/panes.h"

#include <QGridLayout>

namespace nightjar::ui {

/// How a source fares: every figure that is known, kinds of invalid records with a sample, gaps and notices.
class HealthPane : public QWidget {
    Q_OBJECT
public:
    explicit HealthPane(QWidget *parent = nullptr);
    void showReceiver(const workspace::ReceiverInfo &info, Timestamp now);
    void showSource(const workspace::SourceInfo &source, Timestamp now);
    void showNothing();

private:
    void setRows(const std::vector<std::pair<QString, QString>> &rows);

    QWidget *m_body;
    QGridLayout *m_grid;
    QList<KeyValueRow *> m_values;
    QStringList m_keys;
    EmptyState *m_none;
    QWidget *m_kindsHead;
    present::InvalidKindsModel m_kindsModel;
    FastTable *m_kinds;
};

/// Gaps in what a source sent, and what its receiver met.
class OccurrencesPane : public QWidget {
    Q_OBJECT
public:
    explicit OccurrencesPane(QWidget *parent = nullptr);
    void show(const sources::Health *health);

private:
    present::OccurrencesModel m_model;
    FastTable *m_table;
    EmptyState *m_none;
};

} // namespace nightjar::ui
