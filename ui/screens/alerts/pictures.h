// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"

#include <QWidget>

#include <vector>

namespace nightjar::ui {

/// Check-ins of a periodic alert: one row an hour, the minute on x, other traffic of the user as grey ticks. The eye
/// sees the period, the night and the drift at once. Thread: GUI.
class BeaconRaster : public QWidget {
    Q_OBJECT
public:
    explicit BeaconRaster(QWidget *parent = nullptr);
    void set(const alerts::Picture &picture, alerts::Severity severity);
    void setOthers(std::vector<Timestamp> times);
    [[nodiscard]] Timestamp from() const { return m_from; }
    [[nodiscard]] Timestamp to() const { return m_to; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QRect plot() const;
    void paintTicks(QPainter &painter, const std::vector<Timestamp> &times, const QColor &color, int width) const;

    std::vector<Timestamp> m_beats, m_others;
    Timestamp m_from = kNoTime, m_to = kNoTime; ///< whole hours, newest 48 at most
    alerts::Severity m_severity = alerts::Severity::Medium;
};

/// How long the gaps between check-ins are. Thread: GUI.
class IntervalHistogram : public QWidget {
    Q_OBJECT
public:
    explicit IntervalHistogram(QWidget *parent = nullptr);
    void set(const alerts::Picture &picture, alerts::Severity severity);
    QSize sizeHint() const override { return {320, 108}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    alerts::Picture m_picture;
    alerts::Severity m_severity = alerts::Severity::Medium;
};

/// The reasons: with weights as features (observed, usual, weight), without as the lines of a rule with ✓ or ✗.
class ReasonTable : public QWidget {
    Q_OBJECT
public:
    explicit ReasonTable(QWidget *parent = nullptr);
    void set(const std::vector<alerts::Reason> &reasons, alerts::Severity severity);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Line {
        QString text, observed, usual;
        double weight = 0;
        bool matched = true;
    };
    void paintFeatures(QPainter &painter) const;
    void paintRule(QPainter &painter) const;

    std::vector<Line> m_lines;
    alerts::Severity m_severity = alerts::Severity::Medium;
    bool m_weighted = false;
};

} // namespace nightjar::ui
