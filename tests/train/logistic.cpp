// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logistic.h"

#include "anomaly/random.h"

#include <cmath>

namespace nightjar::train {

namespace {

double sigmoid(double z)
{
    return 1 / (1 + std::exp(-z));
}

/// Solves a · x = b for a symmetric positive matrix, in place (Gauss without pivoting).
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b)
{
    const std::size_t n = b.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t r = i + 1; r < n; ++r) {
            const double factor = a[r][i] / a[i][i];
            for (std::size_t c = i; c < n; ++c) {
                a[r][c] -= factor * a[i][c];
            }
            b[r] -= factor * b[i];
        }
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t c = i + 1; c < n; ++c) {
            b[i] -= a[i][c] * b[c];
        }
        b[i] /= a[i][i];
    }
    return b;
}

/// Weights kept as scale · w, and their sum over the steps as it would be, each touched only where a row has a group.
class AveragedWeights {
public:
    explicit AveragedWeights(std::size_t size)
        : m_weights(size)
        , m_sums(size)
        , m_seen(size)
    {
    }
    [[nodiscard]] double at(std::uint32_t slot) const { return m_scale * m_weights[slot]; }
    void shrink(double factor) { m_scale *= factor; }
    void add(std::uint32_t slot, double value)
    {
        m_sums[slot] += (m_scales - m_seen[slot]) * m_weights[slot];
        m_seen[slot] = m_scales;
        m_weights[slot] += value / m_scale;
    }
    void count()
    {
        m_scales += m_scale;
        m_steps += 1;
    }
    [[nodiscard]] std::vector<float> means() const
    {
        std::vector<float> out(m_weights.size());
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<float>((m_sums[i] + (m_scales - m_seen[i]) * m_weights[i]) / m_steps);
        }
        return out;
    }

private:
    std::vector<double> m_weights, m_sums, m_seen;
    double m_scale = 1, m_scales = 0, m_steps = 0;
};

} // namespace

GramRegression fitGrams(const std::vector<GramRow> &rows, std::uint64_t seed)
{
    constexpr int kRounds = 10;
    constexpr double kPenaltyRows = 30;
    const double n = static_cast<double>(rows.size());
    const double penalty = 1 / (kPenaltyRows * n);
    anomaly::Random random(seed);
    AveragedWeights weights(std::size_t{1} << anomaly::kGramBits);
    GramRegression out;
    double bias = 0, biases = 0, averaged = 0, steps = 0;
    for (int round = 0; round < kRounds; ++round) {
        for (const std::size_t i : random.sample(rows.size(), rows.size())) {
            const GramRow &row = rows[i];
            const double rate = 1 / (1 + 4 * penalty * kPenaltyRows * steps);
            steps += 1;
            double z = bias;
            for (const anomaly::Gram &gram : *row.grams) {
                z += static_cast<double>(gram.value) * weights.at(gram.slot);
            }
            const double gradient = (sigmoid(z) - (row.generated ? 1 : 0)) * std::min(row.weight, 4.0) * rate;
            weights.shrink(1 - rate * penalty);
            for (const anomaly::Gram &gram : *row.grams) {
                weights.add(gram.slot, -gradient * static_cast<double>(gram.value));
            }
            bias -= 0.1 * gradient;
            if (round >= kRounds / 2) {
                weights.count();
                biases += bias;
                averaged += 1;
            }
        }
    }
    out.weights = weights.means();
    out.bias = biases / averaged;
    return out;
}

std::vector<double> fitFigures(const std::vector<std::vector<double>> &rows, const std::vector<bool> &generated,
                               const std::vector<double> &weights)
{
    const std::size_t figures = rows.front().size();
    const double n = static_cast<double>(rows.size());
    std::vector<double> mean(figures), deviation(figures);
    for (const auto &row : rows) {
        for (std::size_t f = 0; f < figures; ++f) {
            mean[f] += row[f] / n;
        }
    }
    for (const auto &row : rows) {
        for (std::size_t f = 0; f < figures; ++f) {
            deviation[f] += (row[f] - mean[f]) * (row[f] - mean[f]) / n;
        }
    }
    for (double &value : deviation) {
        value = std::sqrt(value) + 1e-9;
    }
    std::vector<double> w(figures + 1);
    for (int step = 0; step < 25; ++step) {
        std::vector<std::vector<double>> hessian(figures + 1, std::vector<double>(figures + 1));
        std::vector<double> gradient(figures + 1);
        for (std::size_t f = 0; f < figures; ++f) {
            hessian[f][f] = 1;
            gradient[f] = w[f];
        }
        hessian[figures][figures] = 1e-6;
        std::vector<double> x(figures + 1, 1.0);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            double z = w[figures];
            for (std::size_t f = 0; f < figures; ++f) {
                x[f] = (rows[r][f] - mean[f]) / deviation[f];
                z += w[f] * x[f];
            }
            const double p = sigmoid(z);
            for (std::size_t i = 0; i <= figures; ++i) {
                gradient[i] += weights[r] * (p - (generated[r] ? 1 : 0)) * x[i];
                for (std::size_t j = 0; j <= i; ++j) {
                    hessian[i][j] += weights[r] * p * (1 - p) * x[i] * x[j];
                    hessian[j][i] = hessian[i][j];
                }
            }
        }
        const std::vector<double> move = solve(hessian, gradient);
        for (std::size_t i = 0; i <= figures; ++i) {
            w[i] -= move[i];
        }
    }
    for (std::size_t f = 0; f < figures; ++f) {
        w[f] /= deviation[f];
        w[figures] -= w[f] * mean[f];
    }
    return w;
}

} // namespace nightjar::train
