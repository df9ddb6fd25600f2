// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/show.h"

#include "alerts/alert.h"

#include <QAbstractListModel>
#include <QAbstractTableModel>
#include <QStringList>

#include <optional>
#include <vector>

namespace nightjar::present {

/// The alert queue: heads and alerts as one flat list, most urgent first. Thread: GUI.
class AlertQueueModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum class Group : int { Severity, Engine, None };
    enum class Order : int { Urgency, Newest };
    enum Role {
        IsHeadRole = Qt::UserRole + 1,
        IdRole,       ///< qint64
        SeverityRole, ///< int of alerts::Severity
        ScoreRole,    ///< int
        TitleRole,
        UserRole,   ///< who: the user, else the entity
        EntityRole, ///< what: the entity, else the summary
        CountRole,  ///< qint64; of a head: alerts below it
        AgeRole,    ///< "4 m" since the last event
        EngineRole, ///< word
        StatusRole, ///< int of alerts::Status
        StatusTextRole,
        ClosedRole ///< bool
    };

    explicit AlertQueueModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// Replaces the list; `now` gives the ages. Nothing is reset when nothing has changed but ages.
    void setAlerts(std::vector<alerts::Alert> alerts, Timestamp now);
    void setGroup(Group group);
    void setOrder(Order order);
    [[nodiscard]] Group group() const { return m_group; }
    [[nodiscard]] Order order() const { return m_order; }

    [[nodiscard]] int rowOf(std::int64_t id) const;
    [[nodiscard]] const alerts::Alert *alertAt(int row) const;
    /// The next row that holds an alert, `step` 1 or -1, or -1.
    [[nodiscard]] int step(int row, int step) const;
    [[nodiscard]] int open() const;
    [[nodiscard]] Timestamp oldestOpen() const;
    [[nodiscard]] Timestamp now() const { return m_now; }

private:
    struct Entry {
        int alert = -1; ///< index, or -1 for a head
        QString head;
        int below = 0;
    };
    QString headOf(const alerts::Alert &alert) const;
    int rankOf(const alerts::Alert &alert) const;
    QString sentence(const alerts::Alert &alert) const;
    void arrange();

    std::vector<alerts::Alert> m_alerts;
    std::vector<Entry> m_entries;
    Timestamp m_now = 0;
    Group m_group = Group::Severity;
    Order m_order = Order::Urgency;
};

/// One kept event of an alert, read from its record.
struct EvidenceRow {
    std::int64_t eventId = 0;
    Timestamp time = kNoTime;
    Action action = Action::None;
    QString actionText, method, path, code, out, in;
    QString rawPath;
    std::string json, raw;
};
/// Reads the records; worker thread. Damaged JSON gives a row with the time alone.
std::vector<EvidenceRow> readEvidence(const std::vector<alerts::Evidence> &evidence);

/// Kept events of the alert in view. Thread: GUI.
class EvidenceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { ActionRole = Qt::UserRole + 1, EventIdRole, RawRole, JsonRole, MonoRole };
    enum Column { TimeColumn, ActionColumn, MethodColumn, PathColumn, CodeColumn, OutColumn, InColumn, ColumnCount };

    explicit EvidenceModel(QObject *parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void setRows(std::vector<EvidenceRow> rows);
    [[nodiscard]] const EvidenceRow *rowAt(int row) const;

private:
    std::vector<EvidenceRow> m_rows;
};

} // namespace nightjar::present
