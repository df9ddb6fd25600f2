// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractItemDelegate>
#include <QHeaderView>
#include <QTableView>

#include <functional>

namespace nightjar::ui {

/// How a column is drawn. Severity wants a display text such as "C 94" (letter first), Action the words that
/// present::actionOf() knows, Path is cut at its beginning, State any word (see FastTable::setStateLook),
/// Bars a row's RowsModel::BarsRole, Check its Qt::CheckStateRole.
enum class CellStyle : int {
    Text,
    Strong,
    Muted,
    Mono,
    MonoMuted,
    Path,
    Number,
    Time,
    Url,
    Action,
    Severity,
    State,
    Bars,
    Check
};

struct ColumnSpec {
    int width = 100; ///< device-independent pixels; 0 takes the rest
    CellStyle style = CellStyle::Text;
};

struct StateLook {
    QString icon;
    Color color = Color::Text2;
};

/// Draws the cells of a FastTable: one data() call a cell, monospace text cut by its advance width, no elision by
/// shaping. A cell without a value (invalid QVariant) is a row still loading: a grey bar.
class FastDelegate : public QAbstractItemDelegate {
    Q_OBJECT
public:
    using QAbstractItemDelegate::QAbstractItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] CellStyle styleOf(int column) const;

    QList<ColumnSpec> columns;
    std::function<QColor(const QModelIndex &)> rowBar; ///< 3-px bar at the left edge; invalid colour: none
    std::function<StateLook(const QString &)> stateLook;

private:
    static void paintText(QPainter &painter, const QRect &area, const QString &text, CellStyle style, bool selected);
};

/// Column heads: caption, hairline below, sort arrow.
class FastHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit FastHeader(const FastDelegate &delegate, QWidget *parent = nullptr);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int column) const override;
    QSize sizeHint() const override;

private:
    const FastDelegate &m_delegate;
};

/// The table of the program: fixed rows, zebra, no grid, whole rows selected, one delegate. Adds j/k, Enter and copying
/// (plain text of what is shown; values are shown defanged). Any letter that is no key of the table goes up to the
/// screen. Thread: GUI.
class FastTable : public QTableView {
    Q_OBJECT
public:
    explicit FastTable(QWidget *parent = nullptr);

    void setColumnSpecs(const QList<ColumnSpec> &columns);
    void setRowBar(std::function<QColor(const QModelIndex &)> rowBar);
    void setStateLook(std::function<StateLook(const QString &)> look);
    void setRowHeight(Length row);
    void setModel(QAbstractItemModel *model) override;
    /// Rows that are selected, ascending.
    [[nodiscard]] QList<int> selectedRows() const;

    void keyboardSearch(const QString &) override {} ///< letters are commands here

Q_SIGNALS:
    /// Enter or a double click on a row.
    void rowActivated(const QModelIndex &index);
    /// A click on a cell of style Check, or Space on its row.
    void checkToggled(const QModelIndex &index);
    void currentRowChanged(int row);
    /// Ctrl+C (raw false) and Ctrl+Shift+C (raw true). When nobody listens, the shown text is copied.
    void copyRequested(bool raw);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void layoutColumns();
    void copyShown() const;

    FastDelegate m_delegate;
};

/// Puts text/plain and nothing else on the clipboard.
void copyPlain(const QString &text);

} // namespace nightjar::ui
