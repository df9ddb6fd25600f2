// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/querycontroller.h"

namespace nightjar::present {

namespace {

constexpr std::size_t kMaxBack = 200;

bool sameTest(const Clause &clause, const QString &field, const QString &value)
{
    return clause.field == field && clause.op == QLatin1String(":") && clause.value == value;
}

} // namespace

workspace::SearchRequest QueryController::request() const
{
    workspace::SearchRequest request;
    request.query = m_state.text.toStdString();
    request.from = m_state.from;
    request.to = m_state.to;
    return request;
}

bool QueryController::isNarrowed() const
{
    return hasRange() || !m_state.text.trimmed().isEmpty();
}

void QueryController::apply(State next)
{
    next.text = next.text.trimmed();
    if (next == m_state) {
        return;
    }
    m_back.push_back(m_state);
    if (m_back.size() > kMaxBack) {
        m_back.erase(m_back.begin());
    }
    m_state = std::move(next);
    Q_EMIT changed();
}

void QueryController::setText(const QString &text)
{
    set(text, m_state.from, m_state.to);
}

void QueryController::setRange(Timestamp from, Timestamp to)
{
    set(m_state.text, from, to);
}

void QueryController::set(const QString &text, Timestamp from, Timestamp to)
{
    State next = m_state;
    next.text = text;
    next.from = from;
    next.to = to;
    apply(std::move(next));
}

QString QueryController::without(const QString &text, const Clause &clause)
{
    return QString(text.left(clause.start).trimmed() + QLatin1Char(' ') +
                   text.mid(clause.start + clause.length).trimmed())
        .trimmed();
}

void QueryController::append(const QString &clause)
{
    const std::vector<Clause> now = clauses();
    const bool alternatives = now.size() == 1 && now.front().field.isEmpty() && now.front().value == m_state.text &&
                              m_state.text.contains(QLatin1Char(' '));
    State next = m_state;
    next.text = alternatives ? QString(QLatin1Char('(') + m_state.text + QLatin1String(")  ") + clause)
                             : QString(m_state.text + QLatin1String("  ") + clause);
    next.disabled.removeAll(clause);
    apply(std::move(next));
}

void QueryController::include(const QString &field, const QString &value)
{
    for (const Clause &clause : clauses()) {
        if (sameTest(clause, field, value)) {
            if (clause.exclude) {
                setText(without(m_state.text, clause));
            }
            return;
        }
    }
    append(makeClause(field, value, false));
}

void QueryController::exclude(const QString &field, const QString &value)
{
    for (const Clause &clause : clauses()) {
        if (sameTest(clause, field, value)) {
            if (clause.exclude) { // a second minus takes it back
                setText(without(m_state.text, clause));
                return;
            }
            State next = m_state;
            next.text = without(m_state.text, clause) + QLatin1String("  ") + makeClause(field, value, true);
            apply(std::move(next));
            return;
        }
    }
    append(makeClause(field, value, true));
}

void QueryController::only(const QString &field, const QString &value)
{
    QString rest;
    for (const Clause &clause : clauses()) {
        if (clause.field != field) {
            rest += clause.text + QLatin1String("  ");
        }
    }
    setText(rest + makeClause(field, value, false));
}

void QueryController::removeClause(int clause)
{
    const std::vector<Clause> now = clauses();
    if (clause >= 0 && static_cast<std::size_t>(clause) < now.size()) {
        setText(without(m_state.text, now[static_cast<std::size_t>(clause)]));
    }
}

void QueryController::invertClause(int clause)
{
    const std::vector<Clause> now = clauses();
    if (clause < 0 || static_cast<std::size_t>(clause) >= now.size()) {
        return;
    }
    const Clause &target = now[static_cast<std::size_t>(clause)];
    QString inner = target.text;
    if (target.exclude) {
        inner = inner.startsWith(QLatin1Char('-')) ? inner.mid(1) : inner.mid(3).trimmed();
    } else {
        inner = (target.field.isEmpty() && target.length == m_state.text.size() && inner.contains(QLatin1Char(' '))
                     ? QString(QLatin1String("not (") + inner + QLatin1Char(')'))
                     : QString(QLatin1Char('-') + inner));
    }
    setText(m_state.text.left(target.start) + inner + m_state.text.mid(target.start + target.length));
}

void QueryController::disableClause(int clause)
{
    const std::vector<Clause> now = clauses();
    if (clause >= 0 && static_cast<std::size_t>(clause) < now.size()) {
        State next = m_state;
        const Clause &target = now[static_cast<std::size_t>(clause)];
        next.disabled.append(target.text);
        next.text = without(m_state.text, target);
        apply(std::move(next));
    }
}

void QueryController::enableClause(int disabled)
{
    if (disabled >= 0 && disabled < m_state.disabled.size()) {
        append(m_state.disabled.at(disabled));
    }
}

void QueryController::dropDisabled(int disabled)
{
    if (disabled >= 0 && disabled < m_state.disabled.size()) {
        State next = m_state;
        next.disabled.removeAt(disabled);
        apply(std::move(next));
    }
}

void QueryController::dropLast()
{
    const std::vector<Clause> now = clauses();
    if (now.empty()) {
        setRange(kNoTime, kNoTime);
    } else {
        removeClause(static_cast<int>(now.size()) - 1);
    }
}

void QueryController::clear()
{
    apply({});
}

bool QueryController::goBack()
{
    if (m_back.empty()) {
        return false;
    }
    m_state = std::move(m_back.back());
    m_back.pop_back();
    Q_EMIT changed();
    return true;
}

QSet<QPair<QString, QString>> QueryController::excluded() const
{
    QSet<QPair<QString, QString>> values;
    for (const Clause &clause : clauses()) {
        if (clause.exclude && clause.op == QLatin1String(":")) {
            values.insert(qMakePair(clause.field, clause.value));
        }
    }
    return values;
}

} // namespace nightjar::present
