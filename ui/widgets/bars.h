// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

#include <vector>

namespace nightjar::ui {

/// A share of a whole as segments on a track, with a 1-px gap, an optional reserve at the right end and a cut marker.
class Meter : public QWidget {
    Q_OBJECT
public:
    struct Segment {
        qint64 value = 0;
        QColor color;
    };
    explicit Meter(const QString &name, int height, QWidget *parent = nullptr);
    void set(std::vector<Segment> segments, qint64 total, qint64 reserve = 0);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Segment> m_segments;
    qint64 m_total = 0;
    qint64 m_reserve = 0;
    int m_height;
};

/// A few bars without axes. Neutral; one colour.
class Spark : public QWidget {
    Q_OBJECT
public:
    explicit Spark(QWidget *parent = nullptr);
    void set(std::vector<double> values, Color color = Color::BarNeutral);
    QSize sizeHint() const override { return {48, 14}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<double> m_values;
    Color m_color = Color::BarNeutral;
};

/// A bar of progress, 6 px; negative fraction: the end is not known (a third of the track is filled).
class ProgressBar : public QWidget {
    Q_OBJECT
public:
    explicit ProgressBar(QWidget *parent = nullptr);
    void setFraction(double fraction);
    QSize sizeHint() const override { return {160, 6}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    double m_fraction = 0;
};

/// One pixel between panes.
class Hairline : public QWidget {
    Q_OBJECT
public:
    explicit Hairline(Qt::Orientation orientation = Qt::Horizontal, bool soft = false, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_soft;
};

/// A plain surface filled with a token; the panes of the program.
class Surface : public QWidget {
    Q_OBJECT
public:
    explicit Surface(Color fill = Color::Bg, QWidget *parent = nullptr);
    void setFill(Color fill);
    /// Hairlines on some edges.
    void setEdges(Qt::Edges edges) { m_edges = edges; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Color m_fill;
    Qt::Edges m_edges;
};

} // namespace nightjar::ui
