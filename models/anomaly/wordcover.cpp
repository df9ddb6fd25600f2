// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/wordcover.h"

#include "anomaly/domaintext.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kShortest = 2;
constexpr std::size_t kLongest = 11;
constexpr std::size_t kMostLetters = 63;
constexpr std::size_t kCountsFrom = 3; ///< letters of a word that covers
constexpr double kOtherLetter = -6.5;
constexpr std::uint64_t kMostWords = 200'000;

std::uint32_t keyOf(std::string_view word)
{
    return static_cast<std::uint32_t>(textHash(word, 7) >> 32U);
}

} // namespace

void WordCover::add(std::string_view word, bool rare)
{
    if (word.size() >= kShortest && word.size() <= kLongest) {
        m_words.emplace(keyOf(word), rare);
    }
}

void WordCover::finish()
{
    // Two thirds of the words of a sentence are common ones.
    const double common = static_cast<double>(
        std::count_if(m_words.begin(), m_words.end(), [](const auto &word) { return !word.second; }));
    const double rare = static_cast<double>(m_words.size()) - common;
    m_common = std::log(2.0 / 3 / std::max(1.0, common));
    m_rare = std::log(1.0 / 3 / std::max(1.0, rare));
}

WordCover::Cut WordCover::cut(std::string_view name) const
{
    std::array<char, kMostLetters> letters{};
    std::size_t n = 0;
    for (const char c : name) {
        if (c != '-' && n < kMostLetters) {
            letters[n++] = c;
        }
    }
    const std::string_view text(letters.data(), n);
    std::array<double, kMostLetters + 1> best{};
    std::array<std::size_t, kMostLetters + 1> length{};
    for (std::size_t end = 1; end <= n; ++end) {
        best[end] = best[end - 1] + kOtherLetter;
        length[end] = 1;
        for (std::size_t size = kShortest; size <= std::min(kLongest, end); ++size) {
            const auto word = m_words.find(keyOf(text.substr(end - size, size)));
            if (word == m_words.end()) {
                continue;
            }
            const double value = best[end - size] + (word->second ? m_rare : m_common);
            if (value > best[end]) {
                best[end] = value;
                length[end] = size;
            }
        }
    }
    Cut out;
    out.logProbability = best[n];
    for (std::size_t end = n; end > 0; end -= length[end]) {
        out.covered += length[end] >= kCountsFrom ? static_cast<double>(length[end]) / static_cast<double>(n) : 0;
    }
    return out;
}

void WordCover::write(ByteWriter &out) const
{
    std::vector<std::uint64_t> all;
    for (const auto &[key, rare] : m_words) {
        all.push_back(std::uint64_t{key} << 1U | (rare ? 1U : 0U));
    }
    std::sort(all.begin(), all.end());
    out.number(all.size(), 4);
    for (const std::uint64_t word : all) {
        out.number(word, 5);
    }
}

bool WordCover::read(ByteReader &in)
{
    const std::uint64_t words = in.number(4);
    if (words > kMostWords || in.left() < words * 5) {
        return false;
    }
    m_words.clear();
    m_words.reserve(words);
    for (std::uint64_t i = 0; i < words; ++i) {
        const std::uint64_t word = in.number(5);
        m_words.emplace(static_cast<std::uint32_t>(word >> 1U), (word & 1U) != 0);
    }
    finish();
    return true;
}

} // namespace nightjar::anomaly
