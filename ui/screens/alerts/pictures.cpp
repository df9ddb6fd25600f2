// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/alerts/pictures.h"

#include "present/show.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace nightjar::ui {

namespace {

constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;
constexpr int kMaxRows = 48;
constexpr int kRow = 9;
constexpr int kLabels = 56; ///< room for "Thu 12"
constexpr int kAxis = 20;
constexpr int kReasonRow = 26;
constexpr int kMeter = 6;
constexpr int kIcon = 14;

void write(QPainter &painter, const QRect &area, const QString &text, Type type, Color color,
           Qt::Alignment align = Qt::AlignLeft)
{
    painter.setFont(typeface(type));
    painter.setPen(tint(color));
    painter.drawText(area, static_cast<int>(align | Qt::AlignVCenter) | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

} // namespace

BeaconRaster::BeaconRaster(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Check-ins, one row an hour"));
}

void BeaconRaster::set(const alerts::Picture &picture, alerts::Severity severity)
{
    m_beats = picture.beats;
    std::sort(m_beats.begin(), m_beats.end());
    m_others.clear();
    m_severity = severity;
    if (m_beats.empty()) {
        m_from = m_to = kNoTime;
    } else {
        m_to = (m_beats.back() / kHour + 1) * kHour;
        m_from = std::max(m_beats.front() / kHour * kHour, m_to - kMaxRows * kHour);
        setAccessibleDescription(tr("%1 check-ins from %2 to %3, every %4 s")
                                     .arg(present::number(static_cast<qint64>(m_beats.size())),
                                          present::dayAndTime(m_beats.front()), present::dayAndTime(m_beats.back()),
                                          QString::number(picture.periodSeconds, 'f', 0)));
    }
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

void BeaconRaster::setOthers(std::vector<Timestamp> times)
{
    m_others = std::move(times);
    update();
}

QSize BeaconRaster::sizeHint() const
{
    const int rows = m_from == kNoTime ? 0 : static_cast<int>((m_to - m_from) / kHour);
    return {480, rows * kRow + kAxis + 2};
}

QRect BeaconRaster::plot() const
{
    return {kLabels, 0, width() - kLabels - 16, height() - kAxis};
}

void BeaconRaster::paintTicks(QPainter &painter, const std::vector<Timestamp> &times, const QColor &color,
                              int width) const
{
    const QRect area = plot();
    for (const Timestamp time : times) {
        if (time < m_from || time >= m_to) {
            continue;
        }
        const int row = static_cast<int>((time - m_from) / kHour);
        const double share = static_cast<double>((time - m_from) % kHour) / static_cast<double>(kHour);
        painter.fillRect(QRect(area.x() + static_cast<int>(share * area.width()), row * kRow + 1, width, kRow - 2),
                         color);
    }
}

void BeaconRaster::paintEvent(QPaintEvent *)
{
    if (m_from == kNoTime) {
        return;
    }
    QPainter painter(this);
    const QRect area = plot();
    const int rows = static_cast<int>((m_to - m_from) / kHour);
    for (int tenth = 0; tenth <= 6; ++tenth) {
        const int x = area.x() + area.width() * tenth / 6;
        painter.fillRect(QRect(x, 0, 1, rows * kRow), tint(Color::HairlineSoft));
        const QString label = QStringLiteral(":%1").arg(tenth * 10, 2, 10, QLatin1Char('0'));
        write(painter, QRect(x - 20, rows * kRow, 40, kAxis), label, Type::DataSmall, Color::Text2, Qt::AlignHCenter);
    }
    for (int row = 0; row < rows; ++row) {
        const Timestamp hour = m_from + row * kHour;
        const bool midnight = hour % kMicrosPerDay == 0;
        if (midnight) {
            painter.setPen(QPen(tint(Color::Hairline), 1, Qt::DashLine));
            painter.drawLine(area.x(), row * kRow, area.right(), row * kRow);
        }
        const bool labelled = midnight || (hour / kHour % 3 == 0 && hour % kMicrosPerDay != 0) ||
                              (row == 0 && (hour / kHour + 1) % 3 != 0);
        if (labelled && (row == 0 || rows - row > 1)) {
            const QString text =
                midnight ? present::dayAndTime(hour).section(QLatin1Char(' '), 0, 1) : present::clockMinutes(hour);
            write(painter, QRect(0, row * kRow - 4, kLabels - 8, 18), text, Type::DataSmall, Color::Text2,
                  Qt::AlignRight);
        }
    }
    paintTicks(painter, m_others, tint(Color::BarNeutral), 1);
    paintTicks(painter, m_beats, Theme::instance().severityGraphic(m_severity), 3);
}

IntervalHistogram::IntervalHistogram(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumHeight(sizeHint().height());
    setAccessibleName(tr("Interval between requests"));
}

void IntervalHistogram::set(const alerts::Picture &picture, alerts::Severity severity)
{
    m_picture = picture;
    m_severity = severity;
    setAccessibleDescription(tr("Most gaps are near %1 s").arg(QString::number(picture.periodSeconds, 'f', 0)));
    update();
}

void IntervalHistogram::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    write(painter, QRect(0, 0, width(), 18), tr("Interval between requests"), Type::Caption, Color::Text2);
    const auto count = static_cast<int>(m_picture.intervalCounts.size());
    if (count == 0) {
        return;
    }
    const QRect area(0, 34, width() - 8, height() - 34 - kAxis);
    const auto largest = std::max_element(m_picture.intervalCounts.begin(), m_picture.intervalCounts.end());
    const auto top = static_cast<double>(std::max<std::int64_t>(*largest, 1));
    for (int i = 0; i < count; ++i) {
        const double share = static_cast<double>(m_picture.intervalCounts[static_cast<std::size_t>(i)]) / top;
        if (share <= 0) {
            continue;
        }
        const int x = area.x() + area.width() * i / count;
        const int next = area.x() + area.width() * (i + 1) / count;
        const int high = std::max(1, static_cast<int>(share * area.height()));
        painter.fillRect(QRect(x, area.bottom() - high + 1, std::max(1, next - x - 1), high),
                         Theme::instance().severityGraphic(m_severity));
    }
    painter.fillRect(QRect(area.x(), area.bottom() + 1, area.width(), 1), tint(Color::Hairline));
    const int peak = static_cast<int>(largest - m_picture.intervalCounts.begin());
    const int peakX = area.x() + area.width() * (peak + 1) / count;
    const QString label = tr("%1 s").arg(QString::number(m_picture.periodSeconds, 'f', 0));
    const bool leftSide = peakX > width() - 80;
    write(painter, leftSide ? QRect(peakX - 90, 18, 80, 16) : QRect(peakX + 2, 18, 90, 16), label, Type::BodyStrong,
          Color::Text, leftSide ? Qt::AlignRight : Qt::AlignLeft);
    const double end = m_picture.intervalBucketSeconds * count;
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const QString text =
            quarter == 4 ? tr("%1 s").arg(QString::number(end, 'f', 0)) : QString::number(end * quarter / 4, 'f', 0);
        const int x = area.x() + area.width() * quarter / 4;
        const auto align = quarter == 0 ? Qt::AlignLeft : quarter == 4 ? Qt::AlignRight : Qt::AlignHCenter;
        const int left = quarter == 0 ? x : quarter == 4 ? x - 60 : x - 30;
        write(painter, QRect(left, height() - kAxis, 60, kAxis), text, Type::DataSmall, Color::Text2, align);
    }
}

ReasonTable::ReasonTable(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Reasons"));
}

void ReasonTable::set(const std::vector<alerts::Reason> &reasons, alerts::Severity severity)
{
    m_lines.clear();
    m_weighted = false;
    m_severity = severity;
    QStringList told;
    for (const alerts::Reason &reason : reasons) {
        m_lines.push_back({present::shown(reason.text, 512), present::shownDefanged(reason.observed, 512),
                           present::shown(reason.usual, 256), reason.weight, reason.matched});
        m_weighted = m_weighted || reason.weight > 0;
        told.append(m_lines.back().text + QLatin1String(": ") + m_lines.back().observed);
    }
    setAccessibleDescription(told.join(QLatin1String(". ")));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize ReasonTable::sizeHint() const
{
    return {480, m_lines.empty() ? 0 : static_cast<int>(m_lines.size() + 1) * kReasonRow};
}

void ReasonTable::paintEvent(QPaintEvent *)
{
    if (m_lines.empty()) {
        return;
    }
    QPainter painter(this);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        painter.fillRect(QRect(0, static_cast<int>(i + 1) * kReasonRow - 1, width(), 1), tint(Color::HairlineSoft));
    }
    if (m_weighted) {
        paintFeatures(painter);
    } else {
        paintRule(painter);
    }
}

void ReasonTable::paintFeatures(QPainter &painter) const
{
    const int points = 44;
    const int meter = std::clamp(width() / 7, 48, 100);
    const int usual = width() * 12 / 100;
    const int observed = width() * 18 / 100;
    const int meterLeft = width() - points - meter;
    const int usualLeft = meterLeft - 12 - usual;
    const int observedLeft = usualLeft - 12 - observed;
    double most = 1;
    for (const Line &line : m_lines) {
        most = std::max(most, line.weight);
    }
    write(painter, QRect(0, 0, observedLeft - 8, kReasonRow), tr("Feature"), Type::Caption, Color::Text2);
    write(painter, QRect(observedLeft, 0, observed, kReasonRow), tr("Observed"), Type::Caption, Color::Text2);
    write(painter, QRect(usualLeft, 0, usual, kReasonRow), tr("Usual"), Type::Caption, Color::Text2);
    write(painter, QRect(meterLeft, 0, meter, kReasonRow), tr("Weight"), Type::Caption, Color::Text2);
    write(painter, QRect(width() - points, 0, points, kReasonRow), tr("points"), Type::Caption, Color::Text2,
          Qt::AlignRight);
    int y = kReasonRow;
    for (const Line &line : m_lines) {
        write(painter, QRect(0, y, observedLeft - 8, kReasonRow), line.text, Type::Body, Color::Text);
        write(painter, QRect(observedLeft, y, observed, kReasonRow), line.observed, Type::BodyStrong, Color::Text);
        write(painter, QRect(usualLeft, y, usual, kReasonRow), line.usual, Type::Body, Color::Text2);
        const QRect track(meterLeft, y + (kReasonRow - kMeter) / 2, meter, kMeter);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tint(Color::Track));
        painter.drawRoundedRect(track, px(Length::RadiusBar), px(Length::RadiusBar));
        painter.setBrush(Theme::instance().severityGraphic(m_severity));
        const int filled = static_cast<int>(std::lround(meter * std::max(0.0, line.weight) / most));
        painter.drawRoundedRect(QRect(track.topLeft(), QSize(filled, kMeter)), px(Length::RadiusBar),
                                px(Length::RadiusBar));
        painter.setRenderHint(QPainter::Antialiasing, false);
        write(painter, QRect(width() - points, y, points, kReasonRow),
              QString(QLatin1Char('+') +
                      QString::number(line.weight, 'f',
                                      line.weight < 10 && line.weight != std::floor(line.weight) ? 1 : 0)),
              Type::Data, Color::Text, Qt::AlignRight);
        y += kReasonRow;
    }
}

void ReasonTable::paintRule(QPainter &painter) const
{
    const int left = kIcon + px(Length::CellInset);
    const int middle = std::max(left + 120, width() * 45 / 100);
    write(painter, QRect(left, 0, middle - left, kReasonRow), tr("What was looked at"), Type::Caption, Color::Text2);
    write(painter, QRect(middle, 0, width() - middle, kReasonRow), tr("What was found"), Type::Caption, Color::Text2);
    int y = kReasonRow;
    for (const Line &line : m_lines) {
        paintIcon(painter, QRect(0, y + (kReasonRow - kIcon) / 2, kIcon, kIcon),
                  line.matched ? QStringLiteral("allowed") : QStringLiteral("close"),
                  line.matched ? Color::Ok : Color::Text2);
        write(painter, QRect(left, y, middle - left - 8, kReasonRow), line.text, Type::Body, Color::Text);
        write(painter, QRect(middle, y, width() - middle, kReasonRow), line.observed, Type::Data,
              line.matched ? Color::Text : Color::Text2);
        y += kReasonRow;
    }
}

} // namespace nightjar::ui
