// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/domainmodel.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nightjar::train {

struct NamedDomain {
    std::string name;
    bool generated = false;
    std::string family; ///< for ordinary names: where they come from
    int fold = -1;
};

} // namespace nightjar::train

namespace nightjar::anomaly {

/// Fits a DomainModel. Families weigh n^(−½), both classes alike; made-up families are 30 % of the generated weight.
/// The second regression sees figures of rows (whole families) that the parts below it were not fitted on.
class DomainTrainer {
public:
    /// `words`: most common first, the first `common` of them are the common ones.
    DomainTrainer(std::vector<std::string> words, std::size_t common, std::uint64_t seed);

    [[nodiscard]] DomainModel fit(const std::vector<train::NamedDomain> &rows) const;
    [[nodiscard]] static std::string bytes(const DomainModel &model) { return model.bytes(); }

    /// Gives each family a fold, ordinary names one each by chance.
    static void assignFolds(std::vector<train::NamedDomain> &rows, int folds, std::uint64_t seed);

private:
    using Rows = std::vector<const train::NamedDomain *>;
    [[nodiscard]] std::vector<train::NamedDomain> madeUp(const std::vector<train::NamedDomain> &rows) const;
    [[nodiscard]] DomainModel fitParts(const Rows &rows, std::uint64_t seed) const;
    static std::vector<double> weightsOf(const Rows &rows);

    std::vector<std::string> m_words;
    WordCover m_cover;
    std::uint64_t m_seed;
};

} // namespace nightjar::anomaly
