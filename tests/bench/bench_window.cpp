// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_window RECORDS: drops a made-up web log on the window and holds Page Down in Events while it is read in; then
// drops a second one and cancels it. Prints the event loop's longest gap, how often it missed a frame, the time to the
// first rows and how long the cancel took. Needs a display, or QT_QPA_PLATFORM=offscreen.
#include "base/memory.h"
#include "ui/screens/catalogue.h"
#include "ui/shell/gapmeter.h"
#include "ui/shell/mainwindow.h"
#include "ui/widgets/fasttable.h"
#include "workspace/demogenerator.h"

#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace nightjar;

void drop(ui::MainWindow &window, const std::filesystem::path &file)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(file.string()))});
    const QPoint place(window.width() / 2, window.height() / 2);
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
}

bool importing(ui::MainWindow &window)
{
    const auto &runs = window.services().imports().runs();
    return !runs.empty() && runs.front().running;
}

void report(const char *what, const ui::GapMeter &meter, double seconds)
{
    std::printf("{\"phase\":\"%s\",\"seconds\":%.2f,\"longest_gap_ms\":%.1f,\"gaps_over_16_ms\":%lld,"
                "\"gaps_over_50_ms\":%lld}\n",
                what, seconds, meter.longest(), static_cast<long long>(meter.overFrame()),
                static_cast<long long>(meter.overLimit()));
    std::fflush(stdout);
}

double secondsOf(const QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

/// Page Down while the file comes in; gives the time to the first rows in Events.
double browse(ui::MainWindow &window)
{
    QElapsedTimer timer;
    timer.start();
    double firstRows = -1;
    window.open({QStringLiteral("events"), {}});
    while (importing(window)) {
        QTest::qWait(30);
        auto *table = window.screen(QStringLiteral("events"))->findChild<ui::FastTable *>();
        if (table == nullptr || table->model() == nullptr || table->model()->rowCount() == 0) {
            continue;
        }
        if (firstRows < 0) {
            firstRows = secondsOf(timer);
        }
        QTest::keyClick(table, Qt::Key_PageDown);
    }
    return firstRows;
}

} // namespace

int main(int argc, char **argv)
{
    keepFreedMemory();
    QApplication application(argc, argv);
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_window RECORDS\n");
        return 2;
    }
    const auto records = static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10));
    const auto folder = std::filesystem::temp_directory_path() / "nightjar-bench-window";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    for (const int seed : {1, 2}) {
        if (auto made = workspace::writeBenchmarkLog(folder / (std::to_string(seed) + ".ndjson"), records,
                                                     static_cast<std::uint64_t>(seed));
            !made) {
            std::fprintf(stderr, "%s\n", describe(made.error()).c_str());
            return 3;
        }
    }
    present::Session session;
    ui::MainWindow window(session, ui::allScreens());
    window.resize(1600, 1000);
    window.setWorkspaceFolder(folder / "w");
    window.show();
    session.openWorkspace(folder / "w");
    if (!QTest::qWaitFor([&] { return session.isOpen(); }, 20'000)) {
        std::fprintf(stderr, "the workspace did not open\n");
        return 3;
    }
    window.open({QStringLiteral("events"), {}});
    QTest::qWait(2'000);

    ui::GapMeter meter;
    QElapsedTimer timer;
    timer.start();
    drop(window, folder / "1.ndjson");
    const double firstRows = browse(window);
    report("import", meter, secondsOf(timer));
    std::printf("{\"phase\":\"first rows\",\"seconds\":%.2f}\n", firstRows);

    meter.restart();
    timer.restart();
    for (const QString &id : window.screenIds()) {
        window.open({id, {}});
        QTest::qWait(500);
    }
    report("every screen", meter, secondsOf(timer));

    drop(window, folder / "2.ndjson");
    QTest::qWait(2'000);
    meter.restart();
    timer.restart();
    window.services().imports().cancel(window.services().imports().runs().front().jobId);
    if (!QTest::qWaitFor([&] { return !importing(window); }, 60'000)) {
        std::fprintf(stderr, "the import could not be cancelled\n");
        return 3;
    }
    report("cancel", meter, secondsOf(timer));
    std::filesystem::remove_all(folder);
    return 0;
}
