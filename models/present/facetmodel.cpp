// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/facetmodel.h"

#include <algorithm>

namespace nightjar::present {

FacetModel::FacetModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int FacetModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_places.size());
}

QVariant FacetModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Place place = m_places[static_cast<std::size_t>(index.row())];
    const Section &section = m_sections[place.section];
    const std::vector<Value> &values = section.showRare ? section.rare : section.top;
    const bool head = place.value < 0;
    const Value none;
    const Value &value = head ? none : values[static_cast<std::size_t>(place.value)];
    switch (role) {
    case Qt::DisplayRole:
        return head ? section.field : value.shown;
    case Qt::AccessibleTextRole:
        return head ? (section.known ? tr("%1, %2 values").arg(section.field, number(section.distinct)) : section.field)
                    : tr("%1, %2 events").arg(value.shown, number(value.count));
    case IsHeadRole:
        return head;
    case FieldRole:
        return section.field;
    case ValueRole:
        return value.raw;
    case CountRole:
        return head ? (section.known ? QVariant(section.distinct) : QVariant()) : QVariant(value.count);
    case ShareRole: {
        qint64 most = 1;
        for (const Value &each : values) {
            most = std::max(most, each.count);
        }
        return static_cast<double>(value.count) / static_cast<double>(most);
    }
    case OpenRole:
        return section.open;
    case RareRole:
        return section.showRare;
    case ExcludedRole:
        return m_excluded.contains(qMakePair(section.field, value.raw));
    case BlockedRole:
        return (section.field == QLatin1String("event.action") || section.field == QLatin1String("event.type")) &&
               actionOf(value.raw.toStdString()) == Action::Blocked;
    default:
        return {};
    }
}

void FacetModel::setFields(const QStringList &fields, int open)
{
    m_sections.clear();
    for (const QString &field : fields) {
        Section section;
        section.field = field;
        section.open = static_cast<int>(m_sections.size()) < open;
        m_sections.push_back(std::move(section));
    }
    rebuild();
}

QStringList FacetModel::fields() const
{
    QStringList names;
    for (const Section &section : m_sections) {
        names.append(section.field);
    }
    return names;
}

QStringList FacetModel::openFields() const
{
    QStringList names;
    for (const Section &section : m_sections) {
        if (section.open) {
            names.append(section.field);
        }
    }
    return names;
}

std::vector<FacetModel::Value> FacetModel::convert(const std::string &field,
                                                   const std::vector<workspace::FacetValue> &values)
{
    std::vector<Value> made;
    for (const workspace::FacetValue &value : values) {
        made.push_back({QString::fromStdString(value.value), shownField(field, value.value), value.count});
    }
    return made;
}

void FacetModel::setFacets(const std::vector<workspace::Facet> &facets)
{
    for (const workspace::Facet &facet : facets) {
        const QString field = QString::fromStdString(facet.field);
        const auto found = std::find_if(m_sections.begin(), m_sections.end(),
                                        [&field](const Section &section) { return section.field == field; });
        if (found != m_sections.end()) {
            found->distinct = facet.distinct;
            found->top = convert(facet.field, facet.top);
            found->rare = convert(facet.field, facet.rare);
            found->known = true;
        }
    }
    rebuild();
}

void FacetModel::setExcluded(const QSet<QPair<QString, QString>> &excluded)
{
    if (excluded != m_excluded) {
        m_excluded = excluded;
        if (!m_places.empty()) {
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        }
    }
}

void FacetModel::setFilter(const QString &text)
{
    m_filter = text;
    rebuild();
}

void FacetModel::toggleOpen(int row)
{
    if (row < 0 || row >= rowCount()) {
        return;
    }
    Section &section = m_sections[m_places[static_cast<std::size_t>(row)].section];
    section.open = !section.open;
    const QString field = section.field;
    const bool isOpen = section.open;
    rebuild();
    if (isOpen) {
        Q_EMIT opened(field);
    }
}

void FacetModel::setRare(int row, bool rare)
{
    if (row < 0 || row >= rowCount()) {
        return;
    }
    m_sections[m_places[static_cast<std::size_t>(row)].section].showRare = rare;
    rebuild();
}

void FacetModel::rebuild()
{
    beginResetModel();
    m_places.clear();
    for (std::size_t s = 0; s < m_sections.size(); ++s) {
        const Section &section = m_sections[s];
        const bool headFits = m_filter.isEmpty() || section.field.contains(m_filter, Qt::CaseInsensitive);
        const std::vector<Value> &values = section.showRare ? section.rare : section.top;
        std::vector<Place> rows;
        for (std::size_t v = 0; section.open && v < values.size(); ++v) {
            if (headFits || values[v].shown.contains(m_filter, Qt::CaseInsensitive)) {
                rows.push_back({s, static_cast<int>(v)});
            }
        }
        if (headFits || !rows.empty()) {
            m_places.push_back({s, -1});
            m_places.insert(m_places.end(), rows.begin(), rows.end());
        }
    }
    endResetModel();
}

} // namespace nightjar::present
