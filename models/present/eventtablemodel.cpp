// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/eventtablemodel.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr int kFirstRows = 64;    ///< the first rows come early, the rest of the page follows
constexpr int kWalkRows = 8'192;  ///< keys learnt in one step when a far place is jumped to
constexpr int kFetchDelayMs = 15; ///< what is looked at for less is not fetched
constexpr auto kTypeField = "event.type";

QString cellText(const EventColumn &column, std::string_view field, std::string_view value)
{
    switch (column.kind) {
    case CellKind::Number: {
        bool whole = false;
        const QString text = shown(value);
        const qint64 amount = text.toLongLong(&whole);
        return whole ? number(amount) : text;
    }
    case CellKind::Url:
        return shownDefanged(value, 2'048);
    case CellKind::Time:
    case CellKind::Action:
    case CellKind::Text:
    case CellKind::Mono:
        break;
    }
    return isDefangedField(field) ? shownDefanged(value, 1'024) : shown(value, 1'024);
}

} // namespace

std::vector<EventColumn> defaultEventColumns()
{
    const auto say = [](const char *text) { return EventTableModel::tr(text); };
    return {
        {{"@timestamp"}, say("time"), CellKind::Time, 112, false},
        {{"event.action"}, say("action"), CellKind::Action, 104, false},
        {{"user.name"}, say("user"), CellKind::Mono, 152, false},
        {{"source.ip"}, say("client"), CellKind::Mono, 108, true},
        {{"destination.ip", "dns.resolved_ip"}, say("destination"), CellKind::Mono, 128, false},
        {{"http.request.method", "dns.question.type", "network.transport"}, say("meth"), CellKind::Mono, 52, true},
        {{"url.original", "dns.question.name", "destination.domain"}, say("url"), CellKind::Url, 0, false},
        {{"http.response.status_code", "dns.response_code"}, say("code"), CellKind::Mono, 52, false},
        {{"url.category", "threat.category"}, say("category"), CellKind::Text, 128, true},
        {{"source.bytes"}, say("bytes out"), CellKind::Number, 84, false},
        {{"destination.bytes"}, say("bytes in"), CellKind::Number, 84, true},
        {{"log_type"}, say("log"), CellKind::Text, 72, true},
    };
}

EventTableModel::EventTableModel(Session &session, QObject *parent)
    : QAbstractTableModel(parent)
    , m_session(session)
    , m_columns(defaultEventColumns())
{
    m_fetchSoon.setSingleShot(true);
    m_fetchSoon.setInterval(kFetchDelayMs);
    connect(&m_fetchSoon, &QTimer::timeout, this, &EventTableModel::fetchWanted);
}

int EventTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_length;
}

int EventTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

bool EventTableModel::has(int page) const
{
    const auto found = m_pages.find(page);
    return found != m_pages.end() &&
           (found->second.complete || found->second.rows.size() == static_cast<std::size_t>(kPageRows));
}

const EventTableModel::Row *EventTableModel::rowAt(int row) const
{
    const auto found = m_pages.find(row / kPageRows);
    const auto place = static_cast<std::size_t>(row % kPageRows);
    return found != m_pages.end() && place < found->second.rows.size() ? &found->second.rows[place] : nullptr;
}

QVariant EventTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_length || index.column() >= columnCount()) {
        return {};
    }
    const auto column = static_cast<std::size_t>(index.column());
    if (role == KindRole) {
        return static_cast<int>(m_columns[column].kind);
    }
    if (role == Qt::TextAlignmentRole) {
        const bool right = m_columns[column].kind == CellKind::Number;
        return static_cast<int>(right ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    }
    const Row *row = rowAt(index.row());
    if (row == nullptr) {
        want(index.row() / kPageRows);
        return role == PlaceholderRole ? QVariant(true) : QVariant();
    }
    return cell(*row, column, role);
}

QVariant EventTableModel::cell(const Row &row, std::size_t column, int role) const
{
    const EventColumn &about = m_columns[column];
    switch (role) {
    case Qt::DisplayRole:
        return about.kind == CellKind::Time ? clockTime(row.time) : row.cells.value(static_cast<qsizetype>(column));
    case PlaceholderRole:
        return false;
    case ActionRole:
        return static_cast<int>(row.action);
    case FieldRole:
        return QString::fromStdString(about.fields[row.source[column]]);
    case RawRole:
        return about.kind == CellKind::Time
                   ? isoTime(row.time)
                   : QString::fromUtf8(row.raw[column].data(), static_cast<qsizetype>(row.raw[column].size()));
    case EventIdRole:
        return QVariant::fromValue<qint64>(row.id);
    case TimeRole:
        return QVariant::fromValue<qint64>(row.time);
    case ErrorWordRole:
        return about.fields[row.source[column]] == "http.response.status_code" && row.raw[column].size() == 3 &&
               row.raw[column][0] >= '4';
    case Qt::AccessibleTextRole:
        return QString(
            about.title + QLatin1Char(' ') +
            (about.kind == CellKind::Time ? isoTime(row.time) : row.cells.value(static_cast<qsizetype>(column))));
    default:
        return {};
    }
}

QVariant EventTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const EventColumn &column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        return column.title;
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(column.kind == CellKind::Number ? Qt::AlignRight | Qt::AlignVCenter
                                                                : Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole || role == FieldRole) {
        return QString::fromStdString(column.fields.front());
    }
    return {};
}

bool EventTableModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_fresh && m_end < 0 && m_length > 0 && m_length < kMaxRows && m_pending.empty();
}

void EventTableModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent)) {
        m_stopped = false;
        fetchPage(m_length / kPageRows, Priority::Page);
    }
}

void EventTableModel::setColumns(std::vector<EventColumn> columns)
{
    beginResetModel();
    m_columns = std::move(columns);
    drop();
    endResetModel();
    if (m_asked.isValid()) {
        ask(m_request);
    }
}

void EventTableModel::ask(const workspace::SearchRequest &request)
{
    cancelPending();
    m_request = request;
    m_request.after.reset();
    m_request.columns.clear();
    for (const EventColumn &column : m_columns) {
        m_request.columns.insert(m_request.columns.end(), column.fields.begin(), column.fields.end());
    }
    m_request.columns.emplace_back(kTypeField);
    m_fresh = true;
    m_stopped = false;
    m_asked.start();
    fetchPage(0, Priority::Page);
}

void EventTableModel::cancelPending()
{
    for (const auto &[page, token] : m_pending) {
        token.cancel();
    }
    m_pending.clear();
    m_wanted.clear();
    m_walk.cancel();
    ++m_clock; // answers carry the clock at which they were asked
    m_question = m_clock;
}

void EventTableModel::stop()
{
    m_stopped = true;
    for (const auto &[page, token] : m_pending) {
        token.cancel();
    }
    m_walk.cancel();
    tellBusy();
}

void EventTableModel::drop()
{
    m_pages.clear();
    m_ends.clear();
    m_length = 0;
    m_end = -1;
}

void EventTableModel::clear()
{
    cancelPending();
    beginResetModel();
    drop();
    endResetModel();
    m_fresh = false;
    m_asked.invalidate();
    tellBusy();
}

void EventTableModel::setTotal(std::int64_t total)
{
    if (!m_fresh && m_end < 0) {
        setLength(static_cast<int>(std::min<std::int64_t>(std::max<std::int64_t>(total, m_length), kMaxRows)));
    }
}

void EventTableModel::setLength(int rows)
{
    if (rows > m_length) {
        beginInsertRows({}, m_length, rows - 1);
        m_length = rows;
        endInsertRows();
    } else if (rows < m_length) {
        beginRemoveRows({}, rows, m_length - 1);
        m_length = rows;
        endRemoveRows();
    }
}

std::optional<std::int64_t> EventTableModel::eventIdAt(int row) const
{
    const Row *found = row >= 0 && row < m_length ? rowAt(row) : nullptr;
    return found != nullptr ? std::optional(found->id) : std::nullopt;
}

Timestamp EventTableModel::timeAt(int row) const
{
    const Row *found = row >= 0 && row < m_length ? rowAt(row) : nullptr;
    return found != nullptr ? found->time : kNoTime;
}

int EventTableModel::rowOf(std::int64_t eventId) const
{
    for (const auto &[page, block] : m_pages) {
        for (std::size_t i = 0; i < block.rows.size(); ++i) {
            if (block.rows[i].id == eventId) {
                return page * kPageRows + static_cast<int>(i);
            }
        }
    }
    return -1;
}

void EventTableModel::want(int page) const
{
    if (m_fresh || m_stopped || m_pending.contains(page)) {
        return;
    }
    m_wanted.insert(page);
    if (!m_fetchSoon.isActive()) {
        m_fetchSoon.start();
    }
}

void EventTableModel::fetchWanted()
{
    const std::set<int> wanted = std::exchange(m_wanted, {});
    if (m_fresh || wanted.empty()) {
        return;
    }
    for (auto pending = m_pending.begin(); pending != m_pending.end();) {
        if (wanted.contains(pending->first)) {
            ++pending;
        } else { // scrolled past
            pending->second.cancel();
            pending = m_pending.erase(pending);
        }
    }
    for (const int page : wanted) {
        if (page == 0 || static_cast<std::size_t>(page) <= m_ends.size()) {
            fetchPage(page, Priority::Page);
        }
    }
    if (static_cast<std::size_t>(*wanted.rbegin()) > m_ends.size()) {
        walkTowards(*wanted.rbegin());
    }
    tellBusy();
}

void EventTableModel::fetchPage(int page, Priority priority)
{
    if (m_pending.contains(page) || (!m_fresh && has(page))) {
        return;
    }
    workspace::SearchRequest request = m_request;
    const auto part = m_fresh ? m_pages.end() : m_pages.find(page);
    if (part != m_pages.end() && !part->second.rows.empty()) { // top up what came early
        const Row &last = part->second.rows.back();
        request.after = {last.time, last.id};
        request.limit = static_cast<std::size_t>(kPageRows) - part->second.rows.size();
    } else {
        if (page > 0) {
            if (static_cast<std::size_t>(page) > m_ends.size()) {
                walkTowards(page);
                return;
            }
            request.after = m_ends[static_cast<std::size_t>(page - 1)];
        }
        request.limit = static_cast<std::size_t>(page == 0 ? kFirstRows : kPageRows);
    }
    const bool wanted = priority == Priority::Page;
    m_pending[page] = m_session.run(
        priority,
        [request, columns = m_columns](workspace::Workspace &space, const CancelToken &token) -> Result<Block> {
            auto answer = space.search().page(request, token);
            if (!answer) {
                return fail(answer.error());
            }
            return convert(std::move(*answer), columns);
        },
        this,
        [this, page, wanted, question = m_question](Result<Block> answer) {
            if (question != m_question) {
                return;
            }
            const auto pending = m_pending.find(page);
            if (pending == m_pending.end()) {
                return;
            }
            m_pending.erase(pending);
            if (answer) {
                accept(page, std::move(*answer), wanted);
            } else {
                if (m_fresh) {
                    clear();
                }
                Q_EMIT failed(answer.error());
            }
            tellBusy();
        });
    tellBusy();
}

EventTableModel::Block EventTableModel::convert(workspace::SearchPage page, const std::vector<EventColumn> &columns)
{
    Block block;
    block.complete = page.complete;
    block.rows.reserve(page.rows.size());
    for (workspace::EventRow &from : page.rows) {
        Row row;
        row.id = from.id;
        row.time = from.time;
        std::size_t cell = 0;
        for (const EventColumn &column : columns) {
            std::size_t source = 0;
            while (source + 1 < column.fields.size() &&
                   (cell + source >= from.cells.size() || from.cells[cell + source].empty())) {
                ++source;
            }
            std::string value =
                cell + source < from.cells.size() ? std::move(from.cells[cell + source]) : std::string();
            if (value.empty()) {
                source = 0;
            }
            row.cells.append(cellText(column, column.fields[source], value));
            if (column.kind == CellKind::Action && row.action == Action::None) {
                row.action = actionOf(value);
            }
            row.raw.push_back(std::move(value));
            row.source.push_back(source);
            cell += column.fields.size();
        }
        if (cell < from.cells.size() && !from.cells[cell].empty()) {
            const std::string &type = from.cells[cell];
            row.action = type == "denied" ? Action::Blocked : type == "allowed" ? Action::Allowed : row.action;
        }
        block.rows.push_back(std::move(row));
    }
    return block;
}

void EventTableModel::accept(int page, Block part, bool wanted)
{
    const bool first = m_fresh;
    if (first) {
        m_fresh = false;
        beginResetModel();
        drop();
    }
    Block &block = m_pages[page];
    const int before = static_cast<int>(block.rows.size());
    block.complete = part.complete;
    block.used = ++m_clock;
    std::move(part.rows.begin(), part.rows.end(), std::back_inserter(block.rows));
    const int after = static_cast<int>(block.rows.size());
    const bool full = after == kPageRows;
    const bool over = block.complete;
    if (full && static_cast<std::size_t>(page) == m_ends.size()) {
        m_ends.emplace_back(block.rows.back().time, block.rows.back().id);
    }
    const int top = page * kPageRows;
    if (over) {
        m_end = top + after;
    }
    if (first) {
        m_length = after;
        endResetModel();
        Q_EMIT firstPage(m_asked.elapsed());
    } else {
        if (over || top + after > m_length) {
            setLength(top + after);
        }
        if (after > before) {
            Q_EMIT dataChanged(index(top + before, 0), index(std::min(top + after, m_length) - 1, columnCount() - 1));
        }
    }
    trim();
    if (m_stopped || over) {
        return;
    }
    if (!full) {
        fetchPage(page, Priority::Page);
    } else if (wanted && m_pending.empty() && (page + 1) * kPageRows < m_length && !has(page + 1)) {
        fetchPage(page + 1, Priority::Prefetch);
    }
}

void EventTableModel::walkTowards(int page)
{
    if (m_walk.busy() || m_end >= 0) {
        return;
    }
    struct Walk {
        std::vector<Key> ends;
        int rest = 0;
        bool complete = false;
    };
    workspace::SearchRequest request = m_request;
    request.columns.clear();
    request.limit = kWalkRows;
    if (!m_ends.empty()) {
        request.after = m_ends.back();
    }
    m_session.runLatest(
        m_walk, Priority::Page,
        [request](workspace::Workspace &space, const CancelToken &token) -> Result<Walk> {
            const auto answer = space.search().page(request, token);
            if (!answer) {
                return fail(answer.error());
            }
            Walk walk;
            for (std::size_t end = kPageRows; end <= answer->rows.size(); end += kPageRows) {
                walk.ends.emplace_back(answer->rows[end - 1].time, answer->rows[end - 1].id);
            }
            walk.rest = static_cast<int>(answer->rows.size() % kPageRows);
            walk.complete = answer->complete;
            return walk;
        },
        this,
        [this, page](Result<Walk> walk) {
            if (!walk) {
                Q_EMIT failed(walk.error());
                tellBusy();
                return;
            }
            m_ends.insert(m_ends.end(), walk->ends.begin(), walk->ends.end());
            if (walk->complete) {
                m_end = static_cast<int>(m_ends.size()) * kPageRows + walk->rest;
                setLength(m_end);
            }
            if (!walk->complete && static_cast<std::size_t>(page) > m_ends.size() && !walk->ends.empty()) {
                walkTowards(page);
            } else if (static_cast<std::size_t>(page) <= m_ends.size() && page * kPageRows < m_length) {
                fetchPage(page, Priority::Page);
            }
            tellBusy();
        });
    tellBusy();
}

void EventTableModel::trim()
{
    while (m_pages.size() > static_cast<std::size_t>(kMaxPages)) {
        const auto oldest = std::min_element(m_pages.begin(), m_pages.end(), [](const auto &left, const auto &right) {
            return left.second.used < right.second.used;
        });
        m_pages.erase(oldest);
    }
}

void EventTableModel::tellBusy()
{
    if (busy() != m_wasBusy) {
        m_wasBusy = busy();
        Q_EMIT busyChanged(m_wasBusy);
    }
}

} // namespace nightjar::present
