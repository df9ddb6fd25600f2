// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/grabber.h"

#include <QDir>

namespace nightjar::ui {

namespace {

constexpr int kLookMs = 60;
constexpr int kQuietLooks = 6; ///< looks in a row without work before the picture is taken
constexpr qint64 kMostWaitMs = 20'000;
constexpr QSize kLarge(1600, 1000);
constexpr QSize kSmall(1280, 720);

} // namespace

ScreenGrabber::ScreenGrabber(MainWindow &window, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_folder(folder)
{
    for (const bool dark : {true, false}) {
        const QString tail = dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png");
        QStringList ids = window.screenIds();
        ids << QStringLiteral("palette") << QStringLiteral("firstrun");
        for (const QString &id : ids) {
            m_shots << Shot{id, dark, kLarge, id + tail};
            if (dark && id != u"palette") {
                m_shots << Shot{id, dark, kSmall, id + QStringLiteral("-1280") + tail};
            }
        }
    }
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &ScreenGrabber::look);
}

void ScreenGrabber::start()
{
    QDir().mkpath(m_folder);
    next();
}

void ScreenGrabber::prepare(const Shot &shot)
{
    if (Theme::instance().isDark() != shot.dark) {
        Theme::instance().apply(shot.dark ? ThemeChoice::Dark : ThemeChoice::Light);
    }
    m_window.resize(shot.size);
    if (shot.screen == u"firstrun") {
        m_window.showFirstRun();
    } else if (shot.screen == u"palette") {
        m_window.open({m_window.screenIds().front(), {}});
        m_window.openPalette();
    } else {
        m_window.open({shot.screen, {}});
    }
}

void ScreenGrabber::next()
{
    if (m_shots.isEmpty()) {
        m_timer.stop();
        Q_EMIT finished(m_written);
        return;
    }
    prepare(m_shots.front());
    m_quiet = 0;
    m_waited.start();
    m_timer.start();
}

void ScreenGrabber::look()
{
    if (Theme::instance().isDark() != m_shots.front().dark) {
        prepare(m_shots.front()); // the workspace opened meanwhile and brought its own theme
        m_quiet = 0;
        return;
    }
    m_quiet = m_window.busy() ? 0 : m_quiet + 1;
    if (m_quiet < kQuietLooks && m_waited.elapsed() < kMostWaitMs) {
        return;
    }
    m_timer.stop();
    const Shot shot = m_shots.takeFirst();
    if (m_window.grab().save(QDir(m_folder).filePath(shot.file))) {
        ++m_written;
    }
    m_window.palettePopup().hide();
    next();
}

} // namespace nightjar::ui
