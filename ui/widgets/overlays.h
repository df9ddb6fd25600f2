// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/jobmodel.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/panes.h"

#include <QLineEdit>
#include <QTimer>
#include <QVBoxLayout>

#include <functional>

namespace nightjar::ui {

/// What has happened, with proof and a way back. A child widget at the right bottom, at least six seconds.
class Toast : public QWidget {
    Q_OBJECT
public:
    Toast(const ToastText &text, QWidget *parent);

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QTimer m_life;
};

/// Toasts above each other, newest below. Follows its parent's size.
class ToastStack : public QObject {
    Q_OBJECT
public:
    explicit ToastStack(QWidget *area);
    void show(const ToastText &text);
    /// Room to keep free at the bottom (status strip, action bar).
    void setBottom(int bottom);
    void place();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    QWidget *m_area;
    QList<Toast *> m_toasts;
    int m_bottom = 40;
};

/// Asks inline before something wide or risky. The verb stands on the button; a risky one wants the value typed.
class ConfirmBar : public Surface {
    Q_OBJECT
public:
    explicit ConfirmBar(QWidget *parent = nullptr);
    /// `typed` non-empty: the verb stays disabled until one of its spellings was typed.
    void ask(const QString &sentence, const QString &verb, bool danger, const QStringList &typed = {});
    void dismiss();

Q_SIGNALS:
    void confirmed(const QString &typed);
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void check();

    IconLabel *m_icon;
    PlainLabel *m_sentence;
    QLineEdit *m_field;
    Button *m_cancel;
    Button *m_verb;
    QStringList m_typed;
};

/// Running and finished jobs above their entry in the status strip.
class JobsPopover : public QWidget {
    Q_OBJECT
public:
    JobsPopover(present::JobModel &jobs, QWidget *parent);
    QSize sizeHint() const override;

Q_SIGNALS:
    void resized();
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Row {
        QWidget *widget = nullptr;
        IconLabel *icon = nullptr;
        PlainLabel *name = nullptr, *percent = nullptr, *text = nullptr;
        ProgressBar *bar = nullptr;
        Button *cancel = nullptr;
        int state = -1;
    };
    void rebuild();
    void refresh();
    Row makeRow(int row);

    present::JobModel &m_jobs;
    PlainLabel *m_summary;
    QVBoxLayout *m_rows;
    QList<Row> m_list;
};

} // namespace nightjar::ui
