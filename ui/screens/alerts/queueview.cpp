// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/alerts/queueview.h"

#include "ui/theme/style.h"
#include "ui/widgets/severity.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace nightjar::ui {

namespace {

using present::AlertQueueModel;

constexpr int kHead = 26;
constexpr int kBar = 3;
constexpr int kTextLeft = 80; ///< where titles start, from the left edge
constexpr int kLine = 20;

void write(QPainter &painter, const QRect &area, const QString &text, Type type, Color color, bool right = false)
{
    painter.setFont(typeface(type));
    painter.setPen(tint(color));
    const auto align = right ? Qt::AlignRight : Qt::AlignLeft;
    painter.drawText(area, static_cast<int>(align) | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

int widthOf(const QString &text, Type type)
{
    return QFontMetrics(typeface(type)).horizontalAdvance(text);
}

void paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index)
{
    painter.fillRect(rect, tint(Color::Raised));
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), tint(Color::Hairline));
    const QString head = index.data().toString();
    const QRect area = rect.adjusted(px(Length::PaneInset), 0, -px(Length::PaneInset), 0);
    write(painter, area, head, Type::PaneHeading, Color::Text2);
    write(painter, area.adjusted(widthOf(head, Type::PaneHeading) + px(Length::CellInset), 0, 0, 0),
          present::number(index.data(AlertQueueModel::CountRole).toLongLong()), Type::Caption, Color::Text2);
}

} // namespace

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const bool head = index.data(AlertQueueModel::IsHeadRole).toBool();
    return {100, head ? kHead : px(narrow ? Length::RowQueueSmall : Length::RowQueue)};
}

void QueueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const QRect rect = option.rect;
    if (index.data(AlertQueueModel::IsHeadRole).toBool()) {
        paintHead(*painter, rect, index);
        painter->restore();
        return;
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected) {
        painter->fillRect(rect, tint(Color::Selection));
        painter->fillRect(QRect(rect.x(), rect.y(), kBar, rect.height()), tint(Color::Accent));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(rect, tint(Color::Hover));
    }
    painter->fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), tint(Color::HairlineSoft));
    const bool closed = index.data(AlertQueueModel::ClosedRole).toBool();
    const Color quiet = selected ? Color::Text : Color::Text2;
    const int left = rect.x() + px(Length::PaneInset);
    const int right = rect.right() - px(Length::PaneInset) + 1;
    const int top = rect.y() + (rect.height() - 2 * kLine) / 2;
    const int second = top + kLine;
    const auto severity = static_cast<alerts::Severity>(index.data(AlertQueueModel::SeverityRole).toInt());
    paintSeverityChip(*painter, QRect(left, top, kTextLeft - px(Length::PaneInset), kLine), severity,
                      QString::number(index.data(AlertQueueModel::ScoreRole).toInt()), selected);
    const QString age = index.data(AlertQueueModel::AgeRole).toString();
    const int ageWidth = widthOf(age, Type::Body);
    write(*painter, QRect(right - ageWidth - 2, top, ageWidth + 2, kLine), age, Type::Body, quiet, true);
    const int titleLeft = rect.x() + kTextLeft;
    write(*painter, QRect(titleLeft, top, right - ageWidth - 8 - titleLeft, kLine), index.data().toString(),
          closed ? Type::Body : Type::BodyStrong, Color::Text);
    write(*painter, QRect(left, second, kTextLeft - px(Length::PaneInset) - 4, kLine),
          QString(present::number(index.data(AlertQueueModel::CountRole).toLongLong()) + QChar(0x00D7)), Type::Data,
          quiet);
    const auto status = static_cast<alerts::Status>(index.data(AlertQueueModel::StatusRole).toInt());
    const QString engine = index.data(AlertQueueModel::EngineRole).toString();
    const QString word =
        status == alerts::Status::New ? engine : index.data(AlertQueueModel::StatusTextRole).toString();
    const int wordWidth = widthOf(word, Type::Body);
    write(*painter, QRect(right - wordWidth - 2, second, wordWidth + 2, kLine), word, Type::Body, quiet, true);
    const QString user = index.data(AlertQueueModel::UserRole).toString();
    const int room = right - wordWidth - 8 - titleLeft;
    const int userWidth = std::min(widthOf(user, Type::Data), room);
    write(*painter, QRect(titleLeft, second, userWidth + 1, kLine), user, Type::Data, Color::Text);
    write(*painter, QRect(titleLeft + userWidth + 12, second, std::max(0, room - userWidth - 12), kLine),
          index.data(AlertQueueModel::EntityRole).toString(), Type::Body, quiet);
    painter->restore();
}

QueueView::QueueView(AlertQueueModel &model, QWidget *parent)
    : QListView(parent)
    , m_model(model)
    , m_delegate(new QueueDelegate(this))
{
    setModel(&model);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    viewport()->setAutoFillBackground(false);
    setAccessibleName(tr("Alert queue"));
}

void QueueView::setNarrow(bool narrow)
{
    m_delegate->narrow = narrow;
    scheduleDelayedItemsLayout();
}

void QueueView::choose(int row)
{
    const QModelIndex index = m_model.index(row);
    if (index.isValid()) {
        setCurrentIndex(index);
        scrollTo(index);
    }
}

void QueueView::move(int step)
{
    const int row =
        m_model.step(currentIndex().isValid() ? currentIndex().row() : (step > 0 ? -1 : m_model.rowCount()), step);
    if (row >= 0) {
        choose(row);
    }
}

std::vector<std::int64_t> QueueView::chosen() const
{
    std::vector<std::int64_t> ids;
    for (const QModelIndex &index : selectionModel()->selectedIndexes()) {
        if (const alerts::Alert *alert = m_model.alertAt(index.row())) {
            ids.push_back(alert->id);
        }
    }
    return ids;
}

void QueueView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    const alerts::Alert *alert = m_model.alertAt(current.row());
    Q_EMIT currentAlertChanged(alert != nullptr ? alert->id : 0);
}

void QueueView::keyPressEvent(QKeyEvent *event)
{
    const bool plain = event->modifiers() == Qt::NoModifier;
    if (plain && (event->key() == Qt::Key_J || event->key() == Qt::Key_Down)) {
        move(1);
    } else if (plain && (event->key() == Qt::Key_K || event->key() == Qt::Key_Up)) {
        move(-1);
    } else if (plain && event->key() == Qt::Key_X) {
        selectionModel()->select(currentIndex(), QItemSelectionModel::Toggle);
    } else if (plain && !event->text().isEmpty() && event->text()[0].isPrint()) {
        event->ignore(); // a command of the screen
    } else {
        QListView::keyPressEvent(event);
    }
}

} // namespace nightjar::ui
