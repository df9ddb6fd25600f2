// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/blockhints.h"

#include "event/schema.h"
#include "sigma/compiled.h"

#include <algorithm>
#include <set>

namespace nightjar::sigma {

using event::Field;

namespace {

std::vector<std::string> names(std::initializer_list<Field> fields)
{
    std::vector<std::string> result;
    for (const Field field : fields) {
        result.emplace_back(event::name(field));
    }
    return result;
}

bool isDomainColumn(std::string_view column)
{
    return column == event::name(Field::UrlDomain) || column == event::name(Field::DestinationDomain) ||
           column == event::name(Field::DnsQuestionName);
}

/// Asks of one rule.
class Asker {
public:
    Asker(const CompiledRules &rules, const BlockHints &hints)
        : m_rules(rules)
        , m_hints(hints)
    {
    }

    bool node(const CompiledRule &rule, std::uint32_t index) const
    {
        const Node &source = rule.nodes[index];
        const auto child = [&](std::uint32_t i) { return node(rule, i); };
        switch (source.gate) {
        case Node::Gate::Item:
            return item(m_rules.items[source.item]);
        case Node::Gate::Not:
            return true;
        case Node::Gate::All:
            return std::all_of(source.children.begin(), source.children.end(), child);
        case Node::Gate::Any:
            return std::any_of(source.children.begin(), source.children.end(), child);
        }
        return true;
    }

private:
    bool item(const CompiledItem &source) const
    {
        if (source.negated || source.keyword) {
            return true;
        }
        return std::all_of(source.groups.begin(), source.groups.end(), [&](const TestGroup &group) {
            return std::any_of(group.rowTests.begin(), group.rowTests.end(),
                               [&](const RowTest &test) { return rowTest(source, test); }) ||
                   std::any_of(group.refs.begin(), group.refs.end(),
                               [&](const TestRef &ref) { return reference(ref); });
        });
    }

    bool rowTest(const CompiledItem &source, const RowTest &test) const
    {
        if (test.test->op == Op::Null || (test.test->op == Op::Exists && !test.test->truth)) {
            return true;
        }
        return std::any_of(source.banks.begin(), source.banks.end(),
                           [&](std::uint32_t bank) { return exists(m_rules.banks[bank].candidate); });
    }

    bool exists(const Candidate &candidate) const
    {
        const std::vector<std::string> columns = columnsOf(candidate);
        return columns.empty() || std::any_of(columns.begin(), columns.end(), m_hints.hasColumn);
    }

    bool reference(const TestRef &ref) const
    {
        const Bank &bank = m_rules.banks[ref.bank];
        const Candidate &candidate = bank.candidate;
        if (!exists(candidate)) {
            return false;
        }
        if (candidate.derived != Derived::None) {
            return true;
        }
        const Test &test = *bank.tests[ref.test];
        if (test.op == Op::Equals) {
            return m_hints.mayContain(candidate.column, test.text);
        }
        if (test.op == Op::EndsWith && isDomainColumn(candidate.column) && test.text.size() > 1 &&
            test.text.front() == '.') {
            return m_hints.mayContain(candidate.column, std::string_view(test.text).substr(1));
        }
        return true;
    }

    const CompiledRules &m_rules;
    const BlockHints &m_hints;
};

} // namespace

std::vector<std::string> columnsOf(const Candidate &candidate)
{
    switch (candidate.derived) {
    case Derived::None:
        return {candidate.column};
    case Derived::FullUrl:
    case Derived::FullUrlDecoded:
    case Derived::Url:
    case Derived::UrlDecoded:
    case Derived::PathQuery:
    case Derived::PathQueryDecoded:
    case Derived::Path:
    case Derived::PathDecoded:
    case Derived::Query:
    case Derived::QueryDecoded:
    case Derived::Extension:
        return names({Field::UrlOriginal});
    case Derived::FileExtension:
        return names({Field::FileName});
    case Derived::Host:
    case Derived::UrlRegistered:
        return names({Field::UrlOriginal, Field::UrlDomain});
    case Derived::UserAgent:
        return names({Field::UserAgentOriginal});
    case Derived::QueryName:
    case Derived::DnsRegistered:
        return names({Field::DnsQuestionName});
    case Derived::ActionFirst:
    case Derived::ActionSecond:
    case Derived::ActionThird:
        return names({Field::EventAction});
    case Derived::Blocked:
        return names({Field::EventType, Field::EventAction});
    case Derived::Time:
        return {};
    }
    return {};
}

std::set<std::string> columnsRead(const Candidate &candidate)
{
    const std::vector<std::string> made = columnsOf(candidate);
    std::set<std::string> columns(made.begin(), made.end());
    if (candidate.derived == Derived::FullUrl || candidate.derived == Derived::FullUrlDecoded) {
        columns.emplace(event::name(Field::NetworkProtocol));
    } else if (candidate.derived == Derived::UserAgent) {
        columns.emplace(event::name(Field::HttpRequestMethod));
    }
    return columns;
}

ColumnNeeds columnNeeds(const CompiledRules &rules)
{
    ColumnNeeds needs;
    std::set<std::string> columns{std::string(event::name(Field::LogType))};
    for (const Bank &bank : rules.banks) {
        columns.merge(columnsRead(bank.candidate));
    }
    needs.columns.assign(columns.begin(), columns.end());
    needs.all = std::any_of(rules.items.begin(), rules.items.end(), [](const CompiledItem &i) { return i.keyword; });
    return needs;
}

bool mayMatch(const CompiledRules &rules, std::uint32_t rule, const BlockHints &hints)
{
    const CompiledRule &compiled = rules.compiled[rule];
    return compiled.routes != 0 && Asker(rules, hints).node(compiled, compiled.root);
}

} // namespace nightjar::sigma
