// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "present/show.h"
#include "ui/screens/firstrun.h"
#include "ui/shell/navrail.h"
#include "ui/shell/plurals.h"
#include "ui/shell/statusstrip.h"
#include "ui/shell/topbar.h"
#include "ui/shell/windowoverlays.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/histogram.h"
#include "workspace/workspace.h"

#include <QShortcut>

namespace nightjar::ui {

/// What the bars of the window show, fetched in one go.
struct MainWindow::Status {
    Result<workspace::Overview> overview = workspace::Overview{};
    Result<workspace::DenyListState> deny = workspace::DenyListState{};
};

MainWindow::MainWindow(present::Session &session, const std::vector<ScreenEntry> &screens, QWidget *parent)
    : QMainWindow(parent)
    , m_session(session)
    , m_services(session)
    , m_entries(screens)
    , m_folder(workspace::defaultWorkspaceFolder())
{
    setWindowTitle(QStringLiteral("Nightjar"));
    setAcceptDrops(true);
    resize(1600, 1000);
    setMinimumSize(960, 600);
    installPlurals();
    buildLayout(screens);
    connectServices();
    addKeys();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildLayout(const std::vector<ScreenEntry> &screens)
{
    auto *centre = new QWidget;
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_top = new TopBar(m_services);
    m_banner = new NoticeBar(NoticeBar::Kind::Warn);
    m_banner->hide();
    m_rail = new NavRail;
    m_stack = new QStackedWidget;
    m_status = new StatusStrip(m_session.jobs());
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(m_stack, 1);
    column->addWidget(m_top);
    column->addWidget(m_banner);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(centre);
    int number = 0;
    for (const ScreenEntry &entry : screens) {
        Screen *made = entry.make(m_services, nullptr);
        m_screens << qMakePair(entry.id, made);
        m_stack->addWidget(made);
        m_rail->add(entry.id, entry.icon, entry.name, tr("Ctrl+%1").arg(++number));
    }
    m_firstRun = new FirstRunScreen(m_services);
    m_stack->addWidget(m_firstRun);
    m_palette = new Palette([this](const QString &text) { return paletteItems(text); }, this);
    m_jobs = new JobsPopover(m_session.jobs(), this);
    m_jobs->hide();
    m_drop = new DropOverlay(this);
    m_keys = new KeySheet(this);
    m_toasts = new ToastStack(this);
    m_toasts->setBottom(px(Length::StatusStrip) + px(Length::PaneInset));
}

void MainWindow::connectServices()
{
    connect(m_rail, &NavRail::chosen, this, [this](const QString &id) { open({id, {}}); });
    connect(m_top, &TopBar::backClicked, this, &MainWindow::goBack);
    connect(m_top, &TopBar::forwardClicked, this, &MainWindow::goForward);
    connect(m_top, &TopBar::commandClicked, this, &MainWindow::openPalette);
    connect(m_top, &TopBar::helpClicked, this, &MainWindow::toggleKeys);
    connect(m_top, &TopBar::themeChosen, this, [this](int choice) { applyTheme(static_cast<ThemeChoice>(choice)); });
    connect(m_status->jobsButton(), &Button::clicked, this, &MainWindow::toggleJobs);
    connect(m_jobs, &JobsPopover::resized, this, &MainWindow::placeOverlays);
    connect(m_jobs, &JobsPopover::closed, m_jobs, &QWidget::hide);
    connect(&m_services, &ShellServices::openRequested, this, &MainWindow::open);
    connect(&m_services, &ShellServices::addressChanged, this, [this](const Address &address) {
        m_history.visit(address);
        m_top->setHistory(m_history.canGoBack(), m_history.canGoForward());
    });
    connect(&m_services, &ShellServices::toastRequested, m_toasts, &ToastStack::show);
    connect(&m_services, &ShellServices::selectionSummaryChanged, m_status, &StatusStrip::setSelection);
    connect(&m_services, &ShellServices::badgeChanged, m_rail, &NavRail::setBadge);
    connect(&m_services, &ShellServices::importRequested, this,
            [this](const QStringList &paths) { startImport(paths, false); });
    connect(&m_services, &ShellServices::followRequested, this,
            [this](const QString &path) { startImport({path}, true); });
    connect(&m_services, &ShellServices::chooseFilesRequested, this, &MainWindow::chooseFiles);
    connect(&m_services, &ShellServices::demoRequested, this, [this] { openDemo(m_folder.parent_path() / "demo"); });
    connect(&m_services.imports(), &Imports::finished, this, &MainWindow::tellImport);
    connect(&m_services.undo(), &present::UndoStack::undone, this, [this](const QString &text) {
        m_services.toast(
            {.kind = ToastKind::Ok, .title = tr("Taken back"), .detail = text, .actionLabel = {}, .action = {}});
    });
    connect(&m_services.undo(), &present::UndoStack::failed, &m_services, &ShellServices::tellError);
    connect(m_firstRun, &FirstRunScreen::demoChosen, this, &MainWindow::openDemo);
    connect(m_firstRun, &FirstRunScreen::workspaceChosen, this,
            [this](const std::filesystem::path &folder, const QString &screenId) {
                m_folder = folder;
                m_session.openWorkspace(folder);
                open({screenId, {}});
            });
    connect(&m_session, &present::Session::opened, this, [this] {
        m_folder = m_session.folder();
        m_services.forgetDenyList();
        leaveFirstRun();
        refreshStatus(m_session.isDemo());
        if (!m_waitingPaths.isEmpty()) {
            startImport(std::exchange(m_waitingPaths, {}), std::exchange(m_waitingFollow, false));
        }
    });
    connect(&m_session, &present::Session::openFailed, &m_services, &ShellServices::tellError);
    connect(&m_session, &present::Session::errorOccurred, &m_services, &ShellServices::tellError);
    connect(&m_session, &present::Session::settled, this, &MainWindow::tellSettled);
    connect(&m_session, &present::Session::revisionChanged, this, [this] {
        if (!m_statusAsk.busy()) {
            refreshStatus(m_session.isDemo());
        }
    });
}

void MainWindow::tellSettled(const std::vector<workspace::BlockOutcome> &outcomes)
{
    constexpr std::size_t kNamed = 3;
    QStringList named;
    for (const workspace::BlockOutcome &o : outcomes) {
        if (static_cast<std::size_t>(named.size()) < kNamed) {
            named << QString::fromStdString(o.entry) + u": " + QString::fromStdString(o.result);
        }
    }
    if (outcomes.size() > kNamed) {
        named << tr("and %n more", nullptr, static_cast<int>(outcomes.size() - kNamed));
    }
    m_services.forgetDenyList();
    m_services.toast({.kind = ToastKind::Info,
                      .title = tr("Open changes on the tenant were settled"),
                      .detail = named.join(u", "),
                      .actionLabel = {},
                      .action = {}});
}

void MainWindow::addKey(const QKeySequence &key, std::function<void()> act)
{
    auto *shortcut = new QShortcut(key, this);
    connect(shortcut, &QShortcut::activated, this, std::move(act));
}

void MainWindow::addKeys()
{
    addKey(Qt::CTRL | Qt::Key_K, [this] { openPalette(); });
    addKey(Qt::CTRL | Qt::Key_J, [this] { toggleJobs(); });
    addKey(Qt::CTRL | Qt::Key_O, [this] { chooseFiles(); });
    addKey(Qt::CTRL | Qt::Key_Z, [this] { undoLast(); });
    addKey(Qt::ALT | Qt::Key_Left, [this] { goBack(); });
    addKey(Qt::ALT | Qt::Key_Right, [this] { goForward(); });
    addKey(Qt::Key_F6, [this] { nextPane(); });
    addKey(Qt::Key_F1, [this] { toggleKeys(); });
    addKey(Qt::Key_Question, [this] { toggleKeys(); });
    const auto query = [this] {
        if (Screen *shown = screen(currentScreen())) {
            shown->focusQuery();
        }
    };
    addKey(Qt::Key_Slash, query);
    addKey(Qt::CTRL | Qt::Key_F, query);
    addKey(Qt::Key_F5, [this] {
        if (Screen *shown = screen(currentScreen())) {
            shown->refresh();
        }
    });
    for (int i = 0; i < m_screens.size() && i < 9; ++i) {
        addKey(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)), [this, id = m_screens[i].first] {
            open({id, {}});
        });
    }
}

void MainWindow::setWorkspaceFolder(const std::filesystem::path &folder)
{
    m_folder = folder;
    m_firstRun->setFolder(folder);
}

void MainWindow::showFirstRun()
{
    m_firstRun->setFolder(m_folder);
    m_top->setBare(true);
    m_rail->hide();
    m_banner->hide();
    m_stack->setCurrentWidget(m_firstRun);
    m_status->setState({});
    m_status->setSelection({});
    m_firstRun->activate({QStringLiteral("firstrun"), {}});
}

void MainWindow::leaveFirstRun()
{
    m_top->setBare(false);
    m_rail->show();
    setBanner();
    if (m_stack->currentWidget() == m_firstRun && !m_screens.isEmpty()) {
        open({m_screens.front().first, {}});
    } else if (const Address *current = m_history.current()) {
        showAddress(*current); // the same place in another workspace
    }
}

void MainWindow::setBanner()
{
    m_banner->clearButtons();
    m_banner->setVisible(m_session.isOpen() && m_session.isDemo());
    if (m_session.isDemo()) {
        m_banner->set(NoticeBar::Kind::Warn, tr("Demo data."),
                      tr("Events are made up, the Zscaler tenant is simulated on this machine. Nothing leaves it."));
        connect(m_banner->addButton(tr("Leave the demo")), &Button::clicked, this, [this] {
            m_folder = workspace::defaultWorkspaceFolder();
            showFirstRun();
        });
    }
}

QString MainWindow::currentScreen() const
{
    for (const auto &[id, made] : m_screens) {
        if (m_stack->currentWidget() == made) {
            return id;
        }
    }
    return QStringLiteral("firstrun");
}

Screen *MainWindow::screen(const QString &id) const
{
    for (const auto &[name, made] : m_screens) {
        if (name == id) {
            return made;
        }
    }
    return nullptr;
}

QStringList MainWindow::screenIds() const
{
    QStringList ids;
    for (const auto &[id, made] : m_screens) {
        ids << id;
    }
    return ids;
}

void MainWindow::open(const Address &address)
{
    if (screen(address.screen) != nullptr) {
        m_history.visit(address);
        showAddress(address);
    }
}

void MainWindow::showAddress(const Address &address)
{
    Screen *target = screen(address.screen);
    if (target == nullptr) {
        return;
    }
    if (!m_rail->isVisibleTo(this)) {
        m_top->setBare(false);
        m_rail->show();
        setBanner();
        if (m_session.isOpen()) {
            refreshStatus(m_session.isDemo());
        }
    }
    m_services.setSelectionSummary({});
    m_stack->setCurrentWidget(target);
    m_rail->setCurrent(address.screen);
    m_top->setHistory(m_history.canGoBack(), m_history.canGoForward());
    target->setFocus(Qt::OtherFocusReason); // the screen may put it elsewhere
    target->activate(address);
}

void MainWindow::goBack()
{
    if (const auto address = m_history.back()) {
        showAddress(*address);
    }
}

void MainWindow::goForward()
{
    if (const auto address = m_history.forward()) {
        showAddress(*address);
    }
}

void MainWindow::openPalette()
{
    m_palette->openOver(rect());
}

void MainWindow::toggleJobs()
{
    m_jobs->setVisible(!m_jobs->isVisible());
    if (m_jobs->isVisible()) {
        placeOverlays();
        m_jobs->raise();
        m_jobs->setFocus(Qt::PopupFocusReason);
    }
}

void MainWindow::toggleKeys()
{
    if (m_keys->isVisible()) {
        m_keys->hide();
        return;
    }
    Screen *shown = screen(currentScreen());
    QString name;
    for (const ScreenEntry &entry : m_entries) {
        name = entry.id == currentScreen() ? entry.name : name;
    }
    m_keys->showFor(name, shown != nullptr ? shown->keys() : KeySheet::Keys{});
}

void MainWindow::nextPane()
{
    QWidgetList panes;
    const QWidgetList inside = m_stack->currentWidget()->findChildren<QWidget *>();
    for (QWidget *widget : inside) {
        const bool pane = qobject_cast<FastTable *>(widget) != nullptr ||
                          qobject_cast<Histogram *>(widget) != nullptr ||
                          qobject_cast<QAbstractItemView *>(widget) != nullptr || widget->property("njPane").toBool();
        if (pane && widget->isVisible() && widget->focusPolicy() != Qt::NoFocus) {
            panes << widget;
        }
    }
    panes << m_status->jobsButton() << m_top->commandField() << m_rail;
    qsizetype at = panes.size() - 1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes[i]->hasFocus() || panes[i]->isAncestorOf(focusWidget())) {
            at = i;
        }
    }
    QWidget *next = panes[(at + 1) % panes.size()];
    if (next == m_rail) {
        m_rail->focusCurrent();
    } else {
        next->setFocus(Qt::ShortcutFocusReason);
    }
}

void MainWindow::refreshStatus(bool read)
{
    m_session.runLatest(
        m_statusAsk, present::Priority::Count,
        [read](workspace::Workspace &space, const CancelToken &) {
            return Status{space.triage().overview(kNoTime, kNoTime, 1), space.respond().denyList(read)};
        },
        this, [this](const Status &status) { takeStatus(status); });
}

void MainWindow::takeStatus(const Status &status)
{
    StatusStrip::State state;
    state.open = true;
    if (status.overview) {
        state.events = status.overview->events;
        state.bytes = status.overview->storeBytes;
        state.quarantined = status.overview->quarantined;
        m_top->setNewest(status.overview->lastEvent);
        m_rail->setBadge(QStringLiteral("alerts"), status.overview->openAlerts);
    }
    if (status.deny) {
        m_services.noteDenyList(*status.deny);
    }
    const workspace::DenyListState &deny = m_services.denyList();
    state.connected = deny.connected;
    state.simulated = deny.simulated;
    state.denied = static_cast<std::int64_t>(deny.entries.size());
    state.capacity = deny.capacity;
    state.activation = present::shown(deny.activation);
    const QString tenant = deny.tenant.empty() ? tr("no tenant") : present::shown(deny.tenant, 60);
    m_top->setTenant(tenant, deny.simulated);
    m_status->setState(state);
}

bool MainWindow::busy() const
{
    const Screen *shown = screen(currentScreen());
    return m_session.isOpening() || m_statusAsk.busy() || (shown != nullptr && shown->busy());
}

void MainWindow::undoLast()
{
    if (m_services.undo().isEmpty()) {
        m_services.toast(
            {.kind = ToastKind::Info,
             .title = tr("Nothing to undo"),
             .detail =
                 tr("This window has changed nothing yet. Older pushes can be undone in the journal of Response."),
             .actionLabel = {},
             .action = {}});
        return;
    }
    m_services.undo().undo();
}

void MainWindow::applyTheme(ThemeChoice choice)
{
    Theme::instance().apply(choice);
    Q_EMIT themeChosen(static_cast<int>(choice));
}

void MainWindow::placeOverlays()
{
    m_jobs->adjustSize();
    const QPoint strip = m_status->jobsButton()->mapTo(this, QPoint(0, 0));
    const int x = std::clamp(strip.x() - 16, 8, std::max(8, width() - m_jobs->width() - 8));
    m_jobs->move(x, height() - px(Length::StatusStrip) - m_jobs->height() - 4);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    const bool small = width() <= px(Length::Small);
    m_rail->setSmall(small);
    m_top->setSmall(small);
    for (const auto &[id, made] : std::as_const(m_screens)) {
        made->setNarrow(small);
    }
    m_palette->hide();
    m_keys->hide();
    placeOverlays();
}

} // namespace nightjar::ui
