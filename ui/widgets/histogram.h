// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "workspace/services.h"

#include <QPixmap>
#include <QWidget>

#include <optional>
#include <utility>

namespace nightjar::ui {

/// Places of round time steps for an axis: at most `most` of them between `from` and `to`, in whole minutes, hours or
/// days of UTC, and the label each one gets.
std::vector<std::pair<Timestamp, QString>> timeTicks(Timestamp from, Timestamp to, int most);
/// A round upper end of a value axis: 1, 2 or 5 times a power of ten, or 4 for the sake of halves.
std::int64_t niceTop(std::int64_t largest);

/// Events over time: allowed neutral, blocked red on top, marks of alerts above, a brush to choose a range. Painted
/// from a plain array; the bars are cached as a picture. Keys: ← → move the cursor by a bucket, Shift extends the
/// brush, Enter applies, Esc drops it; with the mouse: drag. Thread: GUI.
class Histogram : public QWidget {
    Q_OBJECT
public:
    struct Mark {
        Timestamp time = kNoTime;
        alerts::Severity severity = alerts::Severity::Medium;
    };

    explicit Histogram(QWidget *parent = nullptr);

    void setData(workspace::Histogram counts);
    void setMarks(std::vector<Mark> marks);
    /// Shows what is chosen; nothing: the brush goes away. `to` is exclusive.
    void setSelection(std::optional<std::pair<Timestamp, Timestamp>> range);
    /// Bars still being counted are drawn as grey places.
    void setLoading(bool loading);
    [[nodiscard]] std::optional<std::pair<Timestamp, Timestamp>> selection() const { return m_brush; }
    /// "14:05–14:10, 312 events" for the brush or the cursor: the text beside the picture and for screen readers.
    [[nodiscard]] QString rangeText() const;
    [[nodiscard]] QString bucketText() const; ///< "5 min buckets"
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// Enter or the end of a drag.
    void rangeChosen(qint64 from, qint64 to);
    void selectionChanged();
    void selectionCleared();
    /// Wheel: +1 in, -1 out, around a time.
    void zoomRequested(int direction, qint64 around);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] int count() const { return static_cast<int>(m_data.buckets.size()); }
    [[nodiscard]] int edge(int bucket) const;
    [[nodiscard]] int bucketAt(int x) const;
    [[nodiscard]] int xOf(Timestamp time) const;
    [[nodiscard]] Timestamp startOf(int bucket) const;
    void brushBuckets(int left, int right);
    void paintBars(QPainter &painter, bool onBrush) const;
    void paintAxes(QPainter &painter) const;
    void paintBrush(QPainter &painter) const;
    void describe();

    workspace::Histogram m_data;
    std::vector<Mark> m_marks;
    std::optional<std::pair<Timestamp, Timestamp>> m_brush;
    std::int64_t m_top = 1;
    int m_cursor = -1;
    int m_anchor = -1;
    bool m_dragging = false;
    bool m_loading = false;
    QPixmap m_bars;
};

} // namespace nightjar::ui
