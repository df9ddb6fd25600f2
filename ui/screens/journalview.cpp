// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/journalview.h"

#include "present/tablemodels.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace nightjar::ui {

namespace {

using present::JournalModel;

constexpr int kTimeWidth = 148;
constexpr int kStateWidth = 150;
constexpr int kUndoColumn = 24;
constexpr int kIconSide = 14;

std::pair<QString, Color> toneLook(present::Tone tone)
{
    switch (tone) {
    case present::Tone::Ok:
        return {QStringLiteral("allowed"), Color::Ok};
    case present::Tone::Warn:
        return {QStringLiteral("drift"), Color::Warn};
    case present::Tone::Error:
        return {QStringLiteral("warning"), Color::Error};
    case present::Tone::Pending:
        return {QStringLiteral("clock"), Color::Accent};
    case present::Tone::Neutral:
        break;
    }
    return {QStringLiteral("info"), Color::Text2};
}

} // namespace

QSize JournalDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {200, px(Length::RowJournal)};
}

void JournalDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected) {
        painter->fillRect(option.rect, tint(option.state.testFlag(QStyle::State_Active) ? Color::Selection
                                                                                        : Color::SelectionInactive));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, tint(Color::Hover));
    }
    const int inset = px(Length::PaneInset);
    const QRect row = option.rect.adjusted(inset, 0, -inset, 0);
    painter->fillRect(row.x(), row.bottom(), row.width(), 1, tint(Color::HairlineSoft));
    const auto text = [&](int column) { return index.siblingAtColumn(column).data(Qt::DisplayRole).toString(); };
    const auto draw = [&](const QRect &area, Type type, Color color, const QString &words, bool right = false) {
        painter->setFont(typeface(type));
        painter->setPen(tint(selected ? Color::Text : color));
        const QString cut = painter->fontMetrics().elidedText(words, Qt::ElideRight, area.width());
        painter->drawText(
            area, static_cast<int>(right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
            cut);
        return painter->fontMetrics().horizontalAdvance(cut);
    };
    const int upper = row.y() + 5;
    const int lower = row.y() + 22;
    draw(QRect(row.x(), upper, kTimeWidth, 18), Type::Data, Color::Text2, text(JournalModel::AtColumn));
    const int end = row.right() - kStateWidth - kUndoColumn;
    int x = row.x() + kTimeWidth + 8;
    x += draw(QRect(x, upper, 90, 18), Type::Body, Color::Text2, text(JournalModel::WhoColumn)) + 8;
    x += draw(QRect(x, upper, 110, 18), Type::BodyStrong, Color::Text, text(JournalModel::ActionColumn)) + 8;
    draw(QRect(x, upper, std::max(20, end - x), 18), Type::Data, Color::Text, text(JournalModel::EntryColumn));
    const int left = row.x() + kTimeWidth + 8;
    QString second = text(JournalModel::ReasonColumn);
    if (second.isEmpty()) {
        second = index.data(present::RowsModel::DetailRole).toString().section(u'\n', 0, 0);
    }
    draw(QRect(left, lower, std::max(20, row.right() - left), 18), Type::Body, Color::Text2, second);
    const auto [icon, color] = toneLook(static_cast<present::Tone>(index.data(present::RowsModel::ToneRole).toInt()));
    const QRect state(end + 8, upper, kStateWidth - 8, 18);
    painter->setFont(typeface(Type::Body));
    const QString word = painter->fontMetrics().elidedText(text(JournalModel::ResultColumn), Qt::ElideRight,
                                                           state.width() - kIconSide - 4);
    const int wide = painter->fontMetrics().horizontalAdvance(word);
    draw(state, Type::Body, color, word, true);
    paintIcon(*painter, QRect(state.right() - wide - kIconSide - 4, upper + 2, kIconSide, kIconSide), icon,
              selected ? Color::Text : color);
    if (index.data(present::RowsModel::FlagRole).toBool()) {
        paintIcon(*painter, QRect(row.right() - kIconSide, upper + 2, kIconSide, kIconSide), QStringLiteral("undo"),
                  Color::Text2);
    }
}

JournalView::JournalView(QWidget *parent)
    : QListView(parent)
{
    setAccessibleName(tr("Journal"));
    setItemDelegate(&m_delegate);
    setFrameShape(NoFrame);
    setUniformItemSizes(true);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void JournalView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

void JournalView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_J || event->key() == Qt::Key_K) {
        QKeyEvent step(QEvent::KeyPress, event->key() == Qt::Key_J ? Qt::Key_Down : Qt::Key_Up, event->modifiers());
        QListView::keyPressEvent(&step);
        return;
    }
    if (event->modifiers() == Qt::NoModifier && !event->text().isEmpty() && event->text()[0].isPrint()) {
        event->ignore();
        return;
    }
    QListView::keyPressEvent(event);
}

void JournalView::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (hasFocus()) {
        QPainter painter(viewport());
        paintFocusRing(painter, viewport()->rect());
    }
}

} // namespace nightjar::ui
