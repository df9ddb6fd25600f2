// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the Events screen and how they are joined.
#include "ui/screens/events/eventsscreen.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QSplitter>

namespace nightjar::ui {

namespace {

constexpr int kHistogramHead = 28;

QHBoxLayout *insetRow(QWidget *owner, int left, int right)
{
    auto *row = new QHBoxLayout(owner);
    row->setContentsMargins(left, 0, right, 0);
    row->setSpacing(px(Length::CellInset));
    return row;
}

} // namespace

QWidget *EventsScreen::makeQueryRow()
{
    auto *owner = new Surface(Color::Bg);
    owner->setFixedHeight(px(Length::ScreenHeader));
    auto *row = insetRow(owner, px(Length::PaneInset), px(Length::PaneInset));
    m_bar = new QueryBar;
    m_run = new Button(tr("Run"), ButtonKind::Primary, QStringLiteral("play"));
    auto *columns = new IconButton(QStringLiteral("columns"), tr("Choose columns"));
    m_columnsButton = columns;
    auto *command = new IconButton(QStringLiteral("terminal"), tr("Copy as command"));
    row->addWidget(m_bar, 1);
    row->addWidget(m_run);
    row->addWidget(columns);
    row->addWidget(command);
    connect(m_bar, &QueryBar::run, this, &EventsScreen::runQuery);
    connect(m_run, &Button::clicked, this, &EventsScreen::runQuery);
    connect(columns, &Button::clicked, this, &EventsScreen::chooseColumns);
    connect(command, &Button::clicked, this, &EventsScreen::copyAsCommand);
    return owner;
}

QWidget *EventsScreen::makeChipRow()
{
    auto *owner = new Surface(Color::Bg);
    owner->setFixedHeight(36);
    auto *row = insetRow(owner, px(Length::PaneInset), px(Length::PaneInset));
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), px(Length::CellInset));
    m_chips = new ChipRow(m_query);
    auto *add = new Button(tr("Add filter"), ButtonKind::Flat, QStringLiteral("plus"));
    add->setSmall(true);
    m_count = new PlainLabel(QString(), Type::BodyStrong, Color::Text);
    m_countRest = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_stop = new Button(tr("Stop"), ButtonKind::Secondary, QStringLiteral("stop"));
    m_stop->setSmall(true);
    m_stop->hide();
    row->addWidget(m_chips, 1);
    row->addWidget(add);
    row->addSpacing(px(Length::CellInset));
    row->addWidget(m_count);
    row->addWidget(m_countRest);
    row->addWidget(m_stop);
    connect(add, &Button::clicked, this, &EventsScreen::focusQuery);
    connect(m_chips, &ChipRow::editRequested, this, [this](int start, int length) {
        m_bar->setText(m_query.text());
        m_bar->setFocus();
        m_bar->setSelection(start, length);
    });
    connect(m_stop, &Button::clicked, this, [this] {
        m_counting.cancel();
        m_model.stop();
        showCount();
    });
    return owner;
}

QWidget *EventsScreen::makeHistogram()
{
    auto *owner = new Surface(Color::Bg);
    auto *column = new QVBoxLayout(owner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QWidget;
    head->setFixedHeight(kHistogramHead);
    auto *row = insetRow(head, px(Length::PaneInset), px(Length::PaneInset));
    m_bucket = new PlainLabel(QString(), Type::Caption, Color::Text2);
    row->addWidget(m_bucket);
    const auto legend = [row](const QString &text, Color color) {
        auto *box = new Surface(color);
        box->setFixedSize(8, 8);
        row->addSpacing(px(Length::Grid));
        row->addWidget(box);
        row->addWidget(new PlainLabel(text, Type::Caption, Color::Text2));
    };
    legend(tr("Allowed"), Color::BarNeutral);
    legend(tr("Blocked"), Color::Error);
    row->addStretch(1);
    m_brush = new PlainLabel(QString(), Type::Data, Color::Text);
    row->addWidget(m_brush);
    m_zoom = new Button(tr("Zoom to selection"), ButtonKind::Link, QStringLiteral("search"));
    m_zoom->setSmall(true);
    row->addWidget(m_zoom);
    m_histogram = new Histogram;
    column->addWidget(head);
    column->addWidget(m_histogram);
    connect(m_zoom, &Button::clicked, this, &EventsScreen::zoomToSelection);
    connect(m_histogram, &Histogram::rangeChosen, this, [this](qint64 from, qint64 to) { m_query.setRange(from, to); });
    connect(m_histogram, &Histogram::selectionCleared, this, [this] { m_query.setRange(kNoTime, kNoTime); });
    connect(m_histogram, &Histogram::selectionChanged, this, &EventsScreen::showRangeText);
    connect(m_histogram, &Histogram::zoomRequested, this, [this](int direction, qint64 time) {
        if (direction < 0) {
            goBack();
        } else {
            const workspace::SearchRequest now = outerRequest();
            const Timestamp span =
                now.from != kNoTime && now.to != kNoTime ? (now.to - now.from) / 4 : kMicrosPerDay / 8;
            m_zoomed = true;
            m_query.setRange(time - span, time + span);
        }
    });
    return owner;
}

QWidget *EventsScreen::makeLiveStrip()
{
    auto *owner = new Surface(Color::Panel);
    owner->setEdges(Qt::TopEdge | Qt::BottomEdge);
    owner->setFixedHeight(px(Length::StatusStrip));
    auto *row = insetRow(owner, px(Length::PaneInset), px(Length::PaneInset));
    m_liveIcon = new IconLabel(QStringLiteral("follow"), 14, Color::Ok);
    m_live = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_liveNew = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_place = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_showColumns = new Button(QString(), ButtonKind::Link, QStringLiteral("columns"));
    m_showColumns->setSmall(true);
    row->addWidget(m_liveIcon);
    row->addWidget(m_live);
    row->addWidget(m_liveNew);
    row->addStretch(1);
    row->addWidget(m_place);
    row->addWidget(m_showColumns);
    connect(m_showColumns, &Button::clicked, this, [this] {
        m_hidden.clear();
        m_narrow = false;
        applyColumns();
    });
    return owner;
}

QWidget *EventsScreen::makeCentre()
{
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Events, newest first"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setModel(&m_model);
    m_table->horizontalHeader()->setSortIndicatorShown(true);
    m_table->horizontalHeader()->setSortIndicator(0, Qt::DescendingOrder);
    m_table->horizontalHeader()->setSectionsClickable(false); // the order is time: that is what pages are cut by
    m_emptyStore = new EmptyState(QStringLiteral("events"), tr("No events yet."),
                                  tr("Drop a Zscaler log here, or open the demo."));
    connect(m_emptyStore->addButton(tr("Import files"), ButtonKind::Primary, QStringLiteral("sources")),
            &Button::clicked, this, [this] { services().chooseFiles(); });
    connect(m_emptyStore->addButton(tr("Open the demo"), ButtonKind::Secondary, QStringLiteral("test")),
            &Button::clicked, this, [this] { services().openDemo(); });
    m_emptyResult = new EmptyState(QStringLiteral("filter-out"), tr("Nothing matches."), QString());
    m_dropLast = m_emptyResult->addButton(tr("Drop last filter"), ButtonKind::Secondary, QStringLiteral("filter-out"));
    connect(m_dropLast, &Button::clicked, this, [this] { m_query.dropLast(); });
    connect(m_emptyResult->addButton(tr("Widen to all times"), ButtonKind::Secondary, QStringLiteral("calendar")),
            &Button::clicked, this, [this] {
                m_zoomed = false;
                services().setRange({kNoTime, kNoTime, tr("All time")});
                m_query.setRange(kNoTime, kNoTime);
            });
    connect(m_emptyResult->addButton(tr("Show query"), ButtonKind::Flat), &Button::clicked, this,
            &EventsScreen::focusQuery);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_emptyStore);
    m_stack->addWidget(m_emptyResult);
    auto *upper = new QWidget;
    auto *column = new QVBoxLayout(upper);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHistogram());
    column->addWidget(new Hairline);
    column->addWidget(m_stack, 1);
    column->addWidget(makeLiveStrip());
    m_record = new RecordPane;
    auto *split = new QSplitter(Qt::Vertical);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(upper);
    split->addWidget(m_record);
    split->setStretchFactor(0, 5);
    split->setStretchFactor(1, 3);
    split->setSizes({560, 300});
    return split;
}

void EventsScreen::connectParts()
{
    connect(&m_query, &present::QueryController::changed, this, [this] {
        if (m_bar->text().trimmed() != m_query.text()) {
            m_bar->setText(m_query.text());
        }
        if (!m_query.hasRange()) {
            m_zoomed = false;
        }
        m_facetModel.setExcluded(m_query.excluded());
        noteAddress();
        ask();
    });
    connect(&m_model, &present::EventTableModel::firstPage, this, [this](qint64 milliseconds) {
        m_firstPageMs = milliseconds;
        if (m_matching) { // the count was faster than the rows
            m_model.setTotal(*m_matching);
        }
        if (m_model.rowCount() > 0) {
            const int row = std::max(0, m_wantedEvent == 0 ? 0 : m_model.rowOf(m_wantedEvent));
            m_table->setCurrentIndex(m_model.index(row, 0));
        } else {
            m_record->clear();
        }
        showCount();
        showState();
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this] {
        const int row = m_wantedEvent == 0 ? -1 : m_model.rowOf(m_wantedEvent);
        if (row >= 0) {
            m_table->setCurrentIndex(m_model.index(row, 0));
            m_table->scrollTo(m_model.index(row, 0), QAbstractItemView::PositionAtCenter);
            m_wantedEvent = 0;
        }
    });
    connect(&m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &top, const QModelIndex &bottom) {
                const int row = m_table->currentIndex().row(); // its page has come
                if (row >= top.row() && row <= bottom.row() &&
                    m_model.eventIdAt(row).value_or(0) != m_record->model().eventId()) {
                    askRecord(row);
                }
            });
    connect(&m_model, &present::EventTableModel::failed, this, &EventsScreen::showError);
    connect(&m_model, &present::EventTableModel::busyChanged, this, [this] { showCount(); });
    connect(&m_facetModel, &present::FacetModel::opened, this, [this] { askFacets(); });
    connect(m_table, &FastTable::currentRowChanged, this, &EventsScreen::askRecord);
    connect(m_table, &FastTable::rowActivated, this, [this] {
        m_record->setOpen(!m_narrow || !m_record->isOpen());
        m_record->fields()->setFocus();
    });
    connect(m_table, &FastTable::copyRequested, this, &EventsScreen::copy);
    connect(m_table, &QWidget::customContextMenuRequested, this, &EventsScreen::showMenu);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { showCount(); });
    m_table->installEventFilter(this);
    connect(&session(), &present::Session::revisionChanged, this, &EventsScreen::onRevision);
    connect(&session(), &present::Session::opened, this, [this] {
        m_model.clear();
        m_total.reset();
        if (isVisible()) {
            ask();
        }
    });
    connect(&services(), &ShellServices::rangeChanged, this, [this] {
        if (isVisible()) {
            ask();
        }
    });
}

void EventsScreen::connectFilters()
{
    connect(m_facets, &FacetPane::includeRequested, this, &EventsScreen::include);
    connect(m_facets, &FacetPane::excludeRequested, &m_query, &present::QueryController::exclude);
    connect(m_facets, &FacetPane::onlyRequested, &m_query, &present::QueryController::only);
    connect(m_record, &RecordPane::includeRequested, this, &EventsScreen::include);
    connect(m_record, &RecordPane::excludeRequested, &m_query, &present::QueryController::exclude);
    connect(m_record, &RecordPane::onlyRequested, &m_query, &present::QueryController::only);
    connect(m_record, &RecordPane::aroundRequested, this, [this](qint64 time) { around(time); });
}

} // namespace nightjar::ui
