// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/overviewparts.h"

#include "present/show.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/histogram.h"
#include "ui/widgets/severity.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nightjar::ui {

namespace {

constexpr int kAxisLabels = 90;
constexpr int kLeft = 60; ///< room for the numbers, the same on every chart so that times stand above each other
constexpr int kTop = 10;
constexpr int kLegendChip = 32;
constexpr int kLegendSquare = 9;
constexpr int kLegendMark = 16;
constexpr int kLegendGap = 16;
constexpr int kBottom = 22;
constexpr double kBarWidth = 0.86;
constexpr int kQueueTop = 44;
constexpr int kWideQueue = 420; ///< narrower ones leave the entity out
constexpr int kListRow = 28;
constexpr int kMinuteMicros = 60'000'000;

/// "2 M", "500 k", "20": short enough for an axis; the exact value is in the description of a bucket.
QString axisNumber(std::int64_t value)
{
    if (value >= 1'000'000) {
        return QString::number(static_cast<double>(value) / 1e6, 'g', 3) + QStringLiteral(" M");
    }
    return value >= 10'000 ? QString::number(static_cast<double>(value) / 1e3, 'g', 3) + QStringLiteral(" k")
                           : present::number(value);
}

} // namespace

ChartLegend::ChartLegend(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(20);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ChartLegend::set(std::vector<Part> parts)
{
    m_parts = std::move(parts);
    QStringList words;
    m_width = 0;
    for (const Part &part : m_parts) {
        const int mark = part.severity ? kLegendChip : kLegendMark;
        m_width += mark + QFontMetrics(typeface(Type::Body)).horizontalAdvance(part.name) + 8 +
                   QFontMetrics(typeface(Type::Data)).horizontalAdvance(present::number(part.count)) + kLegendGap;
        words << part.name + u' ' + present::number(part.count);
    }
    setAccessibleName(words.join(QStringLiteral(", ")));
    setFixedWidth(std::max(1, m_width - kLegendGap));
    update();
}

void ChartLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    int x = 0;
    for (const Part &part : m_parts) {
        if (part.severity) {
            paintSeverityChip(painter, QRect(x, 0, kLegendChip, height()), *part.severity);
            x += kLegendChip;
        } else {
            painter.fillRect(QRect(x, (height() - kLegendSquare) / 2, kLegendSquare, kLegendSquare), part.color);
            x += kLegendMark;
        }
        painter.setFont(typeface(Type::Body));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, part.name);
        x += painter.fontMetrics().horizontalAdvance(part.name) + 8;
        painter.setFont(typeface(Type::Data));
        painter.setPen(tint(Color::Text));
        const QString count = present::number(part.count);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, count);
        x += painter.fontMetrics().horizontalAdvance(count) + kLegendGap;
    }
}

StackedChart::StackedChart(const QString &name, QWidget *parent)
    : QChartView(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing, false);
    setMinimumHeight(110);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->legend()->hide();
    chart()->setMargins(QMargins(kLeft, kTop, 0, kBottom));
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setBackgroundRoundness(0);
    rebuild();
}

void StackedChart::set(const std::vector<Timestamp> &starts, std::int64_t bucketMicros, std::vector<Series> series)
{
    m_starts = starts;
    m_bucket = bucketMicros;
    m_series = std::move(series);
    m_cursor = std::min(m_cursor, static_cast<int>(m_starts.size()) - 1);
    rebuild();
    describe();
}

void StackedChart::rebuild()
{
    QChart *picture = chart();
    picture->removeAllSeries();
    const auto axes = picture->axes();
    for (QAbstractAxis *axis : axes) {
        picture->removeAxis(axis);
        delete axis;
    }
    picture->setBackgroundBrush(tint(Color::Bg));
    setBackgroundBrush(tint(Color::Bg));
    if (m_starts.empty()) {
        return;
    }
    auto *bars = new QStackedBarSeries;
    bars->setBarWidth(kBarWidth);
    std::vector<std::int64_t> sums(m_starts.size(), 0);
    for (const Series &series : m_series) {
        auto *set = new QBarSet(series.name.toHtmlEscaped());
        QList<qreal> values;
        for (std::size_t i = 0; i < m_starts.size(); ++i) {
            const std::int64_t value = i < series.values.size() ? series.values[i] : 0;
            values << static_cast<qreal>(value);
            sums[i] += value;
        }
        set->append(values);
        set->setBrush(series.color);
        set->setPen(QPen(tint(Color::Bg), 1));
        bars->append(set);
    }
    picture->addSeries(bars);
    auto *across = new QBarCategoryAxis;
    QStringList categories;
    for (const Timestamp start : m_starts) {
        categories << QString::number(start); // never shown: the labels are painted over the picture
    }
    across->append(categories);
    across->setLabelsVisible(false);
    across->setGridLineVisible(false);
    across->setLineVisible(false);
    picture->addAxis(across, Qt::AlignBottom);
    bars->attachAxis(across);
    auto *up = new QValueAxis;
    const std::int64_t top = niceTop(std::max<std::int64_t>(1, *std::max_element(sums.begin(), sums.end())));
    m_top = top;
    up->setRange(0, static_cast<qreal>(top));
    up->setTickCount(3);
    up->setLabelsVisible(false); // painted over the picture, with separators
    up->setGridLinePen(QPen(tint(Color::HairlineSoft), 1));
    up->setLineVisible(false);
    picture->addAxis(up, Qt::AlignLeft);
    bars->attachAxis(up);
}

int StackedChart::bucketAt(double x) const
{
    const QRectF area = chart()->plotArea();
    if (m_starts.empty() || area.width() <= 0 || x < area.left() || x > area.right()) {
        return -1;
    }
    const auto bucket = static_cast<int>((x - area.left()) / area.width() * static_cast<double>(m_starts.size()));
    return std::clamp(bucket, 0, static_cast<int>(m_starts.size()) - 1);
}

void StackedChart::drawForeground(QPainter *painter, const QRectF &)
{
    painter->save();
    painter->resetTransform();
    painter->scale(devicePixelRatioF(), devicePixelRatioF());
    const QRectF area = chart()->plotArea();
    const double bucket = m_starts.empty() ? 0 : area.width() / static_cast<double>(m_starts.size());
    if (!m_starts.empty()) {
        // The newest bucket is not over yet: hatched.
        painter->fillRect(QRectF(area.right() - bucket, area.top(), bucket, area.height()),
                          QBrush(tint(Color::TickFaint), Qt::BDiagPattern));
        painter->setFont(typeface(Type::DataSmall));
        painter->setPen(tint(Color::Text2));
        for (const int half : {0, 1, 2}) {
            const double y = area.bottom() - area.height() * half / 2;
            painter->drawText(QRectF(0, y - 8, area.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                              axisNumber(m_top * half / 2));
        }
        painter->fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), tint(Color::Hairline));
        const Timestamp from = m_starts.front();
        const Timestamp to = m_starts.back() + m_bucket;
        double free = area.left() - 1;
        for (const auto &[time, label] :
             timeTicks(from, to, std::max(2, static_cast<int>(area.width()) / kAxisLabels))) {
            const double x =
                area.left() + static_cast<double>(time - from) / static_cast<double>(to - from) * area.width();
            const double width = painter->fontMetrics().horizontalAdvance(label);
            const double left = std::clamp(x - width / 2, area.left(), std::max(area.left(), area.right() - width));
            if (left > free) {
                painter->setPen(tint(Color::Text2));
                painter->drawText(QPointF(left, area.bottom() + 15), label);
                free = left + width + 8;
            }
        }
    }
    if (hasFocus()) {
        painter->setPen(QPen(tint(Color::Focus), px(Length::StrokeFocus)));
        painter->setBrush(Qt::NoBrush);
        if (m_cursor >= 0) {
            painter->drawRect(QRectF(area.left() + bucket * m_cursor, area.top(), bucket, area.height()));
        }
        paintFocusRing(*painter, viewport()->rect());
    }
    painter->restore();
}

void StackedChart::describe()
{
    if (m_cursor < 0 || m_cursor >= static_cast<int>(m_starts.size())) {
        setAccessibleDescription({});
        return;
    }
    const auto at = static_cast<std::size_t>(m_cursor);
    QStringList parts{present::dayAndTime(m_starts[at])};
    for (const Series &series : m_series) {
        parts << series.name + u' ' + present::number(series.values[at]);
    }
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

void StackedChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        restyle();
        rebuild();
    }
}

void StackedChart::mouseReleaseEvent(QMouseEvent *event)
{
    const int bucket = bucketAt(event->position().x());
    if (bucket >= 0 && event->button() == Qt::LeftButton) {
        const Timestamp from = m_starts[static_cast<std::size_t>(bucket)];
        Q_EMIT bucketChosen(from, from + m_bucket);
    }
}

void StackedChart::keyPressEvent(QKeyEvent *event)
{
    const int count = static_cast<int>(m_starts.size());
    if (count > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        const int from = m_cursor < 0 ? count : m_cursor;
        m_cursor = std::clamp(from + (event->key() == Qt::Key_Left ? -1 : 1), 0, count - 1);
        describe();
        viewport()->update();
    } else if (m_cursor >= 0 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        const Timestamp from = m_starts[static_cast<std::size_t>(m_cursor)];
        Q_EMIT bucketChosen(from, from + m_bucket);
    } else {
        event->ignore();
    }
}

void StackedChart::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

AlertChart::AlertChart(By by, QWidget *parent)
    : StackedChart(by == By::Severity ? tr("Alerts over time by severity") : tr("Alerts over time by engine"), parent)
    , m_by(by)
{
}

void AlertChart::set(const workspace::Overview &overview)
{
    m_overview = overview;
    restyle();
}

std::vector<ChartLegend::Part> AlertChart::legend() const
{
    std::vector<ChartLegend::Part> parts;
    const int count = m_by == By::Severity ? 5 : 4;
    for (int i = count - 1; i >= 0; --i) {
        ChartLegend::Part part;
        for (const auto &bucket : m_overview.alertBuckets) {
            part.count += m_by == By::Severity ? bucket.bySeverity[i] : bucket.byEngine[i];
        }
        if (part.count == 0) {
            continue;
        }
        if (m_by == By::Severity) {
            part.severity = static_cast<alerts::Severity>(i);
            part.name = present::severityName(*part.severity);
        } else {
            part.name = present::engineName(static_cast<alerts::Engine>(i));
            part.color = Theme::instance().series(i);
        }
        parts.push_back(part);
    }
    return parts;
}

void AlertChart::restyle()
{
    std::vector<Timestamp> starts;
    std::vector<Series> series(m_by == By::Severity ? 5 : 4);
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (m_by == By::Severity) {
            const auto severity = static_cast<alerts::Severity>(i);
            series[i].name = present::severityName(severity);
            series[i].color = Theme::instance().severityGraphic(severity);
        } else {
            series[i].name = present::engineName(static_cast<alerts::Engine>(i));
            series[i].color = Theme::instance().series(static_cast<int>(i));
        }
    }
    for (const auto &bucket : m_overview.alertBuckets) {
        starts.push_back(bucket.start);
        for (std::size_t i = 0; i < series.size(); ++i) {
            series[i].values.push_back(m_by == By::Severity ? bucket.bySeverity[i] : bucket.byEngine[i]);
        }
    }
    StackedChart::set(starts, m_overview.bucketMicros, std::move(series));
}

VolumeChart::VolumeChart(QWidget *parent)
    : StackedChart(tr("Events over time"), parent)
{
}

void VolumeChart::set(const workspace::Histogram &volume)
{
    m_volume = volume;
    restyle();
}

void VolumeChart::restyle()
{
    std::vector<Timestamp> starts;
    std::vector<Series> series(2);
    series[0] = {tr("allowed and other"), tint(Color::BarNeutral), {}};
    series[1] = {tr("blocked"), tint(Color::Error), {}};
    for (const auto &bucket : m_volume.buckets) {
        starts.push_back(bucket.start);
        series[0].values.push_back(bucket.allowed + bucket.other);
        series[1].values.push_back(bucket.blocked);
    }
    StackedChart::set(starts, m_volume.bucketMicros, std::move(series));
}

ReductionStrip::ReductionStrip(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(40);
    setAccessibleName(tr("Reduction from events to blocks, heights are logarithmic"));
}

void ReductionStrip::set(std::vector<std::int64_t> values)
{
    m_values = std::move(values);
    update();
}

void ReductionStrip::paintEvent(QPaintEvent *)
{
    if (m_values.empty()) {
        return;
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double top = std::log10(
        static_cast<double>(std::max<std::int64_t>(10, *std::max_element(m_values.begin(), m_values.end()))));
    const double part = static_cast<double>(width()) / static_cast<double>(m_values.size());
    const double ramp = 40;
    const double middle = height() / 2.0;
    QPolygonF upper;
    QPolygonF lower;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const double share = m_values[i] > 0 ? std::log10(static_cast<double>(m_values[i]) + 1) / top : 0;
        const double half = std::max(1.0, share * (height() - 6) / 2);
        const double left = part * static_cast<double>(i) + (i == 0 ? 0 : ramp / 2);
        const double right = part * static_cast<double>(i + 1) - (i + 1 == m_values.size() ? 0 : ramp / 2);
        upper << QPointF(left, middle - half) << QPointF(right, middle - half);
        lower << QPointF(left, middle + half) << QPointF(right, middle + half);
    }
    QPolygonF band = upper;
    for (auto it = lower.crbegin(); it != lower.crend(); ++it) {
        band << *it;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(tint(Color::AccentWash));
    painter.drawPolygon(band);
    painter.setPen(QPen(tint(Color::Accent), 1));
    painter.drawPolyline(upper);
    painter.drawPolyline(lower);
}

LinkList::LinkList(const QString &name, QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setProperty("njPane", true);
    setMinimumHeight(60);
}

void LinkList::setRowTexts(const QStringList &texts)
{
    m_texts = texts;
    m_current = std::min(m_current, rows() - 1);
    update();
}

int LinkList::visibleRows() const
{
    return std::min(rows(), std::max(0, (height() - top()) / kListRow));
}

QRect LinkList::rowRect(int index) const
{
    return {0, top() + index * kListRow, width(), kListRow};
}

int LinkList::rowAt(const QPoint &point) const
{
    const int row = (point.y() - top()) / kListRow;
    return point.y() >= top() && row < visibleRows() ? row : -1;
}

void LinkList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintTop(painter);
    for (int i = 0; i < visibleRows(); ++i) {
        const QRect row = rowRect(i);
        if (i == m_current && hasFocus()) {
            painter.fillRect(row, tint(Color::Selection));
        } else if (i == m_hover) {
            painter.fillRect(row, tint(Color::Hover));
        }
        painter.save();
        paintRow(painter, row.adjusted(px(Length::PaneInset), 0, -px(Length::PaneInset), 0), i);
        painter.restore();
        painter.fillRect(px(Length::PaneInset), row.bottom(), width() - 2 * px(Length::PaneInset), 1,
                         tint(Color::HairlineSoft));
    }
    if (hasFocus()) {
        paintFocusRing(painter, rect());
    }
}

void LinkList::mouseReleaseEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint());
    if (row >= 0 && event->button() == Qt::LeftButton) {
        m_current = row;
        Q_EMIT chosen(row);
    }
}

void LinkList::mouseMoveEvent(QMouseEvent *event)
{
    m_hover = rowAt(event->position().toPoint());
    setCursor(m_hover >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void LinkList::leaveEvent(QEvent *)
{
    m_hover = -1;
    update();
}

void LinkList::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Down || event->key() == Qt::Key_J ? 1
                     : event->key() == Qt::Key_Up || event->key() == Qt::Key_K ? -1
                                                                               : 0;
    if (step != 0 && visibleRows() > 0) {
        m_current = std::clamp(m_current + step, 0, visibleRows() - 1);
        setAccessibleDescription(m_texts[m_current]);
        update();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0) {
        Q_EMIT chosen(m_current);
    } else {
        QWidget::keyPressEvent(event);
    }
}

QueueList::QueueList(QWidget *parent)
    : LinkList(tr("Open alerts"), parent)
{
}

int QueueList::top() const
{
    return kQueueTop;
}

void QueueList::set(std::vector<alerts::Alert> alerts, const workspace::Overview &overview)
{
    m_alerts = std::move(alerts);
    std::copy(std::begin(overview.openBySeverity), std::end(overview.openBySeverity), std::begin(m_open));
    m_now = overview.lastEvent;
    QStringList texts;
    for (const auto &alert : m_alerts) {
        texts << present::severityName(alert.finding.severity) + u' ' + QString::number(alert.finding.score) + u' ' +
                     present::shown(alert.finding.title, 200);
    }
    setRowTexts(texts);
}

std::int64_t QueueList::alertAt(int row) const
{
    return m_alerts[static_cast<std::size_t>(row)].id;
}

void QueueList::paintTop(QPainter &painter)
{
    const std::int64_t total = std::accumulate(std::begin(m_open), std::end(m_open), std::int64_t{0});
    const int inset = px(Length::PaneInset);
    const int whole = width() - 2 * inset;
    if (total == 0) {
        painter.setFont(typeface(Type::Body));
        painter.setPen(tint(Color::Text2));
        painter.drawText(QRect(inset, 0, whole, 24), Qt::AlignLeft | Qt::AlignVCenter, tr("No open alerts."));
        return;
    }
    constexpr int kLeast = 44;
    int present = 0;
    for (const std::int64_t count : m_open) {
        present += count > 0 ? 1 : 0;
    }
    const int spare = std::max(0, whole - present * kLeast);
    int x = inset;
    for (int i = 4; i >= 0; --i) {
        if (m_open[i] == 0) {
            continue;
        }
        const auto severity = static_cast<alerts::Severity>(i);
        const int wide = kLeast + static_cast<int>(static_cast<double>(m_open[i]) / static_cast<double>(total) * spare);
        painter.fillRect(x, 0, wide - 4, 6, Theme::instance().severityGraphic(severity));
        paintSeverityChip(painter, QRect(x, 12, wide, 18), severity, QString::number(m_open[i]));
        x += wide;
    }
}

void QueueList::paintRow(QPainter &painter, const QRect &row, int index)
{
    const auto &alert = m_alerts[static_cast<std::size_t>(index)];
    const auto &finding = alert.finding;
    paintSeverityChip(painter, QRect(row.x(), row.y(), 56, row.height()), finding.severity,
                      QString::number(finding.score));
    const int ageWidth = 64;
    const int countWidth = 44;
    const int entityWidth = row.width() < kWideQueue ? 0 : 96;
    const int titleWidth = row.width() - 64 - entityWidth - countWidth - ageWidth - 16;
    const auto draw = [&](int x, int width, Type type, Color color, Qt::Alignment align, const QString &text) {
        painter.setFont(typeface(type));
        painter.setPen(tint(color));
        painter.drawText(QRect(x, row.y(), width, row.height()),
                         static_cast<int>(align) | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, width));
    };
    draw(row.x() + 64, titleWidth, Type::Body, Color::Text, Qt::AlignLeft, present::shown(finding.title, 200));
    draw(row.x() + 72 + titleWidth, entityWidth, Type::Body, Color::Text2, Qt::AlignLeft,
         finding.user.empty() ? present::shownDefanged(finding.entity, 100) : present::shown(finding.user, 100));
    draw(row.right() - ageWidth - countWidth, countWidth, Type::Data, Color::Text2, Qt::AlignRight,
         present::number(finding.events) + QChar(0x00D7));
    const QString age = m_now != kNoTime && finding.last != kNoTime
                            ? present::span(std::max<std::int64_t>(kMinuteMicros, m_now - finding.last))
                            : QString();
    draw(row.right() - ageWidth, ageWidth, Type::Data, Color::Text2, Qt::AlignRight, age);
}

EntityList::EntityList(QWidget *parent)
    : LinkList(tr("Top entities by risk"), parent)
{
}

void EntityList::set(std::vector<workspace::EntityRisk> entities)
{
    m_entities = std::move(entities);
    QStringList texts;
    for (const auto &entity : m_entities) {
        texts << present::shown(entity.kind) + u' ' + present::shown(entity.name, 100) + u' ' +
                     QString::number(entity.risk);
    }
    setRowTexts(texts);
}

void EntityList::paintRow(QPainter &painter, const QRect &row, int index)
{
    const auto &entity = m_entities[static_cast<std::size_t>(index)];
    const QString icon = entity.kind == "user"     ? QStringLiteral("user")
                         : entity.kind == "domain" ? QStringLiteral("domain")
                         : entity.kind == "ip"     ? QStringLiteral("ip")
                                                   : QStringLiteral("host");
    paintIcon(painter, QRect(row.x(), row.center().y() - 7, 14, 14), icon, Color::Text2);
    const int nameWidth = row.width() * 2 / 5;
    const auto draw = [&](int x, int width, Type type, Color color, Qt::Alignment align, const QString &text) {
        painter.setFont(typeface(type));
        painter.setPen(tint(color));
        painter.drawText(QRect(x, row.y(), width, row.height()),
                         static_cast<int>(align) | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, width));
    };
    draw(row.x() + 24, nameWidth, Type::Data, Color::Text, Qt::AlignLeft,
         entity.kind == "user" ? present::shown(entity.name, 100) : present::shownDefanged(entity.name, 100));
    const int rest = row.width() - 24 - nameWidth - 140;
    draw(row.x() + 32 + nameWidth, rest, Type::Body, Color::Text2, Qt::AlignLeft, present::shown(entity.about, 200));
    const QRect track(row.right() - 100, row.center().y() - 2, 64, px(Length::MiniBar));
    painter.fillRect(track, tint(Color::Track));
    painter.fillRect(
        QRect(track.topLeft(), QSize(track.width() * std::clamp(entity.risk, 0, 100) / 100, track.height())),
        tint(Color::BarNeutral));
    draw(row.right() - 30, 30, Type::Data, Color::Text, Qt::AlignRight, QString::number(entity.risk));
}

} // namespace nightjar::ui
