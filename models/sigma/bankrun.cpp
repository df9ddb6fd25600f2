// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/bankrun.h"

#include <algorithm>
#include <functional>

namespace nightjar::sigma {

namespace {

bool isAscii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// StartsWith and EndsWith, told apart by one byte most of the time.
bool affixHolds(const Test &test, std::string_view text)
{
    const std::string &affix = test.text;
    if (affix.size() > text.size()) {
        return false;
    }
    const std::size_t at = test.op == Op::StartsWith ? 0 : text.size() - affix.size();
    return affix.empty() || (text[at] == affix.front() && text.substr(at, affix.size()) == affix);
}

} // namespace

BankRun::BankRun(const Bank &bank, SourceView view, hs_scratch *scratch)
    : m_bank(&bank)
    , m_view(std::move(view))
    , m_scratch(scratch)
    , m_hits(bank.tests.size())
    , m_slowDone(bank.tests.size(), 0)
{
}

void BankRun::hit(std::uint32_t test, std::uint32_t entry)
{
    if (!m_view.absent(entry)) {
        m_hits[test].push_back(entry);
    }
}

const std::vector<std::uint32_t> &BankRun::hits(std::uint32_t test)
{
    if (m_view.entries() == 0) {
        return m_hits[test];
    }
    if (m_bank->tests[test]->op == Op::Regex) {
        const bool open = m_bank->openTests[test];
        bool &done = open ? m_openDone : m_regexDone;
        if (!done) {
            done = true;
            open ? runOpenRegexes() : runRegexes();
        }
        return m_hits[test];
    }
    if (!m_sharedDone) {
        m_sharedDone = true;
        runShared();
    }
    if (!m_slowDone[test]) {
        runSlow(test);
    }
    return m_hits[test];
}

void BankRun::runShared()
{
    std::fill(m_slowDone.begin(), m_slowDone.end(), std::uint8_t{1});
    for (const std::uint32_t test : m_bank->slow) {
        m_slowDone[test] = 0;
    }
    if (!m_bank->exact.empty()) {
        const event::TextDictionary &folded = m_view.folded();
        for (std::size_t entry = 0; entry < folded.size(); ++entry) {
            const std::string_view text = folded[entry];
            if (!m_bank->exactShapes[exactShape(text)]) {
                continue;
            }
            if (const auto found = m_bank->exact.find(text); found != m_bank->exact.end()) {
                for (const std::uint32_t test : found->second) {
                    hit(test, static_cast<std::uint32_t>(entry));
                }
            }
        }
    }
    if (!m_bank->affixes.empty()) {
        const event::TextDictionary &folded = m_view.folded();
        for (std::size_t entry = 0; entry < folded.size(); ++entry) {
            for (const std::uint32_t test : m_bank->affixes) {
                if (affixHolds(*m_bank->tests[test], folded[entry])) {
                    hit(test, static_cast<std::uint32_t>(entry));
                }
            }
        }
    }
    if (m_bank->literals.empty()) {
        return;
    }
    const event::TextDictionary &folded = m_view.folded();
    m_bank->literals.scan(folded, m_scratch, [&](const LiteralSet::Hit &found) {
        for (const Bank::LiteralUse &use : m_bank->literalUses[found.literal]) {
            const bool placed = use.op == Op::StartsWith ? found.atStart : use.op != Op::EndsWith || found.atEnd;
            std::vector<std::uint32_t> &known = m_hits[use.test];
            if (!placed || (!known.empty() && known.back() == found.entry)) {
                continue;
            }
            if (use.op != Op::Wildcard || matchesPattern(m_bank->tests[use.test]->pattern, folded[found.entry])) {
                hit(use.test, found.entry);
            }
        }
    });
}

void BankRun::checkRegex(std::uint32_t test, std::uint32_t entry)
{
    std::vector<std::uint32_t> &known = m_hits[test];
    if ((known.empty() || known.back() != entry) && !m_view.absent(entry) &&
        holds(*m_bank->tests[test], m_view.texts()[entry], {})) {
        known.push_back(entry);
    }
}

void BankRun::runRegexes()
{
    m_bank->regexAtoms.scan(m_view.folded(), m_scratch, [this](std::uint32_t expression, std::uint32_t entry) {
        checkRegex(m_bank->regexes[expression], entry);
    });
}

/// Those that ask for no literal: every text is looked at.
void BankRun::runOpenRegexes()
{
    const event::TextDictionary &texts = m_view.texts();
    const bool filtered = m_bank->regexFilter.ready() && m_scratch != nullptr;
    std::uint32_t entry = 0;
    const std::function<void(std::uint32_t)> sink = [&](std::uint32_t index) {
        checkRegex(m_bank->openRegexes[index], entry);
    };
    for (; entry < texts.size(); ++entry) {
        if (m_view.absent(entry)) {
            continue;
        }
        // Vectorscan counts bytes, RE2 code points: only on ASCII are they the same
        if (filtered && isAscii(texts[entry])) {
            m_bank->regexFilter.scan(texts[entry], m_scratch, sink);
            continue;
        }
        for (std::uint32_t i = 0; i < m_bank->openRegexes.size(); ++i) {
            sink(i);
        }
    }
}

void BankRun::runSlow(std::uint32_t test)
{
    m_slowDone[test] = 1;
    const event::TextDictionary &texts = m_view.texts();
    const event::TextDictionary &folded = m_view.folded();
    for (std::size_t entry = 0; entry < texts.size(); ++entry) {
        if (holds(*m_bank->tests[test], texts[entry], folded[entry])) {
            hit(test, static_cast<std::uint32_t>(entry));
        }
    }
}

} // namespace nightjar::sigma
