// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemDelegate>
#include <QListView>

namespace nightjar::ui {

/// Draws one line of the journal in two: time, who, what, entry; below it reason and detail; at the right the state
/// and, where it can be taken back, the undo sign at the same x. Reads a present::JournalModel.
class JournalDelegate : public QAbstractItemDelegate {
    Q_OBJECT
public:
    using QAbstractItemDelegate::QAbstractItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The journal as a list of rows of 44. j and k move.
class JournalView : public QListView {
    Q_OBJECT
public:
    explicit JournalView(QWidget *parent = nullptr);
    void keyboardSearch(const QString &) override {} ///< letters are commands here

Q_SIGNALS:
    void currentRowChanged(int row);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    JournalDelegate m_delegate;
};

} // namespace nightjar::ui
