// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// SplitMix64 (Steele, Lea, Flood 2014). The standard library's distributions differ between implementations, these do
/// not.
class DemoRandom {
public:
    explicit DemoRandom(std::uint64_t seed)
        : m_state(seed)
    {
    }

    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9E3779B97F4A7C15U);
        z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9U;
        z = (z ^ z >> 27U) * 0x94D049BB133111EBU;
        return z ^ z >> 31U;
    }
    /// 0 … count − 1; `count` is small against 2^64, the bias does not matter here.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
    }
    double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    bool chance(double probability) { return unit() < probability; }
    /// Sizes spread over orders of magnitude.
    std::uint64_t size(std::uint64_t low, std::uint64_t high)
    {
        const double ratio = static_cast<double>(high) / static_cast<double>(low);
        return static_cast<std::uint64_t>(static_cast<double>(low) * std::pow(ratio, unit()));
    }
    template <class Container>
    const auto &pick(const Container &from)
    {
        return from[below(std::size(from))];
    }
    std::string hex(std::size_t digits)
    {
        std::string text;
        for (std::size_t i = 0; i < digits; ++i) {
            text.push_back("0123456789abcdef"[below(16)]);
        }
        return text;
    }

private:
    std::uint64_t m_state;
};

/// Draws ranks 0 … count − 1 with weight 1 / (rank + 1)^exponent.
class ZipfTable {
public:
    ZipfTable(std::size_t count, double exponent)
    {
        double sum = 0;
        for (std::size_t rank = 0; rank < count; ++rank) {
            sum += 1.0 / std::pow(static_cast<double>(rank + 1), exponent);
            m_cumulative.push_back(sum);
        }
    }
    [[nodiscard]] std::size_t draw(DemoRandom &random) const
    {
        const double wanted = random.unit() * m_cumulative.back();
        const auto at = std::lower_bound(m_cumulative.begin(), m_cumulative.end(), wanted);
        return static_cast<std::size_t>(std::min(at, m_cumulative.end() - 1) - m_cumulative.begin());
    }

private:
    std::vector<double> m_cumulative;
};

} // namespace nightjar::workspace
