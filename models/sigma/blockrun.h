// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"
#include "sigma/bankrun.h"
#include "sigma/compiled.h"
#include "sigma/ruleset.h"
#include "sigma/sourceview.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace nightjar::sigma {

/// One evaluation of a rule set on a block. Not shared between threads.
class BlockRun {
public:
    BlockRun(const CompiledRules &rules, const event::EventBlock &block);
    /// `nanos`, one a rule, may be null.
    std::vector<RuleMatch> run(std::vector<std::int64_t> *nanos = nullptr);

private:
    using Rows = std::optional<event::RowSet>; ///< empty: no row

    BankRun &bank(std::uint32_t index);
    std::vector<BankRun> &keywordRuns();
    const event::RowSet &scope(std::uint8_t routes);
    bool possible(const CompiledRule &rule, std::uint32_t node);
    bool possible(const CompiledItem &item);
    Rows evaluate(const CompiledRule &rule);
    Rows evaluate(const CompiledRule &rule, std::uint32_t node, const event::RowSet &within);
    Rows evaluateItem(std::uint32_t item, const event::RowSet &within);
    const Rows &rowsOf(std::uint32_t item);
    event::RowSet rowsOfGroup(const CompiledItem &item, const TestGroup &group);
    event::RowSet rowsOfTest(const CompiledItem &item, const RowTest &test);
    event::RowSet present(const CompiledItem &item, bool countNull);
    bool referenceHolds(const CompiledItem &item, const RowTest &test, std::size_t row);
    bool groupHolds(const CompiledItem &item, const TestGroup &group, std::size_t row);
    bool keywordHolds(const TestGroup &group, std::size_t row) const;

    const CompiledRules &m_rules;
    const event::EventBlock &m_block;
    HsScratch m_scratch;
    std::vector<std::optional<BankRun>> m_banks;
    std::optional<SourceView> m_plainUrl; ///< what the keywords' decoded URL refers to
    std::optional<std::vector<BankRun>> m_keywords;
    std::vector<std::optional<Rows>> m_items;
    std::map<std::uint8_t, event::RowSet> m_scopes;
};

} // namespace nightjar::sigma
