// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace nightjar::anomaly {

/// Numbers that look random and are the same on every machine and in every run of one seed.
/// Generator: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// Thread: one owner.
class Random {
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }
    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ z >> 27U) * 0x94D049BB133111EBULL;
        return z ^ z >> 31U;
    }
    /// 0 ≤ value < 1.
    double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    /// 0 ≤ value < bound; bound at least 1.
    std::size_t below(std::size_t bound)
    {
        return std::min(static_cast<std::size_t>(unit() * static_cast<double>(bound)), bound - 1);
    }
    /// Standard normal (Box and Muller 1958, one of the pair).
    double normal()
    {
        constexpr double kTwoPi = 6.283185307179586;
        const double radius = std::sqrt(-2 * std::log(1 - unit()));
        return radius * std::cos(kTwoPi * unit());
    }
    /// `count` different numbers below `bound` (all when there are fewer), in random order.
    std::vector<std::size_t> sample(std::size_t bound, std::size_t count)
    {
        std::vector<std::size_t> all(bound);
        std::iota(all.begin(), all.end(), std::size_t{0});
        count = std::min(count, bound);
        for (std::size_t i = 0; i < count; ++i) {
            std::swap(all[i], all[i + below(bound - i)]);
        }
        all.resize(count);
        return all;
    }

private:
    std::uint64_t m_state;
};

} // namespace nightjar::anomaly
