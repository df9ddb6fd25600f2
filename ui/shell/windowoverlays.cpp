// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/windowoverlays.h"

#include "present/show.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kBoxWidth = 520;
constexpr int kHead = 72;
constexpr int kMostNames = 6;
constexpr int kSheetWidth = 760;
constexpr int kKeyColumn = 110;

QColor dimmed()
{
    QColor color = tint(Color::Bg);
    color.setAlphaF(static_cast<float>(Theme::instance().tokens().dropDim));
    return color;
}

void paintBox(QPainter &painter, const QRect &box)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(tint(Color::Raised));
    painter.setPen(tint(Color::ControlBorder));
    const int radius = px(Length::RadiusPopover);
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

} // namespace

DropOverlay::DropOverlay(QWidget *parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropOverlay::showFor(const QStringList &paths)
{
    m_total = paths.size();
    m_names.clear();
    for (const QString &path : paths.mid(0, kMostNames)) {
        m_names << present::shown(path.section(u'/', -1, -1, QString::SectionSkipEmpty).toStdString(), 120);
    }
    setGeometry(parentWidget()->rect());
    show();
    raise();
    update();
}

void DropOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), dimmed());
    const int inset = px(Length::DropInset);
    painter.setPen(QPen(tint(Color::Accent), px(Length::StrokeFocus), Qt::DashLine));
    painter.drawRect(rect().adjusted(inset, inset, -inset, -inset));
    const int row = px(Length::RowNormal);
    const int rows = static_cast<int>(m_names.size()) + (m_total > m_names.size() ? 1 : 0);
    const int height = kHead + rows * row + 12;
    const QRect box((width() - kBoxWidth) / 2, (this->height() - height) / 2, kBoxWidth, height);
    paintBox(painter, box);
    const int pad = px(Length::PaneInset);
    paintIcon(painter, QRect(box.x() + pad, box.y() + 20, 24, 24), QStringLiteral("sources"), Color::Accent);
    painter.setPen(tint(Color::Text));
    painter.setFont(typeface(Type::Heading));
    painter.drawText(QRect(box.x() + 56, box.y() + 14, box.width() - 72, 20), Qt::AlignLeft | Qt::AlignVCenter,
                     m_total == 1 ? tr("Import 1 file or folder") : tr("Import %1 files and folders").arg(m_total));
    painter.setPen(tint(Color::Text2));
    painter.setFont(typeface(Type::Body));
    painter.drawText(QRect(box.x() + 56, box.y() + 36, box.width() - 72, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Folders and archives are opened; logs are recognised by content."));
    int y = box.y() + kHead;
    painter.setFont(typeface(Type::Data));
    for (const QString &name : m_names) {
        paintIcon(painter, QRect(box.x() + pad, y + 5, 14, 14), QStringLiteral("file"), Color::Text2);
        painter.setPen(tint(Color::Text));
        painter.drawText(QRect(box.x() + pad + 22, y, box.width() - 2 * pad - 22, row),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(name, Qt::ElideMiddle, box.width() - 2 * pad - 22));
        y += row;
    }
    if (m_total > m_names.size()) {
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(box.x() + pad + 22, y, box.width() - 2 * pad, row), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("and %1 more").arg(m_total - m_names.size()));
    }
}

KeySheet::KeySheet(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Keys"));
    hide();
}

void KeySheet::showFor(const QString &screen, const Keys &screenKeys)
{
    m_screen = screen;
    m_keys = screenKeys;
    setGeometry(parentWidget()->rect());
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void KeySheet::paintColumn(QPainter &painter, const QRect &area, const QString &title, const Keys &keys) const
{
    painter.setFont(typeface(Type::PaneHeading));
    painter.setPen(tint(Color::Text));
    painter.drawText(QRect(area.x(), area.y(), area.width(), 24), Qt::AlignLeft | Qt::AlignVCenter, title);
    int y = area.y() + 28;
    for (const auto &[key, what] : keys) {
        painter.setFont(typeface(Type::Data));
        painter.setPen(tint(Color::Text));
        painter.drawText(QRect(area.x(), y, kKeyColumn, 22), Qt::AlignLeft | Qt::AlignVCenter, key);
        painter.setFont(typeface(Type::Body));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(area.x() + kKeyColumn, y, area.width() - kKeyColumn, 22),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(what, Qt::ElideRight, area.width() - kKeyColumn));
        y += 22;
    }
}

void KeySheet::paintEvent(QPaintEvent *)
{
    static const Keys window = {{QStringLiteral("Ctrl+K"), tr("search, jump or act")},
                                {QStringLiteral("Ctrl+1…5"), tr("screens")},
                                {QStringLiteral("Alt+← →"), tr("back, forward")},
                                {QStringLiteral("/  Ctrl+F"), tr("query field")},
                                {QStringLiteral("Ctrl+J"), tr("jobs")},
                                {QStringLiteral("Ctrl+O"), tr("import files")},
                                {QStringLiteral("Ctrl+Z"), tr("undo the last change")},
                                {QStringLiteral("F5"), tr("read again")},
                                {QStringLiteral("F6"), tr("next pane")},
                                {QStringLiteral("j  k"), tr("next, previous row")},
                                {QStringLiteral("Enter"), tr("open")},
                                {QStringLiteral("Ctrl+C"), tr("copy, defanged")},
                                {QStringLiteral("Ctrl+Shift+C"), tr("copy raw")},
                                {QStringLiteral("?  F1"), tr("this sheet")},
                                {QStringLiteral("Esc"), tr("leave, cancel")}};
    QPainter painter(this);
    painter.fillRect(rect(), dimmed());
    const int rows = static_cast<int>(std::max(window.size(), m_keys.size()));
    const QSize size(kSheetWidth, std::min(height() - 32, 56 + 22 * rows + 24));
    const QRect box(QPoint((width() - size.width()) / 2, (height() - size.height()) / 2), size);
    paintBox(painter, box);
    const QRect inside = box.adjusted(24, 16, -24, -16);
    painter.setClipRect(box);
    paintColumn(painter, QRect(inside.x(), inside.y(), inside.width() / 2 - 12, inside.height()), tr("Everywhere"),
                window);
    paintColumn(painter, QRect(inside.center().x() + 12, inside.y(), inside.width() / 2 - 12, inside.height()),
                m_screen, m_keys);
}

void KeySheet::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape || event->key() == Qt::Key_Question || event->key() == Qt::Key_F1) {
        hide();
        return;
    }
    QWidget::keyPressEvent(event);
}

void KeySheet::mousePressEvent(QMouseEvent *)
{
    hide();
}

} // namespace nightjar::ui
