// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fasttable.h"

#include "present/show.h"
#include "present/tablemodels.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/widgets/severity.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMetaMethod>
#include <QMimeData>
#include <QPainter>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kBarWidth = 3;
constexpr int kStateIcon = 14;
constexpr int kStateGap = 4;
constexpr int kLoadingBar = 8;
constexpr double kLoadingShare = 0.6;
constexpr int kSortArrow = 12;
constexpr int kBarsBar = 2;
constexpr int kNarrowAction = 40; ///< below it the icon stands alone

bool isMono(CellStyle style)
{
    return style == CellStyle::Mono || style == CellStyle::Path || style == CellStyle::MonoMuted ||
           style == CellStyle::Number || style == CellStyle::Time || style == CellStyle::Url;
}

QRect cellArea(const QRect &rect, int visualColumn)
{
    const int left = visualColumn == 0 ? px(Length::PaneInset) : px(Length::CellInset);
    return rect.adjusted(left, 0, -px(Length::CellInset), 0);
}

/// Latin text in a monospace font has one width a character; anything else is left to the font engine.
bool hasFixedWidth(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 0x250; });
}

QString cutMono(const QString &text, const QFontMetricsF &metrics, int width, bool atBeginning)
{
    if (!hasFixedWidth(text)) {
        return QFontMetrics(typeface(Type::Data)).elidedText(text, atBeginning ? Qt::ElideLeft : Qt::ElideRight, width);
    }
    const auto room = static_cast<qsizetype>(width / metrics.horizontalAdvance(QLatin1Char('0')));
    if (text.size() <= room) {
        return text;
    }
    const qsizetype kept = std::max<qsizetype>(0, room - 1);
    return atBeginning ? QString(QChar(0x2026) + text.right(kept)) : QString(text.left(kept) + QChar(0x2026));
}

void paintState(QPainter &painter, const QRect &area, const QString &text, const StateLook &look)
{
    int left = area.x();
    if (!look.icon.isEmpty()) {
        const QRect place(left, area.center().y() - kStateIcon / 2 + 1, kStateIcon, kStateIcon);
        paintIcon(painter, place, look.icon, look.color);
        left += kStateIcon + kStateGap;
    }
    painter.setFont(typeface(Type::Body));
    painter.setPen(tint(Color::Text));
    const QRect room(left, area.y(), area.right() - left + 1, area.height());
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
}

/// A bar a value, from 0 to the largest.
void paintBars(QPainter &painter, const QRect &area, const QList<double> &values)
{
    const double largest = values.isEmpty() ? 0 : *std::max_element(values.begin(), values.end());
    if (largest <= 0) {
        return;
    }
    const int height = kLoadingBar + 4;
    const int count = std::min<int>(static_cast<int>(values.size()), area.width() / (kBarsBar + 1));
    int x = area.x() + (area.width() - count * (kBarsBar + 1));
    for (const double value : values.last(count)) {
        const int bar = value > 0 ? std::max(1, static_cast<int>(value / largest * height)) : 1;
        painter.fillRect(QRect(x, area.center().y() + height / 2 - bar, kBarsBar, bar), tint(Color::BarNeutral));
        x += kBarsBar + 1;
    }
}

/// As the style draws a check box; a cell without a state shows none.
void paintCheck(QPainter &painter, const QRect &area, const QVariant &state)
{
    if (!state.isValid()) {
        return;
    }
    const bool on = state.toInt() == Qt::Checked;
    const int side = px(Length::Checkbox);
    const QRect box(area.x(), area.center().y() - side / 2 + 1, side, side);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tint(on ? Color::Accent : Color::ControlBorder));
    painter.setBrush(on ? QBrush(tint(Color::FillAccent)) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    if (on) {
        paintIcon(painter, box.adjusted(1, 1, -1, -1), QStringLiteral("allowed"), Color::OnFill);
    }
    painter.restore();
}

StateLook actionLook(const QString &text)
{
    switch (present::actionOf(text.toStdString())) {
    case present::Action::Allowed:
        return {QStringLiteral("allowed"), Color::Ok};
    case present::Action::Blocked:
        return {QStringLiteral("blocked"), Color::Error};
    default:
        return {};
    }
}

} // namespace

CellStyle FastDelegate::styleOf(int column) const
{
    return column < columns.size() ? columns[column].style : CellStyle::Text;
}

QSize FastDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const int width = index.column() < columns.size() ? columns[index.column()].width : 100;
    return {width, px(Length::RowNormal)};
}

void FastDelegate::paintText(QPainter &painter, const QRect &area, const QString &text, CellStyle style, bool selected)
{
    const bool muted =
        (style == CellStyle::Muted || style == CellStyle::MonoMuted || style == CellStyle::Time) && !selected;
    painter.setPen(tint(muted ? Color::Text2 : Color::Text));
    if (isMono(style)) {
        static const QFontMetricsF metrics(typeface(Type::Data));
        painter.setFont(typeface(Type::Data));
        const auto align = style == CellStyle::Number ? Qt::AlignRight : Qt::AlignLeft;
        painter.drawText(area, static_cast<int>(align) | Qt::AlignVCenter | Qt::TextSingleLine,
                         cutMono(text, metrics, area.width(), style == CellStyle::Path));
        return;
    }
    painter.setFont(typeface(style == CellStyle::Strong ? Type::BodyStrong : Type::Body));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

void FastDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool active = option.state.testFlag(QStyle::State_Active);
    if (selected) {
        painter->fillRect(option.rect, tint(active ? Color::Selection : Color::SelectionInactive));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, tint(Color::Hover));
    } else if ((index.row() & 1) != 0) {
        painter->fillRect(option.rect, tint(Color::AltRow));
    }
    if (index.column() == 0 && rowBar) {
        const QColor bar = rowBar(index);
        if (bar.isValid()) {
            painter->fillRect(QRect(option.rect.topLeft(), QSize(kBarWidth, option.rect.height())), bar);
        }
    }
    const QRect area = cellArea(option.rect, index.column());
    const QVariant value = index.data(Qt::DisplayRole);
    if (!value.isValid()) {
        const int width = static_cast<int>(area.width() * kLoadingShare);
        painter->fillRect(QRect(area.x(), area.center().y() - kLoadingBar / 2, width, kLoadingBar), tint(Color::Track));
        return;
    }
    const QString text = value.toString();
    const CellStyle style = styleOf(index.column());
    if (style == CellStyle::Severity) {
        const auto severity = text.isEmpty() ? std::nullopt : severityOfLetter(text[0]);
        if (severity) {
            paintSeverityChip(*painter, area, *severity, text.mid(2), selected);
        }
    } else if (style == CellStyle::Action) {
        paintState(*painter, area, area.width() < kNarrowAction ? QString() : text, actionLook(text));
    } else if (style == CellStyle::State) {
        paintState(*painter, area, text, stateLook ? stateLook(text) : StateLook{});
    } else if (style == CellStyle::Check) {
        paintCheck(*painter, area, index.data(Qt::CheckStateRole));
    } else if (style == CellStyle::Bars) {
        paintBars(*painter, area, index.data(present::RowsModel::BarsRole).value<QList<double>>());
    } else {
        paintText(*painter, area, text, style, selected);
    }
}

FastHeader::FastHeader(const FastDelegate &delegate, QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
    , m_delegate(delegate)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(24);
    setFixedHeight(px(Length::RowHeader));
    setAccessibleName(tr("Column heads"));
}

QSize FastHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), px(Length::RowHeader)};
}

void FastHeader::paintSection(QPainter *painter, const QRect &rect, int column) const
{
    painter->fillRect(rect, tint(Color::Bg));
    painter->fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), tint(Color::Hairline));
    const QRect area = cellArea(rect, visualIndex(column));
    painter->setFont(typeface(Type::Caption));
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == column;
    painter->setPen(tint(sorted ? Color::Text : Color::Text2));
    const QString title = model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    const bool right = m_delegate.styleOf(column) == CellStyle::Number;
    const QString cut = painter->fontMetrics().elidedText(title, Qt::ElideRight, area.width());
    painter->drawText(area, static_cast<int>(right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, cut);
    if (sorted && !right) {
        const int x = area.x() + painter->fontMetrics().horizontalAdvance(cut) + kStateGap;
        paintIcon(*painter, QRect(x, area.center().y() - kSortArrow / 2 + 1, kSortArrow, kSortArrow),
                  sortIndicatorOrder() == Qt::DescendingOrder ? QStringLiteral("sort-desc")
                                                              : QStringLiteral("sort-asc"),
                  Color::Text);
    }
}

FastTable::FastTable(QWidget *parent)
    : QTableView(parent)
{
    setItemDelegate(&m_delegate);
    setHorizontalHeader(new FastHeader(m_delegate, this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setRowHeight(Length::RowNormal);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerItem);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setCornerButtonEnabled(false);
    connect(this, &QAbstractItemView::doubleClicked, this, &FastTable::rowActivated);
}

void FastTable::setColumnSpecs(const QList<ColumnSpec> &columns)
{
    m_delegate.columns = columns;
    layoutColumns();
}

void FastTable::setRowBar(std::function<QColor(const QModelIndex &)> rowBar)
{
    m_delegate.rowBar = std::move(rowBar);
}

void FastTable::setStateLook(std::function<StateLook(const QString &)> look)
{
    m_delegate.stateLook = std::move(look);
}

void FastTable::setRowHeight(Length row)
{
    verticalHeader()->setMinimumSectionSize(px(row));
    verticalHeader()->setDefaultSectionSize(px(row));
}

void FastTable::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    layoutColumns();
}

QList<int> FastTable::selectedRows() const
{
    QList<int> rows;
    if (selectionModel() != nullptr) {
        for (const QModelIndex &index : selectionModel()->selectedRows()) {
            rows << index.row();
        }
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

void FastTable::layoutColumns()
{
    if (model() == nullptr || m_delegate.columns.isEmpty()) {
        return;
    }
    int fixed = 0;
    int stretching = 0;
    const int count = std::min<int>(model()->columnCount(), static_cast<int>(m_delegate.columns.size()));
    for (int i = 0; i < count; ++i) {
        if (!isColumnHidden(i)) {
            fixed += m_delegate.columns[i].width;
            stretching += m_delegate.columns[i].width == 0 ? 1 : 0;
        }
    }
    const int rest = stretching > 0 ? std::max(80, (viewport()->width() - fixed) / stretching) : 0;
    for (int i = 0; i < count; ++i) {
        setColumnWidth(i, m_delegate.columns[i].width == 0 ? rest : m_delegate.columns[i].width);
    }
}

void FastTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    layoutColumns();
}

void FastTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

void FastTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (hasFocus()) {
        QPainter painter(viewport());
        paintFocusRing(painter, viewport()->rect());
    }
}

void FastTable::keyPressEvent(QKeyEvent *event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const auto step = [this, &modifiers](int key) {
        QKeyEvent move(QEvent::KeyPress, key, modifiers);
        QTableView::keyPressEvent(&move);
    };
    if (event->key() == Qt::Key_C && modifiers.testFlag(Qt::ControlModifier)) {
        if (isSignalConnected(QMetaMethod::fromSignal(&FastTable::copyRequested))) {
            Q_EMIT copyRequested(modifiers.testFlag(Qt::ShiftModifier));
        } else {
            copyShown();
        }
        return;
    }
    if (modifiers == Qt::NoModifier || modifiers == Qt::ShiftModifier) {
        switch (event->key()) {
        case Qt::Key_J:
            step(Qt::Key_Down);
            return;
        case Qt::Key_K:
            step(Qt::Key_Up);
            return;
        case Qt::Key_Space:
            for (int column = 0; column < m_delegate.columns.size() && currentIndex().isValid(); ++column) {
                if (m_delegate.styleOf(column) == CellStyle::Check) {
                    Q_EMIT checkToggled(currentIndex().siblingAtColumn(column));
                    return;
                }
            }
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (currentIndex().isValid()) {
                Q_EMIT rowActivated(currentIndex());
            }
            return;
        default:
            break;
        }
        if (!event->text().isEmpty() && event->text()[0].isPrint()) {
            event->ignore(); // a command of the screen
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

void FastTable::mouseReleaseEvent(QMouseEvent *event)
{
    QTableView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && event->button() == Qt::LeftButton &&
        m_delegate.styleOf(index.column()) == CellStyle::Check) {
        Q_EMIT checkToggled(index);
    }
}

void FastTable::copyShown() const
{
    QStringList lines;
    for (const int row : selectedRows()) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column) {
            if (!isColumnHidden(column)) {
                cells << model()->index(row, column).data(Qt::DisplayRole).toString();
            }
        }
        lines << cells.join(u'\t');
    }
    copyPlain(lines.join(u'\n'));
}

void copyPlain(const QString &text)
{
    auto *data = new QMimeData; // owned by the clipboard
    data->setText(text);
    QGuiApplication::clipboard()->setMimeData(data);
}

} // namespace nightjar::ui
