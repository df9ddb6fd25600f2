// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/querycontroller.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>

namespace nightjar::ui {

/// One clause of the query. A click edits it, Space switches it off and on, ! inverts, Delete or the cross removes it.
class QueryChip : public QAbstractButton {
    Q_OBJECT
public:
    QueryChip(const present::Clause &clause, bool disabled, QWidget *parent = nullptr);
    QSize sizeHint() const override;

Q_SIGNALS:
    void editRequested();
    void removeRequested();
    void invertRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect cross() const;
    [[nodiscard]] QString operatorText() const;

    present::Clause m_clause;
    QString m_value; ///< bounded and defanged
    bool m_disabled;
};

/// The clauses of a query in a row. Thread: GUI.
class ChipRow : public QWidget {
    Q_OBJECT
public:
    explicit ChipRow(present::QueryController &query, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Place of the clause in the query's text.
    void editRequested(int start, int length);

private:
    void rebuild();

    present::QueryController &m_query;
    QHBoxLayout *m_row;
};

} // namespace nightjar::ui
