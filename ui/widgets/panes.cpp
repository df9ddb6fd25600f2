// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/panes.h"

#include "ui/theme/icons.h"
#include "ui/theme/style.h"

#include <QPainter>

#include <cmath>

namespace nightjar::ui {

namespace {

constexpr int kPaneHead = 36;
constexpr int kStateIcon = 24;
constexpr int kSmallIcon = 16;

Color washOf(NoticeBar::Kind kind)
{
    switch (kind) {
    case NoticeBar::Kind::Ok:
        return Color::OkWash;
    case NoticeBar::Kind::Warn:
        return Color::WarnWash;
    case NoticeBar::Kind::Error:
        return Color::DangerWash;
    case NoticeBar::Kind::Info:
        break;
    }
    return Color::AccentWash;
}

} // namespace

PaneHead::PaneHead(const QString &title, const QString &caption, QWidget *parent)
    : QWidget(parent)
    , m_title(new PlainLabel(title, Type::PaneHeading, Color::Text))
    , m_caption(new PlainLabel(caption, Type::Caption, Color::Text2))
    , m_row(new QHBoxLayout(this))
{
    setFixedHeight(kPaneHead);
    m_row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    m_row->setSpacing(8);
    m_row->addWidget(m_title);
    m_row->addWidget(m_caption);
    m_row->addStretch(1);
}

void PaneHead::addTrailing(QWidget *widget)
{
    m_row->addWidget(widget);
}

ScreenHead::ScreenHead(const QString &title, QWidget *parent)
    : Surface(Color::Bg, parent)
    , m_sub(new PlainLabel({}, Type::Body, Color::Text2))
    , m_row(new QHBoxLayout(this))
{
    setEdges(Qt::BottomEdge);
    setFixedHeight(px(Length::ScreenHeader));
    m_row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    m_row->setSpacing(12);
    m_row->addWidget(new PlainLabel(title, Type::Title));
    m_sub->setEliding(true);
    m_row->addWidget(m_sub, 1);
}

void ScreenHead::addTrailing(QWidget *widget)
{
    m_row->addWidget(widget);
}

Figure::Figure(const QString &caption, QWidget *parent)
    : QAbstractButton(parent)
    , m_caption(caption)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(caption);
    set(QStringLiteral("–"), {});
}

void Figure::set(const QString &value, const QString &sub, Color color)
{
    m_value = value;
    m_sub = sub;
    m_color = color;
    setAccessibleName(m_caption + u' ' + value);
    setAccessibleDescription(sub);
    update();
}

void Figure::setLinked(bool linked)
{
    m_linked = linked;
    setFocusPolicy(linked ? Qt::StrongFocus : Qt::NoFocus);
    setCursor(linked ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAttribute(Qt::WA_Hover, linked);
}

QSize Figure::sizeHint() const
{
    return {160, 76};
}

QSize Figure::minimumSizeHint() const
{
    return {96, 76};
}

void Figure::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_linked && underMouse()) {
        painter.fillRect(rect(), tint(Color::Hover));
    }
    if (m_edge) {
        painter.fillRect(0, 0, 1, height(), tint(Color::Hairline));
    }
    const QRect area = rect().adjusted(px(Length::PaneInset), 8, -8, -4);
    const auto line = [&](Type type, Color color, int y, int height, const QString &text) {
        painter.setFont(typeface(type));
        painter.setPen(tint(color));
        painter.drawText(QRect(area.x(), area.y() + y, area.width(), height), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
    };
    line(Type::Caption, Color::Text2, 0, 16, m_caption);
    line(Type::Figure, m_color, 15, 32, m_value);
    line(Type::Body, Color::Text2, 46, 18, m_sub);
    if (hasFocus()) {
        paintFocusRing(painter, rect().adjusted(2, 2, -2, -2));
    }
}

IconLabel::IconLabel(const QString &icon, int side, Color color, QWidget *parent)
    : QWidget(parent)
    , m_icon(icon)
    , m_side(side)
    , m_color(color)
{
    setFixedSize(side, side);
}

void IconLabel::set(const QString &icon, Color color)
{
    m_icon = icon;
    m_color = color;
    update();
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintIcon(painter, rect(), m_icon, m_color);
}

KeyValueRow::KeyValueRow(const QString &key, const QString &value, QWidget *parent)
    : QWidget(parent)
    , m_value(new PlainLabel(value, Type::Data))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(new PlainLabel(key, Type::Body, Color::Text2));
    m_value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_value->setEliding(true);
    row->addWidget(m_value, 1);
    setFixedHeight(px(Length::RowNormal));
}

void KeyValueRow::setValue(const QString &value, Color color)
{
    m_value->setText(value);
    m_value->setColor(color);
}

ActionBar::ActionBar(QWidget *parent)
    : Surface(Color::Bg, parent)
    , m_row(new QHBoxLayout(this))
{
    setEdges(Qt::TopEdge);
    setFixedHeight(px(Length::ConfirmBar));
    m_row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    m_row->setSpacing(8);
}

NoticeBar::NoticeBar(Kind kind, QWidget *parent)
    : Surface(washOf(kind), parent)
    , m_icon(new IconLabel(QStringLiteral("info"), kSmallIcon))
    , m_sentence(new PlainLabel({}, Type::BodyStrong))
    , m_reason(new PlainLabel({}, Type::Body, Color::Text2))
    , m_row(new QHBoxLayout(this))
{
    setEdges(Qt::BottomEdge);
    setMinimumHeight(40);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_row->setContentsMargins(px(Length::PaneInset), 6, px(Length::PaneInset), 6);
    m_row->setSpacing(8);
    m_row->addWidget(m_icon);
    m_row->addSpacing(4);
    m_row->addWidget(m_sentence);
    m_reason->setEliding(true);
    m_row->addWidget(m_reason, 1);
}

void NoticeBar::set(Kind kind, const QString &sentence, const QString &reason)
{
    setFill(washOf(kind));
    switch (kind) {
    case Kind::Info:
        m_icon->set(QStringLiteral("info"), Color::Accent);
        break;
    case Kind::Ok:
        m_icon->set(QStringLiteral("allowed"), Color::Ok);
        break;
    case Kind::Warn:
        m_icon->set(QStringLiteral("warning"), Color::Warn);
        break;
    case Kind::Error:
        m_icon->set(QStringLiteral("warning"), Color::Error);
        break;
    }
    m_sentence->setText(sentence);
    m_reason->setText(reason);
    setAccessibleName(sentence);
    setAccessibleDescription(reason);
}

Button *NoticeBar::addButton(const QString &text, const QString &icon)
{
    auto *button = new Button(text, ButtonKind::Secondary, icon);
    button->setSmall(true);
    m_row->addWidget(button);
    m_buttons << button;
    return button;
}

void NoticeBar::clearButtons()
{
    for (Button *button : m_buttons) {
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
}

EmptyState::EmptyState(const QString &icon, const QString &sentence, const QString &reason, QWidget *parent)
    : QWidget(parent)
    , m_sentence(new PlainLabel(sentence, Type::Heading))
    , m_reason(new PlainLabel(reason, Type::Body, Color::Text2))
    , m_buttons(new QHBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    const int inset = px(Length::PaneInset);
    column->setContentsMargins(inset, 24, inset, inset);
    column->setSpacing(4);
    column->addWidget(new IconLabel(icon, kStateIcon), 0, Qt::AlignLeft);
    column->addSpacing(8);
    m_sentence->setWordWrap(true);
    m_reason->setWordWrap(true);
    column->addWidget(m_sentence);
    column->addWidget(m_reason);
    column->addSpacing(8);
    m_buttons->setSpacing(8);
    m_buttons->addStretch(1);
    column->addLayout(m_buttons);
    column->addStretch(1);
}

void EmptyState::set(const QString &sentence, const QString &reason)
{
    m_sentence->setText(sentence);
    m_reason->setText(reason);
}

Button *EmptyState::addButton(const QString &text, ButtonKind kind, const QString &icon)
{
    auto *button = new Button(text, kind, icon);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

ProgressRow::ProgressRow(QWidget *parent)
    : Surface(Color::Bg, parent)
    , m_icon(new IconLabel(QStringLiteral("file"), kSmallIcon))
    , m_name(new PlainLabel({}, Type::Data))
    , m_bar(new ProgressBar)
    , m_percent(new PlainLabel({}, Type::Data))
    , m_text(new PlainLabel({}, Type::Body, Color::Text2))
    , m_cancel(new Button(tr("Cancel")))
{
    setEdges(Qt::BottomEdge);
    setFixedHeight(px(Length::ConfirmBar));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(12);
    row->addWidget(m_icon);
    m_name->setEliding(true);
    row->addWidget(m_name, 3);
    row->addWidget(m_bar, 3);
    row->addWidget(m_percent);
    m_text->setEliding(true);
    row->addWidget(m_text, 4);
    m_cancel->setSmall(true);
    row->addWidget(m_cancel);
}

void ProgressRow::set(const QString &name, double fraction, const QString &text)
{
    m_icon->set(QStringLiteral("file"), Color::Text2);
    m_name->setText(name);
    m_bar->setFraction(fraction);
    m_bar->show();
    m_percent->setText(fraction < 0 ? QString() : tr("%1 %").arg(std::lround(fraction * 100)));
    m_percent->setVisible(fraction >= 0);
    m_text->setText(text);
    m_cancel->show();
    m_cancel->setAccessibleName(tr("Cancel %1").arg(name));
    setAccessibleName(name);
}

void ProgressRow::setDone(const QString &icon, Color color, const QString &name, const QString &sentence)
{
    m_icon->set(icon, color);
    m_name->setText(name);
    m_bar->hide();
    m_percent->hide();
    m_text->setText(sentence);
    m_cancel->hide();
    setAccessibleName(name);
}

} // namespace nightjar::ui
