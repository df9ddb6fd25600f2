// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/show.h"
#include "workspace/services.h"

#include <QAbstractListModel>

#include <utility>
#include <vector>

namespace nightjar::present {

/// One event in full: its fields as rows, and the record's text beside them. Texts are defanged and visible; the values
/// as recorded stand in ValueRole. Thread: GUI.
class RecordModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { FieldRole = Qt::UserRole + 1, ValueRole };

    explicit RecordModel(QObject *parent = nullptr)
        : QAbstractListModel(parent)
    {
    }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    void setEvent(const workspace::EventDetail &event);
    void clear();

    [[nodiscard]] std::int64_t eventId() const { return m_id; }
    [[nodiscard]] Timestamp time() const { return m_time; }
    [[nodiscard]] const QString &rawText() const { return m_raw; }   ///< shown form
    [[nodiscard]] const QString &jsonText() const { return m_json; } ///< indented, shown form
    [[nodiscard]] const std::string &recordedText() const { return m_recorded; }
    /// Where a field's value stands in rawText(): start and length, length 0 when it does not.
    [[nodiscard]] std::pair<qsizetype, qsizetype> placeInRaw(int row) const;
    /// The field whose value stands at a place of rawText(), or -1; the longest value wins.
    [[nodiscard]] int fieldAt(qsizetype place) const;

private:
    struct Row {
        QString field, shown;
        std::string value;
        qsizetype start = -1, length = 0;
    };
    void locate();
    [[nodiscard]] QString defangedText(const std::string &text, qsizetype limit) const;

    std::vector<Row> m_rows;
    QString m_raw, m_json;
    std::string m_recorded;
    std::int64_t m_id = 0;
    Timestamp m_time = kNoTime;
};

} // namespace nightjar::present
