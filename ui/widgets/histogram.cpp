// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/histogram.h"

#include "present/show.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nightjar::ui {

namespace {

constexpr int kMarkRow = 14;
constexpr int kAxisRow = 18;
constexpr int kAxisColumn = 56;
constexpr int kGripWidth = 6;
constexpr int kGripHeight = 20;
constexpr int kTickRoom = 90;
constexpr int kMarkSize = 8;
constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kHour = 60 * kMinute;

constexpr std::array kSteps = {kMicrosPerSecond,
                               5 * kMicrosPerSecond,
                               15 * kMicrosPerSecond,
                               kMinute,
                               5 * kMinute,
                               15 * kMinute,
                               30 * kMinute,
                               kHour,
                               2 * kHour,
                               3 * kHour,
                               6 * kHour,
                               12 * kHour,
                               kMicrosPerDay,
                               2 * kMicrosPerDay,
                               7 * kMicrosPerDay,
                               14 * kMicrosPerDay,
                               30 * kMicrosPerDay,
                               90 * kMicrosPerDay,
                               365 * kMicrosPerDay};

QString tickLabel(Timestamp time, std::int64_t step)
{
    if (step < kMinute) {
        return present::clockTime(time).left(8);
    }
    if (step < kMicrosPerDay && time % kMicrosPerDay != 0) {
        return present::clockMinutes(time);
    }
    return present::dayAndTime(time).section(u' ', 0, 2); // "Thu 12 Mar"
}

} // namespace

std::vector<std::pair<Timestamp, QString>> timeTicks(Timestamp from, Timestamp to, int most)
{
    std::vector<std::pair<Timestamp, QString>> ticks;
    if (from == kNoTime || to <= from || most < 1) {
        return ticks;
    }
    std::int64_t step = kSteps.back();
    for (const std::int64_t candidate : kSteps) {
        if ((to - from) / candidate < most) {
            step = candidate;
            break;
        }
    }
    while ((to - from) / step >= most) {
        step *= 2;
    }
    const Timestamp rest = ((from % step) + step) % step;
    for (Timestamp tick = rest == 0 ? from : from - rest + step; tick <= to; tick += step) {
        ticks.emplace_back(tick, tickLabel(tick, step));
    }
    return ticks;
}

std::int64_t niceTop(std::int64_t largest)
{
    for (std::int64_t power = 1; power < std::numeric_limits<std::int64_t>::max() / 100; power *= 10) {
        for (const std::int64_t factor : {1, 2, 4, 5}) {
            if (factor * power >= largest && (factor * power) % 2 == 0) {
                return factor * power;
            }
        }
    }
    return std::max<std::int64_t>(largest, 2);
}

Histogram::Histogram(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(false);
    setCursor(Qt::CrossCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Events over time"));
}

QSize Histogram::sizeHint() const
{
    return {400, px(Length::Histogram)};
}

QSize Histogram::minimumSizeHint() const
{
    return {160, px(Length::Histogram)};
}

void Histogram::setData(workspace::Histogram counts)
{
    m_data = std::move(counts);
    std::int64_t largest = 1;
    for (const auto &bucket : m_data.buckets) {
        largest = std::max(largest, bucket.allowed + bucket.blocked + bucket.other);
    }
    m_top = niceTop(largest);
    m_cursor = std::min(m_cursor, count() - 1);
    m_loading = false;
    m_bars = {};
    describe();
    update();
}

void Histogram::setMarks(std::vector<Mark> marks)
{
    m_marks = std::move(marks);
    update();
}

void Histogram::setSelection(std::optional<std::pair<Timestamp, Timestamp>> range)
{
    if (range != m_brush) {
        m_brush = range;
        describe();
        update();
        Q_EMIT selectionChanged();
    }
}

void Histogram::setLoading(bool loading)
{
    m_loading = loading;
    update();
}

QRect Histogram::plot() const
{
    return rect().adjusted(kAxisColumn, kMarkRow, -px(Length::PaneInset), -kAxisRow);
}

Timestamp Histogram::startOf(int bucket) const
{
    return m_data.buckets.front().start + bucket * m_data.bucketMicros;
}

int Histogram::edge(int bucket) const
{
    const QRect area = plot();
    return area.x() + static_cast<int>(static_cast<std::int64_t>(bucket) * area.width() / std::max(1, count()));
}

int Histogram::bucketAt(int x) const
{
    const QRect area = plot();
    const auto bucket = static_cast<std::int64_t>(x - area.x()) * count() / std::max(1, area.width());
    return static_cast<int>(std::clamp<std::int64_t>(bucket, 0, std::max(0, count() - 1)));
}

int Histogram::xOf(Timestamp time) const
{
    const QRect area = plot();
    const double whole = static_cast<double>(m_data.bucketMicros) * count();
    const double share = static_cast<double>(time - m_data.buckets.front().start) / std::max(1.0, whole);
    return area.x() + static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * area.width()));
}

QString Histogram::bucketText() const
{
    return m_data.bucketMicros > 0 ? tr("%1 buckets").arg(present::span(m_data.bucketMicros)) : QString();
}

QString Histogram::rangeText() const
{
    if (m_data.buckets.empty()) {
        return {};
    }
    Timestamp from = 0;
    Timestamp to = 0;
    if (m_brush) {
        std::tie(from, to) = *m_brush;
    } else if (m_cursor >= 0) {
        from = startOf(m_cursor);
        to = from + m_data.bucketMicros;
    } else {
        return {};
    }
    std::int64_t events = 0;
    for (const auto &bucket : m_data.buckets) {
        if (bucket.start < to && bucket.start + m_data.bucketMicros > from) {
            events += bucket.allowed + bucket.blocked + bucket.other;
        }
    }
    const bool sameDay = from / kMicrosPerDay == to / kMicrosPerDay;
    const QString left = sameDay ? present::clockMinutes(from) : present::dayAndTime(from);
    const QString right = sameDay ? present::clockMinutes(to) : present::dayAndTime(to);
    return tr("%1–%2, %3 events").arg(left, right, present::number(events));
}

void Histogram::describe()
{
    setAccessibleDescription(rangeText());
}

void Histogram::paintBars(QPainter &painter, bool onBrush) const
{
    const QRect area = plot();
    const QColor neutral = tint(onBrush ? Color::BarNeutralOnBrush : Color::BarNeutral);
    const QColor red = tint(Color::Error);
    for (int i = 0; i < count(); ++i) {
        const auto &bucket = m_data.buckets[static_cast<std::size_t>(i)];
        const int left = edge(i);
        const int right = edge(i + 1);
        const int width = std::max(1, right - left - (right - left > 2 ? 1 : 0));
        const std::int64_t calm = bucket.allowed + bucket.other;
        const auto height = [&](std::int64_t value) {
            const auto tall = static_cast<int>(static_cast<double>(value) / static_cast<double>(m_top) * area.height());
            return value > 0 ? std::max(1, tall) : 0;
        };
        const int grey = height(calm);
        const int blocked = height(bucket.blocked);
        painter.fillRect(left, area.bottom() + 1 - grey, width, grey, neutral);
        const int gap = grey > 0 && blocked > 1 ? 1 : 0;
        painter.fillRect(left, area.bottom() + 1 - grey - gap - blocked, width, blocked, red);
    }
}

void Histogram::paintAxes(QPainter &painter) const
{
    const QRect area = plot();
    painter.setFont(typeface(Type::DataSmall));
    for (const std::int64_t value : {m_top, m_top / 2}) {
        const int y = area.bottom() + 1 -
                      static_cast<int>(static_cast<double>(value) / static_cast<double>(m_top) * area.height());
        painter.fillRect(area.x(), y, area.width(), 1, tint(Color::HairlineSoft));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(0, y - 8, kAxisColumn - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                         present::number(value));
    }
    painter.drawText(QRect(0, area.bottom() - 8, kAxisColumn - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("0"));
    painter.fillRect(area.x(), area.bottom() + 1, area.width(), 1, tint(Color::Hairline));
    if (m_data.buckets.empty()) {
        return;
    }
    const Timestamp from = m_data.buckets.front().start;
    const Timestamp to = startOf(count());
    int free = area.x() - 1;
    for (const auto &[time, label] : timeTicks(from, to, std::max(2, area.width() / kTickRoom))) {
        const int width = painter.fontMetrics().horizontalAdvance(label);
        const int x = std::clamp(xOf(time) - width / 2, area.x(), std::max(area.x(), area.right() - width));
        if (x > free) {
            painter.fillRect(xOf(time), area.bottom() + 1, 1, 3, tint(Color::Hairline));
            painter.setPen(tint(Color::Text2));
            painter.drawText(QRect(x, area.bottom() + 4, width + 1, 14), Qt::AlignLeft | Qt::AlignVCenter, label);
            free = x + width + 8;
        }
    }
}

void Histogram::paintBrush(QPainter &painter) const
{
    const QRect area = plot();
    const int left = xOf(m_brush->first);
    const int right = std::max(left + 2, xOf(m_brush->second));
    const QRect band(left, area.y(), right - left, area.height() + 1);
    painter.fillRect(band, tint(Color::Brush));
    painter.save();
    painter.setClipRect(band);
    paintBars(painter, true);
    painter.restore();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const int x : {left, right - 2}) {
        painter.fillRect(x, area.y(), 2, area.height() + 1, tint(Color::Accent));
        const QRect grip(x + 1 - kGripWidth / 2, area.center().y() - kGripHeight / 2, kGripWidth, kGripHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tint(Color::Accent));
        painter.drawRoundedRect(grip, px(Length::RadiusBar), px(Length::RadiusBar));
    }
}

void Histogram::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const qreal ratio = devicePixelRatioF();
    if (m_bars.isNull() || m_bars.devicePixelRatio() != ratio) {
        m_bars = QPixmap(size() * ratio);
        m_bars.setDevicePixelRatio(ratio);
        m_bars.fill(Qt::transparent);
        QPainter bars(&m_bars);
        paintAxes(bars);
        paintBars(bars, false);
    }
    painter.drawPixmap(0, 0, m_bars);
    const QRect area = plot();
    if (m_loading && m_data.buckets.empty()) {
        painter.fillRect(QRect(area.x(), area.bottom() - 8, area.width(), 8), tint(Color::Track));
    }
    if (m_data.buckets.empty()) {
        return;
    }
    if (m_brush) {
        paintBrush(painter);
    }
    for (const Mark &mark : m_marks) {
        const QRect place(xOf(mark.time) - kMarkSize / 2, (kMarkRow - kMarkSize) / 2, kMarkSize, kMarkSize);
        paintSeverityShape(painter, place, mark.severity, Theme::instance().severityGraphic(mark.severity));
    }
    if (hasFocus()) {
        if (m_cursor >= 0) {
            const int x = edge(m_cursor);
            painter.setPen(QPen(tint(Color::Focus), px(Length::StrokeFocus)));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRect(x - 1, area.y(), std::max(3, edge(m_cursor + 1) - x + 1), area.height()));
        }
        paintFocusRing(painter, rect());
    }
}

void Histogram::resizeEvent(QResizeEvent *)
{
    m_bars = {};
}

void Histogram::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        m_bars = {};
        update();
    }
    QWidget::changeEvent(event);
}

void Histogram::brushBuckets(int left, int right)
{
    m_brush = std::pair{startOf(std::min(left, right)), startOf(std::max(left, right) + 1)};
    describe();
    update();
    Q_EMIT selectionChanged();
}

void Histogram::keyPressEvent(QKeyEvent *event)
{
    const int key = event->key();
    if (count() > 0 && (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End)) {
        const int before = m_cursor < 0 ? count() - 1 : m_cursor;
        const int step = key == Qt::Key_Left ? -1 : 1;
        m_cursor = key == Qt::Key_Home  ? 0
                   : key == Qt::Key_End ? count() - 1
                                        : std::clamp(before + step, 0, count() - 1);
        if (event->modifiers().testFlag(Qt::ShiftModifier)) {
            if (m_anchor < 0) {
                m_anchor = before;
            }
            brushBuckets(m_anchor, m_cursor);
        } else {
            m_anchor = -1;
            describe();
            update();
            Q_EMIT selectionChanged();
        }
    } else if ((key == Qt::Key_Return || key == Qt::Key_Enter) && count() > 0) {
        if (!m_brush && m_cursor >= 0) {
            brushBuckets(m_cursor, m_cursor);
        }
        if (m_brush) {
            Q_EMIT rangeChosen(m_brush->first, m_brush->second);
        }
    } else if (key == Qt::Key_Escape && m_brush) {
        setSelection({});
        m_anchor = -1;
        Q_EMIT selectionCleared();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void Histogram::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && count() > 0) {
        m_anchor = m_cursor = bucketAt(event->position().toPoint().x());
        m_dragging = true;
    }
}

void Histogram::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragging) {
        m_cursor = bucketAt(event->position().toPoint().x());
        brushBuckets(m_anchor, m_cursor);
    }
}

void Histogram::mouseReleaseEvent(QMouseEvent *event)
{
    if (!m_dragging) {
        return;
    }
    m_dragging = false;
    m_cursor = bucketAt(event->position().toPoint().x());
    if (m_brush && m_cursor == m_anchor && event->position().toPoint().x() < xOf(m_brush->first)) {
        setSelection({});
        Q_EMIT selectionCleared();
        return;
    }
    brushBuckets(m_anchor, m_cursor);
    m_anchor = -1;
    Q_EMIT rangeChosen(m_brush->first, m_brush->second);
}

void Histogram::wheelEvent(QWheelEvent *event)
{
    if (count() > 0 && event->angleDelta().y() != 0) {
        Q_EMIT zoomRequested(event->angleDelta().y() > 0 ? 1 : -1, startOf(bucketAt(event->position().toPoint().x())));
        event->accept();
    }
}

void Histogram::focusInEvent(QFocusEvent *event)
{
    if (m_cursor < 0 && count() > 0 && event->reason() != Qt::MouseFocusReason) {
        m_cursor = count() - 1;
        describe();
    }
    update();
}

void Histogram::focusOutEvent(QFocusEvent *)
{
    update();
}

} // namespace nightjar::ui
