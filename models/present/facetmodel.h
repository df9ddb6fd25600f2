// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/show.h"
#include "workspace/services.h"

#include <QAbstractListModel>
#include <QSet>

#include <utility>
#include <vector>

namespace nightjar::present {

/// The facet pane as one flat list: a head per field, under an open head its commonest or rarest values. Thread: GUI.
class FacetModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IsHeadRole = Qt::UserRole + 1, ///< bool
        FieldRole,                     ///< field name
        ValueRole,                     ///< the value as recorded, for a query
        CountRole,                     ///< qint64; of a head: distinct values
        ShareRole,                     ///< 0–1 of the largest value
        OpenRole,                      ///< bool, heads
        RareRole,                      ///< bool: the field shows its rare values
        ExcludedRole,                  ///< bool: the query leaves this value out
        BlockedRole                    ///< bool: the value is a blocking action
    };

    explicit FacetModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// Fields in order; the first `open` ones start open.
    void setFields(const QStringList &fields, int open);
    [[nodiscard]] QStringList fields() const;
    [[nodiscard]] QStringList openFields() const;
    /// New numbers for the fields given; the others stay.
    void setFacets(const std::vector<workspace::Facet> &facets);
    void setExcluded(const QSet<QPair<QString, QString>> &excluded);
    /// Hides heads and values that do not hold this text; empty shows all.
    void setFilter(const QString &text);
    void toggleOpen(int row);
    void setRare(int row, bool rare);

Q_SIGNALS:
    /// A field was opened whose numbers may be old.
    void opened(const QString &field);

private:
    struct Value {
        QString raw, shown;
        qint64 count = 0;
    };
    struct Section {
        QString field;
        qint64 distinct = 0;
        std::vector<Value> top, rare;
        bool open = false, showRare = false, known = false;
    };
    struct Place {
        std::size_t section = 0;
        int value = -1; ///< -1: the head
    };
    void rebuild();
    static std::vector<Value> convert(const std::string &field, const std::vector<workspace::FacetValue> &values);

    std::vector<Section> m_sections;
    std::vector<Place> m_places;
    QSet<QPair<QString, QString>> m_excluded;
    QString m_filter;
};

} // namespace nightjar::present
