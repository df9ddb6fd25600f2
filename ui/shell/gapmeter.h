// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace nightjar::ui {

/// How long the event loop was away: a timer of 5 ms notes by how much it comes late. What the machine gives to other
/// programs counts, too. Thread: that of the loop it measures.
class GapMeter : public QObject {
    Q_OBJECT
public:
    explicit GapMeter(QObject *parent = nullptr);

    /// Forgets what was measured.
    void restart();
    [[nodiscard]] double longest() const { return m_longest; }     ///< milliseconds
    [[nodiscard]] qint64 overFrame() const { return m_overFrame; } ///< gaps above 16 ms, one frame
    [[nodiscard]] qint64 overLimit() const { return m_overLimit; } ///< gaps above 50 ms, which a hand notices

Q_SIGNALS:
    /// A gap above 50 ms.
    void late(double milliseconds);

private:
    void tick();

    QTimer m_timer;
    QElapsedTimer m_since;
    double m_longest = 0;
    qint64 m_overFrame = 0;
    qint64 m_overLimit = 0;
};

} // namespace nightjar::ui
