// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/severity.h"

#include "ui/theme/theme.h"

#include <QHash>
#include <QPainterPath>

#include <cmath>

namespace nightjar::ui {

namespace {

constexpr int kGap = 5;

QPainterPath unitPath(alerts::Severity severity)
{
    QPainterPath path;
    switch (severity) {
    case alerts::Severity::Critical:
        path.moveTo(0.5, 0);
        path.lineTo(1, 0.5);
        path.lineTo(0.5, 1);
        path.lineTo(0, 0.5);
        path.closeSubpath();
        break;
    case alerts::Severity::High:
        path.moveTo(0.5, 0.05);
        path.lineTo(1, 0.95);
        path.lineTo(0, 0.95);
        path.closeSubpath();
        break;
    case alerts::Severity::Medium:
        path.addRect(0.08, 0.08, 0.84, 0.84);
        break;
    case alerts::Severity::Low:
        path.addEllipse(QRectF(0, 0, 1, 1));
        break;
    case alerts::Severity::Informational:
        path.addEllipse(QRectF(0, 0, 1, 1));
        path.addEllipse(QRectF(0.2, 0.2, 0.6, 0.6));
        break;
    }
    return path;
}

QFont chipFont()
{
    QFont font = typeface(Type::Data);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

void paintSeverityShape(QPainter &painter, const QRect &place, alerts::Severity severity, const QColor &color)
{
    static QHash<QString, QPixmap> cache;
    const qreal ratio = painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1.0;
    const int side = std::min(place.width(), place.height());
    const QString key = QString::number(static_cast<int>(severity)) + color.name() + QString::number(side) + u'/' +
                        QString::number(ratio);
    auto found = cache.constFind(key);
    if (found == cache.constEnd()) {
        const auto pixels = static_cast<int>(std::lround(side * ratio));
        QPixmap pixmap(pixels, pixels);
        pixmap.fill(Qt::transparent);
        QPainter shape(&pixmap);
        shape.setRenderHint(QPainter::Antialiasing);
        shape.scale(pixels, pixels);
        shape.fillPath(unitPath(severity), color);
        shape.end();
        pixmap.setDevicePixelRatio(ratio);
        found = cache.insert(key, pixmap);
    }
    painter.drawPixmap(place.topLeft(), *found);
}

int paintSeverityChip(QPainter &painter, const QRect &rect, alerts::Severity severity, const QString &text,
                      bool selected)
{
    const Theme &theme = Theme::instance();
    const int side = theme.length(Length::SeverityGlyph);
    const QColor letter = theme.severityText(severity);
    const QColor graphic = selected && !theme.isDark() ? letter : theme.severityGraphic(severity);
    paintSeverityShape(painter, QRect(rect.x(), rect.y() + (rect.height() - side) / 2, side, side), severity, graphic);
    const QString label =
        text.isEmpty() ? theme.severityLetter(severity) : theme.severityLetter(severity) + u' ' + text;
    painter.save();
    painter.setFont(chipFont());
    painter.setPen(selected ? theme.color(Color::Text) : letter);
    painter.drawText(rect.adjusted(side + kGap, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, label);
    painter.restore();
    return side + kGap + QFontMetrics(chipFont()).horizontalAdvance(label);
}

std::optional<alerts::Severity> severityOfLetter(QChar letter)
{
    switch (letter.unicode()) {
    case u'C':
        return alerts::Severity::Critical;
    case u'H':
        return alerts::Severity::High;
    case u'M':
        return alerts::Severity::Medium;
    case u'L':
        return alerts::Severity::Low;
    case u'i':
        return alerts::Severity::Informational;
    default:
        return std::nullopt;
    }
}

SeverityChip::SeverityChip(alerts::Severity severity, const QString &text, QWidget *parent)
    : QWidget(parent)
    , m_severity(severity)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    set(severity, text);
}

void SeverityChip::set(alerts::Severity severity, const QString &text)
{
    m_severity = severity;
    m_text = text;
    setAccessibleName(Theme::instance().tokens().severities[static_cast<std::size_t>(severity)].name + u' ' + text);
    updateGeometry();
    update();
}

QSize SeverityChip::sizeHint() const
{
    const QString label = m_text.isEmpty() ? QStringLiteral("M") : u"M " + m_text;
    return {px(Length::SeverityGlyph) + kGap + QFontMetrics(chipFont()).horizontalAdvance(label), 18};
}

void SeverityChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintSeverityChip(painter, rect(), m_severity, m_text);
}

} // namespace nightjar::ui
