// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlation.h"
#include "sigma/modifiers.h"

#include <algorithm>

namespace nightjar::sigma {

namespace {

constexpr int kMaxNesting = 50;

class Parser {
public:
    Parser(const YamlNode &node, bool open, Correlation &correlation)
        : m_node(node)
        , m_open(open)
        , m_out(correlation)
    {
    }

    Status run()
    {
        tokenise();
        if (m_words.empty()) {
            return fail(trouble("the condition is empty"));
        }
        const auto root = parseOr(0);
        if (!root) {
            return tl::unexpected(root.error());
        }
        if (m_next < m_words.size()) {
            return fail(trouble("unexpected \"" + m_words[m_next] + "\": an operator is missing before it"));
        }
        std::vector<bool> used(m_out.rules.size(), false);
        for (const CorrelationNode &node : m_out.condition) {
            if (node.gate == CorrelationNode::Gate::Rule) {
                used[node.slot] = true;
            }
        }
        const auto unused = std::find(used.begin(), used.end(), false);
        if (unused != used.end()) {
            return fail(trouble("the rule \"" + m_out.rules[static_cast<std::size_t>(unused - used.begin())].name +
                                "\" does not occur in the condition"));
        }
        return {};
    }

private:
    void tokenise()
    {
        std::string word;
        const auto end = [&] {
            if (!word.empty()) {
                m_words.push_back(std::move(word));
                word.clear();
            }
        };
        for (const char c : m_node.text) {
            if (c == '(' || c == ')') {
                end();
                m_words.emplace_back(1, c);
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                end();
            } else {
                word.push_back(c);
            }
        }
        end();
    }
    [[nodiscard]] bool at(std::string_view word) const { return m_next < m_words.size() && m_words[m_next] == word; }
    Error trouble(std::string reason) const
    {
        Error error = ruleError("NJ-SIGMA-050", std::move(reason), m_node);
        error.title = "The Sigma correlation cannot be used";
        return error;
    }
    std::uint32_t add(CorrelationNode node)
    {
        m_out.condition.push_back(std::move(node));
        return static_cast<std::uint32_t>(m_out.condition.size() - 1);
    }

    using Part = Result<std::uint32_t> (Parser::*)(int);
    Result<std::uint32_t> parseChain(std::string_view word, CorrelationNode::Gate gate, Part part, int depth)
    {
        CorrelationNode node;
        node.gate = gate;
        for (;;) {
            const auto child = (this->*part)(depth);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
            if (!at(word)) {
                break;
            }
            ++m_next;
        }
        return node.children.size() == 1 ? node.children.front() : add(std::move(node));
    }
    Result<std::uint32_t> parseOr(int depth)
    {
        return parseChain("or", CorrelationNode::Gate::Or, &Parser::parseAnd, depth);
    }
    Result<std::uint32_t> parseAnd(int depth)
    {
        return parseChain("and", CorrelationNode::Gate::And, &Parser::parseNot, depth);
    }
    Result<std::uint32_t> parseNot(int depth)
    {
        if (depth > kMaxNesting) {
            return fail(trouble("the condition is nested too deeply"));
        }
        if (at("not")) {
            ++m_next;
            const auto child = parseNot(depth + 1);
            return child ? add({CorrelationNode::Gate::Not, {*child}, 0}) : child;
        }
        if (at("(")) {
            ++m_next;
            const auto inner = parseOr(depth + 1);
            if (inner && !at(")")) {
                return fail(trouble("a bracket is not closed"));
            }
            ++m_next;
            return inner;
        }
        return parseRule();
    }
    Result<std::uint32_t> parseRule()
    {
        if (m_next >= m_words.size() || at(")") || at("and") || at("or")) {
            return fail(trouble(m_next >= m_words.size()
                                    ? "the condition ends where a rule is expected"
                                    : "\"" + m_words[m_next] + "\" stands where a rule is expected"));
        }
        const std::string &word = m_words[m_next++];
        const auto known = std::find_if(m_out.rules.begin(), m_out.rules.end(),
                                        [&](const CorrelationReference &rule) { return rule.name == word; });
        const auto slot = static_cast<std::uint32_t>(known - m_out.rules.begin());
        if (known == m_out.rules.end()) {
            if (!m_open) {
                return fail(trouble("the condition names \"" + word + "\", which is not among the rules"));
            }
            m_out.rules.push_back({word, m_node.line, m_node.column});
        }
        return add({CorrelationNode::Gate::Rule, {}, slot});
    }

    const YamlNode &m_node;
    bool m_open;
    Correlation &m_out;
    std::vector<std::string> m_words;
    std::size_t m_next = 0;
};

} // namespace

Status parseCorrelationCondition(const YamlNode &text, bool open, Correlation &correlation)
{
    return Parser(text, open, correlation).run();
}

} // namespace nightjar::sigma
