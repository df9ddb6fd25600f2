// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/random.h"
#include "anomaly/table.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nightjar::anomaly {

/// Isolation forest: what few random cuts separate from the rest is unusual.
/// Formula: Liu, Ting and Zhou, "Isolation Forest", ICDM 2008: s = 2^(−E[h] / c(ψ)), c(n) = 2·H(n−1) − 2(n−1)/n.
/// Memory: about trees × 2ψ × 24 bytes. Thread: scoring is const and may run in many threads.
class IsolationForest {
public:
    /// `sampleRows`: ψ, rows that each tree is grown from.
    IsolationForest(const Table &table, Random &random, std::size_t trees = 200, std::size_t sampleRows = 256);
    /// 0–1, higher is more unusual. `row` has as many values as the table had columns.
    [[nodiscard]] double score(std::span<const double> row) const;

private:
    struct Node {
        double cut = 0;
        double pathLength = 0; ///< of a leaf: depth plus the expected rest
        std::uint32_t column = 0;
        std::uint32_t below = 0; ///< node for values under the cut, the next one for the others; 0: leaf
    };
    void grow(const Table &table, std::vector<std::size_t> &rows, Random &random);
    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_roots;
    double m_usualLength = 1;
    std::size_t m_mostDepth = 0;
};

} // namespace nightjar::anomaly
