// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QList>
#include <QWidget>

namespace nightjar::ui {

/// One place on the rail: icon, label, badge.
class NavItem : public QAbstractButton {
    Q_OBJECT
public:
    NavItem(const QString &icon, const QString &name, const QString &key, QWidget *parent = nullptr);
    void setBadge(qint64 count);
    void setSmall(bool small);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();

    QString m_icon, m_name, m_key;
    qint64 m_badge = 0;
    bool m_small = false;
};

/// The screens at the left, 72 wide with labels or 48 without. Arrow keys move, Enter or Space goes.
class NavRail : public QWidget {
    Q_OBJECT
public:
    explicit NavRail(QWidget *parent = nullptr);
    void add(const QString &id, const QString &icon, const QString &name, const QString &key);
    void setCurrent(const QString &id);
    void setBadge(const QString &id, qint64 count);
    void setSmall(bool small);
    void focusCurrent();

Q_SIGNALS:
    void chosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup m_group;
    QList<QPair<QString, NavItem *>> m_items;
};

} // namespace nightjar::ui
