// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/playbooks/playbooksscreen.h"

#include "present/show.h"

#include <QAction>
#include <QSplitter>

namespace nightjar::ui {

namespace {

constexpr int kListWidth = 500;

StateLook playbookLook(const QString &state)
{
    if (state == present::PlaybooksModel::tr("on")) {
        return {QStringLiteral("play"), Color::Ok};
    }
    if (state == present::PlaybooksModel::tr("off")) {
        return {QStringLiteral("pause"), Color::Text2};
    }
    return {QStringLiteral("warning"), Color::Warn};
}

StateLook runLook(const QString &state)
{
    if (state == u"done") {
        return {QStringLiteral("allowed"), Color::Ok};
    }
    if (state == u"failed" || state == u"interrupted") {
        return {QStringLiteral("warning"), Color::Error};
    }
    if (state == u"denied" || state == u"skipped") {
        return {QStringLiteral("minus"), Color::Text2};
    }
    return {QStringLiteral("clock"), Color::Warn};
}

} // namespace

PlaybooksScreen::PlaybooksScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_controller(services.session(), services.undo())
    , m_head(new ScreenHead(tr("Playbooks")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *add = new Button(tr("New playbook"), ButtonKind::Primary, QStringLiteral("plus"));
    connect(add, &Button::clicked, this, &PlaybooksScreen::writeNew);
    m_head->addTrailing(add);
    column->addWidget(m_head);
    auto *panes = new QSplitter(Qt::Horizontal);
    panes->setChildrenCollapsible(false);
    panes->setHandleWidth(1);
    panes->addWidget(buildLists());
    auto *right = new QSplitter(Qt::Vertical);
    right->setChildrenCollapsible(false);
    right->setHandleWidth(1);
    m_pane = new PlaybookPane(m_controller);
    m_steps = new StepsPane(m_controller);
    right->addWidget(m_pane);
    right->addWidget(m_steps);
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 2);
    panes->addWidget(right);
    panes->setStretchFactor(0, 0);
    panes->setStretchFactor(1, 1);
    panes->setSizes({kListWidth, 2 * kListWidth});
    column->addWidget(panes, 1);
    connectController();
    addActions();
    take();
}

QWidget *PlaybooksScreen::buildLists()
{
    auto *left = new QSplitter(Qt::Vertical);
    left->setChildrenCollapsible(false);
    left->setHandleWidth(1);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Playbooks"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{0, CellStyle::Strong}, {84, CellStyle::State}, {132, CellStyle::Muted}});
    m_table->setStateLook(playbookLook);
    m_table->setModel(&m_controller.playbooks());
    left->addWidget(m_table);
    auto *lower = new QWidget;
    auto *column = new QVBoxLayout(lower);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new PaneHead(tr("Runs"), tr("newest first")));
    column->addWidget(new Hairline);
    m_runs = new FastTable;
    m_runs->setAccessibleName(tr("Runs"));
    m_runs->setSelectionMode(QAbstractItemView::SingleSelection);
    m_runs->setColumnSpecs(
        {{112, CellStyle::Time}, {92, CellStyle::State}, {0, CellStyle::Text}, {64, CellStyle::Number}});
    m_runs->setStateLook(runLook);
    m_runs->setModel(&m_controller.runs());
    column->addWidget(m_runs, 1);
    m_noRuns = new EmptyState(QStringLiteral("clock"), tr("Nothing has run yet."),
                              tr("Runs of playbooks that are on, and those by hand, stand here with every step."));
    column->addWidget(m_noRuns, 1);
    left->addWidget(lower);
    left->setStretchFactor(0, 1);
    left->setStretchFactor(1, 1);
    return left;
}

void PlaybooksScreen::addActions()
{
    const auto add = [this](const QString &text, const QKeySequence &key, auto work) {
        auto *action = new QAction(text, this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, work);
        addAction(action);
    };
    add(tr("Write a new playbook"), QKeySequence(Qt::CTRL | Qt::Key_N), [this] { writeNew(); });
    add(tr("Save the playbook"), QKeySequence(Qt::CTRL | Qt::Key_S), [this] { m_pane->save(); });
    add(tr("Dry run on an alert"), QKeySequence(Qt::CTRL | Qt::Key_D), [this] { m_steps->focusAlert(); });
    add(tr("Turn the playbook on or off"), QKeySequence(Qt::CTRL | Qt::Key_E), [this] { m_pane->toggle(); });
}

void PlaybooksScreen::connectController()
{
    connect(&m_controller, &present::PlaybookController::changed, this, &PlaybooksScreen::take);
    connect(&m_controller, &present::PlaybookController::textRead, this,
            [this](const QString &id, const QString &text) { m_pane->openText(id, text); });
    connect(&m_controller, &present::PlaybookController::failed, this,
            [this](const Error &error) { services().tellError(error); });
    connect(&m_controller, &present::PlaybookController::saved, this, [this](const QString &id) { m_wanted = id; });
    connect(m_table, &FastTable::currentRowChanged, this, &PlaybooksScreen::choose);
    connect(m_runs, &FastTable::currentRowChanged, this, &PlaybooksScreen::chooseRun);
    connect(m_pane, &PlaybookPane::stateChanged, this, [this] {
        m_steps->setUsable(m_pane->isOpen() && m_pane->isUsable(),
                           m_pane->isOpen() && m_pane->isUsable() && !m_pane->isChanged() && !m_pane->id().isEmpty());
    });
    connect(m_steps, &StepsPane::rehearsalAsked, this, &PlaybooksScreen::rehearse);
    connect(m_steps, &StepsPane::runAsked, this, &PlaybooksScreen::runNow);
    connect(&services().undo(), &present::UndoStack::undone, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
}

void PlaybooksScreen::activate(const Address &address)
{
    m_wanted = address.query.queryItemValue(QStringLiteral("id"), QUrl::FullyDecoded);
    const qint64 alert = address.query.queryItemValue(QStringLiteral("alert")).toLongLong();
    if (alert > 0) {
        m_steps->setAlert(alert);
    }
    refresh();
    if (!m_pane->isOpen()) {
        m_table->setFocus(Qt::OtherFocusReason);
    }
}

std::vector<std::pair<QString, QString>> PlaybooksScreen::keys() const
{
    return {{tr("Ctrl+N"), tr("write a new playbook")},
            {tr("Ctrl+S"), tr("save it")},
            {tr("Ctrl+D"), tr("dry run on an alert")},
            {tr("Ctrl+E"), tr("turn it on or off")}};
}

void PlaybooksScreen::take()
{
    const int count = m_controller.playbooks().rowCount();
    const int asking = m_controller.waitingForApproval();
    m_head->setSub(
        tr("%1 of %2 run by themselves").arg(QString::number(m_controller.enabledCount()), QString::number(count)) +
        (asking > 0 ? tr("; %1 waiting for an answer").arg(asking) : QString()));
    services().setBadge(QStringLiteral("playbooks"), asking);
    const bool any = m_controller.runs().rowCount() > 0;
    m_runs->setVisible(any);
    m_noRuns->setVisible(!any);
    if (!m_wanted.isEmpty()) {
        for (int row = 0; row < count; ++row) {
            if (m_controller.playbooks().index(row, 0).data(present::RowsModel::RawRole).toString() == m_wanted) {
                m_table->setCurrentIndex(m_controller.playbooks().index(row, 0));
            }
        }
        m_wanted.clear();
    } else if (!m_pane->isOpen() && count > 0 && !m_table->currentIndex().isValid()) {
        m_table->setCurrentIndex(m_controller.playbooks().index(0, 0));
    }
    m_pane->take();
    m_steps->take();
}

void PlaybooksScreen::choose(int row)
{
    const QString id =
        row < 0 ? QString() : m_controller.playbooks().index(row, 0).data(present::RowsModel::RawRole).toString();
    if (id.isEmpty() || id == m_pane->id()) {
        return;
    }
    if (m_pane->isChanged()) {
        services().toast({.kind = ToastKind::Info,
                          .title = tr("The playbook was edited"),
                          .detail = tr("Save or revert it before you open another one."),
                          .actionLabel = {},
                          .action = {}});
        return;
    }
    m_controller.read(id);
}

void PlaybooksScreen::chooseRun(int row)
{
    const qint64 run = row < 0 ? 0 : m_controller.runs().index(row, 0).data(present::RowsModel::RowIdRole).toLongLong();
    if (run > 0) {
        m_steps->showRun(run);
        m_controller.showRun(run);
    }
}

void PlaybooksScreen::rehearse()
{
    if (m_pane->isOpen() && m_pane->isUsable()) {
        m_runs->setCurrentIndex({});
        m_steps->showRun(0);
        m_controller.rehearse(m_pane->text(), m_steps->alert());
    }
}

void PlaybooksScreen::runNow()
{
    if (m_pane->isOpen() && !m_pane->isChanged()) {
        m_controller.run(m_pane->id(), m_steps->alert());
    }
}

void PlaybooksScreen::writeNew()
{
    if (m_pane->isChanged()) {
        services().toast({.kind = ToastKind::Info,
                          .title = tr("The playbook was edited"),
                          .detail = tr("Save or revert it before you write another one."),
                          .actionLabel = {},
                          .action = {}});
        return;
    }
    m_table->setCurrentIndex({});
    m_pane->openNew();
}

} // namespace nightjar::ui
