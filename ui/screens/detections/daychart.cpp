// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/daychart.h"

#include "present/show.h"
#include "ui/theme/theme.h"
#include "ui/widgets/histogram.h"

#include <QPainter>

#include <algorithm>
#include <map>

namespace nightjar::ui {

namespace {

constexpr int kAxis = 18;
constexpr int kTop = 16;
constexpr int kMostBar = 56;
constexpr int kLabel = 44;
constexpr std::size_t kMostDays = 400;

} // namespace

DayChart::DayChart(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Hits a day"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void DayChart::set(const Days &now, const Days *saved)
{
    std::map<Timestamp, Day> days;
    for (const auto &[start, hits] : now) {
        days[start].now = hits;
    }
    if (saved != nullptr) {
        for (const auto &[start, hits] : *saved) {
            days[start].saved = hits;
        }
    }
    m_days.clear();
    m_compared = saved != nullptr;
    QStringList said;
    if (!days.empty()) {
        const Timestamp last = days.rbegin()->first;
        for (Timestamp start = days.begin()->first; start <= last && m_days.size() < kMostDays;
             start += kMicrosPerDay) {
            Day day = days[start];
            day.start = start;
            m_days.push_back(day);
            said << present::dayAndTime(start).left(10).trimmed() + QStringLiteral(": ") + present::number(day.now);
        }
    }
    setAccessibleDescription(said.join(QStringLiteral(", ")));
    update();
}

void DayChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect area = rect().adjusted(px(Length::PaneInset), kTop, -px(Length::PaneInset), -kAxis);
    painter.fillRect(QRect(area.x(), area.bottom() + 1, area.width(), 1), tint(Color::Hairline));
    painter.setFont(typeface(Type::Caption));
    if (m_days.empty()) {
        painter.setPen(tint(Color::Text2));
        painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, tr("No hits in this time"));
        return;
    }
    std::int64_t largest = 1;
    for (const Day &day : m_days) {
        largest = std::max({largest, day.now, day.saved});
    }
    const auto top = static_cast<double>(niceTop(largest));
    const int count = static_cast<int>(m_days.size());
    const int slot = std::max(1, area.width() / count);
    const int bar = std::clamp(slot - 4, 1, kMostBar);
    const auto heightOf = [&](std::int64_t hits) {
        return hits > 0 ? std::max(1, static_cast<int>(static_cast<double>(hits) / top * area.height())) : 0;
    };
    int labelFree = area.x();
    for (int i = 0; i < count; ++i) {
        const Day &day = m_days[static_cast<std::size_t>(i)];
        const int x = area.x() + area.width() * i / count + (slot - bar) / 2;
        const int high = heightOf(day.now);
        painter.fillRect(QRect(x, area.bottom() - high + 1, bar, high), tint(Color::Accent));
        if (m_compared && day.saved > 0) {
            const int old = heightOf(day.saved);
            painter.setPen(QPen(tint(Color::Text2), 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(x - 1, area.bottom() - old, bar + 1, old);
        }
        painter.setPen(tint(Color::Text2));
        if (slot >= 28 && day.now > 0) {
            painter.drawText(QRect(x - 12, area.bottom() - high - 14, bar + 24, 14), Qt::AlignCenter,
                             present::number(day.now));
        }
        if (x >= labelFree) {
            painter.drawText(QRect(x, area.bottom() + 3, kLabel, kAxis - 3), Qt::AlignLeft | Qt::AlignVCenter,
                             present::dayAndTime(day.start).section(u' ', 1, 2));
            labelFree = x + kLabel;
        }
    }
}

} // namespace nightjar::ui
