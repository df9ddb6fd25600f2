// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/history.h"
#include "ui/shell/palette.h"
#include "ui/shell/screen.h"
#include "ui/widgets/overlays.h"

#include <QMainWindow>
#include <QStackedWidget>

namespace nightjar::ui {

class DropOverlay;
class FirstRunScreen;
class KeySheet;
class NavRail;
class StatusStrip;
class TopBar;

/// The window: top bar, rail, screens, status strip; navigation, keys, drops, toasts. Owns nothing of the engine.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(present::Session &session, const std::vector<ScreenEntry> &screens, QWidget *parent = nullptr);
    ~MainWindow() override;

    ShellServices &services() { return m_services; }
    /// Where a workspace is made or opened when none is open yet (first run).
    void setWorkspaceFolder(const std::filesystem::path &folder);
    void showFirstRun();
    void open(const Address &address);
    [[nodiscard]] QString currentScreen() const;
    [[nodiscard]] Screen *screen(const QString &id) const;
    [[nodiscard]] QStringList screenIds() const;
    void goBack();
    void goForward();
    void openPalette();
    void toggleJobs();
    void toggleKeys();
    void nextPane();
    /// Makes the demo in `folder` as a job and opens it.
    void openDemo(const std::filesystem::path &folder);
    void applyTheme(ThemeChoice choice);
    /// True while the shown screen or the window itself still waits for the session.
    [[nodiscard]] bool busy() const;
    Palette &palettePopup() { return *m_palette; }

Q_SIGNALS:
    void themeChosen(int choice);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Status;
    void buildLayout(const std::vector<ScreenEntry> &screens);
    void connectServices();
    void addKeys();
    void addKey(const QKeySequence &key, std::function<void()> act);
    void showAddress(const Address &address);
    /// `read`: asks the tenant for its list; only the simulated one is asked without a press of the user.
    void refreshStatus(bool read = false);
    void takeStatus(const Status &status);
    void chooseFiles();
    void chooseFolder();
    void chooseFollow();
    void startImport(const QStringList &paths, bool follow);
    void tellImport(const Imports::Run &run);
    void tellSettled(const std::vector<workspace::BlockOutcome> &outcomes);
    void undoLast();
    void placeOverlays();
    void setBanner();
    void leaveFirstRun();
    [[nodiscard]] QList<PaletteItem> paletteItems(const QString &text);
    [[nodiscard]] QList<PaletteItem> valueItems(const QString &text);

    present::Session &m_session;
    ShellServices m_services;
    History m_history;
    std::vector<ScreenEntry> m_entries;
    QList<QPair<QString, Screen *>> m_screens;
    TopBar *m_top = nullptr;
    NavRail *m_rail = nullptr;
    QStackedWidget *m_stack = nullptr;
    StatusStrip *m_status = nullptr;
    NoticeBar *m_banner = nullptr;
    FirstRunScreen *m_firstRun = nullptr;
    Palette *m_palette = nullptr;
    JobsPopover *m_jobs = nullptr;
    DropOverlay *m_drop = nullptr;
    KeySheet *m_keys = nullptr;
    ToastStack *m_toasts = nullptr;
    present::Latest m_statusAsk;
    std::filesystem::path m_folder;
    QStringList m_waitingPaths; ///< dropped before a workspace was open
    bool m_waitingFollow = false;
};

} // namespace nightjar::ui
