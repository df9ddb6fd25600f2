// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

/// A query's text cut into the clauses that the chip row shows. Only the top level is cut; what stands in brackets or
/// beside an "or" stays one clause. Nothing is checked here: the engine says whether a query holds.
namespace nightjar::present {

struct Clause {
    QString text;  ///< the whole clause, with its minus
    QString field; ///< empty: free text
    QString op;    ///< ":", ">=", …; empty: free text
    QString value; ///< without quotes
    bool exclude = false;
    qsizetype start = 0, length = 0; ///< place in the query's text
};

std::vector<Clause> clausesOf(const QString &query);

/// `field:"value"`, quoted where needed, with a minus when `exclude`.
QString makeClause(const QString &field, const QString &value, bool exclude);

/// Kinds of spans, for colouring the query bar.
enum class SpanKind { Field, Operator, Value, Number, Word, Keyword, Minus };
struct Span {
    qsizetype start = 0, length = 0;
    SpanKind kind = SpanKind::Word;
};
std::vector<Span> spansOf(const QString &query);

} // namespace nightjar::present
