// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/events/facetpane.h"

#include "ui/theme/icons.h"
#include "ui/theme/style.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace nightjar::ui {

namespace {

using present::FacetModel;

constexpr int kIcon = 12;
constexpr int kButton = 20;
constexpr int kSwitch = 32; ///< width of "top" and of "rare"
constexpr int kSwitchHeight = 18;
constexpr int kHeadRow = 30;
constexpr int kShareBar = 2;
constexpr int kIndent = 12;

QRect switchRect(const QRect &row, bool rare)
{
    const int right = row.right() - px(Length::PaneInset) + 1;
    return {right - (rare ? kSwitch : 2 * kSwitch), row.bottom() - kSwitchHeight - 2, kSwitch, kSwitchHeight};
}

QRect buttonRect(const QRect &row, bool minus)
{
    const int right = row.right() - px(Length::PaneInset) + 1;
    return {right - (minus ? kButton : 2 * kButton), row.y() + 1, kButton, kButton};
}

} // namespace

FacetDelegate::Hit FacetDelegate::hit(const QRect &row, const QModelIndex &index, const QPoint &place)
{
    if (!index.isValid()) {
        return Hit::None;
    }
    if (index.data(FacetModel::IsHeadRole).toBool()) {
        if (index.data(FacetModel::OpenRole).toBool()) {
            if (switchRect(row, false).contains(place)) {
                return Hit::Top;
            }
            if (switchRect(row, true).contains(place)) {
                return Hit::Rare;
            }
        }
        return Hit::Body;
    }
    if (buttonRect(row, false).contains(place)) {
        return Hit::Plus;
    }
    return buttonRect(row, true).contains(place) ? Hit::Minus : Hit::Body;
}

QSize FacetDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {100, index.data(FacetModel::IsHeadRole).toBool() ? kHeadRow : px(Length::RowNormal)};
}

void FacetDelegate::paintHead(QPainter &painter, const QRect &rect, const QModelIndex &index)
{
    const bool open = index.data(FacetModel::OpenRole).toBool();
    const int middle = rect.bottom() - kSwitchHeight / 2 - 2;
    paintIcon(painter, QRect(rect.x() + px(Length::PaneInset) - 2, middle - kIcon / 2, kIcon, kIcon),
              open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), Color::Text2);
    const int right =
        open ? switchRect(rect, false).x() - px(Length::CellInset) : rect.right() - px(Length::PaneInset) + 1;
    const QVariant count = index.data(FacetModel::CountRole);
    int countWidth = 0;
    if (count.isValid()) {
        const QString text = present::number(count.toLongLong());
        painter.setFont(typeface(Type::DataSmall));
        painter.setPen(tint(Color::Text2));
        countWidth = painter.fontMetrics().horizontalAdvance(text) + px(Length::CellInset);
        painter.drawText(QRect(rect.x(), middle - 10, right - rect.x(), 20), Qt::AlignRight | Qt::AlignVCenter, text);
    }
    QFont font = typeface(Type::Data);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(tint(Color::Text));
    const int left = rect.x() + px(Length::PaneInset) + kIndent;
    const QRect room(left, middle - 10, right - countWidth - left, 20);
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
    if (!open) {
        return;
    }
    const bool rare = index.data(FacetModel::RareRole).toBool();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const bool which : {false, true}) {
        const QRect box = switchRect(rect, which);
        if (which == rare) {
            painter.fillRect(box, tint(Color::Selection));
        }
        painter.setFont(typeface(Type::Caption));
        painter.setPen(tint(which == rare ? Color::Text : Color::Text2));
        painter.drawText(box, Qt::AlignCenter, which ? FacetPane::tr("rare") : FacetPane::tr("top"));
    }
    painter.setPen(tint(Color::Hairline));
    const QRectF both = QRectF(switchRect(rect, false).united(switchRect(rect, true))).adjusted(-0.5, -0.5, 0.5, 0.5);
    painter.drawRoundedRect(both, px(Length::RadiusBar), px(Length::RadiusBar));
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void FacetDelegate::paintValue(QPainter &painter, const QRect &rect, const QModelIndex &index, bool armed,
                               bool selected)
{
    const bool excluded = index.data(FacetModel::ExcludedRole).toBool();
    if (selected || armed) {
        painter.fillRect(rect, tint(selected ? Color::Selection : Color::Hover));
    }
    const int left = rect.x() + px(Length::PaneInset) + kIndent;
    int right = rect.right() - px(Length::PaneInset) + 1;
    if (armed) {
        paintIcon(painter, buttonRect(rect, false).adjusted(4, 4, -4, -4), QStringLiteral("plus"), Color::Accent);
        paintIcon(painter, buttonRect(rect, true).adjusted(4, 4, -4, -4), QStringLiteral("minus"), Color::Accent);
        right = buttonRect(rect, false).x();
    } else {
        const QString count = present::number(index.data(FacetModel::CountRole).toLongLong());
        painter.setFont(typeface(Type::Data));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(left, rect.y(), right - left, rect.height() - 4), Qt::AlignRight | Qt::AlignVCenter,
                         count);
        right -= painter.fontMetrics().horizontalAdvance(count) + px(Length::CellInset);
    }
    QFont font = typeface(Type::Data);
    font.setStrikeOut(excluded);
    painter.setFont(font);
    painter.setPen(tint(excluded ? Color::Disabled : Color::Text));
    const QRect room(left, rect.y(), right - left, rect.height() - 4);
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
    const int width = rect.right() - px(Length::PaneInset) + 1 - left;
    const QRect track(left, rect.bottom() - kShareBar, width, kShareBar);
    painter.fillRect(track, tint(Color::Track));
    const int filled = std::max(1, static_cast<int>(width * index.data(FacetModel::ShareRole).toDouble()));
    const Color color = excluded                                       ? Color::BarNeutral
                        : index.data(FacetModel::BlockedRole).toBool() ? Color::Error
                        : index.data(FacetModel::RareRole).toBool()    ? Color::Warn
                                                                       : Color::Accent;
    painter.fillRect(QRect(track.topLeft(), QSize(filled, kShareBar)), tint(color));
}

void FacetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    const bool armed = option.state.testFlag(QStyle::State_MouseOver) || focused;
    if (index.data(FacetModel::IsHeadRole).toBool()) {
        paintHead(*painter, option.rect, index);
    } else {
        paintValue(*painter, option.rect, index, armed, focused);
    }
    if (focused) {
        paintFocusRing(*painter, option.rect);
    }
    painter->restore();
}

FacetPane::FacetPane(FacetModel &model, QWidget *parent)
    : Surface(Color::Panel, parent)
    , m_model(model)
    , m_view(new QListView(this))
    , m_filter(new QLineEdit(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Facets"));
    auto *find = new IconButton(QStringLiteral("search"), tr("Find a field or value"));
    head->addTrailing(find);
    column->addWidget(head);
    m_filter->setPlaceholderText(tr("Field or value"));
    m_filter->setAccessibleName(tr("Find a field or value"));
    m_filter->hide();
    auto *filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    filterRow->addWidget(m_filter);
    column->addLayout(filterRow);
    column->addWidget(new Hairline);
    m_view->setModel(&model);
    m_view->setItemDelegate(new FacetDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setSelectionMode(QAbstractItemView::NoSelection);
    m_view->viewport()->setBackgroundRole(QPalette::NoRole);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->setAccessibleName(tr("Facets"));
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    column->addWidget(m_view, 1);
    connect(find, &Button::clicked, this, [this] {
        m_filter->setVisible(!m_filter->isVisible());
        m_filter->clear();
        m_filter->setFocus();
    });
    connect(m_filter, &QLineEdit::textChanged, &model, &FacetModel::setFilter);
}

bool FacetPane::handleKey(int key)
{
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid()) {
        return false;
    }
    const QString field = index.data(FacetModel::FieldRole).toString();
    const QString value = index.data(FacetModel::ValueRole).toString();
    const bool head = index.data(FacetModel::IsHeadRole).toBool();
    const bool open = index.data(FacetModel::OpenRole).toBool();
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Minus:
    case Qt::Key_Equal:
        if (!head) {
            key == Qt::Key_Plus    ? Q_EMIT includeRequested(field, value)
            : key == Qt::Key_Minus ? Q_EMIT excludeRequested(field, value)
                                   : Q_EMIT onlyRequested(field, value);
        }
        return !head;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (head) {
            m_model.toggleOpen(index.row());
            m_view->setCurrentIndex(m_model.index(index.row()));
        } else {
            Q_EMIT includeRequested(field, value);
        }
        return true;
    case Qt::Key_Right:
    case Qt::Key_Left:
        if (head && open != (key == Qt::Key_Right)) {
            m_model.toggleOpen(index.row());
            m_view->setCurrentIndex(m_model.index(index.row()));
            return true;
        }
        return false;
    case Qt::Key_R:
        m_model.setRare(index.row(), !index.data(FacetModel::RareRole).toBool());
        return true;
    case Qt::Key_J:
    case Qt::Key_K: {
        const int row = index.row() + (key == Qt::Key_J ? 1 : -1);
        if (row >= 0 && row < m_model.rowCount()) {
            m_view->setCurrentIndex(m_model.index(row));
        }
        return true;
    }
    default:
        return false;
    }
}

bool FacetPane::handleClick(const QPoint &place)
{
    const QModelIndex index = m_view->indexAt(place);
    const QString field = index.data(FacetModel::FieldRole).toString();
    const QString value = index.data(FacetModel::ValueRole).toString();
    switch (FacetDelegate::hit(m_view->visualRect(index), index, place)) {
    case FacetDelegate::Hit::Plus:
        Q_EMIT includeRequested(field, value);
        return true;
    case FacetDelegate::Hit::Minus:
        Q_EMIT excludeRequested(field, value);
        return true;
    case FacetDelegate::Hit::Top:
    case FacetDelegate::Hit::Rare:
        m_model.setRare(index.row(),
                        FacetDelegate::hit(m_view->visualRect(index), index, place) == FacetDelegate::Hit::Rare);
        return true;
    case FacetDelegate::Hit::Body:
        if (index.data(FacetModel::IsHeadRole).toBool()) {
            m_model.toggleOpen(index.row());
        } else {
            Q_EMIT includeRequested(field, value);
        }
        return true;
    case FacetDelegate::Hit::None:
        break;
    }
    return false;
}

bool FacetPane::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && object == m_view) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if ((key->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == 0 && handleKey(key->key())) {
            return true;
        }
    }
    if (event->type() == QEvent::MouseButtonRelease && object == m_view->viewport()) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && handleClick(mouse->pos())) {
            return true;
        }
    }
    return Surface::eventFilter(object, event);
}

} // namespace nightjar::ui
