// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/domaintext.h"

#include <cstdint>
#include <vector>

namespace nightjar::train {

/// Weighted logistic regression over hashed groups: averaged stochastic gradient descent, penalty 1/(30·n) on the
/// square of the weights, ten rounds, the last five averaged.
struct GramRegression {
    std::vector<float> weights;
    double bias = 0;
};
struct GramRow {
    const std::vector<anomaly::Gram> *grams = nullptr;
    bool generated = false;
    double weight = 1; ///< mean over all rows 1
};
GramRegression fitGrams(const std::vector<GramRow> &rows, std::uint64_t seed);

/// Weighted logistic regression over a few figures by Newton's method; they are standardised inside, the penalty is 1
/// on the square of the standardised weights. The last of the weights returned is the bias.
std::vector<double> fitFigures(const std::vector<std::vector<double>> &rows, const std::vector<bool> &generated,
                               const std::vector<double> &weights);

} // namespace nightjar::train
