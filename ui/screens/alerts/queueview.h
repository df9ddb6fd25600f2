// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/alertmodels.h"
#include "ui/theme/theme.h"

#include <QListView>
#include <QStyledItemDelegate>

namespace nightjar::ui {

/// An alert in two lines: severity, title and age; count, who, what and engine. Heads of groups between them.
class QueueDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool narrow = false;
};

/// The queue. Letters are commands of the screen, so typing does not search. Thread: GUI.
class QueueView : public QListView {
    Q_OBJECT
public:
    explicit QueueView(present::AlertQueueModel &model, QWidget *parent = nullptr);
    void setNarrow(bool narrow);
    /// Selects the alert in a row and shows it.
    void choose(int row);
    /// Moves to the next alert; `step` 1 or -1.
    void move(int step);
    [[nodiscard]] std::vector<std::int64_t> chosen() const;
    void keyboardSearch(const QString &) override {}

Q_SIGNALS:
    void currentAlertChanged(qint64 id);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    present::AlertQueueModel &m_model;
    QueueDelegate *m_delegate;
};

} // namespace nightjar::ui
