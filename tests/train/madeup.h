// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/random.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nightjar::train {

/// Chains of letters as they follow each other in given names (Markov, 1913).
class LetterChain {
public:
    LetterChain(const std::vector<std::string> &names, std::size_t order);
    /// A name of `least` to `most` letters; empty when the chain does not get there.
    std::string make(anomaly::Random &random, std::size_t least, std::size_t most) const;

private:
    std::map<std::string, std::string> m_next;
    std::size_t m_order;
};

/// Makes up families of generated names, so that the model learns the ways in which programs make names and not the
/// families that it saw: letters, letters and digits, hexadecimal, part of the alphabet, consonant and vowel, chains of
/// order one and two, syllables, one name with changes, words in a row (three ways), random labels under dynamic DNS.
class MadeUpFamilies {
public:
    static constexpr int kKinds = 13;
    /// `words`: most common first. `chosen`: names that people chose.
    MadeUpFamilies(std::vector<std::string> words, const std::vector<std::string> &chosen);
    /// `count` names at most, all different; the seed decides lengths, letters, words and endings of the family.
    [[nodiscard]] std::vector<std::string> family(int kind, std::uint64_t seed, std::size_t count) const;

private:
    struct Plan;
    [[nodiscard]] Plan plan(int kind, anomaly::Random &random) const;
    std::string core(const Plan &plan, anomaly::Random &random) const;
    std::vector<std::string> m_words;
    LetterChain m_pairs, m_triples;
};

} // namespace nightjar::train
