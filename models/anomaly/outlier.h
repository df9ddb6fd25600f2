// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/table.h"
#include "base/result.h"

#include <string_view>
#include <vector>

/// Rows of a table that do not look like the others, for example users by the features of their day.
namespace nightjar::anomaly {

/// One mark a row, 0–100, higher is more unusual; the same table gives the same marks. NaN counts as the column's
/// median. Fewer than three rows are 0.
///
/// Five parts, each turned into its tail −ln(1 − rank/(n+1)) and added (facts/anomaly.md §6):
/// - the distance to the nearest of 20 random rows, mean over 100 draws (Sugiyama and Borgwardt, "Rapid distance-based
///   outlier detection via sampling", NIPS 2013), on standardised columns, on columns by median and quartiles, and on
///   these with their correlations taken out (Mahalanobis distance with a shrunk covariance);
/// - the isolation forest (isolationforest.h);
/// - LODA (Pevný, "Loda: Lightweight on-line detector of anomalies", Machine Learning 102, 2016): mean of −ln of the
///   histogram density over 200 sparse projections.
/// Cost: about rows × columns × 6,000 multiplications, less for tables beyond 300,000 cells. Thread: any.
std::vector<double> scoreOutliers(const Table &table);

/// The same on a CSV file of numbers. Errors: as readTable.
Result<std::vector<double>> scoreOutlierTable(std::string_view csv);

} // namespace nightjar::anomaly
