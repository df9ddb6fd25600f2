// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/detectioncontroller.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

#include <QSortFilterProxyModel>

namespace nightjar::ui {

/// What an import of rules would change, file by file, before anything is: added, changed and in what, removed, and
/// which of it would not run and why.
class ImportReview : public QWidget {
    Q_OBJECT
public:
    explicit ImportReview(present::DetectionController &controller, QWidget *parent = nullptr);
    void show(const QString &path, const std::vector<workspace::RuleChange> &changes);

Q_SIGNALS:
    void applied(const QString &path);
    void discarded();

private:
    QString m_path;
    present::RuleChangesModel m_model;
    QSortFilterProxyModel m_filter;
    PaneHead *m_head;
    Choice *m_kind;
    PlainLabel *m_sum;
    FastTable *m_table;
    EmptyState *m_none;
    Button *m_apply;
};

} // namespace nightjar::ui
