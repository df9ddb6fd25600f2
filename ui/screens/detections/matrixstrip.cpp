// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/matrixstrip.h"

#include "present/show.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plainlabel.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kName = 18;
constexpr int kCell = 14;
constexpr int kGap = 2;
constexpr int kCellRows = 3;
constexpr int kCount = 16;
constexpr int kAbove = 4;
constexpr int kMostShade = 5;

QColor heat(int step)
{
    const Tokens &tokens = Theme::instance().tokens();
    const QList<QColor> &colors = tokens.heat[Theme::instance().isDark() ? 0 : 1];
    return colors.value(std::clamp(step, 0, static_cast<int>(colors.size()) - 1));
}

} // namespace

MatrixStrip::MatrixStrip(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setProperty("njPane", true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("ATT&CK coverage"));
}

QSize MatrixStrip::sizeHint() const
{
    return {1'200, kAbove + kName + kCellRows * (kCell + kGap) + kCount + 8};
}

void MatrixStrip::setColumns(std::vector<present::AttackColumn> columns)
{
    m_columns = std::move(columns);
    update();
}

void MatrixStrip::setChosen(const QString &tactic, const QString &technique)
{
    m_tactic = tactic;
    m_technique = technique;
    update();
}

QRect MatrixStrip::columnRect(int column) const
{
    const int inset = px(Length::PaneInset) - 4;
    const int width = this->width() - 2 * inset;
    const int count = std::max<int>(1, static_cast<int>(m_columns.size()));
    const int left = inset + width * column / count;
    return {left, kAbove - 2, inset + width * (column + 1) / count - left, height() - kAbove};
}

QRect MatrixStrip::cellRect(int column, int cell) const
{
    const QRect area = columnRect(column);
    return {area.x() + 4 + cell / kCellRows * (kCell + kGap), area.y() + kName + 2 + cell % kCellRows * (kCell + kGap),
            kCell, kCell};
}

int MatrixStrip::shownCells(int column) const
{
    const int across = std::max(1, (columnRect(column).width() - 8) / (kCell + kGap));
    return std::min(static_cast<int>(m_columns[static_cast<std::size_t>(column)].cells.size()), across * kCellRows);
}

MatrixStrip::Place MatrixStrip::hit(const QPoint &point) const
{
    for (int column = 0; column < static_cast<int>(m_columns.size()); ++column) {
        if (!columnRect(column).contains(point)) {
            continue;
        }
        for (int cell = 0; cell < shownCells(column); ++cell) {
            if (cellRect(column, cell).contains(point)) {
                return {column, cell};
            }
        }
        return {column, -1};
    }
    return {};
}

QString MatrixStrip::describe(const Place &place) const
{
    if (place.column < 0 || place.column >= static_cast<int>(m_columns.size())) {
        return {};
    }
    const present::AttackColumn &column = m_columns[static_cast<std::size_t>(place.column)];
    if (place.cell < 0) {
        return tr("%1: %2 rules, %3 on")
            .arg(column.tactic.name, present::number(column.rules), present::number(column.running));
    }
    const present::AttackCell &cell = column.cells[static_cast<std::size_t>(place.cell)];
    return tr("%1 of %2: %3 rules, %4 on")
        .arg(cell.technique, column.tactic.name, present::number(cell.rules), present::number(cell.running));
}

void MatrixStrip::paintColumn(QPainter &painter, int column) const
{
    const present::AttackColumn &shown = m_columns[static_cast<std::size_t>(column)];
    const QRect area = columnRect(column);
    const bool chosen = shown.tactic.tag == m_tactic;
    if (chosen || m_hover.column == column) {
        painter.fillRect(area.adjusted(0, 0, -2, 0), tint(chosen ? Color::Selection : Color::Hover));
    }
    painter.setFont(typeface(chosen ? Type::PaneHeading : Type::Caption));
    painter.setPen(tint(chosen ? Color::Text : Color::Text2));
    const QRect name(area.x() + 4, area.y(), area.width() - 8, kName);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(shown.tactic.brief, Qt::ElideRight, name.width()));
    for (int cell = 0; cell < shownCells(column); ++cell) {
        const present::AttackCell &one = shown.cells[static_cast<std::size_t>(cell)];
        const QRect place = cellRect(column, cell);
        painter.setPen(Qt::NoPen);
        painter.setBrush(one.running > 0 ? heat(std::min(one.running, kMostShade)) : tint(Color::Track));
        painter.drawRoundedRect(place, 2, 2);
        if (one.running == 0) { // rules are there, none of them runs
            painter.fillRect(place.adjusted(3, 6, -3, -6), tint(Color::Text2));
        }
        if (one.technique == m_technique && (m_tactic.isEmpty() || chosen)) {
            painter.setPen(QPen(tint(Color::Text), 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 3, 3);
        }
    }
    painter.setFont(typeface(Type::DataSmall));
    painter.setPen(tint(shown.rules > 0 ? Color::Text : Color::Text2));
    painter.drawText(QRect(area.x() + 4, area.bottom() - kCount - 1, area.width() - 8, kCount),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     shown.rules > 0 ? QString::number(shown.rules) : QStringLiteral("–"));
}

void MatrixStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int column = 0; column < static_cast<int>(m_columns.size()); ++column) {
        paintColumn(painter, column);
    }
    if (hasFocus() && m_cursor.column >= 0 && m_cursor.column < static_cast<int>(m_columns.size())) {
        paintFocusRing(painter, m_cursor.cell < 0 ? columnRect(m_cursor.column).adjusted(0, 0, -2, 0)
                                                  : cellRect(m_cursor.column, m_cursor.cell).adjusted(-3, -3, 3, 3));
    }
}

void MatrixStrip::choose(const Place &place)
{
    if (place.column < 0) {
        return;
    }
    const present::AttackColumn &column = m_columns[static_cast<std::size_t>(place.column)];
    const QString technique = place.cell < 0 ? QString() : column.cells[static_cast<std::size_t>(place.cell)].technique;
    const bool again = column.tactic.tag == m_tactic && technique == m_technique;
    setChosen(again ? QString() : column.tactic.tag, again ? QString() : technique);
    Q_EMIT chosen(m_tactic, m_technique);
}

void MatrixStrip::moveTo(const Place &place)
{
    m_cursor = place;
    setAccessibleDescription(describe(place));
    update();
}

void MatrixStrip::mousePressEvent(QMouseEvent *event)
{
    const Place place = hit(event->position().toPoint());
    if (place.column >= 0) {
        moveTo(place);
        choose(place);
    }
}

void MatrixStrip::mouseMoveEvent(QMouseEvent *event)
{
    const Place place = hit(event->position().toPoint());
    if (!(place == m_hover)) {
        m_hover = place;
        setPlainToolTip(this, describe(place));
        update();
    }
}

void MatrixStrip::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    m_hover = {};
    update();
}

void MatrixStrip::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    moveTo(m_cursor);
}

void MatrixStrip::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_columns.size()) - 1;
    Place next = m_cursor;
    switch (event->key()) {
    case Qt::Key_Left:
        next = {std::max(0, m_cursor.column - 1), -1};
        break;
    case Qt::Key_Right:
        next = {std::min(last, m_cursor.column + 1), -1};
        break;
    case Qt::Key_Down:
        next.cell = std::min(m_cursor.cell + 1, shownCells(m_cursor.column) - 1);
        break;
    case Qt::Key_Up:
        next.cell = std::max(m_cursor.cell - 1, -1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose(m_cursor);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (last >= 0) {
        moveTo(next);
    }
}

} // namespace nightjar::ui
