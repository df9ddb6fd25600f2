// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/whiten.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr double kShrink = 0.1;
constexpr double kClip = 8;
constexpr double kQuartilesOfNormal = 1.349;

/// `q`-quantile of ascending values, between neighbours in proportion.
double quantile(const std::vector<double> &sorted, double q)
{
    if (sorted.empty()) {
        return 0;
    }
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

struct Spread {
    double mean = 0, deviation = 0;
};

Spread spreadOf(const Table &table, std::size_t column)
{
    const double n = std::max<double>(1, static_cast<double>(table.rows()));
    Spread out;
    for (std::size_t r = 0; r < table.rows(); ++r) {
        out.mean += table.at(r, column) / n;
    }
    double squares = 0;
    for (std::size_t r = 0; r < table.rows(); ++r) {
        const double d = table.at(r, column) - out.mean;
        squares += d * d / n;
    }
    out.deviation = std::sqrt(squares);
    return out;
}

void scaleColumn(const Table &in, Table &out, std::size_t column, double middle, double scale, double clip)
{
    // What rounding leaves of a constant column must not be blown up.
    const bool constant = !std::isfinite(scale) || scale <= 1e-12 * std::max(1.0, std::abs(middle));
    for (std::size_t r = 0; r < in.rows(); ++r) {
        out.at(r, column) = constant ? 0 : std::clamp((in.at(r, column) - middle) / scale, -clip, clip);
    }
}

/// Lower triangle of the covariance, shrunk towards a multiple of the identity.
Table shrunkCovariance(const Table &table)
{
    const std::size_t d = table.columns();
    Table out(d, d);
    std::vector<double> mean(d);
    for (std::size_t c = 0; c < d; ++c) {
        mean[c] = spreadOf(table, c).mean;
    }
    std::vector<double> centred(d);
    for (std::size_t r = 0; r < table.rows(); ++r) {
        for (std::size_t c = 0; c < d; ++c) {
            centred[c] = table.at(r, c) - mean[c];
        }
        for (std::size_t i = 0; i < d; ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                out.at(i, j) += centred[i] * centred[j];
            }
        }
    }
    const double n = static_cast<double>(table.rows());
    double trace = 0;
    for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            out.at(i, j) /= n;
        }
        trace += out.at(i, i);
    }
    for (std::size_t i = 0; i < d; ++i) {
        out.at(i, i) += kShrink * trace / static_cast<double>(d) + 1e-9;
    }
    return out;
}

/// The covariance becomes its Cholesky factor, in place.
void factorise(Table &matrix)
{
    for (std::size_t i = 0; i < matrix.rows(); ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = matrix.at(i, j);
            for (std::size_t k = 0; k < j; ++k) {
                sum -= matrix.at(i, k) * matrix.at(j, k);
            }
            matrix.at(i, j) = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / matrix.at(j, j);
        }
    }
}

} // namespace

Table fillMissing(const Table &table)
{
    Table out = table;
    for (std::size_t c = 0; c < table.columns(); ++c) {
        std::vector<double> known = table.column(c);
        std::erase_if(known, [](double v) { return std::isnan(v); });
        if (known.size() == table.rows()) {
            continue;
        }
        std::sort(known.begin(), known.end());
        const double median = quantile(known, 0.5);
        for (std::size_t r = 0; r < out.rows(); ++r) {
            out.at(r, c) = std::isnan(out.at(r, c)) ? median : out.at(r, c);
        }
    }
    return out;
}

Table standardise(const Table &table)
{
    Table out(table.rows(), table.columns());
    for (std::size_t c = 0; c < table.columns(); ++c) {
        const Spread spread = spreadOf(table, c);
        scaleColumn(table, out, c, spread.mean, spread.deviation, 1e6);
    }
    return out;
}

Table standardiseRobustly(const Table &table)
{
    Table out(table.rows(), table.columns());
    for (std::size_t c = 0; c < table.columns(); ++c) {
        std::vector<double> sorted = table.column(c);
        std::sort(sorted.begin(), sorted.end());
        const double middle = quantile(sorted, 0.5);
        double scale = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / kQuartilesOfNormal;
        if (!(scale > 1e-12 * std::max(1.0, std::abs(middle)))) {
            scale = spreadOf(table, c).deviation;
        }
        scaleColumn(table, out, c, middle, scale, kClip);
    }
    return out;
}

Table withoutCorrelations(const Table &table)
{
    Table factor = shrunkCovariance(table);
    factorise(factor);
    Table out = table;
    for (std::size_t r = 0; r < out.rows(); ++r) {
        const auto row = out.row(r);
        for (std::size_t i = 0; i < row.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                row[i] -= factor.at(i, k) * row[k];
            }
            row[i] /= factor.at(i, i);
        }
    }
    return out;
}

} // namespace nightjar::anomaly
