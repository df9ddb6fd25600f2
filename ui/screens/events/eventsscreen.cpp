// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/events/eventsscreen.h"
#include "workspace/workspace.h"

#include <QScrollBar>
#include <QShowEvent>
#include <QSplitter>

#include <algorithm>
#include <array>

namespace nightjar::ui {

namespace {

constexpr int kFacetValues = 5;
constexpr int kBuckets = 200;
constexpr std::array<std::int64_t, 16> kBucketSeconds = {
    1, 2, 5, 10, 30, 60, 300, 600, 1'800, 3'600, 10'800, 21'600, 43'200, 86'400, 604'800, 2'592'000};

std::int64_t bucketFor(Timestamp from, Timestamp to)
{
    for (const std::int64_t seconds : kBucketSeconds) {
        if ((to - from) / (seconds * kMicrosPerSecond) <= kBuckets + kBuckets / 2) {
            return seconds * kMicrosPerSecond;
        }
    }
    return (to - from) / kBuckets + 1;
}

} // namespace

EventsScreen::EventsScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_model(services.session())
{
    setAccessibleName(tr("Events"));
    m_facetModel.setFields({QStringLiteral("event.action"), QStringLiteral("user.name"), QStringLiteral("url.domain"),
                            QStringLiteral("url.category"), QStringLiteral("user.department"),
                            QStringLiteral("log_type"), QStringLiteral("destination.ip"),
                            QStringLiteral("http.request.method"), QStringLiteral("user_agent.original"),
                            QStringLiteral("source.ip"), QStringLiteral("threat.name")},
                           5);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeQueryRow());
    m_error = new NoticeBar(NoticeBar::Kind::Error);
    m_error->hide();
    column->addWidget(m_error);
    column->addWidget(makeChipRow());
    column->addWidget(new Hairline);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    m_facets = new FacetPane(m_facetModel);
    m_facets->setFixedWidth(px(Length::FacetPane));
    body->addWidget(m_facets);
    body->addWidget(new Hairline(Qt::Vertical));
    body->addWidget(makeCentre(), 1);
    column->addLayout(body, 1);
    connectParts();
    connectFilters();
    applyColumns();
    showState();
}

bool EventsScreen::busy() const
{
    return m_model.busy() || m_counting.busy() || m_histogramAsk.busy() || m_facetAsk.busy() || m_totalAsk.busy() ||
           m_recordAsk.busy();
}

workspace::SearchRequest EventsScreen::outerRequest()
{
    workspace::SearchRequest request = m_query.request();
    if (!m_zoomed) {
        request.from = services().range().from;
        request.to = services().range().to;
    }
    return request;
}

workspace::SearchRequest EventsScreen::request()
{
    workspace::SearchRequest request = m_query.request();
    if (!m_query.hasRange()) {
        request.from = services().range().from;
        request.to = services().range().to;
    }
    return request;
}

void EventsScreen::activate(const Address &address)
{
    const auto time = [&address](const char *name) {
        bool good = false;
        const qint64 value = address.query.queryItemValue(QString::fromLatin1(name)).toLongLong(&good);
        return good ? value : kNoTime;
    };
    m_activating = true;
    if (address.query.hasQueryItem(QStringLiteral("q")) || address.query.hasQueryItem(QStringLiteral("from"))) {
        openQuery(address.query.queryItemValue(QStringLiteral("q"), QUrl::FullyDecoded), time("from"), time("to"));
    } else if (m_model.rowCount() == 0) {
        ask();
    }
    m_activating = false;
    m_table->setFocus();
}

void EventsScreen::openQuery(const QString &text, Timestamp from, Timestamp to)
{
    m_zoomed = false;
    if (m_query.text() == text.trimmed() && m_query.state().from == from && m_query.state().to == to) {
        ask();
    } else {
        m_query.set(text, from, to);
    }
}

void EventsScreen::noteAddress()
{
    if (m_activating || !isVisible()) {
        return;
    }
    Address address;
    address.screen = QStringLiteral("events");
    address.query.addQueryItem(QStringLiteral("q"), QString::fromLatin1(QUrl::toPercentEncoding(m_query.text())));
    if (m_query.hasRange()) {
        address.query.addQueryItem(QStringLiteral("from"), QString::number(m_query.state().from));
        address.query.addQueryItem(QStringLiteral("to"), QString::number(m_query.state().to));
    }
    services().noteAddress(address);
}

void EventsScreen::runQuery()
{
    if (m_bar->text().trimmed() == m_query.text()) {
        ask();
    } else {
        m_query.setText(m_bar->text());
    }
}

void EventsScreen::ask()
{
    m_error->hide();
    m_bar->setError(0);
    m_matching.reset();
    m_newEvents = 0;
    m_model.ask(request());
    askCount();
    askHistogram();
    askFacets();
    askTotal();
    askMarks();
    showCount();
    showBrush();
}

void EventsScreen::refresh()
{
    ask();
}

void EventsScreen::askCount()
{
    session().runLatest(
        m_counting, present::Priority::Count,
        [request = request()](workspace::Workspace &space, const CancelToken &token) {
            return space.search().count(request, token);
        },
        this,
        [this](Result<std::int64_t> count) {
            if (count) {
                m_matching = *count;
                m_model.setTotal(*count);
            }
            showCount();
            showState();
        });
}

void EventsScreen::askTotal()
{
    workspace::SearchRequest everything;
    session().runLatest(
        m_totalAsk, present::Priority::Count,
        [everything](workspace::Workspace &space, const CancelToken &token) {
            return space.search().count(everything, token);
        },
        this,
        [this](Result<std::int64_t> count) {
            m_total = count ? std::optional(*count) : std::nullopt;
            showCount();
            showState();
        });
}

void EventsScreen::askHistogram()
{
    session().runLatest(
        m_histogramAsk, present::Priority::Facets,
        [request = outerRequest()](workspace::Workspace &space,
                                   const CancelToken &token) mutable -> Result<workspace::Histogram> {
            workspace::SearchRequest edge;
            edge.limit = 1;
            edge.from = request.from;
            edge.to = request.to;
            const auto newest = space.search().page(edge, token);
            edge.newestFirst = false;
            const auto oldest = space.search().page(edge, token);
            if (!newest || !oldest) {
                return fail(newest ? oldest.error() : newest.error());
            }
            if (newest->rows.empty() || oldest->rows.empty()) {
                return workspace::Histogram{};
            }
            request.from = std::max(request.from, std::min(oldest->rows.front().time, newest->rows.front().time));
            const Timestamp end = std::max(oldest->rows.front().time, newest->rows.front().time) + 1;
            request.to = request.to == kNoTime ? end : std::min(request.to, end);
            return space.search().histogram(request, bucketFor(request.from, request.to), token);
        },
        this,
        [this](Result<workspace::Histogram> histogram) {
            m_histogram->setData(histogram ? std::move(*histogram) : workspace::Histogram{});
            showBrush();
        });
}

void EventsScreen::askFacets()
{
    std::vector<std::string> fields;
    for (const QString &field : m_facetModel.openFields()) {
        fields.push_back(field.toStdString());
    }
    session().runLatest(
        m_facetAsk, present::Priority::Facets,
        [request = request(), fields](workspace::Workspace &space, const CancelToken &token) {
            return space.search().facets(request, fields, kFacetValues, token);
        },
        this,
        [this](Result<std::vector<workspace::Facet>> facets) {
            if (facets) {
                m_facetModel.setFacets(*facets);
            }
        });
}

void EventsScreen::askMarks()
{
    session().runLatest(
        m_marksAsk, present::Priority::Prefetch,
        [](workspace::Workspace &space, const CancelToken &) -> Result<std::vector<Histogram::Mark>> {
            workspace::AlertFilter filter;
            filter.openOnly = false;
            const auto alerts = space.triage().list(filter);
            if (!alerts) {
                return fail(alerts.error());
            }
            std::vector<Histogram::Mark> marks;
            for (const alerts::Alert &alert : *alerts) {
                if (alert.finding.last != kNoTime) {
                    marks.push_back({alert.finding.last, alert.finding.severity});
                }
            }
            return marks;
        },
        this,
        [this](Result<std::vector<Histogram::Mark>> marks) {
            if (marks) {
                m_histogram->setMarks(std::move(*marks));
            }
        });
}

void EventsScreen::askRecord(int row)
{
    const auto id = m_model.eventIdAt(row);
    if (!id) {
        m_recordAsk.cancel();
        m_record->clear();
        tellSelection({});
        return;
    }
    showCount();
    tellSelection(m_table->selectedRows().size() > 1
                      ? tr("%1 rows selected").arg(present::number(m_table->selectedRows().size()))
                      : tr("1 row selected"));
    session().runLatest(
        m_recordAsk, present::Priority::Page,
        [id = *id](workspace::Workspace &space, const CancelToken &) { return space.search().event(id); }, this,
        [this](Result<workspace::EventDetail> detail) {
            if (detail) {
                m_record->setEvent(*detail);
            } else {
                m_record->clear();
                services().tellError(detail.error());
            }
        });
}

void EventsScreen::showError(const Error &error)
{
    m_matching = 0;
    m_record->clear();
    QString sentence = present::shown(error.reason.empty() ? error.title : error.title + ": " + error.reason);
    if (error.place.column > 0) {
        sentence = tr("Column %1: %2").arg(QString::number(error.place.column), sentence);
    }
    m_error->set(NoticeBar::Kind::Error, sentence, present::shown(error.hint));
    m_error->setAccessibleName(QString(sentence + QLatin1Char(' ') + present::shown(error.hint)));
    m_error->show();
    m_bar->setError(error.place.column);
    showCount();
    showState();
}

bool EventsScreen::follows() const
{
    return m_follow && m_table->verticalScrollBar()->value() == 0 && m_table->selectedRows().size() <= 1;
}

void EventsScreen::onRevision()
{
    if (!isVisible()) {
        return;
    }
    if (follows()) {
        ask();
        return;
    }
    workspace::SearchRequest newer = request();
    const Timestamp newest = m_model.newestTime();
    if (newest == kNoTime) {
        return;
    }
    newer.from = std::max(newer.from, newest + 1);
    session().runLatest(
        m_newAsk, present::Priority::Count,
        [newer](workspace::Workspace &space, const CancelToken &token) { return space.search().count(newer, token); },
        this,
        [this](Result<std::int64_t> count) {
            m_newEvents = count.value_or(0);
            showCount();
        });
}

void EventsScreen::resumeLive()
{
    m_follow = true;
    m_table->scrollToTop();
    ask();
}

void EventsScreen::showEvent(QShowEvent *event)
{
    Screen::showEvent(event);
    if (session().isOpen() && m_model.rowCount() == 0 && !m_model.busy()) {
        ask();
    }
}

void EventsScreen::setNarrow(bool narrow)
{
    m_narrow = narrow;
    m_facets->setFixedWidth(px(narrow ? Length::FacetPaneSmall : Length::FacetPane));
    m_record->setOpen(!narrow);
    applyColumns();
}

void EventsScreen::applyColumns()
{
    std::vector<present::EventColumn> shownColumns;
    int left = 0;
    for (const present::EventColumn &column : m_allColumns) {
        if (m_hidden.contains(column.title) || (m_narrow && column.optional)) {
            ++left;
        } else {
            shownColumns.push_back(column);
        }
    }
    QList<ColumnSpec> specs;
    for (const present::EventColumn &column : shownColumns) {
        CellStyle style = CellStyle::Text;
        switch (column.kind) {
        case present::CellKind::Time:
            style = CellStyle::Time;
            break;
        case present::CellKind::Action:
            style = CellStyle::Action;
            break;
        case present::CellKind::Mono:
            style = CellStyle::Mono;
            break;
        case present::CellKind::Number:
            style = CellStyle::Number;
            break;
        case present::CellKind::Url:
            style = CellStyle::Url;
            break;
        case present::CellKind::Text:
            break;
        }
        specs.append({column.width, style});
    }
    m_model.setColumns(std::move(shownColumns));
    m_table->setColumnSpecs(specs);
    m_showColumns->setVisible(left > 0);
    m_showColumns->setLabel(
        tr("%1 of %2 columns hidden, show").arg(QString::number(left), QString::number(m_allColumns.size())));
}

std::vector<std::pair<QString, QString>> EventsScreen::keys() const
{
    return {{QStringLiteral("/"), tr("query")},
            {QStringLiteral("j k"), tr("next and previous row")},
            {QStringLiteral("+ - ="), tr("filter in, filter out, only this")},
            {QStringLiteral("Alt + - ="), tr("the same, without running")},
            {QStringLiteral("Backspace"), tr("back to the filter before")},
            {QStringLiteral("[ ]"), tr("column left and right")},
            {QStringLiteral("Enter"), tr("open the record")},
            {QStringLiteral("y"), tr("raw record")},
            {QStringLiteral("w"), tr("± 5 min around the row")},
            {QStringLiteral("z"), tr("zoom to the selection")},
            {QStringLiteral("f"), tr("follow new events")},
            {QStringLiteral("c"), tr("choose columns")},
            {QStringLiteral("Ctrl+C"), tr("copy defanged")},
            {QStringLiteral("Ctrl+Shift+C"), tr("copy raw")}};
}

} // namespace nightjar::ui
