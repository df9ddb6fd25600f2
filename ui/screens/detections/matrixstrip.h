// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/attack.h"

#include <QWidget>

#include <vector>

namespace nightjar::ui {

/// ATT&CK as a filter: a column a tactic, a cell a technique, its shade the rules that run. A click or Enter on a cell
/// chooses the technique, on a name the tactic; once more lets go. Keys: ← → tactics, ↑ ↓ techniques. Thread: GUI.
class MatrixStrip : public QWidget {
    Q_OBJECT
public:
    explicit MatrixStrip(QWidget *parent = nullptr);
    void setColumns(std::vector<present::AttackColumn> columns);
    void setChosen(const QString &tactic, const QString &technique);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {640, sizeHint().height()}; }

Q_SIGNALS:
    /// Tag of a tactic and a technique; both may be empty.
    void chosen(const QString &tactic, const QString &technique);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    struct Place {
        int column = -1, cell = -1; ///< cell -1: the tactic
        bool operator==(const Place &) const = default;
    };
    [[nodiscard]] QRect columnRect(int column) const;
    [[nodiscard]] QRect cellRect(int column, int cell) const;
    [[nodiscard]] Place hit(const QPoint &point) const;
    [[nodiscard]] QString describe(const Place &place) const;
    [[nodiscard]] int shownCells(int column) const;
    void choose(const Place &place);
    void moveTo(const Place &place);
    void paintColumn(QPainter &painter, int column) const;

    std::vector<present::AttackColumn> m_columns;
    QString m_tactic, m_technique;
    Place m_cursor{0, -1};
    Place m_hover;
};

} // namespace nightjar::ui
