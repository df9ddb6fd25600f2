// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/panes.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QTabBar>

namespace nightjar::ui {

/// One of a few. Items carry the value as data; names may hold outside text.
class Choice : public QComboBox {
    Q_OBJECT
public:
    explicit Choice(const QString &name, QWidget *parent = nullptr);
    void add(const QString &text, const QString &value);
    [[nodiscard]] QString value() const { return currentData().toString(); }
    /// False when there is no such value; then the first one is chosen.
    bool setValue(const QString &value);

protected:
    void wheelEvent(QWheelEvent *event) override; ///< scrolls the pane, never changes the choice
};

/// Labels at the left, fields at the right, a line of help or error below a field. Tab order is reading order.
class Form : public QWidget {
    Q_OBJECT
public:
    explicit Form(QWidget *parent = nullptr);
    /// The field gets the label as its accessible name unless it has one. `buttons` stand behind it.
    void addRow(const QString &label, QWidget *field, const QString &help = {}, const QList<QWidget *> &buttons = {});
    void setRowVisible(QWidget *field, bool visible);
    /// Shows an error below the field in place of its help; empty: the help again.
    void setError(QWidget *field, const QString &error);
    void clearErrors();

private:
    struct Row {
        QWidget *field = nullptr;
        QWidget *line = nullptr;
        PlainLabel *label = nullptr, *help = nullptr;
        QString helpText;
    };
    QGridLayout *m_grid;
    QList<Row> m_rows;
};

/// A single line for typing; `mono` for what machines read.
QLineEdit *makeField(const QString &name, const QString &placeholder, bool mono, int limit = 512);
/// A pane that scrolls when it is higher than its place. Owns `content`.
QScrollArea *makeScroll(QWidget *content);
/// Tabs over a stack, 32 high, a hairline below.
QTabBar *makeTabs(const QString &name);

} // namespace nightjar::ui
