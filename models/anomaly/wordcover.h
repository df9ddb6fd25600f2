// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/bytes.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace nightjar::anomaly {

/// Common words, to see whether a name is strung together from a word list. Words are known by a hash only.
/// Thread: reading is const.
class WordCover {
public:
    /// How a name is best cut into words.
    struct Cut {
        double logProbability = 0; ///< natural logarithm: each word drawn at random, 6.5 for a letter of no word
        double covered = 0;        ///< share of the letters in words of three letters and more, 0–1
    };
    /// Hyphens are left out; at most 63 characters count.
    [[nodiscard]] Cut cut(std::string_view name) const;

    /// `rare`: not among the most common ones. Words of 2 to 11 letters; others are not taken.
    void add(std::string_view word, bool rare);
    void finish(); ///< after the last word
    void write(ByteWriter &out) const;
    /// False when the bytes are none of a list.
    bool read(ByteReader &in);

private:
    std::unordered_map<std::uint32_t, bool> m_words;
    double m_common = 0, m_rare = 0; ///< logarithms of the probability of one word of the kind
};

} // namespace nightjar::anomaly
