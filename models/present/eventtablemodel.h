// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"
#include "present/show.h"

#include <QAbstractTableModel>
#include <QElapsedTimer>
#include <QStringList>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nightjar::present {

/// How a cell is drawn.
enum class CellKind : int { Time, Action, Text, Mono, Number, Url };

/// One column: the fields whose first non-empty value fills it.
struct EventColumn {
    std::vector<std::string> fields;
    QString title;
    CellKind kind = CellKind::Text;
    int width = 100;       ///< suggested, at 100 %; 0 takes the rest
    bool optional = false; ///< hides first in a narrow window
};

/// The twelve columns that a new table starts with.
std::vector<EventColumn> defaultEventColumns();

/// A window over the events of one question, newest first. Pages of 256 rows come by keyset on workers; a bounded
/// number of them stays in memory, rows that are not there are placeholders and are asked for by being looked at.
/// data() never waits. Thread: GUI.
class EventTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        PlaceholderRole = Qt::UserRole + 1, ///< bool: not there yet, draw a grey bar
        KindRole,                           ///< CellKind
        ActionRole,                         ///< Action of the row
        FieldRole,                          ///< name of the field that filled the cell (or would)
        RawRole,                            ///< the value as recorded, for the clipboard on request
        EventIdRole,                        ///< qint64
        TimeRole,                           ///< qint64, microseconds
        ErrorWordRole                       ///< bool: the cell itself tells of an error (status code ≥ 400)
    };
    static constexpr int kPageRows = 256;
    static constexpr int kMaxPages = 32;       ///< pages kept as text
    static constexpr int kMaxRows = 1'000'000; ///< beyond it the histogram's brush takes over

    explicit EventTableModel(Session &session, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    void setColumns(std::vector<EventColumn> columns);
    [[nodiscard]] const std::vector<EventColumn> &columns() const { return m_columns; }
    /// Asks anew. The request's columns and limit are ours.
    void ask(const workspace::SearchRequest &request);
    /// Stops and keeps the rows that are there.
    void stop();
    /// Forgets everything.
    void clear();
    /// Once the count is known the table has its whole length, and any place can be jumped to.
    void setTotal(std::int64_t total);

    [[nodiscard]] std::optional<std::int64_t> eventIdAt(int row) const;
    [[nodiscard]] Timestamp timeAt(int row) const;
    [[nodiscard]] Timestamp newestTime() const { return timeAt(0); }
    /// Row of an event that is in memory, or -1.
    [[nodiscard]] int rowOf(std::int64_t eventId) const;
    [[nodiscard]] bool busy() const { return !m_pending.empty() || m_walk.busy(); }
    /// All rows are known (the end of the answer was seen).
    [[nodiscard]] bool complete() const { return m_end >= 0; }
    [[nodiscard]] int pagesInMemory() const { return static_cast<int>(m_pages.size()); }

Q_SIGNALS:
    void firstPage(qint64 milliseconds);
    void busyChanged(bool busy);
    void failed(const nightjar::Error &error);

private:
    struct Row {
        std::int64_t id = 0;
        Timestamp time = kNoTime;
        Action action = Action::None;
        QStringList cells;
        std::vector<std::string> raw;
        std::vector<std::size_t> source; ///< which field of the column filled the cell
    };
    struct Block {
        std::vector<Row> rows;
        quint64 used = 0;
        bool complete = false;
    };
    using Key = std::pair<Timestamp, std::int64_t>;

    const Row *rowAt(int row) const;
    QVariant cell(const Row &row, std::size_t column, int role) const;
    void want(int page) const;
    void fetchWanted();
    void fetchPage(int page, Priority priority);
    void walkTowards(int page);
    void accept(int page, Block part, bool wanted);
    void setLength(int rows);
    void drop();
    void trim();
    void cancelPending();
    void tellBusy();
    [[nodiscard]] bool has(int page) const;
    static Block convert(workspace::SearchPage page, const std::vector<EventColumn> &columns);

    Session &m_session;
    std::vector<EventColumn> m_columns;
    workspace::SearchRequest m_request;
    std::map<int, Block> m_pages;
    std::vector<Key> m_ends; ///< key of the last row of page i
    std::map<int, CancelToken> m_pending;
    mutable std::set<int> m_wanted;
    mutable QTimer m_fetchSoon;
    quint64 m_clock = 0;    ///< orders uses for the LRU
    quint64 m_question = 0; ///< answers to older questions are dropped
    Latest m_walk;
    QElapsedTimer m_asked;
    int m_length = 0;
    int m_end = -1;       ///< number of rows when known
    bool m_fresh = false; ///< a question was asked whose first rows are not there: the old ones still show
    bool m_stopped = false;
    bool m_wasBusy = false;
};

} // namespace nightjar::present
