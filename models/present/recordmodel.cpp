// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/recordmodel.h"

#include <QJsonDocument>

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr qsizetype kMaxText = 65'536;
constexpr qsizetype kLeastMatch = 2; ///< shorter values stand anywhere by chance

} // namespace

int RecordModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant RecordModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.shown;
    case Qt::AccessibleTextRole:
        return QString(row.field + QLatin1String(": ") + row.shown);
    case FieldRole:
        return row.field;
    case ValueRole:
        return QString::fromUtf8(row.value.data(), static_cast<qsizetype>(row.value.size()));
    default:
        return {};
    }
}

void RecordModel::setEvent(const workspace::EventDetail &event)
{
    beginResetModel();
    m_rows.clear();
    m_id = event.id;
    m_time = event.time;
    m_recorded = event.raw;
    const QByteArray json = QByteArray::fromStdString(event.json);
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const std::string indented =
        document.isNull() ? event.json : document.toJson(QJsonDocument::Indented).toStdString();
    if (event.fields.empty() || event.fields.front().first != "@timestamp") {
        m_rows.push_back({QStringLiteral("@timestamp"), isoTime(event.time), formatIsoTime(event.time), -1, 0});
    }
    for (const auto &[field, value] : event.fields) {
        if (!value.empty()) {
            m_rows.push_back({shown(field, 256), shownField(field, value), value, -1, 0});
        }
    }
    m_raw = defangedText(event.raw, kMaxText);
    m_json.clear();
    const QString text = QString::fromStdString(indented);
    for (const QString &line : text.split(QLatin1Char('\n'))) { // controls stay visible, line ends stay line ends
        m_json += defangedText(line.toStdString(), kMaxText) + QLatin1Char('\n');
    }
    locate();
    endResetModel();
}

void RecordModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_raw.clear();
    m_json.clear();
    m_recorded.clear();
    m_id = 0;
    endResetModel();
}

QString RecordModel::defangedText(const std::string &text, qsizetype limit) const
{
    // A record is no single value: the hosts and URLs that its fields name are defanged where they stand, longest
    // first.
    QString made = shown(text, limit);
    std::vector<std::pair<QString, QString>> spellings;
    for (const Row &row : m_rows) {
        const QString plain = shown(row.value);
        if (plain != row.shown && plain.size() >= kLeastMatch) {
            spellings.emplace_back(plain, row.shown);
        }
    }
    std::sort(spellings.begin(), spellings.end(),
              [](const auto &left, const auto &right) { return left.first.size() > right.first.size(); });
    for (const auto &[plain, defanged] : spellings) {
        made.replace(plain, defanged);
    }
    return made;
}

void RecordModel::locate()
{
    for (Row &row : m_rows) {
        const QString &needle = row.shown;
        if (needle.size() >= kLeastMatch) {
            row.start = m_raw.indexOf(needle);
            row.length = row.start < 0 ? 0 : needle.size();
        }
    }
}

std::pair<qsizetype, qsizetype> RecordModel::placeInRaw(int row) const
{
    if (row < 0 || row >= rowCount()) {
        return {0, 0};
    }
    const Row &found = m_rows[static_cast<std::size_t>(row)];
    return {std::max<qsizetype>(found.start, 0), found.length};
}

int RecordModel::fieldAt(qsizetype place) const
{
    int best = -1;
    qsizetype longest = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        if (row.length > longest && place >= row.start && place < row.start + row.length) {
            best = static_cast<int>(i);
            longest = row.length;
        }
    }
    return best;
}

} // namespace nightjar::present
