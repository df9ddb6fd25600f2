// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/indicators/indicatorsscreen.h"

#include "present/show.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSplitter>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kTypingPause = 120; ///< ms
constexpr int kHuntHeight = 92;

QStringList localFiles(const QMimeData *data)
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

IndicatorsScreen::IndicatorsScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_controller(services.session(), services.undo())
{
    setAcceptDrops(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(buildHunt());
    auto *panes = new QSplitter(Qt::Vertical);
    panes->setChildrenCollapsible(false);
    panes->setHandleWidth(1);
    auto *upper = new QWidget;
    auto *inside = new QVBoxLayout(upper);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Indicators"));
    m_table->setColumnSpecs({{0, CellStyle::Mono},
                             {72, CellStyle::Text},
                             {220, CellStyle::Text},
                             {180, CellStyle::Muted},
                             {84, CellStyle::Number},
                             {96, CellStyle::Number}});
    m_table->setModel(&m_controller.indicators());
    connect(m_table, &FastTable::rowActivated, this, &IndicatorsScreen::huntChosen);
    inside->addWidget(m_table, 1);
    m_none =
        new EmptyState(QStringLiteral("indicators"), tr("No indicators yet."),
                       tr("Drop a list, a CSV, STIX, MISP, OpenIOC or OTX file here, or add a feed. Each new one is "
                          "looked for in everything that is stored."));
    connect(m_none->addButton(tr("Import a file"), ButtonKind::Primary, QStringLiteral("file")), &Button::clicked, this,
            &IndicatorsScreen::chooseFiles);
    inside->addWidget(m_none, 1);
    m_feeds = new FeedPanel(services, m_controller);
    panes->addWidget(upper);
    panes->addWidget(m_feeds);
    panes->setStretchFactor(0, 3);
    panes->setStretchFactor(1, 2);
    column->addWidget(panes, 1);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPause);
    connectController();
    addActions();
    take();
}

QWidget *IndicatorsScreen::buildHead()
{
    auto *whole = new QWidget;
    auto *column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_head = new ScreenHead(tr("Indicators"));
    auto *hunt = new Button(tr("Hunt for values"), ButtonKind::Secondary, QStringLiteral("retro-hunt"));
    connect(hunt, &Button::clicked, this, &IndicatorsScreen::showHunt);
    auto *import = new Button(tr("Import"), ButtonKind::Primary, QStringLiteral("file"));
    connect(import, &Button::clicked, this, &IndicatorsScreen::chooseFiles);
    m_head->addTrailing(hunt);
    m_head->addTrailing(import);
    column->addWidget(m_head);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    bar->setSpacing(12);
    m_search =
        makeField(tr("Search indicators"), tr("part of a domain, URL, address or hash; defanged or not"), true, 512);
    m_search->setClearButtonEnabled(true);
    m_count = new PlainLabel({}, Type::Caption, Color::Text2);
    bar->addWidget(m_search, 1);
    bar->addWidget(m_count);
    column->addLayout(bar);
    column->addWidget(new Hairline);
    return whole;
}

QWidget *IndicatorsScreen::buildHunt()
{
    m_huntPane = new Surface(Color::Panel);
    m_huntPane->setEdges(Qt::BottomEdge);
    auto *column = new QVBoxLayout(m_huntPane);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->setSpacing(8);
    m_values = new QPlainTextEdit;
    m_values->setFont(typeface(Type::Data));
    m_values->setAccessibleName(tr("Values to hunt for"));
    m_values->setPlaceholderText(tr("domains, addresses, URLs, hashes; one a line, defanged or not"));
    m_values->setTabChangesFocus(true);
    m_values->setFixedHeight(kHuntHeight);
    column->addWidget(m_values);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_found = new PlainLabel(tr("Looks in everything that is stored and raises no alert."), Type::Body, Color::Text2);
    m_found->setWordWrap(true);
    row->addWidget(m_found, 1);
    auto *close = new Button(tr("Close"));
    connect(close, &Button::clicked, m_huntPane, &QWidget::hide);
    auto *start = new Button(tr("Hunt"), ButtonKind::Primary, QStringLiteral("retro-hunt"));
    connect(start, &Button::clicked, this, &IndicatorsScreen::startHunt);
    row->addWidget(close);
    row->addWidget(start);
    column->addLayout(row);
    m_huntPane->hide();
    return m_huntPane;
}

void IndicatorsScreen::addActions()
{
    const auto add = [this](const QString &text, void (IndicatorsScreen::*slot)()) {
        auto *action = new QAction(text, this);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    add(tr("Import indicators"), &IndicatorsScreen::chooseFiles)->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_I));
    add(tr("Hunt for values"), &IndicatorsScreen::showHunt);
    add(tr("Hunt for the chosen indicators"), &IndicatorsScreen::huntChosen);
    add(tr("Copy the chosen indicators, defanged"), &IndicatorsScreen::copyChosen);
    add(tr("Block the chosen indicator"), &IndicatorsScreen::blockChosen)->setShortcut(QKeySequence(Qt::Key_B));
    auto *feed = new QAction(tr("Add a feed of indicators"), this);
    connect(feed, &QAction::triggered, m_feeds, &FeedPanel::showForm);
    addAction(feed);
    for (QAction *action : actions()) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    }
}

void IndicatorsScreen::connectController()
{
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(&m_typing, &QTimer::timeout, this, [this] { m_controller.search(m_search->text()); });
    connect(&m_controller, &present::IndicatorController::changed, this, &IndicatorsScreen::take);
    connect(&m_controller, &present::IndicatorController::hunted, this, &IndicatorsScreen::tellHunt);
    connect(&m_controller, &present::IndicatorController::failed, this,
            [this](const Error &error) { services().tellError(error); });
    connect(&m_controller, &present::IndicatorController::imported, this, [this](const auto &summary) {
        const bool problems = summary.invalid > 0 || !summary.problems.empty();
        services().toast({.kind = problems ? ToastKind::Warn : ToastKind::Ok,
                          .title = tr("Indicators read"),
                          .detail = present::intelSentence(summary),
                          .actionLabel = summary.alerts > 0 ? tr("Show alerts") : QString(),
                          .action = [this] {
                              services().open({QStringLiteral("alerts"), {}});
                          }});
    });
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
}

void IndicatorsScreen::activate(const Address &address)
{
    const QString text = address.query.queryItemValue(QStringLiteral("q"), QUrl::FullyDecoded);
    if (!text.isEmpty()) {
        m_search->setText(text);
    }
    refresh();
}

void IndicatorsScreen::focusQuery()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

std::vector<std::pair<QString, QString>> IndicatorsScreen::keys() const
{
    return {{tr("/"), tr("search")},
            {tr("Ctrl+I"), tr("import a file")},
            {tr("Enter"), tr("hunt for the chosen indicators")},
            {tr("B"), tr("block the chosen indicator")}};
}

void IndicatorsScreen::take()
{
    const std::int64_t total = m_controller.total();
    const auto shown = static_cast<std::int64_t>(m_controller.indicators().rowCount());
    m_head->setSub(total > 0 ? tr("%1 are looked for in every event").arg(present::number(total)) : QString());
    m_count->setText(
        m_search->text().isEmpty()
            ? (shown < total ? tr("the first %1 shown").arg(present::number(shown)) : QString())
            : tr("%1 match, %2 shown").arg(present::number(m_controller.matching()), present::number(shown)));
    m_table->setVisible(total > 0);
    m_none->setVisible(total == 0);
}

void IndicatorsScreen::chooseFiles()
{
    m_controller.importFiles(QFileDialog::getOpenFileNames(this, tr("Import indicators")));
}

void IndicatorsScreen::showHunt()
{
    m_huntPane->show();
    m_values->setFocus(Qt::ShortcutFocusReason);
}

void IndicatorsScreen::startHunt()
{
    m_found->setText(tr("Hunting…"));
    m_controller.hunt(m_values->toPlainText());
}

QStringList IndicatorsScreen::chosen() const
{
    QStringList values;
    for (const QModelIndex &row : m_table->selectionModel()->selectedRows()) {
        values << row.data(present::RowsModel::RawRole).toString();
    }
    return values;
}

void IndicatorsScreen::huntChosen()
{
    if (const QStringList values = chosen(); !values.isEmpty()) {
        m_values->setPlainText(values.join(u'\n'));
        m_huntPane->show();
        startHunt();
    }
}

void IndicatorsScreen::copyChosen()
{
    QStringList texts;
    for (const QString &value : chosen()) {
        texts << present::shownDefanged(value.toStdString());
    }
    if (!texts.isEmpty()) {
        copyPlain(texts.join(u'\n'));
    }
}

void IndicatorsScreen::blockChosen()
{
    if (const QStringList values = chosen(); !values.isEmpty()) {
        Address address{QStringLiteral("response"), {}};
        address.query.addQueryItem(QStringLiteral("value"), values.first());
        services().open(address);
    }
}

void IndicatorsScreen::tellHunt(const workspace::IntelService::Hunt &hunt)
{
    QString text =
        tr("%1 sightings in %2 events, %3 s.")
            .arg(present::number(hunt.sightings), present::number(hunt.events), QString::number(hunt.seconds, 'f', 1));
    if (!hunt.found.empty()) {
        const auto &first = hunt.found.front();
        const auto &last = hunt.found.back();
        text += tr(" First %1, last %2; the newest: %3 in %4.")
                    .arg(present::dayAndTime(first.time), present::dayAndTime(last.time),
                         present::shownDefanged(last.value, 200), present::shown(last.field, 80));
    }
    if (!hunt.invalid.empty()) {
        text += tr(" %n value(s) are no indicators.", nullptr, static_cast<int>(hunt.invalid.size()));
    }
    m_found->setText(text);
}

void IndicatorsScreen::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void IndicatorsScreen::dropEvent(QDropEvent *event)
{
    if (const QStringList paths = localFiles(event->mimeData()); !paths.isEmpty()) {
        event->acceptProposedAction();
        m_controller.importFiles(paths);
    }
}

} // namespace nightjar::ui
