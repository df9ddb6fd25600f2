// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/clauses.h"
#include "workspace/services.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <vector>

namespace nightjar::present {

/// The question of an Events view: text, time range, filters switched off, and the way back through earlier ones.
/// Every change of the question pushes what was before. Thread: GUI.
class QueryController : public QObject {
    Q_OBJECT
public:
    struct State {
        QString text;
        Timestamp from = kNoTime, to = kNoTime;
        QStringList disabled; ///< clauses that stay visible but do not filter
        bool operator==(const State &) const = default;
    };

    explicit QueryController(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    [[nodiscard]] const State &state() const { return m_state; }
    [[nodiscard]] const QString &text() const { return m_state.text; }
    [[nodiscard]] std::vector<Clause> clauses() const { return clausesOf(m_state.text); }
    [[nodiscard]] workspace::SearchRequest request() const;
    [[nodiscard]] bool isNarrowed() const;
    [[nodiscard]] bool hasRange() const { return m_state.from != kNoTime || m_state.to != kNoTime; }

    void setText(const QString &text);
    void setRange(Timestamp from, Timestamp to);
    void set(const QString &text, Timestamp from, Timestamp to);
    void include(const QString &field, const QString &value); ///< an exclusion of the same value goes
    void exclude(const QString &field, const QString &value);
    void only(const QString &field, const QString &value); ///< other clauses on the field go
    void removeClause(int clause);
    void invertClause(int clause);
    void disableClause(int clause);
    void enableClause(int disabled);
    void dropDisabled(int disabled);
    void dropLast(); ///< the last clause, or the range when there is none
    void clear();

    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    bool goBack(); ///< pops the zoom stack

    /// Values that whole clauses leave out, for the facet pane.
    [[nodiscard]] QSet<QPair<QString, QString>> excluded() const;

Q_SIGNALS:
    void changed();

private:
    void apply(State next);
    void append(const QString &clause);
    [[nodiscard]] static QString without(const QString &text, const Clause &clause);

    State m_state;
    std::vector<State> m_back;
};

} // namespace nightjar::present
