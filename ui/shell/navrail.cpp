// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navrail.h"

#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plainlabel.h"

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kAccentBar = 3;
constexpr int kBadgeHeight = 16;
constexpr qint64 kMostShown = 999;

} // namespace

NavItem::NavItem(const QString &icon, const QString &name, const QString &key, QWidget *parent)
    : QAbstractButton(parent)
    , m_icon(icon)
    , m_name(name)
    , m_key(key)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    describe();
}

void NavItem::describe()
{
    setAccessibleName(m_badge > 0 ? tr("%1, %2 open").arg(m_name, QString::number(m_badge)) : m_name);
    setPlainToolTip(this, m_name + u"  " + m_key);
}

void NavItem::setBadge(qint64 count)
{
    m_badge = count;
    describe();
    update();
}

void NavItem::setSmall(bool small)
{
    m_small = small;
    updateGeometry();
}

QSize NavItem::sizeHint() const
{
    return m_small ? QSize(px(Length::NavRailSmall), px(Length::NavItemSmall))
                   : QSize(px(Length::NavRail), px(Length::NavItem));
}

void NavItem::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (isChecked()) {
        painter.fillRect(rect(), tint(Color::Selection));
        painter.fillRect(0, 0, kAccentBar, height(), tint(Color::Accent));
    } else if (underMouse()) {
        painter.fillRect(rect(), tint(Color::Hover));
    }
    const Color ink = isChecked() ? Color::Text : Color::Text2;
    const int side = px(Length::IconNav);
    const int top = m_small ? (height() - side) / 2 : 8;
    paintIcon(painter, QRect((width() - side) / 2, top, side, side), m_icon, ink);
    if (!m_small) {
        painter.setFont(typeface(Type::Caption));
        painter.setPen(tint(ink));
        painter.drawText(QRect(0, top + side + 3, width(), 14), Qt::AlignCenter, m_name);
    }
    if (m_badge > 0) {
        painter.setRenderHint(QPainter::Antialiasing);
        const QString text = m_badge > kMostShown ? QStringLiteral("999+") : QString::number(m_badge);
        painter.setFont(typeface(Type::Caption));
        const int wide = std::max(kBadgeHeight, painter.fontMetrics().horizontalAdvance(text) + 8);
        const QRect badge(std::min(width() / 2 + 4, width() - wide - 2), top - 4, wide, kBadgeHeight);
        painter.setBrush(tint(Color::FillDanger));
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(badge, kBadgeHeight / 2, kBadgeHeight / 2);
        painter.setPen(tint(Color::OnFill));
        painter.drawText(badge, Qt::AlignCenter, text);
    }
    if (hasFocus()) {
        paintFocusRing(painter, rect().adjusted(1, 1, -1, -1));
    }
}

NavRail::NavRail(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Screens"));
    m_group.setExclusive(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 1, 4);
    column->setSpacing(0);
    column->addStretch(1);
    setSmall(false);
}

void NavRail::add(const QString &id, const QString &icon, const QString &name, const QString &key)
{
    auto *item = new NavItem(icon, name, key);
    m_group.addButton(item);
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->insertWidget(column->count() - 1, item);
    m_items << qMakePair(id, item);
    connect(item, &NavItem::clicked, this, [this, id] { Q_EMIT chosen(id); });
}

void NavRail::setCurrent(const QString &id)
{
    m_group.setExclusive(false);
    for (const auto &[name, item] : std::as_const(m_items)) {
        item->setChecked(name == id);
    }
    m_group.setExclusive(true);
}

void NavRail::setBadge(const QString &id, qint64 count)
{
    for (const auto &[name, item] : std::as_const(m_items)) {
        if (name == id) {
            item->setBadge(count);
        }
    }
}

void NavRail::setSmall(bool small)
{
    setFixedWidth(px(small ? Length::NavRailSmall : Length::NavRail));
    for (const auto &[name, item] : std::as_const(m_items)) {
        item->setSmall(small);
    }
}

void NavRail::focusCurrent()
{
    for (const auto &[name, item] : std::as_const(m_items)) {
        if (item->isChecked()) {
            item->setFocus(Qt::OtherFocusReason);
        }
    }
}

void NavRail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), tint(Color::Panel));
    painter.fillRect(width() - 1, 0, 1, height(), tint(Color::Hairline));
}

} // namespace nightjar::ui
