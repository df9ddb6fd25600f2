// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <utility>
#include <vector>

namespace nightjar::ui {

/// Over the whole window while something is dragged over it: what a drop would do. Lets every event through.
class DropOverlay : public QWidget {
    Q_OBJECT
public:
    explicit DropOverlay(QWidget *parent);
    void showFor(const QStringList &paths);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QStringList m_names;
    qsizetype m_total = 0;
};

/// The keys, those of the window and of the shown screen. Esc, ? or a click closes it.
class KeySheet : public QWidget {
    Q_OBJECT
public:
    using Keys = std::vector<std::pair<QString, QString>>;
    explicit KeySheet(QWidget *parent);
    void showFor(const QString &screen, const Keys &screenKeys);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void paintColumn(QPainter &painter, const QRect &area, const QString &title, const Keys &keys) const;

    QString m_screen;
    Keys m_keys;
};

} // namespace nightjar::ui
