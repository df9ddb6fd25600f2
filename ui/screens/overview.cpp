// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/overview.h"

#include "present/show.h"
#include "ui/screens/overviewparts.h"
#include "ui/widgets/severity.h"
#include "workspace/workspace.h"

#include <QAction>
#include <QScrollArea>

namespace nightjar::ui {

namespace {

constexpr std::size_t kBuckets = 48;
constexpr std::size_t kQueueRows = 12;
constexpr int kQueueLeast = 44 + 4 * 28;
constexpr int kEntitiesLeast = 4 * 28 + 4;
constexpr int kReserve = 500; ///< slots kept for one-click blocks, drawn at the end of the meter

QString share(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? QString::number(100.0 * static_cast<double>(part) / static_cast<double>(whole), 'g', 2) +
                           QStringLiteral(" %")
                     : QStringLiteral("–");
}

/// In a low window a pane scrolls; it never squeezes its parts.
QScrollArea *scrolling(QWidget *pane)
{
    auto *area = new QScrollArea;
    area->setWidget(pane);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumWidth(pane->minimumWidth());
    return area;
}

} // namespace

struct OverviewScreen::Answer {
    Result<workspace::Overview> overview = workspace::Overview{};
    Result<std::vector<alerts::Alert>> queue = std::vector<alerts::Alert>{};
};

OverviewScreen::OverviewScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_head(new ScreenHead(tr("Overview")))
    , m_events(new Figure(tr("Events")))
    , m_matched(new Figure(tr("Matched")))
    , m_alerts(new Figure(tr("Alerts")))
    , m_open(new Figure(tr("Open")))
    , m_blocked(new Figure(tr("Blocked")))
    , m_strip(new ReductionStrip)
    , m_body(new QWidget)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    auto *figures = new QHBoxLayout;
    figures->setSpacing(0);
    const std::pair<Figure *, QString> links[] = {{m_events, QStringLiteral("events")},
                                                  {m_matched, QStringLiteral("alerts")},
                                                  {m_alerts, QStringLiteral("alerts")},
                                                  {m_open, QStringLiteral("alerts")},
                                                  {m_blocked, QStringLiteral("response")}};
    for (const auto &[figure, target] : links) {
        figure->setLinked(true);
        figures->addWidget(figure, 1);
        connect(figure, &Figure::clicked, this, [this, id = target] { goTo(id); });
    }
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addLayout(figures);
    body->addWidget(m_strip);
    body->addWidget(new Hairline);
    auto *panes = new QHBoxLayout;
    panes->setSpacing(0);
    panes->addWidget(scrolling(buildCharts()), 2);
    panes->addWidget(new Hairline(Qt::Vertical));
    panes->addWidget(scrolling(buildSide()), 1);
    body->addLayout(panes, 1);
    column->addWidget(m_body, 1);
    auto *empty = new EmptyState(QStringLiteral("overview"), tr("No events yet."),
                                 tr("Drop a Zscaler log anywhere in the window, or open the demo."));
    connect(empty->addButton(tr("Import files"), ButtonKind::Primary, QStringLiteral("sources")), &Button::clicked,
            &this->services(), &ShellServices::chooseFiles);
    connect(empty->addButton(tr("Open the demo"), ButtonKind::Secondary, QStringLiteral("test")), &Button::clicked,
            &this->services(), &ShellServices::openDemo);
    m_empty = empty;
    m_empty->hide();
    column->addWidget(m_empty, 1);
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
    connect(&services, &ShellServices::denyListChanged, this, [this] { showDenyList(this->services().denyList()); });
    connect(&services, &ShellServices::rangeChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
}

QWidget *OverviewScreen::buildCharts()
{
    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_bySeverity = new AlertChart(AlertChart::By::Severity);
    m_byEngine = new AlertChart(AlertChart::By::Engine);
    m_volume = new VolumeChart;
    m_severityHead = new PaneHead(tr("Alerts by severity"));
    m_engineHead = new PaneHead(tr("Alerts by engine"));
    m_volumeHead = new PaneHead(tr("Events"));
    m_severityLegend = new ChartLegend;
    m_engineLegend = new ChartLegend;
    m_volumeLegend = new ChartLegend;
    m_severityHead->addTrailing(m_severityLegend);
    m_engineHead->addTrailing(m_engineLegend);
    m_volumeHead->addTrailing(m_volumeLegend);
    connect(&Theme::instance(), &Theme::changed, this, &OverviewScreen::showLegends);
    const auto openAlerts = [this](qint64 from, qint64 to) {
        QUrlQuery query;
        query.addQueryItem(QStringLiteral("from"), QString::number(from));
        query.addQueryItem(QStringLiteral("to"), QString::number(to));
        goTo(QStringLiteral("alerts"), query);
    };
    connect(m_bySeverity, &StackedChart::bucketChosen, this, openAlerts);
    connect(m_byEngine, &StackedChart::bucketChosen, this, openAlerts);
    connect(m_volume, &StackedChart::bucketChosen, this, [this](qint64 from, qint64 to) {
        QUrlQuery query;
        query.addQueryItem(QStringLiteral("from"), QString::number(from));
        query.addQueryItem(QStringLiteral("to"), QString::number(to));
        goTo(QStringLiteral("events"), query);
    });
    const std::pair<PaneHead *, StackedChart *> charts[] = {
        {m_severityHead, m_bySeverity}, {m_engineHead, m_byEngine}, {m_volumeHead, m_volume}};
    bool first = true;
    for (const auto &[head, chart] : charts) {
        if (!first) {
            column->addWidget(new Hairline);
        }
        first = false;
        column->addWidget(head);
        auto *pane = new QHBoxLayout;
        pane->setContentsMargins(px(Length::CellInset), 0, px(Length::PaneInset), 8);
        pane->addWidget(chart);
        column->addLayout(pane, chart == m_bySeverity ? 3 : 2);
    }
    return left;
}

QWidget *OverviewScreen::buildSide()
{
    auto *right = new QWidget;
    right->setMinimumWidth(360);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *queueHead = new PaneHead(tr("Open queue"));
    auto *triage = new Button(tr("Triage all"), ButtonKind::Link);
    connect(triage, &Button::clicked, this, [this] { goTo(QStringLiteral("alerts")); });
    queueHead->addTrailing(triage);
    column->addWidget(queueHead);
    m_queue = new QueueList;
    m_queue->setMinimumHeight(kQueueLeast);
    connect(m_queue, &LinkList::chosen, this, [this](int row) {
        QUrlQuery query;
        query.addQueryItem(QStringLiteral("id"), QString::number(m_queue->alertAt(row)));
        goTo(QStringLiteral("alerts"), query);
    });
    column->addWidget(m_queue, 5);
    column->addWidget(new Hairline);
    column->addWidget(new PaneHead(tr("Top entities by risk")));
    m_entities = new EntityList;
    m_entities->setMinimumHeight(kEntitiesLeast);
    connect(m_entities, &LinkList::chosen, this, [this](int row) {
        QUrlQuery query;
        QString name = QString::fromStdString(m_entities->entityAt(row).name);
        query.addQueryItem(QStringLiteral("q"), u'"' + name.remove(u'"') + u'"');
        goTo(QStringLiteral("events"), query);
    });
    column->addWidget(m_entities, 4);
    column->addWidget(new Hairline);
    column->addWidget(buildDenyPane());
    column->addWidget(new Hairline);
    column->addWidget(buildStorePane());
    return right;
}

QWidget *OverviewScreen::buildDenyPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Deny list"));
    auto *review = new Button(tr("Review"), ButtonKind::Link);
    connect(review, &Button::clicked, this, [this] { goTo(QStringLiteral("response")); });
    head->addTrailing(review);
    column->addWidget(head);
    auto *inside = new QVBoxLayout;
    inside->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    inside->setSpacing(2);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    m_denyCount = new PlainLabel(QStringLiteral("–"), Type::Figure);
    m_denyOf = new PlainLabel({}, Type::Body, Color::Text2);
    line->addWidget(m_denyCount);
    line->addWidget(m_denyOf, 1, Qt::AlignBottom);
    inside->addLayout(line);
    m_denyMeter = new Meter(tr("Deny list"), px(Length::Meter));
    inside->addWidget(m_denyMeter);
    inside->addSpacing(6);
    m_denyOwn = new KeyValueRow(tr("Added by Nightjar"));
    m_denyOther = new KeyValueRow(tr("Added elsewhere"));
    m_denyState = new KeyValueRow(tr("Activation"));
    for (KeyValueRow *row : {m_denyOwn, m_denyOther, m_denyState}) {
        inside->addWidget(row);
    }
    column->addLayout(inside);
    return pane;
}

QWidget *OverviewScreen::buildStorePane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Store"));
    auto *sources = new Button(tr("Sources"), ButtonKind::Link);
    connect(sources, &Button::clicked, this, [this] { goTo(QStringLiteral("sources")); });
    head->addTrailing(sources);
    column->addWidget(head);
    auto *inside = new QVBoxLayout;
    inside->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    inside->setSpacing(0);
    m_storeSpan = new KeyValueRow(tr("Events from, to"));
    m_storeSize = new KeyValueRow(tr("Size"));
    m_storeRules = new KeyValueRow(tr("Rules"));
    m_storeIndicators = new KeyValueRow(tr("Indicators"));
    m_storeBad = new KeyValueRow(tr("Bad records kept"));
    for (KeyValueRow *row : {m_storeSpan, m_storeSize, m_storeRules, m_storeIndicators, m_storeBad}) {
        inside->addWidget(row);
    }
    column->addLayout(inside);
    return pane;
}

void OverviewScreen::goTo(const QString &screen, const QUrlQuery &query)
{
    services().open({screen, query});
}

void OverviewScreen::activate(const Address &)
{
    refresh();
}

void OverviewScreen::refresh()
{
    const TimeRange range = services().range();
    session().runLatest(
        m_ask, present::Priority::Page,
        [range](workspace::Workspace &space, const CancelToken &) {
            workspace::AlertFilter open;
            open.limit = kQueueRows;
            return Answer{space.triage().overview(range.from, range.to, kBuckets), space.triage().list(open)};
        },
        this, [this](const Answer &answer) { take(answer); });
}

void OverviewScreen::take(const Answer &answer)
{
    if (!answer.overview) {
        services().tellError(answer.overview.error());
        return;
    }
    const workspace::Overview &overview = *answer.overview;
    const bool empty = overview.events == 0 && overview.alerts == 0 && services().range().from == kNoTime;
    m_empty->setVisible(empty);
    m_body->setVisible(!empty);
    m_head->setSub(
        overview.lastEvent == kNoTime
            ? services().range().label
            : tr("%1, newest event %2 UTC").arg(services().range().label, present::dayAndTime(overview.lastEvent)));
    showFigures(overview, services().denyList().connected || services().denyList().simulated);
    const QString per = tr("per %1").arg(present::span(overview.bucketMicros));
    m_severityHead->setCaption(per);
    m_engineHead->setCaption(per);
    m_volumeHead->setCaption(tr("per %1").arg(present::span(overview.volume.bucketMicros)));
    m_bySeverity->set(overview);
    m_byEngine->set(overview);
    m_volume->set(overview.volume);
    m_allowed = 0;
    m_blockedEvents = 0;
    for (const auto &bucket : overview.volume.buckets) {
        m_allowed += bucket.allowed + bucket.other;
        m_blockedEvents += bucket.blocked;
    }
    showLegends();
    m_queue->set(answer.queue ? *answer.queue : std::vector<alerts::Alert>{}, overview);
    m_entities->set(overview.entities);
    showDenyList(services().denyList());
    m_storeSize->setValue(present::byteCount(overview.storeBytes));
    m_storeRules->setValue(present::number(overview.rules));
    m_storeIndicators->setValue(present::number(overview.indicators));
    m_storeBad->setValue(present::number(overview.quarantined), overview.quarantined > 0 ? Color::Warn : Color::Text);
    m_storeSpan->setValue(overview.firstEvent == kNoTime
                              ? QStringLiteral("–")
                              : present::dayAndTime(overview.firstEvent).section(u' ', 0, 2) + QStringLiteral(" – ") +
                                    present::dayAndTime(overview.lastEvent).section(u' ', 0, 2));
}

void OverviewScreen::showLegends()
{
    m_severityLegend->set(m_bySeverity->legend());
    m_engineLegend->set(m_byEngine->legend());
    m_volumeLegend->set({{std::nullopt, tint(Color::BarNeutral), tr("allowed and other"), m_allowed},
                         {std::nullopt, tint(Color::Error), tr("blocked"), m_blockedEvents}});
}

void OverviewScreen::showFigures(const workspace::Overview &overview, bool connected)
{
    m_events->set(present::number(overview.events), services().range().label);
    m_matched->set(present::number(overview.matchedEvents),
                   tr("%1 of events").arg(share(overview.matchedEvents, overview.events)));
    m_alerts->set(present::number(overview.alerts),
                  tr("%1 of matches, grouped").arg(share(overview.alerts, overview.matchedEvents)));
    m_open->set(present::number(overview.openAlerts),
                overview.openAlerts == 0 ? tr("the queue is empty") : tr("waiting for a verdict"));
    m_blocked->set(present::number(overview.blocked),
                   connected ? tr("values, in Zscaler") : tr("values; no tenant connected"));
    m_strip->set({overview.events, overview.matchedEvents, overview.alerts, overview.openAlerts, overview.blocked});
}

void OverviewScreen::showDenyList(const workspace::DenyListState &deny)
{
    std::int64_t own = 0;
    for (const auto &[entry, mine] : deny.entries) {
        own += mine ? 1 : 0;
    }
    const auto all = static_cast<std::int64_t>(deny.entries.size());
    m_denyCount->setText(deny.connected ? present::number(all) : QStringLiteral("–"));
    const QString of = tr("of %1 entries").arg(present::number(deny.capacity));
    m_denyOf->setText(!deny.connected  ? tr("no tenant connected")
                      : deny.simulated ? tr("%1, simulated tenant").arg(of)
                                       : of);
    m_denyMeter->set({{own, Theme::instance().series(0)}, {all - own, Theme::instance().series(1)}}, deny.capacity,
                     kReserve);
    m_denyOwn->setValue(present::number(own));
    m_denyOther->setValue(present::number(all - own));
    m_denyState->setValue(deny.activation.empty() ? QStringLiteral("–") : present::shown(deny.activation).toLower(),
                          deny.activation == "PENDING" ? Color::Warn : Color::Text);
}

std::vector<std::pair<QString, QString>> OverviewScreen::keys() const
{
    return {{QStringLiteral("Tab"), tr("next figure, chart or list")},
            {QStringLiteral("← →"), tr("bucket of a chart")},
            {QStringLiteral("Enter"), tr("open what is marked")}};
}

} // namespace nightjar::ui
