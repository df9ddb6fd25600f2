// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domaintrainer.h"

#include "logistic.h"
#include "madeup.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace nightjar::anomaly {

using train::NamedDomain;

namespace {

constexpr int kInnerFolds = 3;
constexpr double kMadeUpShare = 0.3;
constexpr int kFamiliesOfAKind = 8;
constexpr std::size_t kNamesOfAFamily = 200;
constexpr std::string_view kMadeUp = "made up ";

} // namespace

DomainTrainer::DomainTrainer(std::vector<std::string> words, std::size_t common, std::uint64_t seed)
    : m_words(std::move(words))
    , m_seed(seed)
{
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        m_cover.add(m_words[i], i >= common);
    }
    m_cover.finish();
}

void DomainTrainer::assignFolds(std::vector<NamedDomain> &rows, int folds, std::uint64_t seed)
{
    std::set<std::string> names;
    for (const NamedDomain &row : rows) {
        if (row.generated) {
            names.insert(row.family);
        }
    }
    Random random(seed);
    const std::vector<std::string> families(names.begin(), names.end());
    std::map<std::string, int> foldOf;
    int next = 0;
    for (const std::size_t i : random.sample(families.size(), families.size())) {
        foldOf[families[i]] = next++ % folds;
    }
    for (NamedDomain &row : rows) {
        row.fold = row.generated ? foldOf[row.family] : static_cast<int>(random.below(static_cast<std::size_t>(folds)));
    }
}

std::vector<NamedDomain> DomainTrainer::madeUp(const std::vector<NamedDomain> &rows) const
{
    std::vector<std::string> chosen;
    for (const NamedDomain &row : rows) {
        if (!row.generated) {
            chosen.push_back(domainPartsOf(row.name).core);
        }
    }
    const train::MadeUpFamilies maker(m_words, chosen);
    std::vector<NamedDomain> out;
    for (int kind = 0; kind < train::MadeUpFamilies::kKinds; ++kind) {
        for (int i = 0; i < kFamiliesOfAKind; ++i) {
            const std::uint64_t seed = m_seed * 100'000 + static_cast<std::uint64_t>(kind * 100 + i);
            const std::string family = std::string(kMadeUp) + std::to_string(seed);
            for (std::string &name : maker.family(kind, seed, kNamesOfAFamily)) {
                out.push_back({std::move(name), true, family, -1});
            }
        }
    }
    return out;
}

std::vector<double> DomainTrainer::weightsOf(const Rows &rows)
{
    std::map<std::string, double> sizes;
    for (const NamedDomain *row : rows) {
        sizes[row->family] += row->generated ? 1 : 0;
    }
    enum Group { Ordinary, Known, Invented };
    const auto groupOf = [](const NamedDomain &row) {
        return !row.generated ? Ordinary : row.family.starts_with(kMadeUp) ? Invented : Known;
    };
    std::array<double, 3> sums{};
    std::vector<double> out;
    for (const NamedDomain *row : rows) {
        out.push_back(row->generated ? 1 / std::sqrt(sizes[row->family]) : 1);
        sums[groupOf(*row)] += out.back();
    }
    const std::array<double, 3> shares{0.5, 0.5 * (1 - kMadeUpShare), 0.5 * kMadeUpShare};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Group group = groupOf(*rows[i]);
        out[i] *= shares[group] / sums[group] * static_cast<double>(rows.size());
    }
    return out;
}

DomainModel DomainTrainer::fitParts(const Rows &rows, std::uint64_t seed) const
{
    DomainModel model;
    const std::vector<double> weights = weightsOf(rows);
    CharModel::Counts counts;
    std::map<std::string, std::size_t> suffixes;
    std::vector<double> names(std::size_t{1} << kGramBits);
    for (const NamedDomain *row : rows) {
        const DomainParts parts = domainPartsOf(row->name);
        for (const Gram &gram : gramsOf(parts.whole)) {
            names[gram.slot] += 1;
        }
        if (!row->generated) {
            counts.add(parts.core);
            ++suffixes[parts.suffix];
        }
    }
    const double all = static_cast<double>(rows.size());
    for (const double with : names) { // as coarse as it is written, so that training and use agree
        model.m_gramRarity.push_back(static_cast<float>(std::round(16 * (1 + std::log((1 + all) / (1 + with)))) / 16));
    }
    std::vector<std::vector<Gram>> grams;
    grams.reserve(rows.size());
    std::vector<train::GramRow> gramRows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        grams.push_back(model.weighedGramsOf(domainPartsOf(rows[i]->name).whole));
        gramRows.push_back({&grams.back(), rows[i]->generated, weights[i]});
    }
    train::GramRegression regression = train::fitGrams(gramRows, seed);
    model.m_gramWeights = std::move(regression.weights);
    model.m_gramBias = regression.bias;
    model.m_letters = counts.finish();
    model.m_words = m_cover;
    model.setSuffixes({suffixes.begin(), suffixes.end()});
    return model;
}

DomainModel DomainTrainer::fit(const std::vector<NamedDomain> &known) const
{
    std::vector<NamedDomain> all = known;
    const std::vector<NamedDomain> invented = madeUp(known);
    all.insert(all.end(), invented.begin(), invented.end());
    assignFolds(all, kInnerFolds, m_seed + 1);
    std::vector<std::vector<double>> figures;
    std::vector<bool> generated;
    Rows order;
    for (int fold = 0; fold < kInnerFolds; ++fold) {
        Rows rest;
        for (const NamedDomain &row : all) {
            if (row.fold != fold) {
                rest.push_back(&row);
            }
        }
        const DomainModel part = fitParts(rest, m_seed + 10 + static_cast<std::uint64_t>(fold));
        for (const NamedDomain &row : all) {
            if (row.fold == fold) {
                const auto f = part.featuresOf(domainPartsOf(row.name));
                figures.emplace_back(f.begin(), f.end());
                generated.push_back(row.generated);
                order.push_back(&row);
            }
        }
    }
    const std::vector<double> weights = train::fitFigures(figures, generated, weightsOf(order));
    Rows everything;
    for (const NamedDomain &row : all) {
        everything.push_back(&row);
    }
    DomainModel model = fitParts(everything, m_seed);
    std::copy_n(weights.begin(), std::size_t{kDomainFeatures}, model.m_weights.begin());
    model.m_bias = weights.back();
    std::vector<double> odds;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (generated[i]) {
            continue;
        }
        odds.push_back(model.m_bias);
        for (std::size_t f = 0; f < kDomainFeatures; ++f) {
            odds.back() += model.m_weights[f] * figures[i][f];
            model.m_usual[f] += figures[i][f];
        }
    }
    std::sort(odds.rbegin(), odds.rend());
    for (double &usual : model.m_usual) {
        usual /= static_cast<double>(odds.size());
    }
    double share = 0.1;
    for (double &mark : model.m_marks) {
        mark = odds[static_cast<std::size_t>(share * static_cast<double>(odds.size()))];
        share /= 10;
    }
    return model;
}

} // namespace nightjar::anomaly
