// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/isolationforest.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

/// c(n): mean depth of an unsuccessful search in a binary tree of n keys.
double usualLength(std::size_t n)
{
    if (n < 2) {
        return 0;
    }
    constexpr double kEulerGamma = 0.5772156649015329;
    const double m = static_cast<double>(n);
    return n == 2 ? 1 : 2 * (std::log(m - 1) + kEulerGamma) - 2 * (m - 1) / m;
}

} // namespace

IsolationForest::IsolationForest(const Table &table, Random &random, std::size_t trees, std::size_t sampleRows)
{
    const std::size_t size = std::min(sampleRows, table.rows());
    m_usualLength = std::max(1e-9, usualLength(size));
    m_mostDepth = static_cast<std::size_t>(std::ceil(std::log2(std::max<double>(2, static_cast<double>(size)))));
    for (std::size_t i = 0; i < trees && size > 0; ++i) {
        std::vector<std::size_t> rows = random.sample(table.rows(), size);
        grow(table, rows, random);
    }
}

void IsolationForest::grow(const Table &table, std::vector<std::size_t> &rows, Random &random)
{
    struct Part {
        std::uint32_t node;
        std::size_t begin, end, depth;
    };
    m_roots.push_back(static_cast<std::uint32_t>(m_nodes.size()));
    m_nodes.emplace_back();
    std::vector<Part> open{{m_roots.back(), 0, rows.size(), 0}};
    std::vector<std::uint32_t> varying;
    while (!open.empty()) {
        const Part part = open.back();
        open.pop_back();
        const auto bounds = [&](std::uint32_t column) {
            double low = table.at(rows[part.begin], column);
            double high = low;
            for (std::size_t i = part.begin + 1; i < part.end; ++i) {
                low = std::min(low, table.at(rows[i], column));
                high = std::max(high, table.at(rows[i], column));
            }
            return std::pair{low, high};
        };
        varying.clear();
        if (part.depth < m_mostDepth && part.end - part.begin > 1) {
            for (std::uint32_t c = 0; c < table.columns(); ++c) {
                if (const auto [low, high] = bounds(c); low < high) {
                    varying.push_back(c);
                }
            }
        }
        if (varying.empty()) {
            m_nodes[part.node].pathLength = static_cast<double>(part.depth) + usualLength(part.end - part.begin);
            continue;
        }
        const std::uint32_t column = varying[random.below(varying.size())];
        const auto [low, high] = bounds(column);
        const double cut = std::max(low + random.unit() * (high - low), std::nextafter(low, high));
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(part.begin);
        const auto last = rows.begin() + static_cast<std::ptrdiff_t>(part.end);
        const auto middle = std::partition(first, last, [&](std::size_t r) { return table.at(r, column) < cut; });
        const auto split = static_cast<std::size_t>(middle - rows.begin());
        const auto below = static_cast<std::uint32_t>(m_nodes.size());
        m_nodes[part.node] = {cut, 0, column, below};
        m_nodes.resize(m_nodes.size() + 2);
        open.push_back({below, part.begin, split, part.depth + 1});
        open.push_back({below + 1, split, part.end, part.depth + 1});
    }
}

double IsolationForest::score(std::span<const double> row) const
{
    double sum = 0;
    for (const std::uint32_t root : m_roots) {
        std::uint32_t node = root;
        while (m_nodes[node].below != 0) {
            node = m_nodes[node].below + (row[m_nodes[node].column] < m_nodes[node].cut ? 0U : 1U);
        }
        sum += m_nodes[node].pathLength;
    }
    return m_roots.empty() ? 0 : std::exp2(-sum / static_cast<double>(m_roots.size()) / m_usualLength);
}

} // namespace nightjar::anomaly
