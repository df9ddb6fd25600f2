// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/regexatoms.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace nightjar::sigma {

namespace {

constexpr int kShortestAtom = 3;

bool isAscii(const std::string &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Escapes can name characters that fold to something else than their lower case.
bool isPlain(const std::string &expression)
{
    return isAscii(expression) && expression.find("\\x") == std::string::npos &&
           expression.find("\\p") == std::string::npos && expression.find("\\P") == std::string::npos;
}

/// In most URLs: to find them in each costs more than to take them for granted.
bool isEverywhere(const std::string &atom)
{
    constexpr std::string_view kCommon[] = {"https://www.", "http://", ".com/"};
    return std::any_of(std::begin(kCommon), std::end(kCommon),
                       [&](std::string_view common) { return common.find(atom) != std::string_view::npos; });
}

/// The two letters beyond ASCII that fold into it: RE2 names them apart, folded texts do not.
std::string folded(std::string atom)
{
    constexpr std::pair<std::string_view, std::string_view> kLetters[] = {{"\u017F", "s"}, {"\u212A", "k"}};
    for (const auto &[letter, plain] : kLetters) {
        for (std::size_t at = atom.find(letter); at != std::string::npos; at = atom.find(letter, at)) {
            atom.replace(at, letter.size(), plain);
        }
    }
    return atom;
}

} // namespace

RegexAtoms::RegexAtoms() = default;
RegexAtoms::~RegexAtoms() = default;
RegexAtoms::RegexAtoms(RegexAtoms &&) noexcept = default;
RegexAtoms &RegexAtoms::operator=(RegexAtoms &&) noexcept = default;

void RegexAtoms::compile(const std::vector<std::string> &expressions, HsScratch &prototype)
{
    m_covered.assign(expressions.size(), false);
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto filter = std::make_unique<re2::FilteredRE2>(kShortestAtom);
    for (std::uint32_t i = 0; i < expressions.size(); ++i) {
        int number = 0;
        if (isPlain(expressions[i]) && filter->Add(expressions[i], options, &number) == re2::RE2::NoError) {
            m_expressions.push_back(i);
        }
    }
    if (m_expressions.empty()) {
        return;
    }
    std::vector<std::string> atoms;
    filter->Compile(&atoms);
    std::transform(atoms.begin(), atoms.end(), atoms.begin(), folded);
    if (atoms.empty() || !std::all_of(atoms.begin(), atoms.end(), isAscii)) {
        return;
    }
    for (std::size_t number = 0; number < atoms.size(); ++number) {
        if (isEverywhere(atoms[number])) {
            m_everywhere.push_back(static_cast<int>(number));
            continue;
        }
        const std::uint32_t literal = m_atoms.add(atoms[number]);
        m_numbers.resize(std::max<std::size_t>(m_numbers.size(), literal + 1));
        m_numbers[literal].push_back(static_cast<int>(number));
    }
    m_atoms.compile(prototype);
    std::vector<int> always;
    filter->AllPotentials(m_everywhere, &always);
    for (std::size_t number = 0; number < m_expressions.size(); ++number) {
        m_covered[m_expressions[number]] =
            std::find(always.begin(), always.end(), static_cast<int>(number)) == always.end();
    }
    m_filter = std::move(filter);
}

std::vector<std::uint32_t> RegexAtoms::expressionsOf(const std::vector<std::uint32_t> &literals) const
{
    std::vector<int> atoms = m_everywhere;
    for (const std::uint32_t literal : literals) {
        atoms.insert(atoms.end(), m_numbers[literal].begin(), m_numbers[literal].end());
    }
    std::vector<int> numbers;
    m_filter->AllPotentials(atoms, &numbers);
    std::vector<std::uint32_t> expressions;
    for (const int number : numbers) {
        const std::uint32_t expression = m_expressions[static_cast<std::size_t>(number)];
        if (m_covered[expression]) {
            expressions.push_back(expression);
        }
    }
    return expressions;
}

void RegexAtoms::scan(const event::TextDictionary &folded, hs_scratch *scratch, const Sink &sink) const
{
    if (!m_filter) {
        return;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found; // entry, literal
    m_atoms.scan(folded, scratch, [&](const LiteralSet::Hit &hit) { found.emplace_back(hit.entry, hit.literal); });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    // Texts of a log hold the same few combinations again and again.
    std::map<std::vector<std::uint32_t>, std::vector<std::uint32_t>> known;
    std::vector<std::uint32_t> literals;
    for (std::size_t at = 0; at < found.size();) {
        const std::uint32_t entry = found[at].first;
        literals.clear();
        for (; at < found.size() && found[at].first == entry; ++at) {
            literals.push_back(found[at].second);
        }
        const auto [expressions, fresh] = known.try_emplace(literals);
        if (fresh) {
            expressions->second = expressionsOf(literals);
        }
        for (const std::uint32_t expression : expressions->second) {
            sink(expression, entry);
        }
    }
}

} // namespace nightjar::sigma
