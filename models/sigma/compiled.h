// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/literalset.h"
#include "sigma/mapping.h"
#include "sigma/regexatoms.h"
#include "sigma/rule.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What RuleSet::compile makes: rules as nodes over shared items, items as references to tests in banks.
namespace nightjar::sigma {

/// Log types a rule applies to, as bits.
enum Route : std::uint8_t { kRouteWeb = 1, kRouteDns = 2, kRouteFirewall = 4, kRouteOther = 8, kRouteAll = 15 };

/// All tests that look at one candidate's values, sorted by the way they are tested. Indices are local to the bank.
struct Bank {
    struct LiteralUse {
        Op op;
        std::uint32_t test;
    };

    Candidate candidate;
    std::optional<std::uint32_t> plain; ///< the bank whose values the candidate decodes
    std::vector<const Test *> tests;
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> exact;
    std::vector<bool> exactShapes; ///< by exactShape(): what cannot be in `exact`; empty when `exact` is
    LiteralSet literals;
    std::vector<std::vector<LiteralUse>> literalUses; ///< by literal
    std::vector<std::uint32_t> affixes;               ///< few startswith and endswith: compared directly
    std::vector<std::uint32_t> regexes;               ///< tests, in the order of regexAtoms
    RegexAtoms regexAtoms;
    std::vector<std::uint32_t> openRegexes; ///< those that regexAtoms does not cover, in the order of regexFilter
    std::vector<bool> openTests;            ///< by test: among openRegexes
    RegexFilter regexFilter;
    std::vector<std::uint32_t> slow; ///< tested one by one, each on first need
};

/// Length and last byte of a text, as a number below 65,536: tells most texts apart before they are hashed.
inline std::size_t exactShape(std::string_view text)
{
    return text.empty() ? 0 : std::min<std::size_t>(text.size(), 255) * 256 + static_cast<unsigned char>(text.back());
}

struct TestRef {
    std::uint32_t bank;
    std::uint32_t test; ///< local to the bank
};

/// Tests that look at rows, not at values: Null, Exists, FieldRef.
struct RowTest {
    const Test *test;
    std::vector<std::uint32_t> otherBanks; ///< FieldRef: where the other field stands
};

/// Alternatives: one has to hold.
struct TestGroup {
    std::vector<TestRef> refs;
    std::vector<RowTest> rowTests;
};

struct CompiledItem {
    std::vector<std::uint32_t> banks;
    std::vector<TestGroup> groups; ///< all have to hold
    bool keyword = false;
    bool negated = false;
    bool dear = false; ///< worth doing last: keywords, regular expressions, references to other fields
    bool wide = false; ///< looks at URLs: many distinct values
};

struct CompiledRule {
    std::vector<Node> nodes; ///< Node::item is an index into CompiledRules::items; children cheapest first
    std::uint32_t root = 0;
    std::uint8_t routes = kRouteAll;
};

struct CompiledRules {
    std::vector<Rule> rules;
    const FieldMapping *mapping = nullptr;
    std::vector<CompiledRule> compiled; ///< parallel to rules
    std::vector<CompiledItem> items;    ///< shared
    std::vector<Bank> banks;
    Bank keywords; ///< run over every column
    HsScratch scratch;
};

/// Which log types the logsource means.
std::uint8_t routesOf(const LogSource &source);
/// The bit of a log type.
std::uint8_t routeOf(std::string_view logType);

/// `rules` moves in; the result is not changed afterwards.
std::shared_ptr<const CompiledRules> compileRules(std::vector<Rule> rules, const FieldMapping &mapping);

} // namespace nightjar::sigma
