// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/mainwindow.h"

#include <QElapsedTimer>
#include <QTimer>

namespace nightjar::ui {

/// Takes a picture of every screen: dark and light at 1600 × 1000, dark at 1280 × 720, the first run and the palette.
/// Waits for the jobs of each screen; needs an open workspace. Files are "overview-dark.png", "overview-1280-dark.png".
/// Thread: GUI, without nested event loops. finished() tells how many pictures were written.
class ScreenGrabber : public QObject {
    Q_OBJECT
public:
    ScreenGrabber(MainWindow &window, const QString &folder, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    void finished(int written);

private:
    struct Shot {
        QString screen;
        bool dark = true;
        QSize size;
        QString file;
    };
    void next();
    void look();
    void prepare(const Shot &shot);

    MainWindow &m_window;
    QString m_folder;
    QList<Shot> m_shots;
    QTimer m_timer;
    QElapsedTimer m_waited;
    int m_quiet = 0;
    int m_written = 0;
};

} // namespace nightjar::ui
