// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/events/recordpane.h"

#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/widgets/fasttable.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QSplitter>

#include <array>

namespace nightjar::ui {

namespace {

using present::RecordModel;

constexpr int kFieldColumn = 164;
constexpr int kIcon = 14;
constexpr int kSlot = 24;
constexpr std::array kActions = {"filter-in", "filter-out", "filter-only", "copy-defanged"};

QRect slotRect(const QRect &row, std::size_t action)
{
    const int right = row.right() - px(Length::PaneInset) + 1;
    const int left = right - static_cast<int>(kActions.size() - action) * kSlot;
    return {left, row.y() + (row.height() - kSlot) / 2, kSlot, kSlot};
}

} // namespace

RecordText::RecordText(const QString &name, QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFont(typeface(Type::Data));
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(name);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    setUndoRedoEnabled(false);
}

QMimeData *RecordText::createMimeDataFromSelection() const
{
    auto *plain = new QMimeData;
    plain->setText(textCursor().selectedText().replace(QChar::ParagraphSeparator, QLatin1Char('\n')));
    return plain;
}

RecordDelegate::Action RecordDelegate::hit(const QRect &row, const QPoint &place)
{
    for (std::size_t i = 0; i < kActions.size(); ++i) {
        if (slotRect(row, i).contains(place)) {
            return static_cast<Action>(i + 1);
        }
    }
    return Action::None;
}

QSize RecordDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {100, px(Length::RowNormal)};
}

void RecordDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected) {
        painter->fillRect(option.rect, tint(Color::Selection));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, tint(Color::Hover));
    }
    painter->setFont(typeface(Type::Data));
    const QFontMetrics metrics(painter->font());
    const int left = option.rect.x() + px(Length::PaneInset);
    painter->setPen(tint(selected ? Color::Text : Color::Text2));
    const QRect field(left, option.rect.y(), kFieldColumn - px(Length::CellInset), option.rect.height());
    painter->drawText(field, Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(index.data(RecordModel::FieldRole).toString(), Qt::ElideRight, field.width()));
    const int right = selected ? slotRect(option.rect, 0).x() : option.rect.right() - px(Length::PaneInset);
    const QRect value(left + kFieldColumn, option.rect.y(), right - left - kFieldColumn, option.rect.height());
    painter->setPen(tint(Color::Text));
    painter->drawText(value, Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(index.data().toString(), Qt::ElideRight, value.width()));
    for (std::size_t i = 0; selected && i < kActions.size(); ++i) {
        const int inset = (kSlot - kIcon) / 2;
        paintIcon(*painter, slotRect(option.rect, i).adjusted(inset, inset, -inset, -inset),
                  QString::fromLatin1(kActions[i]), Color::Accent);
    }
}

RecordPane::RecordPane(QWidget *parent)
    : Surface(Color::Bg, parent)
    , m_tabs(new QTabBar)
    , m_stack(new QStackedWidget)
    , m_fields(new QListView)
    , m_rawHead(new PlainLabel(QString(), Type::Caption, Color::Text2))
    , m_raw(new RecordText(tr("Raw record")))
    , m_json(new RecordText(tr("Event as JSON")))
    , m_rawAlone(new RecordText(tr("Raw record")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tabs->addTab(tr("Record"));
    m_tabs->addTab(tr("JSON"));
    m_tabs->addTab(tr("Raw"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Views of the record"));
    auto *strip = new QWidget;
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(px(Length::CellInset), 0, px(Length::CellInset), 0);
    row->addWidget(m_tabs);
    row->addStretch(1);
    auto *around = new Button(tr("± 5 min"), ButtonKind::Flat, QStringLiteral("calendar"));
    around->setKey(QStringLiteral("w"));
    around->setSmall(true);
    row->addWidget(around);
    column->addWidget(strip);
    column->addWidget(new Hairline);
    m_stack->addWidget(makeRecord());
    for (RecordText *text : {m_json, m_rawAlone}) {
        auto *page = new QWidget;
        auto *inset = new QVBoxLayout(page);
        inset->setContentsMargins(px(Length::PaneInset), px(Length::CellInset), px(Length::CellInset), 0);
        inset->addWidget(text);
        m_stack->addWidget(page);
    }
    column->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this] { setOpen(true); });
    connect(around, &Button::clicked, this, [this] { Q_EMIT aroundRequested(m_model.time()); });
}

QWidget *RecordPane::makeRecord()
{
    m_fields->setModel(&m_model);
    m_fields->setItemDelegate(new RecordDelegate(m_fields));
    m_fields->setFrameShape(QFrame::NoFrame);
    m_fields->setMouseTracking(true);
    m_fields->setUniformItemSizes(true);
    m_fields->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_fields->setAccessibleName(tr("Fields of the record"));
    m_fields->viewport()->setAutoFillBackground(false);
    m_fields->installEventFilter(this);
    m_fields->viewport()->installEventFilter(this);
    auto *right = new QWidget;
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(px(Length::PaneInset), px(Length::CellInset), px(Length::CellInset), 0);
    column->setSpacing(px(Length::CellInset));
    column->addWidget(m_rawHead);
    column->addWidget(m_raw, 1);
    auto *page = new QWidget;
    auto *split = new QHBoxLayout(page);
    split->setContentsMargins(0, 0, 0, 0);
    split->setSpacing(0);
    split->addWidget(m_fields, 1);
    split->addWidget(new Hairline(Qt::Vertical));
    split->addWidget(right, 1);
    connect(m_fields->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { light(current.row()); });
    connect(m_raw, &QPlainTextEdit::cursorPositionChanged, this, &RecordPane::lightFromCursor);
    return page;
}

void RecordPane::setEvent(const workspace::EventDetail &event)
{
    const QString before = m_fields->currentIndex().data(RecordModel::FieldRole).toString();
    m_model.setEvent(event);
    m_lighting = true;
    m_raw->setPlainText(m_model.rawText());
    m_json->setPlainText(m_model.jsonText());
    m_rawAlone->setPlainText(m_model.rawText());
    m_lighting = false;
    m_rawHead->setText(
        tr("Raw record, %1 bytes, shown defanged").arg(present::number(static_cast<qint64>(event.raw.size()))));
    int row = 0;
    for (int i = 0; i < m_model.rowCount(); ++i) {
        if (m_model.index(i).data(RecordModel::FieldRole).toString() == before) {
            row = i; // the same field of the next record
        }
    }
    m_fields->setCurrentIndex(m_model.index(row));
}

void RecordPane::clear()
{
    m_model.clear();
    m_raw->clear();
    m_json->clear();
    m_rawAlone->clear();
    m_rawHead->setText(tr("No row is selected"));
}

void RecordPane::showTab(int tab)
{
    setOpen(true);
    m_tabs->setCurrentIndex(tab);
}

void RecordPane::setOpen(bool open)
{
    m_stack->setVisible(open);
    setMaximumHeight(open ? QWIDGETSIZE_MAX : minimumSizeHint().height());
}

void RecordPane::light(int row)
{
    if (m_lighting) {
        return;
    }
    m_lighting = true;
    const auto [start, length] = m_model.placeInRaw(row);
    QList<QTextEdit::ExtraSelection> marks;
    if (length > 0) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_raw->document());
        mark.cursor.setPosition(static_cast<int>(start));
        mark.cursor.setPosition(static_cast<int>(start + length), QTextCursor::KeepAnchor);
        mark.format.setBackground(tint(Color::Mark));
        mark.format.setForeground(tint(Color::MarkText));
        marks.append(mark);
        QTextCursor cursor(m_raw->document());
        cursor.setPosition(static_cast<int>(start));
        m_raw->setTextCursor(cursor);
        m_raw->ensureCursorVisible();
    }
    m_raw->setExtraSelections(marks);
    m_lighting = false;
}

void RecordPane::lightFromCursor()
{
    if (m_lighting || m_raw->textCursor().hasSelection()) {
        return;
    }
    const int row = m_model.fieldAt(m_raw->textCursor().position());
    if (row >= 0) {
        m_fields->setCurrentIndex(m_model.index(row));
    }
}

void RecordPane::act(RecordDelegate::Action action, bool raw)
{
    const QModelIndex index = m_fields->currentIndex();
    if (!index.isValid()) {
        return;
    }
    const QString field = index.data(RecordModel::FieldRole).toString();
    const QString value = index.data(RecordModel::ValueRole).toString();
    switch (action) {
    case RecordDelegate::Action::Include:
        Q_EMIT includeRequested(field, value);
        break;
    case RecordDelegate::Action::Exclude:
        Q_EMIT excludeRequested(field, value);
        break;
    case RecordDelegate::Action::Only:
        Q_EMIT onlyRequested(field, value);
        break;
    case RecordDelegate::Action::Copy:
        copyPlain(raw ? value : index.data().toString());
        break;
    case RecordDelegate::Action::None:
        break;
    }
}

bool RecordPane::eventFilter(QObject *object, QEvent *event)
{
    using Action = RecordDelegate::Action;
    if (object == m_fields && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool control = key->modifiers().testFlag(Qt::ControlModifier);
        if (control && key->key() == Qt::Key_C) {
            act(Action::Copy, key->modifiers().testFlag(Qt::ShiftModifier));
            return true;
        }
        const Action action = key->key() == Qt::Key_Plus    ? Action::Include
                              : key->key() == Qt::Key_Minus ? Action::Exclude
                              : key->key() == Qt::Key_Equal ? Action::Only
                                                            : Action::None;
        if (!control && action != Action::None) {
            act(action, false);
            return true;
        }
        if (!control && (key->key() == Qt::Key_J || key->key() == Qt::Key_K)) {
            const int row = m_fields->currentIndex().row() + (key->key() == Qt::Key_J ? 1 : -1);
            m_fields->setCurrentIndex(m_model.index(std::clamp(row, 0, std::max(0, m_model.rowCount() - 1))));
            return true;
        }
    }
    if (object == m_fields->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const QModelIndex index = m_fields->indexAt(mouse->pos());
        if (index.isValid() && index == m_fields->currentIndex()) {
            act(RecordDelegate::hit(m_fields->visualRect(index), mouse->pos()), false);
        }
    }
    return Surface::eventFilter(object, event);
}

} // namespace nightjar::ui
