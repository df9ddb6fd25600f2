// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plainlabel.h"

#include <QPainter>

namespace nightjar::ui {

PlainLabel::PlainLabel(const QString &text, Type type, Color color, QWidget *parent)
    : QLabel(parent)
    , m_color(color)
{
    setTextFormat(Qt::PlainText);
    setFont(typeface(type));
    setText(text);
}

void PlainLabel::setColor(Color color)
{
    m_color = color;
    update();
}

void PlainLabel::setType(Type type)
{
    setFont(typeface(type));
    updateGeometry();
}

void PlainLabel::setEliding(bool eliding)
{
    m_eliding = eliding;
    setSizePolicy(eliding ? QSizePolicy::Ignored : QSizePolicy::Preferred, QSizePolicy::Preferred);
    if (eliding) {
        QSizePolicy policy = sizePolicy();
        policy.setHorizontalPolicy(QSizePolicy::Expanding);
        setSizePolicy(policy);
    }
    updateGeometry();
}

QSize PlainLabel::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return m_eliding ? QSize(0, hint.height()) : hint;
}

void PlainLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(tint(isEnabled() ? m_color : Color::Disabled));
    const QRect area = contentsRect();
    if (wordWrap()) {
        painter.drawText(area, static_cast<int>(alignment()) | Qt::TextWordWrap, text());
        return;
    }
    const QString line = m_eliding ? fontMetrics().elidedText(text(), Qt::ElideRight, area.width()) : text();
    const bool cut = line != text();
    if (cut != m_cut) {
        m_cut = cut;
        updateToolTip();
    }
    painter.drawText(area, static_cast<int>(alignment()), line);
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    updateToolTip();
}

void PlainLabel::updateToolTip()
{
    if (m_eliding) {
        setPlainToolTip(this, m_cut ? text() : QString());
    }
}

void setPlainToolTip(QWidget *widget, const QString &text)
{
    widget->setToolTip(text.isEmpty() ? QString() : u"<span>" + text.toHtmlEscaped() + u"</span>");
}

QString withoutMnemonic(QString text)
{
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace nightjar::ui
