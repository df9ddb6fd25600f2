// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/compiled.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kMinWildcardLiteral = 3;
constexpr std::size_t kMinLiteral = 2; ///< one byte occurs too often to report every place
constexpr std::ptrdiff_t kFewAffixes = 12;

bool isRowTest(Op op)
{
    return op == Op::Null || op == Op::Exists || op == Op::FieldRef;
}

/// The longest literal piece of a wildcard pattern, empty when none is long enough to look for.
std::string longestLiteral(const Pattern &pattern)
{
    std::string best;
    for (const Token &token : pattern) {
        if (token.text.size() > best.size()) {
            best = token.text;
        }
    }
    return best.size() >= kMinWildcardLiteral ? best : std::string();
}

/// True when the test, if it holds for the end of a text, holds for the whole text.
bool foundInCovering(const Test &test)
{
    switch (test.op) {
    case Op::Contains:
    case Op::EndsWith:
        return true;
    case Op::Wildcard:
        return test.pattern.front().kind == Token::Kind::AnyRun;
    case Op::Regex: // nothing that looks at the start or at a word's edge
        return test.text.find('^') == std::string::npos && test.text.find("\\A") == std::string::npos &&
               test.text.find("\\b") == std::string::npos && test.text.find("\\B") == std::string::npos;
    default:
        return false;
    }
}

void finishBank(Bank &bank, HsScratch &scratch)
{
    std::vector<std::string> expressions;
    const auto isAffix = [](const Test *test) { return test->op == Op::StartsWith || test->op == Op::EndsWith; };
    const bool fewAffixes = std::count_if(bank.tests.begin(), bank.tests.end(), isAffix) <= kFewAffixes;
    for (std::uint32_t i = 0; i < bank.tests.size(); ++i) {
        const Test &test = *bank.tests[i];
        const bool literalOp = test.op == Op::Contains || test.op == Op::StartsWith || test.op == Op::EndsWith;
        const std::string literal = test.op == Op::Wildcard ? longestLiteral(test.pattern)
                                    : literalOp             ? test.text
                                                            : std::string();
        if (test.op == Op::Regex) {
            bank.regexes.push_back(i);
            expressions.push_back(test.text);
        } else if (!test.cased && test.op == Op::Equals) {
            bank.exact[test.text].push_back(i);
            bank.exactShapes.resize(65'536);
            bank.exactShapes[exactShape(test.text)] = true;
        } else if (!test.cased && fewAffixes && isAffix(&test)) {
            bank.affixes.push_back(i);
        } else if (!test.cased && literal.size() >= kMinLiteral) {
            const std::uint32_t index = bank.literals.add(literal);
            bank.literalUses.resize(std::max<std::size_t>(bank.literalUses.size(), index + 1));
            bank.literalUses[index].push_back({test.op, i});
        } else {
            bank.slow.push_back(i);
        }
    }
    bank.literals.compile(scratch);
    bank.regexAtoms.compile(expressions, scratch);
    std::vector<std::string> open;
    bank.openTests.resize(bank.tests.size());
    for (std::uint32_t i = 0; i < bank.regexes.size(); ++i) {
        if (!bank.regexAtoms.covers(i)) {
            bank.openRegexes.push_back(bank.regexes[i]);
            bank.openTests[bank.regexes[i]] = true;
            open.push_back(expressions[i]);
        }
    }
    bank.regexFilter.compile(open, scratch);
}

class Compiler {
public:
    explicit Compiler(CompiledRules &out)
        : m_out(out)
    {
    }

    void run()
    {
        for (const Rule &rule : m_out.rules) {
            m_out.compiled.push_back(compileRule(rule));
        }
        for (Bank &bank : m_out.banks) {
            finishBank(bank, m_out.scratch);
        }
        finishBank(m_out.keywords, m_out.scratch);
    }

private:
    CompiledRule compileRule(const Rule &rule)
    {
        CompiledRule result;
        result.routes = m_out.mapping->routesByLogSource() ? routesOf(rule.logSource) : std::uint8_t{kRouteAll};
        if (result.routes == 0) {
            return result; // never runs: its tests would only slow the others
        }
        result.nodes = rule.nodes;
        result.root = rule.root;
        for (Node &node : result.nodes) {
            if (node.gate == Node::Gate::Item) {
                node.item = itemIndex(rule.items[node.item]);
            }
        }
        for (Node &node : result.nodes) {
            std::stable_sort(node.children.begin(), node.children.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return cost(result, a) < cost(result, b); });
        }
        return result;
    }

    static int itemCost(const CompiledItem &item)
    {
        return (item.keyword ? 200 : item.dear ? 100 : 1) + (item.negated ? 10 : 0) + (item.wide ? 5 : 0);
    }

    [[nodiscard]] int cost(const CompiledRule &rule, std::uint32_t index) const
    {
        const Node &node = rule.nodes[index];
        switch (node.gate) {
        case Node::Gate::Item:
            return itemCost(m_out.items[node.item]);
        case Node::Gate::Not:
            return 20 + cost(rule, node.children.front());
        case Node::Gate::All:
        case Node::Gate::Any:
            break;
        }
        int sum = 2;
        for (const std::uint32_t child : node.children) {
            sum = std::max(sum, cost(rule, child));
        }
        return sum;
    }

    std::uint32_t itemIndex(const Item &item)
    {
        std::string key;
        for (const std::string &name : item.names()) {
            key += name + '\0';
        }
        key += std::string(1, '\0') + (item.all ? 'a' : 'o') + (item.negated ? 'n' : 'p');
        for (const RuleValue &value : item.values) {
            key += '\1';
            for (const Test &test : value.tests) {
                const std::string testKey = test.key();
                key += std::to_string(testKey.size()) + ':' + testKey;
            }
        }
        const auto [found, fresh] = m_items.try_emplace(std::move(key), static_cast<std::uint32_t>(m_out.items.size()));
        if (fresh) {
            m_out.items.push_back(compileItem(item));
        }
        return found->second;
    }

    CompiledItem compileItem(const Item &item)
    {
        CompiledItem result;
        result.negated = item.negated;
        result.keyword = item.field.empty();
        result.dear = result.keyword;
        if (!result.keyword) {
            for (const std::string &name : item.names()) {
                const std::vector<std::uint32_t> banks = banksOf(name);
                result.banks.insert(result.banks.end(), banks.begin(), banks.end());
            }
            std::sort(result.banks.begin(), result.banks.end());
            result.banks.erase(std::unique(result.banks.begin(), result.banks.end()), result.banks.end());
            result.wide = std::any_of(result.banks.begin(), result.banks.end(), [&](std::uint32_t bank) {
                const Derived derived = m_out.banks[bank].candidate.derived;
                return derived >= Derived::FullUrl && derived <= Derived::Extension;
            });
        }
        for (const RuleValue &value : item.values) {
            if (result.groups.empty() || item.all) {
                result.groups.emplace_back();
            }
            for (const Test &test : value.tests) {
                addTest(result, result.groups.back(), test);
            }
        }
        return result;
    }

    void addTest(CompiledItem &item, TestGroup &group, const Test &test)
    {
        item.dear = item.dear || test.op == Op::Regex || test.op == Op::FieldRef;
        if (isRowTest(test.op)) {
            group.rowTests.push_back(
                {&test, test.op == Op::FieldRef ? banksOf(test.text) : std::vector<std::uint32_t>()});
            return;
        }
        if (item.keyword) {
            group.refs.push_back({0, localTest(m_out.keywords, kKeywordBank, test)});
            return;
        }
        for (const std::uint32_t index : item.banks) {
            Bank &bank = m_out.banks[index];
            if (!bank.candidate.covered || !foundInCovering(test)) {
                group.refs.push_back({index, localTest(bank, index, test)});
            }
        }
    }

    std::uint32_t localTest(Bank &bank, std::uint32_t index, const Test &test)
    {
        const auto [found, fresh] =
            m_tests.try_emplace({index, test.key()}, static_cast<std::uint32_t>(bank.tests.size()));
        if (fresh) {
            bank.tests.push_back(&test);
        }
        return found->second;
    }

    std::vector<std::uint32_t> banksOf(const std::string &field)
    {
        std::vector<std::uint32_t> result;
        for (const Candidate &candidate : m_out.mapping->candidates(field)) {
            result.push_back(bankOf(candidate));
        }
        return result;
    }

    std::uint32_t bankOf(const Candidate &candidate)
    {
        const auto [found, fresh] = m_banks.try_emplace(candidate, static_cast<std::uint32_t>(m_out.banks.size()));
        if (fresh) {
            m_out.banks.emplace_back();
            m_out.banks.back().candidate = candidate;
        }
        const std::uint32_t index = found->second;
        if (const Derived plain = plainOf(candidate.derived); fresh && plain != Derived::None) {
            const std::uint32_t source = bankOf({plain, {}, candidate.covered});
            m_out.banks[index].plain = source;
        }
        return index;
    }

    static constexpr std::uint32_t kKeywordBank = 0xFFFFFFFF;
    CompiledRules &m_out;
    std::map<std::string, std::uint32_t> m_items;
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> m_tests;
    std::map<Candidate, std::uint32_t> m_banks;
};

} // namespace

std::uint8_t routesOf(const LogSource &source)
{
    const auto named = [](std::string_view name) -> std::uint8_t {
        return name == "web" || name == "proxy" ? kRouteWeb
               : name == "dns"                  ? kRouteDns
               : name == "firewall"             ? kRouteFirewall
                                                : 0;
    };
    if (!source.product.empty() && !equalsIgnoreCase(source.product, "zscaler")) {
        return 0;
    }
    std::uint8_t routes = kRouteAll;
    if (!source.category.empty()) {
        routes = named(asciiLower(source.category));
    }
    if (!source.service.empty()) {
        routes &= named(asciiLower(source.service));
    }
    return routes;
}

std::uint8_t routeOf(std::string_view logType)
{
    return logType == "web"        ? kRouteWeb
           : logType == "dns"      ? kRouteDns
           : logType == "firewall" ? kRouteFirewall
                                   : kRouteOther;
}

std::shared_ptr<const CompiledRules> compileRules(std::vector<Rule> rules, const FieldMapping &mapping)
{
    auto result = std::make_shared<CompiledRules>();
    result->rules = std::move(rules);
    result->mapping = &mapping;
    Compiler(*result).run();
    return result;
}

} // namespace nightjar::sigma
