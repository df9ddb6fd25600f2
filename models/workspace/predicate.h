// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"
#include "store/eventstore.h"
#include "workspace/services.h"

namespace nightjar::workspace {

/// A query as the store's scans take it.
store::RowPredicate predicateOf(const query::Query &query);

/// The range of a request: its own, narrowed by what the query says.
store::TimeRange rangeOf(const SearchRequest &request, const query::Query &query);

} // namespace nightjar::workspace
