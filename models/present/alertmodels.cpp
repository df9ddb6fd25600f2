// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/alertmodels.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <tuple>

namespace nightjar::present {

namespace {

/// Entities that are hosts or addresses of the other side are shown defanged.
QString entityText(const alerts::Finding &finding)
{
    return finding.entity == finding.user ? shown(finding.entity, 256) : shownDefanged(finding.entity, 256);
}

} // namespace

AlertQueueModel::AlertQueueModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int AlertQueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

Qt::ItemFlags AlertQueueModel::flags(const QModelIndex &index) const
{
    return alertAt(index.row()) != nullptr ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

QString AlertQueueModel::sentence(const alerts::Alert &alert) const
{
    const alerts::Finding &finding = alert.finding;
    return tr("%1 %2, %3, %4, %5, %6 events")
        .arg(severityName(finding.severity), QString::number(finding.score), shown(finding.title, 256),
             shown(finding.user, 128), entityText(finding), number(finding.events));
}

QVariant AlertQueueModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    if (entry.alert < 0) {
        switch (role) {
        case Qt::DisplayRole:
        case TitleRole:
            return entry.head;
        case Qt::AccessibleTextRole:
            return tr("%1, %2 alerts").arg(entry.head, QString::number(entry.below));
        case IsHeadRole:
            return true;
        case CountRole:
            return QVariant::fromValue<qint64>(entry.below);
        default:
            return {};
        }
    }
    const alerts::Alert &alert = m_alerts[static_cast<std::size_t>(entry.alert)];
    const alerts::Finding &finding = alert.finding;
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return shown(finding.title, 256);
    case Qt::AccessibleTextRole:
        return sentence(alert);
    case IsHeadRole:
        return false;
    case IdRole:
        return QVariant::fromValue<qint64>(alert.id);
    case SeverityRole:
        return static_cast<int>(finding.severity);
    case ScoreRole:
        return finding.score;
    case UserRole:
        return finding.user.empty() ? entityText(finding) : shown(finding.user, 128);
    case EntityRole:
        return finding.user.empty() || finding.entity.empty() || finding.entity == finding.user
                   ? shownDefanged(finding.summary, 256)
                   : entityText(finding);
    case CountRole:
        return QVariant::fromValue<qint64>(finding.events);
    case AgeRole:
        return finding.last == kNoTime ? QString() : present::span(m_now - finding.last);
    case EngineRole:
        return engineName(finding.engine);
    case StatusRole:
        return static_cast<int>(alert.status);
    case StatusTextRole:
        return alert.status == alerts::Status::Closed && alert.verdict != alerts::Verdict::None
                   ? verdictName(alert.verdict)
                   : statusName(alert.status);
    case ClosedRole:
        return alert.status == alerts::Status::Closed;
    default:
        return {};
    }
}

int AlertQueueModel::rankOf(const alerts::Alert &alert) const
{
    if (alert.status == alerts::Status::Closed) {
        return 100;
    }
    if (m_group == Group::Engine) {
        return static_cast<int>(alert.finding.engine);
    }
    if (m_group == Group::None) {
        return 0;
    }
    switch (alert.finding.severity) {
    case alerts::Severity::Critical:
    case alerts::Severity::High:
        return 0;
    case alerts::Severity::Medium:
        return 1;
    case alerts::Severity::Low:
    case alerts::Severity::Informational:
        break;
    }
    return 2;
}

QString AlertQueueModel::headOf(const alerts::Alert &alert) const
{
    if (alert.status == alerts::Status::Closed) {
        return tr("Closed");
    }
    if (m_group == Group::Engine) {
        return engineName(alert.finding.engine);
    }
    if (m_group == Group::None) {
        return tr("Open");
    }
    const int rank = rankOf(alert);
    return rank == 0 ? tr("Critical and high") : rank == 1 ? tr("Medium") : tr("Low");
}

void AlertQueueModel::arrange()
{
    std::stable_sort(m_alerts.begin(), m_alerts.end(), [this](const alerts::Alert &left, const alerts::Alert &right) {
        const auto key = [this](const alerts::Alert &alert) {
            const int severity = m_order == Order::Urgency ? -static_cast<int>(alert.finding.severity) : 0;
            const int score = m_order == Order::Urgency ? -alert.finding.score : 0;
            return std::tuple(rankOf(alert), severity, score, -std::max<Timestamp>(alert.finding.last, 0), -alert.id);
        };
        return key(left) < key(right);
    });
    m_entries.clear();
    int rank = -1;
    std::size_t head = 0;
    for (std::size_t i = 0; i < m_alerts.size(); ++i) {
        if (rankOf(m_alerts[i]) != rank) {
            rank = rankOf(m_alerts[i]);
            head = m_entries.size();
            m_entries.push_back({-1, headOf(m_alerts[i]), 0});
        }
        ++m_entries[head].below;
        m_entries.push_back({static_cast<int>(i), {}, 0});
    }
}

void AlertQueueModel::setAlerts(std::vector<alerts::Alert> alerts, Timestamp now)
{
    const auto same = [](const alerts::Alert &left, const alerts::Alert &right) {
        return left.id == right.id && left.updated == right.updated && left.status == right.status &&
               left.verdict == right.verdict && left.finding.events == right.finding.events &&
               left.finding.score == right.finding.score;
    };
    const auto byId = [](const alerts::Alert &left, const alerts::Alert &right) { return left.id < right.id; };
    std::vector<alerts::Alert> before = m_alerts;
    std::vector<alerts::Alert> after = alerts;
    std::sort(before.begin(), before.end(), byId);
    std::sort(after.begin(), after.end(), byId);
    m_now = now;
    if (std::equal(before.begin(), before.end(), after.begin(), after.end(), same)) {
        if (!m_entries.empty()) {
            Q_EMIT dataChanged(index(0), index(rowCount() - 1), {AgeRole});
        }
        return;
    }
    beginResetModel();
    m_alerts = std::move(alerts);
    arrange();
    endResetModel();
}

void AlertQueueModel::setGroup(Group group)
{
    beginResetModel();
    m_group = group;
    arrange();
    endResetModel();
}

void AlertQueueModel::setOrder(Order order)
{
    beginResetModel();
    m_order = order;
    arrange();
    endResetModel();
}

int AlertQueueModel::rowOf(std::int64_t id) const
{
    for (std::size_t row = 0; row < m_entries.size(); ++row) {
        const int alert = m_entries[row].alert;
        if (alert >= 0 && m_alerts[static_cast<std::size_t>(alert)].id == id) {
            return static_cast<int>(row);
        }
    }
    return -1;
}

const alerts::Alert *AlertQueueModel::alertAt(int row) const
{
    if (row < 0 || row >= rowCount()) {
        return nullptr;
    }
    const int alert = m_entries[static_cast<std::size_t>(row)].alert;
    return alert < 0 ? nullptr : &m_alerts[static_cast<std::size_t>(alert)];
}

int AlertQueueModel::step(int row, int step) const
{
    for (int at = row + step; at >= 0 && at < rowCount(); at += step) {
        if (alertAt(at) != nullptr) {
            return at;
        }
    }
    return -1;
}

int AlertQueueModel::open() const
{
    return static_cast<int>(std::count_if(m_alerts.begin(), m_alerts.end(), [](const alerts::Alert &alert) {
        return alert.status != alerts::Status::Closed;
    }));
}

Timestamp AlertQueueModel::oldestOpen() const
{
    Timestamp oldest = kNoTime;
    for (const alerts::Alert &alert : m_alerts) {
        if (alert.status != alerts::Status::Closed && alert.finding.last != kNoTime &&
            (oldest == kNoTime || alert.finding.last < oldest)) {
            oldest = alert.finding.last;
        }
    }
    return oldest;
}

std::vector<EvidenceRow> readEvidence(const std::vector<alerts::Evidence> &evidence)
{
    std::vector<EvidenceRow> rows;
    for (const alerts::Evidence &each : evidence) {
        EvidenceRow row;
        row.eventId = each.eventId;
        row.time = each.time;
        row.json = each.json;
        row.raw = each.raw;
        const QJsonObject event = QJsonDocument::fromJson(QByteArray::fromStdString(each.json)).object();
        const auto text = [&event](std::initializer_list<const char *> names) {
            for (const char *name : names) {
                const QString value = event.value(QLatin1String(name)).toVariant().toString();
                if (!value.isEmpty()) {
                    return value;
                }
            }
            return QString();
        };
        const auto amount = [&event](const char *name) {
            const QJsonValue value = event.value(QLatin1String(name));
            return value.isUndefined() ? QString() : number(value.toVariant().toLongLong());
        };
        row.actionText = shown(text({"event.action", "event.type"}).toStdString(), 64);
        const QString type = text({"event.type"});
        row.action = type == QLatin1String("denied")    ? Action::Blocked
                     : type == QLatin1String("allowed") ? Action::Allowed
                                                        : actionOf(row.actionText.toStdString());
        row.method = shown(text({"http.request.method", "dns.question.type", "network.transport"}).toStdString(), 32);
        row.rawPath = text({"url.original", "dns.question.name", "destination.domain", "destination.ip"});
        row.path = shownDefanged(row.rawPath.toStdString(), 1'024);
        row.code = shown(text({"http.response.status_code", "dns.response_code"}).toStdString(), 32);
        row.out = amount("source.bytes");
        row.in = amount("destination.bytes");
        rows.push_back(std::move(row));
    }
    return rows;
}

int EvidenceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EvidenceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant EvidenceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const EvidenceRow &row = m_rows[static_cast<std::size_t>(index.row())];
    const auto text = [&row, &index]() -> QString {
        switch (index.column()) {
        case TimeColumn:
            return clockTime(row.time);
        case ActionColumn:
            return row.actionText;
        case MethodColumn:
            return row.method;
        case PathColumn:
            return row.path;
        case CodeColumn:
            return row.code;
        case OutColumn:
            return row.out;
        case InColumn:
            return row.in;
        default:
            return {};
        }
    };
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text();
    case Qt::TextAlignmentRole:
        return static_cast<int>((index.column() >= OutColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case ActionRole:
        return static_cast<int>(row.action);
    case EventIdRole:
        return QVariant::fromValue<qint64>(row.eventId);
    case RawRole:
        return index.column() == PathColumn ? row.rawPath : text();
    case JsonRole:
        return QString::fromStdString(row.json);
    case MonoRole:
        return index.column() != ActionColumn;
    default:
        return {};
    }
}

QVariant EvidenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((section >= OutColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case TimeColumn:
        return tr("time");
    case ActionColumn:
        return tr("action");
    case MethodColumn:
        return tr("meth");
    case PathColumn:
        return tr("url");
    case CodeColumn:
        return tr("code");
    case OutColumn:
        return tr("out");
    case InColumn:
        return tr("in");
    default:
        return {};
    }
}

void EvidenceModel::setRows(std::vector<EvidenceRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const EvidenceRow *EvidenceModel::rowAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

} // namespace nightjar::present
