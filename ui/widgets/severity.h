// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"

#include <QColor>
#include <QPainter>
#include <QWidget>

#include <optional>

namespace nightjar::ui {

/// The shape of a severity (diamond, triangle, square, disc, ring), cached per level, size, colour and device ratio.
void paintSeverityShape(QPainter &painter, const QRect &place, alerts::Severity severity, const QColor &color);
/// Shape, letter and optional text ("94"), left aligned and centred in `rect`; returns the width used.
/// On a selected row the light theme draws the shape in the text colour, which keeps 3:1.
int paintSeverityChip(QPainter &painter, const QRect &rect, alerts::Severity severity, const QString &text = {},
                      bool selected = false);
/// "C", "H", "M", "L", "i" at the beginning of a cell's text.
std::optional<alerts::Severity> severityOfLetter(QChar letter);

/// The chip as a widget: shape, letter, text.
class SeverityChip : public QWidget {
    Q_OBJECT
public:
    explicit SeverityChip(alerts::Severity severity, const QString &text = {}, QWidget *parent = nullptr);
    void set(alerts::Severity severity, const QString &text);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    alerts::Severity m_severity;
    QString m_text;
};

} // namespace nightjar::ui
