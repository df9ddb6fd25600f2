// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the Sources screen is put together.
#include "ui/screens/sources/badpane.h"
#include "ui/screens/sources/feedpane.h"
#include "ui/screens/sources/healthpane.h"
#include "ui/screens/sources/receiverpane.h"
#include "ui/screens/sources/runlist.h"
#include "ui/screens/sources/setuppane.h"
#include "ui/screens/sources/sourcesscreen.h"

#include <QAction>

namespace nightjar::ui {

namespace {

constexpr int kLeftShare = 58;
constexpr int kRightShare = 42;

StateLook sourceLook(const QString &word)
{
    if (word == SourcesScreen::tr("listening") || word.contains(u"follow")) {
        return {QStringLiteral("follow"), Color::Ok};
    }
    if (word.contains(u"done")) {
        return {QStringLiteral("allowed"), Color::Ok};
    }
    if (word.contains(u"stopped")) {
        return {QStringLiteral("stop"), Color::Text2};
    }
    return {QStringLiteral("warning"), word.contains(u"fail") ? Color::Error : Color::Warn};
}

QVBoxLayout *columnOf(QWidget *widget)
{
    auto *column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    return column;
}

} // namespace

SourcesScreen::SourcesScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_controller(services.session(), services.undo())
    , m_feeds(services.session(), services.undo())
    , m_quarantine(services.session())
{
    QVBoxLayout *column = columnOf(this);
    column->addWidget(buildHead());
    auto *sides = new QHBoxLayout;
    sides->setSpacing(0);
    sides->addWidget(buildLeft(), kLeftShare);
    sides->addWidget(new Hairline(Qt::Vertical));
    sides->addWidget(buildRight(), kRightShare);
    column->addLayout(sides, 1);
    connectControllers();
    addActions();
    takeSources();
    showPane(0);
}

QWidget *SourcesScreen::buildHead()
{
    m_head = new ScreenHead(tr("Sources"));
    auto *setUp = new Button(tr("Set up a feed"), ButtonKind::Secondary, QStringLiteral("cloud"));
    auto *watch = new Button(tr("Watch a folder"), ButtonKind::Secondary, QStringLiteral("watch"));
    auto *add = new Button(tr("Add receiver"), ButtonKind::Secondary, QStringLiteral("listener"));
    auto *files = new Button(tr("Import files"), ButtonKind::Primary, QStringLiteral("sources"));
    files->setKey(QStringLiteral("Ctrl O"));
    connect(setUp, &Button::clicked, this, [this] { showPane(2); });
    connect(watch, &Button::clicked, this, [this] { addReceiver(workspace::ReceiverKind::Folder); });
    connect(add, &Button::clicked, this, [this] { addReceiver(workspace::ReceiverKind::Nss); });
    connect(files, &Button::clicked, &services(), &ShellServices::chooseFiles);
    for (Button *button : {setUp, watch, add, files}) {
        m_head->addTrailing(button);
    }
    return m_head;
}

QWidget *SourcesScreen::buildLeft()
{
    auto *left = new QWidget;
    left->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QVBoxLayout *column = columnOf(left);
    auto *around = new QWidget;
    auto *inside = new QVBoxLayout(around);
    inside->setContentsMargins(px(Length::PaneInset), 12, px(Length::PaneInset), 12);
    m_drop = new DropZone(services());
    inside->addWidget(m_drop);
    column->addWidget(around);
    auto *runs = new RunList(services());
    connect(runs, &RunList::badAsked, this, [this](const QString &source) {
        m_quarantine.filter(source, {});
        m_detailTabs->setCurrentIndex(0);
    });
    column->addWidget(runs);
    column->addWidget(new Hairline);
    auto *split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->addWidget(buildTable());
    split->addWidget(buildDetail());
    split->setStretchFactor(0, 4);
    split->setStretchFactor(1, 5);
    column->addWidget(split, 1);
    return left;
}

QWidget *SourcesScreen::buildTable()
{
    auto *pane = new QWidget;
    QVBoxLayout *column = columnOf(pane);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Sources"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{84, CellStyle::State},
                             {0, CellStyle::Path},
                             {132, CellStyle::Muted},
                             {56, CellStyle::Bars},
                             {52, CellStyle::Number},
                             {132, CellStyle::Number},
                             {84, CellStyle::Number},
                             {48, CellStyle::Number},
                             {84, CellStyle::Time}});
    m_table->setStateLook(sourceLook);
    m_table->setRowHeight(Length::RowRoomy);
    m_table->setModel(&m_model);
    m_table->setMinimumHeight(px(Length::RowHeader) + 3 * px(Length::RowRoomy));
    column->addWidget(m_table, 1);
    m_noSources = new EmptyState(QStringLiteral("sources"), tr("Nothing was read yet."),
                                 tr("Drop a Zscaler log anywhere in the window, or let Zscaler send its feeds here. "
                                    "Each source stands here with its counts and its health."));
    connect(m_noSources->addButton(tr("Import files"), ButtonKind::Secondary, QStringLiteral("file")), &Button::clicked,
            &services(), &ShellServices::chooseFiles);
    connect(m_noSources->addButton(tr("Set up a feed"), ButtonKind::Secondary, QStringLiteral("cloud")),
            &Button::clicked, this, [this] { showPane(2); });
    column->addWidget(m_noSources, 1);
    m_notice = new NoticeBar(NoticeBar::Kind::Warn);
    m_notice->hide();
    column->addWidget(m_notice);
    return pane;
}

QWidget *SourcesScreen::buildDetail()
{
    auto *pane = new QWidget;
    QVBoxLayout *column = columnOf(pane);
    column->addWidget(new Hairline);
    m_detailTabs = makeTabs(tr("About the source"));
    m_detailTabs->addTab(tr("Bad records"));
    m_detailTabs->addTab(tr("Health"));
    m_detailTabs->addTab(tr("Gaps and notices"));
    auto *line = new QHBoxLayout;
    line->setContentsMargins(4, 0, px(Length::PaneInset), 0);
    line->addWidget(m_detailTabs);
    line->addStretch(1);
    column->addLayout(line);
    column->addWidget(new Hairline);
    m_detail = new QStackedWidget;
    m_bad = new BadPane(services(), m_quarantine);
    m_health = new HealthPane;
    m_occurrences = new OccurrencesPane;
    m_detail->addWidget(m_bad);
    m_detail->addWidget(m_health);
    m_detail->addWidget(m_occurrences);
    connect(m_detailTabs, &QTabBar::currentChanged, m_detail, &QStackedWidget::setCurrentIndex);
    column->addWidget(m_detail, 1);
    return pane;
}

QWidget *SourcesScreen::buildRight()
{
    auto *right = new QWidget;
    right->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QVBoxLayout *column = columnOf(right);
    m_paneTabs = makeTabs(tr("Receivers and formats"));
    m_paneTabs->addTab(tr("Receiver"));
    m_paneTabs->addTab(tr("Feed formats"));
    m_paneTabs->addTab(tr("Set up a feed"));
    auto *line = new QHBoxLayout;
    line->setContentsMargins(4, 0, 0, 0);
    line->addWidget(m_paneTabs);
    line->addStretch(1);
    column->addLayout(line);
    column->addWidget(new Hairline);
    m_panes = new QStackedWidget;
    m_receiver = new ReceiverPane(services(), m_controller);
    m_format = new FeedPane(services(), m_feeds);
    m_setup = new SetupPane(services(), m_controller, m_feeds);
    m_panes->addWidget(m_receiver);
    m_panes->addWidget(m_format);
    m_panes->addWidget(m_setup);
    connect(m_paneTabs, &QTabBar::currentChanged, this, &SourcesScreen::showPane);
    column->addWidget(m_panes, 1);
    return right;
}

void SourcesScreen::addActions()
{
    const auto offer = [this](const QString &text, auto act) {
        auto *action = new QAction(text, this);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
    };
    offer(tr("Add a receiver"), [this] { addReceiver(workspace::ReceiverKind::Nss); });
    offer(tr("Watch a folder"), [this] { addReceiver(workspace::ReceiverKind::Folder); });
    offer(tr("Set up a feed"), [this] { showPane(2); });
    offer(tr("Edit feed formats"), [this] { showPane(1); });
    offer(tr("Import a folder"), [this] { m_drop->chooseFolder(); });
    offer(tr("Follow a file"), [this] { m_drop->chooseFollow(); });
    offer(tr("Read bad records again"), [this] {
        m_detailTabs->setCurrentIndex(0);
        m_bad->showRetry();
    });
    offer(tr("Export bad records"), [this] { m_bad->chooseExport(); });
}

void SourcesScreen::setNarrow(bool narrow)
{
    m_drop->setNarrow(narrow);
    m_table->setColumnHidden(present::SourcesModel::KindColumn, narrow);
    m_table->setColumnHidden(present::SourcesModel::RateColumn, narrow);
}

} // namespace nightjar::ui
