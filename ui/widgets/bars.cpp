// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/bars.h"

#include "present/show.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace nightjar::ui {

namespace {

constexpr int kProgress = 6;

int share(qint64 value, qint64 total, int width)
{
    return total <= 0 ? 0 : static_cast<int>(static_cast<double>(value) / static_cast<double>(total) * width);
}

} // namespace

Meter::Meter(const QString &name, int height, QWidget *parent)
    : QWidget(parent)
    , m_height(height)
{
    setAccessibleName(name);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(height);
}

QSize Meter::sizeHint() const
{
    return {96, m_height};
}

void Meter::set(std::vector<Segment> segments, qint64 total, qint64 reserve)
{
    m_segments = std::move(segments);
    m_total = total;
    m_reserve = reserve;
    qint64 used = 0;
    for (const Segment &segment : m_segments) {
        used += segment.value;
    }
    setAccessibleDescription(tr("%1 of %2").arg(present::number(used), present::number(total)));
    update();
}

void Meter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), tint(Color::Track));
    if (m_reserve > 0) {
        const int wide = std::max(2, share(m_reserve, m_total, width()));
        painter.fillRect(QRect(width() - wide, 0, wide, height()), tint(Color::Hairline));
    }
    int x = 0;
    for (const Segment &segment : m_segments) {
        const int wide = segment.value > 0 ? std::max(2, share(segment.value, m_total, width())) : 0;
        if (wide > 0) {
            painter.fillRect(QRect(x, 0, std::min(wide, width() - x), height()), segment.color);
            x += wide + 1;
        }
    }
}

Spark::Spark(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Spark::set(std::vector<double> values, Color color)
{
    m_values = std::move(values);
    m_color = color;
    update();
}

void Spark::paintEvent(QPaintEvent *)
{
    if (m_values.empty()) {
        return;
    }
    QPainter painter(this);
    const double top = std::max(1e-9, *std::max_element(m_values.begin(), m_values.end()));
    const int step = std::max(2, width() / static_cast<int>(m_values.size()));
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const int tall = std::max(1, static_cast<int>(std::lround(m_values[i] / top * height())));
        painter.fillRect(static_cast<int>(i) * step, height() - tall, step - 1, tall, tint(m_color));
    }
}

ProgressBar::ProgressBar(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(kProgress);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress"));
}

void ProgressBar::setFraction(double fraction)
{
    m_fraction = fraction;
    setAccessibleDescription(fraction < 0 ? tr("running") : tr("%1 %").arg(std::lround(fraction * 100)));
    update();
}

void ProgressBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const int radius = px(Length::RadiusBar);
    painter.setBrush(tint(Color::Track));
    painter.drawRoundedRect(rect(), radius, radius);
    const double shown = m_fraction < 0 ? 0.33 : std::clamp(m_fraction, 0.0, 1.0);
    painter.setBrush(tint(m_fraction < 0 ? Color::BarNeutral : Color::Accent));
    painter.drawRoundedRect(QRectF(0, 0, width() * shown, height()), radius, radius);
}

Hairline::Hairline(Qt::Orientation orientation, bool soft, QWidget *parent)
    : QWidget(parent)
    , m_soft(soft)
{
    if (orientation == Qt::Horizontal) {
        setFixedHeight(1);
    } else {
        setFixedWidth(1);
    }
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), tint(m_soft ? Color::HairlineSoft : Color::Hairline));
}

Surface::Surface(Color fill, QWidget *parent)
    : QWidget(parent)
    , m_fill(fill)
{
}

void Surface::setFill(Color fill)
{
    m_fill = fill;
    update();
}

void Surface::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), tint(m_fill));
    const QColor line = tint(Color::Hairline);
    if (m_edges.testFlag(Qt::TopEdge)) {
        painter.fillRect(0, 0, width(), 1, line);
    }
    if (m_edges.testFlag(Qt::BottomEdge)) {
        painter.fillRect(0, height() - 1, width(), 1, line);
    }
    if (m_edges.testFlag(Qt::LeftEdge)) {
        painter.fillRect(0, 0, 1, height(), line);
    }
    if (m_edges.testFlag(Qt::RightEdge)) {
        painter.fillRect(width() - 1, 0, 1, height(), line);
    }
}

} // namespace nightjar::ui
