// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"

#include <QWidget>

#include <cstdint>
#include <utility>
#include <vector>

namespace nightjar::ui {

/// Hits a day of a rule as it is edited, with those of its saved version as dashed outlines behind. Painted from plain
/// arrays; the numbers stand over the bars and in the accessible description. Thread: GUI.
class DayChart : public QWidget {
    Q_OBJECT
public:
    using Days = std::vector<std::pair<Timestamp, std::int64_t>>; ///< start of the day, hits; gaps are days without
    explicit DayChart(QWidget *parent = nullptr);
    /// `saved` null: there is no other version.
    void set(const Days &now, const Days *saved);
    QSize sizeHint() const override { return {360, 132}; }
    QSize minimumSizeHint() const override { return {160, 96}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Day {
        Timestamp start = kNoTime;
        std::int64_t now = 0, saved = 0;
    };
    std::vector<Day> m_days;
    bool m_compared = false;
};

} // namespace nightjar::ui
