// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/clauses.h"

#include <algorithm>

namespace nightjar::present {

namespace {

/// Index behind the piece that starts at `at`: quotes, brackets and regular expressions belong together.
qsizetype pieceEnd(const QString &text, qsizetype at)
{
    int depth = 0;
    QChar quote;
    for (qsizetype i = at; i < text.size(); ++i) {
        const QChar c = text[i];
        if (!quote.isNull()) {
            if (c == QLatin1Char('\\')) {
                ++i;
            } else if (c == quote) {
                quote = QChar();
            }
            continue;
        }
        if (c == QLatin1Char('"') || (c == QLatin1Char('/') && i > at && text[i - 1] == QLatin1Char('~'))) {
            quote = c;
        } else if (c == QLatin1Char('(')) {
            ++depth;
        } else if (c == QLatin1Char(')')) {
            --depth;
        } else if (c.isSpace() && depth <= 0) {
            return i;
        }
    }
    return text.size();
}

bool isFieldCharacter(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('.') || c == QLatin1Char('_') || c == QLatin1Char('@') ||
           c == QLatin1Char('-');
}

QString unquoted(const QString &value)
{
    if (value.size() < 2 || !value.startsWith(QLatin1Char('"')) || !value.endsWith(QLatin1Char('"'))) {
        return value;
    }
    QString made;
    for (qsizetype i = 1; i + 1 < value.size(); ++i) {
        if (value[i] == QLatin1Char('\\') && i + 2 < value.size()) {
            ++i;
        }
        made += value[i];
    }
    return made;
}

Clause readClause(const QString &text, qsizetype start, qsizetype end)
{
    Clause clause;
    clause.start = start;
    clause.length = end - start;
    clause.text = text.mid(start, end - start);
    qsizetype at = start;
    if (at < end && text[at] == QLatin1Char('-') && end - at > 1) {
        clause.exclude = true;
        ++at;
    }
    qsizetype name = at;
    while (name < end && isFieldCharacter(text[name])) {
        ++name;
    }
    qsizetype op = name;
    while (op < end && QStringLiteral(":<>=!~").contains(text[op])) {
        ++op;
    }
    if (name > at && op > name) {
        clause.field = text.mid(at, name - at);
        clause.op = text.mid(name, op - name);
        clause.value = unquoted(text.mid(op, end - op));
    } else {
        clause.value = unquoted(text.mid(at, end - at));
    }
    return clause;
}

bool isWord(const QString &text, QLatin1String word)
{
    return text.compare(word, Qt::CaseInsensitive) == 0;
}

} // namespace

std::vector<Clause> clausesOf(const QString &query)
{
    std::vector<Clause> clauses;
    bool negateNext = false;
    qsizetype negateAt = 0;
    qsizetype at = 0;
    bool whole = false;
    while (at < query.size()) {
        if (query[at].isSpace()) {
            ++at;
            continue;
        }
        const qsizetype end = pieceEnd(query, at);
        const QString piece = query.mid(at, end - at);
        if (isWord(piece, QLatin1String("or"))) {
            whole = true;
            break;
        }
        if (isWord(piece, QLatin1String("not"))) {
            negateNext = true;
            negateAt = at;
        } else if (!isWord(piece, QLatin1String("and"))) {
            Clause clause = readClause(query, at, end);
            if (negateNext) {
                clause.exclude = !clause.exclude;
                clause.start = negateAt;
                clause.length = end - negateAt;
                clause.text = query.mid(negateAt, end - negateAt);
                negateNext = false;
            }
            clauses.push_back(std::move(clause));
        }
        at = end;
    }
    if (whole) {
        Clause clause;
        clause.text = query.trimmed();
        clause.value = clause.text;
        clause.length = query.size();
        return {clause};
    }
    return clauses;
}

QString makeClause(const QString &field, const QString &value, bool exclude)
{
    const bool plain = !value.isEmpty() && std::all_of(value.begin(), value.end(), [](QChar c) {
        return c.unicode() < 128 && (c.isLetterOrNumber() || QStringLiteral("._-@").contains(c));
    }) && value[0].isLetterOrNumber();
    QString quoted = value;
    if (!plain) {
        quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
        quoted = QLatin1Char('"') + quoted + QLatin1Char('"');
    }
    return QString((exclude ? QStringLiteral("-") : QString()) + field + QLatin1Char(':') + quoted);
}

std::vector<Span> spansOf(const QString &query)
{
    std::vector<Span> spans;
    qsizetype at = 0;
    while (at < query.size()) {
        if (query[at].isSpace() || query[at] == QLatin1Char('(') || query[at] == QLatin1Char(')')) {
            ++at;
            continue;
        }
        const qsizetype end = std::max(pieceEnd(query, at), at + 1);
        const QString piece = query.mid(at, end - at);
        const bool keyword = isWord(piece, QLatin1String("and")) || isWord(piece, QLatin1String("or")) ||
                             isWord(piece, QLatin1String("not"));
        const Clause clause = readClause(query, at, end);
        if (keyword || clause.field.isEmpty()) {
            spans.push_back({at, end - at, keyword ? SpanKind::Keyword : SpanKind::Word});
        } else {
            if (clause.exclude) {
                spans.push_back({at++, 1, SpanKind::Minus});
            }
            spans.push_back({at, clause.field.size(), SpanKind::Field});
            at += clause.field.size();
            spans.push_back({at, clause.op.size(), SpanKind::Operator});
            at += clause.op.size();
            bool number = false;
            query.mid(at, end - at).toDouble(&number);
            spans.push_back({at, end - at, number ? SpanKind::Number : SpanKind::Value});
        }
        at = end;
    }
    return spans;
}

} // namespace nightjar::present
