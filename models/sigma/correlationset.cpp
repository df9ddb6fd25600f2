// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlationset.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <set>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kMaxChain = 32; ///< correlations of correlations
constexpr std::size_t kMaxCorrelations = 1u << 24U;
constexpr std::size_t kMaxTerms = 256; ///< of an ordered condition in disjunctive form
constexpr double kMostEnough = 100'000;

Error refused(const Correlation &correlation, std::uint64_t line, std::uint64_t column, std::string reason)
{
    return {"NJ-SIGMA-051",
            "The Sigma correlation cannot be used",
            std::move(reason),
            {correlation.head.file, line != 0 ? line : correlation.head.line, column},
            "Load the rules it refers to together with it."};
}

/// Disjunctive form of a boolean condition; empty: too many terms.
std::vector<OrderedTerm> termsOf(const std::vector<CorrelationNode> &nodes, std::uint32_t root, bool negated)
{
    using Gate = CorrelationNode::Gate;
    const CorrelationNode &node = nodes[root];
    if (node.gate == Gate::Not) {
        return termsOf(nodes, node.children.front(), !negated);
    }
    if (node.gate == Gate::Rule) {
        return {negated ? OrderedTerm{{}, std::uint64_t{1} << node.slot}
                        : OrderedTerm{{static_cast<std::uint8_t>(node.slot)}, 0}};
    }
    const bool all = (node.gate == Gate::And) != negated;
    std::vector<OrderedTerm> result;
    for (const std::uint32_t child : node.children) {
        std::vector<OrderedTerm> more = termsOf(nodes, child, negated);
        if (more.empty()) {
            return {};
        }
        if (!all || result.empty()) {
            result.insert(result.end(), more.begin(), more.end());
        } else {
            std::vector<OrderedTerm> product;
            for (const OrderedTerm &left : result) {
                for (const OrderedTerm &right : more) {
                    OrderedTerm both = left;
                    both.wanted.insert(both.wanted.end(), right.wanted.begin(), right.wanted.end());
                    std::sort(both.wanted.begin(), both.wanted.end());
                    both.wanted.erase(std::unique(both.wanted.begin(), both.wanted.end()), both.wanted.end());
                    both.unwanted |= right.unwanted;
                    product.push_back(std::move(both));
                }
            }
            result = std::move(product);
        }
        if (result.size() > kMaxTerms) {
            return {};
        }
    }
    return result;
}

/// For lower bounds the newest events decide; one more tells whether two windows share events.
std::size_t enoughOf(const Correlation &rule)
{
    double most = 0;
    for (const Limit &limit : rule.limits) {
        if (limit.op != Limit::Op::Greater && limit.op != Limit::Op::GreaterEqual) {
            return 0;
        }
        most = std::max(most, limit.number);
    }
    return rule.type == CorrelationType::EventCount && most < kMostEnough ? static_cast<std::size_t>(most) + 2 : 0;
}

class Digest {
public:
    void add(std::string_view text) { m_hash = hash64(text, m_hash * 31 + text.size()); }
    void add(std::uint64_t number)
    {
        m_hash = hash64({reinterpret_cast<const char *>(&number), sizeof number}, m_hash); // NOLINT
    }
    [[nodiscard]] std::uint64_t value() const { return m_hash; }

private:
    std::uint64_t m_hash = 1;
};

void digestRule(Digest &digest, const Rule &rule)
{
    digest.add(rule.logSource.category + '\n' + rule.logSource.product + '\n' + rule.logSource.service);
    for (const Node &node : rule.nodes) {
        digest.add(static_cast<std::uint64_t>(node.gate) << 32U | node.item);
        for (const std::uint32_t child : node.children) {
            digest.add(child);
        }
    }
    digest.add(rule.root);
    for (const Item &item : rule.items) {
        digest.add(item.label);
        for (const RuleValue &value : item.values) {
            digest.add(value.text);
        }
    }
}

} // namespace

class CorrelationCompiler {
public:
    CorrelationCompiler(std::vector<Correlation> &&correlations, const RuleSet &rules)
        : m_input(std::move(correlations))
        , m_rules(rules)
        , m_set(std::make_shared<CorrelationSet>())
        , m_state(m_input.size(), State::Unseen)
        , m_place(m_input.size(), 0)
    {
        m_result.remarks.resize(m_input.size());
    }

    CorrelationSet::Compiled run()
    {
        nameAll();
        m_set->m_uses.resize(m_rules.rules().size());
        for (std::size_t i = 0; i < m_input.size(); ++i) {
            visit(i, 0);
        }
        std::sort(m_result.problems.begin(), m_result.problems.end(),
                  [](const auto &a, const auto &b) { return a.index < b.index; });
        finish();
        m_result.set = std::move(m_set);
        return std::move(m_result);
    }

private:
    enum class State : std::uint8_t { Unseen, Open, Done, Refused };
    struct Target {
        bool inner = false;
        std::size_t index = 0;
        bool ambiguous = false;
    };

    void nameOne(const std::string &name, Target target)
    {
        if (name.empty()) {
            return;
        }
        const auto [found, fresh] = m_names.try_emplace(name, target);
        if (!fresh && (found->second.inner != target.inner || found->second.index != target.index)) {
            found->second.ambiguous = true;
        }
    }
    void nameAll()
    {
        for (std::size_t i = 0; i < m_rules.rules().size(); ++i) {
            nameOne(m_rules.rules()[i].name, {false, i});
            nameOne(asciiLower(m_rules.rules()[i].id), {false, i});
        }
        for (std::size_t i = 0; i < m_input.size(); ++i) {
            nameOne(m_input[i].head.name, {true, i});
            nameOne(asciiLower(m_input[i].head.id), {true, i});
        }
    }
    [[nodiscard]] const Target *find(const std::string &name) const
    {
        auto found = m_names.find(name);
        found = found == m_names.end() ? m_names.find(asciiLower(name)) : found;
        return found == m_names.end() ? nullptr : &found->second;
    }

    /// Depth first, so that inner correlations get the smaller indices.
    bool visit(std::size_t index, std::size_t depth)
    {
        if (m_state[index] == State::Done || m_state[index] == State::Refused) {
            return m_state[index] == State::Done;
        }
        m_state[index] = State::Open;
        if (auto problem = compile(index, depth)) {
            m_result.problems.push_back({index, std::move(*problem)});
            m_state[index] = State::Refused;
            return false;
        }
        m_state[index] = State::Done;
        return true;
    }

    std::optional<Error> compile(std::size_t index, std::size_t depth)
    {
        const Correlation &rule = m_input[index];
        CompiledCorrelation made;
        for (const CorrelationReference &reference : rule.rules) {
            const Target *target = find(reference.name);
            if (!rule.generate && target != nullptr && !target->inner) {
                m_parts.insert(static_cast<std::uint32_t>(target->index));
            }
        }
        for (const CorrelationReference &reference : rule.rules) {
            const auto refuse = [&](const std::string &why) {
                return refused(rule, reference.line, reference.column, "the rule \"" + reference.name + "\" " + why);
            };
            const Target *target = find(reference.name);
            if (target == nullptr) {
                return refuse("is not loaded");
            }
            if (target->ambiguous) {
                return refuse("is not the only one of this name");
            }
            CorrelationSlot slot;
            slot.inner = target->inner;
            slot.target = static_cast<std::uint32_t>(target->index);
            if (target->inner) {
                if (target->index == index) {
                    return refuse("is this correlation itself");
                }
                if (m_state[target->index] == State::Open) {
                    return refuse("refers back to this correlation");
                }
                if (depth >= kMaxChain) {
                    return refuse("is at the end of a chain of more than 32 correlations");
                }
                if (!visit(target->index, depth + 1)) {
                    return refuse("cannot be used itself");
                }
                slot.target = m_place[target->index];
                made.reach = std::max(made.reach, m_set->m_correlations[slot.target].reach);
            }
            made.slots.push_back(slot);
        }
        if (auto problem = resolveFields(rule, made)) {
            return problem;
        }
        if (auto problem = resolveCondition(rule, made)) {
            return problem;
        }
        made.reach += rule.timespan;
        made.enough = enoughOf(rule);
        made.rule = rule;
        remark(index, made);
        m_place[index] = static_cast<std::uint32_t>(m_set->m_correlations.size());
        m_set->m_correlations.push_back(std::move(made));
        return std::nullopt;
    }

    static bool names(const CorrelationReference &reference, const Target &target, const Target *other)
    {
        (void)reference;
        return other != nullptr && other->inner == target.inner && other->index == target.index;
    }

    /// The field that `name` (of group-by or condition) is in the events of one reference.
    std::string fieldOf(const Correlation &rule, const std::string &name, const CorrelationReference &reference) const
    {
        const auto alias = std::find_if(rule.aliases.begin(), rule.aliases.end(),
                                        [&](const CorrelationAlias &a) { return a.name == name; });
        if (alias == rule.aliases.end()) {
            return name;
        }
        const Target *wanted = find(reference.name);
        for (const auto &[mapped, field] : alias->fields) {
            if (names(mapped, *wanted, find(mapped.name))) {
                return field;
            }
        }
        return name;
    }

    std::uint32_t listOf(std::vector<std::string> fields)
    {
        const auto [found, fresh] =
            m_lists.try_emplace(std::move(fields), static_cast<std::uint32_t>(m_set->m_lists.size()));
        if (fresh) {
            m_set->m_lists.push_back(found->first);
            std::vector<std::vector<Candidate>> candidates;
            for (const std::string &field : found->first) {
                candidates.push_back(m_rules.mapping().candidates(field));
            }
            m_set->m_listCandidates.push_back(std::move(candidates));
        }
        return found->second;
    }

    std::optional<Error> resolveFields(const Correlation &rule, CompiledCorrelation &made)
    {
        for (const CorrelationAlias &alias : rule.aliases) {
            for (const auto &[mapped, field] : alias.fields) {
                const Target *target = find(mapped.name);
                const bool listed =
                    target != nullptr && std::any_of(rule.rules.begin(), rule.rules.end(), [&](const auto &reference) {
                        return names(reference, *target, find(reference.name));
                    });
                if (!listed) {
                    return refused(rule, mapped.line, mapped.column,
                                   "the alias \"" + alias.name + "\" names \"" + mapped.name +
                                       "\", which is not among the rules");
                }
            }
        }
        for (std::size_t i = 0; i < rule.rules.size(); ++i) {
            std::vector<std::string> groups;
            std::vector<std::string> values;
            for (const std::string &name : rule.groupBy) {
                groups.push_back(fieldOf(rule, name, rule.rules[i]));
            }
            for (const std::string &name : rule.fields) {
                values.push_back(fieldOf(rule, name, rule.rules[i]));
            }
            made.slots[i].groups = listOf(std::move(groups));
            made.slots[i].values = listOf(std::move(values));
        }
        return std::nullopt;
    }

    static std::optional<Error> resolveCondition(const Correlation &rule, CompiledCorrelation &made)
    {
        if (rule.type != CorrelationType::TemporalOrdered || !rule.limits.empty()) {
            return std::nullopt;
        }
        if (rule.condition.empty()) {
            OrderedTerm all;
            for (std::size_t i = 0; i < rule.rules.size(); ++i) {
                all.wanted.push_back(static_cast<std::uint8_t>(i));
            }
            made.terms.push_back(std::move(all));
            return std::nullopt;
        }
        made.terms = termsOf(rule.condition, static_cast<std::uint32_t>(rule.condition.size() - 1), false);
        if (made.terms.empty()) {
            return refused(rule, 0, 0, "the condition has more than 256 alternatives");
        }
        return std::nullopt;
    }

    /// What will hardly work although it is allowed.
    void remark(std::size_t index, const CompiledCorrelation &made)
    {
        std::set<std::string> unknown;
        for (const CorrelationSlot &slot : made.slots) {
            for (const std::uint32_t list : {slot.groups, slot.values}) {
                for (const std::string &field : m_set->m_lists[list]) {
                    const auto known = slot.inner ? groupsOf(slot.target, field) : m_rules.mapping().knows(field);
                    if (!known) {
                        unknown.insert(field);
                    }
                }
            }
        }
        std::string &text = m_result.remarks[index];
        for (const std::string &field : unknown) {
            text += (text.empty() ? "fields that its rules are not known to have: " : ", ") + field;
        }
    }
    [[nodiscard]] bool groupsOf(std::uint32_t correlation, const std::string &field) const
    {
        const auto &groups = m_set->m_correlations[correlation].rule.groupBy;
        return std::find(groups.begin(), groups.end(), field) != groups.end();
    }

    void finish()
    {
        CorrelationSet &set = *m_set;
        Digest digest;
        std::set<std::uint32_t> base;
        std::set<std::uint32_t> aloud;      // rules that a generating correlation refers to
        std::set<std::uint32_t> aloudInner; // correlations likewise
        std::set<std::uint32_t> inner;
        for (std::uint32_t c = 0; c < set.m_correlations.size(); ++c) {
            const CompiledCorrelation &one = set.m_correlations[c];
            digestOne(digest, one);
            for (std::uint32_t s = 0; s < one.slots.size(); ++s) {
                const CorrelationSlot &slot = one.slots[s];
                if (slot.inner) {
                    set.m_correlations[slot.target].outers.push_back(c << 8U | s);
                    inner.insert(slot.target);
                } else {
                    set.m_uses[slot.target].push_back({c, static_cast<std::uint8_t>(s)});
                    base.insert(slot.target);
                }
                if (one.rule.generate) {
                    (slot.inner ? aloudInner : aloud).insert(slot.target);
                }
            }
        }
        set.m_silent.assign(m_rules.rules().size(), false);
        for (const std::uint32_t rule : m_parts) {
            set.m_silent[rule] = !aloud.contains(rule);
        }
        for (const std::uint32_t rule : base) {
            digestRule(digest, m_rules.rules()[rule]);
        }
        for (const std::uint32_t c : inner) {
            set.m_correlations[c].silent = !aloudInner.contains(c);
        }
        for (CompiledCorrelation &one : set.m_correlations) {
            one.silent = one.silent || one.rule.muted;
        }
        set.m_baseRules.assign(base.begin(), base.end());
        set.m_fingerprint = digest.value();
    }

    void digestOne(Digest &digest, const CompiledCorrelation &one) const
    {
        digest.add(one.rule.head.reference() + '\n' + one.rule.head.name + '\n' + one.rule.head.level);
        digest.add(static_cast<std::uint64_t>(one.rule.muted ? 1 : 0));
        digest.add(static_cast<std::uint64_t>(one.rule.type));
        digest.add(static_cast<std::uint64_t>(one.rule.timespan));
        digest.add(std::bit_cast<std::uint64_t>(one.rule.percentile));
        for (const Limit &limit : one.rule.limits) {
            digest.add(static_cast<std::uint64_t>(limit.op));
            digest.add(std::bit_cast<std::uint64_t>(limit.number));
        }
        for (const CorrelationNode &node : one.rule.condition) {
            digest.add(static_cast<std::uint64_t>(node.gate) << 32U | node.slot);
            for (const std::uint32_t child : node.children) {
                digest.add(child);
            }
        }
        for (const CorrelationSlot &slot : one.slots) {
            digest.add(slot.inner ? std::string("correlation ") + std::to_string(slot.target)
                                  : "rule " + m_rules.rules()[slot.target].reference());
            for (const std::uint32_t list : {slot.groups, slot.values}) {
                for (const std::string &field : m_set->m_lists[list]) {
                    digest.add(field);
                }
                digest.add("\n");
            }
        }
    }

    std::vector<Correlation> m_input;
    const RuleSet &m_rules;
    std::shared_ptr<CorrelationSet> m_set;
    std::vector<State> m_state;
    std::vector<std::uint32_t> m_place; ///< of a compiled input in the set
    std::set<std::uint32_t> m_parts;    ///< rules that are meant to feed correlations, also refused ones
    std::map<std::string, Target> m_names;
    std::map<std::vector<std::string>, std::uint32_t> m_lists;
    CorrelationSet::Compiled m_result;
};

CorrelationSet::Compiled CorrelationSet::compile(std::vector<Correlation> correlations, const RuleSet &rules)
{
    correlations.resize(std::min(correlations.size(), kMaxCorrelations));
    return CorrelationCompiler(std::move(correlations), rules).run();
}

std::int64_t CorrelationSet::reach() const
{
    std::int64_t most = 0;
    for (const CompiledCorrelation &one : m_correlations) {
        most = std::max(most, one.reach);
    }
    return most;
}

ColumnNeeds CorrelationSet::needs() const
{
    std::set<std::string> columns;
    for (const auto &list : m_listCandidates) {
        for (const std::vector<Candidate> &candidates : list) {
            for (const Candidate &candidate : candidates) {
                columns.merge(columnsRead(candidate));
            }
        }
    }
    return {{columns.begin(), columns.end()}, false};
}

} // namespace nightjar::sigma
