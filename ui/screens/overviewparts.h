// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "workspace/services.h"

#include <QChartView>
#include <QWidget>

#include <optional>
#include <vector>

class QBarCategoryAxis;
class QStackedBarSeries;
class QValueAxis;

namespace nightjar::ui {

/// A stacked bar chart over time buckets. Built of Qt Charts, without animation; every label passes toHtmlEscaped(), as
/// Qt Charts renders labels as HTML. Axes start at 0. The picture is replaced as a whole by set().
class StackedChart : public QChartView {
    Q_OBJECT
public:
    struct Series {
        QString name;
        QColor color;
        std::vector<std::int64_t> values; ///< one a bucket
    };
    explicit StackedChart(const QString &name, QWidget *parent = nullptr);
    void set(const std::vector<Timestamp> &starts, std::int64_t bucketMicros, std::vector<Series> series);

Q_SIGNALS:
    /// A bar was clicked or Enter pressed on it.
    void bucketChosen(qint64 from, qint64 to);

protected:
    void changeEvent(QEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    virtual void restyle() {}

private:
    void rebuild();
    void describe();
    [[nodiscard]] int bucketAt(double x) const;

    std::vector<Timestamp> m_starts;
    std::int64_t m_bucket = 0;
    std::int64_t m_top = 2;
    std::vector<Series> m_series;
    int m_cursor = -1;
};

/// What the colours mean, with the sum of each: severity chips or squares.
class ChartLegend : public QWidget {
    Q_OBJECT
public:
    struct Part {
        std::optional<alerts::Severity> severity;
        QColor color;
        QString name;
        std::int64_t count = 0;
    };
    explicit ChartLegend(QWidget *parent = nullptr);
    void set(std::vector<Part> parts);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Part> m_parts;
    int m_width = 0;
};

/// Alerts over time; colours follow the theme.
class AlertChart : public StackedChart {
    Q_OBJECT
public:
    enum class By { Severity, Engine };
    AlertChart(By by, QWidget *parent = nullptr);
    void set(const workspace::Overview &overview);
    [[nodiscard]] std::vector<ChartLegend::Part> legend() const;

protected:
    void restyle() override;

private:
    By m_by;
    workspace::Overview m_overview;
};

/// Events over time: allowed neutral, blocked red.
class VolumeChart : public StackedChart {
    Q_OBJECT
public:
    explicit VolumeChart(QWidget *parent = nullptr);
    void set(const workspace::Histogram &volume);

protected:
    void restyle() override;

private:
    workspace::Histogram m_volume;
};

/// The band that narrows from events to blocks; its height is the logarithm of the number.
class ReductionStrip : public QWidget {
    Q_OBJECT
public:
    explicit ReductionStrip(QWidget *parent = nullptr);
    void set(std::vector<std::int64_t> values);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<std::int64_t> m_values;
};

/// A short list of painted rows: up and down move, Enter or a click opens. Base of the two lists of the overview.
class LinkList : public QWidget {
    Q_OBJECT
public:
    explicit LinkList(const QString &name, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(int row);

protected:
    void setRowTexts(const QStringList &texts);
    [[nodiscard]] int rows() const { return static_cast<int>(m_texts.size()); }
    [[nodiscard]] int visibleRows() const;
    virtual int top() const { return 0; }
    virtual void paintTop(QPainter &) {}
    virtual void paintRow(QPainter &painter, const QRect &row, int index) = 0;
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect rowRect(int index) const;
    [[nodiscard]] int rowAt(const QPoint &point) const;

    QStringList m_texts;
    int m_current = -1;
    int m_hover = -1;
};

/// Open alerts: the share of each severity, then the most urgent ones.
class QueueList : public LinkList {
    Q_OBJECT
public:
    explicit QueueList(QWidget *parent = nullptr);
    void set(std::vector<alerts::Alert> alerts, const workspace::Overview &overview);
    [[nodiscard]] std::int64_t alertAt(int row) const;

protected:
    int top() const override;
    void paintTop(QPainter &painter) override;
    void paintRow(QPainter &painter, const QRect &row, int index) override;

private:
    std::vector<alerts::Alert> m_alerts;
    std::int64_t m_open[5] = {};
    Timestamp m_now = kNoTime;
};

/// Users, hosts and addresses by risk.
class EntityList : public LinkList {
    Q_OBJECT
public:
    explicit EntityList(QWidget *parent = nullptr);
    void set(std::vector<workspace::EntityRisk> entities);
    [[nodiscard]] const workspace::EntityRisk &entityAt(int row) const
    {
        return m_entities[static_cast<std::size_t>(row)];
    }

protected:
    void paintRow(QPainter &painter, const QRect &row, int index) override;

private:
    std::vector<workspace::EntityRisk> m_entities;
};

} // namespace nightjar::ui
