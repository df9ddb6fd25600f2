// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/table.h"

namespace nightjar::anomaly {

/// NaN becomes the median of the column's numbers; a column without numbers becomes 0.
Table fillMissing(const Table &table);

/// Each column less its mean, over its standard deviation; a constant column becomes 0. No NaN may be in it.
Table standardise(const Table &table);

/// Each column less its median, over its quartile distance / 1.349, clipped to ±8. Where the quartiles are equal, the
/// standard deviation takes their place.
Table standardiseRobustly(const Table &table);

/// The rows in coordinates in which the Euclidean distance is the Mahalanobis distance with the covariance
/// C + 0.1 · (trace C / columns) · I (shrunk as in Ledoit and Wolf 2004, with a fixed share): rows times the inverse
/// of the transposed Cholesky factor.
Table withoutCorrelations(const Table &table);

} // namespace nightjar::anomaly
