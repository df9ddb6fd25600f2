// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "madeup.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

namespace nightjar::train {

using anomaly::Random;

namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kVowels = "aeiouy";
constexpr std::string_view kConsonants = "bcdfghjklmnpqrstvwxz";
constexpr std::array<std::string_view, 36> kEndings{
    "com",  "net",   "org", "info", "biz", "ru", "top", "xyz", "eu",   "in",    "cc",    "pw",
    "su",   "ws",    "me",  "tv",   "co",  "de", "nl",  "cn",  "us",   "co.uk", "site",  "online",
    "club", "click", "bid", "work", "tk",  "ga", "cf",  "ml",  "name", "mobi",  "space", "pro"};
constexpr std::array<std::string_view, 8> kDynamicDns{"ddns.net",  "mooo.com",  "dyndns.org", "duckdns.org",
                                                      "no-ip.org", "hopto.org", "dynu.net",   "3utilities.com"};

enum Kind {
    Plain,
    Alnum,
    Hex,
    Reduced,
    Alternating,
    Pairs,
    Triples,
    Syllables,
    Changed,
    Words,
    LongWords,
    WordAndMore,
    Dynamic
};

char oneOf(Random &random, std::string_view letters)
{
    return letters[random.below(letters.size())];
}

std::string drawn(Random &random, std::string_view letters, std::size_t count)
{
    std::string out;
    while (out.size() < count) {
        out += oneOf(random, letters);
    }
    return out;
}

} // namespace

LetterChain::LetterChain(const std::vector<std::string> &names, std::size_t order)
    : m_order(order)
{
    constexpr std::size_t kKept = 400;
    for (const std::string &name : names) {
        const std::string text = std::string(order, '^') + name + "$";
        for (std::size_t i = order; i < text.size(); ++i) {
            std::string &next = m_next[text.substr(i - order, order)];
            if (next.size() < kKept) {
                next += text[i];
            }
        }
    }
}

std::string LetterChain::make(Random &random, std::size_t least, std::size_t most) const
{
    for (int attempt = 0; attempt < 50; ++attempt) {
        std::string out(m_order, '^');
        while (out.size() < most + m_order) {
            const auto next = m_next.find(out.substr(out.size() - m_order));
            const char letter = next == m_next.end() ? '$' : oneOf(random, next->second);
            if (letter == '$') {
                break;
            }
            out += letter;
        }
        if (out.size() >= least + m_order) {
            return out.substr(m_order);
        }
    }
    return {};
}

struct MadeUpFamilies::Plan {
    int kind = Plain;
    std::size_t least = 0, most = 0; ///< letters
    double variant = 0;
    std::string alphabet, fixed, joint;
    std::vector<std::string> parts, endings;
    std::size_t words = 2;
};

MadeUpFamilies::MadeUpFamilies(std::vector<std::string> words, const std::vector<std::string> &chosen)
    : m_words(std::move(words))
    , m_pairs(chosen, 1)
    , m_triples(chosen, 2)
{
}

MadeUpFamilies::Plan MadeUpFamilies::plan(int kind, Random &random) const
{
    Plan out;
    out.kind = kind;
    const std::size_t endings = 1 + random.below(6);
    for (std::size_t i = 0; i < endings; ++i) {
        out.endings.emplace_back(random.unit() < 0.3 ? kEndings[random.below(3)]
                                                     : kEndings[random.below(kEndings.size())]);
    }
    if (kind == Dynamic) {
        out.endings.assign(1, std::string(kDynamicDns[random.below(kDynamicDns.size())]));
    }
    out.least = 5 + random.below(14);
    out.most = random.unit() < 0.3 ? out.least : out.least + random.below(9);
    out.variant = random.unit();
    const std::vector<std::size_t> order = random.sample(kLetters.size(), 6 + random.below(12));
    for (const std::size_t letter : order) {
        out.alphabet += kLetters[letter];
    }
    if (kind == Syllables) {
        for (std::size_t i = 20 + random.below(60); i > 0; --i) {
            std::string syllable{oneOf(random, kConsonants), oneOf(random, kVowels.substr(0, 5))};
            if (random.unit() < 0.3) {
                syllable += oneOf(random, kConsonants);
            }
            out.parts.push_back(std::move(syllable));
        }
    }
    if (kind == Words || kind == LongWords || kind == WordAndMore) {
        const auto size = static_cast<std::size_t>(60 * std::pow(80.0, random.unit()));
        const std::size_t shortest = random.unit() < 0.4 ? 3 + random.below(3) : 2;
        while (out.parts.size() < size) {
            const double place = std::pow(random.unit(), 1.5) * static_cast<double>(m_words.size());
            const std::string &word = m_words[std::min(m_words.size() - 1, static_cast<std::size_t>(place))];
            if (word.size() >= shortest || random.unit() < 0.01) {
                out.parts.push_back(word);
            }
        }
    }
    if (kind == Changed) {
        out.fixed = random.unit() < 0.5 ? std::string() : m_triples.make(random, 8, 16);
        out.fixed = out.fixed.empty() ? drawn(random, kLetters, 8 + random.below(8)) : out.fixed;
    }
    out.words = 2 + random.below(3);
    out.joint = random.unit() < 0.2 ? "-" : "";
    return out;
}

std::string MadeUpFamilies::core(const Plan &plan, Random &random) const
{
    const std::size_t size = plan.least + random.below(plan.most - plan.least + 1);
    const auto part = [&] { return plan.parts[random.below(plan.parts.size())]; };
    std::string out;
    switch (plan.kind) {
    case Plain:
        return drawn(random, kLetters, size);
    case Alnum:
        return drawn(random,
                     plan.variant < 0.5 ? "abcdefghijklmnopqrstuvwxyz0123456789"
                                        : "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789",
                     std::max<std::size_t>(size, 8));
    case Hex:
        return drawn(random, "0123456789abcdef", std::max<std::size_t>(size, 8));
    case Reduced:
        return drawn(random, plan.alphabet, size);
    case Alternating:
        for (bool vowel = random.unit() < 0.5; out.size() < size; vowel = !vowel) {
            out += vowel ? oneOf(random, kVowels.substr(0, plan.variant < 0.5 ? 5 : 6)) : oneOf(random, kConsonants);
        }
        return out;
    case Pairs:
        return m_pairs.make(random, size, size + 2);
    case Triples:
        return m_triples.make(random, size, size + 3);
    case Syllables:
        while (out.size() < size) {
            out += part();
        }
        return out;
    case Changed:
        out = plan.fixed;
        for (std::size_t i = 0; i < (plan.variant < 0.5 ? 4U : 3U); ++i) {
            out[plan.variant < 0.5 ? i : random.below(out.size())] = oneOf(random, kLetters);
        }
        return out;
    case Words:
        for (std::size_t i = 0; i < plan.words; ++i) {
            out += (i == 0 ? "" : plan.joint) + part();
        }
        return out;
    case LongWords:
        for (const std::size_t least = 12 + random.below(12); out.size() < least;) {
            out += (out.empty() ? "" : plan.joint) + part();
        }
        return out;
    case WordAndMore:
        if (plan.variant < 0.3) {
            return part() + drawn(random, kDigits, 1 + random.below(4));
        }
        if (plan.variant < 0.6) {
            return drawn(random, kLetters, 2 + random.below(4)) + part();
        }
        out = part() + part();
        return out + drawn(random, kDigits, 1 + random.below(3));
    default:
        return drawn(random, plan.variant < 0.5 ? std::string(kLetters) : std::string(kLetters) + std::string(kDigits),
                     size);
    }
}

std::vector<std::string> MadeUpFamilies::family(int kind, std::uint64_t seed, std::size_t count) const
{
    Random random(seed);
    const Plan how = plan(kind, random);
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (std::size_t attempt = 0; attempt < 3 * count && out.size() < count; ++attempt) {
        const std::string name = core(how, random);
        if (name.size() < 4 || name.size() > 60) {
            continue;
        }
        std::string whole = name + "." + how.endings[random.below(how.endings.size())];
        if (seen.insert(whole).second) {
            out.push_back(std::move(whole));
        }
    }
    return out;
}

} // namespace nightjar::train
