// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kField = 44;
constexpr int kGroup = 26;
constexpr int kFooter = 32;
constexpr int kMostItems = 14;
constexpr int kIconSide = 16;

} // namespace

bool paletteMatches(const QString &text, const QString &typed)
{
    for (const QString &word : typed.split(u' ', Qt::SkipEmptyParts)) {
        if (!text.contains(word, Qt::CaseInsensitive)) {
            return false;
        }
    }
    return true;
}

Palette::Palette(Source source, QWidget *parent)
    : QWidget(parent)
    , m_source(std::move(source))
    , m_field(new QLineEdit(this))
{
    setFixedWidth(px(Length::Palette));
    setAccessibleName(tr("Search, jump or act"));
    m_field->setProperty("njBare", true);
    m_field->setFrame(false);
    m_field->setFont(typeface(Type::Heading));
    m_field->setPlaceholderText(tr("Search, jump or act"));
    m_field->setAccessibleName(tr("Search, jump or act"));
    m_field->setGeometry(36, 6, px(Length::Palette) - 60, px(Length::QueryBar));
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this] {
        m_current = 0;
        refill();
    });
    hide();
}

void Palette::openOver(const QRect &window)
{
    m_field->clear();
    m_current = 0;
    refill();
    QWidget::move(window.x() + (window.width() - width()) / 2, window.y() + 8);
    show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

QList<Palette::Line> Palette::lines() const
{
    QList<Line> lines;
    int y = kField;
    QString group;
    for (int i = 0; i < m_items.size(); ++i) {
        if (m_items[i].group != group) {
            group = m_items[i].group;
            lines << Line{y, -1 - i};
            y += kGroup;
        }
        lines << Line{y, i};
        y += px(Length::RowPaletteItem);
    }
    lines << Line{y, static_cast<int>(m_items.size())}; // where the footer begins
    return lines;
}

void Palette::refill()
{
    m_items = m_source(m_field->text().trimmed());
    if (m_items.size() > kMostItems) {
        m_items.resize(kMostItems);
    }
    m_current = std::clamp(m_current, 0, std::max(0, count() - 1));
    setFixedHeight(lines().back().y + kFooter + 4);
    setAccessibleDescription(m_items.isEmpty() ? tr("nothing found")
                                               : m_items[m_current].text + u' ' + m_items[m_current].effect);
    update();
}

void Palette::paintItem(QPainter &painter, const QRect &row, const PaletteItem &item, bool current) const
{
    if (current) {
        painter.fillRect(row, tint(Color::Selection));
        painter.fillRect(QRect(row.x(), row.y(), 3, row.height()), tint(Color::Accent));
    }
    const int inset = px(Length::PaneInset);
    paintIcon(painter, QRect(row.x() + inset, row.center().y() - kIconSide / 2 + 1, kIconSide, kIconSide), item.icon,
              current ? Color::Text : Color::Text2);
    int x = row.x() + inset + kIconSide + 12;
    const int end = row.right() - inset - (item.key.isEmpty() ? 0 : 60);
    painter.setFont(typeface(Type::Body));
    const QFontMetrics metrics = painter.fontMetrics();
    const QString text = metrics.elidedText(item.text, Qt::ElideRight, end - x);
    const QString typed = m_field->text().trimmed();
    const qsizetype hit = typed.isEmpty() ? -1 : text.indexOf(typed, 0, Qt::CaseInsensitive);
    if (hit >= 0) {
        const int from = metrics.horizontalAdvance(text.left(hit));
        painter.fillRect(
            QRect(x + from, row.y() + 8, metrics.horizontalAdvance(text.mid(hit, typed.size())), row.height() - 16),
            tint(Color::Mark));
    }
    painter.setPen(tint(Color::Text));
    painter.drawText(QRect(x, row.y(), end - x, row.height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     text);
    x += metrics.horizontalAdvance(text) + 12;
    if (end - x > 40) {
        painter.setPen(tint(current ? Color::Text : Color::Text2));
        painter.drawText(QRect(x, row.y(), end - x, row.height()),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         metrics.elidedText(item.effect, Qt::ElideRight, end - x));
    }
    if (!item.key.isEmpty()) {
        painter.setFont(typeface(Type::Caption));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(end, row.y(), row.right() - inset - end, row.height()),
                         Qt::AlignVCenter | Qt::AlignRight, item.key);
    }
}

void Palette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int radius = px(Length::RadiusPopover);
    painter.setBrush(tint(Color::Raised));
    painter.setPen(tint(Color::ControlBorder));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintIcon(painter, QRect(px(Length::PaneInset), (kField - kIconSide) / 2, kIconSide, kIconSide),
              QStringLiteral("search"), Color::Accent);
    painter.fillRect(1, kField - 1, width() - 2, 1, tint(Color::Hairline));
    const QList<Line> all = lines();
    for (const Line &line : all) {
        const QRect row(1, line.y, width() - 2, line.item < 0 ? kGroup : px(Length::RowPaletteItem));
        if (line.item < 0) {
            painter.setFont(typeface(Type::Caption));
            painter.setPen(tint(Color::Text2));
            painter.drawText(row.adjusted(px(Length::PaneInset), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                             m_items[-1 - line.item].group);
        } else if (line.item < m_items.size()) {
            paintItem(painter, row, m_items[line.item], line.item == m_current);
        }
    }
    const QRect footer(1, all.back().y, width() - 2, kFooter);
    painter.fillRect(footer.x(), footer.y(), footer.width(), 1, tint(Color::Hairline));
    painter.setFont(typeface(Type::Caption));
    painter.setPen(tint(Color::Text2));
    const QRect inside = footer.adjusted(px(Length::PaneInset), 0, -px(Length::PaneInset), 0);
    painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft, tr("↑ ↓  move     Enter  act     Esc  leave"));
    painter.drawText(inside, Qt::AlignVCenter | Qt::AlignRight,
                     m_items.isEmpty() ? tr("nothing found") : tr("paste fanged or defanged"));
}

void Palette::move(int step)
{
    if (!m_items.isEmpty()) {
        m_current = (m_current + step + count()) % count();
        setAccessibleDescription(m_items[m_current].text + u' ' + m_items[m_current].effect);
        update();
    }
}

void Palette::act(int item)
{
    if (item >= 0 && item < m_items.size()) {
        const auto action = m_items[item].act;
        hide();
        Q_EMIT closed();
        action();
    }
}

bool Palette::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            act(m_current);
            return true;
        case Qt::Key_Escape:
            hide();
            Q_EMIT closed();
            return true;
        default:
            break;
        }
    } else if (event->type() == QEvent::FocusOut && isVisible() &&
               static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason &&
               static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason) {
        hide();
        Q_EMIT closed();
    }
    return QWidget::eventFilter(object, event);
}

void Palette::mousePressEvent(QMouseEvent *event)
{
    for (const Line &line : lines()) {
        const QRect row(0, line.y, width(), px(Length::RowPaletteItem));
        if (line.item >= 0 && line.item < m_items.size() && row.contains(event->position().toPoint())) {
            act(line.item);
            return;
        }
    }
}

} // namespace nightjar::ui
