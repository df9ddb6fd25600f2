// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/charmodel.h"
#include "anomaly/domaintext.h"
#include "anomaly/wordcover.h"
#include "base/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nightjar::anomaly {

/// What is measured on one name. All but the first and the endings look at the core (domaintext.h).
enum DomainFeature : std::size_t {
    kGramOdds,      ///< log-odds of the letter groups of the whole name
    kMeanLikely,    ///< mean log probability of a letter among names that people choose
    kLeastFour,     ///< of the four letters in a row that are least likely
    kLeastQuarter,  ///< of the least likely quarter of the letters
    kDrawnAtRandom, ///< log of: drawn letter by letter or word by word, over chosen by people
    kDrawnByWord,   ///< log of: words drawn from a list, over chosen by people
    kWordLikely,    ///< mean log probability of a letter when words are drawn
    kCommonSuffix,  ///< log10 of the share of the suffix among ordinary names
    kWordCovered,   ///< share of the letters in common words
    kDomainFeatures
};
std::string_view domainFeatureName(std::size_t feature);

struct DomainScore {
    double severity = 0; ///< 0–100; 75: one ordinary name in 1,000 reaches it, 90: one in 10,000
    double odds = 0;     ///< log-odds
    std::array<double, kDomainFeatures> features{};
    std::array<double, kDomainFeatures> points{}; ///< what each adds to the log-odds against an ordinary name
};

/// Tells names made by a program (DGA) from names that people choose, whatever the program.
///
/// A logistic regression over nine figures: that of a second one over hashed letter groups (trained on known families
/// and on made-up ones), a character model of ordinary names, and how well the name is explained by drawing letters or
/// words at random. Trained by tests/train/traindomains.cpp, which says from what. Memory: about 3 MB. Cost: about 5 µs
/// a name. Thread: reading is const.
class DomainModel {
public:
    /// Error NJ-ANOMALY-005: cannot be read, or is of another version or damaged.
    static Result<DomainModel> load(const std::filesystem::path &file);
    static Result<DomainModel> parse(std::string_view bytes);

    [[nodiscard]] DomainScore score(std::string_view name) const;

private:
    friend class DomainTrainer; ///< tests/train
    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] std::vector<Gram> weighedGramsOf(std::string_view whole) const;
    [[nodiscard]] std::array<double, kDomainFeatures> featuresOf(const DomainParts &parts) const;
    [[nodiscard]] double suffixShare(std::string_view suffix) const;
    void setSuffixes(const std::vector<std::pair<std::string, std::size_t>> &counts);

    std::vector<float> m_gramWeights; ///< 2^kGramBits
    std::vector<float> m_gramRarity;  ///< 1 + ln((1 + names)/(1 + names with it)), in steps of 1/16
    double m_gramBias = 0;
    CharModel m_letters;
    WordCover m_words;
    std::unordered_map<std::uint32_t, float> m_suffixes; ///< hash → log10 of the share
    double m_unknownSuffix = -6;
    std::array<double, kDomainFeatures> m_usual{};
    std::array<double, kDomainFeatures> m_weights{};
    double m_bias = 0;
    std::array<double, 4> m_marks{}; ///< log-odds that a tenth, 1 %, 0.1 % and 0.01 % of ordinary names reach
};

/// Scores a CSV file whose first column is a name, with one header line: one severity a data row.
/// Error NJ-ANOMALY-006: no header.
Result<std::vector<double>> scoreDomainTable(const DomainModel &model, std::string_view csv);

} // namespace nightjar::anomaly
