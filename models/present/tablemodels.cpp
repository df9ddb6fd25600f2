// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/tablemodels.h"

#include "base/result.h"

#include <algorithm>

namespace nightjar::present {

namespace {

Tone toneOf(const std::string &state)
{
    if (state == "live" || state == "done" || state == "following" || state == "verified" || state == "blocked" ||
        state == "unblocked" || state == "activated") {
        return Tone::Ok;
    }
    if (state == "failed" || state == "refused") {
        return Tone::Error;
    }
    if (state == "pending" || state == "saved" || state == "queued" || state == "sent") {
        return Tone::Pending;
    }
    if (state == "partial" || state == "unknown") {
        return Tone::Warn;
    }
    return Tone::Neutral;
}

QString say(const std::string &text)
{
    return shown(text, 1'024);
}

} // namespace

RowsModel::RowsModel(std::vector<Column> columns, QObject *parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) {
        return {};
    }
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const Column &column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return row.cells.value(index.column());
    case Qt::AccessibleTextRole:
        return QString(column.title + QLatin1Char(' ') + row.cells.value(index.column()));
    case Qt::TextAlignmentRole:
        return static_cast<int>((column.right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case RowIdRole:
        return row.id;
    case ToneRole:
        return static_cast<int>(row.tone);
    case FlagRole:
        return row.flag;
    case RawRole:
        return row.raw;
    case DetailRole:
        return row.detail;
    case MonoRole:
        return column.mono;
    case StateColumnRole:
        return column.state;
    case BarsRole:
        return QVariant::fromValue(row.bars);
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const Column &column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        return column.title;
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((column.right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return {};
}

void RowsModel::setRows(std::vector<Row> rows)
{
    const bool same =
        std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                   [](const Row &left, const Row &right) { return left.raw == right.raw && left.id == right.id; });
    if (same && !rows.empty()) {
        m_rows = std::move(rows);
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

JournalModel::JournalModel(QObject *parent)
    : RowsModel({{tr("time"), false, true, false},
                 {tr("who"), false, false, false},
                 {tr("action"), false, false, false},
                 {tr("entry"), false, true, false},
                 {tr("result"), false, false, true},
                 {tr("reason"), false, false, false}},
                parent)
{
}

void JournalModel::setLines(const std::vector<workspace::JournalLine> &lines)
{
    std::vector<Row> rows;
    for (const workspace::JournalLine &line : lines) {
        Row row;
        row.id = line.id;
        row.tone = toneOf(line.result == "failed" || line.result == "refused" || line.state.empty() ? line.result
                                                                                                    : line.state);
        row.flag = line.undoable;
        row.cells = {dayAndTime(line.at),
                     say(line.who),
                     say(line.action),
                     shownDefanged(line.entry, 1'024),
                     line.state.empty() || line.state == "none"
                         ? say(line.result)
                         : QString(say(line.result) + QLatin1String(", ") + say(line.state)),
                     shownDefanged(line.reason, 1'024)};
        row.raw = QString::fromStdString(line.entry);
        row.detail = say(line.detail);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

DenyListModel::DenyListModel(QObject *parent)
    : RowsModel({{tr("entry"), false, true, false}, {tr("added by"), false, false, false}}, parent)
{
}

void DenyListModel::setState(const workspace::DenyListState &state)
{
    std::vector<Row> rows;
    rows.reserve(state.entries.size());
    for (const auto &[entry, ours] : state.entries) {
        Row row;
        row.flag = ours;
        row.cells = {shownDefanged(entry, 1'024), ours ? tr("Nightjar") : tr("outside")};
        row.raw = QString::fromStdString(entry);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

QuarantineModel::QuarantineModel(QObject *parent)
    : RowsModel({{tr("source"), false, true, false},
                 {tr("line"), true, true, false},
                 {tr("what is wrong"), false, false, false},
                 {tr("record"), false, true, false}},
                parent)
{
}

void QuarantineModel::setEntries(const std::vector<workspace::QuarantineEntry> &entries)
{
    std::vector<Row> rows;
    for (const workspace::QuarantineEntry &entry : entries) {
        Row row;
        row.id = entry.id;
        row.tone = Tone::Warn;
        const std::string problem =
            entry.error.reason.empty() ? entry.error.title : entry.error.title + ": " + entry.error.reason;
        row.cells = {say(entry.source), number(static_cast<std::int64_t>(entry.line)), say(problem),
                     shownDefanged(entry.raw, 512)};
        row.raw = QString::fromStdString(entry.raw);
        row.detail = say(describe(entry.error));
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

} // namespace nightjar::present
