// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/facetmodel.h"
#include "ui/widgets/panes.h"

#include <QLineEdit>
#include <QListView>
#include <QStyledItemDelegate>

namespace nightjar::ui {

/// Values of the fields with their counts; + and − take them into the query or out of it. The row under the mouse or
/// the cursor shows its buttons in place of the count. Thread: GUI.
class FacetPane : public Surface {
    Q_OBJECT
public:
    explicit FacetPane(present::FacetModel &model, QWidget *parent = nullptr);
    QListView *view() { return m_view; }

Q_SIGNALS:
    void includeRequested(const QString &field, const QString &value);
    void excludeRequested(const QString &field, const QString &value);
    void onlyRequested(const QString &field, const QString &value);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    bool handleKey(int key);
    bool handleClick(const QPoint &place);

    present::FacetModel &m_model;
    QListView *m_view;
    QLineEdit *m_filter;
};

/// Draws the rows of the facet pane and knows where their buttons are.
class FacetDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    enum class Hit : int { None, Body, Plus, Minus, Top, Rare };
    static Hit hit(const QRect &row, const QModelIndex &index, const QPoint &place);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    static void paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index);
    static void paintValue(QPainter &painter, const QRect &rect, const QModelIndex &index, bool armed, bool selected);
};

} // namespace nightjar::ui
