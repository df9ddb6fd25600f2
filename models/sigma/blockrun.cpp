// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/blockrun.h"

#include "base/text.h"

#include <algorithm>
#include <chrono>

namespace nightjar::sigma {

using event::Column;
using event::Field;
using event::kFirstEntry;
using event::kMissing;
using event::kNull;
using event::RowSet;

namespace {

// Up to so many rows dear items are tested row by row: keywords look at every column, others at few.
constexpr std::size_t kFewRows = 64;
constexpr std::size_t kFewRowsShare = 16; ///< or this share of the block

} // namespace

BlockRun::BlockRun(const CompiledRules &rules, const event::EventBlock &block)
    : m_rules(rules)
    , m_block(block)
    , m_scratch(cloneScratch(rules.scratch.get()))
    , m_banks(rules.banks.size())
    , m_items(rules.items.size())
{
}

BankRun &BlockRun::bank(std::uint32_t index)
{
    if (!m_banks[index]) {
        const Bank &source = m_rules.banks[index];
        const SourceView *plain = source.plain ? &bank(*source.plain).view() : nullptr;
        m_banks[index].emplace(source, SourceView::of(source.candidate, m_block, plain), m_scratch.get());
    }
    return *m_banks[index];
}

std::vector<BankRun> &BlockRun::keywordRuns()
{
    if (!m_keywords) {
        m_keywords.emplace();
        for (const Column &column : m_block.columns()) {
            if (column.name() != event::name(Field::LogType)) {
                m_keywords->emplace_back(
                    m_rules.keywords, SourceView::of({Derived::None, column.name(), false}, m_block), m_scratch.get());
            }
        }
        m_plainUrl.emplace(SourceView::of({Derived::Url, {}, false}, m_block));
        m_keywords->emplace_back(
            m_rules.keywords, SourceView::of({Derived::UrlDecoded, {}, false}, m_block, &*m_plainUrl), m_scratch.get());
    }
    return *m_keywords;
}

const RowSet &BlockRun::scope(std::uint8_t routes)
{
    const auto [found, fresh] = m_scopes.try_emplace(routes, m_block.rows(), routes == kRouteAll);
    const Column *types = m_block.column(Field::LogType);
    if (!fresh || routes == kRouteAll || routes == 0) {
        return found->second;
    }
    if (types != nullptr) {
        std::vector<std::uint8_t> wanted(types->entries(), 0);
        std::string scratch;
        for (std::size_t entry = 0; entry < wanted.size(); ++entry) {
            const std::string_view type = types->text(entry, scratch);
            const std::uint8_t route = routeOf(type);
            wanted[entry] = (routes & route) != 0 ? 1 : 0;
        }
        found->second = types->rowsWhere(wanted);
    }
    return found->second;
}

bool BlockRun::possible(const CompiledItem &item)
{
    if (item.negated || item.dear) {
        return true;
    }
    return std::all_of(item.groups.begin(), item.groups.end(), [&](const TestGroup &group) {
        return !group.rowTests.empty() || std::any_of(group.refs.begin(), group.refs.end(), [&](const TestRef &ref) {
            return !bank(ref.bank).hits(ref.test).empty();
        });
    });
}

bool BlockRun::possible(const CompiledRule &rule, std::uint32_t index)
{
    const Node &node = rule.nodes[index];
    const auto test = [&](std::uint32_t child) { return possible(rule, child); };
    switch (node.gate) {
    case Node::Gate::Item:
        return possible(m_rules.items[node.item]);
    case Node::Gate::Not:
        return true;
    case Node::Gate::All:
        return std::all_of(node.children.begin(), node.children.end(), test);
    case Node::Gate::Any:
        return std::any_of(node.children.begin(), node.children.end(), test);
    }
    return true;
}

std::vector<RuleMatch> BlockRun::run(std::vector<std::int64_t> *nanos)
{
    using SteadyClock = std::chrono::steady_clock;
    auto since = nanos != nullptr ? SteadyClock::now() : SteadyClock::time_point();
    std::vector<RuleMatch> matches;
    if (m_block.rows() == 0) {
        return matches;
    }
    for (std::uint32_t i = 0; i < m_rules.compiled.size(); ++i) {
        if (Rows rows = evaluate(m_rules.compiled[i])) {
            matches.push_back({i, std::move(*rows)});
        }
        if (nanos != nullptr) {
            const auto now = SteadyClock::now();
            (*nanos)[i] += std::chrono::duration_cast<std::chrono::nanoseconds>(now - since).count();
            since = now;
        }
    }
    return matches;
}

BlockRun::Rows BlockRun::evaluate(const CompiledRule &rule)
{
    const RowSet &within = scope(rule.routes);
    return within.empty() || !possible(rule, rule.root) ? Rows() : evaluate(rule, rule.root, within);
}

BlockRun::Rows BlockRun::evaluate(const CompiledRule &rule, std::uint32_t index, const RowSet &within)
{
    const Node &node = rule.nodes[index];
    Rows result;
    switch (node.gate) {
    case Node::Gate::Item:
        return evaluateItem(node.item, within);
    case Node::Gate::Not: {
        result = within;
        if (Rows inner = evaluate(rule, node.children.front(), within)) {
            inner->invert();
            *result &= *inner;
        }
        break;
    }
    case Node::Gate::All:
        result = within;
        for (const std::uint32_t child : node.children) {
            result = evaluate(rule, child, *result);
            if (!result) {
                return result;
            }
        }
        return result;
    case Node::Gate::Any:
        for (const std::uint32_t child : node.children) {
            Rows some = evaluate(rule, child, within);
            if (some && result) {
                *result |= *some;
            } else if (some) {
                result = std::move(some);
            }
        }
        return result;
    }
    return result->empty() ? Rows() : result;
}

BlockRun::Rows BlockRun::evaluateItem(std::uint32_t index, const RowSet &within)
{
    const CompiledItem &item = m_rules.items[index];
    const std::size_t few = item.keyword ? kFewRows : std::max(kFewRows, m_block.rows() / kFewRowsShare);
    Rows result;
    if (item.dear && !m_items[index] && within.count() <= few) {
        result.emplace(m_block.rows());
        within.forEach([&](std::size_t row) {
            const bool held = std::all_of(item.groups.begin(), item.groups.end(),
                                          [&](const TestGroup &group) { return groupHolds(item, group, row); });
            if (held != item.negated) {
                result->insert(row);
            }
        });
    } else {
        result = rowsOf(index);
        if (result) {
            *result &= within;
        }
    }
    return result && !result->empty() ? result : Rows();
}

bool BlockRun::groupHolds(const CompiledItem &item, const TestGroup &group, std::size_t row)
{
    if (item.keyword) {
        return keywordHolds(group, row);
    }
    for (const TestRef &ref : group.refs) {
        BankRun &run = bank(ref.bank);
        const Test &test = *run.bank().tests[ref.test];
        for (const std::uint32_t code :
             run.view().column() == nullptr ? std::span<const std::uint32_t>() : run.view().column()->codes(row)) {
            if (code < kFirstEntry || run.view().absent(code - kFirstEntry)) {
                continue;
            }
            const std::string_view raw = run.view().texts()[code - kFirstEntry];
            if (holds(test, raw, test.op == Op::Regex ? std::string() : foldCase(raw))) {
                return true;
            }
        }
    }
    return std::any_of(group.rowTests.begin(), group.rowTests.end(),
                       [&](const RowTest &test) { return referenceHolds(item, test, row); });
}

const BlockRun::Rows &BlockRun::rowsOf(std::uint32_t index)
{
    if (m_items[index]) {
        return *m_items[index];
    }
    const CompiledItem &item = m_rules.items[index];
    RowSet rows(m_block.rows(), true);
    for (const TestGroup &group : item.groups) {
        rows &= rowsOfGroup(item, group);
    }
    if (item.negated) {
        rows.invert();
    }
    m_items[index].emplace(rows.empty() ? Rows() : Rows(std::move(rows)));
    return *m_items[index];
}

RowSet BlockRun::rowsOfGroup(const CompiledItem &item, const TestGroup &group)
{
    RowSet rows(m_block.rows());
    const auto spread = [&](BankRun &run, std::uint32_t bankIndex) {
        std::vector<std::uint8_t> wanted(run.view().entries(), 0);
        bool any = false;
        for (const TestRef &ref : group.refs) {
            if (item.keyword || ref.bank == bankIndex) {
                for (const std::uint32_t entry : run.hits(ref.test)) {
                    wanted[entry] = 1;
                    any = true;
                }
            }
        }
        if (any) {
            rows |= run.view().column()->rowsWhere(wanted);
        }
    };
    if (item.keyword) {
        for (BankRun &run : keywordRuns()) {
            spread(run, 0);
        }
    } else {
        for (const std::uint32_t index : item.banks) {
            const auto asks = [index](const TestRef &ref) { return ref.bank == index; };
            if (std::any_of(group.refs.begin(), group.refs.end(), asks)) { // else its values need not be made
                spread(bank(index), index);
            }
        }
    }
    for (const RowTest &test : group.rowTests) {
        rows |= rowsOfTest(item, test);
    }
    return rows;
}

RowSet BlockRun::present(const CompiledItem &item, bool countNull)
{
    RowSet rows(m_block.rows());
    for (const std::uint32_t index : item.banks) {
        SourceView &view = bank(index).view();
        if (view.column() == nullptr) {
            continue;
        }
        RowSet without = view.column()->rowsWithCode(kMissing);
        if (!countNull) {
            without |= view.column()->rowsWithCode(kNull);
        }
        without.invert();
        if (view.hasAbsent()) {
            std::vector<std::uint8_t> wanted(view.entries(), 0);
            for (std::size_t entry = 0; entry < wanted.size(); ++entry) {
                wanted[entry] = view.absent(entry) ? 0 : 1;
            }
            without &= view.column()->rowsWhere(wanted);
        }
        rows |= without;
    }
    return rows;
}

RowSet BlockRun::rowsOfTest(const CompiledItem &item, const RowTest &test)
{
    if (test.test->op == Op::FieldRef) {
        RowSet rows(m_block.rows());
        for (std::size_t row = 0; row < m_block.rows(); ++row) {
            if (referenceHolds(item, test, row)) {
                rows.insert(row);
            }
        }
        return rows;
    }
    const bool exists = test.test->op == Op::Exists;
    RowSet rows = present(item, exists);
    if (!exists || !test.test->truth) {
        rows.invert();
    }
    return rows;
}

bool BlockRun::referenceHolds(const CompiledItem &item, const RowTest &test, std::size_t row)
{
    Test comparison;
    comparison.op = test.test->reference;
    comparison.cased = test.test->cased;
    const auto anyValue = [&](const std::vector<std::uint32_t> &banks, auto &&use) {
        for (const std::uint32_t index : banks) {
            SourceView &view = bank(index).view();
            if (view.column() == nullptr) {
                continue;
            }
            for (const std::uint32_t code : view.column()->codes(row)) {
                const std::uint32_t entry = code - kFirstEntry;
                if (code >= kFirstEntry && !view.absent(entry) && use(view.texts()[entry], view.folded()[entry])) {
                    return true;
                }
            }
        }
        return false;
    };
    return test.test->op == Op::FieldRef &&
           anyValue(test.otherBanks, [&](std::string_view raw, std::string_view folded) {
               comparison.text = comparison.cased ? raw : folded;
               return anyValue(item.banks, [&](std::string_view left, std::string_view leftFolded) {
                   return holds(comparison, left, leftFolded);
               });
           });
}

bool BlockRun::keywordHolds(const TestGroup &group, std::size_t row) const
{
    const auto anyHolds = [&](std::string_view raw) {
        const std::string folded = foldCase(raw);
        return std::any_of(group.refs.begin(), group.refs.end(),
                           [&](const TestRef &ref) { return holds(*m_rules.keywords.tests[ref.test], raw, folded); });
    };
    std::string scratch;
    for (const Column &column : m_block.columns()) {
        if (column.name() == event::name(Field::LogType)) {
            continue;
        }
        const bool url = column.name() == event::name(Field::UrlOriginal);
        for (const std::uint32_t code : column.codes(row)) {
            if (code < kFirstEntry) {
                continue;
            }
            const std::string_view raw = column.text(code - kFirstEntry, scratch);
            if (anyHolds(raw) || (url && needsPercentDecode(raw) && anyHolds(percentDecode(raw)))) {
                return true;
            }
        }
    }
    return false;
}

} // namespace nightjar::sigma
