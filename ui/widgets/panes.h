// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractButton>

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace nightjar::ui {

class IconLabel;

/// "Alerts by severity  per 30 min                    [parts]": the head of a pane.
class PaneHead : public QWidget {
    Q_OBJECT
public:
    explicit PaneHead(const QString &title, const QString &caption = {}, QWidget *parent = nullptr);
    void setTitle(const QString &title) { m_title->setText(title); }
    void setCaption(const QString &caption) { m_caption->setText(caption); }
    /// At the right end.
    void addTrailing(QWidget *widget);

private:
    PlainLabel *m_title;
    PlainLabel *m_caption;
    QHBoxLayout *m_row;
};

/// Title, sub and buttons of a screen: the row of 48 at its top.
class ScreenHead : public Surface {
    Q_OBJECT
public:
    explicit ScreenHead(const QString &title, QWidget *parent = nullptr);
    void setSub(const QString &sub) { m_sub->setText(sub); }
    void addTrailing(QWidget *widget);

private:
    PlainLabel *m_sub;
    QHBoxLayout *m_row;
};

/// Caption, headline number, a line of proof. With a link it is a button: the whole figure is clickable.
class Figure : public QAbstractButton {
    Q_OBJECT
public:
    explicit Figure(const QString &caption, QWidget *parent = nullptr);
    void set(const QString &value, const QString &sub, Color color = Color::Text);
    /// A line at the left edge, when figures stand side by side.
    void setLeadingEdge(bool edge) { m_edge = edge; }
    void setLinked(bool linked);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_caption, m_value, m_sub;
    Color m_color = Color::Text;
    bool m_edge = false;
    bool m_linked = false;
};

/// An icon of the set at a size, in a token's colour.
class IconLabel : public QWidget {
    Q_OBJECT
public:
    IconLabel(const QString &icon, int side, Color color = Color::Text2, QWidget *parent = nullptr);
    void set(const QString &icon, Color color);
    QSize sizeHint() const override { return {m_side, m_side}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    int m_side;
    Color m_color;
};

/// One line of "key … value": the key in text2 at the left, the value in monospace at the right.
class KeyValueRow : public QWidget {
    Q_OBJECT
public:
    explicit KeyValueRow(const QString &key, const QString &value = {}, QWidget *parent = nullptr);
    void setValue(const QString &value, Color color = Color::Text);

private:
    PlainLabel *m_value;
};

/// What can be done with the thing of a pane: a row of buttons and a word below it.
class ActionBar : public Surface {
    Q_OBJECT
public:
    explicit ActionBar(QWidget *parent = nullptr);
    void add(QWidget *widget, int stretch = 0) { m_row->addWidget(widget, stretch); }
    void addStretch() { m_row->addStretch(1); }

private:
    QHBoxLayout *m_row;
};

/// What is, what it means, what can be done; inline above a pane. Wash, icon, bold sentence, reason, small buttons.
class NoticeBar : public Surface {
    Q_OBJECT
public:
    enum class Kind : int { Info, Ok, Warn, Error };
    explicit NoticeBar(Kind kind, QWidget *parent = nullptr);
    void set(Kind kind, const QString &sentence, const QString &reason);
    Button *addButton(const QString &text, const QString &icon = {});
    void clearButtons();

private:
    IconLabel *m_icon;
    PlainLabel *m_sentence;
    PlainLabel *m_reason;
    QHBoxLayout *m_row;
    QList<Button *> m_buttons;
};

/// Nothing here yet, or filtered to nothing: icon, one sentence, why, its buttons; left aligned.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString &icon, const QString &sentence, const QString &reason, QWidget *parent = nullptr);
    void set(const QString &sentence, const QString &reason);
    Button *addButton(const QString &text, ButtonKind kind, const QString &icon = {});

private:
    PlainLabel *m_sentence;
    PlainLabel *m_reason;
    QHBoxLayout *m_buttons;
};

/// A job in one row of 44: name and size, bar, %, rate and time left, Cancel.
class ProgressRow : public Surface {
    Q_OBJECT
public:
    explicit ProgressRow(QWidget *parent = nullptr);
    void set(const QString &name, double fraction, const QString &text);
    /// Over: an icon and a sentence in place of bar and Cancel.
    void setDone(const QString &icon, Color color, const QString &name, const QString &sentence);
    Button *cancelButton() { return m_cancel; }

private:
    IconLabel *m_icon;
    PlainLabel *m_name;
    ProgressBar *m_bar;
    PlainLabel *m_percent;
    PlainLabel *m_text;
    Button *m_cancel;
};

} // namespace nightjar::ui
