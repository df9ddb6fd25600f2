// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QList>
#include <QWidget>

#include <functional>

namespace nightjar::ui {

/// One thing the palette offers.
struct PaletteItem {
    QString group; ///< "Actions", "Screens and commands"
    QString icon, text;
    QString effect; ///< what it will do, in text2
    QString key;
    std::function<void()> act;
};

/// Ctrl+K: a field and one list under it; Enter acts, Esc leaves. Items come from a function of the text, so that a
/// typed value can become an action ("Block …"). Everything typed is shown as plain text.
class Palette : public QWidget {
    Q_OBJECT
public:
    using Source = std::function<QList<PaletteItem>(const QString &text)>;

    Palette(Source source, QWidget *parent);
    void openOver(const QRect &window);
    [[nodiscard]] int count() const { return static_cast<int>(m_items.size()); }
    [[nodiscard]] int current() const { return m_current; }
    QLineEdit *field() { return m_field; }

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void refill();
    void act(int item);
    void move(int step);
    struct Line {
        int y = 0;
        int item = -1; ///< -1: the head of a group
    };
    [[nodiscard]] QList<Line> lines() const;
    void paintItem(QPainter &painter, const QRect &row, const PaletteItem &item, bool current) const;

    Source m_source;
    QLineEdit *m_field;
    QList<PaletteItem> m_items;
    int m_current = 0;
};

/// True when every word of `typed` occurs in `text`.
bool paletteMatches(const QString &text, const QString &typed);

} // namespace nightjar::ui
