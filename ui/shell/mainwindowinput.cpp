// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What comes into the window: files, drops, the palette's items.
#include "ui/shell/mainwindow.h"

#include "base/text.h"
#include "present/show.h"
#include "ui/shell/windowoverlays.h"
#include "workspace/workspace.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>

namespace nightjar::ui {

namespace {

QStringList localPaths(const QMimeData *data)
{
    QStringList paths;
    for (const QUrl &url : data->urls()) {
        if (url.isLocalFile()) {
            paths << url.toLocalFile();
        }
    }
    return paths;
}

} // namespace

void MainWindow::chooseFiles()
{
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Import logs"));
    if (!paths.isEmpty()) {
        startImport(paths, false);
    }
}

void MainWindow::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Import a folder of logs"));
    if (!path.isEmpty()) {
        startImport({path}, false);
    }
}

void MainWindow::chooseFollow()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Follow a log file"));
    if (!path.isEmpty()) {
        startImport({path}, true);
    }
}

void MainWindow::startImport(const QStringList &paths, bool follow)
{
    if (!m_session.isOpen()) {
        m_waitingPaths = paths;
        m_waitingFollow = follow;
        if (!m_session.isOpening()) {
            m_session.openWorkspace(m_folder);
        }
    } else if (follow) {
        m_services.imports().follow(paths.first());
    } else {
        m_services.imports().start(paths);
    }
    open({QStringLiteral("sources"), {}});
}

void MainWindow::tellImport(const Imports::Run &run)
{
    if (!run.summary) {
        return; // the session has told the error
    }
    const bool bad = run.summary->quarantined > 0;
    m_services.toast(
        {.kind = bad ? ToastKind::Warn : ToastKind::Ok,
         .title = run.name,
         .detail = importSentence(*run.summary),
         .actionLabel = bad                       ? tr("Show bad records")
                        : run.summary->alerts > 0 ? tr("Show alerts")
                                                  : tr("Show events"),
         .action = [this, bad, alerts = run.summary->alerts > 0] {
             open({bad ? QStringLiteral("sources") : alerts ? QStringLiteral("alerts") : QStringLiteral("events"), {}});
         }});
}

void MainWindow::openDemo(const std::filesystem::path &folder)
{
    const auto work = [folder](const present::JobReporter &reporter,
                               const CancelToken &cancel) -> Result<workspace::DemoSummary> {
        std::error_code ignored;
        if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_empty(folder, ignored)) {
            return workspace::DemoSummary{}; // made before: opened as it was left
        }
        constexpr std::uint64_t kSeed = 1;
        const auto progress = [&](const std::string &stage, double fraction) {
            reporter.report(fraction, present::shown(stage));
        };
        return workspace::makeDemo(folder, kSeed, progress, cancel);
    };
    m_session.startFreeJob(tr("Make the demo"), work, this, [this, folder](const Result<workspace::DemoSummary> &made) {
        if (made) {
            m_session.openWorkspace(folder);
        }
    });
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QStringList paths = localPaths(event->mimeData());
    if (!paths.isEmpty()) {
        event->acceptProposedAction();
        m_drop->showFor(paths);
    }
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *)
{
    m_drop->hide();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    m_drop->hide();
    const QStringList paths = localPaths(event->mimeData());
    if (!paths.isEmpty()) {
        event->acceptProposedAction();
        startImport(paths, false);
    }
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    // Asks once while jobs run; a second close within the toast's life goes through.
    if (m_session.jobs().running() > 0 && !property("njClosing").toBool()) {
        setProperty("njClosing", true);
        QTimer::singleShot(px(Length::ToastMinMs), this, [this] { setProperty("njClosing", false); });
        m_services.toast({.kind = ToastKind::Warn,
                          .title = tr("%n job(s) still running", nullptr, m_session.jobs().running()),
                          .detail = tr("Close again to stop them. What was read stays."),
                          .actionLabel = tr("Stop and close"),
                          .action = [this] { close(); }});
        event->ignore();
        return;
    }
    QMainWindow::closeEvent(event);
}

QList<PaletteItem> MainWindow::valueItems(const QString &text)
{
    QList<PaletteItem> items;
    if (text.isEmpty()) {
        return items;
    }
    const QString group = tr("Actions");
    const QString shown = present::shown(text.toStdString(), 80);
    items << PaletteItem{
        group, QStringLiteral("events"), tr("Events with %1").arg(shown), tr("searches all fields"), {}, [this, text] {
            QUrlQuery query;
            QString quoted = text;
            query.addQueryItem(QStringLiteral("q"), u'"' + quoted.remove(u'"') + u'"');
            open({QStringLiteral("events"), query});
        }};
    if (text.contains(u'.') && !text.contains(u' ')) {
        items << PaletteItem{group,
                             QStringLiteral("block"),
                             tr("Block %1").arg(present::shownDefanged(text.toStdString(), 80)),
                             tr("shows first what it would do"),
                             {},
                             [this, text] {
                                 QUrlQuery query;
                                 query.addQueryItem(QStringLiteral("value"), text);
                                 open({QStringLiteral("response"), query});
                             }};
    }
    return items;
}

QList<PaletteItem> MainWindow::paletteItems(const QString &text)
{
    QList<PaletteItem> items;
    const auto offer = [&](PaletteItem item) {
        if (paletteMatches(item.text + u' ' + item.effect, text)) {
            items << std::move(item);
        }
    };
    int number = 0;
    for (const ScreenEntry &entry : m_entries) {
        offer({tr("Screens"), entry.icon, entry.name, {}, tr("Ctrl %1").arg(++number), [this, id = entry.id] {
                   open({id, {}});
               }});
    }
    if (Screen *shown = screen(currentScreen())) {
        for (QAction *action : shown->actions()) {
            if (action->isEnabled() && !action->text().isEmpty()) {
                offer({tr("On this screen"),
                       QStringLiteral("play"),
                       action->text(),
                       {},
                       action->shortcut().toString(),
                       [action] { action->trigger(); }});
            }
        }
    }
    const QString group = tr("Commands");
    offer({group, QStringLiteral("sources"), tr("Import files"), tr("logs, exports, archives"),
           QStringLiteral("Ctrl O"), [this] { chooseFiles(); }});
    offer({group, QStringLiteral("folder"), tr("Import a folder"), tr("everything in it"), {}, [this] {
               chooseFolder();
           }});
    offer({group, QStringLiteral("follow"), tr("Follow a file"), tr("reads on as it grows"), {}, [this] {
               chooseFollow();
           }});
    offer({group, QStringLiteral("test"), tr("Open the demo"), tr("made-up events, simulated tenant"), {}, [this] {
               m_services.openDemo();
           }});
    offer({group, QStringLiteral("undo"), tr("Undo"), m_services.undo().nextText(), QStringLiteral("Ctrl Z"),
           [this] { undoLast(); }});
    offer({group, QStringLiteral("jobs"), tr("Jobs"), {}, QStringLiteral("Ctrl J"), [this] { toggleJobs(); }});
    offer({group, QStringLiteral("look"), tr("Look: dark"), {}, {}, [this] { applyTheme(ThemeChoice::Dark); }});
    offer({group, QStringLiteral("look"), tr("Look: light"), {}, {}, [this] { applyTheme(ThemeChoice::Light); }});
    offer({group, QStringLiteral("look"), tr("Look: as the system"), {}, {}, [this] {
               applyTheme(ThemeChoice::System);
           }});
    offer({group, QStringLiteral("keyboard"), tr("Keys"), {}, QStringLiteral("?"), [this] { toggleKeys(); }});
    return valueItems(text) + items;
}

} // namespace nightjar::ui
