// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/condition.h"

#include "base/text.h"
#include "sigma/pattern.h"

#include <algorithm>
#include <string>
#include <vector>

namespace nightjar::sigma {

namespace {

constexpr int kMaxNesting = 100;
constexpr std::size_t kMaxConditionNodes = 20'000;
constexpr std::size_t kMaxSelected = 100'000; ///< identifiers under all "of" together

struct Word {
    std::string_view text;
    std::size_t at = 0;
};

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '*';
}

class ConditionParser {
public:
    ConditionParser(std::string_view text, Rule &rule, std::uint64_t line, std::uint64_t column)
        : m_text(text)
        , m_rule(rule)
        , m_line(line)
        , m_column(column)
    {
    }

    Result<std::uint32_t> run()
    {
        if (auto done = tokenise(); !done) {
            return tl::unexpected(done.error());
        }
        if (m_words.empty()) {
            return fail(trouble("NJ-SIGMA-030", "the condition is empty"));
        }
        auto root = parseOr(0);
        if (root && m_next < m_words.size()) {
            return fail(trouble("NJ-SIGMA-030",
                                "unexpected \"" + std::string(peek()) + "\": an operator is missing before it"));
        }
        return root;
    }

private:
    Status tokenise()
    {
        for (std::size_t i = 0; i < m_text.size();) {
            const char c = m_text[i];
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                ++i;
            } else if (c == '(' || c == ')') {
                m_words.push_back({m_text.substr(i, 1), i});
                ++i;
            } else if (isWordByte(c)) {
                std::size_t end = i;
                while (end < m_text.size() && isWordByte(m_text[end])) {
                    ++end;
                }
                m_words.push_back({m_text.substr(i, end - i), i});
                i = end;
            } else if (c == '|') {
                return fail(trouble("NJ-SIGMA-032",
                                    "aggregation: \"| " + std::string(trim(m_text.substr(i + 1)).substr(0, 40)) +
                                        "\" is obsolete and not supported; write a correlation instead"));
            } else {
                return fail(trouble("NJ-SIGMA-030",
                                    "the character \"" + std::string(1, c) + "\" has no meaning in a condition"));
            }
        }
        return {};
    }

    Error trouble(std::string code, std::string reason) const
    {
        return {std::move(code),
                "The Sigma rule cannot be used",
                "condition: " + std::move(reason),
                {{}, m_line, m_column + column()},
                {}};
    }
    /// Where in the text the trouble stands; 0 where lines were folded.
    [[nodiscard]] std::size_t column() const
    {
        return m_text.find('\n') != std::string_view::npos ? 0
               : m_next < m_words.size()                   ? m_words[m_next].at
               : m_words.empty()                           ? 0
                                                           : m_words.back().at;
    }
    [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const
    {
        return m_next + ahead < m_words.size() ? m_words[m_next + ahead].text : std::string_view();
    }

    std::uint32_t add(Node node)
    {
        node.line = m_line;
        m_rule.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(m_rule.nodes.size() - 1);
    }

    Result<std::uint32_t> parseChain(int depth, std::string_view word, Node::Gate gate)
    {
        Node node;
        node.gate = gate;
        do {
            auto child = gate == Node::Gate::Any ? parseChain(depth, "and", Node::Gate::All) : parseNot(depth);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
        } while (peek() == word && ++m_next > 0);
        if (node.children.size() == 1) {
            return node.children.front();
        }
        return add(std::move(node));
    }
    Result<std::uint32_t> parseOr(int depth) { return parseChain(depth, "or", Node::Gate::Any); }

    Result<std::uint32_t> parseNot(int depth)
    {
        if (depth > kMaxNesting || m_rule.nodes.size() > kMaxConditionNodes) {
            return fail(trouble("NJ-SIGMA-030", "nested too deeply"));
        }
        if (peek() != "not") {
            return parseAtom(depth);
        }
        ++m_next;
        auto child = parseNot(depth + 1);
        if (!child) {
            return child;
        }
        Node node;
        node.gate = Node::Gate::Not;
        node.children.push_back(*child);
        return add(std::move(node));
    }

    Result<std::uint32_t> parseAtom(int depth)
    {
        const std::string_view word = peek();
        if (word.empty()) {
            return fail(trouble("NJ-SIGMA-030", "it ends where an identifier is expected"));
        }
        if (word == "(") {
            ++m_next;
            auto inner = parseOr(depth + 1);
            if (inner && peek() != ")") {
                return fail(trouble("NJ-SIGMA-030", "a closing bracket is missing"));
            }
            ++m_next;
            return inner;
        }
        if (peek(1) == "of") {
            return parseOf();
        }
        if (word == ")" || word == "and" || word == "or") {
            return fail(
                trouble("NJ-SIGMA-030", "\"" + std::string(word) + "\" stands where an identifier is expected"));
        }
        ++m_next;
        const auto found = std::find_if(m_rule.searches.begin(), m_rule.searches.end(),
                                        [&](const auto &s) { return s.first == word; });
        if (found == m_rule.searches.end()) {
            return fail(trouble("NJ-SIGMA-031", "the identifier \"" + std::string(word) + "\" is not defined"));
        }
        return found->second;
    }

    Result<std::uint32_t> parseOf()
    {
        const std::string_view quantity = peek();
        const std::string_view pattern = peek(2);
        if (quantity != "1" && quantity != "any" && quantity != "all") {
            return fail(
                trouble("NJ-SIGMA-030", "\"" + std::string(quantity) + " of\" is not supported: only 1, any and all"));
        }
        if (pattern.empty() || pattern == "(" || pattern == ")") {
            return fail(trouble("NJ-SIGMA-030", "\"of\" needs \"them\" or a pattern"));
        }
        const bool them = pattern == "them";
        const Pattern tokens = parsePattern(them ? "*" : pattern);
        if (m_selected > kMaxSelected) {
            return fail(trouble("NJ-SIGMA-030", "its patterns select too much"));
        }
        Node node;
        node.gate = quantity == "all" ? Node::Gate::All : Node::Gate::Any;
        node.label = std::string(quantity) + " of " + std::string(pattern);
        for (const auto &[name, index] : m_rule.searches) {
            if ((name.front() != '_' || pattern.front() == '_') && matchesPattern(tokens, name)) {
                node.children.push_back(index);
            }
        }
        if (node.children.empty()) {
            return fail(trouble("NJ-SIGMA-031", "\"" + node.label + "\" selects no identifier"));
        }
        m_selected += node.children.size();
        m_next += 3;
        return add(std::move(node));
    }

    std::string_view m_text;
    Rule &m_rule;
    std::uint64_t m_line;
    std::uint64_t m_column;
    std::vector<Word> m_words;
    std::size_t m_next = 0;
    std::size_t m_selected = 0;
};

} // namespace

Result<std::uint32_t> compileCondition(std::string_view text, Rule &rule, std::uint64_t line, std::uint64_t column)
{
    return ConditionParser(text, rule, line, column).run();
}

} // namespace nightjar::sigma
