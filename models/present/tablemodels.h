// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/show.h"
#include "workspace/services.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace nightjar::present {

/// Short tables that are replaced as a whole: what they share. Thread: GUI.
class RowsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        RowIdRole = Qt::UserRole + 1, ///< qint64 of the row's thing, 0 when it has none
        ToneRole,                     ///< Tone of the row's state
        FlagRole,                     ///< bool: journal: undoable; deny list: added by Nightjar
        RawRole,                      ///< value as it is, for the clipboard on request and for actions
        DetailRole,                   ///< a longer text for tooltip or second line (plain, already visible)
        MonoRole,                     ///< bool: the column is data
        StateColumnRole,              ///< bool: the cell is the state with an icon
        BarsRole                      ///< QList<double>: a small picture in place of the text
    };
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    struct Column {
        QString title;
        bool right = false, mono = false, state = false;
    };
    struct Row {
        qint64 id = 0;
        Tone tone = Tone::Neutral;
        bool flag = false;
        QStringList cells;
        QString raw, detail;
        QList<double> bars = {};
    };
    RowsModel(std::vector<Column> columns, QObject *parent);
    /// The same things in the same order (by raw value, else id) are changed in place: selection and place stay.
    void setRows(std::vector<Row> rows);

private:
    std::vector<Column> m_columns;
    std::vector<Row> m_rows;
};

/// Every change ever pushed, newest first: time, who, action, entry, result, reason.
class JournalModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { AtColumn, WhoColumn, ActionColumn, EntryColumn, ResultColumn, ReasonColumn };
    explicit JournalModel(QObject *parent = nullptr);
    void setLines(const std::vector<workspace::JournalLine> &lines);
};

/// The deny list as it is in Zscaler: entry, who added it.
class DenyListModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { EntryColumn, OriginColumn };
    explicit DenyListModel(QObject *parent = nullptr);
    void setState(const workspace::DenyListState &state);
};

/// Records that could not be read: source, line, what is wrong, the raw text.
class QuarantineModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { SourceColumn, LineColumn, ProblemColumn, RawColumn };
    explicit QuarantineModel(QObject *parent = nullptr);
    void setEntries(const std::vector<workspace::QuarantineEntry> &entries);
};

} // namespace nightjar::present
