// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace nightjar::anomaly {

/// How far a value of a statistic lies out in the tail of its own past, as −log10 of a probability.
///
/// Of the last n values (at most 4,000, at least 50) let r be those not below d, u the 90 % quantile and b the mean
/// excess of the top tenth over u. For d > u the mark is the mean of −log10((r + ½)/(n + 1)) and of the exponential
/// tail −log10(0.1·e^(−(d−u)/b)), at most 30; with b = 0 the first alone. Otherwise 0.3 (facts/anomaly.md §6; the
/// exponential tail is the shape-0 case of peaks over threshold, Siffer and others, KDD 2017).
/// Memory: 64 KB. Thread: one owner.
class TailScore {
public:
    /// The mark of `value` against the values before it; then it belongs to the past itself.
    double push(double value);

private:
    [[nodiscard]] double markOf(double value) const;
    std::deque<double> m_past;
    std::vector<double> m_sorted;
};

} // namespace nightjar::anomaly
