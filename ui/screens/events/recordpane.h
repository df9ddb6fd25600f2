// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/recordmodel.h"
#include "ui/widgets/panes.h"

#include <QListView>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTabBar>

namespace nightjar::ui {

/// Read-only text of a record. What is copied is plain text and nothing else.
class RecordText : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit RecordText(const QString &name, QWidget *parent = nullptr);

protected:
    QMimeData *createMimeDataFromSelection() const override;
};

/// Field left, value, and on the current row its actions.
class RecordDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    enum class Action : int { None, Include, Exclude, Only, Copy };
    static Action hit(const QRect &row, const QPoint &place);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The record under the table: fields with their actions beside the raw text, the value of the current field lit in it
/// and back; and the event as JSON. Thread: GUI.
class RecordPane : public Surface {
    Q_OBJECT
public:
    explicit RecordPane(QWidget *parent = nullptr);

    void setEvent(const workspace::EventDetail &event);
    void clear();
    void showTab(int tab); ///< 0 record, 1 JSON, 2 raw alone
    /// Only the tab strip stays when closed.
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const { return m_stack->isVisibleTo(this); }
    [[nodiscard]] const present::RecordModel &model() const { return m_model; }
    [[nodiscard]] bool hasFieldFocus() const { return m_fields->hasFocus(); }
    QListView *fields() { return m_fields; }
    RecordText *raw() { return m_raw; }
    QTabBar *tabs() { return m_tabs; }

Q_SIGNALS:
    void includeRequested(const QString &field, const QString &value);
    void excludeRequested(const QString &field, const QString &value);
    void onlyRequested(const QString &field, const QString &value);
    void aroundRequested(qint64 time); ///< ± 5 min

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void light(int row);
    void lightFromCursor();
    void act(RecordDelegate::Action action, bool raw);
    QWidget *makeRecord();

    present::RecordModel m_model;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QListView *m_fields;
    PlainLabel *m_rawHead;
    RecordText *m_raw;
    RecordText *m_json;
    RecordText *m_rawAlone;
    bool m_lighting = false;
};

} // namespace nightjar::ui
