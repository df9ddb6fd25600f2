// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/domainmodel.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace nightjar::anomaly {

namespace {

constexpr std::string_view kMagic = "NJDOMAIN";
constexpr std::uint64_t kVersion = 1;
constexpr float kRaritySteps = 16;
constexpr std::uint64_t kMostSuffixes = 100'000;
constexpr std::uint64_t kMostFileBytes = 16U << 20U;
constexpr std::array<double, 4> kSeverities{30, 60, 75, 90};

constexpr std::array<std::string_view, kDomainFeatures> kNames{"letter groups like those of generated names",
                                                               "letters follow each other as in chosen names",
                                                               "least likely four letters",
                                                               "least likely quarter of the letters",
                                                               "rather drawn at random than chosen",
                                                               "rather drawn from a word list than chosen",
                                                               "likely as words in a row",
                                                               "common ending",
                                                               "covered by common words"};

std::uint32_t suffixKey(std::string_view suffix)
{
    return static_cast<std::uint32_t>(textHash(suffix, 11) >> 32U);
}

void writeDouble(ByteWriter &out, double value)
{
    out.number(std::bit_cast<std::uint64_t>(value), 8);
}

double readDouble(ByteReader &in)
{
    return std::bit_cast<double>(in.number(8));
}

tl::unexpected<Error> unusable(std::string why)
{
    return fail("NJ-ANOMALY-005", "Cannot use the model of generated names", std::move(why),
                "Install the program anew, or train the model again (tests/train).");
}

double meanOf(const std::vector<double> &values, std::size_t count)
{
    return std::accumulate(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
           static_cast<double>(count);
}

/// Keeps the order: the marks stand for kSeverities, straight lines between them, 0 and 100 are never reached.
double severityOf(double odds, const std::array<double, 4> &marks)
{
    constexpr double kWidth = 4;
    if (odds < marks.front()) {
        return kSeverities.front() * std::exp((odds - marks.front()) / kWidth);
    }
    for (std::size_t i = 1; i < marks.size(); ++i) {
        if (odds < marks[i]) {
            return kSeverities[i - 1] +
                   (kSeverities[i] - kSeverities[i - 1]) * (odds - marks[i - 1]) / (marks[i] - marks[i - 1]);
        }
    }
    return 100 - (100 - kSeverities.back()) * std::exp((marks.back() - odds) / kWidth);
}

} // namespace

std::string_view domainFeatureName(std::size_t feature)
{
    return kNames[feature];
}

double DomainModel::suffixShare(std::string_view suffix) const
{
    const auto found = m_suffixes.find(suffixKey(suffix));
    return found == m_suffixes.end() ? m_unknownSuffix : static_cast<double>(found->second);
}

void DomainModel::setSuffixes(const std::vector<std::pair<std::string, std::size_t>> &counts)
{
    double all = 1;
    for (const auto &[suffix, count] : counts) {
        all += static_cast<double>(count);
    }
    m_suffixes.clear();
    m_unknownSuffix = std::log10(0.5 / all);
    for (const auto &[suffix, count] : counts) {
        m_suffixes.emplace(suffixKey(suffix), static_cast<float>(std::log10(static_cast<double>(count) / all)));
    }
}

/// The groups times their rarity, with the square sum 1.
std::vector<Gram> DomainModel::weighedGramsOf(std::string_view whole) const
{
    std::vector<Gram> grams = gramsOf(whole);
    double squares = 1e-12;
    for (Gram &gram : grams) {
        gram.value *= m_gramRarity[gram.slot];
        squares += static_cast<double>(gram.value) * static_cast<double>(gram.value);
    }
    for (Gram &gram : grams) {
        gram.value = static_cast<float>(gram.value / std::sqrt(squares));
    }
    return grams;
}

std::array<double, kDomainFeatures> DomainModel::featuresOf(const DomainParts &parts) const
{
    std::array<double, kDomainFeatures> f{};
    f[kGramOdds] = m_gramBias;
    for (const Gram &gram : weighedGramsOf(parts.whole)) {
        f[kGramOdds] += static_cast<double>(gram.value) * static_cast<double>(m_gramWeights[gram.slot]);
    }
    std::vector<double> logs = m_letters.logProbabilities(parts.core);
    const std::size_t n = logs.size();
    const double chosen = std::accumulate(logs.begin(), logs.end(), 0.0);
    f[kMeanLikely] = chosen / static_cast<double>(n);
    for (std::size_t i = 0; i + 4 <= n; ++i) {
        f[kLeastFour] = std::min(f[kLeastFour], (logs[i] + logs[i + 1] + logs[i + 2] + logs[i + 3]) / 4);
    }
    std::sort(logs.begin(), logs.end());
    f[kLeastQuarter] = meanOf(logs, std::max<std::size_t>(1, n / 4));
    const double letters = static_cast<double>(parts.core.size());
    const bool digits = std::any_of(parts.core.begin(), parts.core.end(), [](char c) { return c >= '0' && c <= '9'; });
    const WordCover::Cut cut = m_words.cut(parts.core);
    f[kDrawnAtRandom] = std::max(-letters * std::log(digits ? 36.0 : 26.0), cut.logProbability) - chosen;
    f[kDrawnByWord] = cut.logProbability - chosen;
    f[kWordLikely] = cut.logProbability / std::max(1.0, letters);
    f[kCommonSuffix] = suffixShare(parts.suffix);
    f[kWordCovered] = cut.covered;
    return f;
}

DomainScore DomainModel::score(std::string_view name) const
{
    DomainScore out;
    const DomainParts parts = domainPartsOf(name);
    if (parts.core.empty()) {
        return out;
    }
    out.features = featuresOf(parts);
    out.odds = m_bias;
    for (std::size_t i = 0; i < kDomainFeatures; ++i) {
        out.odds += m_weights[i] * out.features[i];
        out.points[i] = m_weights[i] * (out.features[i] - m_usual[i]);
    }
    out.severity = severityOf(out.odds, m_marks);
    return out;
}

std::string DomainModel::bytes() const
{
    ByteWriter out;
    out.raw(kMagic);
    out.number(kVersion, 4);
    float most = 1e-6F;
    for (const float weight : m_gramWeights) {
        most = std::max(most, std::abs(weight));
    }
    const double step = static_cast<double>(most) / 32'767;
    writeDouble(out, step);
    for (const float weight : m_gramWeights) {
        out.number(static_cast<std::uint16_t>(std::lround(static_cast<double>(weight) / step)), 2);
    }
    for (const float rarity : m_gramRarity) {
        out.number(static_cast<std::uint8_t>(std::lround(rarity * kRaritySteps)), 1);
    }
    writeDouble(out, m_gramBias);
    m_letters.write(out);
    m_words.write(out);
    std::vector<std::pair<std::uint32_t, float>> suffixes(m_suffixes.begin(), m_suffixes.end());
    std::sort(suffixes.begin(), suffixes.end());
    out.number(suffixes.size(), 4);
    for (const auto &[key, share] : suffixes) {
        out.number(key, 4);
        out.number(std::bit_cast<std::uint32_t>(share), 4);
    }
    writeDouble(out, m_unknownSuffix);
    for (std::size_t i = 0; i < kDomainFeatures; ++i) {
        writeDouble(out, m_usual[i]);
        writeDouble(out, m_weights[i]);
    }
    writeDouble(out, m_bias);
    for (const double mark : m_marks) {
        writeDouble(out, mark);
    }
    ByteWriter sealed;
    sealed.raw(out.bytes());
    sealed.number(hash64(out.bytes()), 8);
    return sealed.bytes();
}

Result<DomainModel> DomainModel::parse(std::string_view bytes)
{
    if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 12) {
        return unusable("it is no such model");
    }
    ByteReader seal(bytes.substr(bytes.size() - 8));
    ByteReader in(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - 8));
    if (in.number(4) != kVersion) {
        return unusable("it is of another version");
    }
    if (seal.number(8) != hash64(bytes.substr(0, bytes.size() - 8))) {
        return unusable("it is damaged");
    }
    DomainModel model;
    const double step = readDouble(in);
    model.m_gramWeights.resize(std::size_t{1} << kGramBits);
    for (float &weight : model.m_gramWeights) {
        weight = static_cast<float>(step * static_cast<std::int16_t>(in.number(2)));
    }
    model.m_gramRarity.resize(model.m_gramWeights.size());
    for (float &rarity : model.m_gramRarity) {
        rarity = static_cast<float>(in.number(1)) / kRaritySteps;
    }
    model.m_gramBias = readDouble(in);
    const bool tables = model.m_letters.read(in) && model.m_words.read(in);
    const std::uint64_t suffixes = in.number(4);
    for (std::uint64_t i = 0; i < std::min(suffixes, kMostSuffixes) && in.good(); ++i) {
        const auto key = static_cast<std::uint32_t>(in.number(4));
        model.m_suffixes.emplace(key, std::bit_cast<float>(static_cast<std::uint32_t>(in.number(4))));
    }
    model.m_unknownSuffix = readDouble(in);
    for (std::size_t i = 0; i < kDomainFeatures; ++i) {
        model.m_usual[i] = readDouble(in);
        model.m_weights[i] = readDouble(in);
    }
    model.m_bias = readDouble(in);
    for (double &mark : model.m_marks) {
        mark = readDouble(in);
    }
    return tables && in.good() && in.left() == 0 ? Result<DomainModel>(std::move(model)) : unusable("it is damaged");
}

Result<DomainModel> DomainModel::load(const std::filesystem::path &file)
{
    const auto bytes = readFile(file, kMostFileBytes);
    if (!bytes) {
        return unusable(bytes.error().reason);
    }
    return parse(*bytes);
}

Result<std::vector<double>> scoreDomainTable(const DomainModel &model, std::string_view csv)
{
    std::vector<double> out;
    std::vector<std::string> cells;
    bool header = true;
    for (std::size_t at = 0; at < csv.size();) {
        const std::size_t end = std::min(csv.find('\n', at), csv.size());
        const std::string_view row = trim(csv.substr(at, end - at));
        at = end + 1;
        if (row.empty()) {
            continue;
        }
        if (header) {
            header = false;
            continue;
        }
        splitCsvRecord(row, ',', cells);
        out.push_back(model.score(cells.front()).severity);
    }
    if (header) {
        return fail("NJ-ANOMALY-006", "There are no names", "the file has no header line", "First line: domain");
    }
    return out;
}

} // namespace nightjar::anomaly
