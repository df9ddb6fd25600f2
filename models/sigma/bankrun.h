// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/compiled.h"
#include "sigma/sourceview.h"

#include <cstdint>
#include <vector>

namespace nightjar::sigma {

/// The answers of one bank on one candidate's values, found when first asked for.
class BankRun {
public:
    BankRun(const Bank &bank, SourceView view, hs_scratch *scratch);

    /// Entries for which the test holds, ascending.
    const std::vector<std::uint32_t> &hits(std::uint32_t test);
    SourceView &view() { return m_view; }
    const Bank &bank() const { return *m_bank; }

private:
    void runShared();
    void runRegexes();
    void runOpenRegexes();
    void checkRegex(std::uint32_t test, std::uint32_t entry);
    void runSlow(std::uint32_t test);
    void hit(std::uint32_t test, std::uint32_t entry);

    const Bank *m_bank;
    SourceView m_view;
    hs_scratch *m_scratch;
    std::vector<std::vector<std::uint32_t>> m_hits;
    std::vector<std::uint8_t> m_slowDone;
    bool m_sharedDone = false;
    bool m_regexDone = false;
    bool m_openDone = false;
};

} // namespace nightjar::sigma
